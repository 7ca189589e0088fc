"""Grow, shrink and smooth a class within its slices, in mm."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are imported at first use

from slicelab.core.drawing.distance import signed_distance
from slicelab.core.drawing.rule import allowed

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from slicelab.core.drawing.rule import DrawRule

_ROUNDING = 1e-6  # mm; a voxel at exactly the distance belongs to it


def grown(
    masks: npt.NDArray[np.uint8], value: int, mm: float, spacing: tuple[float, float, float], rule: DrawRule
) -> npt.NDArray[np.uint8]:
    """A class with every voxel whose centre is at most ``mm`` from one of its own, in the same slice.

    Args:
        masks: ``(slice, row, column)`` uint8.
        value: the class.
        mm: how far.
        spacing: mm along (slice, row, column).
        rule: what it may grow over.

    """

    def grow(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return np.asarray(scipy.ndimage.distance_transform_edt(~mask, sampling=spacing[1:]) <= mm + _ROUNDING)

    return _reshaped(masks, value, rule, grow)


def shrunk(
    masks: npt.NDArray[np.uint8], value: int, mm: float, spacing: tuple[float, float, float], rule: DrawRule
) -> npt.NDArray[np.uint8]:
    """A class without every voxel whose centre is at most ``mm`` from one that is not its own, in the same slice.

    Arguments as for :func:`grown`. Beyond the picture nothing is taken away.
    """

    def shrink(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        if mask.all():
            return mask
        return np.asarray(scipy.ndimage.distance_transform_edt(mask, sampling=spacing[1:]) > mm + _ROUNDING)

    return _reshaped(masks, value, rule, shrink)


def smoothed(
    masks: npt.NDArray[np.uint8], value: int, mm: float, spacing: tuple[float, float, float], rule: DrawRule
) -> npt.NDArray[np.uint8]:
    """A class with its outline smoothed: the signed distance, blurred by a Gaussian, cut at zero.

    Arguments as for :func:`grown`; ``mm`` is the standard deviation. Structures thinner than about that vanish.
    """
    pixel = (spacing[1], spacing[2])
    sigma = (mm / pixel[0], mm / pixel[1])

    def smooth(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        return np.asarray(scipy.ndimage.gaussian_filter(signed_distance(mask, pixel), sigma, mode="nearest") > 0)

    return _reshaped(masks, value, rule, smooth)


def _reshaped(
    masks: npt.NDArray[np.uint8],
    value: int,
    rule: DrawRule,
    reshape: Callable[[npt.NDArray[np.bool_]], npt.NDArray[np.bool_]],
) -> npt.NDArray[np.uint8]:
    """Give a class another shape in each slice that has it; what it leaves becomes background."""
    after = masks.copy()
    for before, slice_ in zip(masks, after, strict=True):
        mask = before == value
        if mask.any():
            shape = reshape(mask)
            slice_[mask & ~shape] = 0
            slice_[shape] = value
    return allowed(masks, after, rule)
