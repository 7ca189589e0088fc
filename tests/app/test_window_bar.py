"""The bar above the picture and the menus: nothing moves of itself, nothing is lost, every picture has its word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from slicelab.app.panels.class_list import ClassList
from slicelab.app.window_presets import TIPS
from slicelab.core.drawing.between import Gap

pytestmark = pytest.mark.window


@pytest.fixture
def sized(person: Person) -> Iterator[Person]:
    """Somebody whose window gets its size back."""
    size = person.window.size()
    yield person
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
    bar.setMaximumWidth(16777215)
    assert chosen == ["Whole picture"]


def test_every_picture_of_the_bar_is_named_under_the_mouse_and_every_window_explained(person: Person) -> None:
    bar = person.window.work.view_bar
    for one in bar.findChildren(QToolButton):
        name, tip = one.accessibleName(), one.toolTip()
        assert tip.startswith((name, "Nothing to redo", "Redo")), tip
    for at, name in enumerate(TIPS):
        assert bar._preset_box.itemData(at) == name
        assert "percentile" in TIPS[name] or "right drag" in TIPS[name]
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
