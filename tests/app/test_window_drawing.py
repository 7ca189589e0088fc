"""Drawing tools in the window: what each leaves on the screen is what lies on disk, and locks hold for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from slicelab.app.canvas.tools import Hand, Tool
from slicelab.core.drawing.intensity import within

pytestmark = pytest.mark.window
CASE = "phantom_02"


def click(person: Person, row: float, column: float, *, double: bool = False) -> None:
    """A click on a place of the large plane."""
    canvas = person.canvas.main
    at = canvas.position_of(row, column).toPoint()
    QTest.mouseMove(canvas.native, at)
    QTest.mouseClick(canvas.native, Qt.MouseButton.LeftButton, pos=at)
    if double:
        QTest.mouseDClick(canvas.native, Qt.MouseButton.LeftButton, pos=at)
    person.app.processEvents()


def push(person: Person, widget: QAbstractButton) -> None:
    """A click on a button, check box or segment."""
    at = QPoint(8, widget.height() // 2)
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=at)
    person.app.processEvents()


def choose_class(person: Person, row: int) -> None:
    view = person.window.work.classes.view
    place = view.visualItemRect(view.item(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.app.processEvents()


def brush_size(person: Person, mm: float) -> None:
    """Type a number into the brush's field."""
    box = person.window.work.label.brush.size_box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, f"{mm:.1f}")
    QTest.keyClick(box, Qt.Key.Key_Tab)
    person.app.processEvents()
    assert box.value() == mm


def on_disk(person: Person, index: int, action: str) -> np.ndarray:
    """The slice's mask on disk, once the last edit there is this one."""
    person.until(lambda: person.edits(CASE)[-1:] == [action], what=f"{action} saved")
    person.saved()

    def settled() -> bool:  # the edit before may have had the same name
        mask = person.mask_on_disk(CASE, index)
        return mask is not None and np.array_equal(mask, person.shown[index])

    person.until(settled, what="the mask on disk as it is shown")
    mask = person.mask_on_disk(CASE, index)
    assert mask is not None
    return mask


@pytest.fixture
def drawing(person: Person) -> Iterator[Person]:
    """Somebody with an unlabelled case open, and the brush in the hand as it is at first; put back afterwards."""
    screen = person.window.screen_
    person.open_case(CASE)
    person.window.work.show_tab("label")
    screen.hand.take(Hand(rule=screen.hand.held.rule))
    yield person
    screen.hand.take(Hand())


def test_the_brush_is_as_wide_as_its_millimetres(drawing: Person) -> None:
    at = drawing.canvas.slice
    brush_size(drawing, 34.0)
    click(drawing, 30, 30)
    np.testing.assert_array_equal(on_disk(drawing, at, "brush") == 1, within((64, 64), (30, 30), 17.0, (5.6, 5.6)))


def test_the_ball_paints_neighbouring_slices_as_far_as_it_is_thick(drawing: Person) -> None:
    at = drawing.canvas.slice
    brush_size(drawing, 50.0)
    drawing.press("Ball, 3D")
    click(drawing, 30, 30)
    for step in (-1, 0, 1):
        assert (on_disk(drawing, at + step, "brush") == 1).any()
    ball = within((10, 64, 64), (at, 30, 30), 25.0, (18.0, 5.6, 5.6))
    np.testing.assert_array_equal(drawing.shown == 1, ball)
    drawing.until(lambda: drawing.button("Undo").accessibleName() == f"Undo brush, slices {at}-{at + 2}")
    drawing.key(Qt.Key.Key_Z, ctrl=True)
    drawing.until(lambda: not drawing.shown.any(), what="one undo for the whole ball")


def test_no_tool_paints_over_a_locked_class_nor_erases_it(drawing: Person) -> None:
    at = drawing.canvas.slice
    drawing.stroke((20, 20), (20, 40))
    locked = on_disk(drawing, at, "brush") == 1
    drawing.key(Qt.Key.Key_K)
    choose_class(drawing, 1)
    drawing.stroke((14, 30), (28, 30))
    mask = on_disk(drawing, at, "brush")
    np.testing.assert_array_equal(mask == 1, locked)
    assert (mask == 2).any()
    drawing.key(Qt.Key.Key_1)
    drawing.stroke((14, 30), (28, 30))
    mask = on_disk(drawing, at, "erase")
    np.testing.assert_array_equal(mask == 1, locked)
    assert not (mask == 2).any()
    drawing.key(Qt.Key.Key_4)
    click(drawing, 20, 30)
    drawing.key(Qt.Key.Key_3)
    for corner in ((10, 10), (10, 50), (40, 50), (40, 10)):
        click(drawing, *corner)
    drawing.key(Qt.Key.Key_Return)
    np.testing.assert_array_equal(on_disk(drawing, at, "polygon") == 1, locked)
    drawing.press("Clear slice")
    drawing.until(lambda: not (drawing.shown[at] == 2).any())
    np.testing.assert_array_equal(drawing.shown[at] == 1, locked)
    drawing.key(Qt.Key.Key_2)
    choose_class(drawing, 0)
    drawing.stroke((50, 20), (50, 40))
    drawing.until(lambda: "liver is locked" in drawing.notice, what="a word about the lock")
    np.testing.assert_array_equal(drawing.shown[at] == 1, locked)


def test_only_background_is_painted_when_that_is_chosen(drawing: Person) -> None:
    at = drawing.canvas.slice
    drawing.stroke((20, 20), (20, 40))
    first = on_disk(drawing, at, "brush") == 1
    drawing.press("Background")
    choose_class(drawing, 2)
    drawing.stroke((14, 30), (28, 30))
    mask = on_disk(drawing, at, "brush")
    np.testing.assert_array_equal(mask == 1, first)
    assert (mask == 3).any()
    drawing.press("Unlocked")


def test_a_polygon_of_clicks_is_closed_by_a_double_click(drawing: Person) -> None:
    at = drawing.canvas.slice
    drawing.key(Qt.Key.Key_3)
    for corner in ((9.6, 9.6), (9.6, 30.4), (25.4, 30.4)):
        click(drawing, *corner)
    assert drawing.canvas.main.overlay.state.sketch is not None
    drawing.wheel(2, ctrl=True)
    click(drawing, 25.4, 9.6, double=True)
    mask = on_disk(drawing, at, "polygon")
    assert drawing.canvas.main.overlay.state.sketch is None
    wanted = np.zeros((64, 64), np.uint8)
    wanted[10:26, 10:31] = 1
    np.testing.assert_array_equal(mask, wanted)
    assert drawing.states_on_disk(CASE, at) == {"draft"}
    drawing.until(lambda: drawing.button("Undo").accessibleName() == f"Undo polygon, slice {at + 1}")


def test_enter_closes_a_freehand_outline_and_does_not_mark_the_slice_done(drawing: Person) -> None:
    at = drawing.canvas.slice
    drawing.key(Qt.Key.Key_3)
    angle = np.linspace(0, 2 * np.pi, 24)[:-1]
    drawing.stroke(*zip(30 + 12 * np.sin(angle), 30 + 12 * np.cos(angle), strict=True))
    assert drawing.edits(CASE) == []
    QTest.keyClick(drawing.canvas.main.native, Qt.Key.Key_Return)
    disc = within((64, 64), (30, 30), 12.0, (1.0, 1.0))
    mask = on_disk(drawing, at, "polygon") == 1
    assert (mask & disc).sum() > 0.93 * disc.sum()
    assert drawing.states_on_disk(CASE, at) == {"draft"}
    QTest.keyClick(drawing.canvas.main.native, Qt.Key.Key_Return)
    drawing.until(lambda: drawing.states_on_disk(CASE, at) == {"done"}, what="Enter is a command again")


def test_escape_gives_an_outline_up_and_backspace_takes_a_corner_back(drawing: Person) -> None:
    drawing.key(Qt.Key.Key_3)
    for corner in ((10, 10), (10, 30), (30, 30)):
        click(drawing, *corner)
    state = drawing.canvas.main.overlay.state
    QTest.keyClick(drawing.canvas.main.native, Qt.Key.Key_Backspace)
    assert state.sketch is not None
    assert len(state.sketch.line) == 2
    QTest.keyClick(drawing.canvas.main.native, Qt.Key.Key_Escape)
    assert state.sketch is None
    drawing.key(Qt.Key.Key_Return)
    drawing.until(lambda: drawing.edits(CASE) == ["done"])
    assert not drawing.shown.any()


def test_the_outline_follows_the_edge_when_that_is_wished(drawing: Person) -> None:
    at = drawing.canvas.slice
    view = drawing.window.screen_._case.view
    picture = view.image[at].astype(float)
    body = np.argwhere(picture > np.percentile(picture, 60))
    left = body[body[:, 0] == 30][0]
    drawing.key(Qt.Key.Key_3)
    push(drawing, drawing.window.work.label.outline.wire)
    click(drawing, *left)
    canvas = drawing.canvas.main
    QTest.mouseMove(canvas.native, canvas.position_of(12, 32).toPoint())
    drawing.until(lambda: len(canvas.outline.lasso.ahead) > 5, what="a way along the edge")
    way = np.array(canvas.outline.lasso.ahead)
    straight = left + np.linspace(0, 1, len(way))[:, None] * (np.array([12, 32]) - left)
    assert np.abs(way - straight).max() > 1.5
    assert (np.abs(np.diff(way, axis=0)).max(axis=1) == 1).all()


def test_a_range_of_intensities_holds_paint_back_but_not_the_eraser(drawing: Person) -> None:
    at = drawing.canvas.slice
    picture = drawing.window.screen_._case.view.image[at]
    box = drawing.window.work.label.range
    push(drawing, box.on)
    low, high = (float(np.round(value)) for value in np.percentile(picture, (55, 85)))
    for field, value in ((box.low, low), (box.high, high)):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, f"{value:.0f}")
        QTest.keyClick(field, Qt.Key.Key_Tab)
    assert (box.low.value(), box.high.value()) == (low, high)
    inside = (picture >= low) & (picture <= high)
    tint = drawing.canvas.main.overlay.state.tint
    assert tint is not None
    np.testing.assert_array_equal(tint.where, inside)
    brush_size(drawing, 60.0)
    drawing.stroke((30, 15), (30, 48))
    painted = on_disk(drawing, at, "brush") == 1
    assert painted.any()
    assert not (painted & ~inside).any()
    np.testing.assert_array_equal(painted[30, 15:49], inside[30, 15:49])
    drawing.key(Qt.Key.Key_1)
    assert drawing.canvas.main.overlay.state.tint is None, "the eraser heeds no range"
    drawing.stroke((30, 15), (30, 48))
    assert not (on_disk(drawing, at, "erase") == 1).any()


def test_the_range_is_learnt_from_what_is_painted_and_left_behind_with_the_case(drawing: Person) -> None:
    at = drawing.canvas.slice
    brush_size(drawing, 20.0)
    drawing.stroke((30, 15), (30, 25))
    drawing.press("From paint")
    limits = drawing.window.screen_.hand.held.limits
    values = drawing.window.screen_._case.view.image[at][drawing.shown[at] == 1]
    np.testing.assert_allclose(limits, np.percentile(values, (5, 95)), atol=1.0)
    drawing.open_case("phantom_03")
    assert drawing.window.screen_.hand.held.limits is None


def test_growing_from_a_click_paints_one_organ_as_one_step(drawing: Person) -> None:
    person = drawing
    person.open_case("phantom_01")
    reference = person.shown.copy()
    at = int(np.argmax((reference == 1).sum(axis=(1, 2))))
    person.canvas.set_slice(at)
    person.press("Clear slice")
    person.until(lambda: not person.shown[at].any())
    person.key(Qt.Key.Key_6)
    grow = person.window.work.label.grow
    person.until(grow.isVisible)
    rows, columns = np.nonzero(reference[at] == 1)
    middle = np.argmin((rows - rows.mean()) ** 2 + (columns - columns.mean()) ** 2)
    click(person, rows[middle], columns[middle])
    person.until(lambda: person.edits("phantom_01")[-1] == "grow")
    person.saved()
    mask = person.mask_on_disk("phantom_01", at)
    np.testing.assert_array_equal(mask, person.shown[at])
    assert mask[rows[middle], columns[middle]] == 1
    assert (mask[reference[at] == 1] == 1).mean() > 0.3
    assert person.window.screen_.hand.held.tool is Tool.GROW


def test_interpolation_fills_the_gap_one_stands_in_as_drafts_with_one_undo(drawing: Person) -> None:
    brush_size(drawing, 60.0)
    for at in (2, 6):
        drawing.canvas.set_slice(at)
        click(drawing, 30, 30)
        drawing.key(Qt.Key.Key_Return)
        drawing.until(lambda at=at: drawing.ticks[at] == "done")
    drawing.canvas.set_slice(4)
    drawing.until(lambda: drawing.button("Interpolate slices 4 to 6").isEnabled())
    drawing.press("Interpolate slices 4 to 6")
    drawing.until(lambda: drawing.shown[4].any(), what="the mask between")
    for at in (3, 4, 5):
        mask = on_disk(drawing, at, "interpolate")
        np.testing.assert_array_equal(mask, drawing.shown[2])
        assert drawing.states_on_disk(CASE, at) == {"draft"}
        assert drawing.origin_on_disk(CASE, at) == ("interpolated", None)
    drawing.until(lambda: drawing.ticks[3:6] == ["draft"] * 3)
    drawing.until(lambda: drawing.button("Undo").accessibleName() == "Undo interpolate, slices 4-6")
    drawing.key(Qt.Key.Key_Z, ctrl=True)
    drawing.until(lambda: not drawing.shown[3:6].any())
    assert drawing.mask_on_disk(CASE, 4) is None


def test_a_neighbours_outlines_are_copied_by_button_and_key(drawing: Person) -> None:
    at = drawing.canvas.slice
    drawing.stroke((20, 20), (30, 40))
    drawing.canvas.set_slice(at + 1)
    drawing.press(f"Copy slice {at + 1}")
    drawing.until(lambda: drawing.shown[at + 1].any(), what="the copy")
    np.testing.assert_array_equal(on_disk(drawing, at + 1, f"copy slice {at + 1}"), drawing.shown[at])
    drawing.canvas.set_slice(at - 1)
    drawing.key(Qt.Key.Key_Up, shift=True)
    drawing.until(lambda: drawing.shown[at - 1].any(), what="the copy")
    drawing.canvas.set_slice(at + 3)
    drawing.key(Qt.Key.Key_Up, shift=True)
    drawing.until(lambda: "no outlines to copy" in drawing.notice, what="a word that there is nothing")


def test_mending_changes_the_class_on_this_slice_or_on_all_of_them(drawing: Person) -> None:
    at = drawing.canvas.slice
    brush_size(drawing, 60.0)
    for index in (at, at + 1):
        drawing.canvas.set_slice(index)
        click(drawing, 30, 30)
    before = drawing.shown.copy()
    drawing.canvas.set_slice(at)
    drawing.press("Grow")
    drawing.until(lambda: (drawing.shown[at] == 1).sum() > (before[at] == 1).sum(), what="a larger liver")
    on_disk(drawing, at, "grow liver")
    np.testing.assert_array_equal(drawing.shown[at + 1], before[at + 1])
    drawing.until(lambda: drawing.button("Undo").accessibleName() == f"Undo grow liver, slice {at + 1}")
    assert drawing.window.actions_["mend.shrink"].text() == "Shrink liver by 5.6 mm, this slice"
    drawing.press("All slices")
    assert drawing.window.actions_["mend.shrink"].text() == "Shrink liver by 5.6 mm, all slices"
    drawing.press("Shrink")
    drawing.until(lambda: (drawing.shown[at + 1] == 1).sum() < (before[at + 1] == 1).sum(), what="a smaller liver")
    on_disk(drawing, at + 1, "shrink liver")
    drawing.press("Fill holes")
    drawing.until(lambda: "has no holes" in drawing.notice, what="a word that nothing was to be done")
    drawing.press("This slice")


def test_a_stroke_made_while_a_case_is_being_mended_is_neither_lost_nor_hidden(drawing: Person) -> None:
    at = drawing.canvas.slice
    brush_size(drawing, 60.0)
    for index in (at - 1, at, at + 1):
        drawing.canvas.set_slice(index)
        click(drawing, 30, 30)
    drawing.canvas.set_slice(at)
    drawing.press("All slices")
    drawing.press("Smooth")
    drawing.press("Grow")
    drawing.stroke((50, 10), (50, 20))
    drawing.until(lambda: drawing.edits(CASE)[-1] == "brush" and len(drawing.edits(CASE)) >= 5)
    drawing.saved()
    drawing.pause(0.3)
    for index in (at - 1, at, at + 1):
        np.testing.assert_array_equal(drawing.mask_on_disk(CASE, index), drawing.shown[index])
    assert drawing.shown[at, 50, 15] == 1
    drawing.press("This slice")
