"""Cases as a whole: found, sorted, flagged, noted, removed, restored, deleted; masks dropped on them, measures out."""

from __future__ import annotations

import csv
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QPushButton

from slicelab.app.mask_class_dialog import MaskClassDialog
from slicelab.app.panels.case_list import _CASE
from slicelab.app.storage_dialog import StorageDialog
from slicelab.data.store.records import PredictionRecord
from slicelab.data.writers import write_mask


def listed(person: Person) -> list[str]:
    shown = person.window.work.cases._shown
    return [shown.index(row, 0).data(_CASE).name for row in range(shown.rowCount())]


def flags(person: Person) -> dict[str, tuple[int, str]]:
    return {name: (flagged, notes) for name, flagged, notes in person.rows("SELECT name, flagged, notes FROM cases")}


def click_row(table, row: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = table.visualItemRect(table.item(row, 1)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, held, place)


def in_storage(person: Person, *steps) -> None:
    """Open the dialog of the disk by its action, do the steps one after the other in it, close it."""

    def work(dialog: StorageDialog) -> None:
        person.until(lambda: "takes" in dialog._total.text(), what="the disk was looked at")
        for step in steps:
            step(dialog)
        dialog.accept()

    person.answer(StorageDialog, work)
    person.window.actions_["project.storage"].trigger()


@pytest.mark.window
def test_a_flag_and_notes_are_kept_found_and_shown(person: Person) -> None:
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_B, ctrl=True)
    person.until(lambda: flags(person)["phantom_02"][0] == 1, what="the flag on disk")
    person.key(Qt.Key.Key_N, ctrl=True, shift=True)
    notes = person.window.work.data.notes
    assert notes.hasFocus()
    QTest.keyClicks(notes, "motion, ask N")
    assert person.window.work.cases.current == person.window.screen_.case_id  # N, too, was a letter
    person.until(lambda: flags(person)["phantom_02"] == (1, "motion, ask N"), what="the notes on disk")
    search = person.window.work.cases.search
    everyone = ["phantom_01", "phantom_02", "phantom_03"]
    for words, found in (("motion", ["phantom_02"]), ("flagged", ["phantom_02"]), ("_0", everyone), ("nobody", [])):
        search.setFocus()
        search.selectAll()
        QTest.keyClicks(search, words)
        person.until(lambda found=found: listed(person) == found, what=f"found by {words}")
    search.selectAll()
    QTest.keyClick(search, Qt.Key.Key_Delete)
    QTest.keyClicks(notes, "!")
    person.open_case("phantom_01")  # what was typed a moment ago is not lost, and goes to the case it was typed for
    person.until(lambda: flags(person)["phantom_02"][1].count("!") == 1, what="the last letter on disk")
    assert flags(person)["phantom_01"] == (0, "")
    assert notes.toPlainText() == ""


@pytest.mark.window
def test_the_open_case_is_flagged_and_removed_while_what_is_looked_for_hides_it(person: Person) -> None:
    person.open_case("phantom_02")
    search = person.window.work.cases.search
    search.setFocus()
    QTest.keyClicks(search, "phantom_03")
    assert listed(person) == ["phantom_03"]
    actions = person.window.actions_
    actions["case.flag"].trigger()
    person.until(lambda: flags(person)["phantom_02"][0] == 1, what="the flag of the case that is seen")
    assert flags(person)["phantom_03"][0] == 0
    search.selectAll()
    QTest.keyClicks(search, "nobody")
    actions["case.remove"].trigger()
    person.until(lambda: person.window.screen_.case_id is None, what="the case that is seen removed")
    person.button("Restore").click()
    search.selectAll()
    QTest.keyClick(search, Qt.Key.Key_Delete)
    person.until(lambda: len(listed(person)) == 3, what="the case restored")
    assert person.window.work.cases.current is None, "shown as chosen only once it is opened"
    person.open_case("phantom_02")


@pytest.mark.window
def test_the_list_is_sorted_as_asked_and_stays_so_while_one_works(person: Person) -> None:
    person.open_case("phantom_03")
    person.key(Qt.Key.Key_B, ctrl=True)
    person.until(lambda: flags(person)["phantom_03"][0] == 1, what="the flag on disk")
    cases = person.window.work.cases
    person.until(lambda: any(case.flagged for case in cases._cases), what="the flag in the list")

    def choose(words: str) -> None:
        menu = cases.sorting.menu()
        action = next(one for one in menu.actions() if one.text() == words)
        menu.popup(cases.sorting.mapToGlobal(QPoint(0, 20)))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    choose("Flagged first")
    assert listed(person) == ["phantom_03", "phantom_01", "phantom_02"]
    choose("Least done first")
    assert listed(person) == ["phantom_02", "phantom_03", "phantom_01"]
    assert cases.current == person.window.screen_.case_id
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: "verified empty" in person.ticks, what="a slice done")
    assert listed(person) == ["phantom_02", "phantom_03", "phantom_01"]
    choose("By name")
    assert listed(person) == ["phantom_01", "phantom_02", "phantom_03"]


@pytest.mark.window
def test_a_removed_case_is_restored_with_its_labels_and_deleting_it_asks_first(person: Person) -> None:
    person.open_case("phantom_01")
    case = person.window.screen_.case_id
    before = person.shown.copy()
    file = person.project / "volumes" / f"{case}.nii"
    person.window.actions_["case.remove"].trigger()
    person.until(lambda: "phantom_01" not in listed(person), what="the case gone from the list")
    assert "Nothing is deleted" in person.notice
    person.until(lambda: person.window.screen_.case_id not in (None, case), what="its neighbour shown")
    assert file.is_file()

    def restore(dialog: StorageDialog) -> None:
        click_row(dialog.removed, 0)
        QTest.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
        person.until(lambda: dialog.removed.rowCount() == 0, what="nothing left to restore")

    in_storage(person, restore)
    person.until(lambda: "phantom_01" in listed(person), what="the case back in the list")
    person.open_case("phantom_01")
    assert (person.shown == before).all()

    person.window.actions_["case.remove"].trigger()
    person.until(lambda: "phantom_01" not in listed(person), what="the case gone again")

    def answer(words: str):
        def press(box: QMessageBox) -> None:
            assert "cannot be restored" in box.informativeText()
            button = next(one for one in box.findChildren(QPushButton) if one.text() == words)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

        return press

    def keep(dialog: StorageDialog) -> None:
        click_row(dialog.removed, 0)
        person.answer(QMessageBox, answer("Keep"))
        QTest.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
        person.pause(0.2)
        assert file.is_file()

    def delete(dialog: StorageDialog) -> None:
        click_row(dialog.removed, 0)
        person.answer(QMessageBox, answer("Delete for good"))
        QTest.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
        person.until(lambda: dialog.removed.rowCount() == 0, what="deleted")

    in_storage(person, keep, delete)
    assert not file.exists()
    assert person.rows("SELECT count(*) FROM slice_labels WHERE case_id = ?", case) == [(0,)]
    assert "phantom_01" not in person.cases_on_disk()


@pytest.mark.window
def test_a_removed_class_is_neither_drawn_nor_asked_for_until_it_is_restored(person: Person) -> None:
    person.open_case("phantom_01")
    classes = person.window.work.classes
    assert classes.current == 1
    full = list(person.ticks)
    person.window.actions_["class.remove"].trigger()
    person.until(lambda: classes.view.count() == 3, what="three classes")
    assert person.rows("SELECT removed FROM classes WHERE value = 1") == [(1,)]
    person.until(lambda: person.window.screen_.class_values == (2, 3, 4), what="the picture's classes")
    person.stroke((20, 20), (20, 30))
    at = person.canvas.slice
    person.until(lambda: (mask := person.mask_on_disk("phantom_01", at)) is not None and (mask == 2).any())

    def restore(dialog: StorageDialog) -> None:
        assert dialog.removed.item(0, 1).text() == "liver"
        click_row(dialog.removed, 0)
        assert not dialog.delete_button.isEnabled()
        QTest.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
        person.until(lambda: dialog.removed.rowCount() == 0, what="restored")

    in_storage(person, restore)
    person.until(lambda: classes.view.count() == 4, what="four classes")
    assert (person.shown == 1).any()
    assert person.ticks[:at] == full[:at]


@pytest.mark.window
def test_a_removed_model_takes_its_masks_with_it_and_a_name_taken_meanwhile_is_said_in_the_dialog(
    person: Person,
) -> None:
    person.open_case("phantom_01")
    session, case = person.window.desk.session, person.window.screen_.case_id
    store = session._store
    model = store.start_run("finetune", "fast").result().id
    store.finish_run(model, "finished").result()
    weights = person.project / "runs" / model / "weights.safetensors"
    weights.parent.mkdir(parents=True)
    weights.write_bytes(b"x" * 5000)
    path = f"predictions/{model}/{case}.nii.gz"
    (person.project / path).parent.mkdir(parents=True)
    geometry = store.images(case)[0].geometry
    write_mask(person.project / path, np.full(geometry.shape, 2, np.uint8), geometry)
    store.add_prediction(PredictionRecord(model, model, case, path, "0", 1.0)).result()
    person.window.jobs.list_runs()
    person.until(lambda: person.window.screen_.mask.acceptable, what="the prediction shown")

    def remove(dialog: StorageDialog) -> None:
        dialog.runs.setFocus()
        QTest.keyClick(dialog.runs, Qt.Key.Key_Home)
        QTest.keyClick(dialog.runs, Qt.Key.Key_Space)
        dialog.remove.setFocus()
        QTest.keyClick(dialog.remove, Qt.Key.Key_Space)
        person.until(lambda: dialog.removed.rowCount() == 1, what="the model among the removed")
        assert dialog.runs.rowCount() == 0

    in_storage(person, remove)
    person.until(lambda: not person.window.screen_.mask.acceptable, what="no prediction shown")
    assert weights.is_file()

    person.open_case("phantom_02")
    person.window.actions_["patient.remove"].trigger()
    person.until(lambda: "phantom_02" not in listed(person), what="the patient gone")
    third = next(one.id for one in session.cases() if one.name == "phantom_03")
    store.update_case(third, name="phantom_02").result()

    def restore(dialog: StorageDialog) -> None:
        names = [dialog.removed.item(row, 1).text() for row in range(dialog.removed.rowCount())]
        click_row(dialog.removed, names.index("phantom_02"))
        QTest.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
        person.until(lambda: "already has a case of this name" in dialog.said, what="the reason")
        person.answer(QMessageBox, lambda box: QTest.keyClick(box, Qt.Key.Key_Escape))
        QTest.mouseClick(dialog.delete_button, Qt.MouseButton.LeftButton)
        person.until(lambda: person.app.activeModalWidget() is dialog, what="asked")
        click_row(dialog.removed, next(row for row, name in enumerate(names) if name.startswith("Model")))
        QTest.mouseClick(dialog.restore, Qt.MouseButton.LeftButton)
        person.until(lambda: dialog.runs.rowCount() == 1, what="the model back")

    in_storage(person, restore)
    person.open_case("phantom_01")
    person.until(lambda: person.window.screen_.mask.acceptable, what="its prediction shown again")


@pytest.mark.window
def test_a_mask_dropped_on_a_case_becomes_its_labels_in_one_undo(person: Person, study: Path, tmp_path: Path) -> None:
    person.open_case("phantom_02")
    mask = Path(shutil.copy(study / "labelsTr" / "phantom_02.nii.gz", tmp_path / "any name.nii.gz"))
    cases = person.window.work.cases
    place = cases.view.viewport().mapTo(person.window, cases.place_of(person.window.screen_.case_id))

    def take(box: QMessageBox) -> None:
        assert "phantom_02" in box.text()
        button = next(one for one in box.findChildren(QPushButton) if one.text() == "Take as mask")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    person.answer(QMessageBox, take)
    person.drop(mask, at=place)
    person.until(lambda: set(person.ticks) <= {"done", "verified empty"}, what="every slice done")
    assert (person.shown == 1).any()
    assert person.edits("phantom_02") == ["import"]
    assert person.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03"}
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.until(lambda: not person.shown.any(), what="the mask taken back")
    assert set(person.ticks) == {"unlabelled"}


@pytest.mark.window
def test_a_dropped_mask_of_one_value_asks_for_its_class_and_leaves_the_others(
    person: Person, study: Path, tmp_path: Path
) -> None:
    person.open_case("phantom_01")
    before = person.shown.copy()
    source = nibabel.load(study / "labelsTr" / "phantom_01.nii.gz")
    mask = np.zeros(source.shape, np.uint8)
    mask[2:6, 2:6] = 1  # in the air: over no label
    nibabel.save(nibabel.Nifti1Image(mask, source.affine), tmp_path / "spleen.nii.gz")
    cases = person.window.work.cases

    def take(box: QMessageBox) -> None:
        button = next(one for one in box.findChildren(QPushButton) if one.text() == "Take as mask")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def drop(choose: Callable[[MaskClassDialog], object]) -> None:
        row = cases.place_of(person.window.screen_.case_id)
        person.answer(QMessageBox, take)
        person.answer(MaskClassDialog, choose)
        person.drop(tmp_path / "spleen.nii.gz", at=cases.view.viewport().mapTo(person.window, row))

    refused: list[str] = []

    def cancel(dialog: MaskClassDialog) -> None:
        refused.append(dialog.classes.currentText())
        QTest.keyClick(dialog, Qt.Key.Key_Escape)

    def choose(dialog: MaskClassDialog) -> None:
        dialog.classes.setFocus()
        QTest.keyClick(dialog.classes, Qt.Key.Key_End)
        QTest.keyClick(dialog, Qt.Key.Key_Return)

    drop(cancel)
    person.until(lambda: refused, what="the question")
    assert refused == ["liver"], "the class of the value comes first"
    assert person.edits("phantom_01") == ["import"]
    drop(choose)
    person.until(lambda: person.edits("phantom_01") == ["import", "import"], what="the mask taken")
    person.until(lambda: (person.shown != before).any(), what="the mask in the picture")
    on_disk = person.mask_on_disk("phantom_01", 0)
    assert int((on_disk == 4).sum()) == 16, "spleen, on every slice"
    for value in (1, 2, 3):
        assert (person.shown == value).sum() == (before == value).sum()


@pytest.mark.window
def test_an_image_dropped_on_a_case_is_never_taken_for_its_mask(person: Person, study: Path, tmp_path: Path) -> None:
    person.open_case("phantom_01")
    before = person.shown.copy()
    image = Path(shutil.copy(study / "imagesTr" / "phantom_02.nii.gz", tmp_path / "another.nii.gz"))
    cases = person.window.work.cases

    def press(words: str):
        def act(box: QMessageBox) -> None:
            button = next(one for one in box.findChildren(QPushButton) if one.text() == words)
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)

        return act

    def drop() -> None:
        row = cases.place_of(person.window.screen_.case_id)
        person.drop(image, at=cases.view.viewport().mapTo(person.window, row))

    person.answer(QMessageBox, press("Take as mask"))
    drop()
    person.until(lambda: person.notice, what="the reason")
    assert person.edits("phantom_01") == ["import"]
    assert (person.shown == before).all()
    volume = np.asarray(nibabel.load(image).dataobj)[::-1]
    nibabel.save(nibabel.Nifti1Image(volume, nibabel.load(image).affine), image)  # unlike any image of the project
    person.answer(QMessageBox, press("Add as new case"))
    drop()
    person.until(lambda: "another" in person.cases_on_disk(), what="a case of its own")


@pytest.mark.window
def test_looking_on_after_an_edit_counts_as_time_spent_on_the_case(person: Person) -> None:
    began = time.monotonic()
    person.open_case("phantom_03")
    person.key(Qt.Key.Key_Return)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Up):
        person.pause(0.5)
        person.key(key)
    person.open_case("phantom_02")
    spent = "SELECT sum(seconds) FROM time_spent JOIN cases ON cases.id = case_id WHERE name = 'phantom_03'"
    person.until(lambda: (person.rows(spent)[0][0] or 0) >= 1, what="the time on disk")
    assert person.rows(spent)[0][0] <= time.monotonic() - began
    person.window.desk.list_cases()
    person.until(lambda: any(case.seconds >= 1 for case in person.window._cases), what="the time in the list")


@pytest.mark.window
def test_the_right_button_on_a_case_offers_what_can_be_done_with_it(person: Person) -> None:
    person.open_case("phantom_01")
    cases = person.window.work.cases
    third = next(case.id for case in person.window._cases if case.name == "phantom_03")
    place, view = cases.place_of(third), cases.view.viewport()
    seen = []

    def choose() -> None:
        menu = person.app.activePopupWidget()
        seen.extend(action.text() for action in menu.actions())
        action = next(one for one in menu.actions() if one.text() == "Remove case")
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    QTest.mouseClick(view, Qt.MouseButton.RightButton, pos=place)
    person.until(lambda: person.window.screen_.case_id == third, what="the case shown")
    QTimer.singleShot(300, choose)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.mapToGlobal(place))
    person.app.sendEvent(view, asked)
    person.until(lambda: "phantom_03" not in listed(person), what="the case gone")
    assert seen == [
        "Flag case",
        "Notes on case",
        "Add another sequence to this case …",
        "Remove case",
        "Remove patient",
    ]
    assert person.rows("SELECT name FROM cases WHERE removed = 1") == [("phantom_03",)]
    person.until(lambda: person.window.screen_.case_id not in (None, third), what="its neighbour shown")


@pytest.mark.window
def test_notes_typed_a_moment_before_closing_are_kept(person: Person) -> None:
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_N, ctrl=True, shift=True)
    QTest.keyClicks(person.window.work.data.notes, "last words")
    person.window.actions_["project.close"].trigger()
    assert flags(person)["phantom_02"] == (0, "last words")


@pytest.mark.window
def test_measures_are_exported_and_time_at_work_is_in_them(person: Person, tmp_path: Path) -> None:
    person.open_case("phantom_01")
    person.stroke((20, 20), (20, 30))
    spent = "SELECT sum(seconds) FROM edits JOIN cases ON cases.id = case_id WHERE action = 'brush'"
    person.until(lambda: (person.rows(spent)[0][0] or 0) > 0, what="the stroke's time on disk")
    out = tmp_path / "measures.csv"

    def save(dialog: QFileDialog) -> None:
        dialog.setDirectory(str(tmp_path))
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setCompleter(None)
        field.selectAll()
        QTest.keyClicks(field, "measures")
        button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    person.answer(QFileDialog, save)
    person.tab("data")
    person.press("Export measures")
    person.until(lambda: "Measures written" in person.notice, what="written")
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["class"] for row in rows[:4]] == ["liver", "right kidney", "left kidney", "spleen"]
    assert float(rows[0]["volume_ml"]) > 0
    assert float(rows[0]["labelling_minutes"]) >= 0
