"""The label budget: what the slices labelled so far have brought, and what the next few would probably bring. Pure.

Dice against labelled slices follows, as learning curves do, an inverse power law with a ceiling,
``dice(n) = a - b * n ** -c`` (Figueroa et al., Predicting sample size required for classification performance, BMC
Medical Informatics and Decision Making 2012). It is fitted to Dice before correction, round by round; how far the
gain read off it can be trusted is found by drawing the measured slices anew (bootstrap), whole cases at a time where a
round has several, since slices of one case go together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt

    from slicelab.core.correction import Finished

    Floats = npt.NDArray[np.float64]

MORE = 5
"""Slices that the gain is told for."""
LEAST_ROUNDS, LEAST_SLICES = 3, 2
"""Rounds with different numbers of labelled slices, and slices measured in each, before anything is predicted."""
_STEEPNESS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)
_DRAWS = 1000
_SURE = 95.0

Reading = Literal["blind", "assisted"]


@dataclass(frozen=True)
class Spent:
    """What a model learned from.

    Attributes:
        labelled: slices.
        minutes: of labelling until it was trained.

    """

    labelled: int
    minutes: float


@dataclass(frozen=True)
class Point:
    """One round: a model, what it cost, and what its masks were worth before they were corrected.

    Attributes:
        model: run id.
        spent: what it learned from.
        dice: of each measured slice, the mean over classes of its 2D Dice.
        cases: of each measured slice.

    """

    model: str
    spent: Spent
    dice: tuple[float, ...]
    cases: tuple[str, ...]

    @property
    def mean(self) -> float:
        """Mean Dice over slices."""
        return sum(self.dice) / len(self.dice)


@dataclass(frozen=True)
class Gain:
    """What a few more slices would probably bring.

    Attributes:
        more: how many.
        dice: gain in mean Dice.
        low, high: its 95 % interval.
        minutes: of labelling, at the pace so far; NaN where no time was noted.

    """

    more: int
    dice: float
    low: float
    high: float
    minutes: float


@dataclass(frozen=True)
class Budget:
    """The label budget of a project.

    Attributes:
        reading: whether the slices it is measured on were painted blind, or with a model's mask in sight.
        points: rounds in the order of the labelled slices.
        gain: None as long as there are too few rounds.

    """

    reading: Reading
    points: tuple[Point, ...]
    gain: Gain | None


def points_of(finished: Iterable[Finished], spent: Mapping[str, Spent], *, blind: bool) -> tuple[Point, ...]:
    """Rounds that were measured on at least two slices, of patients that the model never learned from.

    Args:
        finished: measurements that stand.
        spent: run id to what it learned from; models that are missing do not count.
        blind: whether slices that were painted blind count, or the assisted ones.

    """
    slices: dict[str, dict[tuple[str, int], list[float]]] = {}
    for one in finished:
        if one.patient_trained or one.reading.assisted is blind or one.model not in spent:
            continue
        if not math.isnan(one.overlap.dice):
            slices.setdefault(one.model, {}).setdefault((one.case, one.slice), []).append(one.overlap.dice)
    points = [
        Point(model, spent[model], tuple(sum(dice) / len(dice) for dice in of.values()), tuple(case for case, _ in of))
        for model, of in slices.items()
        if len(of) >= LEAST_SLICES
    ]
    return tuple(sorted(points, key=lambda point: (point.spent.labelled, point.spent.minutes)))


def budget(blind: Sequence[Point], assisted: Sequence[Point], seed: int = 0) -> Budget:
    """The budget by blind slices where those are enough to say something, otherwise by assisted ones.

    Args:
        blind: rounds measured on slices painted blind.
        assisted: rounds measured on the others; optimistic.
        seed: of the bootstrap.

    """
    told = blind if _enough(blind) or len(blind) > len(assisted) else assisted
    reading: Reading = "blind" if told is blind and blind else "assisted"
    return Budget(reading, tuple(told), predicted_gain(told, seed) if _enough(told) else None)


def predicted_gain(points: Sequence[Point], seed: int = 0, more: int = MORE) -> Gain:
    """What so many more slices would probably bring, with its bootstrap interval.

    Args:
        points: rounds, at least two of different size.
        seed: of the bootstrap.
        more: slices.

    """
    sizes = np.array([max(point.spent.labelled, 1) for point in points], np.float64)
    weights = np.array([len(point.dice) for point in points], np.float64)
    now = float(sizes.max())
    rng = np.random.default_rng(seed)
    drawn = np.stack([_redrawn(point, rng) for point in points], axis=1)
    edge = (100.0 - _SURE) / 2.0
    low, high = np.percentile(_gains(sizes, drawn, weights, now, more), (edge, 100.0 - edge)).tolist()
    measured = np.array([[point.mean for point in points]])
    best = float(_gains(sizes, measured, weights, now, more)[0])
    minutes = max(point.spent.minutes for point in points)
    pace = minutes / now if minutes > 0.0 else math.nan
    return Gain(more, best, min(low, best), max(high, best), more * pace)


def _enough(points: Sequence[Point]) -> bool:
    return len({point.spent.labelled for point in points}) >= LEAST_ROUNDS


def _redrawn(point: Point, rng: np.random.Generator) -> Floats:
    """Mean Dice of cases drawn with replacement, ``(draw,)``; of slices, where there is one case."""
    dice, names = np.array(point.dice), sorted(set(point.cases))
    if len(names) == 1:
        means: Floats = rng.choice(dice, (_DRAWS, len(dice))).mean(axis=1)
        return means
    of = [dice[[case == name for case in point.cases]] for name in names]
    sums, counts = np.array([part.sum() for part in of]), np.array([len(part) for part in of])
    chosen = rng.integers(0, len(names), (_DRAWS, len(names)))
    drawn: Floats = sums[chosen].sum(axis=1) / counts[chosen].sum(axis=1)
    return drawn


def _gains(sizes: Floats, dice: Floats, weights: Floats, now: float, more: int) -> Floats:
    _, fall, steep = fitted(sizes, dice, weights)
    gains: Floats = fall * (now**-steep - (now + more) ** -steep)
    return gains


def fitted(sizes: Floats, dice: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """The curve ``a - b * n ** -c`` nearest to the rounds, for many sets of rounds at once.

    Args:
        sizes: labelled slices of each round, ``(round,)``.
        dice: mean Dice, ``(set, round)``.
        weights: of each round's squared error, ``(round,)``.

    Returns:
        ``(a, b, c)``, each ``(set,)``; ``b`` is never negative, ``a`` at most 1.

    """
    share = weights / weights.sum()
    fits = []
    for steep in _STEEPNESS:
        x = sizes**-steep
        apart = x - x @ share
        spread = float(share @ apart**2)
        level = dice @ share
        fall = np.maximum(-(dice * apart) @ share / spread, 0.0) if spread > 0.0 else np.zeros(len(dice))
        ceiling = level + fall * (x @ share)
        over = ceiling > 1.0
        at_one = np.maximum(((1.0 - dice) * x) @ share / float(share @ x**2), 0.0)
        ceiling, fall = np.where(over, 1.0, ceiling), np.where(over, at_one, fall)
        error = (dice - ceiling[:, None] + fall[:, None] * x) ** 2 @ share
        fits.append(np.stack([error, ceiling, fall, np.full(len(dice), steep)]))
    every = np.stack(fits)  # (steepness, figure, set)
    best = every[:, 0].round(12).argmin(axis=0)
    _, ceiling, fall, steep = np.take_along_axis(every, best[None, None], axis=0)[0]
    return ceiling, fall, steep
