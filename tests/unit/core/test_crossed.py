"""A difference over draws and cases: believed no more often than it should be."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from slicelab.core.crossed import crossed_difference


def table(rng: np.random.Generator, draws: int, cases: int, effect: float) -> np.ndarray:
    """Differences with an effect of each draw and of each case of its own."""
    return (
        effect + rng.normal(0, 0.05, (draws, 1)) + rng.normal(0, 0.05, (1, cases)) + rng.normal(0, 0.03, (draws, cases))
    )


def test_without_an_effect_few_comparisons_are_established_where_a_pooled_test_finds_many(
    rng: np.random.Generator,
) -> None:
    found = pooled = 0
    for _ in range(400):
        one = [table(rng, 10, 8, 0.0) for _ in range(3)]
        found += crossed_difference(one).established
        pooled += stats.ttest_1samp(np.concatenate([fold.ravel() for fold in one]), 0.0).pvalue < 0.05
    assert found / 400 < 0.08
    assert pooled / 400 > 0.3


def test_a_real_effect_is_established_and_its_interval_holds_it(rng: np.random.Generator) -> None:
    found = [crossed_difference([table(rng, 20, 8, 0.1) for _ in range(3)]) for _ in range(100)]
    assert sum(one.established for one in found) > 80
    assert sum(one.low <= 0.1 <= one.high for one in found) > 85


def test_without_draws_that_differ_it_is_the_t_test_of_the_cases(rng: np.random.Generator) -> None:
    cases = rng.normal(0.1, 0.1, 12)
    one = crossed_difference([np.tile(cases, (5, 1))])
    plain = stats.ttest_1samp(cases, 0.0)
    assert one.p == pytest.approx(plain.pvalue)
    assert (one.low, one.high) == pytest.approx(tuple(plain.confidence_interval()))
    assert one.degrees == pytest.approx(11)


def test_folds_count_by_their_cases_and_one_draw_supports_no_interval() -> None:
    one = crossed_difference([np.full((2, 6), 0.1), np.full((2, 2), 0.5)])
    assert one.mean == pytest.approx(0.2)
    single = crossed_difference([np.full((1, 6), 0.1)])
    assert single.mean == pytest.approx(0.1)
    assert math.isnan(single.low)
    assert not single.established
