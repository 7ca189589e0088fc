"""Expected Dice in a real project: calibrated on labelled cases the model never learned from, lowest first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from slicelab.core.labels import Origin, SliceState
from slicelab.engine.report import methods_report
from slicelab.engine.report_page import Picture
from slicelab.engine.session import Session


@pytest.fixture
def doubting(tmp_path: Path, predicted_template: Path) -> Iterator[Session]:
    """A project whose model doubts more of each further case, and is as wrong as it doubts."""
    folder = Path(shutil.copytree(predicted_template, tmp_path / "project"))
    with Session.open(folder) as opened:
        for number, case in enumerate(opened.cases()):
            file = next((folder / "predictions").rglob(f"{case.id}.uncertainty.npy"))
            doubt = np.zeros_like(np.load(file))
            mask = opened.prediction(case.id)
            assert mask is not None
            rows = np.unique(np.argwhere(mask == 1)[:, 1])
            doubt[:, rows[: 2 * number]] = 255
            np.save(file, doubt)
        yield opened


def label(session: Session, name: str, doubted_rows: int, *, accept: bool = False) -> None:
    """Finish four slices; the true outline is the model's but for the rows it doubts."""
    case = session.find([name])[0].id
    mask = session.prediction(case)
    assert mask is not None
    for index in (2, 4, 6, 8):
        own = mask[index].copy()
        rows = np.unique(np.argwhere(own == 1)[:, 0])
        own[rows[:doubted_rows]] = 0
        if accept:
            model = session.runs()[0].id
            session.labels.edit_slices(case, {index: mask[index]}, "accept", origin=Origin.ACCEPTED, origin_run=model)
        session.labels.edit_slices(case, {index: own}, "brush").result(10)
        session.labels.mark(case, [index], SliceState.DONE).result(10)


def test_cases_without_labels_are_ordered_by_doubt_and_told_in_figures_only_where_that_held(doubting: Session) -> None:
    model = doubting.runs()[0].id
    first = doubting.review.expected.of(model)
    assert first.calibration is None
    assert [case.name for case in first.cases] == [f"phantom_{k:02d}" for k in (6, 5, 4, 3, 2)], "most doubted first"
    assert first.cases[0].dice == {}
    assert first.cases[0].doubtful == "liver"
    for number in (2, 3, 5):
        label(doubting, f"phantom_{number:02d}", 2 * (number - 1))
    found = doubting.review.expected.of(model)
    assert [case.name for case in found.cases] == ["phantom_06", "phantom_04"], "what has labels is measured instead"
    assert found.calibration is not None
    assert found.calibration.patients == 3
    assert not found.calibration.reliable, "three patients are too few, however well it held on them"
    assert found.calibration.correlation == pytest.approx(1.0)
    assert found.cases[0].mean < found.cases[1].mean
    assert first.held == ()
    assert sorted(one.name for one in found.held) == ["phantom_02", "phantom_03", "phantom_05"]
    measured = {one.name: one.measured for one in found.held}
    assert measured["phantom_02"] == pytest.approx(2 * 18 / 38)
    assert measured["phantom_03"] == pytest.approx(2 * 16 / 36)
    assert np.mean([abs(one.expected - one.measured) for one in found.held]) == pytest.approx(found.calibration.error)
    assert found.cases[1].dice["liver"] == pytest.approx(2 * 14 / 34, abs=0.1)


def test_a_report_draws_how_the_expected_dice_held_once_it_is_calibrated(doubting: Session) -> None:
    def drawn() -> list[Picture]:
        (section,) = [one for one in methods_report(doubting).sections if one.title == "Measurements"]
        return [part for part in section.parts if isinstance(part, Picture)]

    assert drawn() == []
    for number in (2, 3, 5):
        label(doubting, f"phantom_{number:02d}", 2 * (number - 1))
    (picture,) = drawn()
    line = doubting.review.expected.of(doubting.runs()[0].id).calibration
    assert line is not None
    assert f"Over 3 patients it was off by {line.error:.3f} on average, rank correlation 1.00: not reliable" in (
        picture.caption
    )
    assert picture.png.startswith(b"\x89PNG")


def test_without_the_uncertainty_of_a_mask_nothing_is_expected_of_it(doubting: Session) -> None:
    case = doubting.find(["phantom_06"])[0].id
    next((doubting.folder / "predictions").rglob(f"{case}.uncertainty.npy")).write_bytes(b"torn")
    found = doubting.review.expected.of(doubting.runs()[0].id)
    assert case not in {one.id for one in found.cases}


def test_a_case_on_which_the_model_found_nothing_comes_first(doubting: Session) -> None:
    import nibabel as nib

    case = doubting.find(["phantom_03"])[0].id
    file = next((doubting.folder / "predictions").rglob(f"{case}.nii.gz"))
    there = nib.load(file)
    nib.save(nib.Nifti1Image(np.zeros(there.shape, np.uint8), there.affine, there.header), file)
    found = doubting.review.expected.of(doubting.runs()[0].id)
    assert [one.name for one in found.cases][:2] == ["phantom_03", "phantom_06"]
    assert found.cases[0].certainty == {}


def test_slices_that_began_as_a_models_mask_calibrate_nothing_however_much_was_repainted(doubting: Session) -> None:
    model = doubting.runs()[0].id
    for number in (2, 3, 5):
        label(doubting, f"phantom_{number:02d}", 2 * (number - 1), accept=number == 5)
    assert doubting.review.expected.of(model).calibration is None, "two patients are left"
