"""A job steps back for the window, also where the system schedules by session."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from slicelab.engine.runner import environment

SCRIPT = """
import os
from pathlib import Path
import psutil
from slicelab.worker.job_process import _yield_to_the_window
_yield_to_the_window()
group = Path("/proc/self/autogroup")
idle = hasattr(os, "SCHED_IDLE") and os.sched_getscheduler(0) == os.SCHED_IDLE
print(psutil.Process().nice(), "idle" if idle else "as others", group.read_text() if group.exists() else "")
"""


@pytest.mark.skipif(not psutil.LINUX, reason="autogroups are Linux's")
def test_a_job_lowers_its_priority_and_that_of_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLICELAB_NICE", raising=False)
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert said.stdout.startswith("19 idle"), "the window's threads do not wait for its turn to end"
    if Path("/proc/self/autogroup").exists():
        assert "nice 19" in said.stdout


def test_a_priority_chosen_by_somebody_is_no_more_than_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLICELAB_NICE", "5")
    said = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, start_new_session=True
    )
    assert "as others" in said.stdout, "other programs do not keep it from running"


def test_threads_of_a_job_sleep_while_they_wait_unless_somebody_chose_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert environment()["OMP_WAIT_POLICY"] == "PASSIVE"
    monkeypatch.setenv("OMP_WAIT_POLICY", "ACTIVE")
    assert environment()["OMP_WAIT_POLICY"] == "ACTIVE"


BESIDE = """
import sys
from pathlib import Path
from slicelab.data.run_folder import RunFolder
from slicelab.jobs.place import Place
from slicelab.worker import job_process

done = []
RunFolder.read_job = lambda self: None
job_process._yield_to_the_window = lambda: done.append("stepped back")
job_process._learning = lambda *told: (done.append("learned") for _ in range(2))
code = job_process._run_beside(RunFolder(Path(sys.argv[1])), Place(1, 2, 1, 2, "meet"))
Path(sys.argv[1], "done").write_text(" ".join(done) + f" {code}")
"""


def test_the_second_process_of_a_shared_job_steps_back_too_before_it_learns(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", BESIDE, tmp_path], check=True, start_new_session=True)
    assert (tmp_path / "done").read_text() == "stepped back learned learned 0"
