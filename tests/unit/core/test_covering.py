"""The few that stand best for all: exact where it can be, never two of one group, what is chosen already counts."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from slicelab.core import covering
from slicelab.core.covering import cover, directions, distances, nearest


def clusters(rng: np.random.Generator, sizes: tuple[int, ...]) -> np.ndarray:
    """Tight groups of points far apart."""
    return np.concatenate([rng.normal(10.0 * k, 0.5, (size, 2)) for k, size in enumerate(sizes)])


def test_one_is_chosen_from_each_cluster_and_each_stands_for_its_own(rng: np.random.Generator) -> None:
    points = clusters(rng, (7, 3, 5))
    apart = distances(points, points)
    found = cover(apart, 3)
    assert [k // 1 in range(a, b) for k, (a, b) in zip(found.chosen, [(0, 7), (7, 10), (10, 15)], strict=True)] == [
        True
    ] * 3
    assert np.bincount(nearest(apart, found.chosen)).tolist() == [7, 3, 5]


def test_what_is_chosen_already_covers_and_is_not_chosen_again(rng: np.random.Generator) -> None:
    points = clusters(rng, (7, 3, 5))
    found = cover(distances(points, points), 1, before=[0, 12])
    assert found.chosen[0] in range(7, 10)


def test_of_one_group_at_most_one_is_chosen_and_none_where_one_was_before(rng: np.random.Generator) -> None:
    points = clusters(rng, (4, 4))
    apart = distances(points, points)
    one_patient = [0, 0, 0, 0, 1, 2, 3, 4]
    assert sum(k < 4 for k in cover(apart, 3, group=one_patient).chosen) == 1
    assert all(k >= 4 for k in cover(apart, 3, group=one_patient, before=[2]).chosen)
    with pytest.raises(ValueError, match="cannot choose 6 of 5"):
        cover(apart, 6, group=one_patient)


def test_a_heavy_point_draws_the_choice_to_it() -> None:
    apart = np.abs(np.subtract.outer([0.0, 1.0, 2.0], [0.0, 1.0, 2.0]))
    assert cover(apart, 1).chosen == (1,)
    assert cover(apart, 1, weight=[5.0, 1.0, 1.0]).chosen == (0,)


def test_the_search_finds_what_trying_all_finds_and_the_same_for_a_seed(
    rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = rng.normal(size=(14, 3))
    apart = distances(points, points)
    exact = min(combinations(range(14), 4), key=lambda c: apart[:, list(c)].min(axis=1).sum())
    assert cover(apart, 4).chosen == exact
    monkeypatch.setattr(covering, "_TRY_ALL", 0)
    searched = [cover(apart, 4, seed=seed) for seed in (3, 3, 4)]
    assert searched[0] == searched[1]
    assert searched[0].cost <= 1.02 * apart[:, list(exact)].min(axis=1).sum()
    assert searched[0].chosen == exact


def test_features_of_any_size_count_alike_and_one_that_never_changes_does_not_count(rng: np.random.Generator) -> None:
    plain = [rng.normal(size=(5, 3)).astype(np.float32) for _ in range(2)]
    scaled = [np.column_stack([one * [1.0, 50.0, 0.01] + 3.0, np.ones(5)]).astype(np.float32) for one in plain]
    for a, b in zip(directions(plain), directions(scaled), strict=True):
        np.testing.assert_allclose(b[:, :3], a, atol=1e-3)
        np.testing.assert_allclose(b[:, 3], 0.0, atol=1e-6)
        np.testing.assert_allclose(np.linalg.norm(a, axis=1), 1.0)
