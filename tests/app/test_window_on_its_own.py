"""The pictures are a window of the system's own: they, and what lies over them, are seen on the screen itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from slicelab.app.notice import Message

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt
    from PySide6.QtWidgets import QApplication, QWidget

_CLOSE, _WHITE = 12, 200  # grey levels


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
def test_a_message_hides_neither_the_name_of_the_case_nor_a_letter_and_moves_no_picture(person: Person) -> None:
    person.open_case("phantom_02")
    person.rest_the_mouse()
    window, canvas = person.window, person.canvas.main
    person.until(lambda: np.ptp(on_screen(canvas)) > 100, what="the picture on the screen")
    sheet, size = canvas.overlay, canvas.size()
    bare, letter = on_screen(sheet), sheet._letter_boxes()["top"].toRect()
    name = bare[10:30, 14:110] > _WHITE
    assert name.sum() > 20, "the name of the case"

    window.work.notice.say(Message("A file could not be read", "All else is there.", "Choose another."))
    notice = window.work.notice
    person.until(lambda: seen_whole(notice), what="the message on the screen")
    edge = sheet.mapFromGlobal(notice.mapToGlobal(QPoint(0, notice.height()))).y()
    assert edge > 30

    def below() -> bool:
        shown, moved = on_screen(sheet) > _WHITE, letter.translated(0, edge)
        there = shown[moved.top() : moved.bottom(), moved.left() : moved.right()]
        return np.mean(shown[10 + edge : 30 + edge, 14:110] == name) > 0.98 and there.sum() > 5

    person.until(below, what="the name and the letter below it")
    assert canvas.size() == size
    notice.dismiss()
    person.until(lambda: np.mean(np.abs(on_screen(sheet) - bare) < _CLOSE) > 0.99, what="as before")


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


@pytest.mark.window
def test_what_was_said_before_the_first_picture_stays_in_sight(qapp: QApplication, project: Path) -> None:
    from slicelab.app.application import make_window

    window = make_window(None)
    window.show()
    someone = Person(window, qapp, project)
    window.desk.opened.connect(lambda: window.work.notice.say(Message("Opened for reading only")))
    window.open_project(project)
    someone.until(lambda: window.screen_.case_id is not None, what="a case")
    someone.until(lambda: window.work.canvas.complete, what="every plane")
    someone.until(lambda: np.ptp(on_screen(window.work.canvas.main)) > 100, what="the picture on the screen")
    assert seen_whole(window.work.notice)
    window.close_unasked()
    window.deleteLater()
    qapp.processEvents()


def seen_whole(part: QWidget) -> bool:
    """Whether a widget is on the screen as it draws itself, but for its rounded corners."""
    drawn = grey(part.grab().toImage())
    return bool(np.mean(np.abs(on_screen(part) - drawn) < _CLOSE) > 0.98)
