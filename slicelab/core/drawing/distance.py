"""Signed distance to an outline within a slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are imported at first use

if TYPE_CHECKING:
    import numpy.typing as npt


def signed_distance(mask: npt.NDArray[np.bool_], pixel: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Distance of each voxel's centre to the outline, mm: positive inside, negative outside.

    The outline lies half a voxel from the centres beside it. What lies beyond the picture is not known and counts
    neither as inside nor as outside.

    Args:
        mask: ``(row, column)`` bool.
        pixel: voxel size along (row, column), mm.

    """
    far = float(np.hypot(mask.shape[0] * pixel[0], mask.shape[1] * pixel[1]))
    if not mask.any():
        return np.full(mask.shape, -far)
    if mask.all():
        return np.full(mask.shape, far)
    half = min(pixel) / 2
    inside = scipy.ndimage.distance_transform_edt(mask, sampling=pixel)
    outside = scipy.ndimage.distance_transform_edt(~mask, sampling=pixel)
    return np.asarray(np.where(mask, inside - half, half - outside))
