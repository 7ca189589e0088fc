"""Presets: complete, different, and overridable in their number of steps."""

from __future__ import annotations

import pytest

from slicelab.core.errors import SettingError, UnknownNameError
from slicelab.jobs.lengths import steps_of
from slicelab.jobs.overrides import override, setting_fields
from slicelab.jobs.presets import PRESET_NAMES, preset, with_steps
from slicelab.jobs.settings import ContrastiveSettings, FinetuneSettings, Preset
from slicelab.learn.contrastive import stage_steps
from slicelab.learn.masked import total_steps


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_a_preset_survives_json(name: str) -> None:
    assert Preset.model_validate_json(preset(name).model_dump_json()) == preset(name)


def test_the_paper_preset_says_what_the_paper_says() -> None:
    paper = preset("paper")
    assert paper.pool.n4
    assert (paper.regression.epochs, paper.contrastive.epochs, paper.finetune.epochs) == (1000, 1000, 500)
    assert (paper.regression.corrupted, paper.regression.noise_std) == (0.10, 0.01)
    assert (paper.contrastive.temperature, paper.contrastive.freeze_encoder) == (0.1, True)
    assert (paper.contrastive.exclude_position, paper.contrastive.exclude_neighbours) == (0.0, 0)
    assert (paper.finetune.optimiser, paper.finetune.lr, paper.finetune.loss) == ("adam", 1e-3, "dice")
    assert paper.finetune.encoder_lr_factor == 1.0
    assert paper.finetune.plateau
    assert {paper.regression.optimiser, paper.contrastive.optimiser} == {"adam"}
    assert {paper.regression.lr, paper.contrastive.lr} == {1e-3}


def test_the_views_of_the_paper_preset_are_those_of_the_paper_and_where_it_is_silent_of_its_source() -> None:
    """II-C: random crops, changes of contrast and brightness; 13 places of 3 x 3 features, 5 negatives each."""
    paper = preset("paper").contrastive
    assert (paper.min_crop, paper.local_crop) == (0.52, 1.0)
    assert (paper.contrast, paper.brightness) == (0.3, 0.3)
    assert (paper.points, paper.region, paper.local_negatives, paper.negative_distance) == (13, 3, 5, 3.0)


def test_the_paper_preset_augments_finetuning_as_the_paper_and_corrects_and_evens_out_as_it_does() -> None:
    """II-D and II-E: N4, random translation, crops and elastic deformations, and intensities; nothing it leaves out."""
    paper = preset("paper")
    assert (paper.pool.n4, paper.pool.matrix) == (True, 192)
    augment = paper.finetune.augment
    assert (augment.translate, augment.scale, augment.elastic_pixels) == (0.1, 0.2, 5.0)
    assert (augment.contrast, augment.brightness) == (0.2, 0.1)
    left_out = (augment.rotate_degrees, augment.gamma, augment.bias, augment.noise, augment.blur_pixels, augment.flip)
    assert not any(left_out)
    assert (paper.finetune.ema, paper.finetune.weight_decay, paper.finetune.foreground_share) == (0.0, 0.0, 0.0)
    assert (paper.regression.batch, paper.contrastive.batch, paper.finetune.batch) == (20, 20, 10)
    assert not paper.predict.largest_component


def test_the_legend_says_the_truth_of_what_the_paper_does_not_name() -> None:
    """Of what it does not name, its preset has switched off what the legend calls so, and uses what it calls added."""
    tree = preset("paper").model_dump()
    for path, field in setting_fields().items():
        value = tree
        for part in path.split("."):
            value = value[part]
        if field.about is not None and field.about.source == "not named":
            assert value in (0, 0.0, None, False), path
        if field.about is not None and field.about.source == "added":
            assert value, path


def test_an_unknown_preset_is_named_with_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=r"fast, paper"):
        preset("quick")


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_steps_override_steps_and_epochs(name: str) -> None:
    chosen = preset(name)
    assert total_steps(with_steps(chosen.regression, 70), 500) == 70
    assert sum(stage_steps(with_steps(chosen.contrastive, 100), 500)) == 100
    if name == "paper":  # equal epochs in both stages
        assert stage_steps(with_steps(chosen.contrastive, 400), 500) == (200, 200)
    assert with_steps(chosen.finetune, 30).steps == 30
    assert with_steps(chosen.finetune, 30).epochs is None
    assert with_steps(chosen.finetune, None) == chosen.finetune


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_a_contrastive_pretraining_does_as_many_steps_as_were_asked_for_however_few(name: str) -> None:
    chosen = preset(name).contrastive.model_copy(update={"steps": 900, "local_steps": 1})
    for settings in (preset(name).contrastive, chosen):
        for steps in (2, 3, 4, 7):
            assert sum(stage_steps(with_steps(settings, steps), 500)) == steps
        with pytest.raises(SettingError, match="takes 2 steps at least"):
            with_steps(settings, 1)


def test_epochs_are_passes_over_the_pool() -> None:
    assert stage_steps(ContrastiveSettings(epochs=10, batch=16), 160) == (100, 100)


def test_no_number_of_steps_below_one_is_taken() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        with_steps(FinetuneSettings(), 0)


def test_many_labelled_slices_get_more_steps_and_few_no_less_than_the_preset_says() -> None:
    fast = preset("fast").finetune
    assert (fast.steps, fast.passes, fast.batch) == (400, 16, 8)
    assert [steps_of(fast, slices) for slices in (1, 24, 200, 201, 400)] == [400, 400, 400, 402, 800]
    assert steps_of(preset("paper").finetune, 400) == 500 * 40, "epochs alone decide where they are given"


def test_as_many_steps_as_were_asked_for_are_made_however_many_slices_are_labelled() -> None:
    asked = with_steps(preset("fast").finetune, 30)
    assert steps_of(asked, 10_000) == 30
    told, _ = override(preset("fast"), {"finetune.steps": "30"})
    assert steps_of(told.finetune, 10_000) == 30
    both, _ = override(preset("fast"), {"finetune.steps": "30", "finetune.passes": "2"})
    assert steps_of(both.finetune, 10_000) == 2_500
