"""Which slices to label next, with the reason each stands out by; evenly spaced ones; slices as points of a map."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from slicelab.core.next_slices import Evidence, Why, agreement_of, doubt_of, evenly, next_slices
from slicelab.core.slice_map import plane_of


def suggested(**known: object) -> list[tuple[int, Why]]:
    fields: dict[str, Any] = {"count": 20, "known": frozenset({4}), "spacing_mm": 5.0, **known}
    return [(one.index, one.why) for one in next_slices(Evidence(**fields), 4)]


def test_evenly_spaced_slices_are_the_middles_of_equal_parts() -> None:
    assert evenly(20, 5) == (2, 6, 10, 14, 18)
    assert evenly(3, 5) == (0, 1, 2)
    assert evenly(1, 1) == (0,)
    assert evenly(0, 5) == ()


def test_nothing_labelled_begins_in_the_middle() -> None:
    (one,) = next_slices(Evidence(21, frozenset(), 5.0), 3)
    assert (one.index, one.why) == (10, Why.GAP)
    assert one.reason == "the middle of the case, where nothing is labelled yet"


def test_position_names_the_slice_that_brings_the_others_nearest_to_a_label() -> None:
    assert suggested() == [(14, Why.GAP)]
    (one,) = next_slices(Evidence(20, frozenset({4}), 5.0), 1)
    assert "50 mm from the nearest labelled slice" in one.reason
    assert suggested(known=frozenset({0, 19}))[0][0] in (9, 10)


def test_what_is_labelled_or_begun_is_not_suggested_and_a_case_that_is_leaves_nothing() -> None:
    assert suggested(known=frozenset(range(20))) == []
    assert suggested(known=frozenset(range(20)) - {7}) == [(7, Why.GAP)]


def test_the_model_is_asked_first_where_it_is_clearly_less_sure_somewhere() -> None:
    doubt = np.full(20, 0.1)
    doubt[9] = 0.3
    assert suggested(doubt=doubt)[0] == (9, Why.UNSURE)
    doubt[9] = 0.12
    assert all(why is not Why.UNSURE for _, why in suggested(doubt=doubt)), "as sure as elsewhere is no reason"
    assert all(why is not Why.UNSURE for _, why in suggested(doubt=np.zeros(20)))
    doubt[4] = 0.9
    assert all(at != 4 for at, _ in suggested(doubt=doubt)), "that one is labelled"


def test_two_models_that_agree_are_no_reason_and_where_both_see_nothing_they_agree() -> None:
    agreement = np.full(20, 0.95)
    agreement[12] = np.nan
    assert all(why is not Why.DISAGREE for _, why in suggested(agreement=agreement))
    agreement[13] = 0.4
    (one, *_) = next_slices(Evidence(20, frozenset({4}), 5.0, agreement=agreement), 1)
    assert (one.index, one.why) == (13, Why.DISAGREE)
    assert "Dice 0.40" in one.reason


def test_a_network_names_the_slice_that_most_without_a_label_look_like(rng: np.random.Generator) -> None:
    kinds = np.array([0] * 6 + [1] * 14)  # the labelled slice 4 is of the first kind
    features = np.eye(2)[kinds] + rng.normal(size=(20, 2)) * 0.01
    (one, *_) = next_slices(Evidence(20, frozenset({4}), 5.0, features=features), 2)
    assert one.why is Why.STANDS
    assert kinds[one.index] == 1
    assert one.reason == "looks most like 14 of the 19 slices of this case without a label"
    found = {one.why: one.reason for one in next_slices(Evidence(20, frozenset(), 5.0, features=features), 2)}
    assert found[Why.STANDS] == "looks most like the others of this case, where nothing is labelled yet", "not 20 of 20"


def test_a_slice_that_looks_like_no_other_is_not_said_to_stand_for_any() -> None:
    features = np.eye(2)[[0, 0, 0, 0, 0, 1]]  # the last one is unlike all others
    found = next_slices(Evidence(6, frozenset({0}), 5.0, features=features), 3)
    assert [one.why for one in found] == [Why.GAP], "not: like 1 of the 5"


@pytest.mark.parametrize("count", [7, 20, 21])
def test_the_middle_of_a_case_is_the_one_that_even_spacing_takes_too(count: int) -> None:
    (one,) = next_slices(Evidence(count, frozenset(), 5.0), 1)
    assert one.index == evenly(count, 5)[2]


def test_suggestions_of_one_case_are_no_neighbours() -> None:
    doubt = np.full(20, 0.1)
    agreement = np.full(20, 0.95)
    doubt[13], agreement[14], agreement[8] = 0.5, 0.2, 0.3
    assert suggested(doubt=doubt, agreement=agreement)[:2] == [(13, Why.UNSURE), (8, Why.DISAGREE)]


def test_doubt_counts_where_the_model_sees_or_doubts_something() -> None:
    uncertainty, mask = np.zeros((3, 10, 10), np.uint8), np.zeros((3, 10, 10), np.uint8)
    mask[1, :2], uncertainty[1, :1] = 1, 255
    uncertainty[2, 0, 0] = 200
    np.testing.assert_allclose(doubt_of(uncertainty, mask), [0.0, 0.5, 200 / 255])


def test_agreement_is_dice_over_all_classes_slice_by_slice() -> None:
    one, other = np.zeros((3, 4, 4), np.uint8), np.zeros((3, 4, 4), np.uint8)
    one[1], other[1, :2], other[1, 2:] = 1, 1, 2
    one[2] = 1
    np.testing.assert_allclose(agreement_of(one, other), [np.nan, 0.5, 0.0])


def test_alike_slices_lie_together_on_the_map_and_the_map_is_always_the_same(rng: np.random.Generator) -> None:
    centre = rng.normal(size=(3, 8)) * 5
    cases = [(centre + rng.normal(size=(3, 8)) * 0.1).astype(np.float32) for _ in range(4)]
    points = plane_of(cases)
    assert [one.shape for one in points] == [(3, 2)] * 4
    every = np.stack(points)  # case, slice, axis
    assert every.std(axis=0).max() < 0.1 * every.mean(axis=0).std(axis=0).max()
    assert every.min() >= 0.0
    assert every.max() <= 1.0
    again = plane_of([one.copy() for one in cases])
    np.testing.assert_array_equal(np.stack(again), every)


def test_the_first_axis_of_the_map_grows_along_the_stacks() -> None:
    climb = np.linspace(0, 1, 9)[:, None] * np.array([[3.0, -2.0, 1.0]]) + np.array([[0.0, 5.0, 1.0]])
    for features in (climb, -climb):
        (points,) = plane_of([features.astype(np.float32)])
        assert points[-1, 0] > points[0, 0]


@pytest.mark.parametrize("shape", [(1, 4), (2, 1), (5, 3)])
def test_a_map_of_little_is_still_a_map(shape: tuple[int, int]) -> None:
    for features in (np.ones(shape, np.float32), np.arange(np.prod(shape), dtype=np.float32).reshape(shape)):
        (points,) = plane_of([features])
        assert points.shape == (shape[0], 2)
        assert np.isfinite(points).all()
