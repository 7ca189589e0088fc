"""What hands do all day: outlines that close themselves, the next slice, a window per case; and a killed window."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton
from test_window_drawing import click
from test_window_start import _path_with_tests
from test_window_viewing import rendered

from slicelab.core.drawing.intensity import within

pytestmark = pytest.mark.window
CASE = "phantom_02"
_KILLED = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from slicelab.app.application import application, make_window
from person import Person
app = application()
window = make_window(None)
window.resize(1400, 900)
window.show()
someone = Person(window, app, Path(sys.argv[1]))
someone.open_project(someone.project)
someone.open_case("phantom_02")
for number, row in enumerate((14, 24, 34), 1):
    someone.stroke((row, 20), (row, 40))
    someone.until(lambda: len(someone.edits("phantom_02")) == number, what="a stroke on disk")
native, place = someone.canvas.main.native, someone.canvas.main.position_of(44, 20).toPoint()
QTest.mousePress(native, Qt.MouseButton.LeftButton, pos=place)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_window_that_is_killed_comes_back_with_every_finished_stroke(person: Person) -> None:
    folder = person.project
    person.window.desk.close()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _KILLED, str(folder)],
        capture_output=True, text=True, timeout=180, check=False, env={**os.environ, "PYTHONPATH": _path_with_tests()},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    person.open_project(folder)
    person.open_case(CASE)
    at = person.canvas.slice
    assert "reading" not in person.notice, "the lock of a window that is gone holds nobody up"
    assert person.edits(CASE) == ["brush"] * 3
    assert all(person.shown[at, row, 30] == 1 for row in (14, 24, 34))
    assert not person.shown[at, 40:].any(), "a stroke that was never finished is none"
    person.until(lambda: person.button("Undo").accessibleName() == f"Undo brush, slice {at + 1}", what="undo")


def test_an_outline_closes_where_it_comes_back_to_its_beginning(person: Person) -> None:
    person.open_case(CASE)
    at = person.canvas.slice
    person.key(Qt.Key.Key_3)
    angle = np.linspace(0, 2 * np.pi, 32)
    person.stroke(*zip(30 + 12 * np.sin(angle), 30 + 12 * np.cos(angle), strict=True))
    person.until(lambda: person.edits(CASE) == ["polygon"], what="the ring drawn by hand")
    disc = within((64, 64), (30, 30), 12.0, (1.0, 1.0))
    assert ((person.shown[at] == 1) & disc).sum() > 0.93 * disc.sum()
    person.key(Qt.Key.Key_Z, ctrl=True)
    person.until(lambda: not person.shown.any(), what="taken back")
    for corner in ((9.6, 9.6), (9.6, 30.4), (25.4, 30.4), (25.4, 9.6)):
        click(person, *corner)
    assert not person.shown.any(), "open still"
    click(person, 9.6, 9.6)
    person.until(lambda: person.shown[at, 10:26, 10:31].all(), what="closed by a click on the first corner")
    person.key(Qt.Key.Key_2)


def hold(person: Person, key: Qt.Key) -> None:
    """What the system sends while a key is held down."""
    native = person.canvas.main.native
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(native, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "\r", True))


def test_an_enter_by_habit_after_an_outline_that_closed_itself_marks_nothing_done(person: Person) -> None:
    person.open_case(CASE)
    at = person.canvas.slice
    person.key(Qt.Key.Key_3)
    angle = np.linspace(0, 2 * np.pi, 32)

    def ring(radius: float) -> None:
        before = len(person.edits(CASE))
        person.stroke(*zip(30 + radius * np.sin(angle), 30 + radius * np.cos(angle), strict=True))
        person.until(lambda: len(person.edits(CASE)) == before + 1, what="the ring on disk")

    def done() -> bool:
        return person.ticks[at] == "done"

    person.canvas.main.gestures._insisted = 0  # the window is that of other tests too
    ring(8)
    QTest.mouseMove(person.canvas.main.native, person.canvas.main.position_of(40, 40).toPoint())
    person.key(Qt.Key.Key_Return)
    assert person.window.work.strip.said == "Outline already closed; Enter again marks the slice done"
    person.pause(0.3)
    assert not done()
    assert person.edits(CASE) == ["polygon"]
    for _ in range(3):
        hold(person, Qt.Key.Key_Return)
    person.pause(0.3)
    assert not done(), "held down, it is the same Enter"
    assert person.canvas.main.gestures._insisted == 0
    person.key(Qt.Key.Key_Return)
    person.until(done, what="done by the second Enter")
    otherwise = (
        lambda: person.key(Qt.Key.Key_2),
        lambda: click(person, 50, 50),
        lambda: person.wheel(1) or person.wheel(-1),
        lambda: person.press("Undo"),
    )
    for number, do in enumerate(otherwise):
        person.key(Qt.Key.Key_3)
        ring(10 + 2 * number)
        person.until(lambda: not done(), what="drawn on again")
        person.window.work.strip.say("")
        do()
        person.key(Qt.Key.Key_Escape)
        person.key(Qt.Key.Key_Return)
        person.until(done, what="done by one Enter, since something else was done meanwhile")
        assert not person.window.work.strip.said.startswith("Outline")
    person.key(Qt.Key.Key_3)
    for radius, presses in ((18, 2), (19, 1)):
        ring(radius)
        person.until(lambda: not done(), what="drawn on again")
        for _ in range(presses):
            person.key(Qt.Key.Key_Return)
        person.until(done, what="done by one Enter once it was meant so twice")
    person.canvas.main.gestures._insisted = 0
    person.key(Qt.Key.Key_2)


def test_n_goes_to_the_next_slice_that_needs_somebody_and_shift_n_back(person: Person) -> None:
    person.open_case(CASE)
    for at in (6, 7):
        person.canvas.set_slice(at)
        person.key(Qt.Key.Key_Return)
        person.until(lambda at=at: person.ticks[at] == "verified empty", what="done")
    person.canvas.set_slice(5)
    person.key(Qt.Key.Key_N)
    assert person.canvas.slice == 8, "done ones are passed over"
    person.key(Qt.Key.Key_N, shift=True)
    assert person.canvas.slice == 5
    person.press("Next that needs me")
    assert person.canvas.slice == 8


def test_the_list_shows_a_small_picture_of_every_case(person: Person) -> None:
    model = person.window.work.cases._model
    person.until(lambda: len(model._pictures) == 3, what="three pictures")
    person.pause(0.1)
    view = person.window.work.cases.view
    shown = view.viewport().grab().toImage()
    ratio = shown.devicePixelRatio()
    for case in person.window._cases:
        place = person.window.work.cases.place_of(case.id)
        greys = {
            shown.pixelColor(round(x * ratio), round((place.y() + y) * ratio)).lightness()
            for x in range(20, 50)
            for y in range(-16, 16)
        }
        assert len(greys) > 20, f"{case.name} shows what it is"


def test_the_window_chosen_for_a_case_is_there_again_with_the_case_and_the_project(person: Person) -> None:
    bar = person.window.work.view_bar

    def choose(name: str) -> None:
        segment = next(one for one in bar.presets.findChildren(QAbstractButton) if one.text() == name)
        if segment.isVisible():
            QTest.mouseClick(segment, Qt.MouseButton.LeftButton)
        else:
            bar._preset_box.setFocus()
            QTest.keyClick(bar._preset_box, Qt.Key.Key_Home)
            for _ in range(bar._preset_box.findData(name)):
                QTest.keyClick(bar._preset_box, Qt.Key.Key_Down)

    def said() -> str:
        return person.canvas.main.overlay.state.corner_detail

    def limits() -> tuple[float, float]:
        return tuple(person.canvas.main.model.layers[0].contrast_limits)

    person.open_case(CASE)
    image = person.window.screen_._case.view.image[:, ::2, ::2]
    choose("0.5–99.5 %")
    person.until(lambda: said() == "0.5–99.5 %", what="the preset named")
    assert limits() == pytest.approx(tuple(np.percentile(image, (0.5, 99.5))))
    person.open_case("phantom_03")
    assert said() == "1–99 %"
    person.stroke((30, 20), (24, 44), button=Qt.MouseButton.RightButton)
    moved = limits()
    person.open_case(CASE)
    assert said() == "0.5–99.5 %"
    person.open_project(Path(person.project))
    person.open_case("phantom_03")
    assert limits() == pytest.approx(moved)
    person.open_case(CASE)
    assert said() == "0.5–99.5 %"
    assert limits() == pytest.approx(tuple(np.percentile(image, (0.5, 99.5))))


def test_tab_held_takes_every_mask_out_of_the_picture_and_let_go_brings_it_back(person: Person) -> None:
    person.open_case("phantom_01")
    person.canvas.set_slice(int(np.argmax((person.shown == 1).sum(axis=(1, 2)))))
    person.pause(0.1)
    native = person.canvas.main.native
    native.setFocus()
    masked = colourful(person)
    assert masked > 500
    QTest.keyPress(native, Qt.Key.Key_Tab)
    person.pause(0.1)
    assert colourful(person) == 0, "the image alone, in every colour grey"
    QTest.keyRelease(native, Qt.Key.Key_Tab)
    person.pause(0.1)
    assert colourful(person) == pytest.approx(masked, rel=0.02)


def colourful(person: Person) -> int:
    """How many pixels of the large plane's canvas are not grey."""
    return int((np.ptp(rendered(person), axis=2) > 12).sum())


def test_a_right_drag_sideways_changes_the_width_and_up_and_down_the_level(person: Person) -> None:
    person.open_case(CASE)
    limits = person.canvas.main.model.layers[0]

    def width_and_level() -> tuple[float, float]:
        low, high = limits.contrast_limits
        return high - low, (high + low) / 2

    width, level = width_and_level()
    person.stroke((30, 20), (30, 40), button=Qt.MouseButton.RightButton)
    wider, same = width_and_level()
    assert wider > 1.1 * width, "to the right: wider, less contrast"
    assert same == pytest.approx(level, abs=0.02 * width)
    person.stroke((40, 30), (20, 30), button=Qt.MouseButton.RightButton)
    kept, higher = width_and_level()
    assert kept == pytest.approx(wider, rel=0.02)
    assert higher > level + 0.05 * width, "upwards: a higher level, a darker picture"
    assert not person.shown.any(), "the brush in the hand painted nothing"
