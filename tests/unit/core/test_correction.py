"""Dice before correction: what counts, what flatters, and what is kept apart."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from slicelab.core import metrics
from slicelab.core.correction import (
    Finished,
    Overlap,
    Reading,
    hidden,
    kept_blind,
    largest_error,
    overlap,
    reading_of,
    standing,
    trend,
)

GOOD, BAD, ABSENT = Overlap(10, 10, 9), Overlap(10, 10, 1), Overlap(0, 0, 0)
ONE = Finished(1, "r2", "c1", 4, 1, Reading.SEEN, False, GOOD)


def test_an_overlap_has_the_dice_of_the_metrics_and_counts_what_was_missed_or_too_much() -> None:
    rng = np.random.default_rng(0)
    ours, theirs = (rng.integers(0, 3, (20, 30), dtype=np.uint8) for _ in range(2))
    for value in (1, 2):
        found = overlap(ours, theirs, value)
        assert found.dice == metrics.dice(ours == value, theirs == value)
        assert found.wrong == np.count_nonzero((ours == value) ^ (theirs == value))
    assert math.isnan(overlap(ours, theirs, 7).dice)
    with pytest.raises(ValueError, match="shapes"):
        overlap(ours, theirs[:5], 1)


def test_only_a_slice_whose_prediction_was_never_in_sight_is_blind() -> None:
    assert reading_of(accepted=False, seen=False) is Reading.BLIND
    assert reading_of(accepted=False, seen=True) is Reading.SEEN
    assert reading_of(accepted=True, seen=False) is reading_of(accepted=True, seen=True) is Reading.ACCEPTED
    assert [reading.assisted for reading in Reading] == [True, True, False]


def test_the_slices_kept_blind_are_always_the_same_and_as_many_as_asked_for() -> None:
    chosen = {k for k in range(4000) if kept_blind("project", "c1", k, 0.1)}
    assert chosen == {k for k in range(4000) if kept_blind("project", "c1", k, 0.1)}
    assert 0.08 < len(chosen) / 4000 < 0.12
    assert chosen <= {k for k in range(4000) if kept_blind("project", "c1", k, 0.2)}
    assert chosen != {k for k in range(4000) if kept_blind("project", "c2", k, 0.1)}
    assert not any(kept_blind("project", "c1", k, 0.0) for k in range(100))


def test_a_slice_stays_hidden_until_it_is_done_and_not_where_it_was_seen_before() -> None:
    assert hidden({1, 2, 3, 4}, done={2}, seen={3, 9}) == {1, 4}


def test_the_latest_measurement_stands_but_a_blind_one_is_not_replaced_by_a_second_look() -> None:
    blind = replace(ONE, reading=Reading.BLIND, overlap=BAD)
    assert standing([ONE, replace(ONE, order=2, overlap=BAD)]) == (replace(ONE, order=2, overlap=BAD),)
    assert standing([blind, replace(ONE, order=2)]) == (blind,)
    again = replace(blind, order=3, overlap=GOOD)
    assert standing([blind, replace(ONE, order=2), again]) == (again,)
    assert standing([replace(ONE, order=5, model="r3"), blind]) == (blind, replace(ONE, order=5, model="r3"))


def test_blind_assisted_and_known_patients_are_apart_in_each_round() -> None:
    finished = [
        ONE,
        replace(ONE, slice=5, overlap=BAD),
        replace(ONE, slice=6, reading=Reading.ACCEPTED),
        replace(ONE, slice=7, reading=Reading.BLIND, overlap=BAD),
        replace(ONE, slice=8, patient_trained=True),
        replace(ONE, slice=9, class_value=2, overlap=ABSENT),
        replace(ONE, model="r5", reading=Reading.BLIND),
    ]
    first, second = trend(finished, ["r1", "r2", "r5"], [1, 2])
    assert (first.model, second.model) == ("r2", "r5")
    assert (first.assisted.slices, first.blind.slices, first.known_patients.slices) == (4, 1, 1)
    assert first.assisted.classes[1].slices == 3
    assert first.assisted.classes[1].dice == pytest.approx((0.9 + 0.1 + 0.9) / 3)
    assert first.assisted.dice == first.assisted.classes[1].dice, "a class that is nowhere is no part of the mean"
    assert (first.assisted.classes[2].slices, math.isnan(first.assisted.classes[2].dice)) == (0, True)
    assert (first.assisted.wrong, first.assisted.final) == (2 + 18 + 2, 30)
    assert first.blind.dice == pytest.approx(0.1)
    assert second.assisted.slices == 0
    assert math.isnan(second.assisted.dice)


def test_what_was_measured_of_a_removed_class_counts_nowhere() -> None:
    (found,) = trend([ONE, replace(ONE, slice=5, class_value=2, overlap=BAD)], ["r2"], [1])
    assert (found.assisted.slices, found.assisted.wrong, found.assisted.final) == (1, 2, 10)
    assert trend([ONE], ["r2"], [2]) == ()


def test_the_largest_error_is_the_most_wrong_voxels_not_the_lowest_dice_of_a_tip() -> None:
    tip, middle = Overlap(0, 3, 0), Overlap(400, 420, 330)
    assert largest_error({2: tip, 9: middle, 11: GOOD}) == 9
    assert largest_error({2: Overlap(5, 5, 5), 3: ABSENT}) is None
    assert largest_error({}) is None
    assert largest_error({4: Overlap(10, 10, 9), 7: Overlap(100, 100, 99)}) == 4
