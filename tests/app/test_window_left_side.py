"""Cases and classes share the left side: what they need, until somebody drags the border between them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView

from slicelab.app import recent
from slicelab.data.phantoms import write_study
from slicelab.engine.session import Session

pytestmark = pytest.mark.window
NAMES = ["liver", "right kidney", "left kidney", "spleen", "stomach", "pancreas", "aorta", "bladder"]
CASES = 9


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More images than a list shows at once."""
    folder = tmp_path_factory.mktemp("many") / "abdomen"
    return write_study(folder, "abdomen", labelled=1, unlabelled=CASES - 1, seed=5, shape=(32, 32, 6))


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory, images: Path) -> dict[int, Path]:
    """Closed projects by their number of classes; copied, never opened."""
    made = {classes: tmp_path_factory.mktemp("projects") / f"of {classes}" for classes in (1, 8)}
    for classes, folder in made.items():
        with Session.create(folder, NAMES[:classes]) as project:
            project.import_paths([images])
    return made


@pytest.fixture
def shown(
    first_window: object, open_window: Callable[[Path], Person], projects: dict[int, Path], tmp_path: Path
) -> Iterator[Callable[[int], Person]]:
    """Opens a window of its own on a project with so many classes; the border is given back afterwards."""

    def show(classes: int) -> Person:
        return open_window(Path(shutil.copytree(projects[classes], tmp_path / f"of {classes}")))

    yield show
    recent.remember_classes_height(None)


def resize(person: Person, width: int, height: int) -> None:
    person.window.resize(width, height)
    person.until(lambda: (person.window.width(), person.window.height()) == (width, height), what="the window's size")
    person.pause(0.2)


def whole_rows(view: QListView) -> int:
    """Rows that are in sight from edge to edge."""
    inside, model = view.viewport().rect(), view.model()
    return sum(inside.contains(view.visualRect(model.index(at, 0))) for at in range(model.rowCount()))


def test_a_single_class_leaves_the_room_it_does_not_need_to_the_cases(shown: Callable[[int], Person]) -> None:
    person = shown(1)
    work = person.window.work
    for height, cases in ((1000, CASES), (800, 7)):
        resize(person, 1280, height)
        assert whole_rows(work.cases.view) >= cases
        assert whole_rows(work.classes.view) == 1
        assert work.classes.view.viewport().height() == work.classes.view.sizeHintForRow(0)


def test_of_eight_classes_none_is_cut_without_a_scroll_bar_and_four_cases_stay(shown: Callable[[int], Person]) -> None:
    person = shown(8)
    cases, view = person.window.work.cases.view, person.window.work.classes.view
    scrolled = view.verticalScrollBar()
    for height in (1000, 800, 640):
        resize(person, 1280, height)
        assert whole_rows(cases) >= 4
        assert (whole_rows(view) == 8) is (height == 1000)
        assert height == 1000 or (scrolled.isVisible() and scrolled.maximum() > 0)
    QTest.keyClick(view, Qt.Key.Key_End)
    person.until(lambda: view.viewport().rect().contains(view.visualItemRect(view.item(7))), what="the last class")


def test_the_border_leaves_keys_with_others_held_to_the_commands(shown: Callable[[int], Person]) -> None:
    border = shown(1).window.work.left.border
    held = {Qt.KeyboardModifier.NoModifier: True, Qt.KeyboardModifier.ControlModifier: False}
    for modifiers, kept in held.items():
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Return, modifiers)
        asked.ignore()
        border.event(asked)
        assert asked.isAccepted() is kept


def test_a_class_that_is_added_finds_room(shown: Callable[[int], Person]) -> None:
    person = shown(1)
    resize(person, 1280, 800)
    work = person.window.work
    before = work.classes.height()
    person.window.desk.session.add_class("spleen")
    person.window.keeper.project_changed.emit()
    person.until(lambda: work.classes.view.count() == 2, what="two classes")
    person.pause(0.1)
    assert work.classes.height() - before == work.classes.view.sizeHintForRow(0)


def test_the_border_stays_where_it_was_dragged_until_it_is_given_back(shown: Callable[[int], Person]) -> None:
    person = shown(1)
    resize(person, 1280, 800)
    work = person.window.work
    border, needed = work.left.border, work.classes.height()
    middle = border.rect().center()
    QTest.mouseMove(border, middle)
    QTest.mousePress(border, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(border, middle - QPoint(0, 60))
    person.pause(0.1)
    QTest.mouseRelease(border, Qt.MouseButton.LeftButton, pos=border.rect().center())
    dragged = work.classes.height()
    assert 50 <= dragged - needed <= 62
    resize(person, 1280, 900)
    assert work.classes.height() == dragged, "the cases take the rest"
    person.window.close_unasked()
    again = shown(8)
    resize(again, 1280, 800)
    assert abs(again.window.work.classes.height() - dragged) <= 1, "kept over closing"
    assert again.window.work.classes.view.verticalScrollBar().maximum() > 0
    border = again.window.work.left.border
    QTest.mouseDClick(border, Qt.MouseButton.LeftButton, pos=border.rect().center())
    again.pause(0.1)
    assert again.window.work.classes.height() > dragged
    assert recent.classes_height() is None


@pytest.mark.parametrize("kept", ["", "high", "-3", "2.5"])
def test_what_is_no_height_is_taken_for_none(own_settings: Path, kept: str) -> None:
    recent.settings().setValue("left/classes", kept)
    assert recent.classes_height() is None
    recent.remember_classes_height(None)


@pytest.mark.parametrize("kept", ["high", "0", "9" * 12])
def test_a_height_that_nobody_can_have_put_the_border_at_keeps_no_window_from_opening(
    shown: Callable[[int], Person], kept: str
) -> None:
    recent.settings().setValue("left/classes", kept)
    work = shown(1).window.work
    assert work.cases.view.isVisible()
    assert whole_rows(work.classes.view) == 1
    assert whole_rows(work.cases.view) >= 1


def test_a_hand_that_trembles_in_a_double_click_gives_the_border_back_all_the_same(
    shown: Callable[[int], Person],
) -> None:
    person = shown(1)
    resize(person, 1280, 800)
    work = person.window.work
    border, needed = work.left.border, work.classes.height()
    QTest.keyClick(border, Qt.Key.Key_Up)
    QTest.keyClick(border, Qt.Key.Key_Up)
    left, inside = Qt.MouseButton.LeftButton, border.rect().center()
    place = border.mapToGlobal(inside)
    QTest.mouseMove(border, inside)
    QTest.mousePress(border, left, pos=inside)
    QTest.mouseRelease(border, left, pos=inside)
    QTest.mousePress(border, left, pos=inside)
    QTest.mouseDClick(border, left, pos=inside)
    person.pause(0.1)
    QTest.mouseMove(border, border.mapFromGlobal(place + QPoint(0, 1)))
    person.pause(0.1)
    QTest.mouseRelease(border, left, pos=border.mapFromGlobal(place))
    assert work.classes.height() == needed
    assert recent.classes_height() is None
    QTest.mousePress(border, left, pos=inside)
    QTest.mouseMove(border, inside - QPoint(0, 60))
    QTest.mouseRelease(border, left, pos=border.rect().center())
    assert work.classes.height() > needed, "it can be dragged afterwards"


def test_the_border_is_reached_and_moved_by_keys_which_then_do_nothing_else(shown: Callable[[int], Person]) -> None:
    person = shown(1)
    resize(person, 1280, 800)
    work = person.window.work
    border, at = work.left.border, person.canvas.slice
    assert border.accessibleName() == "Border between cases and classes"
    assert border.toolTip()
    calm = border.grab().toImage()
    work.cases.view.setFocus()
    QTest.keyClick(work.cases.view, Qt.Key.Key_Tab)
    assert person.app.focusWidget() is border
    assert border.grab().toImage() != calm, "seen to have the keys"
    needed = work.classes.height()
    QTest.keyClick(border, Qt.Key.Key_Up)
    assert work.classes.height() > needed
    QTest.keyClick(border, Qt.Key.Key_Down)
    QTest.keyClick(border, Qt.Key.Key_Up)
    assert recent.classes_height() is not None
    QTest.keyClick(border, Qt.Key.Key_Return)
    assert work.classes.height() == needed
    assert recent.classes_height() is None
    person.pause(0.1)
    assert person.canvas.slice == at
    assert set(person.ticks) == {"unlabelled"}
