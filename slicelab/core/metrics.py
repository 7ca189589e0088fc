"""How a mask is compared with a reference, conventions written down.

Dice (Dice 1945): 2 |A and B| / (|A| + |B|). A structure absent from both masks has no Dice (NaN, shown as n/a,
never 1); an empty prediction of a present structure scores 0. Distances are between boundary voxels (6-connected
erosion), in mm on the given spacing: HD95 is the 95th percentile of the distances of both directions pooled, ASSD
their mean. A distance with either mask empty has no value (NaN).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Mask = npt.NDArray[Any]


def dice(prediction: Mask, reference: Mask) -> float:
    """Dice of two boolean masks of one shape; NaN if both are empty.

    Raises:
        ValueError: the shapes differ.

    """
    a, b = _pair(prediction, reference)
    total = int(a.sum()) + int(b.sum())
    return float("nan") if total == 0 else 2.0 * int((a & b).sum()) / total


def surface_distances(prediction: Mask, reference: Mask, spacing: tuple[float, ...]) -> npt.NDArray[np.float64]:
    """Distances in mm from each boundary voxel of one mask to the other's boundary, both directions, 1-D.

    Empty if either mask is empty.
    """
    a, b = _pair(prediction, reference)
    if not a.any() or not b.any():
        return np.empty(0)
    box = ndimage.find_objects((a | b).astype(np.uint8))[0]
    edge_a, edge_b = _boundary(np.pad(a[box], 1)), _boundary(np.pad(b[box], 1))
    to_b = ndimage.distance_transform_edt(~edge_b, sampling=spacing)
    to_a = ndimage.distance_transform_edt(~edge_a, sampling=spacing)
    return np.concatenate([to_b[edge_a], to_a[edge_b]])


def hd95(prediction: Mask, reference: Mask, spacing: tuple[float, ...]) -> float:
    """95th percentile Hausdorff distance, mm; NaN if either mask is empty."""
    distances = surface_distances(prediction, reference, spacing)
    return float(np.percentile(distances, 95)) if distances.size else float("nan")


def assd(prediction: Mask, reference: Mask, spacing: tuple[float, ...]) -> float:
    """Average symmetric surface distance, mm; NaN if either mask is empty."""
    distances = surface_distances(prediction, reference, spacing)
    return float(distances.mean()) if distances.size else float("nan")


def _pair(prediction: Mask, reference: Mask) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    if prediction.shape != reference.shape:
        raise ValueError(f"masks of different shapes: {prediction.shape} and {reference.shape}")
    return np.asarray(prediction, dtype=bool), np.asarray(reference, dtype=bool)


def _boundary(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    inside: npt.NDArray[np.bool_] = ndimage.binary_erosion(mask, border_value=0)
    return mask & ~inside
