"""The whole loop, twice round, by one person in one window: from files to a report, and all there on reopening."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit
from story import ended, finish, go_to, newest, outline, small_jobs, truth_of

from slicelab.app.window import MainWindow
from slicelab.data.phantoms import write_study
from slicelab.engine.session import Session

pytestmark = [pytest.mark.window, pytest.mark.timeout(900)]

NEVER_LABELLED = ["phantom_04", "phantom_05", "phantom_06"]


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Decathlon folder of six small abdomens."""
    folder = tmp_path_factory.mktemp("six") / "abdomen"
    return write_study(folder, "abdomen", labelled=6, unlabelled=0, seed=3, shape=(64, 64, 10), spacing=(5.6, 5.6, 18))


def painted_at(person: Person) -> list[float]:
    return [at for (at,) in person.rows("SELECT at FROM edits WHERE action = 'polygon' ORDER BY at")]


def ended_at(person: Person, run: str) -> float:
    lines = (person.project / "runs" / run / "events.jsonl").read_text().splitlines()
    return next(said["at"] for said in map(json.loads, lines) if said["event"] == "JobFinished")


def dice(person: Person, model: str, study: Path) -> float:
    """Mean 3D Dice on the cases no label of which was ever made, against the phantoms' own masks."""
    session = person.window.desk.session
    assert session is not None
    found = session.evaluate(model, NEVER_LABELLED, study / "labelsTr")
    assert not any(case.trained_on for case in found.cases)
    assert found.averaged == 3
    return found.mean_dice


def train(person: Person, round_: int) -> str:
    """Press Train and wait until every case is predicted and measured."""
    person.tab("train")
    person.set_steps("train", 50)
    person.press("Train")
    model = newest(person, "finetune", round_)
    ended(person, model)
    ended(person, newest(person, "predict", round_))
    person.until(lambda: person.window.jobs.in_use == model, what="the new model in use")
    person.until(lambda: model in person.window.learning.measures.evaluations, what="the Dice table")
    return model


def test_two_rounds_from_files_to_a_report_and_everything_is_there_on_reopening(
    first_window: MainWindow, qapp: QApplication, six: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    folder = tmp_path / "project"
    Session.create(folder, ["liver"]).close()
    person, masks = Person(first_window, qapp, folder), six / "labelsTr"
    first_window.activateWindow()
    first_window.open_project(folder)
    person.until(lambda: first_window.desk.session is not None, what="the project")
    person.until(first_window.isActiveWindow, what="the window is active")
    # Apart from their masks, which would be brought in with them.
    person.drop(Path(shutil.copytree(six / "imagesTr", tmp_path / "images")))
    person.until(lambda: first_window.screen_.case_id is not None, 120, "the first case")
    person.until(lambda: len(person.cases_on_disk()) == 6, what="six cases")
    person.until(lambda: person.canvas.complete, what="all planes there")

    # Round one: five slices are labelled while the network learns without labels.
    person.tab("pretrain")
    person.set_steps("pretrain", 40)
    person.press("Learn from all volumes")
    pretraining = newest(person, "pretrain")
    person.open_case("phantom_01")
    truth = truth_of(person, "phantom_01", masks)
    for at in (4, 5, 6, 7, 8):
        go_to(person, at)
        outline(person, truth[at] == 1)
        finish(person, "phantom_01")
    ended(person, pretraining)
    assert painted_at(person)[0] < ended_at(person, pretraining), "labelled while it ran"
    kept = {at: person.mask_on_disk("phantom_01", at) for at in (4, 5, 6, 7, 8)}
    for at, mask in kept.items():
        assert mask is not None
        assert 2 * ((mask == 1) & (truth[at] == 1)).sum() / ((mask == 1).sum() + (truth[at] == 1).sum()) > 0.8
    first = train(person, 0)
    person.tab("review")
    person.until(lambda: person.window.work.review.table.rowCount() > 0, what="the Dice table")

    # Review: two slices of two other cases, the model's mask taken over and corrected.
    for case, at in (("phantom_02", 5), ("phantom_03", 6)):
        person.open_case(case)
        person.until(lambda: person.canvas.main._prediction is not None, what="the prediction")
        go_to(person, at)
        person.key(Qt.Key.Key_Return, shift=True)
        wanted = truth_of(person, case, masks)[at] == 1
        person.pause(0.2)
        missed = wanted & (person.shown[at] != 1)
        if missed.any():
            outline(person, wanted)
        person.key(Qt.Key.Key_1)
        for row in np.flatnonzero((~wanted & (person.shown[at] == 1)).sum(axis=1) > 2):
            columns = np.flatnonzero(~wanted[row] & (person.shown[at][row] == 1))
            person.stroke((int(row), int(columns[0])), (int(row), int(columns[-1])))
        person.key(Qt.Key.Key_3)
        finish(person, case)
    asked = "SELECT DISTINCT edit_id, slice, reading FROM corrections"
    person.until(lambda: len(person.rows(asked)) == 2, what="both measured before they were corrected")
    rows = person.rows(asked)
    assert {reading for *_, reading in rows} <= {"accepted", "seen"}
    before = dice(person, first, six)

    # Round two: from seven slices of three cases.
    second = train(person, 1)
    after = dice(person, second, six)
    assert after > before

    out = tmp_path / "report.html"

    def name(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setCompleter(None)
        field.setText(str(out))
        QTest.mouseClick(
            dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save), Qt.MouseButton.LeftButton
        )

    person.tab("review")
    person.answer(QFileDialog, name)
    person.press("Methods report")
    person.until(lambda: "report written" in person.notice, what="the report")
    assert "7 slices done in 3 cases" in out.read_text("utf-8")

    corrections = sorted(person.rows("SELECT * FROM corrections"))
    first_window.desk.close()
    person.open_project(folder)
    person.open_case("phantom_01")
    for at, mask in kept.items():
        np.testing.assert_array_equal(person.shown[at], mask)
    assert [person.ticks[at] for at in (3, 4, 8, 9)] == ["unlabelled", "done", "done", "unlabelled"]
    person.until(lambda: person.window.jobs.in_use == second, what="the second model in use")
    person.until(lambda: person.canvas.main._prediction is not None, what="its prediction")
    assert [run.kind for run in person.window.jobs.runs].count("finetune") == 2
    assert sorted(person.rows("SELECT * FROM corrections")) == corrections
    person.tab("train")
    person.until(
        lambda: (
            "assisted on 2 slices" in person.window.work.train.corrections._headline.text()
            or "Model 1" in person.window.work.train.corrections._headline.text()
        ),
        what="Dice before correction",
    )
    person.key(Qt.Key.Key_1)  # the tool is put back: all tests share the window
    first_window.desk.close()
