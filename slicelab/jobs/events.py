"""What happens in a job, one class per fact, in the past tense; one JSON object a line in ``events.jsonl``."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from slicelab.jobs.base import Frozen


class EventBase(Frozen):
    """When it happened."""

    at: float = Field(default_factory=time.time)
    """Seconds since 1970."""


class JobStarted(EventBase):
    """The process is up and knows where it will compute."""

    event: Literal["JobStarted"] = "JobStarted"
    run: str
    kind: str
    pid: int
    device: str
    """In words, such as "CPU, 2 threads, bfloat16"."""
    device_why: str = ""
    """What a short measurement said for it, such as "1.7 times faster than float32 here"."""
    precision: Literal["float32", "bfloat16"] | None = None
    """Number format of the network; None in logs of before it was noted."""
    threads: int
    resumed_from: int | None = None
    """Steps an earlier process had done and this one does not repeat; None if it starts from the beginning."""


class JobContinued(EventBase):
    """A person asked a job that had ended early to go on; its process comes up again."""

    event: Literal["JobContinued"] = "JobContinued"


class CheckpointSaved(EventBase):
    """The training can go on from here, whatever happens. After that, later steps appear in the log once more."""

    event: Literal["CheckpointSaved"] = "CheckpointSaved"
    step: int
    """Steps of the whole job done."""


class PoolReady(EventBase):
    """The slices are normalised and can be read."""

    event: Literal["PoolReady"] = "PoolReady"
    cases: int
    slices: int
    pixel_mm: float
    matrix: int


class PhaseStarted(EventBase):
    """A part of the job began, such as preparing, global, local, finetune, predict."""

    event: Literal["PhaseStarted"] = "PhaseStarted"
    phase: str
    first_step: int
    """Steps of the whole job done before this phase, or before it went on from a checkpoint."""
    steps: int
    """Steps of the whole job."""


class StepDone(EventBase):
    """An optimiser step (or, when predicting, a case; when preparing, a volume)."""

    event: Literal["StepDone"] = "StepDone"
    phase: str
    step: int
    """Steps of the whole job done so far."""
    steps: int
    """Steps of the whole job."""
    loss: float | None = None
    terms: dict[str, float] = Field(default_factory=dict)
    """Parts of the loss and references beside it, by name, such as dice, ce, median3x3."""


class BatchHalved(EventBase):
    """Memory ran out: the job goes on with half as many slices at once, and is not bit-identical to others any more."""

    event: Literal["BatchHalved"] = "BatchHalved"
    batch: int
    """Slices at once from now on."""
    step: int
    """Steps of the whole job done that still count; later ones appear in the log once more."""


Unsoundness = Literal["loss_not_finite", "gradient_not_finite", "loss_exploded"]


class StepSkipped(EventBase):
    """A step did harm and does not count; the last good state was restored and the learning rate lowered."""

    event: Literal["StepSkipped"] = "StepSkipped"
    step: int
    """The step, counted from 1."""
    back_to: int
    """Steps of the whole job done that still count; later ones appear in the log once more."""
    reason: Unsoundness
    rate: float
    """Factor on the learning rate from now on."""


class ValidationDone(EventBase):
    """The validation cases were measured."""

    event: Literal["ValidationDone"] = "ValidationDone"
    step: int
    loss: float
    dice: dict[str, float]
    """Class name to mean Dice; absent classes are left out."""
    best: bool


class CasePredicted(EventBase):
    """One case has its mask."""

    event: Literal["CasePredicted"] = "CasePredicted"
    case: str
    mask: str
    """Path relative to the project's folder."""
    sha256: str


class HeldOutDice(Frozen):
    """One case that a training of a cross-validation did not see."""

    case: str
    dice: dict[int, float | None]
    """Class value to 3D Dice on the slices that are done for it; None where it is in neither mask. A class that is
    done on no slice, or that the training could not learn, is missing."""
    shown: tuple[int, ...]
    """Class values that the reference shows on those slices."""
    slices: int
    """Slices that are done for at least one of the classes."""


class FoldMeasured(EventBase):
    """One training of a cross-validation has ended, and its model was measured on the fold it did not see."""

    event: Literal["FoldMeasured"] = "FoldMeasured"
    training: int
    """Which one, counted from 1 in the job's order."""
    of: int
    fold: int
    """Place of the fold in the job, from 0."""
    seed: int
    init: str | None
    """Run it started from; None for random weights."""
    step: int
    """Steps of the whole job done."""
    cases: tuple[HeldOutDice, ...]


class CasePreviewed(EventBase):
    """What a network that still learns makes of a case; it is shown, never measured and never accepted."""

    event: Literal["CasePreviewed"] = "CasePreviewed"
    case: str
    step: int
    """Steps done when it was made."""
    mask: str
    """Path relative to the run's folder; the next preview of the case replaces it."""


class LookTaken(EventBase):
    """Pictures of one slice out of a step of a pretraining lie in the run's folder; the next ones replace them."""

    event: Literal["LookTaken"] = "LookTaken"
    step: int
    """Steps of the whole job done."""
    phase: str
    """Phase it is from: regression, blocks, global or local."""
    case: str
    slice: int
    """In the case's stack, from 0."""
    file: str
    """Path relative to the run's folder."""


class ArtifactSaved(EventBase):
    """A file of the run is complete on disk."""

    event: Literal["ArtifactSaved"] = "ArtifactSaved"
    name: str
    """Path relative to the run's folder."""
    sha256: str


class AlarmRaised(EventBase):
    """Something a person should know, in plain words."""

    event: Literal["AlarmRaised"] = "AlarmRaised"
    code: str
    message: str


class JobPaused(EventBase):
    """The job holds still until it is asked to go on."""

    event: Literal["JobPaused"] = "JobPaused"


class JobResumed(EventBase):
    """The job goes on after a pause."""

    event: Literal["JobResumed"] = "JobResumed"


class JobFinished(EventBase):
    """The job did all it was asked for."""

    event: Literal["JobFinished"] = "JobFinished"
    seconds: float
    peak_memory_mb: float


class JobCancelled(EventBase):
    """The job was stopped; what is listed as saved is safe."""

    event: Literal["JobCancelled"] = "JobCancelled"
    reason: str


class JobFailed(EventBase):
    """The job ended with an error."""

    event: Literal["JobFailed"] = "JobFailed"
    message: str
    remedy: str = ""
    offer: Literal["cpu"] | None = None
    """Where it may go on instead."""


def continue_words(step: int | None) -> str:
    """What to do about a job that ended early."""
    return f"Continue from step {step}." if step else "Start it again."


AnyEvent = (
    JobStarted
    | JobContinued
    | CheckpointSaved
    | PoolReady
    | PhaseStarted
    | StepDone
    | BatchHalved
    | StepSkipped
    | ValidationDone
    | CasePredicted
    | CasePreviewed
    | FoldMeasured
    | LookTaken
    | ArtifactSaved
    | AlarmRaised
    | JobPaused
    | JobResumed
    | JobFinished
    | JobCancelled
    | JobFailed
)
Event = Annotated[AnyEvent, Field(discriminator="event")]
EventAdapter: TypeAdapter[AnyEvent] = TypeAdapter(Event)
