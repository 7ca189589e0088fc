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
    test_patients: tuple[str, ...] = ()
    """Patients with labels that are neither learned from nor chosen by: what is left to judge the model by."""
    reader: int | None = None
    """Whose labels (id in the project); None where it was not noted: the project's first reader's."""


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


CrossKind = Literal["compare", "crossvalidate"]


class CrossValidationJob(JobBase):
    """Finetune on all folds but one and measure on that one, for every fold, start and seed.

    ``crossvalidate`` begins from `init` alone; ``compare`` from random weights too, with the same folds and seeds. The
    labels lie in `labels.npz` in the run's folder; the models are not kept.
    """

    kind: CrossKind
    settings: FinetuneSettings
    predict: PredictSettings
    classes: tuple[ClassInput, ...]
    """Classes that some slice is done for, in the order of the label snapshot."""
    init: str | None
    """Pretraining to start from, None for random weights."""
    cases: tuple[CaseInput, ...]
    """Cases with a slice that is done."""
    folds: Annotated[tuple[tuple[str, ...], ...], Field(min_length=2)]
    """Patients that are held out together."""
    repeats: Annotated[int, Field(ge=1, le=100)] = 1
    """Trainings of every fold and start, each with its own seed: `seed`, `seed` + 1, and so on."""
    unlabelled: tuple[CaseInput, ...] = ()
    """Cases whose slices without labels are learnt from too, but for the patients held out; none unless
    ``settings.semi.on``."""
    flip_allowed: bool = False
    """Whether the classes may be mirrored."""
    pretrained_patients: tuple[str, ...] = ()
    """Patients whose images the pretraining saw."""
    test_cases: tuple[str, ...] = ()
    """Cases that are kept for testing, with those of their patients: none of them is in a fold, or learnt from."""
    led: int = 0
    """Done slices whose label is a model's mask taken over unchanged: figures on them are optimistic."""
    reader: int | None = None
    """Whose labels (id in the project); None where it was not noted: the project's first reader's."""

    @property
    def starts(self) -> tuple[str | None, ...]:
        """Runs whose weights a training starts from; None for random ones."""
        return (None, self.init) if self.kind == "compare" else (self.init,)

    @property
    def trainings(self) -> int:
        """How many there are."""
        return len(self.folds) * self.repeats * len(self.starts)


AnyJob = PretrainJob | FinetuneJob | PredictJob | EmbedJob | CrossValidationJob
Job = Annotated[AnyJob, Field(discriminator="kind")]
JobAdapter: TypeAdapter[AnyJob] = TypeAdapter(Job)
