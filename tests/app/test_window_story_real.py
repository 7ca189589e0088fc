"""The whole loop on real volumes, by one person in one window: Dice must rise on patients nothing was learned from."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import scipy
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit
from story import ended, finish, go_to, newest, outline, small_jobs, truth_of

from slicelab.app.window import MainWindow
from slicelab.engine.session import Session

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.real_data, pytest.mark.timeout(1800)]

STUDY = "liver_chaos_t2"
STEPS = {"pretrain": 100, "train": 150}
WIDER = 15
"""How often the eraser is made wider: what it takes of the structure is outlined again."""


def dice(person: Person, model: str, cases: Sequence[str], masks: Path) -> float:
    """Mean 3D Dice on cases no label of which was ever made, against the experts' masks."""
    session = person.window.desk.session
    assert session is not None
    found = session.evaluate(model, list(cases), masks)
    assert not any(case.trained_on for case in found.cases)
    assert found.averaged == len(cases)
    return found.mean_dice


def train(person: Person, round_: int) -> str:
    """Press Train and wait until every case is predicted and measured."""
    person.tab("train")
    person.set_steps("train", STEPS["train"])
    person.press("Train")
    model = newest(person, "finetune", round_)
    ended(person, model)
    ended(person, newest(person, "predict", round_))
    person.until(lambda: person.window.jobs.in_use == model, what="the new model in use")
    person.until(lambda: model in person.window.learning.measures.evaluations, 120, "the Dice table")
    return model


def spread(truth: np.ndarray, count: int) -> list[int]:
    """Slices that show the structure, evenly spaced, none at its very end."""
    shows = np.flatnonzero((truth == 1).sum(axis=(1, 2)) > 200)
    return [int(shows[round(at)]) for at in np.linspace(0, len(shows) - 1, count + 2)[1:-1]]


def middle(truth: np.ndarray, count: int) -> list[int]:
    """Slices next to each other in the middle of the structure: what somebody paints who begins where it is large."""
    shows = np.flatnonzero((truth == 1).sum(axis=(1, 2)) > 200)
    begin = len(shows) // 2 - count // 2
    return [int(at) for at in shows[begin : begin + count]]


def correct(person: Person, case: str, at: int, truth: np.ndarray) -> None:
    """Take the model's mask of a slice over, rub out what is too much, and outline the pieces that miss something."""
    go_to(person, at)
    person.key(Qt.Key.Key_Return, shift=True)
    person.pause(0.3)
    wanted = truth[at] == 1
    person.key(Qt.Key.Key_1)
    for _ in range(WIDER):
        person.key(Qt.Key.Key_BracketRight)
    for row in range(len(wanted)):
        columns = np.flatnonzero(~wanted[row] & (person.shown[at][row] == 1))  # what earlier strokes left
        for run in np.split(columns, np.flatnonzero(np.diff(columns) > 1) + 1):
            if len(run) > 4:
                person.stroke((row, int(run[0])), (row, int(run[-1])))
    for _ in range(WIDER):
        person.key(Qt.Key.Key_BracketLeft)
    pieces, _ = scipy.ndimage.label(wanted)
    missing = np.unique(pieces[wanted & (person.shown[at] != 1)])
    outline(person, np.isin(pieces, missing[missing > 0]))
    finish(person, case)


def test_two_rounds_on_real_volumes_from_files_to_a_report_and_everything_is_there_on_reopening(
    first_window: MainWindow, qapp: QApplication, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    source, images = real_data / STUDY, tmp_path / "images"
    masks = source / "labelsTr"
    images.mkdir()
    names = sorted(path.name.removesuffix(".nii.gz") for path in (source / "imagesTr").glob("*.nii.gz"))[:6]
    for name in names:
        shutil.copy(source / "imagesTr" / f"{name}.nii.gz", images)
    first, corrected, never = names[0], names[1:3], names[3:]
    folder = tmp_path / "project"
    Session.create(folder, ["liver"]).close()
    person = Person(first_window, qapp, folder)
    first_window.activateWindow()
    first_window.open_project(folder)
    person.until(lambda: first_window.desk.session is not None, what="the project")
    person.until(first_window.isActiveWindow, what="the window is active")
    person.drop(images)
    person.until(lambda: len(person.cases_on_disk()) == 6, 120, "six cases")
    person.until(lambda: first_window.screen_.case_id is not None, 120, "the first case")
    person.until(lambda: person.canvas.complete, what="all planes there")

    person.tab("pretrain")
    person.set_steps("pretrain", STEPS["pretrain"])
    person.press("Learn from all volumes")
    pretraining = newest(person, "pretrain")
    person.open_case(first)
    truth = truth_of(person, first, masks)
    labelled = middle(truth, 5)
    for at in labelled:
        go_to(person, at)
        outline(person, truth[at] == 1)
        finish(person, first)
    ended(person, pretraining)
    kept = {at: person.mask_on_disk(first, at) for at in labelled}
    for at, mask in kept.items():
        assert mask is not None
        assert 2 * ((mask == 1) & (truth[at] == 1)).sum() / ((mask == 1).sum() + (truth[at] == 1).sum()) > 0.9
    begun = train(person, 0)
    person.tab("review")
    person.until(lambda: person.window.work.review.table.rowCount() > 0, what="the Dice table")
    for case in corrected:
        person.open_case(case)
        person.until(lambda: person.canvas.main._prediction is not None, what="the prediction")
        truth = truth_of(person, case, masks)
        for at in spread(truth, 3):
            correct(person, case, at, truth)
    asked = "SELECT DISTINCT edit_id, slice, reading FROM corrections"
    person.until(lambda: len(person.rows(asked)) == 6, what="all measured before they were corrected")
    before = dice(person, begun, never, masks)
    again = train(person, 1)
    after = dice(person, again, never, masks)
    assert after > before, f"Dice on patients not trained on: {before:.3f}, then {after:.3f}"

    out = tmp_path / "report.html"

    def name_it(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setCompleter(None)
        field.setText(str(out))
        save = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
        QTest.mouseClick(save, Qt.MouseButton.LeftButton)

    person.tab("review")
    person.answer(QFileDialog, name_it)
    person.press("Methods report")
    person.until(lambda: "report written" in person.notice, 120, "the report")
    words = out.read_text("utf-8")
    assert "11 slices done in 3 cases" in words
    assert not any(name in words for name in names)

    corrections = sorted(person.rows("SELECT * FROM corrections"))
    first_window.desk.close()
    person.open_project(folder)
    person.open_case(first)
    for at, mask in kept.items():
        np.testing.assert_array_equal(person.shown[at], mask)
    person.until(lambda: person.window.jobs.in_use == again, what="the second model in use")
    person.until(lambda: person.canvas.main._prediction is not None, what="its prediction")
    assert sorted(person.rows("SELECT * FROM corrections")) == corrections
    person.key(Qt.Key.Key_1)
    first_window.desk.close()
