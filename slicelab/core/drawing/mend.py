"""The ways to mend a class on slices, by name."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from slicelab.core.drawing.pieces import holes_filled, islands_removed
from slicelab.core.drawing.shape import grown, shrunk, smoothed

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.core.drawing.rule import DrawRule


class Mend(StrEnum):
    """What is done to a class; the value is the word in the history."""

    SMOOTH = "smooth"
    FILL_HOLES = "fill holes"
    ISLANDS = "remove islands"
    GROW = "grow"
    SHRINK = "shrink"


def mended(
    masks: npt.NDArray[np.uint8],
    value: int,
    mend: Mend,
    mm: float,
    spacing: tuple[float, float, float],
    rule: DrawRule,
) -> npt.NDArray[np.uint8]:
    """Mend one class within each slice.

    Args:
        masks: ``(slice, row, column)`` uint8; not changed.
        value: the class.
        mend: what to do.
        mm: how far to smooth, grow or shrink.
        spacing: mm along (slice, row, column).
        rule: what may be painted over.

    """
    match mend:
        case Mend.SMOOTH:
            return smoothed(masks, value, mm, spacing, rule)
        case Mend.FILL_HOLES:
            return holes_filled(masks, value, rule)
        case Mend.ISLANDS:
            return islands_removed(masks, value, rule)
        case Mend.GROW:
            return grown(masks, value, mm, spacing, rule)
        case Mend.SHRINK:
            return shrunk(masks, value, mm, spacing, rule)
