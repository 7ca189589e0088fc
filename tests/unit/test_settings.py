"""Every setting says what it means, in which unit, what it may be, and who says so; single ones can be changed."""

from __future__ import annotations

import pytest

from slicelab.core.errors import SettingError
from slicelab.jobs.fields import SOURCES, fields_of
from slicelab.jobs.overrides import override, parse_override, setting_fields
from slicelab.jobs.presets import PRESET_NAMES, preset
from slicelab.jobs.settings import FinetuneSettings, Preset


def test_no_setting_lacks_a_meaning_a_source_or_a_range() -> None:
    bare = [
        field.path
        for field in fields_of(Preset)
        if field.about is None or field.about.source not in SOURCES or len(field.meaning) < 10 or not field.allowed
    ]
    assert not bare


def test_every_field_of_a_preset_is_listed_once() -> None:
    def leaves(tree: dict[str, object], path: str = "") -> set[str]:
        found = set()
        for name, value in tree.items():
            here = f"{path}.{name}" if path else name
            found |= leaves(value, here) if isinstance(value, dict) else {here}
        return found

    tags = {"name", "regression.method", "blocks.method", "contrastive.method"}
    assert leaves(preset("fast").model_dump()) - tags == set(setting_fields())


def test_what_the_paper_does_not_name_its_preset_switches_off_but_what_its_encoder_needs_to_learn() -> None:
    """Without a warm-up and a limit the loss of the encoder's stage stays at that of an untrained network."""
    paper = preset("paper").model_dump()
    assert (paper["contrastive"].pop("warmup"), paper["contrastive"].pop("clip_norm")) == (0.1, 1.0)
    for path, field in setting_fields().items():
        if field.about is not None and field.about.source == "not named":
            value = paper
            for part in path.split("."):
                value = value.get(part)
            assert value in (False, 0.0, None), (path, value)


def test_the_paper_preset_trains_as_section_ii_e_says() -> None:
    paper = preset("paper")
    for pretraining in (paper.regression, paper.blocks, paper.contrastive):
        assert (pretraining.epochs, pretraining.lr, pretraining.optimiser) == (1000, 1e-3, "adam")
        assert pretraining.plateau
        assert pretraining.val_share > 0  # a plateau of the validation loss needs images to validate on
    assert (paper.finetune.epochs, paper.finetune.lr, paper.finetune.optimiser) == (500, 1e-3, "adam")
    assert (paper.finetune.plateau, paper.finetune.validate_epochs, paper.finetune.loss) == (True, 1, "dice")
    augment = paper.finetune.augment
    assert min(augment.translate, augment.scale, augment.elastic_pixels) > 0


def test_text_is_read_as_what_the_field_takes() -> None:
    wanted = {
        "finetune.lr": "3e-4",
        "finetune.augment.rotate_degrees": "5",
        "network.channels": "8,8, 16",
        "finetune.clip_norm": "none",
        "predict.largest_component": "no",
        "finetune.loss": "dice",
    }
    made, told = override(preset("fast"), wanted)
    assert made.finetune.lr == 3e-4
    assert made.finetune.augment.rotate_degrees == 5.0
    assert made.network.channels == (8, 8, 16)
    assert made.finetune.clip_norm is None
    assert not made.predict.largest_component
    assert told == {
        "finetune.lr": 3e-4,
        "finetune.augment.rotate_degrees": 5.0,
        "network.channels": [8, 8, 16],
        "finetune.clip_norm": None,
        "predict.largest_component": False,
        "finetune.loss": "dice",
    }
    assert override(preset("fast"), told)[0] == made  # what is recorded gives the same settings again


def test_nothing_but_what_was_asked_for_is_changed() -> None:
    made, _ = override(preset("paper"), {"finetune.lr": 1e-2})
    assert made.finetune.model_copy(update={"lr": 1e-3}) == preset("paper").finetune
    assert made.model_copy(update={"finetune": preset("paper").finetune}) == preset("paper")


def test_a_number_of_steps_counts_more_than_the_presets_epochs_but_not_more_than_epochs_that_are_given() -> None:
    assert override(preset("paper"), {"finetune.steps": "7"})[0].finetune.epochs is None
    assert override(preset("paper"), {"contrastive.local_steps": "7"})[0].contrastive.epochs is None
    both = {"finetune.steps": "7", "finetune.epochs": "2"}
    assert override(preset("paper"), both)[0].finetune.epochs == 2


@pytest.mark.parametrize(
    ("path", "value", "range_"),
    [
        ("finetune.lr", "0", "a number above 0, at most 1"),
        ("finetune.lr", "nan", "a number above 0, at most 1"),
        ("finetune.lr", "fast", "a number above 0, at most 1"),
        ("pool.matrix", "100", "a whole number divisible by 32 from 32 to 1,024"),
        ("pool.pixel_mm", "-1", "a number from 0.01 to 100 or none"),
        ("finetune.optimiser", "sgd", "one of adam, adamw, muon"),
        ("network.channels", "8,x", "1 to 5 numbers separated by commas"),
        ("network.channels", "8,8,8,8,8,8", "1 to 5 numbers separated by commas"),
        ("predict.largest_component", "perhaps", "true or false"),
        ("regression.epochs", "1.5", "a whole number from 1 to 100,000 or none"),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_range(path: str, value: str, range_: str) -> None:
    with pytest.raises(SettingError) as refused:
        override(preset("fast"), {path: value})
    assert path in refused.value.message
    assert value in refused.value.message
    assert range_ in refused.value.remedy


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("finetune.lrr", "finetune.lr"),
        ("finetune.rotate_degrees", "finetune.augment.rotate_degrees"),
        ("finetune.learning_rate", "`slicelab presets`"),
        ("tta", "`slicelab presets`"),
        ("regression.method", "regression"),
        ("name", "`slicelab presets`"),
    ],
)
def test_an_unknown_setting_is_refused_with_its_neighbours(path: str, near: str) -> None:
    with pytest.raises(SettingError, match="no setting") as refused:
        override(preset("fast"), {path: 1})
    assert near in refused.value.remedy


def test_a_setting_that_changes_nothing_in_a_job_is_refused_there() -> None:
    with pytest.raises(SettingError, match="changes nothing here") as refused:
        override(preset("fast"), {"finetune.lr": "1e-3"}, ("predict",))
    assert "predict.*" in refused.value.remedy


def test_percentiles_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(SettingError, match="low_percentile must be below"):
        override(preset("fast"), {"pool.low_percentile": "99.5"})


@pytest.mark.parametrize("text", ["finetune.lr", "=3", "finetune.lr=", " = "])
def test_text_that_is_no_setting_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(SettingError, match="is not a setting"):
        parse_override(text)


@pytest.mark.parametrize("name", PRESET_NAMES)
def test_each_field_can_be_overridden_by_its_own_value(name: str) -> None:
    chosen = preset(name)
    for path in setting_fields():
        value: object = chosen.model_dump()
        for part in path.split("."):
            value = value[part]
        made, _ = override(chosen, {path: value, **_length(chosen, path)})
        assert made == chosen, path


def _length(chosen: Preset, path: str) -> dict[str, object]:
    """What else says how long: it is as before only where it is said again."""
    group, _, name = path.partition(".")
    part = getattr(chosen, group)
    if name not in ("steps", "local_steps"):
        return {}
    passes = {"finetune.passes": part.passes} if group == "finetune" else {}
    return {f"{group}.epochs": part.epochs, **passes}


def test_the_defaults_of_the_settings_are_the_fast_preset() -> None:
    assert preset("fast").finetune == FinetuneSettings()
