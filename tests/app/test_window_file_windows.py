"""The window that a file carries: a choice of its own beside what a person sets, per case and per sequence."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from slicelab.engine.session import Session

pytestmark = pytest.mark.window

SHAPE = (32, 40, 6)
OF_FILE, OF_SEQUENCE = (300.0, 900.0), (50.0, 120.0)


def volume(path: Path, top: int, window: tuple[float, float] | None = None) -> Path:
    image = nib.Nifti1Image(np.linspace(0, top, np.prod(SHAPE)).reshape(SHAPE).astype(np.int16), np.diag([2, 2, 5, 1]))
    if window is not None:
        image.header["cal_min"], image.header["cal_max"] = window
    nib.save(image, path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two cases, one of them with a window in its file, and with a sequence that has one too."""
    folder = tmp_path / "project"
    with Session.create(folder, ["liver"]) as made:
        made.import_paths([volume(tmp_path / "a.nii", 3000, OF_FILE), volume(tmp_path / "b.nii", 2000)])
        (case,) = made.find(["a"])
        made.sequences.add(case.id, volume(tmp_path / "T2.nii", 400, OF_SEQUENCE), name="T2")
    return folder


def choose(person: Person, name: str) -> None:
    bar = person.window.work.view_bar
    segment = next(one for one in bar.presets.findChildren(QAbstractButton) if one.text() == name)
    if segment.isVisible():
        QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
        return
    box = bar._preset_box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    while box.itemData(box.currentIndex()) != name:
        before = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() > before, f"{name} cannot be chosen"


def offered(person: Person) -> set[str]:
    bar = person.window.work.view_bar
    names = {one.text() for one in bar.presets.findChildren(QAbstractButton) if one.isEnabled()}
    model = bar._preset_box.model()
    assert names == {model.item(at).text() for at in range(model.rowCount()) if model.item(at).isEnabled()}
    return names - {"1–99 %", "0.5–99.5 %"}


def shown(person: Person, layer: int | str = 0) -> tuple[float, float]:
    return tuple(person.canvas.main.model.layers[layer].contrast_limits)


def drag(person: Person) -> None:
    person.stroke((8, 8), (8, 20), button=Qt.MouseButton.RightButton)


def test_the_files_window_is_still_there_once_another_was_set_by_hand(person: Person) -> None:
    person.open_case("a")
    assert offered(person) == {"From file"}
    assert shown(person) == pytest.approx(OF_FILE)
    drag(person)
    moved = shown(person)
    assert moved != pytest.approx(OF_FILE)
    assert offered(person) == {"From file", "This case"}
    choose(person, "From file")
    assert shown(person) == pytest.approx(OF_FILE)
    choose(person, "This case")
    assert shown(person) == pytest.approx(moved)
    choose(person, "From file")
    person.open_case("b")
    assert offered(person) == set(), "neither the file nor anybody says anything"
    drag(person)
    assert offered(person) == {"This case"}
    person.open_project(person.project)
    person.open_case("a")
    assert shown(person) == pytest.approx(OF_FILE)
    assert person.canvas.main.overlay.state.corner_detail == "From file"
    choose(person, "This case")
    assert shown(person) == pytest.approx(moved)
    person.open_case("b")
    assert offered(person) == {"This case"}


def test_a_preset_alone_does_not_lose_the_files_window(person: Person) -> None:
    person.open_case("a")
    choose(person, "0.5–99.5 %")
    person.open_project(person.project)
    person.open_case("a")
    assert person.canvas.main.overlay.state.corner_detail == "0.5–99.5 %"
    assert offered(person) == {"From file"}, "nobody has set one"
    choose(person, "From file")
    assert shown(person) == pytest.approx(OF_FILE)


def test_a_sequence_keeps_the_preset_chosen_for_it(person: Person) -> None:
    person.open_case("a")
    person.until(lambda: person.canvas.second is not None, what="the sequence read")
    assert person.canvas.second.window == pytest.approx(OF_SEQUENCE)
    person.key(Qt.Key.Key_X)
    assert offered(person) == {"From file"}
    drag(person)
    moved = shown(person, "second")
    choose(person, "0.5–99.5 %")
    wanted = shown(person, "second")
    assert wanted != pytest.approx(moved)
    for name, window in (("0.5–99.5 %", wanted), ("From file", OF_SEQUENCE), ("This case", moved)):
        choose(person, name)
        person.open_project(person.project)
        person.open_case("a")
        person.until(lambda: person.canvas.second is not None, what="the sequence read again")
        assert person.canvas.second.window == pytest.approx(window), name
        assert shown(person) == pytest.approx(OF_FILE), "the labelled image has its own"
        person.key(Qt.Key.Key_X)
