"""Jobs as data: what a job process is asked to do, complete and frozen.

A job is written as ``job.json`` into its run's folder. Paths are relative to the project's folder. No patient data:
cases and patients go by id.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from slicelab.jobs.base import Frozen
from slicelab.jobs.settings import (
    FinetuneSettings,
    NetworkSettings,
    PoolSettings,
    PredictSettings,
    PretrainSettings,
)

Method = Literal["contrastive", "regression", "blocks"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Precision = Literal["auto", "float32", "bfloat16"]
"""Number format of the network; losses are in float32 always."""


def bf16_of(precision: Precision) -> bool | None:
    """Whether to compute in bfloat16; None leaves it to the machine."""
    return None if precision == "auto" else precision == "bfloat16"


class CaseInput(Frozen):
    """One image a job reads."""

    case: str
    """Case id, such as c0001."""
    patient: str
    """Patient id, such as p0001."""
    volume: str
    """Canonical volume, path relative to the project's folder."""
    sha256: str
    """Checksum of that file."""
    acquisition_axis: int
    """Canonical axis the slices are stacked along (0, 1 or 2)."""


class ClassInput(Frozen):
    """One class of the project."""

    value: int
    """Label value in masks."""
    name: str
    """Name as the person wrote it."""


class JobBase(Frozen):
    """What every job carries."""

    run: str
    """Run id, such as r0001."""
    preset: str
    """Name of the preset the settings came from."""
    overrides: dict[str, Any] = Field(default_factory=dict)
    """What the person changed of it: path of the setting, such as ``finetune.lr``, to its value."""
    seed: int = 0
    """Seed of every random choice."""
    device: Device = "auto"
    """Where to compute."""
    bf16: bool | None = None
    """Whether the network computes in bfloat16; None takes what is faster, which is measured once on a processor and
    kept on that machine. Two runs can be the same bit for bit only in the same format."""
    survive_window: bool = False
    """Whether the job goes on when the window that started it is gone."""
    checkpoint_s: Annotated[float, Field(ge=0.0)] = 10.0
    """Seconds of training between checkpoints: what is lost at most when the process is killed. It is stretched where
    saving would take more than 2 % of the time; 0 saves after every step."""
    pool: PoolSettings
    """Preprocessing."""
    network: NetworkSettings
    """Architecture."""


class PretrainJob(JobBase):
    """Learn from unlabelled slices."""

    kind: Literal["pretrain"] = "pretrain"
    settings: PretrainSettings
    cases: tuple[CaseInput, ...]
    """The pool."""


class FinetuneJob(JobBase):
    """Learn to segment from the slices marked done (the label snapshot `labels.npz` in the run's folder)."""

    kind: Literal["finetune"] = "finetune"
    settings: FinetuneSettings
    classes: tuple[ClassInput, ...]
    """Classes that some slice says something of."""
    left_out: tuple[ClassInput, ...] = ()
    """The project's other classes: the model will not know them."""
    init: str | None
    """Run whose weights to start from, None for random weights."""
    train: tuple[CaseInput, ...]
    """Cases trained on."""
    val: tuple[CaseInput, ...] = ()
    """Cases that choose the best state; they count as labelled."""
    unlabelled: tuple[CaseInput, ...] = ()
    """Cases whose slices without labels are learnt from too; none unless ``settings.semi.on``."""
    preview: tuple[CaseInput, ...] = ()
    """Cases whose mask is shown while the network still learns; nothing is learnt from them for that."""
    flip_allowed: bool = False
    """Whether the classes may be mirrored."""
    pretrained_patients: tuple[str, ...] = ()
    """Patients whose images the pretraining behind `init` saw."""


class PredictJob(JobBase):
    """Segment cases with a finetuned model."""

    kind: Literal["predict"] = "predict"
    settings: PredictSettings
    classes: tuple[ClassInput, ...]
    model: str
    """Finetuned run whose weights to use; its masks go to `predictions/<model>/`."""
    cases: tuple[CaseInput, ...]


class EmbedJob(JobBase):
    """Say of each slice, as one vector, what a network makes of it; the vectors lie in this run's folder."""

    kind: Literal["embed"] = "embed"
    model: str
    """Pretrained or finetuned run whose network to use."""
    cases: tuple[CaseInput, ...]
    batch: Annotated[int, Field(ge=1, le=1024)] = 16
    """Slices per forward pass; changes speed and memory alone."""


AnyJob = PretrainJob | FinetuneJob | PredictJob | EmbedJob
Job = Annotated[AnyJob, Field(discriminator="kind")]
JobAdapter: TypeAdapter[AnyJob] = TypeAdapter(Job)
