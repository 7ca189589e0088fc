"""A training in trouble: too little memory, steps that do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pytest
import torch
from learn_kit import BLOB, POOL, SMALL, finetune_job
from resume_kit import STEPS, drive, losses, make_job, steps_done
from torch import Tensor, nn

from slicelab.core.errors import JobError, NoMemoryError
from slicelab.jobs.events import (
    BatchHalved,
    CasePredicted,
    CheckpointSaved,
    JobStarted,
    StepDone,
    StepSkipped,
)
from slicelab.jobs.settings import PredictSettings
from slicelab.jobs.specs import PredictJob
from slicelab.learn import prepare as prepare_module
from slicelab.learn import run as run_module
from slicelab.learn.device import Compute
from slicelab.learn.keeper import Keeper
from slicelab.learn.memory import Batch, no_memory, out_of_memory
from slicelab.learn.optim import Best, Ema, descend, make_optimiser
from slicelab.learn.recovery import Recovery
from slicelab.learn.run import JobContext, run_job
from slicelab.learn.slices import EpochSampler, seeded
from slicelab.learn.soundness import LossWatch
from slicelab.learn.unet import UNet
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CaseInput, FinetuneJob, PretrainJob
    from slicelab.learn.slices import SliceSet

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

FULL = "CUDA out of memory. Tried to allocate 2.00 GiB."


class Cramped(UNet):
    """A network on a device that has room for so many slices at once."""

    room: ClassVar[int] = 1 << 30

    def encode(self, images: Tensor) -> tuple[Tensor, list[Tensor]]:
        if len(images) > self.room:
            raise torch.OutOfMemoryError(FULL)
        return super().encode(images)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Say how many slices the device has room for."""
    for module in (prepare_module, run_module):
        monkeypatch.setattr(module, "UNet", Cramped)
    return lambda slices: monkeypatch.setattr(Cramped, "room", slices)


def batch_of(job: PretrainJob | FinetuneJob, batch: int) -> PretrainJob | FinetuneJob:
    return job.model_copy(update={"settings": job.settings.model_copy(update={"batch": batch})})


def poison(monkeypatch: pytest.MonkeyPatch, slice_number: int) -> None:
    """Let one slice of the (training) pool hold a value that is no number."""
    real, calls = run_module.load_slices, []
    monkeypatch.setattr("slicelab.learn.slices.room_on", lambda _: 1 << 30)  # in memory, where it can be changed

    def poisoned(*args: object) -> SliceSet:
        slices = real(*args)
        calls.append(slices)
        if len(calls) % 2 == 1:
            assert isinstance(slices.images, torch.Tensor)
            slices.images[slice_number, 32, 32] = float("nan")
        return slices

    monkeypatch.setattr(run_module, "load_slices", poisoned)


def after(events: list[AnyEvent], kind: type) -> list[AnyEvent]:
    """What was told after the last event of a kind."""
    last = max(k for k, event in enumerate(events) if isinstance(event, kind))
    return events[last + 1 :]


# Too little memory ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["blocks", "contrastive", "finetune, adamw, validated"])
def test_a_step_without_memory_is_taken_again_with_half_the_batch_as_if_it_had_been_so_from_the_beginning(
    name: str, blob_project: BlobProject, compute: Compute, room: Callable[[int], None]
) -> None:
    project, cases, labels = blob_project
    job = make_job(name, "r0001", cases)  # four slices a step; contrastive learning sees each twice
    room(4 if name == "contrastive" else 2)
    events = drive(job, project, compute, labels)
    assert [(e.batch, e.step) for e in events if isinstance(e, BatchHalved)] == [(2, 0)]
    assert load_card(project / "runs" / "r0001").complete
    small = drive(batch_of(make_job(name, "r0002", cases), 2), project, compute, labels)
    assert losses(events) == losses(small)
    assert steps_done(small) == STEPS


def test_a_run_with_a_halved_batch_that_was_stopped_goes_on_with_the_halved_batch(
    blob_project: BlobProject, compute: Compute, room: Callable[[int], None]
) -> None:
    project, cases, labels = blob_project
    room(2)
    straight = drive(make_job("blocks", "r0001", cases), project, compute, labels)
    job = make_job("blocks", "r0002", cases)
    first = drive(job, project, compute, labels, stop_after=3)
    room(4)  # it must not take the room that is there now
    second = drive(job, project, compute, labels)
    assert losses(first) + losses(second) == losses(straight)


def test_after_three_halvings_the_job_ends_and_can_go_on_where_there_is_room(
    blob_project: BlobProject, compute: Compute, room: Callable[[int], None]
) -> None:
    project, cases, labels = blob_project
    job = batch_of(make_job("blocks", "r0001", cases), 16)
    seen: list[AnyEvent] = []
    room(1)
    drive(job, project, compute, labels, die_after=0)  # writes the folder
    context = JobContext(project, project / "runs" / "r0001", lambda: False)
    with pytest.raises(NoMemoryError, match="even for 2 slices at once"):
        seen.extend(run_job(job, context, compute))
    assert [e.batch for e in seen if isinstance(e, BatchHalved)] == [8, 4, 2]
    assert not steps_done(seen)
    assert not (project / "runs" / "r0001" / "weights.safetensors").exists()
    room(16)
    again = drive(job, project, compute, labels)
    assert losses(again) == losses(drive(batch_of(make_job("blocks", "r0002", cases), 16), project, compute, labels))


def test_a_prediction_without_memory_is_made_in_smaller_batches(
    blob_project: BlobProject, compute: Compute, room: Callable[[int], None]
) -> None:
    project, cases, labels = blob_project
    drive(finetune_job("r0001", cases[:1], steps=2), project, compute, labels)
    room(2)
    job = PredictJob(
        run="r0002", preset="fast", pool=POOL, network=SMALL, settings=PredictSettings(batch=8), classes=BLOB,
        model="r0001", cases=cases,
    )  # fmt: skip
    events = drive(job, project, compute, labels)
    assert [(e.batch, e.step) for e in events if isinstance(e, BatchHalved)] == [(4, 0), (2, 0)]
    assert [e.case for e in events if isinstance(e, CasePredicted)] == [case.case for case in cases]


def test_memory_that_runs_out_is_known_by_what_torch_and_numpy_say() -> None:
    with pytest.raises(RuntimeError) as torchs:
        torch.empty(1 << 50)
    with pytest.raises(MemoryError) as numpys:
        np.empty(1 << 50)
    with pytest.raises(RuntimeError) as another:
        torch.zeros(2) @ torch.zeros(3)
    assert out_of_memory(torchs.value)
    assert out_of_memory(numpys.value)
    assert out_of_memory(RuntimeError("MPS backend out of memory (MPS allocated: 9.00 GB)"))
    assert not out_of_memory(another.value)
    assert no_memory(torch.device("cuda")).offer_cpu
    assert not no_memory(torch.device("cpu"), 2).offer_cpu


def test_a_contrastive_batch_keeps_the_two_slices_it_needs() -> None:
    batch = Batch(5, smallest=2)
    assert batch.halve()
    assert batch.size == 2
    assert not batch.halve()


# Steps that do harm -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["regression", "contrastive", "finetune, adam, plateau, no average"])
def test_a_slice_that_is_no_number_costs_one_step_and_half_the_learning_rate(
    name: str, blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cases, labels = blob_project
    batch = 2 if name == "contrastive" else 1
    pool = 12 if name.startswith("finetune") else 18
    order = EpochSampler(pool, seeded(0, 1)).next(pool).tolist()
    poison(monkeypatch, order[2 * batch])  # seen in the third step, and not again
    events = drive(batch_of(make_job(name, "r0001", cases), batch), project, compute, labels)
    (skipped,) = (e for e in events if isinstance(e, StepSkipped))
    assert (skipped.step, skipped.back_to, skipped.rate, skipped.reason) == (3, 0, 0.5, "loss_not_finite")
    told = [e.step for e in events if isinstance(e, StepDone) and e.phase != "preparing"]
    assert told == [1, 2, *range(1, STEPS + 1)]
    assert np.isfinite(losses(events)).all()
    rest = after(events, StepSkipped)
    assert isinstance(rest[0], CheckpointSaved)  # what was saved before must not be gone on from
    assert rest[0].step == 0
    card = load_card(project / "runs" / "r0001")
    assert card.complete
    load_state(project / "runs" / "r0001", card)  # refuses weights that are not finite


def test_a_learning_rate_that_explodes_ends_the_job_plainly_after_three_attempts(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    job = make_job("regression, adam, plateau", "r0001", cases)
    job = job.model_copy(update={"settings": job.settings.model_copy(update={"lr": 1e4})})
    drive(job, project, compute, labels, die_after=0)
    seen: list[AnyEvent] = []
    with pytest.raises(JobError, match="for the third time") as raised:
        seen.extend(run_job(job, JobContext(project, project / "runs" / "r0001", lambda: False), compute))
    assert [e.rate for e in seen if isinstance(e, StepSkipped)] == [0.5, 0.25, 0.125]
    assert {e.reason for e in seen if isinstance(e, StepSkipped)} == {"loss_exploded"}
    assert "damaged images" in raised.value.remedy


def test_noise_near_zero_is_no_explosion_but_three_times_an_untrained_loss_is() -> None:
    watch = LossWatch()
    assert watch.judge(1.5, 1.0) is None
    assert all(watch.judge(0.02, 1.0) is None for _ in range(60))
    assert watch.judge(1.2, 1.0) is None  # one hard batch
    assert watch.judge(5.0, 1e9) == "loss_exploded"
    assert watch.judge(0.02, float("inf")) == "gradient_not_finite"
    assert watch.judge(float("nan"), 1.0) == "loss_not_finite"
    twin = LossWatch()
    twin.restore(watch.state())
    assert twin.judge(4.4, 1.0) is None
    assert twin.judge(4.6, 1.0) == "loss_exploded"


class Line:
    """A line fitted to twelve points, three at a time: a training with all its parts, whose every step can be seen."""

    def __init__(self, path: Path, compute: Compute, batch: int = 3) -> None:
        keeper = Keeper(path, "line", 1000.0, lambda: False, lambda: False)
        keeper.computes_on(compute.record())
        self.keeper, self.recovery = keeper, Recovery(keeper, compute, batch)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)
            self.model = nn.Linear(2, 1)
            self.points = torch.rand(12, 2)
        self.optimiser = make_optimiser([(list(self.model.parameters()), 1e-2)], "adam", 0.0)
        self.ema = Ema(self.model, 0.5)
        self.best = Best(self.ema)
        self.sampler, self.chance = EpochSampler(12, seeded(0, 1)), seeded(0, 2)
        self.before: dict[int, Tensor] = {}
        """Weights before each step."""
        self.drawn: list[list[int]] = []
        self.calls = 0
        self.full_at = 0
        """The step, counted as they are tried, in which memory runs out after the weights have moved."""

    def train(self, end: int, fault: Callable[[int, Tensor], Tensor]) -> Iterator[AnyEvent]:
        """``fault`` sees the number of steps tried and the loss, and gives back a loss."""
        parts = {
            "model": self.model, "optimiser": self.optimiser, "ema": self.ema, "best": self.best,
            "sampler": self.sampler, "chance": self.chance,
        }  # fmt: skip

        def one(step: int) -> Iterator[AnyEvent]:
            self.before[step] = self.model.weight.detach().clone()
            self.calls += 1
            chosen = self.sampler.next(self.recovery.batch)
            self.drawn.append(chosen.tolist())
            points = self.points[chosen]
            loss = (self.model(points) - points.sum(dim=1, keepdim=True)).square().mean()
            norm = descend(self.optimiser, fault(self.calls, loss), list(self.model.parameters()), 1.0)
            self.ema.update(self.model)
            if self.calls == self.full_at:
                raise MemoryError
            (value,) = self.recovery.read(norm, fault(self.calls, loss))
            self.best.read(float(step))
            yield StepDone(phase="line", step=step + 1, steps=end, loss=value)

        done = self.recovery.begin("line", 0, parts)
        yield from self.recovery.steps(done, end, one)


def broken_at(*calls: int) -> Callable[[int, Tensor], Tensor]:
    return lambda call, loss: loss * float("nan") if call in calls else loss


def test_harm_is_undone_to_the_last_copy_and_the_best_model_stays(tmp_path: Path, compute: Compute) -> None:
    line = Line(tmp_path / "checkpoint", compute)
    training = line.train(30, broken_at(25))
    for event in training:
        if isinstance(event, StepSkipped):
            break
    assert (event.step, event.back_to) == (25, 20)
    assert torch.equal(line.model.weight, line.before[20])
    assert line.best.mean == 23.0
    assert all(torch.isfinite(t).all() for t in (*line.ema.shadow.values(), *line.best.weights.values()))
    before = len(line.drawn)
    rest = list(training)
    assert [e.step for e in rest if isinstance(e, StepDone)] == list(range(21, 31))
    order = EpochSampler(12, seeded(0, 1))
    assert line.drawn == [order.next(3).tolist() for _ in range(before + 10)]  # what was drawn stays drawn


def test_memory_that_runs_out_when_weights_have_moved_already_leaves_no_trace(tmp_path: Path, compute: Compute) -> None:
    line = Line(tmp_path / "checkpoint", compute, batch=4)
    line.full_at = 5
    events = list(line.train(8, broken_at()))
    assert [(e.batch, e.step) for e in events if isinstance(e, BatchHalved)] == [(2, 0)]
    twin = Line(tmp_path / "other", compute, batch=2)
    list(twin.train(8, broken_at()))
    assert torch.equal(line.model.weight, twin.model.weight)
    assert line.drawn[5:] == twin.drawn


def test_the_third_incident_ends_the_training_with_the_last_good_state_saved(tmp_path: Path, compute: Compute) -> None:
    line = Line(tmp_path / "checkpoint", compute)
    events = list(line.train(60, broken_at(15, 20, 40)))
    assert [(e.step, e.back_to) for e in events if isinstance(e, StepSkipped)] == [(15, 10), (15, 10), (30, 20)]
    assert isinstance(line.keeper.failure, JobError)
    assert "by step 20 is kept" in line.keeper.failure.message
    assert isinstance(events[-1], CheckpointSaved)
    assert events[-1].step == 20
    assert torch.equal(line.model.weight, line.before[20])
    again = Line(tmp_path / "checkpoint", compute)
    steps = [e.step for e in again.train(60, broken_at(3)) if isinstance(e, StepDone)]
    assert steps == [21, 22, *range(21, 61)]  # and it has three attempts again
    assert torch.equal(again.before[20], line.before[20])
    assert again.recovery.rate == 0.0625
    assert again.keeper.failure is None


def test_on_another_device_the_batch_is_as_large_as_at_first(tmp_path: Path, compute: Compute) -> None:
    line = Line(tmp_path / "checkpoint", compute, batch=4)
    line.keeper.computes_on(compute.record().model_copy(update={"device": "cuda"}))
    line.recovery._batch.halve()
    list(line.keeper.went_back("line", 1, {"recovery": line.recovery}))
    twin = Line(tmp_path / "checkpoint", compute, batch=4)
    assert twin.recovery.begin("line", 0, {}) == 1
    assert twin.recovery.batch == 4


def test_the_start_says_why_the_device_was_chosen(blob_project: BlobProject) -> None:
    project, cases, labels = blob_project
    measured = Compute(torch.device("cpu"), False, True, "CPU, 2 threads", "1.7 times faster than float32 here")
    events = drive(make_job("blocks", "r0001", cases), project, measured, labels, stop_after=0)
    (started,) = (e for e in events if isinstance(e, JobStarted))
    assert (started.device, started.device_why) == ("CPU, 2 threads", "1.7 times faster than float32 here")
