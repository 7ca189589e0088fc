"""The histogram with the window on it: its edges are dragged, stepped and typed, and what is set is kept on disk."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from slicelab.core.histogram import histogram, moved_edge

pytestmark = pytest.mark.window


def kept(person: Person) -> tuple[float, float]:
    return person.rows("SELECT window_low, window_high FROM cases WHERE name = 'phantom_01'")[0]


@pytest.fixture
def panel(person: Person) -> Iterator:
    """The panel, opened by its button above the picture; put away afterwards."""
    bar, found = person.window.work.view_bar, person.window.work.window_panel
    (button,) = (b for b in bar.findChildren(QToolButton) if b.accessibleName() == "Window and histogram")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert found.isVisible()
    yield found
    if found.isVisible():
        QTest.keyClick(found.view, Qt.Key.Key_Escape)
    assert not found.isVisible()


def test_the_edges_of_the_window_are_dragged_on_the_histogram(person: Person, panel) -> None:
    view, screen = panel.view, person.window.screen_
    low, high = person.canvas.window_
    middle = round(view.height() / 2)
    start = QPoint(round(view.edges[1]), middle)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    for step in (10, 30, 60):
        QTest.mouseMove(view, start - QPoint(step, 0))
        person.app.processEvents()
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start - QPoint(60, 0))
    assert person.canvas.window_[0] == pytest.approx(low)
    assert low < person.canvas.window_[1] < high
    assert person.canvas.main.model.layers[0].contrast_limits == pytest.approx(person.canvas.window_)
    wanted = person.canvas.window_
    person.until(lambda: kept(person) == pytest.approx(wanted), what="kept on disk")
    assert screen.levels.seen.preset == "This case"
    assert (panel.black.value(), panel.white.value()) == pytest.approx(wanted, abs=0.6)


def test_keys_and_numbers_move_them_too(person: Person, panel) -> None:
    low, high = person.canvas.window_
    QTest.keyClick(panel.view, Qt.Key.Key_End)
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    QTest.keyClick(panel.view, Qt.Key.Key_Left)
    assert person.canvas.window_[0] == pytest.approx(low)
    assert low < person.canvas.window_[1] < high
    panel.black.setFocus()
    panel.black.selectAll()
    QTest.keyClicks(panel.black, "12")
    QTest.keyClick(panel.black, Qt.Key.Key_Tab)
    assert person.canvas.window_[0] == 12.0
    person.until(lambda: kept(person)[0] == 12.0, what="kept on disk")
    person.key(Qt.Key.Key_W)
    assert not panel.isVisible(), "its key puts it away"
    person.key(Qt.Key.Key_W)
    assert panel.isVisible()


def test_the_scale_holds_counts_and_window_and_one_edge_never_passes_the_other(rng: np.random.Generator) -> None:
    image = rng.normal(100, 20, (20, 50, 50))
    image[0, 0, 0] = 9000
    found = histogram(image)
    assert found.low == pytest.approx(image.min())
    assert found.high < 200, "a single bright voxel squeezes nothing"
    assert found.counts.sum() >= 0.998 * image.size
    flat = histogram(np.full((4, 4, 4), 7, np.int16))
    assert (flat.low, flat.high, flat.counts.sum()) == (7.0, 8.0, 64)
    assert moved_edge((0.0, 10.0), 0, 20.0, 0.5) == (9.5, 10.0)
    assert moved_edge((0.0, 10.0), 1, -3.0, 0.5) == (0.0, 0.5)
    assert moved_edge((0.0, 10.0), 1, 30.0, 0.5) == (0.0, 30.0)
