"""Surfaces of classes and a coarse copy of the image for the 3D view. Pure; slow enough to need a thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.ndimage import find_objects, gaussian_filter
from skimage.measure import marching_cubes

from slicelab.core.geometry import from_stack

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

_VOXELS = 400_000  # of a class's box: marching cubes holds Python's lock, 10 ms for so many
_SMOOTH_MM, _SMOOTH_VOXELS = 1.0, 0.8
_ALONG = 128
"""Most voxels of the coarse image along an axis."""


@dataclass(frozen=True, eq=False)
class Surface:
    """The closed surface of one class.

    Attributes:
        value: the class.
        points: ``(points, 3)`` float32, mm along the canonical axes from the volume's middle.
        faces: ``(triangles, 3)`` uint32, indices of points.

    """

    value: int
    points: npt.NDArray[np.float32]
    faces: npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Coarse:
    """A coarse copy of an image.

    Attributes:
        voxels: canonical ``(x, y, z)`` float32.
        spacing: mm.

    """

    voxels: npt.NDArray[np.float32]
    spacing: tuple[float, float, float]


def surfaces(
    labels: npt.NDArray[np.uint8], axis: int, spacing: tuple[float, float, float], values: Iterable[int]
) -> tuple[Surface, ...]:
    """Surfaces of the classes that are there, smoothed by about a voxel (marching cubes, Lewiner et al. 2003).

    A slice without a voxel of a class is a gap in its surface, however thin: what nobody labelled is not made up.

    Args:
        labels: ``(slice, row, column)`` in the acquisition plane.
        axis: canonical axis of the slices.
        spacing: canonical ``(x, y, z)``, mm.
        values: classes wanted.

    """
    canonical = from_stack(labels, axis)
    boxes = find_objects(canonical)
    found = (
        _surface(canonical, boxes[value - 1], value, np.asarray(spacing), axis)
        for value in values
        if value <= len(boxes) and boxes[value - 1] is not None
    )
    return tuple(found)


def coarse(image: npt.NDArray[Any], axis: int, spacing: tuple[float, float, float]) -> Coarse:
    """The image with every so manieth voxel, few enough for a volume rendering.

    Args:
        image: ``(slice, row, column)`` in the acquisition plane.
        axis: canonical axis of the slices.
        spacing: canonical ``(x, y, z)``, mm.

    """
    canonical = from_stack(image, axis)
    steps = [-(-n // _ALONG) for n in canonical.shape]
    few = canonical[tuple(slice(None, None, step) for step in steps)]
    x, y, z = (size * step for size, step in zip(spacing, steps, strict=True))
    return Coarse(np.ascontiguousarray(few, dtype=np.float32), (x, y, z))


def _surface(
    canonical: npt.NDArray[np.uint8], box: Any, value: int, spacing: npt.NDArray[np.float64], axis: int
) -> Surface:
    mask = canonical[box] == value
    steps = _steps(mask.shape, spacing)
    size = spacing * steps
    # The mean over a block, not every so manieth voxel: a thin wall stays a wall. A rim closes the surface.
    part = np.pad(_blocks(mask, steps), 1)
    across = tuple(other for other in range(3) if other != axis)
    shown = part.any(axis=across, keepdims=True)
    part = gaussian_filter(part, np.maximum(_SMOOTH_MM / size, _SMOOTH_VOXELS), mode="constant", truncate=2.0) * shown
    level = min(0.5, float(part.max()) / 2)
    points, faces, *_ = marching_cubes(part, level, spacing=tuple(size))
    start = np.array([side.start for side in box])
    middle = (np.array(canonical.shape) - 1) / 2
    first = (start - middle + (steps - 1) / 2) * spacing - size
    return Surface(value, (points + first).astype(np.float32), faces.astype(np.uint32))


def _steps(shape: tuple[int, ...], spacing: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """How many voxels become one along each axis: the finest axis gives way first."""
    steps = np.ones(3, dtype=np.int64)
    while np.prod(-(-np.array(shape) // steps)) > _VOXELS:
        steps[int(np.argmin(spacing * steps))] += 1
    return steps


def _blocks(mask: npt.NDArray[np.bool_], steps: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
    """The share of the mask in each block."""
    wide = np.pad(mask, [(0, int(-n % step)) for n, step in zip(mask.shape, steps, strict=True)])
    x, y, z = (int(step) for step in steps)
    parts = wide.reshape(wide.shape[0] // x, x, wide.shape[1] // y, y, wide.shape[2] // z, z)
    return np.asarray(parts.mean(axis=(1, 3, 5), dtype=np.float32))
