"""What following suggestions brought, in words: nothing is said of a way that too little is known of."""

from __future__ import annotations

import math

from slicelab.core.choices import Benefit, Choice
from slicelab.engine.choice_words import LEAST_CASES, LEAST_SLICES, brought, choice_rows, followed


def way(choice: Choice, slices: int, *, blind: int = 0, cases: int = 0, dice: float = math.nan) -> Benefit:
    return Benefit(choice, slices, 2, 90.0 * slices, blind, cases, dice, 0, math.nan)


def test_ways_with_slices_enough_are_told_with_their_caveat() -> None:
    found = (
        way(Choice.NEXT, 12, blind=LEAST_SLICES, cases=LEAST_CASES, dice=0.614),
        way(Choice.OWN, 30, blind=25, cases=4, dice=0.75),
    )
    assert followed(found) == "Suggestions led to 12 of 42 slices marked done: 12 suggested next."
    said = brought(found)
    assert "before correction, blind: 0.61 suggested next, 0.75 own choice." in said
    assert "Too few" not in said
    assert "no trial" in said
    assert choice_rows(found)[0] == ("suggested next", "12", "2", "18.0", "0.614 (10)", "n/a")


def test_ways_with_few_slices_or_of_few_cases_are_named_and_their_figure_is_not_repeated() -> None:
    found = (
        way(Choice.COVERING, 9, blind=LEAST_SLICES - 1, cases=LEAST_CASES, dice=0.111),
        way(Choice.NEXT, 40, blind=40, cases=LEAST_CASES - 1, dice=0.222),
        way(Choice.OWN, 30, blind=25, cases=4, dice=0.75),
    )
    said = brought(found)
    assert said.startswith(
        "Too few to say what was brought by: suggested first (covering) (9 of 3 cases), suggested next (40 of 2 cases)."
    )
    assert "That takes 10 slices measured blind, of 3 cases." in said
    assert "0.11" not in said
    assert "0.22" not in said


def test_where_nothing_was_followed_there_is_nothing_to_compare() -> None:
    assert followed(()) == "No slice that was marked done by hand is done now."
    own = (way(Choice.OWN, 1),)
    assert followed(own) == "No suggestion was followed: of 1 slice marked done, all are the reader's own choice."
    assert brought(()) == brought(own) == ""
