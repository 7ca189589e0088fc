"""MetaImage (.mha, .mhd with its data file), decoded here because general libraries follow a header anywhere."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers.decoded import Affine, Array, Decoded, Grid, Pick, lps_to_ras, one
from slicelab.data.readers.limits import Watch, declared_bytes
from slicelab.data.readers.payload import (
    data_file_beside,
    digest_of,
    joint_digest,
    open_regular,
    read_numbers,
    read_payload,
)
from slicelab.data.readers.text_header import damaged, header_lines, numbers, whole_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TYPES = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2", "MET_INT": "i4", "MET_UINT": "u4",
    "MET_LONG": "i4", "MET_ULONG": "u4", "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8", "MET_FLOAT": "f4",
    "MET_DOUBLE": "f8",
}  # fmt: skip
_ALIASES = {
    "position": "offset", "origin": "offset", "orientation": "transformmatrix", "rotation": "transformmatrix",
    "elementbyteordermsb": "binarydatabyteordermsb",
}  # fmt: skip


def is_mha(head: bytes) -> bool:
    """Whether first bytes are a MetaImage header."""
    start = head[:256].lstrip()
    return b"=" in start[:40] and start.split(b"=")[0].strip() in {b"ObjectType", b"NDims", b"Comment"}


def parse_header(path: Path) -> tuple[dict[str, str], int]:
    """Header fields by lower-case key, and the offset after the header."""
    fields: dict[str, str] = {}
    with open_regular(path) as file:
        for line, offset in header_lines(file):
            key, equals, value = line.partition("=")
            key = _ALIASES.get(key.strip().lower(), key.strip().lower())
            if not line.strip():
                continue
            if not equals or key in fields:
                raise damaged(key if key.isalnum() else "a line")
            fields[key] = value.strip()
            if key == "elementdatafile":
                return fields, offset
    raise damaged("ElementDataFile is missing")


def shape_of(fields: dict[str, str]) -> tuple[tuple[int, int, int], int]:
    """``(i, j, k)`` and the number of volumes."""
    axes = whole_numbers(fields, "ndims", 1)[0]
    if not 2 <= axes <= 4:
        raise UnreadableFileError(f"A volume needs three axes, this one has {axes}.", "Export a 3D volume.")
    counts = [*whole_numbers(fields, "dimsize", axes), 1, 1]
    return (counts[0], counts[1], counts[2]), counts[3] if axes == 4 else 1


def read_mha(path: Path, frame: int | None, watch: Watch) -> Decoded:
    """Read a MetaImage; arguments and errors as in :func:`slicelab.data.readers.nifti.read_nifti`."""
    (only,) = mha_volumes(path, one(frame), watch)
    return only


def mha_volumes(path: Path, pick: Pick, watch: Watch) -> Iterator[Decoded]:
    """The picked volumes of a MetaImage, which is unpacked once."""
    fields, after = parse_header(path)
    shape, frames = shape_of(fields)
    if fields.get("elementtype", "") not in _TYPES:
        raise UnreadableFileError("The file's voxels are of an unknown kind.", "Export it with 16-bit integers.")
    swapped = _yes(fields, "binarydatabyteordermsb")
    dtype = np.dtype((">" if swapped else "<") + _TYPES[fields["elementtype"]])
    channels = whole_numbers(fields, "elementnumberofchannels", 1)[0] if "elementnumberofchannels" in fields else 1
    size = declared_bytes([*shape, frames, channels], dtype.itemsize)
    watch.declare(max(size, 4 * math.prod(shape)))
    if channels not in {1, 3, 4}:
        raise UnreadableFileError(f"Each voxel has {channels} values; one is needed.", "Export one value a voxel.")
    wanted = pick(frames)
    buffer, digest = _voxels(path, fields, after, size, dtype)
    volumes = buffer.reshape((channels, *shape, frames), order="F")
    notes: list[str] = []
    affine = _affine(fields, notes)
    for picked in wanted:
        yield Decoded(
            voxels=np.moveaxis(volumes[..., picked], 0, -1) if channels > 1 else volumes[0, ..., picked],
            affine=affine,
            format="mha",
            sha256=digest,
            notes=tuple(notes),
            colour=channels > 1,
        )


def look_mha(path: Path) -> Grid:
    """The grid from the header alone."""
    fields, _ = parse_header(path)
    shape, frames = shape_of(fields)
    declared_bytes([*shape, frames], 1)
    return Grid(shape, _affine(fields, []), frames)


def _voxels(
    path: Path, fields: dict[str, str], after: int, size: int, dtype: np.dtype[np.generic]
) -> tuple[Array, str]:
    name = fields["elementdatafile"]
    local = name.upper() == "LOCAL"
    if name.upper().startswith("LIST") or "%" in name:
        raise UnreadableFileError("The volume is spread over several files.", "Export it as one file (.mha).")
    data = path if local else data_file_beside(path, name)
    with open_regular(data) as file:
        offset = after if local else 0
        if "headersize" in fields and not local:
            offset = whole_numbers(fields, "headersize", 1)[0]
            offset = os.fstat(file.fileno()).st_size - size if offset == -1 else offset
        if not _yes(fields, "binarydata", default=True):
            buffer: Array = read_numbers(file, offset, size // dtype.itemsize, dtype)
        else:
            encoding = "zlib" if _yes(fields, "compresseddata") else "raw"
            buffer = read_payload(file, offset, size, encoding).view(dtype)
        digests = [digest_of(file)]
    if not local:
        with open_regular(path) as file:
            digests.append(digest_of(file))
    return buffer, joint_digest(digests)


def _affine(fields: dict[str, str], notes: list[str]) -> Affine:
    axes = int(fields["ndims"])
    spacing_text = fields.get("elementspacing", fields.get("elementsize"))
    spacing = numbers(spacing_text, axes, "ElementSpacing") if spacing_text else [1.0] * axes
    offset = numbers(fields["offset"], axes, "Offset") if "offset" in fields else [0.0] * axes
    directions = np.eye(axes)
    if "transformmatrix" in fields:
        directions = np.array(numbers(fields["transformmatrix"], axes * axes, "TransformMatrix")).reshape(axes, axes).T
    else:
        notes.append("The file does not say how it lies in the patient; left and right are assumed, please check.")
    affine = np.eye(4)
    used = min(axes, 3)
    affine[:used, :used] = directions[:used, :used] * np.abs(spacing[:used])
    affine[:used, 3] = offset[:used]
    return lps_to_ras(affine)


def _yes(fields: dict[str, str], key: str, *, default: bool = False) -> bool:
    return fields[key].lower() in {"true", "1", "yes"} if key in fields else default
