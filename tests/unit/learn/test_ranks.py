"""Two processes that share each batch learn what one does with all of it."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest
import torch
from learn_kit import finetune_job
from ranks_kit import in_pairs, losses_of
from resume_kit import JOBS, STEPS, drive, losses, make_job

from slicelab.core.errors import JobError
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.snapshot import save_snapshot
from slicelab.engine import runner
from slicelab.jobs.events import (
    AlarmRaised,
    ArtifactSaved,
    BatchHalved,
    CheckpointSaved,
    JobFailed,
    JobFinished,
    JobStarted,
)
from slicelab.jobs.place import Place
from slicelab.learn.device import Compute
from slicelab.learn.memory import Batch
from slicelab.learn.recovery import Recovery
from slicelab.learn.run import JobContext, run_job
from slicelab.learn.together import loopback
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
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


# One of two processes, on whose device there is room for one slice: nothing is replaced but its network.
CRAMPED = """
import os
if os.environ.get("RANK") == "1":
    import torch
    from slicelab.learn import prepare

    class Cramped(prepare.UNet):
        calls = 0

        def encode(self, images):
            type(self).calls += 1
            if self.calls > CALLS and len(images) > ROOM:
                raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
            return super().encode(images)

    prepare.UNet = Cramped
"""


def shared_run(project: Path, run: str, job: PretrainJob) -> list[AnyEvent]:
    """Everything that a job in two processes on this machine says until its end."""
    folder = RunFolder(project / "runs" / run)
    folder.write_job(job.model_copy(update={"survive_window": True}))
    started = runner.start(folder, processes=2)
    if not started.wait(400):
        started.kill()
    started.poll()
    return EventReader(folder).read_new()


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [pytest.param("blocks", marks=pytest.mark.slow), "contrastive"])
def test_where_memory_runs_out_in_one_process_all_take_half_the_batch_together_and_learn_as_one_would(
    name: str, blob_project: BlobProject, plain_float32: Compute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever process it is, and wherever the others wait for it; from the last checkpoint on."""
    project, cases, labels = blob_project
    job = make_job(name, "r0002", cases, checkpoint_s=0.0)
    views = 2 if name == "contrastive" else 1
    (tmp_path / "site").mkdir()
    script = CRAMPED.replace("ROOM", str(views)).replace("CALLS", "2")
    (tmp_path / "site" / "sitecustomize.py").write_text(script)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'site'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    events = shared_run(project, "r0002", job)
    assert [(e.batch, e.step) for e in events if isinstance(e, BatchHalved)] == [(2, 2)]
    assert isinstance(events[-1], JobFinished)
    assert [e.resumed_from for e in events if isinstance(e, JobStarted)] == [None, 2]
    assert not any(isinstance(e, JobFailed) for e in events)
    assert not RunFolder(project / "runs" / "r0002").too_large_path.exists()

    # One process, of which memory runs out at the same place.
    straight = drive(make_job(name, "r0001", cases), project, plain_float32, labels, stop_after=2)
    monkeypatch.setattr(Recovery, "_halved_for_all", _halved_at_once(Recovery._halved_for_all))
    rest = drive(make_job(name, "r0001", cases), project, plain_float32, labels)
    assert losses_of(project, "r0002") == pytest.approx(losses(straight) + losses(rest), rel=CLOSE)


def _halved_at_once(real: object) -> object:
    def halved(self: Recovery, step: int) -> Iterator[AnyEvent]:
        if self._batch.size == 4:
            self._keeper.note_too_large(4)
        return real(self, step)

    return halved


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_where_one_process_has_no_room_for_the_smallest_batch_the_job_ends_in_words(
    blob_project: BlobProject, plain_float32: Compute, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cases, _ = blob_project
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(CRAMPED.replace("ROOM", "0").replace("CALLS", "0"))
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'site'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    events = shared_run(project, "r0002", make_job("blocks", "r0002", cases))
    assert [e.batch for e in events if isinstance(e, BatchHalved)] == [2]
    (failed,) = (e for e in events if isinstance(e, JobFailed))
    assert failed.message == "The computer has too little free memory for this job, even for 2 slices at once."
    assert events[-1] == failed


def test_a_batch_of_several_processes_is_halved_only_as_far_as_it_can_be_shared() -> None:
    batch = Batch(8, shares=4)
    assert batch.halve()
    assert (batch.size, batch.halve()) == (4, False)


def test_every_process_goes_on_with_the_first_ones_held_out_loss_to_the_last_bit(tmp_path: Path) -> None:
    """Two processes whose own values differ in the last bit: the course of the training must be one."""
    script = (
        "import struct, sys\nfrom slicelab.jobs.place import Place\nfrom slicelab.learn.ranks import join\n"
        "rank = int(sys.argv[1])\n"
        "ranks = join(Place(rank, 2, rank, 2, sys.argv[2]), 'cpu')\n"
        "own = [0.1 + rank * 2.0**-56, 1 / 3, 5e-324 * (1 + rank), float('inf') if rank else -0.0]\n"
        "print(*(struct.pack('d', ranks.number(value)).hex() for value in own), flush=True)\n"
        "ranks.leave()\n"
    )
    command = [sys.executable, "-c", script]
    environment = {**os.environ, **loopback()}
    pair = [
        subprocess.Popen(
            [*command, str(rank), str(tmp_path / "meet")], env=environment, stdout=subprocess.PIPE, text=True
        )
        for rank in (0, 1)
    ]
    first, second = (process.communicate(timeout=200)[0].split() for process in pair)
    wanted = [struct.pack("d", value).hex() for value in (0.1, 1 / 3, 5e-324, -0.0)]
    assert first == second == wanted


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
