"""Painting in the window: what is drawn is saved, what is said is kept, what is undone is undone everywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

pytestmark = pytest.mark.window


def test_a_stroke_is_in_the_database_when_the_strip_says_saved(person: Person) -> None:
    person.open_case("phantom_02")
    at = person.canvas.slice
    person.stroke((20, 20), (20, 40))
    person.until(lambda: person.edits("phantom_02") == ["brush"], what="the edit row")
    person.saved()
    on_disk = person.mask_on_disk("phantom_02", at)
    assert on_disk is not None
    assert on_disk[20, 30] == 1
    np.testing.assert_array_equal(on_disk, person.shown[at])
    assert person.states_on_disk("phantom_02", at) == {"draft"}
    person.until(lambda: person.ticks[at] == "draft", what="the ledger's tick")


def test_the_eraser_key_and_the_class_list_decide_what_a_stroke_paints(person: Person) -> None:
    person.open_case("phantom_02")
    at = person.canvas.slice
    classes = person.window.work.classes.view
    QTest.mouseClick(
        classes.viewport(), Qt.MouseButton.LeftButton, pos=classes.visualItemRect(classes.item(2)).center()
    )
    person.stroke((20, 20), (20, 40))
    assert person.shown[at, 20, 30] == 3
    person.key(Qt.Key.Key_1)
    person.stroke((20, 30), (20, 31))
    assert person.shown[at, 20, 30] == 0
    assert person.shown[at, 20, 20] == 3
    person.until(lambda: person.edits("phantom_02") == ["brush", "erase"])


def test_enter_marks_the_slice_done_on_disk(person: Person) -> None:
    person.open_case("phantom_02")
    at = person.canvas.slice
    person.stroke((20, 20), (24, 40))
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.states_on_disk("phantom_02", at) == {"done"})
    assert person.canvas.slice == at, "Enter stays; N goes on"
    person.until(lambda: person.ticks[at] == "done")


def test_enter_on_a_slice_without_a_voxel_means_verified_empty(person: Person) -> None:
    person.open_case("phantom_02")
    at = person.canvas.slice
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.states_on_disk("phantom_02", at) == {"done"})
    person.until(lambda: person.ticks[at] == "verified empty")


def test_painting_on_a_done_slice_makes_it_a_draft_again(person: Person) -> None:
    person.open_case("phantom_01")
    at = person.canvas.slice
    assert person.ticks[at] == "done"
    person.stroke((5, 5), (5, 9))
    person.until(lambda: person.ticks[at] == "draft")
    person.until(lambda: person.states_on_disk("phantom_01", at) == {"draft"})


def test_undo_names_what_it_undoes_and_takes_it_back_on_screen_and_disk(person: Person) -> None:
    person.open_case("phantom_02")
    at = person.canvas.slice
    person.stroke((20, 20), (20, 40))
    person.until(lambda: person.button("Undo").accessibleName() == f"Undo brush, slice {at + 1}")
    person.key(Qt.Key.Key_Up)
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.until(lambda: not person.shown[at].any())
    assert person.canvas.slice == at, "undo goes where it happens"
    person.until(lambda: person.ticks[at] == "unlabelled")
    assert person.mask_on_disk("phantom_02", at) is None
    person.key(Qt.Key.Key_Z, ctrl=True, shift=True)
    person.until(lambda: person.shown[at, 20, 30] == 1)
    person.until(lambda: person.states_on_disk("phantom_02", at) == {"draft"})


def test_painting_in_another_plane_touches_every_slice_it_crosses(person: Person) -> None:
    person.open_case("phantom_02")
    sagittal = person.canvas.side[0]
    person.stroke((3, 30), (7, 30), canvas=sagittal)
    person.until(lambda: person.edits("phantom_02") == ["brush"])
    person.until(lambda: person.ticks.count("draft") >= 4)
    drafts = [at for at, tick in enumerate(person.ticks) if tick == "draft"]
    assert all(person.mask_on_disk("phantom_02", at).any() for at in drafts)
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.until(lambda: not person.shown.any(), what="one undo for all of it")


def test_a_click_in_the_ledger_goes_to_that_slice(person: Person) -> None:
    ledger = person.window.work.ledger
    QTest.mouseClick(ledger, Qt.MouseButton.LeftButton, pos=ledger.tick_position(7).toPoint())
    person.until(lambda: person.canvas.slice == 7)
    assert person.canvas.main.overlay.state.subtitle == "Slice 8 of 10"


def test_paint_is_kept_when_cases_are_switched_and_come_back(person: Person) -> None:
    person.open_case("phantom_02")
    at = person.canvas.slice
    person.stroke((20, 20), (20, 40))
    painted = person.shown.copy()
    person.open_case("phantom_03")
    assert not person.shown.any()
    person.stroke((40, 20), (40, 40))
    person.open_case("phantom_02")
    np.testing.assert_array_equal(person.shown, painted)
    person.open_case("phantom_03")
    assert person.shown[person.canvas.slice, 40, 30] == 1
    assert person.canvas.slice == at


def test_a_window_closed_right_after_a_stroke_loses_nothing(
    open_window: Callable[[Path], Person], project: Path
) -> None:
    first = open_window(project)
    first.open_case("phantom_02")
    first.stroke((20, 20), (24, 40))
    painted = first.shown.copy()
    first.window.close()
    second = open_window(project)
    second.open_case("phantom_02")
    np.testing.assert_array_equal(second.shown, painted)
    second.until(
        lambda: second.button("Undo").accessibleName().startswith("Undo brush"), what="undo known after reopening"
    )


def test_wheel_keys_and_drags_move_slice_zoom_and_window(person: Person) -> None:
    canvas = person.canvas
    at = canvas.slice
    person.wheel(2)
    assert canvas.slice == at + 2
    person.key(Qt.Key.Key_Down)
    assert canvas.slice == at + 1
    zoom = canvas.main.overlay.state.camera.zoom
    person.wheel(3, ctrl=True)
    assert canvas.main.overlay.state.camera.zoom > zoom * 1.3
    before = canvas.main.overlay.state.corner
    person.stroke((30, 20), (30, 40), button=Qt.MouseButton.RightButton)
    assert canvas.main.overlay.state.corner != before
    assert person.edits("phantom_01") == ["import"], "none of this painted"


def test_a_window_set_by_right_drag_is_kept_with_the_case_and_a_preset_brings_the_volume_back(person: Person) -> None:
    person.open_case("phantom_02")
    image = person.canvas.main.model.layers[0]
    before = image.contrast_limits
    person.stroke((30, 20), (24, 44), button=Qt.MouseButton.RightButton)
    dragged = image.contrast_limits
    assert dragged != before
    query = "SELECT window_low, window_high FROM cases WHERE name = 'phantom_02'"
    person.until(lambda: person.rows(query)[0] == pytest.approx(dragged), what="the window on disk")
    person.open_case("phantom_03")
    person.open_case("phantom_02")
    assert image.contrast_limits == pytest.approx(dragged)
    choice = person.window.work.view_bar._preset_box
    if choice.isVisible():
        choice.setFocus()
        QTest.keyClick(choice, Qt.Key.Key_Home)
    else:
        person.press("1–99 %")
    person.until(lambda: image.contrast_limits == pytest.approx(before), what="the preset")


def test_letters_typed_into_the_search_are_no_commands(person: Person) -> None:
    from PySide6.QtWidgets import QLineEdit

    person.open_case("phantom_02")
    search = person.window.work.cases.findChild(QLineEdit)
    search.setFocus()
    person.until(search.hasFocus)
    for letter in "1s5n":
        QTest.keyClick(search, letter)
    QTest.keyClick(search, Qt.Key.Key_Return)
    assert search.text() == "1s5n"
    person.pause(0.3)
    assert person.edits("phantom_02") == []


def test_brackets_change_the_brush_and_tab_held_hides_masks(person: Person) -> None:
    brush = person.window.work.label.brush
    before = brush.size_box.value()
    person.key(Qt.Key.Key_BracketRight)
    assert brush.size_box.value() > before
    person.key(Qt.Key.Key_BracketLeft)
    assert brush.size_box.value() == before
    native = person.canvas.main.native
    native.setFocus()
    assert person.canvas.main.overlay.state.outlines
    QTest.keyPress(native, Qt.Key.Key_Tab)
    assert not person.canvas.main.overlay.state.outlines
    QTest.keyRelease(native, Qt.Key.Key_Tab)
    assert person.canvas.main.overlay.state.outlines


def test_exported_labels_lie_on_the_grid_of_the_original_file(person: Person, study: Path, tmp_path: Path) -> None:
    """The button, the folder chosen in the dialog, and the masks on disk."""
    out = tmp_path / "out"
    out.mkdir()
    person.tab("review")
    person.answer_folder_dialog(out)
    person.press("Labels")
    person.until(lambda: "1 mask written" in person.notice, what="the answer")
    written, original = (nib.load(place / "phantom_01.nii.gz") for place in (out, study / "labelsTr"))
    np.testing.assert_allclose(written.affine, original.affine, atol=1e-4)
    np.testing.assert_array_equal(np.asarray(written.dataobj), np.asarray(original.dataobj))
    assert (out / "slices.csv").read_text().count("done") >= 10
    person.answer_folder_dialog(out)
    person.press("Labels")
    person.until(lambda: "already holds" in person.notice, what="the refusal: nothing is overwritten")


def test_a_project_that_another_window_holds_opens_for_reading(
    person: Person, open_window: Callable[[Path], Person]
) -> None:
    second = open_window(person.project)
    assert "reading" in second.notice
    second.stroke((20, 20), (20, 40))
    second.pause(0.3)
    assert second.edits("phantom_01") == ["import"]
