"""Two processes that share each batch learn what one does with all of it."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest
import torch
from learn_kit import finetune_job
from ranks_kit import in_pairs, losses_of
from resume_kit import JOBS, STEPS, drive, make_job

from slicelab.core.errors import JobError
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.snapshot import save_snapshot
from slicelab.engine import runner
from slicelab.jobs.events import AlarmRaised, ArtifactSaved, CheckpointSaved, JobFailed, JobFinished, JobStarted
from slicelab.jobs.place import Place
from slicelab.learn.device import Compute
from slicelab.learn.run import JobContext, run_job
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.specs import CaseInput, PretrainJob

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

PRETRAININGS = [name for name, settings in JOBS.items() if not isinstance(settings, dict)]
CLOSE = 2e-5
"""Relative: float32 sums in another order, amplified by six steps; 2e-6 was measured."""


def weights(project: Path, run: str) -> torch.Tensor:
    folder = project / "runs" / run
    card = load_card(folder)
    assert card.complete
    return torch.cat([value.flatten() for value in load_state(folder, card).values()])


def lay_down(project: Path, job: PretrainJob, labels: dict[str, CaseLabels]) -> RunFolder:
    folder = RunFolder(project / "runs" / job.run)
    folder.write_job(job)
    save_snapshot(folder.snapshot_path, list(labels.values()))
    return folder


def assert_same_learning(project: Path, one: str, other: str) -> None:
    first, second = losses_of(project, one), losses_of(project, other)
    assert len(second) == STEPS
    assert second == pytest.approx(first, rel=CLOSE)
    a, b = weights(project, one), weights(project, other)
    assert float((a - b).norm() / a.norm()) < CLOSE


def test_two_processes_give_the_losses_and_weights_of_one(blob_project: BlobProject, compute: Compute) -> None:
    """Also when the run was begun, or is ended, by one process; and the second writes nothing."""
    project, cases, labels = blob_project
    pairs = []
    for k, name in enumerate(PRETRAININGS, start=1):
        drive(make_job(name, f"r1{k}", cases), project, compute, labels)
        lay_down(project, make_job(name, f"r2{k}", cases), labels)
        pairs.append(f"r2{k}")
    drive(make_job("contrastive", "r31", cases), project, compute, labels, stop_after=2)
    lay_down(project, make_job("contrastive", "r32", cases), labels)
    in_pairs(project, *pairs, "r31", "r32:4")
    said = drive(make_job("contrastive", "r32", cases), project, compute, labels)
    assert "resumed_differently" in [event.code for event in said if isinstance(event, AlarmRaised)]

    for k in range(1, len(PRETRAININGS) + 1):
        assert_same_learning(project, f"r1{k}", f"r2{k}")
    straight = f"r1{PRETRAININGS.index('contrastive') + 1}"
    assert_same_learning(project, straight, "r31")
    assert_same_learning(project, straight, "r32")
    events = EventReader(RunFolder(project / "runs" / "r21")).read_new()
    assert sum(isinstance(event, JobStarted) for event in events) == 1
    assert sum(isinstance(event, ArtifactSaved) for event in events) == 2


@pytest.fixture
def plain_float32(monkeypatch: pytest.MonkeyPatch) -> Compute:
    """Job processes take float32, as if this CPU had nothing else."""
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "avx2")
    return Compute(torch.device("cpu"), bf16=False, channels_last=True, words="CPU")


def test_torchrun_starts_the_same_job(blob_project: BlobProject, plain_float32: Compute) -> None:
    project, cases, labels = blob_project
    drive(make_job("contrastive", "r0001", cases), project, plain_float32, labels)
    folder = RunFolder(project / "runs" / "r0002")
    folder.write_job(make_job("contrastive", "r0002", cases).model_copy(update={"survive_window": True}))
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    ended = subprocess.run(
        [*torchrun, "-m", "slicelab.worker", folder.path], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert isinstance(EventReader(folder).read_new()[-1], JobFinished)
    assert folder.log_of(1).exists()
    assert_same_learning(project, "r0001", "r0002")


def test_a_job_shared_on_one_machine_listens_to_no_other_and_fails_in_words_when_a_process_dies(
    blob_project: BlobProject, plain_float32: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cases, labels = blob_project
    for name in ("GLOO_SOCKET_IFNAME", "NCCL_SOCKET_IFNAME"):
        monkeypatch.setenv(name, "a network for several machines")
    drive(make_job("regression", "r0001", cases), project, plain_float32, labels)
    long = make_job("regression", "r0002", cases, checkpoint_s=0.0)
    # The rate's course depends on the number of steps, so that this run's losses are its own.
    long = long.model_copy(update={"settings": long.settings.model_copy(update={"steps": 100_000})})
    folder = RunFolder(project / "runs" / "r0002")
    folder.write_job(long)
    job = runner.start(folder, processes=2)
    try:
        seen = job.poll()
        deadline = time.monotonic() + 120
        while not any(isinstance(event, CheckpointSaved) for event in seen):
            assert time.monotonic() < deadline
            assert not job.status.ended, job.status.message
            time.sleep(0.05)
            seen += job.poll()
        first = folder.pid("process")
        assert first is not None
        starter = psutil.Process(first).parent()
        processes = [starter, *starter.children(recursive=True)]
        assert len(processes) == 3
        sockets = [c for p in processes for c in p.net_connections(kind="inet")]
        assert {c.laddr.ip for c in sockets} == {"127.0.0.1"}
        assert {c.raddr.ip for c in sockets if c.raddr} == {"127.0.0.1"}

        next(p for p in processes if p.pid not in (first, starter.pid)).kill()
        assert job.wait(60)
        failed = [event for event in job.poll() if isinstance(event, JobFailed)]
        assert len(failed) == 1
        assert "process" in failed[0].message
        assert "unexpected error" not in failed[0].message
        assert "Continue from step" in failed[0].remedy
    finally:
        job.kill()


def test_what_cannot_be_shared_is_refused_before_anything_is_opened(blob_project: BlobProject) -> None:
    project, cases, _ = blob_project

    def refusal(job: object, processes: int) -> str:
        context = JobContext(project, project / "runs" / "r0001", lambda: False, place=Place(0, processes))
        with pytest.raises(JobError) as refused:
            next(iter(run_job(job, context)))
        return str(refused.value)

    assert "Only a pretraining" in refusal(finetune_job("r0001", cases, 2), 2)
    assert "Choose 2, 4 processes" in refusal(make_job("regression", "r0001", cases), 3)


def test_one_process_opens_no_connection(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    before = len(psutil.Process().net_connections(kind="inet"))
    job = make_job("contrastive", "r0001", cases)
    RunFolder(project / "runs" / "r0001").write_job(job)
    events = run_job(job, JobContext(project, project / "runs" / "r0001", lambda: False), compute)
    during = [len(psutil.Process().net_connections(kind="inet")) for _ in events]
    assert max(during) == before
    assert not torch.distributed.is_initialized()


def test_the_place_is_read_from_torchruns_environment() -> None:
    place = Place(3, 4, 1, 2, "/tmp/meeting")
    assert Place.told(place.environment()) == place
    assert Place.told({}) == Place()
