"""Which few of many items stand best for all of them: k-medoids with items that are already chosen. Pure.

The cost of a choice is the distance from each item to the nearest chosen one, summed (partitioning around medoids,
Kaufman & Rousseeuw 1990). Small problems are solved by trying every choice, larger ones by greedy building and
swapping, from several starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Cost = Callable[[Sequence[int]], float]
    Floats = npt.NDArray[np.float64]

_TRY_ALL = 20_000
"""Choices up to which every one is tried: about a quarter of a second."""
_STARTS = 8
_BETTER = 1e-12


@dataclass(frozen=True)
class Covering:
    """A choice of candidates.

    Attributes:
        chosen: candidates, ascending.
        cost: weighted sum over all points of the distance to the nearest candidate that is chosen or was before.

    """

    chosen: tuple[int, ...]
    cost: float


def cover(
    distance: Floats,
    count: int,
    *,
    weight: Sequence[float] | None = None,
    before: Sequence[int] = (),
    group: Sequence[int] | None = None,
    seed: int = 0,
) -> Covering:
    """Choose candidates so that every point has one nearby.

    Args:
        distance: ``(point, candidate)``, 0 or more.
        count: how many to choose.
        weight: of each point; None counts all alike.
        before: candidates chosen earlier: they cover, and are not chosen again.
        group: of each candidate; of one group at most one is chosen, and none where one was before. None: all differ.
        seed: of the starts of the search; small problems, which are solved exactly, do not depend on it.

    Raises:
        ValueError: there are fewer groups to choose from than candidates wanted.

    """
    points, candidates = distance.shape
    weights = np.ones(points) if weight is None else np.asarray(weight, np.float64)
    groups = list(range(candidates)) if group is None else list(group)
    taken = {groups[k] for k in before}
    free = [k for k in range(candidates) if groups[k] not in taken]
    if not 0 < count <= len({groups[k] for k in free}):
        raise ValueError(f"cannot choose {count} of {len({groups[k] for k in free})}")
    start = distance[:, list(before)].min(axis=1) if before else np.full(points, np.inf)

    def cost(chosen: Sequence[int]) -> float:
        return float(weights @ np.minimum(distance[:, list(chosen)].min(axis=1), start))

    if comb(len(free), count) <= _TRY_ALL:
        allowed = (c for c in combinations(free, count) if len({groups[k] for k in c}) == count)
        best = min(allowed, key=cost)  # of equal ones the first
        return Covering(best, cost(best))
    rng = np.random.default_rng(seed)
    found: list[Covering] = []
    for attempt in range(_STARTS):
        first = _greedy(cost, free, groups, count) if attempt == 0 else _random(rng, free, groups, count)
        settled = _swapped(cost, first, free, groups)
        found.append(Covering(tuple(sorted(settled)), cost(settled)))
    return min(found, key=lambda one: (round(one.cost, 9), one.chosen))


def nearest(distance: Floats, chosen: Sequence[int]) -> npt.NDArray[np.int64]:
    """For each point the position in ``chosen`` of its nearest candidate, ``(point,)``; of equals the first."""
    found: npt.NDArray[np.int64] = distance[:, list(chosen)].argmin(axis=1)
    return found


def directions(features: Sequence[npt.NDArray[np.float32]]) -> list[Floats]:
    """Feature vectors of slices, case by case, made comparable: each feature standardised, each slice of length 1.

    Networks' features are all positive and of very different sizes; without this all slices look alike.

    Args:
        features: per case ``(slice, channel)``.

    """
    every = np.concatenate(features).astype(np.float64)
    mean, spread = every.mean(axis=0), every.std(axis=0)
    spread[spread < 1e-9 * max(1.0, float(np.abs(every).max()))] = 1.0
    made = []
    for one in features:
        standard = (one - mean) / spread
        made.append(standard / np.maximum(np.linalg.norm(standard, axis=1, keepdims=True), 1e-12))
    return made


def distances(rows: Floats, columns: Floats) -> Floats:
    """Euclidean distances between feature vectors, ``(row, column)``."""
    squares = (rows**2).sum(axis=1)[:, None] + (columns**2).sum(axis=1)[None] - 2.0 * rows @ columns.T
    found: Floats = np.sqrt(np.maximum(squares, 0.0))
    return found


def _greedy(cost: Cost, free: Sequence[int], groups: Sequence[int], count: int) -> list[int]:
    chosen: list[int] = []
    while len(chosen) < count:
        used = {groups[k] for k in chosen}
        tried = [(cost([*chosen, k]), k) for k in free if groups[k] not in used]
        chosen.append(min(tried)[1])
    return chosen


def _random(rng: np.random.Generator, free: Sequence[int], groups: Sequence[int], count: int) -> list[int]:
    by_group: dict[int, list[int]] = {}
    for k in free:
        by_group.setdefault(groups[k], []).append(k)
    picked = rng.choice(sorted(by_group), size=count, replace=False)
    return [int(rng.choice(by_group[int(name)])) for name in picked]


def _swapped(cost: Cost, chosen: list[int], free: Sequence[int], groups: Sequence[int]) -> list[int]:
    """Exchange one chosen candidate for another as long as that helps, the best exchange first."""
    now = cost(chosen)
    while True:
        best, at = now, chosen
        for place in range(len(chosen)):
            rest = [*chosen[:place], *chosen[place + 1 :]]
            used = {groups[k] for k in rest}
            for k in free:
                if groups[k] not in used and k != chosen[place]:
                    tried = cost([*rest, k])
                    if tried < best - _BETTER:
                        best, at = tried, [*rest, k]
        if at is chosen:
            return chosen
        now, chosen = best, at
