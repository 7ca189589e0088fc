"""How a mask is compared with a reference, conventions written down.

Dice (Dice 1945): 2 |A and B| / (|A| + |B|).

Surface distances: the surface of a mask is made of its voxels with one of their six neighbours outside (what a
6-connected erosion takes away; what lies beyond the volume is outside). Each surface voxel of one mask has a distance
to the nearest surface voxel of the other, centre to centre, in mm on the grid's spacing. HD95 is the larger of the two
directed 95th percentiles (each interpolated linearly), as in MONAI; both directions pooled would hide what is wrong in
one of them. ASSD is the mean over the surface voxels of both masks.

Volumes are in mL; a volume difference is prediction minus reference.

============================  =====  =============  =================
masks                         Dice   HD95, ASSD     volume difference
============================  =====  =============  =================
both empty                    NaN    NaN            0
only the prediction is empty  0      NaN            - reference
only the reference is empty   0      NaN            + prediction
============================  =====  =============  =================

NaN is shown as n/a and never enters a mean: a structure absent from both masks is not an agreement of 1, and a distance
to nothing is not a number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy  # its parts are imported at first use

Mask = npt.NDArray[Any]


def dice(prediction: Mask, reference: Mask) -> float:
    """Dice of two boolean masks of one shape; NaN if both are empty.

    Raises:
        ValueError: the shapes differ.

    """
    a, b = _pair(prediction, reference)
    total = int(a.sum()) + int(b.sum())
    return float("nan") if total == 0 else 2.0 * int((a & b).sum()) / total


def volume_ml(mask: Mask, spacing: tuple[float, ...]) -> float:
    """Volume of a boolean mask, mL; spacing in mm."""
    return int(np.count_nonzero(mask)) * math.prod(spacing) / 1000.0


@dataclass(frozen=True, eq=False)
class SurfaceDistances:
    """Distances between two surfaces, mm, one per surface voxel; both arrays are empty if either mask is.

    Attributes:
        to_reference: from each surface voxel of the prediction to the reference's surface.
        to_prediction: from each surface voxel of the reference to the prediction's surface.

    """

    to_reference: npt.NDArray[np.float64]
    to_prediction: npt.NDArray[np.float64]

    @property
    def hd95_mm(self) -> float:
        """95th percentile Hausdorff distance, mm; NaN if either mask is empty."""
        if not self.to_reference.size:
            return math.nan
        return float(max(np.percentile(self.to_reference, 95), np.percentile(self.to_prediction, 95)))

    @property
    def assd_mm(self) -> float:
        """Average symmetric surface distance, mm; NaN if either mask is empty."""
        if not self.to_reference.size:
            return math.nan
        return float(np.concatenate([self.to_reference, self.to_prediction]).mean())


def surface_distances(prediction: Mask, reference: Mask, spacing: tuple[float, ...]) -> SurfaceDistances:
    """Surface distances of two boolean masks of one shape, measured inside the box that holds both.

    Args:
        prediction: any number of axes.
        reference: on the same grid.
        spacing: mm along each axis.

    Raises:
        ValueError: the shapes differ.

    """
    a, b = _pair(prediction, reference)
    if not a.any() or not b.any():
        return SurfaceDistances(np.empty(0), np.empty(0))
    box = _box(a | b)
    edge_a, edge_b = _surface(a[box]), _surface(b[box])
    to_b = scipy.ndimage.distance_transform_edt(~edge_b, sampling=spacing)
    to_a = scipy.ndimage.distance_transform_edt(~edge_a, sampling=spacing)
    return SurfaceDistances(to_b[edge_a], to_a[edge_b])


def hd95(prediction: Mask, reference: Mask, spacing: tuple[float, ...]) -> float:
    """95th percentile Hausdorff distance, mm; NaN if either mask is empty."""
    return surface_distances(prediction, reference, spacing).hd95_mm


def assd(prediction: Mask, reference: Mask, spacing: tuple[float, ...]) -> float:
    """Average symmetric surface distance, mm; NaN if either mask is empty."""
    return surface_distances(prediction, reference, spacing).assd_mm


def _pair(prediction: Mask, reference: Mask) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    if prediction.shape != reference.shape:
        raise ValueError(f"masks of different shapes: {prediction.shape} and {reference.shape}")
    return np.asarray(prediction, dtype=bool), np.asarray(reference, dtype=bool)


def _box(mask: npt.NDArray[np.bool_]) -> tuple[slice, ...]:
    box: tuple[slice, ...] = scipy.ndimage.find_objects(mask.view(np.uint8))[0]
    return box


def _surface(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = scipy.ndimage.binary_erosion(mask, border_value=0)
    return mask & ~inside
