"""How far an intensity threshold gets: the best interval an oracle could choose, for judging how hard a data set is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable

_BINS = 160

Images = npt.NDArray[np.number[Any]]


@dataclass(frozen=True)
class ThresholdDice:
    """What intervals of intensity reach for one class, chosen with knowledge of the reference.

    Attributes:
        shared: mean Dice over volumes of the one best interval for all of them.
        per_volume: mean over volumes of the Dice of each volume's own best interval.

    """

    shared: float
    per_volume: float


def threshold_dice(volumes: Iterable[tuple[Images, npt.NDArray[np.uint8]]], value: int) -> ThresholdDice:
    """The best intensity interval for one class, shared over volumes and for each volume.

    Intensities are normalised to the volume's 1st and 99.5th percentile and sorted into 160 equal bins (those
    beyond fall into the outer ones); every interval of bins is tried. Volumes without the class are left out.

    Args:
        volumes: pairs of image and mask of one shape.
        value: the class value.

    Raises:
        ValueError: no volume holds the class.

    """
    tables = [_interval_dice(_bins(image), mask == value) for image, mask in volumes if (mask == value).any()]
    if not tables:
        raise ValueError(f"no volume holds the class {value}")
    return ThresholdDice(
        shared=float(np.mean(tables, axis=0).max()), per_volume=float(np.mean([table.max() for table in tables]))
    )


def _bins(image: Images) -> npt.NDArray[np.intp]:
    values = image.astype(np.float32)
    low, high = np.percentile(values, (1.0, 99.5))
    scaled = (values - low) / max(float(high - low), 1e-6)
    return np.asarray(np.clip(scaled * _BINS, 0, _BINS - 1), dtype=np.intp)


def _interval_dice(bins: npt.NDArray[np.intp], inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Dice of every interval ``[low, high)`` of bins, ``(low, high)``; 0 where it is empty."""
    every = np.concatenate([[0], np.cumsum(np.bincount(bins.ravel(), minlength=_BINS))])
    hits = np.concatenate([[0], np.cumsum(np.bincount(bins[inside], minlength=_BINS))])
    chosen, right = every[None, :] - every[:, None], hits[None, :] - hits[:, None]
    dice: npt.NDArray[np.float64] = np.where(chosen > 0, 2.0 * right / np.maximum(chosen + hits[-1], 1), 0.0)
    return dice
