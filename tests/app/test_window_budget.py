"""The label budget in the Train tab: what it says, and that it stays away while there is nothing to say."""

from __future__ import annotations

import pytest
from person import Person

from slicelab.core.budget import Point, Spent, budget

pytestmark = pytest.mark.window


def point(labelled: int, dice: float) -> Point:
    return Point(f"r{labelled:04d}", Spent(labelled, 1.5 * labelled), (dice - 0.02, dice, dice + 0.02), ("a", "b", "c"))


def test_the_budget_is_shown_in_words_and_drawn_once_something_was_measured(person: Person) -> None:
    person.tab("train")
    box = person.window.work.train.budget
    person.pause(0.2)
    assert not box.isVisible(), "nothing was measured in this project"
    box.show_budget(budget([point(5, 0.5)], ()))
    assert "Not enough yet" in box.words
    assert not box.plot.isVisible(), "one point is no curve"
    box.show_budget(budget([point(5, 0.5), point(12, 0.7), point(20, 0.75)], ()))
    person.pause(0.1)
    assert "5 more slices: about +0.0" in box.words
    assert "min of labelling" in box.words
    assert box.plot.isVisible()
    colours = box.plot.grab().toImage()
    accent = box.plot._theme.colour("accent").rgb()
    drawn = sum(colours.pixel(x, y) == accent for x in range(colours.width()) for y in range(colours.height()))
    assert drawn > 50, "points and lines are drawn"
