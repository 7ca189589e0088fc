"""Looks inside a pretraining: pictures of the step's own tensors, and a training that does not notice them."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from learn_kit import SMALL, drive, pretrain_events, pretrain_job, slice_set

from slicelab.core.errors import SlicelabError
from slicelab.data.look import LOOK, Look, load_look, save_look
from slicelab.data.pool import build
from slicelab.jobs.events import LookTaken, StepDone
from slicelab.jobs.settings import BlockSettings, ContrastiveSettings, RegressionSettings
from slicelab.learn import looks as looks_module
from slicelab.learn.looks import Looks
from slicelab.learn.unet import UNet

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.settings import PretrainSettings
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

CONTRASTIVE = ContrastiveSettings(steps=2, local_steps=2, batch=4, hidden=32, projection=16, points=16)
METHODS = [RegressionSettings(steps=2, batch=4), BlockSettings(steps=2, batch=4), CONTRASTIVE]


@pytest.fixture(autouse=True)
def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """No look waits for the one before it."""
    monkeypatch.setattr(looks_module, "EVERY_S", 0.0)
    monkeypatch.setattr(looks_module, "SHARE", float("inf"))


@pytest.mark.parametrize("settings", METHODS, ids=lambda one: one.method)
def test_a_look_says_its_step_and_shows_a_slice_of_the_pool_first(
    settings: PretrainSettings, blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, _ = blob_project
    job = pretrain_job("r0001", cases, settings)
    events = drive(job, project, compute)
    told = [e for e in events if isinstance(e, LookTaken)]
    learned = [e for e in events if isinstance(e, StepDone) and e.loss is not None]
    assert [(e.step, e.phase) for e in told] == [(e.step, e.phase) for e in learned]
    look = load_look(project / "runs" / "r0001" / told[-1].file)
    assert (look.step, look.phase, look.case, look.slice) == (
        told[-1].step,
        told[-1].phase,
        told[-1].case,
        told[-1].slice,
    )
    pool = {one.case: one for one in build(project, job.pool, cases)}
    slices = np.clip(np.asarray(pool[look.case].slices[look.slice], np.float32), 0.0, 1.0)
    original = next(iter(look.pictures.values()))
    assert original.shape == (job.pool.matrix, job.pool.matrix)
    assert np.abs(original / 255.0 - slices).max() < 0.01, "as in the stack, neither turned nor mirrored"


def test_a_regression_shows_what_was_hidden_and_what_was_made_of_it(
    blob_project: BlobProject, compute: Compute
) -> None:
    project, cases, _ = blob_project
    drive(pretrain_job("r0001", cases, METHODS[1]), project, compute)
    look = load_look(project / "runs" / "r0001" / LOOK)
    assert list(look.pictures) == ["original", "corrupted", "restored"]
    original, corrupted, restored = look.pictures.values()
    hidden = original != corrupted
    assert 0.1 < hidden.mean() < 0.9
    assert corrupted[hidden].mean() < original[hidden].mean() / 2, "hidden pixels are noise about nothing"
    assert not np.array_equal(restored, corrupted)


def test_contrastive_learning_shows_two_views_in_both_stages(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    job = pretrain_job("r0001", cases, CONTRASTIVE)
    for stop, phase in ((2, "global"), (4, "local")):
        drive(job, project, compute, stop_after=stop)
        look = load_look(project / "runs" / "r0001" / LOOK)
        assert look.phase == phase
        assert list(look.pictures) == ["original", "first", "second"]
        assert not np.array_equal(look.pictures["first"], look.pictures["second"])


@pytest.mark.parametrize("settings", METHODS, ids=lambda one: one.method)
def test_a_training_takes_the_same_steps_with_looks_and_without(
    settings: PretrainSettings, compute: Compute, tmp_path: Path
) -> None:
    slices = slice_set(torch.rand(12, 64, 64, generator=torch.Generator().manual_seed(3)), cases=3)

    def trained(looks: Looks | None) -> tuple[list[float | None], UNet]:
        torch.manual_seed(0)
        model = UNet(SMALL, 1)
        events = list(pretrain_events(model, slices, settings, compute, looks=looks))
        return [e.loss for e in events if isinstance(e, StepDone)], model

    plain, one = trained(None)
    looked, other = trained(Looks(tmp_path))
    assert plain == looked
    assert (tmp_path / LOOK).is_file()
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))


def test_looks_wait_a_second_and_longer_where_they_are_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks_module, "EVERY_S", 1.0)
    monkeypatch.setattr(looks_module, "SHARE", 0.01)
    now = [0.0]
    looks = Looks(tmp_path, clock=lambda: now[0])
    slices = slice_set(torch.rand(4, 8, 8))
    pictures = {"original": slices.batch(torch.arange(4))}

    def take() -> None:
        list(looks.taken("blocks", 1, slices, torch.arange(4), pictures))

    assert looks.due()
    take()
    assert not looks.due()
    now[0] = 1.0
    assert looks.due()
    ticks = count(1.0, 0.05)
    monkeypatch.setattr(looks, "_clock", lambda: next(ticks))
    take()
    monkeypatch.setattr(looks, "_clock", lambda: 3.0)
    assert not looks.due(), "it took 0.05 s, so that the next one waits 5 s"
    monkeypatch.setattr(looks, "_clock", lambda: 7.0)
    assert looks.due()


def test_the_last_step_is_always_shown(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks_module, "EVERY_S", 1000.0)
    project, cases, _ = blob_project
    for run, settings in (("r0001", METHODS[0]), ("r0002", CONTRASTIVE)):
        events = drive(pretrain_job(run, cases, settings), project, compute)
        steps = max(e.step for e in events if isinstance(e, StepDone) and e.loss is not None)
        assert [e.step for e in events if isinstance(e, LookTaken)] == [1, steps]


def test_another_process_than_the_first_takes_none() -> None:
    assert not Looks(None).due(last=True)


def test_a_disk_that_refuses_costs_the_look_and_nothing_else(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    (project / "runs" / "r0001" / LOOK).mkdir(parents=True)
    events = drive(pretrain_job("r0001", cases, METHODS[0]), project, compute)
    assert not any(isinstance(e, LookTaken) for e in events)
    assert [e.step for e in events if isinstance(e, StepDone) and e.loss is not None] == [1, 2]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a zip", None])
def test_a_damaged_look_is_told_in_words(damage: bytes | None, tmp_path: Path) -> None:
    picture = np.zeros((4, 4), np.uint8)
    save_look(tmp_path / LOOK, Look(3, "blocks", "c0001", 2, {"original": picture}))
    whole = (tmp_path / LOOK).read_bytes()
    assert load_look(tmp_path / LOOK).step == 3
    (tmp_path / LOOK).write_bytes(whole[: len(whole) // 2] if damage is None else damage)
    with pytest.raises(SlicelabError, match="missing or damaged"):
        load_look(tmp_path / LOOK)
