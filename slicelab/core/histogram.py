"""How often each intensity of a volume occurs, for choosing what is shown as black and as white."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_BINS = 160
_ENOUGH_VOXELS = 60_000
_TAIL = 99.9
"""Percentile beyond which nothing is drawn: a few bright vessels would squeeze all the rest to the left."""


@dataclass(frozen=True, eq=False)
class Histogram:
    """Counts of intensities.

    Attributes:
        low: where the first bin begins, in the volume's intensities.
        high: where the last one ends.
        counts: ``(bin,)`` voxels, of a sample.

    """

    low: float
    high: float
    counts: npt.NDArray[np.int64]


def histogram(image: npt.NDArray[Any]) -> Histogram:
    """The histogram of a volume, from some of its voxels, evenly spread.

    Args:
        image: any shape and real dtype, finite.

    """
    step = max(1, int((image.size / _ENOUGH_VOXELS) ** (1 / image.ndim)))
    some = image[(slice(None, None, step),) * image.ndim]
    low, high = float(some.min()), float(np.percentile(some, _TAIL))
    high = high if high > low else low + 1.0
    counts, _ = np.histogram(some, _BINS, (low, high))
    return Histogram(low, high, counts)


def moved_edge(window: tuple[float, float], edge: int, to: float, least: float) -> tuple[float, float]:
    """A window with one edge put elsewhere; it stops before the other edge.

    Args:
        window: (low, high).
        edge: 0 for what is black, 1 for what is white.
        to: where, in intensities.
        least: width that stays.

    """
    low, high = window
    return (min(to, high - least), high) if edge == 0 else (low, max(to, low + least))
