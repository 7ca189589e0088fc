"""The label budget: what the curve says of rounds that are known, and that it says nothing where it cannot know."""

from __future__ import annotations

import math

import numpy as np
import pytest

from slicelab.core.budget import MORE, Point, Spent, budget, fitted, points_of, predicted_gain
from slicelab.core.correction import Finished, Overlap, Reading


def point(labelled: int, dice: list[float], cases: list[str] | None = None, minutes: float = 0.0) -> Point:
    names = cases or [f"c{k}" for k in range(len(dice))]
    return Point(f"r{labelled:04d}", Spent(labelled, minutes), tuple(dice), tuple(names))


def curve(sizes: list[int], spread: float, slices: int = 8, seed: int = 0) -> list[Point]:
    rng = np.random.default_rng(seed)
    return [
        point(n, (0.9 - 0.8 * n**-0.5 + spread * rng.standard_normal(slices)).tolist(), minutes=2.0 * n) for n in sizes
    ]


def test_a_curve_is_found_again_from_its_own_points() -> None:
    sizes = np.array([5.0, 10.0, 20.0, 40.0])
    for ceiling, fall, steep in ((0.9, 0.8, 0.5), (0.95, 1.0, 1.0), (0.8, 0.0, 0.25)):
        found = fitted(sizes, (ceiling - fall * sizes**-steep)[None], np.ones(4))
        assert found[0][0] == pytest.approx(ceiling)
        assert found[1][0] == pytest.approx(fall, abs=1e-9)
    _, fall, _ = fitted(sizes, np.array([[0.9, 0.8, 0.7, 0.6]]), np.ones(4))
    assert fall[0] == 0.0, "more labels never make it worse: that would be chance"
    ceiling, _, _ = fitted(sizes, np.array([[0.2, 0.5, 0.9, 0.99]]), np.ones(4))
    assert ceiling[0] <= 1.0


def test_the_gain_of_five_more_slices_is_near_the_truth_and_its_interval_widens_with_the_noise() -> None:
    truth = 0.8 * (20**-0.5 - 25**-0.5)
    calm, noisy = predicted_gain(curve([5, 10, 20], 0.01)), predicted_gain(curve([5, 10, 20], 0.15))
    assert calm.more == MORE == 5
    assert calm.dice == pytest.approx(truth, abs=0.01)
    assert calm.low <= truth <= calm.high
    assert noisy.high - noisy.low > 3 * (calm.high - calm.low)
    assert calm.minutes == pytest.approx(10.0)
    assert math.isnan(predicted_gain([point(5, [0.5] * 3), point(9, [0.6] * 3), point(12, [0.7] * 3)]).minutes)
    assert predicted_gain(curve([5, 10, 20], 0.1)) == predicted_gain(curve([5, 10, 20], 0.1)), "chance is by seed"


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    truth = 0.8 * (20**-0.5 - 25**-0.5)
    held = [
        one.low <= truth <= one.high
        for seed in range(60)
        if (one := predicted_gain(curve([5, 8, 13, 20], 0.1, seed=seed)))
    ]
    assert sum(held) >= 48, "95 % by construction; few rounds and a coarse curve cost some of it"


def test_nothing_is_predicted_before_three_rounds_of_different_size() -> None:
    two = curve([5, 10], 0.02)
    assert budget((), ()).gain is None
    assert budget(two, ()).gain is None
    assert budget([*two, point(10, [0.7, 0.8])], ()).gain is None, "the third learned from as many as the second"
    assert budget(curve([5, 10, 20], 0.02), ()).gain is not None


def test_blind_slices_count_where_they_are_enough_and_are_never_mixed_with_assisted_ones() -> None:
    assert budget(curve([5, 10, 20], 0.02), curve([5, 10, 20], 0.02)).reading == "blind"
    told = budget(curve([5], 0.02), curve([5, 10, 20], 0.02))
    assert told.reading == "assisted"
    assert len(told.points) == 3


def test_only_slices_of_patients_the_model_never_learned_from_make_a_round() -> None:
    def one(index: int, *, reading: Reading = Reading.BLIND, known: bool = False, value: int = 1) -> Finished:
        return Finished(index, "r0001", "c0001", index, value, reading, known, Overlap(100, 100, 80))

    spent = {"r0001": Spent(5, 3.0)}
    assert points_of([one(1)], spent, blind=True) == (), "one slice says little"
    (made,) = points_of([one(1), one(2), one(2, value=2), one(3, known=True)], spent, blind=True)
    assert made.dice == (0.8, 0.8)
    assert made.mean == pytest.approx(0.8)
    assert points_of([one(1), one(2)], {}, blind=True) == (), "of a model that is gone"
    assert points_of([one(1), one(2)], spent, blind=False) == ()
    absent = Finished(9, "r0001", "c0001", 9, 1, Reading.BLIND, False, Overlap(0, 0, 0))
    assert len(points_of([one(1), one(2), absent], spent, blind=True)[0].dice) == 2
