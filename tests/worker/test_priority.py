"""A job steps back for the window, also where the system schedules by session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

SCRIPT = """
from pathlib import Path
import psutil
from slicelab.worker.job_process import _yield_to_the_window
_yield_to_the_window()
group = Path("/proc/self/autogroup")
print(psutil.Process().nice(), group.read_text() if group.exists() else "")
"""


@pytest.mark.skipif(not psutil.LINUX, reason="autogroups are Linux's")
def test_a_job_lowers_its_priority_and_that_of_its_session() -> None:
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert said.stdout.startswith("19 ")
    if Path("/proc/self/autogroup").exists():
        assert "nice 19" in said.stdout
