"""Masks that lie among images: told by what they hold, and by the case on whose voxels they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.errors import GeometryMismatchError
from slicelab.core.mask_likeness import looks_like_mask, without_mask_word
from slicelab.data.grids import check_same_grid
from slicelab.data.writers import read_own_volume

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.core.geometry import Geometry
    from slicelab.core.volume import Volume
    from slicelab.data.store.project import ProjectStore


@dataclass(frozen=True)
class StrayMask:
    """A file among the images that is probably a mask, and was not made a case.

    Attributes:
        name: what its case would have been called.
        path: the file.
        case_id: the case it is probably a mask of; empty where several lie on the same voxels.
        case: that case's name.

    """

    name: str
    path: Path
    case_id: str = ""
    case: str = ""


class StrayMasks:
    """Tells masks from images among the files of an import."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._images: dict[str, bool] = {}

    def find(self, name: str, path: Path, volume: Volume) -> StrayMask | None:
        """What a file that looks like a mask is a mask of; None where it is to be a case like any other.

        A volume of many values is always an image. One of few is taken for a mask where its name says so and names a
        case, or where it lies voxel by voxel on a case that is an image beyond doubt.

        Args:
            name: what its case would be called.
            path: the file.
            volume: what it holds.

        """
        if not looks_like_mask(volume.voxels):
            return None
        cases = self._store.cases()
        wanted = without_mask_word(name)
        named = next((case for case in cases if case.name == wanted), None)
        if named is not None:
            return StrayMask(name, path, named.id, named.name)
        on = [case for case in cases if self._lies_on(case.id, volume.geometry)]
        if len(on) == 1:
            return StrayMask(name, path, on[0].id, on[0].name)
        return StrayMask(name, path) if on else None

    def _lies_on(self, case_id: str, geometry: Geometry) -> bool:
        image = self._store.images(case_id)[0]
        try:
            check_same_grid(image.native_geometry, geometry)
        except GeometryMismatchError:
            return False
        if case_id not in self._images:
            voxels = read_own_volume(self._store.folder / image.path, mmap=False).voxels
            self._images[case_id] = not looks_like_mask(voxels)
        return self._images[case_id]
