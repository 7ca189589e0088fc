"""What lies beside a model's weights: a card that says what they are, as data. No names of patients, cases or files."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from slicelab.jobs.base import Frozen
from slicelab.jobs.settings import NetworkSettings, PoolSettings
from slicelab.jobs.specs import ClassInput

_CLASS_VALUES = range(1, 256)
_NAME_LENGTH = 200


class ModelCard(Frozen):
    """What a model file is; together with the weights all that is needed to predict a new volume."""

    format: Literal[1] = 1
    """Version of this card."""
    kind: Literal["pretrain", "finetune"]
    """Whether the head segments."""
    architecture: Literal["unet2d"] = "unet2d"
    """The network's family."""
    network: NetworkSettings
    """Its widths."""
    outputs: Annotated[int, Field(ge=1, le=256)]
    """Channels of the head: 1 + classes after finetuning."""
    pool: PoolSettings
    """Normalisation, matrix and resolved pixel size the weights were trained on."""
    trained_stages: tuple[str, ...]
    """Stages that a finetuning may take over."""
    method: str
    """contrastive, regression, blocks or finetune."""
    preset: str
    """Name of the preset."""
    overrides: dict[str, Any] = Field(default_factory=dict)
    """What was changed of it, path to value."""
    settings: dict[str, Any]
    """The settings of the run, field by field."""
    seed: int
    """Seed of the run."""
    run: str
    """Run id."""
    lineage: tuple[str, ...] = ()
    """Runs whose weights these grew from, oldest first."""
    classes: tuple[ClassInput, ...] = ()
    """Classes in the order of the head's channels after the background."""
    flip_allowed: bool = False
    """Whether a mirrored picture is true of the classes."""
    labels_sha256: str | None = None
    """Hash of the label snapshot learned from."""
    weights_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    """SHA-256 of the file of weights beside it; None in models of before it was noted."""
    cases: tuple[str, ...] = ()
    """Ids of the cases whose images were seen, such as c0001; they mean something in their project alone."""
    steps: int = 0
    """Optimiser steps done."""
    complete: bool = True
    """False if the run was stopped before its last step."""

    @model_validator(mode="after")
    def _one_output_for_each_class(self) -> Self:
        if self.kind == "finetune" and self.outputs != 1 + len(self.classes):
            raise ValueError("the number of outputs is not that of the classes")
        values = {one.value for one in self.classes}
        if len(values) != len(self.classes) or not values <= set(_CLASS_VALUES):
            raise ValueError("the classes' values are not different numbers from 1 to 255")
        if not all(one.name.isprintable() and 0 < len(one.name) <= _NAME_LENGTH for one in self.classes):
            raise ValueError("a class has no name that can be shown")
        if self.pool.pixel_mm is None:
            raise ValueError("it does not say which pixel size it was trained on")
        return self
