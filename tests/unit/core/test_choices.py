"""What the slices labelled by each kind of suggestion brought, beside those of the reader's own choice."""

from __future__ import annotations

import math

import pytest

from slicelab.core.choices import Choice, Chosen, benefits
from slicelab.core.correction import Finished, Overlap, Reading


def finished(case: str, index: int, dice: float, reading: Reading = Reading.BLIND, *, known: bool = False) -> Finished:
    return Finished(1, "r1", case, index, 1, reading, known, Overlap(100, 100, round(100 * dice)))


def test_each_choice_has_its_slices_cases_time_and_dice_before_correction() -> None:
    chosen = [
        Chosen("c1", 0, Choice.OWN, "", 30.0),
        Chosen("c1", 5, Choice.NEXT, "unsure", 20.0),
        Chosen("c2", 3, Choice.NEXT, "gap", 10.0),
        Chosen("c2", 4, Choice.NEXT, "gap", 10.0),
    ]
    measured = [
        finished("c1", 5, 0.4),
        finished("c2", 3, 0.6),
        finished("c2", 4, 0.9, Reading.SEEN),
        finished("c9", 1, 0.1),
    ]
    by_next, own = benefits(chosen, measured)
    assert (by_next.choice, by_next.slices, by_next.cases, by_next.seconds) == (Choice.NEXT, 3, 2, 40.0)
    assert (by_next.blind, by_next.blind_cases, by_next.blind_dice) == (2, 2, pytest.approx(0.5))
    assert (by_next.assisted, by_next.assisted_dice) == (1, pytest.approx(0.9))
    assert (own.choice, own.blind, own.assisted) == (Choice.OWN, 0, 0)
    assert math.isnan(own.blind_dice)


def test_what_the_model_knew_the_patient_of_or_nobody_has_says_nothing() -> None:
    (one,) = benefits(
        [Chosen("c1", 0, Choice.EVEN, "", 1.0)],
        [finished("c1", 0, 0.2, known=True), Finished(2, "r1", "c1", 0, 2, Reading.BLIND, False, Overlap(0, 0, 0))],
    )
    assert one.blind == 0


def test_without_a_choice_there_is_nothing() -> None:
    assert benefits([], []) == ()
