"""What lay among the images that were brought in: broken files are named beside the picture, masks are asked about."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import nibabel
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from test_window_start import answer_new_project

from slicelab.app.window import MainWindow

pytestmark = pytest.mark.window


def press_in(box: QMessageBox, words: str) -> None:
    button = next(one for one in box.findChildren(QPushButton) if one.text() == words)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def place_of(person: Person, name: str) -> QPoint:
    cases = person.window.work.cases
    case = next(one for one in person.window._cases if one.name == name)
    return cases.view.viewport().mapTo(person.window, cases.place_of(case.id))


def press_in_notice(person: Person, words: str) -> None:
    buttons = person.window.work.notice.findChildren(QPushButton)
    QTest.mouseClick(next(one for one in buttons if one.text() == words), Qt.MouseButton.LeftButton)


def picture_place(person: Person) -> tuple[QPoint, int, int]:
    main = person.canvas.main
    person.pause(0.15)
    return main.mapTo(person.window, QPoint(0, 0)), main.width(), main.height()


def test_of_a_first_drop_broken_files_are_named_beside_the_picture_and_its_mask_is_asked_about(
    first_window: MainWindow, qapp: QApplication, study: Path, tmp_path: Path
) -> None:
    someone = Person(first_window, qapp, tmp_path / "Mine")
    first_window.desk.close()
    files = tmp_path / "files"
    files.mkdir()
    for name in ("phantom_01.nii.gz", "phantom_02.nii.gz"):
        shutil.copy(study / "imagesTr" / name, files)
    shutil.copy(study / "labelsTr" / "phantom_02.nii.gz", files / "phantom_02_seg.nii.gz")
    (files / "text.nii.gz").write_text("not a picture")
    (files / "cut.nii.gz").write_bytes((files / "phantom_01.nii.gz").read_bytes()[:5000])
    asked: list[str] = []

    def take(box: QMessageBox) -> None:
        asked.append(f"{box.text()} {box.informativeText()}")
        press_in(box, "Take as mask")

    answer_new_project(someone, tmp_path, "liver, right kidney, left kidney, spleen")
    someone.answer(QMessageBox, take)
    someone.drop(*sorted(files.iterdir()))
    someone.until(lambda: first_window.screen_.case_id is not None, 120, "a case shown")
    someone.until(lambda: asked, what="asked about the mask")
    assert "phantom_02" in asked[0]
    assert "phantom_02_seg.nii.gz" in asked[0]
    someone.until(lambda: "mask was taken into phantom_02" in someone.notice, what="the mask taken")
    assert someone.cases_on_disk() == {"phantom_01", "phantom_02"}
    assert someone.edits("phantom_02") == ["import"]
    press_in_notice(someone, "Close")
    assert "Not added" in someone.notice, "what has to be read comes back when what covered it is closed"
    assert "text.nii.gz" in someone.notice
    assert "cut" in someone.notice
    press_in_notice(someone, "Close")
    assert someone.notice == ""
    first_window.desk.close()


def test_a_mask_brought_in_becomes_a_case_where_that_is_chosen(person: Person, study: Path, tmp_path: Path) -> None:
    mask = Path(shutil.copy(study / "labelsTr" / "phantom_02.nii.gz", tmp_path / "phantom_02_seg.nii.gz"))
    person.answer(QMessageBox, lambda box: press_in(box, "Leave out"))
    person.drop(mask)
    data = person.window.work.data
    person.until(lambda: "look like masks: phantom_02_seg.nii.gz" in data._report.text(), what="left out")
    person.until(lambda: person.app.activeModalWidget() is None, what="answered")
    assert person.cases_on_disk() == {"phantom_01", "phantom_02", "phantom_03"}
    person.answer(QMessageBox, lambda box: press_in(box, "Add as new case"))
    person.drop(mask)
    person.until(lambda: "phantom_02_seg" in person.cases_on_disk(), what="a case of its own")


def test_a_mask_taken_into_a_case_that_is_not_open_offers_to_open_it_for_the_undo(
    person: Person, study: Path, tmp_path: Path
) -> None:
    person.open_case("phantom_03")
    mask = Path(shutil.copy(study / "labelsTr" / "phantom_02.nii.gz", tmp_path / "any.nii.gz"))
    person.answer(QMessageBox, lambda box: press_in(box, "Take as mask"))
    before = picture_place(person)
    person.drop(mask, at=place_of(person, "phantom_02"))
    person.until(lambda: "mask was taken into phantom_02" in person.notice, what="taken")
    assert "One undo in phantom_02 takes it back" in person.notice
    assert picture_place(person) == before, "a message never moves the picture"
    notice, canvas = person.window.work.notice, person.canvas
    assert notice.geometry().bottom() < canvas.height() / 3
    press_in_notice(person, "Open phantom_02")
    person.until(lambda: person.shown.any(), what="the case with its labels")
    person.until(lambda: person.button("Undo").isEnabled(), what="undo")
    person.press("Undo")
    person.until(lambda: not person.shown.any(), what="taken back")


def test_a_mask_that_is_refused_is_named_with_its_case(person: Person, study: Path, tmp_path: Path) -> None:
    source = nibabel.load(study / "labelsTr" / "phantom_02.nii.gz")
    smaller = np.asarray(source.dataobj)[:-2]
    nibabel.save(nibabel.Nifti1Image(smaller, source.affine), tmp_path / "small.nii.gz")
    person.open_case("phantom_03")
    person.answer(QMessageBox, lambda box: press_in(box, "Take as mask"))
    person.drop(tmp_path / "small.nii.gz", at=place_of(person, "phantom_02"))
    person.until(lambda: "small.nii.gz was not taken as a mask of phantom_02" in person.notice, what="refused by name")
    assert "voxels" in person.notice


def test_a_click_beside_a_message_paints_where_it_would_have_without_it(person: Person) -> None:
    person.open_case("phantom_02")
    voxel = (44, 30)

    def with_message(say: Callable[[], object]) -> QPoint:
        say()
        person.pause(0.2)
        return person.canvas.main.native.mapTo(person.window, person.canvas.main.position_of(*voxel).toPoint())

    from slicelab.app.notice import Message

    bare = with_message(lambda: None)
    covered = with_message(lambda: person.window.say(Message("A long message.", "Nothing was changed.")))
    assert covered == bare
    person.stroke(voxel, (voxel[0], voxel[1] + 2))
    person.until(lambda: person.shown[person.canvas.slice][voxel], what="painted")
    assert "A long message" in person.notice


def test_a_message_that_comes_during_a_stroke_neither_breaks_it_off_nor_is_lost(person: Person, tmp_path: Path) -> None:
    """What an import says when it ends comes while somebody paints; the stroke goes on below it."""
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_2)
    at, native, notice = person.canvas.slice, person.canvas.main.native, person.window.work.notice
    (tmp_path / "broken.nii").write_bytes(b"\x01" * 400)
    assert person.notice == ""

    def place(row: int) -> QPoint:
        return person.canvas.main.position_of(row, 30).toPoint()

    def move(first: int, last: int) -> None:
        for row in range(first, last, -1):
            QTest.mouseMove(native, place(row))
            person.app.processEvents()

    QTest.mouseMove(native, place(50))
    QTest.mousePress(native, Qt.MouseButton.LeftButton, pos=place(50))
    move(50, 30)
    person.window.desk.bring_in([tmp_path / "broken.nii"])
    person.until(lambda: "broken" in person.notice, what="the message")
    assert not person.edits("phantom_02"), "the stroke is still going on"
    person.pause(0.3)
    move(30, 3)
    covered = native.mapFromGlobal(notice.mapToGlobal(notice.rect().center()))
    assert native.rect().contains(covered)
    assert notice.isVisible()
    QTest.mouseMove(native, covered)  # on over the picture's edge, to where the message lies
    person.app.processEvents()
    QTest.mouseMove(native, place(4))
    QTest.mouseRelease(native, Qt.MouseButton.LeftButton, pos=place(4))
    person.until(lambda: person.edits("phantom_02"), what="the stroke on disk")
    person.saved()
    drawn = person.mask_on_disk("phantom_02", at)
    assert drawn is not None
    assert drawn[4:51, 30].all(), "from its beginning to its end"
    assert (person.shown[at] == drawn).all()
    assert person.edits("phantom_02") == ["brush"], "one stroke"
    assert "broken" in person.notice
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.until(lambda: not person.shown.any(), what="taken back by one undo")
    person.key(Qt.Key.Key_1)
    person.rest_the_mouse()
