"""The two presets: `fast`, minutes in the application, and `paper`, faithful to Umapathy et al."""

from __future__ import annotations

from typing import TypeVar, cast

from slicelab.core.errors import UnknownNameError
from slicelab.jobs.settings import (
    AugmentSettings,
    BlockSettings,
    ContrastiveSettings,
    FinetuneSettings,
    PoolSettings,
    Preset,
    RegressionSettings,
)

PRESET_NAMES = ("fast", "paper")
"""In the order they are shown; the first is the default."""


def preset(name: str) -> Preset:
    """The preset of that name; `fast` is what the settings' own defaults say.

    Raises:
        UnknownNameError: there is none.

    """
    if name == "fast":
        return Preset(name="fast")
    if name == "paper":
        return _paper()
    raise UnknownNameError(f"There is no preset {name!r}.", f"Presets: {', '.join(PRESET_NAMES)}.")


AnySteps = TypeVar("AnySteps", bound=RegressionSettings | BlockSettings | ContrastiveSettings | FinetuneSettings)


def with_steps(settings: AnySteps, steps: int | None) -> AnySteps:
    """The settings with another number of optimiser steps in all; None leaves them as they are.

    Contrastive pretraining divides them between its stages as before; epochs, where given, no longer count.
    """
    if steps is None:
        return settings
    update = {"steps": steps, "epochs": None}
    if isinstance(settings, ContrastiveSettings):
        first = max(1, round(steps * settings.steps / (settings.steps + settings.local_steps)))
        update = {"steps": first, "local_steps": max(1, steps - first), "epochs": None}
    return cast("AnySteps", type(settings).model_validate({**settings.model_dump(), **update}))


def _paper() -> Preset:
    return Preset(
        name="paper",
        pool=PoolSettings(n4=True, matrix=192),
        regression=RegressionSettings(epochs=1000, lr=1e-3, body_only=False, plateau=True, optimiser="adam"),
        blocks=BlockSettings(epochs=1000, lr=1e-3, body_only=False, plateau=True, optimiser="adam"),
        contrastive=ContrastiveSettings(
            epochs=1000,
            lr=1e-3,
            exclude_position=0.0,
            exclude_neighbours=0,
            points=13,
            region=3,
            local_negatives=10,
            local_crop=1.0,
            freeze_encoder=True,
            plateau=True,
            optimiser="adam",
        ),
        finetune=FinetuneSettings(
            epochs=500,
            lr=1e-3,
            encoder_lr=1e-3,
            warmup=0.0,
            weight_decay=0.0,
            optimiser="adam",
            loss="dice",
            plateau=True,
            ema=0.0,
            foreground_share=0.0,
            head_prior=False,
            # "random translation, crops, and elastic deformations" (II-E); contrast and brightness as in C.
            augment=AugmentSettings(
                rotate_degrees=0.0,
                scale=0.2,
                translate=0.1,
                elastic_pixels=3.0,
                gamma=0.0,
                contrast=0.3,
                brightness=0.3,
                bias=0.0,
                noise=0.0,
                blur_pixels=0.0,
                flip=False,
            ),
        ),
    )
