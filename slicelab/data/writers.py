"""NIfTI out: masks on the grid they were asked for, and the project's own canonical volumes."""

from __future__ import annotations

import gzip
import math
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import GeometryMismatchError, SlicelabError, StorageError, UnreadableFileError
from slicelab.core.geometry import Geometry, acquisition_axis_of
from slicelab.core.volume import Volume
from slicelab.data.atomic import refused_by_disk, replace_from_temp, sha256_of
from slicelab.data.own_header import HEADER_BYTES, OwnHeader, own_header

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_SCANNER = 1
_QFORM_TOLERANCE_MM = 1e-3
_GZIP_LEVEL = 4


def write_mask(path: Path, mask: npt.NDArray[np.uint8], geometry: Geometry) -> None:
    """Write class values, voxel-exact; the file appears whole or not at all.

    Args:
        path: ``.nii`` or ``.nii.gz``; an existing file is replaced.
        mask: ``(i, j, k)`` uint8 on ``geometry``.
        geometry: the grid to write on (the native one, to lie on the file the case came from).

    Raises:
        GeometryMismatchError: the mask's shape is not the grid's.
        StorageError: the disk refused, or the name has another ending.

    """
    if mask.dtype != np.uint8:
        raise ValueError(f"a mask is uint8, not {mask.dtype}")
    if mask.shape != geometry.shape:
        raise GeometryMismatchError(f"The mask has the shape {mask.shape}, its grid {geometry.shape}.")
    _write(path, mask, geometry)


def write_volume(path: Path, volume: Volume) -> str:
    """Write a volume as uncompressed NIfTI in its own dtype; the file appears whole or not at all.

    Args:
        path: ``.nii``.
        volume: voxels of an integer or float dtype that NIfTI has.

    Returns:
        SHA-256 of the file's bytes.

    Raises:
        StorageError: the disk refused.

    """
    return _write(path, volume.voxels, volume.geometry)


def read_own_volume(path: Path, *, mmap: bool) -> Volume:
    """Read a volume that :func:`write_volume` or :func:`write_mask` wrote.

    Only for the project's own files; foreign ones go through :class:`slicelab.data.readers.VolumeReader`.

    Args:
        path: ``.nii`` or ``.nii.gz``.
        mmap: map an uncompressed file (read-only voxels) instead of reading it into memory.

    Returns:
        the volume, with the acquisition axis it was written with.

    Raises:
        UnreadableFileError: missing, truncated or damaged.

    """
    try:
        said, voxels = _unpacked(path) if _is_packed(path) else _plain(path, mmap=mmap)
        axis = said.slice_axis
        if axis is None:
            axis = acquisition_axis_of(Geometry(said.shape, said.affine, 2).spacing)
        return Volume(voxels, Geometry(said.shape, said.affine, axis))
    except (OSError, ValueError, EOFError, zlib.error, SlicelabError) as error:
        raise UnreadableFileError(
            "A volume of this project cannot be read.",
            "Import the case again.",
            "Labels and other cases are untouched.",
        ) from error


def _plain(path: Path, *, mmap: bool) -> tuple[OwnHeader, npt.NDArray[Any]]:
    with path.open("rb") as file:
        said = own_header(file.read(HEADER_BYTES))
    if path.stat().st_size != said.bytes:
        raise ValueError("shorter or longer than its voxels")
    if mmap:
        return said, np.memmap(path, said.dtype, "r", said.offset, said.shape, order="F")
    voxels = np.fromfile(path, said.dtype, math.prod(said.shape), offset=said.offset)
    return said, voxels.reshape(said.shape, order="F")


def _unpacked(path: Path) -> tuple[OwnHeader, npt.NDArray[Any]]:
    with gzip.open(path) as file:
        begin = file.read(HEADER_BYTES)
        said = own_header(begin)
        # The voxels are part of it, and can be written to. No more is unpacked than the header speaks of, and a byte:
        # with it the end is seen, and what was unpacked is checked.
        content = bytearray(begin)
        content += file.read(said.bytes - HEADER_BYTES + 1)
    if len(content) != said.bytes:
        raise ValueError("shorter or longer than its voxels")
    voxels = np.frombuffer(content, said.dtype, math.prod(said.shape), said.offset)
    return said, voxels.reshape(said.shape, order="F")


def _is_packed(path: Path) -> bool:
    return path.name.lower().endswith(".nii.gz")


def _write(path: Path, voxels: npt.NDArray[Any], geometry: Geometry) -> str:
    packed = _is_packed(path)
    if not packed and path.suffix.lower() != ".nii":
        raise StorageError("Volumes and masks are written as .nii or .nii.gz.", "Choose such a name.")
    with replace_from_temp(path) as temp:
        try:
            with temp.open("wb") as file:
                if packed:
                    # No name and no time in the packed header: the same mask gives the same bytes.
                    with gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0) as out:
                        _put(out, voxels, geometry)
                else:
                    _put(file, voxels, geometry)
        except OSError as error:
            raise refused_by_disk(error) from error
        digest = sha256_of(temp)
    return digest


def _put(out: gzip.GzipFile | BinaryIO, voxels: npt.NDArray[Any], geometry: Geometry) -> None:
    header = _header(voxels, geometry)
    out.write(header.binaryblock)
    out.write(bytes(4))  # no extensions
    native = voxels.dtype.newbyteorder("<")
    for k in range(voxels.shape[2]):  # by slice: a view turned around needs no second copy of the whole
        out.write(np.asfortranarray(voxels[:, :, k], dtype=native).tobytes(order="F"))


def _header(voxels: npt.NDArray[Any], geometry: Geometry) -> Any:
    """A little-endian NIfTI-1 header with nothing in it but the grid."""
    import nibabel

    header = nibabel.Nifti1Header(endianness="<")
    header.set_data_dtype(voxels.dtype.newbyteorder("<"))
    header.set_data_shape(voxels.shape)
    header.set_xyzt_units("mm")
    header.set_dim_info(slice=geometry.acquisition_axis)
    header["scl_slope"], header["scl_inter"] = 1.0, 0.0
    header["vox_offset"] = 352
    header["magic"] = b"n+1"
    affine = np.array(geometry.affine)
    header.set_qform(affine, _SCANNER, strip_shears=True)
    # A qform has no shears. Where it cannot say what the affine says, it must not say anything.
    if np.abs(header.get_qform() - affine).max() > _QFORM_TOLERANCE_MM:
        header.set_qform(None, 0)
        header["pixdim"][1:4] = geometry.spacing
    header.set_sform(affine, _SCANNER)
    return header
