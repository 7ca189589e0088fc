"""The plane of slices inside a running contrastive pretraining: its own projections, the last of each slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from learn_kit import drive, pretrain_job, slice_set

from slicelab.core.slice_map import plane_of
from slicelab.data.look import LOOK, load_look
from slicelab.jobs.settings import ContrastiveSettings
from slicelab.learn import gathered as gathered_module
from slicelab.learn import looks as looks_module
from slicelab.learn.gathered import Gathered

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute

    BlobProject = tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]


def test_dots_are_the_last_projections_case_by_case(monkeypatch: pytest.MonkeyPatch) -> None:
    slices = slice_set(torch.rand(12, 8, 8), cases=3)
    seen = Gathered(slices, on=True)
    vectors = torch.randn(12, 5, generator=torch.Generator().manual_seed(1))
    seen.note(torch.arange(4), torch.zeros(4, 5))
    assert seen.dots() == (), "of so few nothing can be said"
    seen.note(torch.arange(11, -1, -1), vectors.flip(0))
    dots = seen.dots()
    assert [(one.case, one.slice) for one in dots] == [
        (slices.cases[int(c)], int(k)) for c, k in zip(slices.case, slices.index, strict=True)
    ]
    placed = np.concatenate(plane_of([vectors[slices.case == c].numpy() for c in range(3)]))
    np.testing.assert_allclose([(one.x, one.y) for one in dots], placed, atol=1e-5)
    monkeypatch.setattr(gathered_module, "MOST", 6)
    some = Gathered(slices, on=True)
    some.note(torch.arange(12), vectors)
    monkeypatch.setattr(gathered_module, "_FEWEST", 2)
    followed = [(slices.cases[int(slices.case[at])], int(slices.index[at])) for at in range(0, 12, 2)]
    assert [(one.case, one.slice) for one in some.dots()] == followed, "of a large pool every second slice"
    placed = np.concatenate(plane_of([vectors[::2][slices.case[::2] == c].numpy() for c in range(3)]))
    np.testing.assert_allclose([(one.x, one.y) for one in some.dots()], placed, atol=1e-5)
    none = Gathered(slices, on=False)
    none.note(torch.arange(12), vectors)
    assert none.dots() == ()


def test_a_look_inside_a_contrastive_pretraining_holds_dots_of_both_stages(
    blob_project: BlobProject, compute: Compute, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looks_module, "EVERY_S", 0.0)
    monkeypatch.setattr(looks_module, "SHARE", float("inf"))
    monkeypatch.setattr(gathered_module, "_FEWEST", 4)
    project, cases, _ = blob_project
    settings = ContrastiveSettings(steps=2, local_steps=2, batch=4, hidden=32, projection=16, points=16)
    places = []
    for stop in (2, 4):
        drive(pretrain_job("r0001", cases, settings), project, compute, stop_after=stop)
        look = load_look(project / "runs" / "r0001" / LOOK)
        assert {one.case for one in look.dots} <= {case.case for case in cases}
        assert len(look.dots) >= 4
        places.append(look.dots)
    assert places[0] != places[1], "it goes on moving"
