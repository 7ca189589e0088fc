"""Pieces of a class within a slice: holes to fill, islands to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are imported at first use

from slicelab.core.drawing.rule import allowed

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.core.drawing.rule import DrawRule

ISLAND_SHARE = 0.1
"""Pieces smaller than this share of the largest one are islands: specks go, a second lobe stays."""

_CORNERS_TOO = np.ones((3, 3), bool)


def holes_filled(masks: npt.NDArray[np.uint8], value: int, rule: DrawRule) -> npt.NDArray[np.uint8]:
    """A class with the background that it encloses in a slice.

    Another class inside is no hole: its voxels stay under every rule. Background that reaches the edge of the picture
    is not enclosed.

    Args:
        masks: ``(slice, row, column)`` uint8.
        value: the class.
        rule: what may be painted over.

    """
    after = masks.copy()
    for before, slice_ in zip(masks, after, strict=True):
        mask = before == value
        if mask.any():
            slice_[scipy.ndimage.binary_fill_holes(mask) & (before == 0)] = value
    return allowed(masks, after, rule)


def islands_removed(
    masks: npt.NDArray[np.uint8], value: int, rule: DrawRule, share: float = ISLAND_SHARE
) -> npt.NDArray[np.uint8]:
    """A class without its small pieces; voxels that touch at a corner are of one piece.

    Pieces are looked for within the slice: between labelled slices there are gaps, across which nothing is connected.

    Args:
        masks: ``(slice, row, column)`` uint8.
        value: the class.
        rule: what may be painted over.
        share: pieces with fewer voxels than this share of the slice's largest piece go.

    """
    after = masks.copy()
    for before, slice_ in zip(masks, after, strict=True):
        pieces, count = scipy.ndimage.label(before == value, structure=_CORNERS_TOO)
        if count > 1:
            sizes = np.bincount(pieces.ravel())
            small = sizes < share * sizes[1:].max()
            small[0] = False
            slice_[small[pieces]] = 0
    return allowed(masks, after, rule)
