"""Outlines of masks as lines, so that they can be drawn sharp at every zoom, solid or dashed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import contourpy
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def outlines(mask: npt.NDArray[np.uint8], value: int) -> list[npt.NDArray[np.float64]]:
    """Closed lines around one class on one slice.

    Args:
        mask: ``(row, column)`` uint8.
        value: class value.

    Returns:
        Arrays ``(points, 2)`` of ``(row, column)`` in voxels, voxel centres at whole numbers.

    """
    found = mask == value
    rows = np.flatnonzero(found.any(axis=1))
    if rows.size == 0:
        return []
    columns = np.flatnonzero(found.any(axis=0))
    # Only the class's bounding box, with a rim so that lines close: cost follows the organ, not the slice.
    box = np.pad(found[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], 1).astype(np.float32)
    lines = contourpy.contour_generator(z=box, line_type=contourpy.LineType.Separate).lines(0.5)
    offset = np.array([rows[0] - 1, columns[0] - 1], dtype=np.float64)
    return [np.asarray(line)[:, ::-1] + offset for line in lines]
