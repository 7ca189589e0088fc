"""What the list of classes says and keeps: locks and eyes over reopening, volumes as one paints."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QToolButton

from slicelab.core.class_volumes import ClassVolumes
from slicelab.engine.class_marks import ClassMarks, Marks
from slicelab.engine.labelling import Labelling
from slicelab.engine.session import Session

pytestmark = pytest.mark.window


def row_of(person: Person, row: int):
    view = person.window.work.classes.view
    return view.itemWidget(view.item(row))


def push(person: Person, row: int, words: str) -> None:
    """Click the eye or the lock of a class."""
    (button,) = (b for b in row_of(person, row).findChildren(QToolButton) if b.accessibleName().startswith(words))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(8, button.height() // 2))
    person.app.processEvents()


def volumes(person: Person) -> list[str]:
    labels = (row_of(person, row).findChildren(QLabel) for row in range(person.window.work.classes.view.count()))
    return [next(one.text() for one in found if "mL" in one.text() or one.text() == "–") for found in labels]


def kept(person: Person) -> str:
    return "".join(value for (value,) in person.rows("SELECT value FROM meta WHERE key LIKE 'setting.class marks %'"))


def test_locks_and_eyes_hold_when_the_project_is_opened_again(person: Person) -> None:
    push(person, 0, "Lock liver")
    push(person, 2, "Show or hide left kidney")
    person.until(lambda: kept(person) == '{"locked": [1], "hidden": [3]}', what="kept on disk")
    person.window.desk.close()
    person.open_project(person.project)
    person.open_case("phantom_02")
    person.stroke((20, 20), (20, 40))
    person.until(lambda: "liver is locked" in person.notice, what="a word about the lock")
    assert not person.shown.any()
    layer = person.canvas.main.model.layers["mask"]
    assert layer.colormap.color_dict[3][3] == 0, "the class that was hidden is not drawn"
    assert layer.colormap.color_dict[2][3] == 1
    push(person, 0, "Unlock liver")
    push(person, 2, "Show or hide left kidney")
    person.until(lambda: kept(person) == '{"locked": [], "hidden": []}', what="kept on disk")
    person.stroke((20, 20), (20, 40))
    person.until(lambda: person.edits("phantom_02") == ["brush"], what="painted")


def test_marks_that_make_no_sense_are_none(tmp_path: Path) -> None:
    with Session.create(tmp_path / "project", ["liver"]) as made:
        marks = ClassMarks(made._store, made.reader.id)
        for stored in ("[]", "nonsense", '{"locked": ["x"]}', '{"hidden": 3}'):
            made._store.set_setting(f"class marks {made.reader.id}", stored).result()
            assert marks.read() == Marks()


def test_volumes_follow_every_edit_and_belong_to_the_case(person: Person) -> None:
    person.open_case("phantom_02")
    assert volumes(person) == ["–"] * 4
    person.stroke((20, 20), (20, 40))
    ml = float((person.shown == 1).sum()) * 5.6 * 5.6 * 18 / 1000
    person.until(lambda: volumes(person)[0] == f"{ml:.1f} mL", what=f"{ml:.1f} mL")
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.until(lambda: volumes(person)[0] == "–", what="nothing again")
    person.open_case("phantom_01")
    liver = float((person.shown == 1).sum()) * 5.6 * 5.6 * 18 / 1000
    person.until(lambda: volumes(person)[0] == f"{liver:,.0f} mL", what="the liver of another case")


def test_volumes_are_summed_slice_by_slice(rng: np.random.Generator) -> None:
    labels = rng.integers(0, 5, (6, 20, 30)).astype(np.uint8)
    found = ClassVolumes(labels, 0.5)
    labels[2:4] = 3
    found.update(labels, (2, 3))
    assert [found.ml(value) for value in range(6)] == [(labels == value).sum() * 0.5 for value in range(6)]


def test_a_stroke_finished_while_a_mask_is_being_imported_and_the_mask_are_both_kept(
    person: Person, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stroke is painted on a picture that does not show the mask yet: only what it painted goes onto it."""
    person.open_case("phantom_02")
    at = person.canvas.slice
    imported, told = threading.Event(), threading.Event()
    take = Labelling.label_from_mask

    def slowly(self: Labelling, *given: object) -> object:
        taken = take(self, *given)
        imported.set()
        assert told.wait(30)
        return taken

    monkeypatch.setattr(Labelling, "label_from_mask", slowly)

    def answer(box: QMessageBox) -> None:
        (button,) = (one for one in box.findChildren(QPushButton) if one.text() == "Take as mask")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    person.answer(QMessageBox, answer)
    cases, case = person.window.work.cases, person.window.screen_.case_id
    place = cases.view.viewport().mapTo(person.window, cases.place_of(case))
    person.drop(study / "labelsTr" / "phantom_02.nii.gz", at=place)
    person.until(imported.is_set, what="the mask in the labels")
    assert not person.shown.any(), "the picture does not know yet"
    person.stroke((2, 2), (2, 20))
    person.until(lambda: "brush" in person.edits("phantom_02"), what="the stroke saved")
    told.set()
    truth = person.window.desk.session.labels.read_mask(case, study / "labelsTr" / "phantom_02.nii.gz").stack
    person.until(lambda: np.array_equal(person.shown[0], truth[0]), what="the mask in the picture")
    person.saved()
    mask = person.mask_on_disk("phantom_02", at)
    painted = mask != truth[at]
    assert 10 < painted.sum() < 60
    assert set(mask[painted]) == {1}
    assert painted[2, 2:20].all() or (mask[2, 2:20] == 1).all()
    person.until(lambda: np.array_equal(person.shown[at], mask), what="both in the picture")
