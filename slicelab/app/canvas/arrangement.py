"""Where the two other planes go: beside the large one, below it, or nowhere when the picture would get too small."""

from __future__ import annotations

from enum import Enum, auto

SIDE_PX = 248
"""Width of the planes beside the large one, height of those below it."""
_GAP_PX = 8
_LEAST_PX = 420


class Arrangement(Enum):
    """Where the other planes are."""

    BESIDE = auto()
    BELOW = auto()
    ALONE = auto()


def arrange(width: int, height: int, wanted: bool | None = None) -> Arrangement:
    """The arrangement that leaves the large picture, which is about square, largest.

    Args:
        width: pixels for all planes together.
        height: the same, downwards.
        wanted: whether the person asked for the other planes, or asked them away; None if they never said.

    """
    beside = min(width - SIDE_PX - _GAP_PX, height)
    below = min(width, height - SIDE_PX - _GAP_PX)
    if wanted is False or (wanted is None and max(beside, below) < _LEAST_PX):
        return Arrangement.ALONE
    return Arrangement.BESIDE if beside >= below else Arrangement.BELOW
