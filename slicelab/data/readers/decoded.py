"""From a format's voxels to a clean volume: finite, grey, one frame, with remarks in plain words."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.core.geometry import Geometry, acquisition_axis_of
from slicelab.core.volume import Volume
from slicelab.data.readers.model import ReadVolume

Array = npt.NDArray[Any]
Affine = npt.NDArray[np.float64]
Pick = Callable[[int], Sequence[int]]
"""Which volumes to hand over of how many; ``range`` is all of them. Asked before any voxel is read."""

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
_LUMINANCE = (0.299, 0.587, 0.114)
_OBLIQUE_DEGREES = 1.0


@dataclass(frozen=True, eq=False)
class Decoded:
    """What a format's reader hands over.

    Attributes:
        voxels: ``(i, j, k)``, or ``(i, j, k, 3 or 4)`` where ``colour``.
        affine: ``(4, 4)``, voxel index to RAS+ mm.
        colour: whether the last axis is red, green, blue (and opacity).
        slice_axis: the array axis that the format stacks slices along.
        slice_axis_is_certain: whether voxel sizes are no argument against it (DICOM).

    """

    voxels: Array
    affine: Affine
    format: str
    sha256: str
    notes: tuple[str, ...] = ()
    colour: bool = False
    slice_axis: int = 2
    slice_axis_is_certain: bool = False
    description: str = ""
    patient_key: str | None = None
    window: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Grid:
    """What a header says without its voxels; attributes as in :class:`Decoded`."""

    shape: tuple[int, int, int]
    affine: Affine
    frames: int
    slice_axis: int = 2
    slice_axis_is_certain: bool = False


def lps_to_ras(affine: Affine) -> Affine:
    """An affine to LPS mm (DICOM, NRRD, MetaImage, ITK) as one to RAS+ mm. The one place where this is done."""
    return np.asarray(LPS_TO_RAS @ affine, dtype=np.float64)


_PICK = "Pick a volume from 1 to {}, with `--volume`."


def pick_frame(count: int, frame: int | None) -> int:
    """Which of ``count`` volumes to read.

    Raises:
        UnreadableFileError: there are several and none was picked, or there is no such one.

    """
    if frame is None and count > 1:
        raise UnreadableFileError(
            f"This holds {count} volumes (a series over time, or with several weightings).",
            _PICK.format(count),
        )
    picked = frame or 0
    if not 0 <= picked < count:
        raise UnreadableFileError(f"There is no volume {picked + 1}: this holds {count}.", _PICK.format(count))
    return picked


def one(frame: int | None) -> Pick:
    """Picks one volume; errors as in :func:`pick_frame`."""
    return lambda count: (pick_frame(count, frame),)


def finish(decoded: Decoded, *, mask: bool) -> ReadVolume:
    """A clean :class:`ReadVolume`.

    Raises:
        UnreadableFileError: nothing finite in it; or a mask that is not one.

    """
    notes = list(decoded.notes)
    voxels = decoded.voxels
    if decoded.colour:
        if mask:
            raise UnreadableFileError("This is a colour picture, not a mask.", "Export the mask with class values.")
        voxels = _grey(voxels)
        notes.append("The colours were turned into grey values.")
    voxels = mask_values(voxels) if mask else _image_values(voxels, notes)
    shape = (voxels.shape[0], voxels.shape[1], voxels.shape[2])
    grid = Grid(shape, decoded.affine, 1, decoded.slice_axis, decoded.slice_axis_is_certain)
    geometry = geometry_of(grid, notes)
    return ReadVolume(
        volume=Volume(voxels, geometry),
        format=decoded.format,
        sha256=decoded.sha256,
        notes=tuple(notes),
        description=decoded.description,
        patient_key=decoded.patient_key,
        window=decoded.window,
    )


def mask_values(voxels: Array) -> npt.NDArray[np.uint8]:
    """Class values as ``uint8``.

    Raises:
        UnreadableFileError: values that are not whole numbers from 0 to 255.

    """
    if voxels.dtype.kind not in "buif":
        raise UnreadableFileError("The mask's values are not numbers of a usable kind.", "Export it as integers.")
    low, high = voxels.min(), voxels.max()
    if not (low >= 0 and high <= 255):  # also false where there is a NaN
        raise UnreadableFileError(
            f"The mask has values from {low:g} to {high:g}; class values go from 0 to 255.",
            "Check that this is the mask and not the image.",
        )
    values = voxels.astype(np.uint8)
    if voxels.dtype.kind == "f" and not np.array_equal(values, voxels):
        raise UnreadableFileError(
            "The mask has values that are not whole numbers.", "Export the mask without smoothing, one value a class."
        )
    return values


def _image_values(voxels: Array, notes: list[str]) -> Array:
    if voxels.dtype.kind == "c":
        notes.append("The complex values were turned into their magnitude.")
        voxels = np.abs(voxels)
    voxels = _plain_dtype(voxels)
    if voxels.dtype.kind == "f":
        voxels = _finite(voxels, notes)
    if voxels.min() == voxels.max():
        notes.append("All voxels have the same value.")
    return voxels


def _plain_dtype(voxels: Array) -> Array:
    """Native byte order; uint8, int16, uint16, int32 or float32, whichever holds the values."""
    native = voxels.dtype.newbyteorder("=")
    wider = {"?": "u1", "i1": "i2", "f2": "f4"}.get(native.str.lstrip("<>|=") if native.kind != "b" else "?")
    if wider:
        return voxels.astype(wider)
    if native.str.lstrip("<>|=") in {"u1", "i2", "u2", "i4", "f4"}:
        return voxels.astype(native, copy=False)
    if native.kind in "iu":
        fits = voxels.min() >= np.iinfo(np.int32).min and voxels.max() <= np.iinfo(np.int32).max
        return voxels.astype(np.int32 if fits else np.float32)
    with np.errstate(over="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return voxels.astype(np.float32)


def _finite(voxels: Array, notes: list[str]) -> Array:
    finite = np.isfinite(voxels)
    count = voxels.size - int(np.count_nonzero(finite))
    if not count:
        return voxels
    if count == voxels.size:
        raise UnreadableFileError("No voxel has a finite value.", "Export the volume again.")
    lowest = voxels.min(where=finite, initial=np.inf)
    notes.append(f"{count:,} voxels without a finite value were set to the lowest one ({lowest:g}).")
    np.copyto(voxels, lowest, where=~finite)
    return voxels


def _grey(voxels: Array) -> Array:
    grey = np.zeros(voxels.shape[:3], np.float32)
    for channel, weight in enumerate(_LUMINANCE):
        grey += weight * voxels[..., channel].astype(np.float32)
    return np.rint(grey).astype(voxels.dtype) if voxels.dtype.kind in "iu" else grey


def geometry_of(look: Grid, notes: list[str]) -> Geometry:
    """The geometry that a header describes, with a remark where it is tilted.

    Raises:
        UnreadableFileError: no volume can lie like that.

    """
    with np.errstate(all="ignore"):
        try:
            grid = Geometry(look.shape, look.affine, look.slice_axis)
            if not look.slice_axis_is_certain:
                grid = Geometry(look.shape, look.affine, acquisition_axis_of(grid.spacing, look.slice_axis))
            tilt = grid.obliquity_degrees
        except (SlicelabError, np.linalg.LinAlgError, FloatingPointError) as error:
            message = error.message if isinstance(error, SlicelabError) else "The position in space is impossible."
            raise UnreadableFileError(message, "Export the volume again.") from error
    if not all(1e-3 < size < 1e3 for size in grid.spacing):
        raise UnreadableFileError(
            f"The file declares an impossible voxel size ({' x '.join(f'{size:.3g}' for size in grid.spacing)} mm).",
            "Correct the voxel size and export the volume again.",
        )
    if tilt > _OBLIQUE_DEGREES:
        notes.append(f"The slices are tilted by {tilt:.0f} degrees; they are shown as the nearest plane.")
    return grid
