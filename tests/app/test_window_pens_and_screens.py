"""Pens and sharp screens: a pen paints with its tip and erases with its end, also where a pixel is four."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice, QTabletEvent

pytestmark = pytest.mark.window
Kind = QPointingDevice.PointerType


@cache
def pen(end: Kind) -> QPointingDevice:
    """A pen, kept: Qt remembers the device of an event beyond it."""
    able = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure
    return QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, end, able, 1, 3)


def send(person: Person, device: QPointingDevice, kind: QEvent.Type, at: QPointF) -> None:
    """What Qt makes of a pen whose own events nobody takes: a mouse event that says it is the pen's."""
    native = person.canvas.main.native
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(
        kind, at, at, QPointF(native.mapToGlobal(at)), button, held, Qt.KeyboardModifier.NoModifier, device
    )
    person.app.sendEvent(native, event)
    person.app.processEvents()


def draw(person: Person, device: QPointingDevice) -> None:
    """A stroke from column 20 to 40 of row 20."""
    start, end = (person.canvas.main.position_of(20, column) for column in (20, 40))
    send(person, device, QEvent.Type.MouseButtonPress, start)
    for share in (0.25, 0.5, 0.75, 1.0):
        send(person, device, QEvent.Type.MouseMove, start + (end - start) * share)
    send(person, device, QEvent.Type.MouseButtonRelease, end)


def test_a_pen_paints_with_its_tip_and_erases_with_its_end(person: Person) -> None:
    person.open_case("phantom_02")
    at, edits = person.canvas.slice, lambda: person.edits("phantom_02")
    draw(person, pen(Kind.Pen))
    person.until(lambda: edits() == ["brush"], what="painted")
    assert (person.mask_on_disk("phantom_02", at)[20, 20:41] == 1).all()
    draw(person, pen(Kind.Eraser))
    person.until(lambda: edits() == ["brush", "erase"], what="erased")
    assert not person.mask_on_disk("phantom_02", at).any()
    person.pause(0.1)
    draw(person, pen(Kind.Pen))
    person.until(lambda: edits() == ["brush", "erase", "brush"], what="the brush is in the hand again")


def test_the_picture_leaves_a_pens_own_events_to_qt_which_makes_a_mouse_of_them(person: Person) -> None:
    native, nothing = person.canvas.main.native, Qt.KeyboardModifier.NoModifier
    at, device = person.canvas.main.position_of(20, 20), pen(Kind.Pen)
    for kind in (QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease):
        event = QTabletEvent(
            kind, device, at, QPointF(native.mapToGlobal(at)), 0.6, 0.0, 0.0, 0.0, 0.0, 0.0, nothing,
            Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton,
        )  # fmt: skip
        person.app.sendEvent(native, event)
        assert not event.isAccepted()


_SHARP = """
import sys
from functools import cache
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from slicelab.app.application import application, make_window
from person import Person
app = application()
window = make_window(None)
window.show()
someone = Person(window, app, Path(sys.argv[2]))
someone.open_project(someone.project)
someone.open_case("phantom_02")
at, native = someone.canvas.slice, someone.canvas.main.native
someone.stroke((20, 20), (20, 40))
someone.until(lambda: someone.edits("phantom_02") == ["brush"], what="painted")
mask = someone.mask_on_disk("phantom_02", at)
print(window.devicePixelRatioF(), native.grabFramebuffer().width() / native.width(), (mask[20, 20:41] == 1).all(),
      mask[:18].any() or mask[23:].any() or mask[:, :18].any() or mask[:, 43:].any())
window.close_unasked()
"""


def test_a_stroke_lands_where_it_was_drawn_on_a_screen_of_twice_the_pixels(project: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _SHARP, str(Path(__file__).parent), str(project)],
        capture_output=True, text=True, timeout=180, check=False,
        env={**os.environ, "SLICELAB_CONFIG": str(tmp_path / "config"), "QT_SCALE_FACTOR": "2"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "2.0 2.0 True False"
