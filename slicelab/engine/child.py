"""Questions for torch or Qt, asked of a child process, so that a broken driver is an answer and not a crash."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from slicelab.jobs.specs import Device

PATIENCE_S = 120.0
"""The first import of torch from a slow network drive."""

_CARDS = """
import json, torch
print(json.dumps({"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}))
"""


def ask(code: str) -> dict[str, Any] | None:
    """The JSON object a child Python prints last; None if it failed, crashed or took too long."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        answer = json.loads(done.stdout.splitlines()[-1])
    except (OSError, subprocess.TimeoutExpired, ValueError, IndexError):
        return None
    return answer if isinstance(answer, dict) else None


def graphics_card() -> Device | None:
    """The device that is this machine's graphics card, if training can use it; takes seconds."""
    seen = ask(_CARDS) or {}
    return "cuda" if seen.get("cuda") else "mps" if seen.get("mps") else None
