"""What somebody stumbled over who used the window for the first time, item by item."""

from __future__ import annotations

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea, QToolTip

from slicelab.app.canvas.difference import difference_colours, least_difference
from slicelab.app.canvas.surfaces import surfaces
from slicelab.app.shown_mask import ShownMask
from slicelab.app.workspace import TABS
from slicelab.core.labels import CLASS_COLOURS

pytestmark = pytest.mark.window


def show_prediction(person: Person) -> None:
    """A model's mask in the picture, as the desk of jobs hands one over: liver on every slice."""
    screen = person.window.screen_
    stack = np.zeros_like(person.shown)
    stack[:, 20:40, 20:40] = 1
    found = ShownMask(stack, "Prediction of Model 1", "Model 1", "r0001", frozenset(), True, frozenset({1, 2}))
    screen.show_mask(screen.case_id, found)
    person.pause(0.1)


def test_a_surface_has_a_gap_wherever_a_slice_between_is_not_labelled() -> None:
    for axis in range(3):
        for gap in (1, 2):
            labels = np.zeros((20, 30, 30), np.uint8)
            labels[2 : 18 : gap + 1, 8:22, 8:22] = 1
            (found,) = surfaces(labels, axis, (1.0, 1.0, 1.0), (1,))
            places = found.points[:, axis] + (20 - 1) / 2  # in slices
            apart = np.abs(places[:, None] - np.arange(2, 18, gap + 1)[None]).min(axis=1)
            assert apart.max() < 0.95, "nothing is drawn in the middle of a slice nobody labelled"
            links = found.points[found.faces][:, :, axis]
            assert np.ptp(links, axis=1).max() < 1.0


@pytest.mark.parametrize("classes", range(1, len(CLASS_COLOURS) + 1))
def test_the_colours_of_a_difference_are_none_of_the_classes_for_any_colour_vision(classes: int) -> None:
    used = CLASS_COLOURS[:classes]
    missed, extra = difference_colours(used)
    assert not {missed, extra} & set(used)
    assert least_difference(missed, extra) > 15
    assert min(least_difference(one, other) for one in (missed, extra) for other in used) > 8


def test_the_picture_stays_where_it_is_from_tab_to_tab_and_when_the_row_of_dice_comes(person: Person) -> None:
    main, work = person.canvas.main, person.window.work

    def place() -> tuple[QPoint, int, int]:
        person.pause(0.15)
        return main.mapTo(person.window, QPoint(0, 0)), main.width(), main.height()

    before = place()
    for name in TABS:
        person.tab(name)
        assert place() == before, name
    person.tab("review")
    area = work.review.findChild(QScrollArea)
    assert area.widget().minimumSizeHint().width() <= area.viewport().width(), "nothing is cut at the right"
    work.ledger.show_dice({2: 0.8}, "liver", "#D55E00")
    assert place() == before


def test_a_line_over_the_picture_is_said_short_where_there_is_no_room_and_whole_under_the_mouse(
    person: Person,
) -> None:
    person.open_case("phantom_02")
    show_prediction(person)
    overlay = person.canvas.main.overlay
    assert (overlay.state.legend, overlay.state.legend_short) == (
        "Prediction of Model 1, not accepted",
        "Model 1, not accepted",
    )
    size = overlay.size()
    overlay.resize(240, size.height())
    overlay.grab()
    (box, whole), *_ = [one for one in overlay._shortened if "Model 1" in one[1]]
    assert whole == "Prediction of Model 1, not accepted"
    place = box.center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, person.canvas.main.native.mapToGlobal(place))
    person.app.sendEvent(person.canvas.main.native, event)
    person.until(lambda: QToolTip.text() == whole, what="the whole line under the mouse")
    assert overlay.whole_words(QPointF(5, 200)) == ""
    QToolTip.hideText()
    overlay.resize(size)


def test_not_accepted_is_not_said_of_a_slice_that_is_labelled(person: Person) -> None:
    person.open_case("phantom_02")
    show_prediction(person)
    at, state = person.canvas.slice, person.canvas.main.overlay.state
    assert "not accepted" in state.legend
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.ticks[at] == "verified empty", what="the slice done")
    person.until(lambda: "not accepted" not in state.legend, what="nothing said of accepting")
    assert state.legend == "Prediction of Model 1"


def test_difference_says_on_a_slice_without_a_label_that_there_is_nothing_to_compare(person: Person) -> None:
    person.open_case("phantom_02")
    show_prediction(person)
    person.window.work.view_bar._choose_drawn("difference")
    overlay = person.canvas.main.overlay
    person.until(lambda: "no label on this slice" in overlay.state.legend, what="said in the picture")
    assert overlay.state.patches == ()
    person.key(Qt.Key.Key_Return)
    person.until(lambda: overlay.state.patches, what="the difference")
    person.until(lambda: overlay.state.legend == "Prediction of Model 1", what="the usual words")


def test_difference_is_drawn_of_no_class_that_is_unknown_on_the_slice_or_to_the_model(person: Person) -> None:
    person.open_case("phantom_02")
    screen, overlay, at = person.window.screen_, person.canvas.main.overlay, person.canvas.slice
    show_prediction(person)
    person.window.work.view_bar._choose_drawn("difference")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.ticks[at] == "verified empty", what="the slice done")
    person.until(lambda: overlay.state.patches, what="the difference")
    states = [dict(one) for one in screen._states]
    del states[at][1]
    screen.show_states(screen.case_id, tuple(states))
    liver, spleen = (item.name for item in screen._classes[:2])
    assert person.ticks[at] == "partly done"
    assert overlay.state.patches == ()
    assert f"{liver} is not labelled on this slice" in overlay.state.legend
    person.window.work.classes.choose(2)
    person.until(lambda: overlay.state.patches, what="the other class compared")
    assert overlay.state.legend == "Prediction of Model 1"
    states[at][1] = states[at][2]
    screen.show_states(screen.case_id, tuple(states))
    person.window.work.classes.choose(3)
    assert overlay.state.patches == ()
    assert "does not know" in overlay.state.legend
    assert spleen not in overlay.state.legend


def test_growing_that_finds_a_single_spot_says_so(person: Person) -> None:
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_6)
    grow = person.window.work.label.grow
    grow.spread.setValue(grow.spread.minimum())
    image = person.window.screen_._case.view.image[person.canvas.slice]
    beside = np.abs(np.diff(image.astype(float), axis=0))[:-1, 1:-1]
    row, column = np.unravel_index(beside.argmax(), beside.shape)
    spots = [(int(row) + dr, int(column) + dc) for dr in range(3) for dc in range(3)]
    for spot in spots:
        place = person.canvas.main.position_of(*spot).toPoint()
        QTest.mouseClick(person.canvas.main.native, Qt.MouseButton.LeftButton, pos=place)
        person.pause(0.1)
        if person.window.work.strip.said:
            break
    said = person.window.work.strip.said
    person.key(Qt.Key.Key_1)  # the brush again: what is in the hand stays there
    assert "Nothing around this place" in said


def test_looking_is_no_labelling_and_labels_that_came_with_a_case_are_no_time_at_work(person: Person) -> None:
    person.open_case("phantom_01")
    said = person.window.work.data._spent
    person.until(lambda: said.text() == "Has labels; no time at work was noted", what="labels without time")
    person.open_case("phantom_02")
    assert said.text() == "Not labelled yet"
    labels = person.window.labelling.desk
    labels._looked = 20.0  # as after paging through it for so long
    person.open_case("phantom_03")
    person.pause(0.3)
    assert person.rows("SELECT sum(seconds) FROM time_spent") in ([(None,)], [(0.0,)])
    person.open_case("phantom_02")
    assert said.text() == "Not labelled yet"
