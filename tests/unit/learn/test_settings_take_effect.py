"""Every setting that can be changed changes what a job does: from the words of ``--set`` to losses, weights, masks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import torch
from learn_kit import BLOB, drive, make_blob_project

from slicelab.jobs.events import CasePredicted, StepDone, ValidationDone
from slicelab.jobs.overrides import override, setting_fields
from slicelab.jobs.presets import preset
from slicelab.jobs.specs import FinetuneJob, PredictJob, PretrainJob
from slicelab.learn import predict
from slicelab.learn.device import Compute

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.jobs.settings import Preset

    Changes = dict[str, object]
    Found = tuple[list[tuple[str, int, int, float]], list[tuple[int, float]], list[str], bytes]
    Run = Callable[[str, Changes], Found]

SMALL: Changes = {
    "pool.matrix": 64, "pool.pixel_mm": 2.0, "network.channels": (8, 8, 16, 16, 16), "network.bottleneck": 16,
    "network.channels_per_group": 8, "regression.steps": 3, "regression.batch": 4, "blocks.steps": 3,
    "blocks.batch": 4, "contrastive.steps": 4, "contrastive.local_steps": 3, "contrastive.batch": 6,
    "contrastive.hidden": 32, "contrastive.projection": 16, "contrastive.points": 16, "finetune.steps": 4,
    "finetune.batch": 4,
}  # fmt: skip
# What has a say only beside something else. A rate that is far too high lets the validation loss rise.
UNSTEADY = {"lr": 0.1, "optimiser": "adam", "warmup": 0.0, "plateau": True, "epochs": 6, "batch": 18}
SEMI: Changes = {"finetune.semi.on": True, "finetune.semi.confidence": 0.5, "finetune.semi.ramp": 0.5}
WITH: dict[str, Changes] = {
    **{
        f"{group}.{name}": {f"{group}.{field}": value for field, value in more.items()}
        for group in ("regression", "blocks", "contrastive")
        for name, more in (("patience", UNSTEADY), ("val_share", {"plateau": True, "epochs": 1}))
    },
    "finetune.patience": {
        "finetune.lr": 0.1, "finetune.optimiser": "adam", "finetune.warmup": 0.0, "finetune.plateau": True,
        "finetune.validate_every": 1, "finetune.steps": 8, "finetune.ema": 0.0,
    },
    **{path: SEMI for path in setting_fields() if path.startswith("finetune.semi.") and path != "finetune.semi.on"},
}  # fmt: skip
PRETRAINING: Changes = {
    "epochs": 2, "lr": 1e-4, "optimiser": "adam", "warmup": 1.0, "clip_norm": 1e-3, "plateau": True, "patience": 1,
    "val_share": 0.4,
}  # fmt: skip
OTHER: Changes = {
    "pool.n4": True, "pool.normalise": "minmax", "pool.low_percentile": 20.0, "pool.high_percentile": 80.0,
    "pool.clip": False, "pool.matrix": 96, "pool.pixel_mm": 3.0,
    "network.channels": (8, 16), "network.bottleneck": 24, "network.channels_per_group": 4,
    "network.padding": "replicate",
    **{f"{group}.{name}": v for group in ("regression", "blocks", "contrastive") for name, v in PRETRAINING.items()},
    "regression.steps": 4, "regression.batch": 5, "regression.corrupted": 0.3, "regression.noise_std": 0.2,
    "regression.body_only": False,
    "blocks.steps": 4, "blocks.batch": 5, "blocks.block": 8, "blocks.corrupted": 0.3, "blocks.noise_std": 0.2,
    "blocks.body_only": False,
    "contrastive.steps": 5, "contrastive.local_steps": 4, "contrastive.batch": 5, "contrastive.temperature": 0.5,
    "contrastive.projection": 8, "contrastive.hidden": 16, "contrastive.exclude_position": 0.0,
    "contrastive.exclude_neighbours": 0, "contrastive.min_crop": 0.9, "contrastive.contrast": 0.0,
    "contrastive.brightness": 0.0, "contrastive.decoder_levels": 2, "contrastive.points": 8, "contrastive.region": 3,
    "contrastive.local_negatives": 4, "contrastive.negative_distance": 2.0, "contrastive.local_crop": 0.9,
    "contrastive.freeze_encoder": True,
    "finetune.steps": 5, "finetune.passes": 9, "finetune.epochs": 2, "finetune.batch": 5, "finetune.lr": 1e-4,
    "finetune.encoder_lr_factor": 1.0, "finetune.warmup": 1.0, "finetune.weight_decay": 0.5,
    "finetune.optimiser": "adamw", "finetune.loss": "dice", "finetune.plateau": True, "finetune.patience": 1,
    "finetune.validate_every": 2, "finetune.validate_epochs": 1, "finetune.clip_norm": 1e-3, "finetune.ema": 0.0,
    "finetune.foreground_share": 0.0, "finetune.head_prior": False,
    "finetune.augment.rotate_degrees": 0.0, "finetune.augment.scale": 0.0, "finetune.augment.translate": 0.0,
    "finetune.augment.elastic_pixels": 0.0, "finetune.augment.elastic_grid": 3, "finetune.augment.gamma": 0.0,
    "finetune.augment.contrast": 0.0, "finetune.augment.brightness": 0.0, "finetune.augment.bias": 0.0,
    "finetune.augment.noise": 0.0, "finetune.augment.blur_pixels": 0.0, "finetune.augment.flip": False,
    "finetune.semi.on": True, "finetune.semi.weight": 0.1, "finetune.semi.ramp": 0.0,
    "finetune.semi.confidence": 0.99, "finetune.semi.share": 2.0, "finetune.semi.cutmix": 0.0,
    "predict.test_time_augmentation": True, "predict.largest_component": False,
}  # fmt: skip
PREDICT_BATCH = "predict.batch"
OF_PLACES = {
    f"contrastive.{name}"
    for name in (
        "local_steps", "decoder_levels", "points", "region", "local_negatives", "negative_distance", "local_crop",
        "freeze_encoder",
    )
}  # fmt: skip
"""What the stage of whole slices knows nothing of."""


def chosen_by(changes: Changes) -> Preset:
    return override(preset("fast"), {**SMALL, **changes})[0]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run a small job of a kind with settings changed; everything that it said and made, but for the time."""
    project = tmp_path_factory.mktemp("settings")
    cases, labels = make_blob_project(project)
    compute = Compute(torch.device("cpu"), bf16=False, channels_last=False, words="CPU")
    numbers = iter(range(1, 10_000))

    def job(kind: str, changes: Changes) -> PretrainJob | FinetuneJob | PredictJob:
        chosen = chosen_by(changes)
        common: dict[str, Any] = {
            "run": f"r{next(numbers):04d}", "preset": "fast", "pool": chosen.pool, "network": chosen.network,
        }  # fmt: skip
        if kind in ("finetune", "semi"):  # the third case has no labels, or validates
            return FinetuneJob(
                settings=chosen.finetune, classes=BLOB, init=taught(), train=cases[:2],
                val=cases[2:] if kind == "finetune" else (), unlabelled=cases[2:] if chosen.finetune.semi.on else (),
                flip_allowed=True, **common,
            )  # fmt: skip
        if kind == "predict":
            return PredictJob(settings=chosen.predict, classes=BLOB, model=finetuned(), cases=cases, **common)
        return PretrainJob(settings=getattr(chosen, kind), cases=cases, **common)

    @cache
    def taught() -> str:
        made = job("regression", {})
        drive(made, project, compute)
        return made.run

    @cache
    def finetuned() -> str:
        made = job("finetune", {"finetune.steps": 30, "finetune.augment.scale": 0.1})
        drive(made, project, compute, labels)
        return made.run

    def done(kind: str, changes: Changes) -> Found:
        made = job(kind, changes)
        events = drive(made, project, compute, labels)
        said = [(e.phase, e.step, e.steps, e.loss) for e in events if isinstance(e, StepDone) and e.loss is not None]
        judged = [(e.step, e.loss) for e in events if isinstance(e, ValidationDone)]
        masks = [e.sha256 for e in events if isinstance(e, CasePredicted)]
        weights = project / "runs" / made.run / "weights.safetensors"
        return said, judged, masks, weights.read_bytes() if weights.exists() else b""

    return done


@pytest.fixture(scope="module")
def usual(run: Run) -> Callable[[str, tuple[tuple[str, object], ...]], Found]:
    """What a job does with nothing changed, or only what another setting has its say beside."""
    return cache(lambda kind, beside: run(kind, dict(beside)))


def test_no_setting_is_left_out_here() -> None:
    assert {*OTHER, PREDICT_BATCH} == set(setting_fields())


@pytest.mark.parametrize("path", OTHER)
def test_a_setting_that_is_changed_changes_what_the_job_does(path: str, run: Run, usual: Any) -> None:
    group = path.partition(".")[0]
    kind = "regression" if group in ("pool", "network") else "semi" if ".semi." in path else group
    beside = WITH.get(path, {})
    before = usual(kind, tuple(beside.items()))
    assert before[0] or before[2]
    after = run(kind, {**beside, path: OTHER[path]})
    assert after != before
    if group == "contrastive":  # the stage of places would differ for what it starts from alone
        first, second = ([loss for phase, _, _, loss in said if phase == "global"] for said in (before[0], after[0]))
        assert (first != second) is (path not in OF_PLACES)


def test_the_batch_of_a_prediction_changes_how_many_slices_are_computed_at_once_and_no_mask(
    run: Run, usual: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    real = predict.probabilities

    def counted(model: Any, images: torch.Tensor, *others: Any, **more: Any) -> torch.Tensor:
        batches.append(len(images))
        return real(model, images, *others, **more)

    monkeypatch.setattr(predict, "probabilities", counted)
    before = usual("predict", ())
    batches.clear()
    assert run("predict", {PREDICT_BATCH: 4})[2] == before[2]
    assert batches == [4, 2] * 3
