"""Runs that were killed or stopped, and go on: through real processes."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from job_kit import FINETUNE, quiet, wait_for

from slicelab.core.errors import JobError, UnknownNameError
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.job_builder import JobOptions
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus
from slicelab.jobs.events import JobStarted, StepDone


def until(session: Session, run: str, step: int) -> None:
    """Poll until a run has done so many steps."""
    deadline = time.monotonic() + 120
    while session.jobs.status(run).step < step or session.jobs.status(run).phase == "preparing":
        assert time.monotonic() < deadline, "it never happened"
        assert not session.jobs.status(run).ended, session.jobs.status(run).message
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
    options = JobOptions(steps=steps, checkpoint_s=checkpoint_s, bf16=False, overrides=FINETUNE)
    return session._starter.finetune(None, None, [], options)


@dataclass(frozen=True)
class Stopped:
    """A closed project with a run that was stopped; the step of its checkpoint."""

    project: Path
    run: str
    kept: int


@pytest.fixture(scope="module")
def stopped(labelled_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Stopped:
    folder = Path(shutil.copytree(labelled_template, tmp_path_factory.mktemp("stopped") / "project"))
    with Session.open(folder) as session:
        run = start(session, 100_000, checkpoint_s=1000.0)
        until(session, run, 2)
        session.jobs.stop(run)
        status = follow(session, run, quiet)
        assert status.state == "cancelled"
        assert status.checkpoint is not None
        return Stopped(folder, run, status.checkpoint)


@pytest.fixture
def again(stopped: Stopped, tmp_path: Path) -> Iterator[Session]:
    """A copy of the project with the stopped run, open."""
    with Session.open(Path(shutil.copytree(stopped.project, tmp_path / "again"))) as opened:
        yield opened


def test_a_killed_job_goes_on_with_the_losses_of_one_that_ran_through(labelled: Session) -> None:
    straight = start(labelled, 30)
    assert follow(labelled, straight, quiet).state == "finished"
    run = start(labelled, 30)
    until(labelled, run, 3)
    failed = kill(labelled, run)
    assert failed.state == "failed"
    assert failed.checkpoint is not None
    assert failed.remedy == f"Continue from step {failed.checkpoint}."
    assert labelled.jobs.checkpoint(run) == failed.checkpoint >= 2

    assert labelled.jobs.resume(run) == failed.checkpoint
    assert next(r.status for r in labelled.runs() if r.id == run) == "running"
    assert labelled.jobs.status(run).state == "starting"
    done = follow(labelled, run, quiet)
    assert done.state == "finished"
    # Killed between a checkpoint and its word in the log, it goes on from one step later than was known.
    assert done.resumed_from in (failed.checkpoint, failed.checkpoint + 1)
    assert latest_losses(labelled, run) == latest_losses(labelled, straight)
    assert dict(done.losses) == latest_losses(labelled, straight)
    weights = [(labelled.folder / "runs" / r / "weights.safetensors").read_bytes() for r in (straight, run)]
    assert weights[0] == weights[1]
    kept = RunFolder(labelled.folder / "runs" / run).checkpoint_path  # removed once the last word is on the disk
    wait_for(lambda: not kept.exists(), labelled)
    assert [r.status for r in labelled.runs()] == ["finished", "finished"]

    with pytest.raises(JobError, match="has finished"):
        labelled.jobs.resume(run)
    labelled.close()
    with Session.open(labelled.folder) as again:
        assert again.jobs.status(run) == done


def test_a_run_stopped_or_found_dead_when_the_project_is_opened_goes_on(stopped: Stopped, again: Session) -> None:
    run, kept = stopped.run, stopped.kept
    assert again.jobs.checkpoint(run) == kept
    assert again.jobs.resume(run) == kept
    until(again, run, kept + 1)
    with pytest.raises(JobError, match="Stop it first"):
        again.jobs.resume(run, "cpu")
    again.jobs.kill(run)
    again._board._running[run].wait(10.0)  # dead, but nobody has said so yet
    again.close()
    with Session.open(again.folder) as third:
        assert third.jobs.resume(run) == kept
        until(third, run, kept + 1)
        third.jobs.stop(run)
        assert follow(third, run, quiet).state == "cancelled"
        log = EventReader(RunFolder(third.folder / "runs" / run)).read_new()
        assert [e.resumed_from for e in log if isinstance(e, JobStarted)] == [None, kept, kept]
        shutil.move(third.folder / "runs" / run, third.folder / "elsewhere")
        with pytest.raises(JobError, match="holds no job"):
            third.jobs.resume(run)
        assert [r.status for r in third.runs()] == ["cancelled"]
        with pytest.raises(UnknownNameError, match="no run named"):
            third.jobs.resume("r0009")


def test_without_a_checkpoint_a_run_starts_from_the_beginning(labelled: Session) -> None:
    run = start(labelled, 1, checkpoint_s=1000.0)
    deadline = time.monotonic() + 60
    while RunFolder(labelled.folder / "runs" / run).pid("process") is None:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert kill(labelled, run).remedy == "Start it again."
    assert labelled.jobs.resume(run) is None
    assert follow(labelled, run, quiet).resumed_from is None


def test_a_run_goes_on_on_another_device_from_its_checkpoint_where_that_is_there(
    stopped: Stopped, again: Session
) -> None:
    run, kept = stopped.run, stopped.kept
    if not torch_has_cuda():
        assert again.jobs.resume(run, "cuda") == kept
        failed = follow(again, run, quiet)
        assert failed.state == "failed"
        assert "no CUDA device" in failed.message
    again.jobs.resume(run, "cpu")
    until(again, run, kept + 1)
    status = again.jobs.status(run)
    assert (status.resumed_from, status.device[:3]) == (kept, "CPU")
    assert RunFolder(again.folder / "runs" / run).read_job().device == "cpu"
    again.jobs.stop(run)
    assert follow(again, run, quiet).state == "cancelled"


def torch_has_cuda() -> bool:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("ATEN_CPU_CAPABILITY")  # told to jobs; this process keeps what the processor can do
        import torch

        torch.backends.cpu.get_cpu_capability()
        return torch.cuda.is_available()
