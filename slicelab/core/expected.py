"""An expected Dice for cases without labels, from how sure a model is of its mask, calibrated on the labelled ones.

A model that doubts many voxels in and around a structure is often wrong about it. How much of the mask is certain is
written as a Dice with itself (:func:`certainty`); a straight line through the labelled cases turns that into an
expected Dice. How far that can be trusted is measured by leaving each patient out in turn. Where it cannot, it still
gives an order in which to look at cases, and is called not reliable yet. Pure.
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

REACH_MM = 15.0
"""Doubt further from the mask than this is about something else."""
LARGEST_ERROR, LEAST_CORRELATION, LEAST_PATIENTS = 0.05, 0.5, 5
"""What an expected Dice must reach on patients left out to be called reliable."""
_FEWEST = 3


def certainty(
    mask: npt.NDArray[np.uint8], doubt: npt.NDArray[np.uint8], value: int, spacing: tuple[float, float, float]
) -> float:
    """Dice of a class's mask with its certain part: 1 if nothing in or around it is doubted; NaN without a mask.

    Args:
        mask: the model's class values, ``(slice, row, column)``.
        doubt: entropy over the classes, 0 to 255, the same shape.
        value: the class.
        spacing: mm along (slice, row, column).

    """
    inside = mask == value
    found = scipy.ndimage.find_objects(inside.view(np.uint8))
    if not found:
        return math.nan
    reach = [math.ceil(REACH_MM / mm) for mm in spacing]
    box = tuple(slice(max(part.start - far, 0), part.stop + far) for part, far in zip(found[0], reach, strict=True))
    inside, share = inside[box], doubt[box] / 255.0
    near = scipy.ndimage.distance_transform_edt(~inside, sampling=spacing) <= REACH_MM
    around = near & (mask[box] == 0)
    size = int(inside.sum())
    sure = size - float(share[inside].sum())
    return 2.0 * sure / (size + sure + float(share[around].sum()))


@dataclass(frozen=True)
class Sample:
    """One class of one labelled case."""

    patient: str
    certainty: float
    dice: float
    case: str = ""


@dataclass(frozen=True)
class Held:
    """A labelled case as it was expected without its patient, and as it was measured: mean Dice over its classes."""

    case: str
    expected: float
    measured: float


@dataclass(frozen=True)
class Calibration:
    """How certainty becomes an expected Dice, and how well that held on patients left out.

    Attributes:
        slope, intercept: of the line.
        error: mean absolute error of the expected Dice on patients left out.
        correlation: rank correlation of expected and measured Dice there.
        patients: how many there were.
        held: the cases there, each with its patient left out.

    """

    slope: float
    intercept: float
    error: float
    correlation: float
    patients: int
    held: tuple[Held, ...] = ()

    @property
    def reliable(self) -> bool:
        """Whether the expected Dice may be shown as a figure, and not as an order alone."""
        return self.patients >= LEAST_PATIENTS and self.error <= LARGEST_ERROR and self.correlation >= LEAST_CORRELATION

    def expect(self, sure: float) -> float:
        """Expected Dice, 0 to 1; NaN where there is no mask to be sure of."""
        return float(np.clip(self.slope * sure + self.intercept, 0.0, 1.0)) if not math.isnan(sure) else math.nan


def calibrate(samples: Sequence[Sample]) -> Calibration | None:
    """The line, and its error on each patient when it is drawn without that patient; None of fewer than three."""
    known = [one for one in samples if not (math.isnan(one.certainty) or math.isnan(one.dice))]
    patients = sorted({one.patient for one in known})
    if len(patients) < _FEWEST:
        return None
    expected, measured = [], []
    by_case: dict[str, list[tuple[float, float]]] = {}
    for patient in patients:
        slope, intercept = _line([one for one in known if one.patient != patient])
        line = Calibration(slope, intercept, math.nan, math.nan, 0)
        for one in known:
            if one.patient == patient:
                expected.append(line.expect(one.certainty))
                measured.append(one.dice)
                by_case.setdefault(one.case, []).append((expected[-1], one.dice))
    slope, intercept = _line(known)
    error = float(np.abs(np.subtract(expected, measured)).mean())
    held = tuple(Held(case, *(float(mean) for mean in np.mean(pairs, axis=0))) for case, pairs in by_case.items())
    return Calibration(slope, intercept, error, _rank_correlation(expected, measured), len(patients), held)


def _line(samples: Sequence[Sample]) -> tuple[float, float]:
    """Least squares; level where certainty does not differ."""
    x = np.array([one.certainty for one in samples])
    y = np.array([one.dice for one in samples])
    spread = float(((x - x.mean()) ** 2).sum())
    slope = float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread > 1e-9 else 0.0
    return slope, float(y.mean()) - slope * float(x.mean())


def _rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's, 0 where either does not vary."""
    ranks = [scipy.stats.rankdata(values) for values in (one, other)]
    if any(np.ptp(values) == 0 for values in ranks):
        return 0.0
    return float(np.corrcoef(*ranks)[0, 1])
