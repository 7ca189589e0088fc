"""Per-coil data from outside: NumPy files with coil images or radial k-space. Nothing in them is ever unpickled.

``.npz`` with ``images`` (coil, row, column) or (coil, slice, row, column), complex or magnitude; or with ``kspace``
(coil, spoke, sample) or (coil, slice, spoke, sample), complex, and ``angles`` (spoke,), radians. Besides these,
optionally: ``pixel_size`` (one number, or row and column spacing, mm), ``slice_spacing`` (mm), ``affine`` (4, 4), (row,
column, slice) to RAS+ mm, ``region`` (row, column), true where there is interference and nothing else, and with k-space
``matrix``, rows and columns of the image. ``.npy`` holds ``images`` alone. docs/destreaking.md says more.
"""

from __future__ import annotations

import io
import os
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.data.readers.limits import declared_bytes
from slicelab.data.readers.payload import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Array = npt.NDArray[Any]

_MAX_COILS = 256
_MIN_SIDE, _MAX_SIDE = 16, 4096
_MIN_SPOKES = 8
_MAX_SAMPLES = 2_000_000
_HEADER = 10_000
_SMALL = ("angles", "pixel_size", "slice_spacing", "matrix", "affine", "region")
_FORMAT = "docs/destreaking.md says what the file must hold."


@dataclass(frozen=True, eq=False)
class CoilData:
    """Per-coil data as a file gave it, checked.

    Attributes:
        samples: ``(coil, slice, row, column)`` images, or ``(coil, slice, spoke, sample)`` k-space; complex64.
        angles: ``(spoke,)`` radians for k-space, None for images.
        matrix: rows and columns of the image.
        has_phase: False for magnitudes.
        pixel_mm: (row, column) spacing.
        slice_mm: distance of slices.
        affine: ``(4, 4)``, (row, column, slice) to RAS+ mm, if the file has one.
        region: ``(row, column)`` of interference and nothing else, if the file has one.
        notes: plain remarks for the user.

    """

    samples: npt.NDArray[np.complex64]
    angles: npt.NDArray[np.float64] | None
    matrix: tuple[int, int]
    has_phase: bool
    pixel_mm: tuple[float, float]
    slice_mm: float
    affine: npt.NDArray[np.float64] | None = None
    region: npt.NDArray[np.bool_] | None = None
    notes: tuple[str, ...] = ()


def is_numpy(path: Path) -> bool:
    """Whether the first bytes are those of an ``.npz`` or ``.npy`` file.

    Raises:
        UnreadableFileError: the file cannot be opened.

    """
    with open_regular(path) as file:
        return _kind(file) is not None


def read_coil_file(path: Path) -> CoilData:
    """Read an ``.npz`` or ``.npy`` file; every size is checked before anything of it is allocated.

    Raises:
        UnreadableFileError: it is damaged, too large, or does not hold what it should; in plain words.

    """
    try:
        with open_regular(path) as file:
            arrays = _npy(file) if _kind(file) == "npy" else _npz(file)
        return _checked(arrays)
    except SlicelabError:
        raise
    except MemoryError as error:
        raise UnreadableFileError("The file needs more memory than there is.", "Split it into fewer slices.") from error
    except Exception as error:  # zip and NumPy raise many unrelated kinds on damaged files
        raise UnreadableFileError("The file is damaged.", "Save it again.") from error


def _kind(file: BinaryIO) -> str | None:
    file.seek(0)
    start = file.read(6)
    file.seek(0)
    return "npy" if start == b"\x93NUMPY" else "npz" if start[:4] == b"PK\x03\x04" else None


def _npy(file: BinaryIO) -> dict[str, Array]:
    size = os.fstat(file.fileno()).st_size
    _expect(file.read(_HEADER), size, "images")
    file.seek(0)
    return {"images": np.lib.format.read_array(file, allow_pickle=False)}


def _npz(file: BinaryIO) -> dict[str, Array]:
    arrays = {}
    with zipfile.ZipFile(file) as archive:
        held = {entry.filename: entry for entry in archive.infolist()}
        large = [name for name in ("kspace", "images") if f"{name}.npy" in held]
        if len(large) != 1:
            what = "both images and k-space" if large else "neither images nor k-space"
            raise UnreadableFileError(f"The file holds {what} of coils.", _FORMAT)
        for name in (*large, *(name for name in _SMALL if f"{name}.npy" in held)):
            entry = held[f"{name}.npy"]
            with archive.open(entry) as stream:
                _expect(stream.read(_HEADER), entry.file_size, name)
            with archive.open(entry) as stream:
                arrays[name] = np.lib.format.read_array(stream, allow_pickle=False)
                stream.read(1)  # to the end, where the checksum is compared
    return arrays


def _expect(start: bytes, size: int, name: str) -> None:
    """Check an array's header before NumPy allocates what it declares.

    Args:
        start: the first bytes of the array's file.
        size: bytes that the whole file has, header included.
        name: of the array.

    """
    stream = io.BytesIO(start)
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(stream)
    elif version == (2, 0) and int.from_bytes(start[8:12], "little") <= len(start):
        shape, _, dtype = np.lib.format.read_array_header_2_0(stream)
    else:
        raise UnreadableFileError(f"The array {name} is in a form that is not read.", "Save it with numpy.savez.")
    if dtype.hasobject or dtype.kind not in "bcfiu":
        raise UnreadableFileError(f"The array {name} holds no plain numbers.", "Save it as numbers; " + _FORMAT)
    expected = declared_bytes(shape or (1,), dtype.itemsize)
    if size != stream.tell() + expected:
        raise UnreadableFileError(f"The array {name} is truncated or too long for its header.", "Save it again.")


def _checked(arrays: dict[str, Array]) -> CoilData:
    kspace = "kspace" in arrays
    samples = arrays["kspace" if kspace else "images"]
    if samples.ndim not in (3, 4):
        axes = "spoke, sample" if kspace else "row, column"
        raise UnreadableFileError(
            f"The coil data have {samples.ndim} axes; they need (coil, {axes}) or (coil, slice, {axes}).", _FORMAT
        )
    samples = samples if samples.ndim == 4 else samples[:, None]
    if not 2 <= len(samples) <= _MAX_COILS:
        raise UnreadableFileError(
            f"The file's first axis has {len(samples)} coils; 2 to {_MAX_COILS} can be used.",
            "The first axis must be the coils; an image that is combined already cannot be destreaked.",
        )
    angles, matrix = _trajectory(arrays, samples) if kspace else (None, (samples.shape[2], samples.shape[3]))
    if not all(_MIN_SIDE <= side <= _MAX_SIDE for side in (*matrix, samples.shape[3])):
        raise UnreadableFileError(
            f"The image would have {matrix[0]} x {matrix[1]} pixels; {_MIN_SIDE} to {_MAX_SIDE} a side can be used.",
            "For k-space, give another `matrix`; of coil images, check that rows and columns are the last two axes.",
        )
    declared_bytes((*samples.shape[:2], *matrix), np.dtype(np.complex64).itemsize)
    has_phase = samples.dtype.kind == "c"
    if kspace and not has_phase:
        raise UnreadableFileError("The k-space is not complex.", "Save it as complex numbers.")
    pixel_mm, slice_mm, notes = _sizes(arrays)
    return CoilData(
        samples=_finite(samples),
        angles=angles,
        matrix=matrix,
        has_phase=has_phase,
        pixel_mm=pixel_mm,
        slice_mm=slice_mm,
        affine=_optional(arrays, "affine", (4, 4), lambda a: a.astype(np.float64)),
        region=_optional(arrays, "region", matrix, lambda a: a != 0),
        notes=notes,
    )


def _trajectory(arrays: dict[str, Array], samples: Array) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """Angles and matrix of radial k-space."""
    spokes, length = samples.shape[2:]
    if "angles" not in arrays:
        raise UnreadableFileError("The file holds k-space without the angles of its spokes.", _FORMAT)
    angles = arrays["angles"]
    if angles.shape != (spokes,) or angles.dtype.kind not in "fiu" or not np.isfinite(angles).all():
        raise UnreadableFileError(
            f"The k-space has {spokes} spokes, and the angles are not {spokes} finite numbers.",
            "Give one angle in radians for each spoke; the axes are (coil, spoke, sample).",
        )
    if spokes < _MIN_SPOKES or spokes * length > _MAX_SAMPLES:
        raise UnreadableFileError(
            f"{spokes} spokes of {length} samples cannot be used: at least {_MIN_SPOKES} spokes and at most "
            f"{_MAX_SAMPLES:,} samples a slice.",
            "Check that spokes and samples are the last two axes; of too few spokes no image can be made.",
        )
    matrix = int(arrays["matrix"].ravel()[0]) if "matrix" in arrays and arrays["matrix"].size == 1 else length
    if matrix > length:
        raise UnreadableFileError(
            f"The matrix ({matrix}) is larger than a spoke ({length} samples).",
            f"Leave `matrix` out, or make it {length} at most.",
        )
    return angles.astype(np.float64), (matrix, matrix)


def _sizes(arrays: dict[str, Array]) -> tuple[tuple[float, float], float, tuple[str, ...]]:
    """Pixel size, slice distance in mm, and a remark where they are not known."""
    notes = []
    if "pixel_size" not in arrays and "affine" not in arrays:
        notes.append("The file does not say how large a pixel is; 1 mm was assumed.")
    if "affine" not in arrays:
        notes.append("The file does not say how it lies in the patient; axial slices are assumed, please check.")
    pixel = arrays.get("pixel_size", np.ones(1)).ravel()
    gap = arrays.get("slice_spacing", pixel[:1]).ravel()
    sizes = [*pixel, *gap]
    if pixel.size not in (1, 2) or gap.size != 1 or not all(np.isreal(s) and 1e-3 < s < 1e3 for s in sizes):
        raise UnreadableFileError("The pixel size or slice spacing is impossible.", "Give them in mm.")
    return (float(pixel[0]), float(pixel[-1])), float(gap[0]), tuple(notes)


def _optional(arrays: dict[str, Array], name: str, shape: tuple[int, int], convert: Callable[[Array], Array]) -> Any:
    if name not in arrays:
        return None
    if arrays[name].shape != shape or arrays[name].dtype.kind == "c":
        raise UnreadableFileError(f"The array {name} should have the shape {shape[0]} x {shape[1]}.", _FORMAT)
    return convert(arrays[name])


def _finite(samples: Array) -> npt.NDArray[np.complex64]:
    with np.errstate(over="ignore", invalid="ignore"):
        single = samples.astype(np.complex64)
    if not np.isfinite(single).all():
        raise UnreadableFileError(
            "The coil data hold values that are not finite.", "Find out where they come from; write 0 in their place."
        )
    if not single.any():
        raise UnreadableFileError("The coil data are all zero.", "Check which array was saved under that name.")
    return single
