"""From slice to slice: copy the neighbour's outlines, and fill the slices between two labelled ones."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.drawing.distance import signed_distance
from slicelab.core.drawing.rule import allowed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slicelab.core.drawing.rule import DrawRule


@dataclass(frozen=True)
class Gap:
    """Two labelled slices with nothing but unlabelled ones between them.

    Attributes:
        lower: index of the lower labelled slice.
        upper: index of the upper one.

    """

    lower: int
    upper: int

    @property
    def slices(self) -> tuple[int, ...]:
        """The unlabelled slices between."""
        return tuple(range(self.lower + 1, self.upper))


def gaps(labelled: Sequence[bool]) -> tuple[Gap, ...]:
    """Every gap between labelled slices, from below; slices before the first and after the last are in none."""
    known = [at for at, is_labelled in enumerate(labelled) if is_labelled]
    return tuple(Gap(a, b) for a, b in itertools.pairwise(known) if b - a > 1)


def gap_around(labelled: Sequence[bool], at: int) -> Gap | None:
    """The gap that a slice lies in; None if it is labelled, or has no labelled slice on one side."""
    return next((gap for gap in gaps(labelled) if gap.lower < at < gap.upper), None)


def interpolated(
    masks: npt.NDArray[np.uint8], gap: Gap, spacing: tuple[float, float, float]
) -> dict[int, npt.NDArray[np.uint8]]:
    """Masks for the slices of a gap, from the outlines at its two ends.

    The signed distance to each class's outline goes linearly from one end to the other; a voxel belongs to the class
    it is deepest in, and to background if it is outside of all. A class that one end lacks gets smaller towards it and
    ends half-way: it must end somewhere, and nothing is known of where. Outlines that do not overlap leave the middle
    empty.

    Source: Raya & Udupa 1990, "Shape-based interpolation of multidimensional objects", IEEE TMI 9(1), 32-42; for
    several classes the deepest one is taken.

    Args:
        masks: ``(slice, row, column)`` uint8; read at the ends of the gap alone.
        gap: where.
        spacing: mm along (slice, row, column).

    Returns:
        Slice index to its mask ``(row, column)`` uint8.

    """
    lower, upper = masks[gap.lower], masks[gap.upper]
    made = {at: np.zeros_like(lower) for at in gap.slices}
    deepest = {at: np.zeros(lower.shape) for at in gap.slices}
    for value in np.union1d(lower, upper).tolist():
        if value == 0:
            continue
        box = _box((lower == value) | (upper == value))
        ends = [_depth(mask[box] == value, (spacing[1], spacing[2])) for mask in (lower, upper)]
        depths = (
            _towards_nothing(ends[1]) if ends[0] is None else ends[0],
            _towards_nothing(ends[0]) if ends[1] is None else ends[1],
        )
        for at in gap.slices:
            share = (at - gap.lower) / (gap.upper - gap.lower)
            depth = (1 - share) * depths[0] + share * depths[1]
            better = depth > deepest[at][box]
            made[at][box][better] = value
            deepest[at][box][better] = depth[better]
    return made


def copied(target: npt.NDArray[np.uint8], source: npt.NDArray[np.uint8], rule: DrawRule) -> npt.NDArray[np.uint8]:
    """A slice with the classes of its neighbour as they are there; classes the neighbour lacks stay.

    Args:
        target: ``(row, column)`` uint8, the slice to be changed.
        source: ``(row, column)`` uint8, its neighbour.
        rule: what may be painted over.

    """
    cleared = np.where(np.isin(target, source[source > 0]), 0, target).astype(np.uint8)
    # In two steps, so that a voxel the class leaves is background to whatever comes there.
    free = allowed(target, cleared, rule)
    return allowed(free, np.where(source > 0, source, free).astype(np.uint8), rule)


def _box(mask: npt.NDArray[np.bool_]) -> tuple[slice, slice]:
    """Rows and columns that hold a mask, and one more on each side: beyond, no voxel can be inside."""
    places = (np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0)))
    rows, columns = (slice(max(int(p[0]) - 1, 0), int(p[-1]) + 2) for p in places)
    return rows, columns


def _depth(mask: npt.NDArray[np.bool_], pixel: tuple[float, float]) -> npt.NDArray[np.float64] | None:
    return signed_distance(mask, pixel) if mask.any() else None


def _towards_nothing(other: npt.NDArray[np.float64] | None) -> npt.NDArray[np.float64]:
    """The end without the class: as far outside everywhere as the other end is deep."""
    assert other is not None  # one of the two ends has the class
    return np.full(other.shape, -float(other.max()))
