"""A file of per-coil data to a NIfTI image without streaks; the file itself is only read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.radial.coil_file import CoilData, is_numpy, read_coil_file
from slicelab.data.radial.destreak import CoilSlice, Destreaked, Settings, destreak
from slicelab.data.radial.gridding import Gridding, centre_crop
from slicelab.data.readers.limits import declared_bytes
from slicelab.data.readers.reader import VolumeReader
from slicelab.data.writers import write_volume

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Stack = npt.NDArray[np.float32]

_ENDINGS = (".nii", ".nii.gz")
_PER_COIL = "Give an .npz or .npy file, or a NIfTI of one volume a coil; docs/destreaking.md says what they must hold."


@dataclass(frozen=True, eq=False)
class DestreakReport:
    """What was found and done.

    Attributes:
        out: the image written.
        coils: how many there were.
        result: scores, coils left out, ranks and energies.
        notes: plain remarks for the user.

    """

    out: Path
    coils: int
    result: Destreaked
    notes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Source:
    """Per-coil images, whatever file they came from.

    Attributes:
        slices: one after the other, made as they are asked for.
        volume_of: puts a ``(slice, row, column)`` stack on the file's grid.
        scale: what the images were divided by.

    """

    coils: int
    count: int
    has_phase: bool
    slices: Iterator[CoilSlice]
    volume_of: Callable[[Stack], Volume]
    scale: float
    notes: tuple[str, ...]


def destreak_file(
    path: Path, out: Path, settings: Settings, progress: Callable[[int, int], None] = lambda done, total: None
) -> DestreakReport:
    """Remove streaks from the per-coil data in a file and write the combined image.

    Args:
        path: ``.npz``, ``.npy`` (see :mod:`slicelab.data.radial.coil_file`), or a NIfTI of one magnitude volume a coil.
        out: ``.nii`` or ``.nii.gz``; nothing is overwritten.
        settings: what to do.
        progress: called with slices done and in all.

    Raises:
        SlicelabError: the input cannot be used, the output exists, or there is nothing to measure streaks by.
        StorageError: the disk refused.

    """
    if not out.name.lower().endswith(_ENDINGS):
        raise SlicelabError("The image is written as .nii or .nii.gz.", "Choose such a name.")
    if out.exists():
        raise SlicelabError("A file of that name exists.", "Choose another name; nothing is overwritten.")
    if not out.parent.is_dir():
        raise SlicelabError("The folder for the image is not there.", "Make it first, or choose another.")
    source = _numpy_source(read_coil_file(path)) if is_numpy(path) else _magnitude_source(path)
    if settings.method == "null-space" and not source.has_phase:
        raise SlicelabError(
            "The file holds magnitudes; the null space needs complex coil images.",
            "Use --method coils, or give complex images or k-space.",
        )
    result = destreak(source.slices, settings, lambda done: progress(done, source.count))
    write_volume(out, source.volume_of(np.asarray(result.stack * np.float32(source.scale), dtype=np.float32)))
    return DestreakReport(out, source.coils, result, (*source.notes, *_remarks(result, settings)))


def _remarks(result: Destreaked, settings: Settings) -> tuple[str, ...]:
    remarks = []
    if result.unmeasured:
        numbers = ", ".join(str(number + 1) for number in result.unmeasured)
        what = "Nothing was projected out there." if settings.method == "null-space" else "They did not count."
        remarks.append(f"Too little air to measure streaks in slices {numbers}. {what}")
    silent = [str(coil + 1) for coil, score in enumerate(result.scores) if np.isnan(score)]
    if silent:
        remarks.append(f"No signal in coils {', '.join(silent)}.")
    return tuple(remarks)


def _numpy_source(data: CoilData) -> _Source:
    scale = float(np.abs(data.samples).max())
    return _Source(
        coils=data.samples.shape[0],
        count=data.samples.shape[1],
        has_phase=data.has_phase,
        slices=_given_images(data, scale) if data.angles is None else _reconstructed(data, data.angles, scale),
        volume_of=lambda stack: _placed(data, stack),
        scale=scale,
        notes=data.notes,
    )


def _given_images(data: CoilData, scale: float) -> Iterator[CoilSlice]:
    for number in range(data.samples.shape[1]):
        yield CoilSlice(data.samples[:, number] / np.float32(scale), region=data.region)


def _reconstructed(data: CoilData, angles: npt.NDArray[np.float64], scale: float) -> Iterator[CoilSlice]:
    gridding = Gridding.of(angles, data.samples.shape[3])
    for number in range(data.samples.shape[1]):
        wide = gridding.images(data.samples[:, number] / np.float32(scale))
        images = np.ascontiguousarray(centre_crop(wide, data.matrix))
        yield CoilSlice(images, wide=wide if data.matrix[0] < gridding.size else None, region=data.region)


def _placed(data: CoilData, stack: Stack) -> Volume:
    """The stack where the file's affine puts it; without one, axial and centred at 0 mm."""
    if data.affine is not None:
        voxels = np.moveaxis(stack, 0, 2)
        return Volume(voxels, Geometry(_three(voxels), data.affine, 2))
    canonical = from_stack(stack, 2)
    spacing = (data.pixel_mm[1], data.pixel_mm[0], data.slice_mm)
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = [-(n - 1) / 2 * size for n, size in zip(canonical.shape, spacing, strict=True)]
    return Volume(canonical, Geometry(_three(canonical), affine, 2))


def _magnitude_source(path: Path) -> _Source:
    """A NIfTI (or another volume format) whose fourth axis is the coils."""
    with VolumeReader() as reader:
        found = reader.discover([path])
        if found.refused:
            raise UnreadableFileError(found.refused[0].message, _PER_COIL)
        if len(found.sources) != 1:
            raise UnreadableFileError("This is not a file of per-coil data.", _PER_COIL)
        coils = found.sources[0].frames
        if coils < 2:
            raise UnreadableFileError(
                "This is one image, combined already; streaks can only be removed before coils are combined.",
                "Give an image of each coil.",
            )
        first = reader.read(path, frame=0)
        geometry = first.volume.geometry
        canonical = geometry.canonical()
        stacks = np.empty((coils, *canonical.stack_shape), np.float32)
        declared_bytes(stacks.shape, 2 * stacks.itemsize)
        for coil in range(coils):
            read = first if coil == 0 else reader.read(path, frame=coil)
            stacks[coil] = read.volume.canonical().stack()
    scale = float(np.abs(stacks).max())
    if scale == 0:
        raise UnreadableFileError("The coil images are all zero.", "Export the file again.")
    return _Source(
        coils=coils,
        count=stacks.shape[1],
        has_phase=False,
        slices=(CoilSlice((stacks[:, k] / np.float32(scale)).astype(np.complex64)) for k in range(stacks.shape[1])),
        volume_of=lambda stack: Volume(
            geometry.orientation.undo(from_stack(stack, canonical.acquisition_axis)), geometry
        ),
        scale=scale,
        notes=first.notes,
    )


def _three(array: npt.NDArray[Any]) -> tuple[int, int, int]:
    return array.shape[0], array.shape[1], array.shape[2]
