"""A closed outline as voxels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def filled_polygon(corners: Sequence[tuple[float, float]], shape: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Voxels whose centres lie inside a polygon, by the even-odd rule; the last corner is joined to the first.

    Centres exactly on a line belong to the region right of it or below it, so that polygons which share a line share
    no voxel. Fewer than three corners enclose nothing.

    Args:
        corners: ``(row, column)`` in voxels; a voxel's centre has whole numbers. May lie outside the picture.
        shape: rows and columns of the picture.

    Returns:
        ``(row, column)`` bool.

    """
    turns = np.zeros((shape[0], shape[1] + 1), bool)
    if len(corners) > 2:
        points = np.asarray(corners, dtype=np.float64)
        for (row_a, column_a), (row_b, column_b) in zip(points, np.roll(points, -1, axis=0), strict=True):
            low, high = sorted((row_a, row_b))
            rows = np.arange(max(int(np.ceil(low)), 0), min(int(np.ceil(high)), shape[0]))
            if rows.size:
                crossings = column_a + (rows - row_a) * ((column_b - column_a) / (row_b - row_a))
                turns[rows, np.clip(np.ceil(crossings), 0, shape[1]).astype(int)] ^= True
    return np.asarray(np.logical_xor.accumulate(turns[:, :-1], axis=1))
