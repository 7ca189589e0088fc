"""The rate of a pretraining is halved by patients it did not learn from (paper II-E)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from learn_kit import POOL
from test_run import drive, pretrain_job

from slicelab.data.pool import PoolCase, build
from slicelab.data.resample import frame_for
from slicelab.jobs.events import StepDone
from slicelab.jobs.settings import BlockSettings, ContrastiveSettings, RegressionSettings
from slicelab.learn import optim
from slicelab.learn.heldout import held_out_loss, hold_out
from slicelab.learn.slices import load_slices

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]

BY_THE_PAPER = {
    "epochs": 2, "batch": 4, "optimiser": "adam", "plateau": True, "warmup": 0.0, "clip_norm": None, "val_share": 0.3,
}  # fmt: skip
METHODS = [
    RegressionSettings.model_validate({**BY_THE_PAPER, "body_only": False}),
    BlockSettings.model_validate(BY_THE_PAPER),
    ContrastiveSettings.model_validate(
        {**BY_THE_PAPER, "hidden": 16, "projection": 8, "points": 8, "freeze_encoder": True}
    ),
]


def pool_of(patients: list[str]) -> list[PoolCase]:
    frame = frame_for((32, 32), (1.0, 1.0), 1.0, 32)
    images = np.zeros((1, 32, 32), np.float16)
    return [PoolCase(f"c{k}", patient, images, frame) for k, patient in enumerate(patients)]


def test_patients_are_held_out_whole_and_the_same_ones_for_a_seed() -> None:
    pool = pool_of([f"p{k // 2}" for k in range(20)])
    kept, held = hold_out(pool, 0.2, seed=3)
    assert len({case.patient for case in held}) == 2
    assert len(held) == 4
    assert not {case.patient for case in kept} & {case.patient for case in held}
    assert len(kept) + len(held) == 20
    assert [c.case for c in hold_out(pool, 0.2, seed=3)[1]] == [c.case for c in held]
    assert any([c.case for c in hold_out(pool, 0.2, seed=s)[1]] != [c.case for c in held] for s in range(5))


@pytest.mark.parametrize(("patients", "share", "count"), [(["a", "b"], 0.1, 1), (["a"], 0.1, 0), (["a", "b"], 0.0, 0)])
def test_one_patient_at_least_is_held_out_and_one_is_always_left(patients: list[str], share: float, count: int) -> None:
    kept, held = hold_out(pool_of(patients), share, seed=0)
    assert len(held) == count
    assert kept


def test_two_readings_of_one_network_are_equal(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    slices = load_slices(list(build(project, POOL, cases)), POOL.matrix, compute.device)
    seen: list[torch.Tensor] = []

    def loss_of(chosen: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
        seen.append(chosen)
        return torch.rand((), generator=chance)

    assert held_out_loss(slices, 4, 1, loss_of) == held_out_loss(slices, 4, 1, loss_of)
    assert [len(part) for part in seen[: len(seen) // 2]] == [4] * 4  # 18 slices: the last two fill no batch
    assert held_out_loss(slices, 4, 2, loss_of) != held_out_loss(slices, 4, 1, loss_of)


@pytest.mark.parametrize("settings", METHODS, ids=lambda s: s.method)
def test_the_held_out_loss_is_read_once_an_epoch_and_halves_the_rate(
    settings: RegressionSettings, blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two patients learnt from have 12 slices: three steps of four an epoch."""
    read: list[float] = []

    class Watched(optim.Plateau):
        def read(self, value: float) -> float:
            read.append(value)
            return super().read(value)

    monkeypatch.setattr("slicelab.learn.masked.Plateau", Watched)
    monkeypatch.setattr("slicelab.learn.contrastive.Plateau", Watched)
    project, cases, _ = blob_project
    events = drive(pretrain_job("r0001", cases, settings), project, compute)
    steps = [e for e in events if isinstance(e, StepDone) and e.loss is not None]
    told = {e.step: e.terms["val"] for e in steps if "val" in e.terms}
    assert list(told) == list(range(3, steps[-1].steps + 1, 3))
    assert list(told.values()) == read
    assert all(np.isfinite(value) for value in read)


@pytest.mark.parametrize(("module", "settings", "stages"), [("masked", METHODS[0], 1), ("contrastive", METHODS[2], 2)])
def test_the_rate_is_halved_when_the_held_out_loss_no_longer_falls(
    module: str,
    settings: RegressionSettings | ContrastiveSettings,
    stages: int,
    blob_project: BlobProject,
    compute: Compute,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Three steps an epoch; of five epochs the third is the second without progress. Each stage begins anew."""
    factors: list[float] = []
    monkeypatch.setattr(f"slicelab.learn.{module}.held_out_loss", lambda *_: 1.0)
    monkeypatch.setattr(f"slicelab.learn.{module}.set_rates", lambda _, factor: factors.append(factor))
    project, cases, _ = blob_project
    patient = settings.model_copy(update={"epochs": 5, "patience": 2})
    drive(pretrain_job("r0001", cases, patient), project, compute)
    assert factors == ([1.0] * 9 + [0.5] * 6) * stages


def test_a_pool_of_one_patient_reads_its_own_loss(blob_project: BlobProject, compute: Compute) -> None:
    project, cases, _ = blob_project
    events = drive(pretrain_job("r0001", cases[:1], METHODS[0]), project, compute)
    assert any("val" in e.terms for e in events if isinstance(e, StepDone))
