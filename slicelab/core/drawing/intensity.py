"""Painting by intensity: only within a range, only what is like the seed, everything like the seed around it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy  # its parts are imported at first use

if TYPE_CHECKING:
    import numpy.typing as npt

_SPREADS = 3.0
_NEAR = 1  # voxels around the seed, in its slice


def in_range(
    painted: npt.NDArray[np.bool_], intensity: npt.NDArray[Any], low: float, high: float
) -> npt.NDArray[np.bool_]:
    """The part of a painted set whose intensity lies in ``[low, high]``; both of one shape."""
    return np.asarray(painted & (intensity >= low) & (intensity <= high))


def seed_range(intensity: npt.NDArray[Any], seed: tuple[int, int, int], least: float) -> tuple[float, float]:
    """Intensities that count as like the seed's: mean of its 3 x 3 neighbourhood in the slice, and 3 spreads around.

    Args:
        intensity: ``(slice, row, column)``.
        seed: where.
        least: half the width that the range has at least, for pictures without noise.

    """
    at, row, column = seed
    near = intensity[at, max(row - _NEAR, 0) : row + _NEAR + 1, max(column - _NEAR, 0) : column + _NEAR + 1].astype(
        np.float64
    )
    middle, reach = float(near.mean()), max(_SPREADS * float(near.std()), least)
    return middle - reach, middle + reach


def like_seed(
    painted: npt.NDArray[np.bool_], intensity: npt.NDArray[Any], seed: tuple[int, int, int], least: float
) -> npt.NDArray[np.bool_]:
    """The part of a painted set that hangs together with the seed and looks like it: the brush stops at edges.

    Args:
        painted: ``(slice, row, column)`` bool.
        intensity: the same shape.
        seed: the middle of the brush.
        least: see :func:`seed_range`.

    """
    low, high = seed_range(intensity, seed, least)
    return _piece_of(in_range(painted, intensity, low, high), seed)


def region_grown(
    intensity: npt.NDArray[Any],
    seed: tuple[int, int, int],
    tolerance: float,
    radius_mm: float,
    spacing: tuple[float, float, float],
) -> npt.NDArray[np.bool_]:
    """All voxels that hang together with the seed, differ from it by at most the tolerance, and are near enough.

    The seed's own intensity is the mean of its 3 x 3 neighbourhood in the slice, so that noise in one voxel does not
    decide. Neighbours share a face. One slice, ``(1, row, column)``, grows in its plane.

    Source: the idea of Adams & Bischof 1994, "Seeded region growing", IEEE TPAMI 16(6), 641-647, with a fixed range.

    Args:
        intensity: ``(slice, row, column)``.
        seed: where to start.
        tolerance: largest difference in intensity.
        radius_mm: largest distance from the seed, mm.
        spacing: mm along (slice, row, column).

    Returns:
        ``(slice, row, column)`` bool.

    """
    box, centre = _box(intensity.shape, seed, radius_mm, spacing)
    part = intensity[box]
    low, high = (middle := sum(seed_range(part, centre, 0.0)) / 2) - tolerance, middle + tolerance
    near = within(part.shape, centre, radius_mm, spacing)
    region = np.zeros(intensity.shape, bool)
    region[box] = _piece_of(in_range(near, part, low, high), centre)
    return region


def within(
    shape: tuple[int, ...], centre: tuple[int, ...], radius_mm: float, spacing: tuple[float, ...]
) -> npt.NDArray[np.bool_]:
    """A disc or ball: voxels whose centres are at most ``radius_mm`` from a voxel's centre; at least that voxel."""
    squares = [((np.arange(n) - c) * mm) ** 2 for n, c, mm in zip(shape, centre, spacing, strict=True)]
    total = sum(np.ix_(*squares), np.zeros(()))
    return np.asarray(total <= max(radius_mm, 0.0) ** 2 + 1e-9)


def _box(
    shape: tuple[int, ...], seed: tuple[int, int, int], radius_mm: float, spacing: tuple[float, float, float]
) -> tuple[tuple[slice, ...], tuple[int, int, int]]:
    """The part of a stack within reach of the seed, and the seed in it."""
    reach = [int(radius_mm / mm) + 1 for mm in spacing]
    starts = [max(at - far, 0) for at, far in zip(seed, reach, strict=True)]
    box = tuple(slice(a, min(s + r + 1, n)) for a, s, r, n in zip(starts, seed, reach, shape, strict=True))
    at, row, column = (s - a for s, a in zip(seed, starts, strict=True))
    return box, (at, row, column)


def _piece_of(mask: npt.NDArray[np.bool_], seed: tuple[int, int, int]) -> npt.NDArray[np.bool_]:
    pieces, _ = scipy.ndimage.label(mask)
    return np.asarray((pieces == pieces[seed]) & mask)
