"""A volume: voxels and where they lie in the patient."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import from_stack, to_stack

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.core.geometry import Geometry


@dataclass(frozen=True, eq=False)
class Volume:
    """Voxels ``(i, j, k)`` of any real dtype on a :class:`Geometry`.

    Raises:
        SlicelabError: the array's shape is not the geometry's.

    """

    voxels: npt.NDArray[Any]
    geometry: Geometry

    def __post_init__(self) -> None:
        if tuple(self.voxels.shape) != self.geometry.shape:
            raise SlicelabError(
                f"The voxels have the shape {tuple(self.voxels.shape)}, the grid {self.geometry.shape}."
            )

    def canonical(self) -> Volume:
        """The same voxels with axes nearest to RAS+ (a view of the same memory)."""
        return Volume(self.geometry.orientation.apply(self.voxels), self.geometry.canonical())

    def stack(self) -> npt.NDArray[Any]:
        """The voxels as ``(slice, row, column)`` in the acquisition plane; the volume must be canonical."""
        return to_stack(self.voxels, self.geometry.acquisition_axis)

    def with_stack(self, stack: npt.NDArray[np.uint8]) -> Volume:
        """A volume on the same canonical grid with the given ``(slice, row, column)`` voxels."""
        return replace(self, voxels=from_stack(stack, self.geometry.acquisition_axis))
