"""One volume, three planes: views of the same memory, and indices carried from one plane to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.geometry import PLANE_NAMES, from_stack, stack_letters, stack_spacing, to_stack

if TYPE_CHECKING:
    import numpy.typing as npt

Index = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Picture:
    """What is shown of a case, as stacks ``(slice, row, column)`` in the acquisition plane.

    Attributes:
        name: the person's name of the case.
        image: intensities, any real dtype.
        labels: uint8, class values; painted in place.
        spacing: canonical voxel sizes ``(x, y, z)``, mm.
        axis: canonical axis along which the slices were acquired.
        window: intensities shown as black and as white.

    """

    name: str
    image: npt.NDArray[Any]
    labels: npt.NDArray[np.uint8]
    spacing: tuple[float, float, float]
    axis: int
    window: tuple[float, float]

    @property
    def shape(self) -> tuple[int, int, int]:
        """Canonical shape ``(x, y, z)``."""
        x, y, z = from_stack(self.image, self.axis).shape
        return x, y, z


@dataclass(frozen=True)
class Plane:
    """A plane through the volume.

    Attributes:
        axis: the canonical axis its slices are stacked along.
        flipped: columns run the other way: the patient's right on the right of the picture.

    """

    axis: int
    flipped: bool = False

    @classmethod
    def drawn(cls, axis: int, *, neurological: bool) -> Plane:
        """The plane as a convention has it; a sagittal picture has no left and right, so both draw it alike."""
        return cls(axis, neurological and axis != 0)

    @property
    def name(self) -> str:
        """Sagittal, coronal or axial."""
        return PLANE_NAMES[self.axis]

    @property
    def letters(self) -> dict[str, str]:
        """Orientation letters at the edges (see :func:`slicelab.core.geometry.stack_letters`)."""
        letters = stack_letters(self.axis)
        return letters | {"left": letters["right"], "right": letters["left"]} if self.flipped else letters

    def view(self, stack: npt.NDArray[Any], acquisition_axis: int) -> npt.NDArray[Any]:
        """The acquisition plane's stack as this plane's stack; the same memory."""
        return self.stack(from_stack(stack, acquisition_axis))

    def stack(self, canonical: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A canonical ``(x, y, z)`` array as this plane's stack; the same memory."""
        stack = to_stack(canonical, self.axis)
        return stack[:, :, ::-1] if self.flipped else stack

    def canonical(self, stack: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """A stack of this plane back as a canonical array; the same memory."""
        return from_stack(stack[:, :, ::-1] if self.flipped else stack, self.axis)

    def spacing(self, canonical: tuple[float, float, float]) -> tuple[float, float, float]:
        """Canonical spacing as this plane's ``(slice, row, column)``, mm."""
        return stack_spacing(canonical, self.axis)


def to_canonical(index: Index, shape: tuple[int, int, int], plane: Plane) -> Index:
    """A plane's ``(slice, row, column)`` as canonical ``(x, y, z)``."""
    x, y, z = (int(plane.stack(axis)[index]) for axis in _coordinates(shape))
    return x, y, z


def to_plane(canonical: Index, shape: tuple[int, int, int], plane: Plane) -> Index:
    """Canonical ``(x, y, z)`` as a plane's ``(slice, row, column)``."""
    stack_shape = plane.stack(np.broadcast_to(np.uint8(0), shape)).shape
    s, r, c = (int(plane.canonical(axis)[canonical]) for axis in _coordinates(stack_shape))
    return s, r, c


def touched_slices(
    before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8], plane: Plane, axis: int, at: int, far: int = 0
) -> tuple[int, ...]:
    """The acquisition slices that an edit in one plane changed.

    Args:
        before: stack in the acquisition plane as it was last saved.
        after: the same stack now.
        plane: the plane that was painted in.
        axis: the acquisition axis of both stacks.
        at: the painted slice of that plane.
        far: how many slices of that plane the tool reached to either side.

    """
    reached = slice(max(at - far, 0), at + far + 1)
    if plane.axis == axis:
        first = reached.start
        return tuple(
            first + n
            for n, (a, b) in enumerate(zip(before[reached], after[reached], strict=True))
            if not np.array_equal(a, b)
        )
    marks = np.zeros(after.shape, bool)
    plane.view(marks, axis)[reached] = plane.view(before, axis)[reached] != plane.view(after, axis)[reached]
    return tuple(int(s) for s in np.flatnonzero(marks.any(axis=(1, 2))))


def _coordinates(shape: tuple[int, ...]) -> list[npt.NDArray[np.int64]]:
    """Along each axis, the index of every voxel; broadcast, so no memory is used."""
    grids = np.meshgrid(*(np.arange(n) for n in shape), indexing="ij", sparse=True)
    return [np.broadcast_to(grid, shape) for grid in grids]
