"""Alarms come when training really goes wrong, once, in words, and not when it goes well."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from learn_kit import SMALL, blob_stack, drive, finetune_job, pretrain_events, slice_set

from slicelab.jobs.events import AlarmRaised, StepDone
from slicelab.jobs.settings import BlockSettings, ContrastiveSettings, RegressionSettings, SemiSettings
from slicelab.learn.collapse import CollapseWatch, collapse_alarm
from slicelab.learn.unet import UNet

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import PretrainSettings
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

SIDE = 32


def blobs() -> torch.Tensor:
    """Twenty-four slices that differ."""
    return torch.from_numpy(np.concatenate([blob_stack(k, side=SIDE)[0] for k in range(4)])) / 100


def greys() -> torch.Tensor:
    """Twenty-four slices that a network with normalisation cannot tell apart."""
    return (0.2 + 0.02 * torch.arange(24.0))[:, None, None].expand(-1, SIDE, SIDE).clone()


def stripes() -> torch.Tensor:
    """Slices of fine stripes in many directions: a median blurs them, a network can learn to go on with them."""
    y, x = np.mgrid[:SIDE, :SIDE]
    angles = np.linspace(0, 3, 24)[:, None, None]
    waves = np.sin(2 * np.pi * (x * np.cos(angles) + y * np.sin(angles)) / 3.2)
    return torch.from_numpy(0.5 + 0.4 * waves)


def pretrain(images: torch.Tensor, settings: PretrainSettings, compute: Compute) -> list[AnyEvent]:
    torch.manual_seed(0)
    return list(pretrain_events(UNet(SMALL, 1), slice_set(images, cases=4), settings, compute))


def alarms(events: Iterable[AnyEvent]) -> list[AlarmRaised]:
    return [event for event in events if isinstance(event, AlarmRaised)]


def whole_slices(**more: object) -> ContrastiveSettings:
    fields = {"steps": 56, "local_steps": 1, "batch": 6, "hidden": 32, "projection": 16, "points": 16}
    return ContrastiveSettings.model_validate({**fields, **more})


def test_a_healthy_contrastive_pretraining_raises_no_alarm(compute: Compute) -> None:
    assert alarms(pretrain(blobs(), whole_slices(), compute)) == []


def test_a_collapse_raises_one_alarm_after_fifty_steps_at_log_of_negatives_plus_one(compute: Compute) -> None:
    """All pictures look alike to the network, so that every negative is as near as the positive."""
    events = pretrain(greys(), whole_slices(exclude_position=0.0, exclude_neighbours=0), compute)
    steps = [event for event in events if isinstance(event, StepDone) and event.phase == "global"]
    assert [step.loss for step in steps[-5:]] == pytest.approx([math.log(10 + 1)] * 5, rel=0.01)
    assert [step.terms["untrained"] for step in steps[-5:]] == pytest.approx([math.log(10 + 1)] * 5, rel=1e-6)
    (alarm,) = alarms(events)
    assert alarm.code == "contrastive_collapse_global"
    assert events.index(alarm) == events.index(steps[49]) + 1
    assert "not learning to tell images apart" in alarm.message


def test_an_encoder_that_really_collapses_raises_the_alarm_on_pictures_that_it_could_have_told_apart(
    compute: Compute,
) -> None:
    """A hundred times too fast, without warm-up or limit, the network ends up making one thing of all slices."""
    wild = {"lr": 0.1, "optimiser": "adam", "clip_norm": None, "warmup": 0.0}
    found = {
        name: pretrain(blobs(), whole_slices(steps=60, exclude_position=0.0, exclude_neighbours=0, **more), compute)
        for name, more in (("healthy", {}), ("wild", wild))
    }
    last = {
        name: [e.loss for e in events if isinstance(e, StepDone) and e.phase == "global"][-1]
        for name, events in found.items()
    }
    assert alarms(found["healthy"]) == []
    assert last["healthy"] < 0.9 * math.log(10 + 1)
    assert [alarm.code for alarm in alarms(found["wild"])] == ["contrastive_collapse_global"]
    assert last["wild"] == pytest.approx(math.log(10 + 1), rel=0.01)


@pytest.mark.parametrize("crop", [1.0, 0.6])
def test_a_local_stage_says_at_its_end_how_far_it_was_solved_without_looking(crop: float, compute: Compute) -> None:
    """Zeros beyond the edge tell places apart on pictures of one grey; an edge that goes on does not."""
    without_content = {}
    for padding in ("zeros", "replicate"):
        torch.manual_seed(0)
        model = UNet(SMALL.model_copy(update={"padding": padding}), 1)
        settings = whole_slices(steps=1, local_steps=60, local_crop=crop, negative_distance=2.0)
        events = pretrain_events(model, slice_set(blobs(), cases=4), settings, compute)
        steps = [e.terms for e in events if isinstance(e, StepDone) and e.phase == "local"]
        assert ["flat" in terms for terms in steps] == [False] * 59 + [True]
        assert steps[-1]["local"] < 0.2 * steps[-1]["untrained"]
        without_content[padding] = steps[-1]["flat"] / steps[-1]["untrained"]
    assert without_content["zeros"] < 0.4
    assert without_content["replicate"] > 0.7


def test_a_learning_rate_of_nothing_is_noticed(compute: Compute) -> None:
    (alarm,) = alarms(pretrain(blobs(), whole_slices(lr=1e-12), compute))
    assert alarm.code == "contrastive_collapse_global"


def test_a_decoder_that_learns_nothing_is_noticed_although_no_decoder_starts_without_an_idea(compute: Compute) -> None:
    """An untrained network with its skips knows a little about places, and its loss lies below that of no idea."""
    found = pretrain(blobs(), whole_slices(steps=1, local_steps=152, lr=1e-12, negative_distance=1.0), compute)
    losses = [event for event in found if isinstance(event, StepDone) and event.phase == "local"]
    mean = sum(event.terms["local"] / event.terms["untrained"] for event in losses) / len(losses)
    assert 0.8 < mean < 0.97
    assert [alarm.code for alarm in alarms(found)] == ["contrastive_collapse_local"]


def test_a_loss_that_stays_near_that_of_no_idea_is_a_collapse_only_if_it_never_fell() -> None:
    stays, falls = CollapseWatch(), CollapseWatch()
    assert [stays.stuck(2.8, 3.0) for _ in range(200)].index(True) == 149
    assert not any(falls.stuck(loss, 3.0) for loss in np.linspace(2.9, 2.75, 200))


def test_a_pool_without_a_single_negative_is_noticed(compute: Compute) -> None:
    """Volumes of one slice each: all show the same relative position, and nothing is left to be told apart."""
    torch.manual_seed(0)
    slices = slice_set(blobs(), cases=24)
    events = list(pretrain_events(UNet(SMALL, 1), slices, whole_slices(), compute))
    assert {event.loss for event in events if isinstance(event, StepDone) and event.phase == "global"} == {0.0}
    assert [alarm.code for alarm in alarms(events)] == ["contrastive_collapse_global"]


def test_a_loss_that_falls_late_is_no_collapse_and_one_that_rises_again_is() -> None:
    watch = CollapseWatch()
    assert not any(watch.stuck(loss, 3.0) for loss in np.linspace(3.0, 1.0, 200))
    told = [watch.stuck(3.0, 3.0) for _ in range(200)]
    assert told.count(True) == 1
    assert told.index(True) < 60


def regression(**more: object) -> RegressionSettings:
    return RegressionSettings.model_validate({"steps": 41, "batch": 4, **more})


def test_a_regression_that_beats_the_median_of_the_neighbours_raises_no_alarm(compute: Compute) -> None:
    events = pretrain(stripes(), regression(), compute)
    assert alarms(events) == []
    measured = [event for event in events if isinstance(event, StepDone) and "median3x3" in event.terms]
    assert [event.step for event in measured] == [1, 11, 21, 31, 41]
    assert measured[-1].loss is not None
    assert measured[-1].loss < 0.7 * measured[-1].terms["median3x3"]


@pytest.mark.parametrize("lr", [1e-12, 2e-3])
def test_a_regression_no_better_than_the_median_raises_the_alarm(lr: float, compute: Compute) -> None:
    """Untaught, or taught on pictures of which the median of the neighbours knows all there is to know."""
    (alarm,) = alarms(pretrain(blobs() if lr > 1e-3 else stripes(), regression(lr=lr), compute))
    assert alarm.code == "regression_taught_little"
    assert "hardly better than the median" in alarm.message


def test_blocks_are_not_held_against_a_median(compute: Compute) -> None:
    assert alarms(pretrain(stripes(), BlockSettings(steps=3, batch=4, lr=1e-12), compute)) == []


@pytest.mark.parametrize(
    ("pool", "seen"), [((), None), (("p0001", "p0009"), None), (("p0002",), "1 of 2"), (("p0003", "p0002"), "2 of 2")]
)
def test_validation_patients_in_the_pretraining_pool_raise_the_alarm(
    pool: tuple[str, ...], seen: str | None, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    job = finetune_job("r0001", cases[:1], steps=1, val=cases[1:], pretrained_patients=pool)
    found = alarms(drive(job, project, compute, labels))
    assert [alarm.code for alarm in found] == (["test_patient_in_pool"] if seen else [])
    if seen:
        assert f"{seen} validation patients" in found[0].message


@pytest.mark.parametrize(
    ("tests", "seen"), [((), None), (("p0009",), None), (("p0002", "p0009"), "1 of 2"), (("p0002", "p0003"), "2 of 2")]
)
def test_test_patients_whose_images_a_semi_supervised_training_learns_from_raise_the_alarm(
    tests: tuple[str, ...], seen: str | None, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, labels = blob_project
    settings = finetune_job("r0001", cases[:1], steps=1).settings.model_copy(update={"semi": SemiSettings(on=True)})
    job = finetune_job(
        "r0001", cases[:1], steps=1, settings=settings, unlabelled=cases[1:], test_patients=tests,
        pretrained_patients=("p0001",),
    )  # fmt: skip
    found = alarms(drive(job, project, compute, labels))
    assert [alarm.code for alarm in found] == (["test_patient_in_pool"] if seen else [])
    if seen:
        assert f"This training learns from images, without labels, of {seen} patients" in found[0].message


def test_an_alarm_speaks_to_a_reader_of_images() -> None:
    """Full sentences with something to do, and no word of programmers."""
    message = collapse_alarm("global").message
    assert message.endswith(".")
    assert "Stop it, and try" in message
    assert not re.search(r"NT-Xent|log\(|nan|epoch|gradient|encoder", message)
