"""NRRD (.nrrd, .nhdr with its data file), decoded here because general libraries follow a header anywhere."""

from __future__ import annotations

import math
import os
import re
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
    "i1": "signed char|int8|int8_t",
    "u1": "uchar|unsigned char|uint8|uint8_t",
    "i2": "short|short int|signed short|signed short int|int16|int16_t",
    "u2": "ushort|unsigned short|unsigned short int|uint16|uint16_t",
    "i4": "int|signed int|int32|int32_t",
    "u4": "uint|unsigned int|uint32|uint32_t",
    "i8": "longlong|long long|long long int|signed long long|signed long long int|int64|int64_t",
    "u8": "ulonglong|unsigned long long|unsigned long long int|uint64|uint64_t",
    "f4": "float",
    "f8": "double",
}
_TYPE_OF = {name: code for code, names in _TYPES.items() for name in names.split("|")}
_ENCODINGS = {"raw": "raw", "gzip": "gzip", "gz": "gzip", "bzip2": "bzip2", "bz2": "bzip2"}
_TEXT = {"ascii", "text", "txt"}
_COLOUR_KINDS = {"rgb-color", "rgba-color", "3-color", "4-color"}
_TO_RAS = {
    "left-posterior-superior": lps_to_ras(np.eye(4)),
    "right-anterior-superior": np.eye(4),
    "left-anterior-superior": np.diag([-1.0, 1.0, 1.0, 1.0]),
}
_SPACES = {"lps": "left-posterior-superior", "ras": "right-anterior-superior", "las": "left-anterior-superior"}


def is_nrrd(head: bytes) -> bool:
    """Whether first bytes are a NRRD header."""
    return head[:7] == b"NRRD000"


def parse_header(path: Path) -> tuple[dict[str, str], int]:
    """Header fields by lower-case key (spaces kept out), and the offset after the header."""
    fields: dict[str, str] = {}
    after = 0
    with open_regular(path) as file:
        for number, (line, offset) in enumerate(header_lines(file)):
            after = offset
            if number == 0:
                if not line.startswith("NRRD000"):
                    raise damaged("its first line")
                continue
            if not line:
                break
            if line.startswith("#") or ":=" in line:
                continue
            key, colon, value = line.partition(":")
            key = key.strip().lower().replace(" ", "").replace("centers", "centerings")
            if not colon or key in fields:
                raise damaged(key if key.isalnum() else "a line")
            fields[key] = value.strip()
    return fields, after


def axes_of(fields: dict[str, str]) -> tuple[list[int], list[int], int | None]:
    """Sizes of all axes, which of them are in space, and which holds colours."""
    count = whole_numbers(fields, "dimension", 1)[0]
    sizes = whole_numbers(fields, "sizes", count)
    kinds = fields.get("kinds", "").lower().split() or ["domain"] * count
    if len(kinds) != count or not 2 <= count <= 5:
        raise damaged("dimension")
    if "spacedirections" in fields:
        vectors = _vectors(fields["spacedirections"])
        if len(vectors) != count:
            raise damaged("space directions")
        spatial = [axis for axis, vector in enumerate(vectors) if vector is not None]
        if len(spatial) == 4:  # ITK calls time a fourth axis in space
            spatial = spatial[:3]
    else:
        spatial = [axis for axis, kind in enumerate(kinds) if kind in {"domain", "space", "???", "none"}][:3]
    if not 2 <= len(spatial) <= 3:
        raise UnreadableFileError(f"A volume needs three axes, this one has {len(spatial)}.", "Export a 3D volume.")
    colours = [axis for axis in range(count) if axis not in spatial and _is_colour(fields, kinds[axis], sizes[axis])]
    return sizes, spatial, colours[0] if colours else None


def _is_colour(fields: dict[str, str], kind: str, size: int) -> bool:
    """ITK calls colours a vector; bytes in threes are colours, other vectors are several volumes."""
    return kind in _COLOUR_KINDS or (kind == "vector" and size in {3, 4} and _dtype(fields).itemsize == 1)


def _dtype(fields: dict[str, str]) -> np.dtype[np.generic]:
    kind = _TYPE_OF.get(fields.get("type", "").lower())
    if kind is None:
        raise UnreadableFileError("The file's voxels are of an unknown kind.", "Export it with 16-bit integers.")
    return np.dtype((">" if fields.get("endian", "little").lower() == "big" else "<") + kind)


def shape_of(fields: dict[str, str]) -> tuple[tuple[int, int, int], int]:
    """``(i, j, k)`` and the number of volumes."""
    sizes, spatial, colour = axes_of(fields)
    i, j, k, *_ = [*(sizes[axis] for axis in spatial), 1]
    rest = [n for axis, n in enumerate(sizes) if axis not in spatial and axis != colour]
    return (i, j, k), int(np.prod(rest, dtype=np.int64)) if rest else 1


def read_nrrd(path: Path, frame: int | None, watch: Watch) -> Decoded:
    """Read a NRRD; arguments and errors as in :func:`slicelab.data.readers.nifti.read_nifti`."""
    (only,) = nrrd_volumes(path, one(frame), watch)
    return only


def nrrd_volumes(path: Path, pick: Pick, watch: Watch) -> Iterator[Decoded]:
    """The picked volumes of a NRRD, which is unpacked once."""
    fields, after = parse_header(path)
    sizes, spatial, colour = axes_of(fields)
    dtype = _dtype(fields)
    size = declared_bytes(sizes, dtype.itemsize)
    if colour is not None and sizes[colour] not in {3, 4}:
        raise damaged("kinds")
    shape, frames = shape_of(fields)
    watch.declare(max(size, 4 * math.prod(shape)))
    wanted = pick(frames)
    buffer, digest = _voxels(path, fields, after, size, dtype)
    rest = [axis for axis in range(len(sizes)) if axis not in spatial and axis != colour]
    order = [*spatial, *rest, *([colour] if colour is not None else [])]
    turned = buffer.reshape(sizes, order="F").transpose(order)
    channels = (sizes[colour],) if colour is not None else ()
    notes: list[str] = []
    affine = _affine(fields, spatial, notes)
    volumes = turned.reshape((*shape, frames, *channels), order="F")
    for picked in wanted:
        yield Decoded(
            voxels=volumes[:, :, :, picked],
            affine=affine,
            format="nrrd",
            sha256=digest,
            notes=tuple(notes),
            colour=colour is not None,
        )


def look_nrrd(path: Path) -> Grid:
    """The grid from the header alone."""
    fields, _ = parse_header(path)
    shape, frames = shape_of(fields)
    declared_bytes([*shape, frames], 1)
    return Grid(shape, _affine(fields, axes_of(fields)[1], []), frames)


def _voxels(
    path: Path, fields: dict[str, str], after: int, size: int, dtype: np.dtype[np.generic]
) -> tuple[Array, str]:
    name = fields.get("datafile", "")
    if name.upper().startswith("LIST") or "%" in name:
        raise UnreadableFileError("The volume is spread over several files.", "Export it as one file (.nrrd).")
    if fields.get("lineskip", "0") != "0":
        raise UnreadableFileError("The file skips lines before its voxels.", "Export it as one file (.nrrd).")
    data = data_file_beside(path, name) if name else path
    skip = whole_numbers(fields, "byteskip", 1)[0] if "byteskip" in fields else 0
    encoding = fields.get("encoding", "").lower()
    with open_regular(data) as file:
        offset = 0 if name else after
        if skip == -1 and encoding == "raw":
            offset, skip = os.fstat(file.fileno()).st_size - size, 0
        if skip < 0:
            raise damaged("byte skip")
        if encoding in _TEXT:
            buffer: Array = read_numbers(file, offset + skip, size // dtype.itemsize, dtype)
        elif encoding in _ENCODINGS:
            buffer = read_payload(file, offset, size, _ENCODINGS[encoding], skip).view(dtype)
        else:
            raise UnreadableFileError("The file's voxels are packed in an unknown way.", "Export it with gzip or raw.")
        digests = [digest_of(file)]
    if name:
        with open_regular(path) as file:
            digests.append(digest_of(file))
    return buffer, joint_digest(digests)


def _affine(fields: dict[str, str], spatial: list[int], notes: list[str]) -> Affine:
    affine = np.eye(4)
    unknown = "The file does not say how it lies in the patient; left and right are assumed, please check."
    if "spacedirections" not in fields:
        notes.append(unknown)
        words = fields.get("spacings", "").split()
        spacing = [words[axis] for axis in spatial if axis < len(words)]
        for axis, word in enumerate(spacing):
            size = abs(float(word)) if _is_number(word) else 1.0
            affine[axis, axis] = size if np.isfinite(size) and size > 0 else 1.0
        return lps_to_ras(affine)
    vectors = [vector for vector in _vectors(fields["spacedirections"]) if vector is not None]
    dimensions, used = len(vectors), len(spatial)
    origins = _vectors(fields["spaceorigin"]) if "spaceorigin" in fields else [[0.0] * dimensions]
    if any(vector is None or len(vector) != dimensions for vector in [*vectors, *origins]) or len(origins) != 1:
        raise damaged("space directions")
    affine[:used, :used] = np.array(vectors)[:used, :used].T
    affine[:used, 3] = np.array(origins)[0, :used]
    space = fields.get("space", "").lower()
    space = _SPACES.get(space, space).removesuffix("-time")
    if space not in _TO_RAS:
        notes.append(unknown)
        space = "left-posterior-superior"
    return np.asarray(_TO_RAS[space] @ affine, dtype=np.float64)


def _vectors(text: str) -> list[list[float] | None]:
    found: list[list[float] | None] = []
    for word in re.findall(r"none|\([^()]*\)", text, re.IGNORECASE):
        inner = word.strip("()").replace(",", " ")
        found.append(None if word.lower() == "none" else numbers(inner, len(inner.split()), "space directions"))
    return found


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
