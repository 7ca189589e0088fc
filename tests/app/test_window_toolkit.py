"""Contracts with Qt and napari that a new version of either may break without a word."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtTest import QTest

from slicelab.app.canvas.after_stroke import _LONGEST_MS, _PAUSE_MS
from slicelab.app.window import MainWindow

CALLS = 2000


class Emitter(QObject):
    """Something that can be heard."""

    said = Signal()


def test_qt_calls_do_not_wear_out_none_and_true() -> None:
    """PySide6 6.12.0 takes a reference from None or True with every call; on Python 3.11 that ends in a crash."""
    emitter = Emitter()
    emitter.said.connect(lambda: None)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(CALLS):
        emitter.said.emit()
        emitter.setObjectName("name")
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert all(now > then - CALLS // 2 for then, now in zip(before, after, strict=True))


@pytest.mark.window
def test_all_planes_share_the_memory_of_one_mask(person: Person) -> None:
    for canvas in (person.canvas.main, *person.canvas.side):
        assert np.shares_memory(canvas._mask.data, person.shown)


@pytest.mark.window
def test_napari_keeps_no_history_and_hears_no_key(person: Person) -> None:
    person.open_case("phantom_02")
    person.stroke((20, 20), (20, 40))
    layer = person.canvas.main._mask
    assert len(layer._undo_history) == 0
    painted = person.shown.copy()
    mode, layers = layer.mode, len(person.canvas.main.model.layers)
    for key in (Qt.Key.Key_M, Qt.Key.Key_X, Qt.Key.Key_B, Qt.Key.Key_V, Qt.Key.Key_7, Qt.Key.Key_Delete):
        person.key(key)
    assert len(person.canvas.main.model.layers) == layers
    assert (layer.mode, layer.selected_label, layer.preserve_labels, layer.visible) == (mode, 1, False, True)
    np.testing.assert_array_equal(person.shown, painted)


@pytest.mark.window
def test_a_quick_stroke_is_painted_to_its_very_end(person: Person) -> None:
    """napari throttles mouse moves; a stroke that is over before the last one was taken must not be cut short."""
    person.open_case("phantom_02")
    at = person.canvas.slice
    reach = person.window.work.label.brush.slider.value()
    for row in range(6, 56, 4):
        end = 40 + row % 5
        person.stroke((row, 10), (row, end))
        painted = np.flatnonzero(person.shown[at, row])
        assert painted[0] <= 10
        assert end <= painted[-1] <= end + reach


@pytest.mark.window
def test_the_ring_of_the_brush_is_as_large_as_its_dab_and_leaves_the_picture_with_the_mouse(person: Person) -> None:
    person.open_case("phantom_02")
    canvas = person.canvas.main
    person.stroke((30, 20), (30, 30))
    person.until(lambda: canvas.overlay.state.ring is not None, what="the ring")
    ring = canvas.overlay.state.ring
    end = canvas.position_of(30, 30)
    assert (ring.middle.x(), ring.middle.y()) == pytest.approx((end.x(), end.y()), abs=1.5)
    assert ring.diameter == pytest.approx(person.canvas.hand.brush_mm * canvas.overlay.state.camera.zoom, abs=1)
    sheet = canvas.overlay.grab().toImage()
    edge = ring.middle - QPointF(ring.diameter / 2, 0)
    assert sheet.pixelColor(edge.toPoint()).lightness() > 120, "drawn where the dab ends"
    person.key(Qt.Key.Key_BracketRight)
    person.until(lambda: canvas.overlay.state.ring.diameter > ring.diameter, what="a larger one for a larger brush")
    person.key(Qt.Key.Key_BracketLeft)
    for press in (QTest.keyPress, QTest.keyRelease):
        press(canvas.native, Qt.Key.Key_Space)  # held, the picture is moved
        person.until(lambda press=press: (canvas.overlay.state.ring is None) == (press is QTest.keyPress), what="ring")
    person.rest_the_mouse()
    assert canvas.overlay.state.ring is None
    assert not canvas.model.canvas.overlays["_brush_circle"].visible, "there are not two of them"


@pytest.mark.window
def test_a_dab_in_another_plane_takes_the_large_one_there_before_the_hand_pauses(person: Person) -> None:
    person.open_case("phantom_02")
    side, main = person.canvas.side[0], person.canvas.main
    after = person.canvas._after_stroke
    after._pause.setInterval(60_000)
    after._longest.setInterval(60_000)
    try:
        before = main.slice
        person.stroke((2, 20), (2, 22), canvas=side)
        person.until(lambda: main.slice != before, what="the large plane where one painted")
    finally:
        after.settle()
        after._pause.setInterval(_PAUSE_MS)
        after._longest.setInterval(_LONGEST_MS)


@pytest.mark.window
def test_the_other_planes_come_to_where_one_painted_once_the_hand_pauses_and_before_one_goes_on(person: Person) -> None:
    person.open_case("phantom_02")
    side = person.canvas.side[0]
    before = person.canvas.place
    person.stroke((20, 24), (20, 26))
    person.until(lambda: person.canvas.place != before, what="the crosshair where one painted")
    person.until(lambda: side.overlay.state.outlines, what="the stroke in the other plane")
    person.stroke((40, 44), (40, 46))
    person.wheel(1)  # at once: the crosshair is taken along from the stroke, not from before it
    row, column = (person.canvas.main.overlay.state.pixel_mm[axis] * at for axis, at in ((0, 40), (1, 44)))
    crossed = person.canvas.side[0].overlay.state.crosshair_mm, person.canvas.side[1].overlay.state.crosshair_mm
    assert {round(row, 3), round(column, 3)} <= {round(place, 3) for pair in crossed for place in pair}


@pytest.mark.window
def test_the_patients_right_is_drawn_on_the_left_and_anterior_on_top(person: Person) -> None:
    """The liver lies on the patient's right and in front of the spine: judged from the pixels that were rendered."""
    from PySide6.QtGui import QImage

    person.open_case("phantom_01")
    at = int(np.argmax((person.shown == 1).sum(axis=(1, 2))))
    person.canvas.set_slice(at)
    person.window.work.label.setFocus()
    person.pause(0.3)
    frame = person.canvas.main.native.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB888)
    pixels = np.frombuffer(frame.constBits(), np.uint8).reshape(frame.height(), frame.bytesPerLine())
    colour = pixels[:, : 3 * frame.width()].reshape(frame.height(), frame.width(), 3).astype(int)
    reddish = colour[..., 0] - colour[..., 2] > 25  # the liver's vermilion over grey
    rows, columns = np.nonzero(reddish)
    assert columns.mean() < 0.47 * frame.width()
    assert rows.mean() < 0.52 * frame.height()
    letters = person.canvas.main.overlay.state.letters
    assert (letters["left"], letters["right"], letters["top"], letters["bottom"]) == ("R", "L", "A", "P")
    assert person.canvas.main.overlay.state.convention == "Radiological"


@pytest.fixture
def all_views(person: Person) -> Iterator[Person]:
    """Somebody with everything on that can be seen, the image in the 3D view too; off again afterwards."""
    switches = [person.window.actions_[f"view.{name}"] for name in ("solid", "volume")]
    for switch in switches:
        switch.trigger()
    yield person
    for switch in switches:
        switch.trigger()


@pytest.mark.window
@pytest.mark.parametrize("changes", [10, pytest.param(50, marks=pytest.mark.slow)])
def test_case_changes_leave_no_canvas_no_drawing_and_little_memory_behind(
    all_views: Person, first_window: MainWindow, changes: int
) -> None:
    """Canvases, what they draw, and memory are as after the first round through the cases, the 3D view included."""
    import gc

    import psutil
    from vispy.scene import Node, SceneCanvas

    from slicelab.app.canvas.plane_canvas import PlaneCanvas
    from slicelab.app.canvas.solid_view import SolidView

    person = all_views
    screen = first_window.screen_

    def change(times: int) -> None:
        person.open_case("phantom_01")
        for number in range(times):
            before = screen.case_id
            person.key(Qt.Key.Key_PageUp if number % 4 > 1 else Qt.Key.Key_PageDown, ctrl=True)
            person.until(lambda before=before: screen.case_id != before, what="the next case")
        person.open_case("phantom_01")
        person.until(lambda: first_window.views.solid.view._mesh.visible, what="surfaces")

    def alive() -> dict[str, int]:
        gc.collect()
        made = gc.get_objects()
        kinds = {"canvases": SceneCanvas, "drawings": Node}
        return {name: sum(issubclass(type(one), kind) for one in made) for name, kind in kinds.items()}

    change(6)
    process = psutil.Process()
    before, memory = alive(), process.memory_info().rss
    planes = len(first_window.findChildren(PlaneCanvas))
    assert planes <= 4, "the three planes, and the picture beside the large one once it was asked for"
    change(changes)
    assert alive() == before
    assert len(first_window.findChildren(PlaneCanvas)) == planes
    assert len(first_window.findChildren(SolidView)) == 1
    assert process.memory_info().rss - memory < 60e6
