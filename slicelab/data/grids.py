"""Whether a mask lies on its image, whatever order of axes each file uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.errors import GeometryMismatchError

if TYPE_CHECKING:
    from slicelab.core.geometry import Geometry

MAX_MISFIT_VOXELS = 0.1


def check_same_grid(image_geometry: Geometry, mask_geometry: Geometry) -> None:
    """Pass where the two grids are the same voxels, compared in canonical orientation.

    Args:
        image_geometry: the image's grid, native or canonical.
        mask_geometry: the mask's grid, native or canonical; its axes may be in another order than the image's.

    Raises:
        GeometryMismatchError: the shapes differ, or the grids lie more than 0.1 voxel apart.

    """
    image, mask = image_geometry.canonical(), mask_geometry.canonical()
    if image.shape != mask.shape:
        raise GeometryMismatchError(
            f"The mask has {_times(mask.shape)} voxels, its image {_times(image.shape)} (right x anterior x superior).",
            "Choose the mask that was made on this image.",
        )
    misfit = image.misfit_voxels(mask)
    if misfit > MAX_MISFIT_VOXELS:
        raise GeometryMismatchError(
            f"The mask has its image's shape, but lies up to {misfit:.1f} voxels away from it in the patient.",
            "Check that the mask was made on this image; if it was, save it again with the image's position.",
        )


def _times(shape: tuple[int, int, int]) -> str:
    return " x ".join(str(n) for n in shape)
