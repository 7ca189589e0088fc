"""Whether a difference holds for other draws of training cases and for other test cases at once.

A figure measured for every draw and every case is no sample of independent values: draws that fail, fail on all
cases, and a hard case is hard for all draws. Both are random effects that cross. Pooling all pairs into one test
declares differences where there are none in a third of all comparisons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are imported at first use

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


@dataclass(frozen=True)
class Difference:
    """A mean difference and how far it can be believed.

    Attributes:
        mean: of all cases.
        low, high: its 95 % interval; NaN where it cannot be told.
        p: two-sided probability of a difference this large if there were none; NaN where it cannot be told.
        degrees: degrees of freedom (Satterthwaite).

    """

    mean: float
    low: float
    high: float
    p: float
    degrees: float

    @property
    def established(self) -> bool:
        """Whether the interval leaves out 0."""
        return not math.isnan(self.low) and not self.low <= 0.0 <= self.high


def crossed_difference(folds: Sequence[npt.NDArray[np.float64]], level: float = 0.95) -> Difference:
    """Mean paired difference over folds, with draws and cases as crossed random effects within each fold.

    In each fold the variance of the mean is ``(MS_draws + MS_cases - MS_rest) / (draws * cases)`` of the two-way
    table, with neither mean square taken as less than the rest. Folds are weighted by their cases; the degrees of
    freedom are Satterthwaite's.

    Args:
        folds: for each fold ``(draw, case)`` differences, no NaN.
        level: of the interval.

    Returns:
        The difference; without at least two draws and two cases in every fold, its interval cannot be told.

    """
    weights = np.array([one.shape[1] for one in folds], np.float64)
    weights /= weights.sum()
    mean = float(sum(w * one.mean() for w, one in zip(weights, folds, strict=True)))
    if any(min(one.shape) < 2 for one in folds):
        return Difference(mean, math.nan, math.nan, math.nan, math.nan)
    variance = squares = 0.0
    for weight, one in zip(weights, folds, strict=True):
        draws, cases = one.shape
        by_draw, by_case = one.mean(axis=1), one.mean(axis=0)
        rest = one - by_draw[:, None] - by_case[None] + one.mean()
        ms_rest = float((rest**2).sum()) / ((draws - 1) * (cases - 1))
        ms_draws = max(cases * float(by_draw.var(ddof=1)), ms_rest)
        ms_cases = max(draws * float(by_case.var(ddof=1)), ms_rest)
        share = weight**2 / (draws * cases)
        variance += share * (ms_draws + ms_cases - ms_rest)
        for part, degrees in (
            (ms_draws, draws - 1),
            (ms_cases, cases - 1),
            (ms_rest, (draws - 1) * (cases - 1)),
        ):
            squares += (share * part) ** 2 / degrees
    if variance <= 0.0:
        return Difference(mean, mean, mean, 1.0 if mean == 0.0 else 0.0, math.inf)
    degrees = max(1.0, variance**2 / squares)
    error = math.sqrt(variance)
    reach = float(scipy.special.stdtrit(degrees, 0.5 + level / 2.0)) * error
    p = 2.0 * float(scipy.special.stdtr(degrees, -abs(mean) / error))
    return Difference(mean, mean - reach, mean + reach, p, degrees)
