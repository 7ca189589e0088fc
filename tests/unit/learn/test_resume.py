"""A job that was stopped or killed goes on as if nothing had happened."""

from __future__ import annotations

import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import torch
from learn_kit import BLOB, POOL, SMALL, finetune_job
from resume_kit import JOBS, STEPS, drive, losses, make_job

from slicelab.data.run_folder import EventReader, EventWriter, RunFolder
from slicelab.jobs.events import (
    AlarmRaised,
    CasePredicted,
    CheckpointSaved,
    JobPaused,
    JobResumed,
    JobStarted,
    StepDone,
    ValidationDone,
)
from slicelab.jobs.settings import PredictSettings
from slicelab.jobs.specs import PredictJob
from slicelab.learn import keeper as keeper_module
from slicelab.learn.device import Compute, ComputeRecord, choose_as_before
from slicelab.learn.run import JobContext, run_job
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CaseInput

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]


def weights(project: Path, run: str) -> dict[str, torch.Tensor]:
    folder = project / "runs" / run
    card = load_card(folder)
    assert card.complete
    return load_state(folder, card)


def told(events: list[AnyEvent]) -> list[tuple[int, float | None, dict[str, float]]]:
    """What steps and validations said, but for the time."""
    return [(e.step, e.loss, e.terms) for e in events if isinstance(e, StepDone) and e.phase != "preparing"] + [
        (e.step, e.loss, e.dice) for e in events if isinstance(e, ValidationDone)
    ]


def resumed_from(events: list[AnyEvent]) -> int | None:
    return next(e.resumed_from for e in events if isinstance(e, JobStarted))


@pytest.mark.parametrize("name", JOBS)
def test_a_job_stopped_after_any_step_goes_on_with_the_same_losses_and_weights(
    name: str, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    straight = drive(make_job(name, "r0001", cases), project, compute, labels)
    for run, stop in (("r0002", 2), ("r0003", 3), ("r0004", 5)):  # of contrastive: within, at the border, within
        job = make_job(name, run, cases)
        first = drive(job, project, compute, labels, stop_after=stop)
        second = drive(job, project, compute, labels)
        assert [e.step for e in first if isinstance(e, CheckpointSaved)][-1] == stop
        assert resumed_from(second) == stop
        assert sorted(told(first) + told(second)) == sorted(told(straight))
        one, other = weights(project, "r0001"), weights(project, run)
        assert all(torch.equal(one[tensor], other[tensor]) for tensor in one)


@pytest.mark.parametrize("name", ["contrastive", "finetune, adamw, validated"])
def test_in_bfloat16_too_a_stopped_job_goes_on_as_if_it_had_run_through(name: str, blob_project: BlobProject) -> None:
    project, cases, labels = blob_project
    compute = Compute(torch.device("cpu"), bf16=True, channels_last=True, words="CPU")
    straight = drive(make_job(name, "r0001", cases), project, compute, labels)
    first = drive(make_job(name, "r0002", cases), project, compute, labels, stop_after=4)
    second = drive(make_job(name, "r0002", cases), project, compute, labels)
    assert sorted(told(first) + told(second)) == sorted(told(straight))
    one, other = weights(project, "r0001"), weights(project, "r0002")
    assert all(torch.equal(one[tensor], other[tensor]) for tensor in one)


@pytest.mark.parametrize("name", ["blocks", "contrastive", "finetune, adamw, validated"])
def test_a_job_killed_again_and_again_repeats_at_most_what_was_not_saved(name: str, blob_project: BlobProject) -> None:
    project, cases, labels = blob_project
    compute = Compute(torch.device("cpu"), bf16=False, channels_last=True, words="CPU")
    straight = losses(drive(make_job(name, "r0001", cases), project, compute, labels))
    job, latest = make_job(name, "r0002", cases, checkpoint_s=0.0), {}
    for _ in range(3):
        events = drive(job, project, compute, labels, die_after=2)
        latest |= {e.step: e.loss for e in events if isinstance(e, StepDone) and e.loss is not None}
    assert (resumed_from(events) or 0) == 2
    latest |= {e.step: e.loss for e in drive(job, project, compute, labels) if isinstance(e, StepDone) and e.loss}
    assert [latest[step] for step in range(1, STEPS + 1)] == straight
    one, other = weights(project, "r0001"), weights(project, "r0002")
    assert all(torch.equal(one[tensor], other[tensor]) for tensor in one)


def test_a_checkpoint_left_half_written_is_cleared_away(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    job = make_job("regression", "r0001", cases)
    drive(job, project, compute, labels, stop_after=2)
    folder = project / "runs" / "r0001"
    (folder / ".slicelab-1234.tmp.safetensors").write_bytes(b"half")
    (folder / ".slicelab-1234.tmp").write_bytes(b"the session's own, being written")
    assert resumed_from(drive(job, project, compute, labels, stop_after=2)) == 2
    assert [path.name for path in folder.glob(".slicelab-*")] == [".slicelab-1234.tmp"]


def test_an_event_after_a_torn_line_is_not_lost(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.events_path.write_bytes(b'{"event":"StepDo')
    with closing(EventWriter(folder)) as log:
        log.write(CheckpointSaved(step=3))
    assert [e.step for e in EventReader(folder).read_new() if isinstance(e, CheckpointSaved)] == [3]


def test_a_job_stopped_while_preparing_starts_from_the_beginning(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    job = make_job("regression", "r0001", cases)
    first = drive(job, project, compute, labels, stop_after=0)
    assert not any(isinstance(e, CheckpointSaved | StepDone) for e in first)
    again = drive(job, project, compute, labels)
    assert resumed_from(again) is None
    assert len(losses(again)) == STEPS


def test_before_a_pause_the_state_is_saved(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    job = make_job("regression", "r0001", cases)
    folder = RunFolder(project / "runs" / "r0001")
    folder.write_job(job)
    seen: list[AnyEvent] = []

    def paused() -> bool:
        return len(losses(seen)) == 3 and not any(isinstance(e, JobPaused) for e in seen)

    for event in run_job(job, JobContext(project, folder.path, lambda: False, paused), compute):
        seen.append(event)  # noqa: PERF402  (paused reads the list while it grows)
    at = next(k for k, e in enumerate(seen) if isinstance(e, JobPaused))
    assert isinstance(seen[at - 1], CheckpointSaved)
    assert seen[at - 1].step == 3
    assert isinstance(seen[at + 1], JobResumed)
    assert len(losses(seen)) == STEPS


def test_checkpoints_are_written_at_the_interval_and_cost_at_most_two_percent(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock on which a step takes a second, and a write none or two."""
    project, cases, labels = blob_project
    now, cost = [0.0], [0.0]
    monkeypatch.setattr(keeper_module.time, "monotonic", lambda: now[0])
    real = keeper_module.write

    def slow(*what: object) -> None:
        real(*what)
        now[0] += cost[0]

    monkeypatch.setattr(keeper_module, "write", slow)

    def saved(run: str, seconds: float, steps: int) -> list[int]:
        job = finetune_job(run, cases[:1], steps, checkpoint_s=seconds)
        job = job.model_copy(update={"settings": job.settings.model_copy(update={"batch": 1})})
        folder = RunFolder(project / "runs" / run)
        folder.write_job(job)
        from slicelab.data.snapshot import save_snapshot

        save_snapshot(folder.snapshot_path, list(labels.values()))
        found = []
        for event in run_job(job, JobContext(project, folder.path, lambda: False), compute):
            now[0] += isinstance(event, StepDone) and event.loss is not None
            if isinstance(event, CheckpointSaved):
                found.append(event.step)
        return found

    assert saved("r0001", 4.0, 12) == [4, 8]
    cost[0] = 0.2
    assert saved("r0002", 4.0, 20) == [4, 14]


def test_the_format_and_the_threads_of_the_first_start_are_taken_again() -> None:
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)
        before = Compute(torch.device("cpu"), bf16=False, channels_last=True, words="").record()
        torch.set_num_threads(2)
        again, change = choose_as_before("auto", before)
        assert again.record() == before
        assert torch.get_num_threads() == 1
        assert not change
    finally:
        torch.set_num_threads(threads)


def test_a_machine_with_fewer_cores_or_another_device_says_so() -> None:
    many = ComputeRecord(device="cpu", bf16=False, channels_last=True, threads=4096)
    now, change = choose_as_before("auto", many)
    assert now.threads < 4096
    assert "4096 threads" in change
    if not torch.cuda.is_available():
        gpu = ComputeRecord(device="cuda", bf16=True, channels_last=False, threads=torch.get_num_threads())
        now, change = choose_as_before("auto", gpu)
        assert now.device.type != "cuda"
        assert "CUDA" in change


def test_volumes_that_have_changed_meanwhile_are_named(blob_project: BlobProject) -> None:
    project, cases, labels = blob_project
    threads = torch.get_num_threads()
    strange = Compute(torch.device("cpu"), bf16=False, channels_last=True, words="CPU")
    job = make_job("regression", "r0001", cases)
    drive(job, project, strange, labels, stop_after=2)
    (project / cases[0].volume).write_bytes(b"other bytes")
    try:
        events = drive(job, project, None, labels)
    finally:
        torch.set_num_threads(threads)
    alarms = {e.code: e.message for e in events if isinstance(e, AlarmRaised)}
    assert "c0001" in alarms["volumes_changed"]
    assert "resumed_differently" not in alarms


def test_a_prediction_goes_on_with_the_cases_that_are_left(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, labels = blob_project
    drive(finetune_job("r0001", cases[:1], steps=2), project, compute, labels)
    job = PredictJob(
        run="r0002", preset="fast", pool=POOL, network=SMALL, settings=PredictSettings(), classes=BLOB,
        model="r0001", cases=cases,
    )  # fmt: skip
    straight = {e.case: e.sha256 for e in drive(job, project, compute, labels) if isinstance(e, CasePredicted)}
    again = drive(job, project, compute, labels)
    assert resumed_from(again) == 3
    assert not any(isinstance(e, CasePredicted) for e in again)

    (project / "predictions" / "r0001" / "c0002.nii.gz").write_bytes(b"damaged")
    (project / "predictions" / "r0001" / "c0003.nii.gz").unlink()
    repaired = drive(job, project, compute, labels)
    assert {e.case: e.sha256 for e in repaired if isinstance(e, CasePredicted)} == {
        case: straight[case] for case in ("c0002", "c0003")
    }
    assert [e.step for e in repaired if isinstance(e, StepDone)] == [2, 3]

    time.sleep(0.05)
    drive(finetune_job("r0001", cases[:1], steps=2, seed=1), project, compute, labels)
    fresh = [e.case for e in drive(job, project, compute, labels) if isinstance(e, CasePredicted)]
    assert fresh == ["c0001", "c0002", "c0003"]
