"""Which voxels of a dab of paint really take it: the draw-over rule, the range of intensities, the edge. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.drawing.intensity import in_range, like_seed
from slicelab.core.drawing.rule import permitted

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.app.canvas.tools import Hand

_LEAST = 0.03
"""Share of the shown window that the adaptive brush takes for noise where the picture has none."""


def painted_part(
    hand: Hand,
    before: npt.NDArray[np.uint8],
    painted: npt.NDArray[np.bool_],
    value: int,
    intensity: npt.NDArray[Any],
    window: tuple[float, float],
    middle: tuple[int, int, int] | None,
) -> npt.NDArray[np.bool_]:
    """The part of a painted set that takes the paint; all arrays ``(slice, row, column)`` of one shape.

    Erasing is held back by locked classes alone.

    Args:
        hand: what the person holds.
        before: class values.
        painted: where the tool was put.
        value: the class painted, 0 to erase.
        intensity: of the volume.
        window: intensities shown black and white.
        middle: the middle of the brush in these arrays; None where there is none, or it lies outside.

    """
    if value in hand.rule.kept:
        return np.zeros(painted.shape, bool)
    part = painted & permitted(before, value, hand.rule)
    if value and hand.limits is not None:
        part = in_range(part, intensity, *hand.limits)
    if value and hand.adaptive and middle is not None:
        part &= like_seed(painted, intensity, middle, _LEAST * (window[1] - window[0]))
    return part
