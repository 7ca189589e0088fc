"""Sentences that name a key name the one that is set, where somebody has set others than those delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from test_window_classes import answer

from slicelab.app.panels.ledger_layout import TickState
from slicelab.app.tour import stops

pytestmark = pytest.mark.window
CASE = "phantom_02"


@pytest.fixture
def with_keys(person: Person) -> Iterator[Callable[[dict[str, tuple[str, ...]]], None]]:
    """Give commands other keys, for as long as the test lasts."""
    window = person.window
    before = window.preferences
    yield lambda keys: window._prefer(replace(before, keys=keys))
    window._prefer(before)
    person.key(Qt.Key.Key_1)
    person.rest_the_mouse()


def how(person: Person) -> str:
    return person.window.work.label._how.text()


def test_label_says_the_key_that_makes_a_slice_done_and_the_button_where_there_is_none(
    person: Person, with_keys: Callable[[dict[str, tuple[str, ...]]], None]
) -> None:
    label = person.window.work.label
    person.open_case(CASE)
    assert "then press Enter: the slice is done" in how(person)
    label.show_slice(1, TickState.PARTLY)
    with_keys({"slice.done": ("Ctrl+D",)})
    assert "then press Ctrl+D: the slice is done" in how(person)
    assert label._meaning.text().endswith("Look for it, then press Ctrl+D.")
    label.show_slice(1, TickState.PARTLY, tested=True)
    assert label._meaning.text().endswith("measuring ignores it. Look for it, then press Ctrl+D.")
    with_keys({"slice.done": ()})
    assert "then press the button Slice done: the slice is done" in how(person)


def test_the_tour_says_the_keys_that_are_set(
    person: Person, with_keys: Callable[[dict[str, tuple[str, ...]]], None]
) -> None:
    def told() -> str:
        return " ".join(stop.words for stop in stops(person.window.work, person.window.actions_))

    assert "press Enter on each" in told()
    assert "Ctrl+K finds every command." in told()
    with_keys({"slice.done": ("Ctrl+D",), "help.palette": ("F9",)})
    assert "press Ctrl+D on each" in told()
    assert "F9 finds every command." in told()
    with_keys({"help.palette": ()})
    assert "finds every command" not in told()


def test_a_new_class_is_confirmed_by_the_key_that_is_set(
    person: Person, with_keys: Callable[[dict[str, tuple[str, ...]]], None]
) -> None:
    with_keys({"slice.done": ("Ctrl+D",)})
    person.open_case("phantom_01")
    answer(person, "bladder")
    person.press("Add a class")
    person.until(lambda: "bladder was added" in person.notice, what="the notice")
    assert "press Ctrl+D on each slice you have looked through for bladder" in person.notice


def test_enter_after_an_outline_that_closed_itself_names_the_key_that_is_set_and_that_one_works(
    person: Person, with_keys: Callable[[dict[str, tuple[str, ...]]], None]
) -> None:
    with_keys({"slice.done": ("Ctrl+D",)})
    person.open_case(CASE)
    at = person.canvas.slice
    person.key(Qt.Key.Key_3)
    person.canvas.main.gestures._insisted = 0  # the window is that of other tests too
    angle = np.linspace(0, 2 * np.pi, 32)
    person.stroke(*zip(30 + 8 * np.sin(angle), 30 + 8 * np.cos(angle), strict=True))
    person.until(lambda: person.edits(CASE) == ["polygon"], what="the ring on disk")
    QTest.mouseMove(person.canvas.main.native, person.canvas.main.position_of(40, 40).toPoint())
    person.key(Qt.Key.Key_Return)
    assert person.window.work.strip.said == "Outline already closed; Ctrl+D marks the slice done"
    person.key(Qt.Key.Key_Return)
    person.pause(0.3)
    assert person.ticks[at] == "draft", "Enter does nothing here"
    person.key(Qt.Key.Key_D, ctrl=True)
    person.until(lambda: person.ticks[at] == "done", what="done by the key that was named")


@pytest.mark.usefixtures("german")
def test_in_german_too(person: Person, with_keys: Callable[[dict[str, tuple[str, ...]]], None]) -> None:
    with_keys({"slice.done": ("Ctrl+D",)})
    assert "dann Strg+D: Die Schicht ist fertig." in how(person)
    with_keys({"slice.done": ()})
    assert "dann die Schaltfläche „" in how(person)
    person.window.screen_.kept_blind.emit()
    assert "drücken Sie die Schaltfläche „" in person.notice
