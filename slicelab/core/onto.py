"""A volume resampled onto the voxels of another grid, by where both lie in the scanner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import scipy  # its parts are imported at first use

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from slicelab.core.geometry import Geometry

_SAME_VOXELS = 0.01
_SLAB_VOXELS = 4_000_000
_EDGE = 1e-4  # voxels: an edge that rounding moves is still inside


def covered(source: Geometry, target: Geometry) -> float:
    """Share of the target's voxels (0-1) whose centre lies in the source's field of view."""
    there = sum(int(np.count_nonzero(inside)) for _, inside in _slabs(source, target))
    return there / float(np.prod(target.shape))


def onto(voxels: npt.NDArray[Any], source: Geometry, target: Geometry) -> npt.NDArray[Any]:
    """The source's voxels on the target's grid, linearly interpolated; outside its field of view its least value.

    Args:
        voxels: ``(i, j, k)`` on ``source``, any real dtype, finite.
        source: the grid they lie on; any orientation and spacing, oblique or not.
        target: the grid wanted.

    Returns:
        ``(i, j, k)`` on ``target``: float32, or the very array where both grids are the same voxels.

    """
    if source.misfit_voxels(target) < _SAME_VOXELS:
        return voxels
    matrix, shift = _between(source, target)
    made = np.empty(target.shape, np.float32)
    outside = float(voxels.min())
    for rows, inside in _slabs(source, target):
        part = made[rows]
        # Up to half a voxel beyond the outermost centres the volume goes on as it is there.
        scipy.ndimage.affine_transform(
            voxels, matrix, shift + matrix[:, 0] * rows.start, output=part, output_shape=part.shape, order=1,
            mode="nearest",
        )  # fmt: skip
        part[~inside] = outside
    return made


def _between(source: Geometry, target: Geometry) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Target index to source index: matrix and shift."""
    whole = np.linalg.solve(source.affine, target.affine).astype(np.float64)
    return whole[:3, :3], whole[:3, 3]


def _slabs(source: Geometry, target: Geometry) -> Iterator[tuple[slice, npt.NDArray[np.bool_]]]:
    """Parts of the target along its first axis, and which of their voxels lie in the source: never all in memory."""
    matrix, shift = _between(source, target)
    thick = max(1, _SLAB_VOXELS // (target.shape[1] * target.shape[2]))
    _, j, k = np.ogrid[:1, : target.shape[1], : target.shape[2]]
    for start in range(0, target.shape[0], thick):
        rows = slice(start, min(start + thick, target.shape[0]))
        i = np.arange(rows.start, rows.stop)[:, None, None]
        inside = np.ones((len(i), *target.shape[1:]), bool)
        for axis, count in enumerate(source.shape):
            at = matrix[axis, 0] * i + matrix[axis, 1] * j + matrix[axis, 2] * k + shift[axis]
            inside &= (at >= -0.5 - _EDGE) & (at <= count - 0.5 + _EDGE)
        yield rows, inside
