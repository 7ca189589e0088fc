"""The two presets: `fast`, minutes in the application, and `paper`, faithful to Umapathy et al."""

from __future__ import annotations

from typing import TypeVar, cast

from slicelab.core.errors import SettingError, UnknownNameError
from slicelab.jobs.settings import (
    AugmentSettings,
    BlockSettings,
    ContrastiveSettings,
    FinetuneSettings,
    PoolSettings,
    PredictSettings,
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

    Contrastive pretraining divides them between its stages as before: evenly where epochs were given, as each stage
    then takes all of them. Epochs no longer count, nor do passes.

    Raises:
        SettingError: fewer steps than a contrastive pretraining has stages.

    """
    if steps is None:
        return settings
    update: dict[str, int | None] = {"steps": steps, "epochs": None}
    if isinstance(settings, FinetuneSettings):
        update["passes"] = 0
    if isinstance(settings, ContrastiveSettings):
        if steps == 1:  # each stage takes one at least, and what was asked for is what is done
            raise SettingError(
                "A contrastive pretraining takes 2 steps at least: one for each of its two stages.",
                "Ask for 2 steps or more, or for another method.",
            )
        share = 0.5 if settings.epochs else settings.steps / (settings.steps + settings.local_steps)
        first = min(max(1, round(steps * share)), steps - 1)
        update = {"steps": first, "local_steps": steps - first, "epochs": None}
    return cast("AnySteps", type(settings).model_validate({**settings.model_dump(), **update}))


def _paper() -> Preset:
    """What the paper says, sentence by sentence; where it is silent C's values.

    No technique is added that it does not name, but for a warm-up and a limit on the gradient in contrastive
    pretraining: without them the encoder's stage stays for long where an untrained network is (docs/evidence.md).
    """
    # II-E: "For pretraining: epochs=1000, initial learning rate=0.001, optimizer=Adam. For finetuning: epochs=500 ...
    # In all experiments, the learning rate was halved whenever the validation loss plateaued."
    by_the_paper = {"lr": 1e-3, "optimiser": "adam", "plateau": True, "warmup": 0.0, "clip_norm": None}
    pretraining = {**by_the_paper, "epochs": 1000, "batch": 20, "val_share": 0.1}
    return Preset(
        name="paper",
        pool=PoolSettings(n4=True, matrix=192),
        regression=RegressionSettings.model_validate({**pretraining, "body_only": False}),
        blocks=BlockSettings.model_validate({**pretraining, "body_only": False}),
        contrastive=ContrastiveSettings.model_validate(
            {
                **pretraining,
                "warmup": 0.1,
                "clip_norm": 1.0,
                "exclude_position": 0.0,
                "exclude_neighbours": 0,
                "min_crop": 0.52,
                "points": 13,
                "region": 3,
                "local_negatives": 5,
                "negative_distance": 3.0,
                "local_crop": 1.0,
                "freeze_encoder": True,
            }
        ),
        finetune=FinetuneSettings.model_validate(
            {
                **by_the_paper,
                "epochs": 500,
                "passes": 0,
                "batch": 10,
                "encoder_lr_factor": 1.0,
                "weight_decay": 0.0,
                "loss": "dice",
                "validate_epochs": 1,
                "ema": 0.0,
                "foreground_share": 0.0,
                "head_prior": False,
                # II-E: "Extensive data augmentation, including random translation, crops, and elastic deformations".
                "augment": AugmentSettings(
                    rotate_degrees=0.0,
                    scale=0.2,
                    translate=0.1,
                    elastic_pixels=5.0,
                    elastic_grid=3,
                    gamma=0.0,
                    contrast=0.2,
                    brightness=0.1,
                    bias=0.0,
                    noise=0.0,
                    blur_pixels=0.0,
                    flip=False,
                ),
            }
        ),
        predict=PredictSettings(largest_component=False),
    )
