"""A window in a process of its own: what depends on how one starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def printed_by(script: str, config: Path) -> str:
    """What a script prints that starts with these settings' folder; it must end well."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "SLICELAB_CONFIG": str(config)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
