"""The bar above the picture and the menus: nothing moves of itself, nothing is lost, every picture has its word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QToolButton, QWidget

from slicelab.app import language, preferences
from slicelab.app.panels.class_list import ClassList
from slicelab.app.view_bar import ViewBar
from slicelab.app.window_presets import TIPS
from slicelab.core.drawing.between import Gap

pytestmark = pytest.mark.window
_ANY_WIDTH = 16777215
"""Qt's own limit of a width, pixels."""


@pytest.fixture
def sized(person: Person) -> Iterator[Person]:
    """Somebody whose window and bar get their size back."""
    size = person.window.size()
    yield person
    bar = person.window.work.view_bar
    bar.setMinimumWidth(0)
    bar.setMaximumWidth(_ANY_WIDTH)
    person.window.resize(size)
    person.pause(0.2)


def places(bar: QWidget) -> dict[str, tuple[QPoint, int, bool]]:
    parts = [one for one in bar.findChildren(QWidget) if one.parent() is bar]
    return {f"{at} {type(one).__name__}": (one.pos(), one.width(), one.isVisible()) for at, one in enumerate(parts)}


@pytest.mark.parametrize("width", [1280, 1600])
def test_nothing_in_the_bar_moves_when_something_can_be_undone(sized: Person, width: int) -> None:
    sized.open_case("phantom_02")
    sized.window.resize(width, 800)
    sized.pause(0.3)
    bar = sized.window.work.view_bar
    assert not sized.button("Undo").isEnabled()
    before = places(bar)
    sized.stroke((20, 20), (20, 40))
    sized.until(lambda: sized.button("Undo").isEnabled(), what="undo")
    sized.pause(0.2)
    assert places(bar) == before
    at = sized.canvas.slice + 1
    assert sized.button("Undo").toolTip().startswith(f"Undo brush, slice {at}")


@pytest.fixture
def german_bar(qapp: QApplication, open_window: Callable[[Path], Person], project: Path) -> Iterator[Person]:
    """Somebody before a German window."""
    before = preferences.load()
    preferences.save(replace(before, language="de"))
    yield open_window(project)
    preferences.save(before)
    language.install(qapp, "en")


@pytest.mark.parametrize(("width", "whole"), [(1280, False), (1600, True)])
def test_a_german_bar_shows_what_is_drawn_where_there_is_room_and_nothing_moves_in_it(
    german_bar: Person, width: int, whole: bool
) -> None:
    german_bar.open_case("phantom_02")
    german_bar.window.resize(width, 800)
    german_bar.until(lambda: german_bar.window.width() == width, what="its width")
    german_bar.pause(0.3)
    bar = german_bar.window.work.view_bar
    assert bar.drawn.isVisible() is whole
    assert bar._drawn_box.isVisible() is not whole
    undo = german_bar.button("Rückgängig")
    assert not undo.isEnabled()
    before = places(bar)
    german_bar.stroke((20, 20), (20, 40))
    german_bar.until(undo.isEnabled, what="undo")
    german_bar.pause(0.2)
    assert places(bar) == before


def test_a_word_of_the_bar_is_neither_cut_nor_folded_where_there_is_room(sized: Person) -> None:
    bar: ViewBar = sized.window.work.view_bar
    sized.window.resize(1600, sized.window.height())
    sized.until(lambda: sized.window.width() == 1600, what="its width")
    folding = [(bar.drawn, bar._drawn_box), (bar.presets, bar._preset_box)]
    seen = set()
    for width in range(bar.width(), 500, -40):
        bar.setFixedWidth(width)
        sized.until(lambda width=width: bar.width() == width, what="the bar's width")
        sized.pause(0.05)
        inner = [one for one in bar.findChildren(QWidget) if one.isVisible()]
        assert [one for one in inner if one.width() < one.sizeHint().width()] == []
        spare = width - bar.layout().minimumSize().width()
        assert spare >= 0 or bar.more.isVisible()
        for whole, folded in folding:
            assert whole.isVisible() is not folded.isVisible()
            assert whole.isVisible() or whole.sizeHint().width() - folded.sizeHint().width() > spare
        seen.add((bar.drawn.isVisible(), bar.presets.isVisible()))
    assert {(True, False), (False, False)} <= seen, "what is drawn has room first"


def test_what_the_bar_has_no_room_for_is_behind_its_last_button(sized: Person) -> None:
    bar = sized.window.work.view_bar
    solid = next(one for one in bar.findChildren(QToolButton) if one.accessibleName() == "3D view")
    height = sized.window.height()
    sized.window.resize(1600, height)
    sized.until(lambda: solid.isVisible() and not bar.more.isVisible(), what="room for all")
    bar.setMaximumWidth(480)
    sized.until(lambda: bar.more.isVisible() and not solid.isVisible(), what="no room")
    chosen: list[str] = []

    def choose(menu: QMenu) -> None:
        action = next(one for one in menu.actions() if one.text() == "Whole picture")
        action.triggered.connect(lambda: chosen.append(action.text()))
        QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())

    menu = bar.more.menu()
    menu.aboutToShow.connect(lambda: sized.app.processEvents())
    menu.popup(bar.more.mapToGlobal(QPoint()))
    sized.until(menu.isVisible, what="the menu")
    choose(menu)
    assert chosen == ["Whole picture"]


def test_every_picture_of_the_bar_is_named_under_the_mouse_and_every_window_explained(person: Person) -> None:
    bar = person.window.work.view_bar
    for one in bar.findChildren(QToolButton):
        name, tip = one.accessibleName(), one.toolTip()
        assert tip.startswith((name, "Nothing to redo", "Redo")), tip
    for at, name in enumerate(TIPS):
        assert bar._preset_box.itemData(at) == name
        assert any(word in TIPS[name] for word in ("percentile", "right drag", "file says"))
        bar.show_preset(name)
        assert TIPS[name] in bar._preset_box.toolTip()


def test_no_word_of_the_bar_means_something_else_at_the_classes(person: Person) -> None:
    def words(part: QWidget) -> set[str]:
        return {one.text() for one in part.findChildren(QWidget) if hasattr(one, "text") and callable(one.text)}

    classes: ClassList = person.window.work.classes
    assert not words(person.window.work.view_bar.drawn) & words(classes._style)


def test_interpolating_every_gap_stands_in_the_menu_once(person: Person) -> None:
    actions, box = person.window.actions_, person.window.work.label
    between = next(one for one in box.findChildren(QWidget) if type(one).__name__ == "BetweenBox")

    def said() -> list[str]:
        shown = [actions[name] for name in ("slice.interpolate", "case.interpolate") if actions[name].isVisible()]
        return [action.text() for action in shown]

    between.show_slice(3, 10, None, 2)
    assert said() == ["Interpolate all gaps"]
    between.show_slice(3, 10, Gap(1, 5), 2)
    assert said() == ["Interpolate slices 3 to 5", "Interpolate all gaps"]
    between.show_slice(3, 10, None, 0)
    assert said() == ["Interpolate", "Interpolate all gaps"]
