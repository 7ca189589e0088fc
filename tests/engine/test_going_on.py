"""Runs that were killed or stopped, and go on: through real processes."""

from __future__ import annotations

import os
import shutil
import signal
import time

import pytest

from slicelab.core.errors import JobError, UnknownNameError
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.job_builder import JobOptions
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus
from slicelab.jobs.events import JobStarted, StepDone


def quiet(status: JobStatus) -> None:
    pass


def until(session: Session, run: str, step: int) -> None:
    """Poll until a run has done so many steps."""
    deadline = time.monotonic() + 120
    while session.status(run).step < step or session.status(run).phase == "preparing":
        assert time.monotonic() < deadline, "it never happened"
        assert not session.status(run).ended, session.status(run).message
        session.poll()
        time.sleep(0.02)


def kill(session: Session, run: str) -> JobStatus:
    """End a job's process as the system would, and wait until that is noticed."""
    pid = RunFolder(session.folder / "runs" / run).pid("process")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return follow(session, run, quiet, poll_s=0.02)


def latest_losses(session: Session, run: str) -> dict[int, float]:
    """The log's latest word on each step."""
    events = EventReader(RunFolder(session.folder / "runs" / run)).read_new()
    return {e.step: e.loss for e in events if isinstance(e, StepDone) and e.loss is not None}


def start(session: Session, steps: int, checkpoint_s: float = 0.0) -> str:
    options = JobOptions(steps=steps, checkpoint_s=checkpoint_s, bf16=False)
    return session._starter.finetune(None, None, [], options)


def test_a_killed_job_goes_on_with_the_losses_of_one_that_ran_through(labelled: Session) -> None:
    straight = start(labelled, 6)
    assert follow(labelled, straight, quiet).state == "finished"
    run = start(labelled, 6)
    until(labelled, run, 3)
    failed = kill(labelled, run)
    assert failed.state == "failed"
    assert failed.checkpoint is not None
    assert failed.remedy == f"Continue from step {failed.checkpoint}."
    assert labelled.checkpoint(run) == failed.checkpoint >= 2

    assert labelled.resume(run) == failed.checkpoint
    assert next(r.status for r in labelled.runs() if r.id == run) == "running"
    assert labelled.status(run).state == "starting"
    done = follow(labelled, run, quiet)
    assert (done.state, done.resumed_from) == ("finished", failed.checkpoint)
    assert latest_losses(labelled, run) == latest_losses(labelled, straight)
    assert dict(done.losses) == latest_losses(labelled, straight)
    weights = [(labelled.folder / "runs" / r / "weights.safetensors").read_bytes() for r in (straight, run)]
    assert weights[0] == weights[1]
    assert not RunFolder(labelled.folder / "runs" / run).checkpoint_path.exists()
    assert [r.status for r in labelled.runs()] == ["finished", "finished"]

    with pytest.raises(JobError, match="has finished"):
        labelled.resume(run)
    labelled.close()
    with Session.open(labelled.folder) as again:
        assert again.status(run) == done


def test_a_run_stopped_or_found_dead_when_the_project_is_opened_goes_on(
    labelled: Session,
) -> None:
    run = start(labelled, 100_000, checkpoint_s=1000.0)
    until(labelled, run, 2)
    labelled.stop(run)
    assert follow(labelled, run, quiet).state == "cancelled"
    kept = labelled.checkpoint(run)
    assert kept is not None
    labelled.resume(run)
    until(labelled, run, kept + 1)
    labelled.kill(run)
    labelled._board._running[run].wait(10.0)  # dead, but nobody has said so yet
    labelled.close()
    with Session.open(labelled.folder) as again:
        assert again.resume(run) == kept
        until(again, run, kept + 1)
        again.stop(run)
        assert follow(again, run, quiet).state == "cancelled"
        log = EventReader(RunFolder(again.folder / "runs" / run)).read_new()
        assert [e.resumed_from for e in log if isinstance(e, JobStarted)] == [None, kept, kept]
        shutil.move(again.folder / "runs" / run, again.folder / "elsewhere")
        with pytest.raises(JobError, match="holds no job"):
            again.resume(run)
        assert [r.status for r in again.runs()] == ["cancelled"]
        with pytest.raises(UnknownNameError, match="no run named"):
            again.resume("r0009")


def test_without_a_checkpoint_a_run_starts_from_the_beginning(labelled: Session) -> None:
    run = start(labelled, 1, checkpoint_s=1000.0)
    deadline = time.monotonic() + 60
    while RunFolder(labelled.folder / "runs" / run).pid("process") is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert kill(labelled, run).remedy == "Start it again."
    assert labelled.resume(run) is None
    assert follow(labelled, run, quiet).resumed_from is None


def test_a_run_goes_on_on_another_device_from_its_checkpoint_where_that_is_there(labelled: Session) -> None:
    run = start(labelled, 100_000, checkpoint_s=1000.0)
    until(labelled, run, 1)
    with pytest.raises(JobError, match="Stop it first"):
        labelled.resume(run, "cpu")
    labelled.stop(run)
    kept = follow(labelled, run, quiet).checkpoint
    assert kept is not None
    if not torch_has_cuda():
        assert labelled.resume(run, "cuda") == kept
        failed = follow(labelled, run, quiet)
        assert failed.state == "failed"
        assert "no CUDA device" in failed.message
    labelled.resume(run, "cpu")
    until(labelled, run, kept + 1)
    status = labelled.status(run)
    assert (status.resumed_from, status.device[:3]) == (kept, "CPU")
    assert RunFolder(labelled.folder / "runs" / run).read_job().device == "cpu"
    labelled.stop(run)
    assert follow(labelled, run, quiet).state == "cancelled"


def torch_has_cuda() -> bool:
    import torch

    return torch.cuda.is_available()
