"""The pictures are a window of the system's own: they, and what lies over them, are seen on the screen itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from slicelab.app.notice import Message

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtWidgets import QWidget

    from tests.app.person import Person

_CLOSE = 12  # grey levels


def on_screen(part: QWidget) -> npt.NDArray[np.int64]:
    """What the screen shows where a widget stands, ``(row, column)`` grey."""
    corner = part.mapToGlobal(QPoint())
    return grey(part.screen().grabWindow(0, corner.x(), corner.y(), part.width(), part.height()).toImage())


def grey(image: QImage) -> npt.NDArray[np.int64]:
    """``(row, column)``, 0 to 255."""
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return lines[:, : image.width()].astype(np.int64)


@pytest.mark.window
def test_the_screen_shows_the_picture_and_what_lies_over_it(person: Person) -> None:
    person.open_case("phantom_02")
    person.rest_the_mouse()
    window, canvas = person.window, person.canvas.main
    person.until(lambda: np.ptp(on_screen(canvas)) > 100, what="the picture on the screen")

    window.work.notice.say(Message("A file could not be read", "All else is there.", "Choose another."))
    person.until(lambda: seen_whole(window.work.notice), what="the message on the screen")
    window.work.notice.dismiss()
    window.work.window_panel.toggle()
    person.until(lambda: seen_whole(window.work.window_panel), what="the histogram on the screen")
    window.work.window_panel.put_away()
    person.until(lambda: np.ptp(on_screen(canvas)) > 100, what="the picture again")


@pytest.mark.window
def test_the_tour_stands_before_the_picture_dimmed(person: Person) -> None:
    person.open_case("phantom_02")
    person.rest_the_mouse()
    window, canvas = person.window, person.canvas.main
    person.until(lambda: np.ptp(on_screen(canvas)) > 100, what="the picture on the screen")
    bright = on_screen(canvas)
    window.show_tour()
    assert window.tour is not None
    window.tour.next.click()  # away from the picture
    person.until(lambda: seen_whole(window.tour), what="the tour on the screen")
    person.until(lambda: on_screen(canvas).mean() < 0.7 * bright.mean(), what="the picture dimmed")
    dimmed = on_screen(canvas)
    assert np.corrcoef(bright.ravel(), dimmed.ravel())[0, 1] > 0.9, "it is the same picture"
    window.tour.end()
    person.until(lambda: abs(on_screen(canvas).mean() - bright.mean()) < 1, what="the picture as it was")


def seen_whole(part: QWidget) -> bool:
    """Whether a widget is on the screen as it draws itself, but for its rounded corners."""
    drawn = grey(part.grab().toImage())
    return bool(np.mean(np.abs(on_screen(part) - drawn) < _CLOSE) > 0.98)
