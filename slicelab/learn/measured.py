"""What was measured of this machine, kept: the same command then computes in the same way, however busy the machine is.

A file in the person's settings folder holds one finding for each question. A question names the hardware and the
version of torch it was asked of, so that a settings folder shared by several machines answers for each.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch
from pydantic import Field

from slicelab.core.errors import StorageError
from slicelab.data.atomic import write_bytes
from slicelab.jobs.base import Frozen

if TYPE_CHECKING:
    from collections.abc import Callable

_FILE = "machine.json"
_LIMIT = 1_000_000


class Finding(Frozen):
    """The answer to one question about this machine."""

    answer: str
    """Such as bfloat16, or cuda."""
    why: str
    """What was measured, in words, such as "1.7 times faster than float32 here"."""
    day: str = ""
    """When, such as 2026-11-27."""

    @property
    def words(self) -> str:
        """Why, and when that was measured."""
        return f"{self.why}, measured on {self.day}"


class _Findings(Frozen):
    format: Literal[1] = 1
    findings: dict[str, Finding] = Field(default_factory=dict)


def found_before(question: str, measure: Callable[[], Finding]) -> Finding | None:
    """The finding that is kept, or else the one of a measurement made now, which is kept from then on.

    Args:
        question: what is asked, without the hardware, such as ``number format, 2 threads``.
        measure: makes the measurement, once.

    Returns:
        None if the measurement cannot be kept: the next one might come out otherwise.

    """
    key = f"{question}; {_hardware()}"
    kept = _read()
    if key in kept.findings:
        return kept.findings[key]
    finding = measure().model_copy(update={"day": time.strftime("%Y-%m-%d")})
    now = _read()  # another process may have been faster, and the first word counts
    if key in now.findings:
        return now.findings[key]
    path = _path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, _Findings(findings={**now.findings, key: finding}).model_dump_json(indent=1).encode())
    except (OSError, StorageError):
        return None
    return finding


def forget() -> None:
    """Let everything be measured anew."""
    _path().unlink(missing_ok=True)


def _path() -> Path:
    """Beside the window's settings; ``SLICELAB_CONFIG`` names another folder."""
    chosen = os.environ.get("SLICELAB_CONFIG")
    if chosen:
        return Path(chosen) / _FILE
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Preferences"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "slicelab" / _FILE


def _read() -> _Findings:
    """What is kept; a file that makes no sense is as good as none."""
    path = _path()
    try:
        if path.stat().st_size > _LIMIT:
            return _Findings()
        return _Findings.model_validate_json(path.read_bytes())
    except (OSError, ValueError):
        return _Findings()


def _hardware() -> str:
    parts = [_processor(), torch.backends.cpu.get_cpu_capability(), f"torch {torch.__version__}"]
    if torch.cuda.is_available():
        parts += [torch.cuda.get_device_name(k) for k in range(torch.cuda.device_count())]
    return ", ".join(parts)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())
