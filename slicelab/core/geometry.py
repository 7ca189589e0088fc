"""The one place that answers every orientation question.

Words: a *native* grid is the grid of the file a volume came from. The *canonical* grid has the same voxels with
axes permuted and flipped so that they run nearest to Right, Anterior, Superior (RAS+). A *stack* is a canonical
array seen as ``(slice, row, column)``: slices along one axis, rows and columns as a radiologist expects them
(head up, anterior up, the patient's right on the left of the picture).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import SlicelabError

Affine = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

_ISOTROPIC_RATIO = 1.2
_LETTERS = (("L", "R"), ("P", "A"), ("I", "S"))


@dataclass(frozen=True, eq=False)
class Geometry:
    """A voxel grid in the patient.

    Attributes:
        shape: voxel counts along the array axes ``(i, j, k)``.
        affine: ``(4, 4)`` float64, voxel index to RAS+ in mm.
        acquisition_axis: the array axis along which the slices were acquired (0, 1 or 2).

    Raises:
        SlicelabError: the affine is not invertible or not finite, or the shape is not three positive counts.

    """

    shape: tuple[int, int, int]
    affine: Affine
    acquisition_axis: int

    def __post_init__(self) -> None:
        affine = np.array(self.affine, dtype=np.float64)
        if affine.shape != (4, 4) or not np.isfinite(affine).all():
            raise SlicelabError("The volume's position in space (affine) is not finite.", "Export it again.")
        if abs(np.linalg.det(affine[:3, :3])) < 1e-12:
            raise SlicelabError("The volume's voxels have no size (singular affine).", "Export it again.")
        if len(self.shape) != 3 or min(self.shape) < 1:
            raise SlicelabError(f"A volume needs three axes, this one has the shape {tuple(self.shape)}.")
        if self.acquisition_axis not in (0, 1, 2):
            raise ValueError(f"acquisition_axis must be 0, 1 or 2, not {self.acquisition_axis}")
        affine.setflags(write=False)
        object.__setattr__(self, "affine", affine)
        object.__setattr__(self, "shape", tuple(int(n) for n in self.shape))

    @cached_property
    def spacing(self) -> tuple[float, float, float]:
        """Voxel size along the array axes, mm."""
        sizes = np.linalg.norm(self.affine[:3, :3], axis=0)
        return float(sizes[0]), float(sizes[1]), float(sizes[2])

    @property
    def stack_shape(self) -> tuple[int, int, int]:
        """Counts of (slice, row, column) in the acquisition plane; the grid must be canonical."""
        s, r, c = _STACK_AXES[self.acquisition_axis]
        return self.shape[s], self.shape[r], self.shape[c]

    @property
    def voxel_ml(self) -> float:
        """Volume of one voxel, millilitres."""
        return float(abs(np.linalg.det(self.affine[:3, :3]))) / 1000.0

    @cached_property
    def orientation(self) -> Reorientation:
        """The permutation and flips that bring this grid nearest to RAS+."""
        return nearest_ras(self.affine)

    @property
    def axis_codes(self) -> str:
        """Three letters, the direction towards which each array axis runs, such as ``LPS``."""
        codes = [""] * 3
        for world, (axis, flip) in enumerate(zip(self.orientation.axes, self.orientation.flips, strict=True)):
            codes[axis] = _LETTERS[world][0 if flip else 1]
        return "".join(codes)

    @cached_property
    def obliquity_degrees(self) -> float:
        """Largest angle between an array axis and its nearest patient axis, degrees."""
        directions = np.abs(self.affine[:3, :3]) / np.array(self.spacing)
        worst = min(directions[world, axis] for world, axis in enumerate(self.orientation.axes))
        return float(np.degrees(np.arccos(np.clip(worst, -1.0, 1.0))))

    def canonical(self) -> Geometry:
        """The same grid with axes nearest to RAS+ (see :attr:`orientation` for the arrays)."""
        turn = self.orientation
        matrix = np.zeros((4, 4))
        matrix[3, 3] = 1.0
        for world, (axis, flip) in enumerate(zip(turn.axes, turn.flips, strict=True)):
            matrix[axis, world] = -1.0 if flip else 1.0
            matrix[axis, 3] = self.shape[axis] - 1 if flip else 0.0
        i, j, k = turn.axes
        return Geometry(
            shape=(self.shape[i], self.shape[j], self.shape[k]),
            affine=self.affine @ matrix,
            acquisition_axis=turn.axes.index(self.acquisition_axis),
        )

    def to_mm(self, index: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Voxel indices ``(..., 3)`` to RAS+ mm ``(..., 3)``."""
        points = np.asarray(index, dtype=np.float64)
        return np.asarray(points @ self.affine[:3, :3].T + self.affine[:3, 3], dtype=np.float64)

    def to_index(self, mm: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """RAS+ mm ``(..., 3)`` to fractional voxel indices ``(..., 3)``."""
        points = np.asarray(mm, dtype=np.float64) - self.affine[:3, 3]
        solved = np.linalg.solve(self.affine[:3, :3], points.reshape(-1, 3).T).T
        return np.asarray(solved, dtype=np.float64).reshape(points.shape)

    def misfit_voxels(self, other: Geometry) -> float:
        """Largest distance, in voxels of this grid, between the corners of two grids of one shape.

        Returns ``inf`` where the shapes differ.
        """
        if self.shape != other.shape:
            return float("inf")
        ends = np.array(self.shape) - 1
        corners = np.array([[c >> a & 1 for a in range(3)] for c in range(8)]) * ends
        return float(np.abs(self.to_index(other.to_mm(corners)) - corners).max())


@dataclass(frozen=True)
class Reorientation:
    """Axes permuted and flipped: exact, and exactly undone.

    Attributes:
        axes: ``axes[w]`` is the array axis that becomes canonical axis ``w``.
        flips: whether that axis is reversed.

    """

    axes: tuple[int, int, int]
    flips: tuple[bool, bool, bool]

    def apply(self, array: Array) -> Array:
        """Native ``(i, j, k, ...)`` to canonical ``(x, y, z, ...)``; a view."""
        turned = np.moveaxis(array, self.axes, (0, 1, 2))
        return turned[tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flips)]

    def undo(self, array: Array) -> Array:
        """Canonical ``(x, y, z, ...)`` back to native ``(i, j, k, ...)``; a view."""
        turned = array[tuple(slice(None, None, -1) if flip else slice(None) for flip in self.flips)]
        return np.moveaxis(turned, (0, 1, 2), self.axes)


def nearest_ras(affine: Affine) -> Reorientation:
    """The permutation and flips nearest to RAS+: the assignment of axes with the largest sum of |cosines|."""
    directions = affine[:3, :3] / np.linalg.norm(affine[:3, :3], axis=0)
    best = max(permutations(range(3)), key=lambda p: sum(abs(directions[w, p[w]]) for w in range(3)))
    flips = [bool(directions[world, axis] < 0) for world, axis in enumerate(best)]
    return Reorientation(axes=(best[0], best[1], best[2]), flips=(flips[0], flips[1], flips[2]))


def acquisition_axis_of(spacing: tuple[float, float, float], file_slice_axis: int = 2) -> int:
    """The axis along which slices were acquired, judged from voxel sizes.

    The axis with the largest spacing, if it stands out by a factor of 1.2; otherwise the axis that the file's
    format treats as the slice axis.

    Args:
        spacing: voxel sizes along the array axes, mm.
        file_slice_axis: the array axis along which the format stacks slices.

    """
    order = np.argsort(spacing)
    if spacing[order[2]] >= _ISOTROPIC_RATIO * spacing[order[1]]:
        return int(order[2])
    return file_slice_axis


# How a stack lies in a canonical array, for slices along x (sagittal), y (coronal) and z (axial):
# the canonical axes of (slice, row, column) and whether each is reversed.
_STACK_AXES = {0: (0, 2, 1), 1: (1, 2, 0), 2: (2, 1, 0)}
_STACK_FLIPS = {0: (False, True, True), 1: (False, True, True), 2: (False, True, True)}
PLANE_NAMES = {0: "sagittal", 1: "coronal", 2: "axial"}
"""Name of the plane whose slices are stacked along canonical axis 0, 1, 2."""


def to_stack(canonical: Array, axis: int) -> Array:
    """A canonical ``(x, y, z)`` array as a stack ``(slice, row, column)``; a view.

    Args:
        canonical: array with axes nearest to RAS+.
        axis: the canonical axis the slices are stacked along; slice 0 is the most left, posterior or inferior.

    """
    turned = np.transpose(canonical, _STACK_AXES[axis])
    return turned[tuple(slice(None, None, -1) if flip else slice(None) for flip in _STACK_FLIPS[axis])]


def from_stack(stack: Array, axis: int) -> Array:
    """A stack ``(slice, row, column)`` back as a canonical ``(x, y, z)`` array; a view."""
    turned = stack[tuple(slice(None, None, -1) if flip else slice(None) for flip in _STACK_FLIPS[axis])]
    return np.transpose(turned, np.argsort(_STACK_AXES[axis]))


def stack_spacing(spacing: tuple[float, float, float], axis: int) -> tuple[float, float, float]:
    """Canonical spacing ``(x, y, z)`` in mm as ``(slice, row, column)`` in mm."""
    s, r, c = _STACK_AXES[axis]
    return spacing[s], spacing[r], spacing[c]


def stack_letters(axis: int) -> dict[str, str]:
    """Orientation letters at the edges of a stack's picture: keys ``left right top bottom first last``."""
    slice_axis, row_axis, column_axis = _STACK_AXES[axis]
    low = {0: "L", 1: "P", 2: "I"}
    high = {0: "R", 1: "A", 2: "S"}
    return {
        "left": high[column_axis],
        "right": low[column_axis],
        "top": high[row_axis],
        "bottom": low[row_axis],
        "first": low[slice_axis],
        "last": high[slice_axis],
    }
