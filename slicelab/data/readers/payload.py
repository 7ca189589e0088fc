"""Foreign bytes, read to the last one that a header promises, or refused."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import os
import stat
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import UnreadableFileError

if TYPE_CHECKING:
    from pathlib import Path

Bytes = npt.NDArray[np.uint8]

_CHUNK = 1 << 20
_BEST_RATIO = 1100
_BEST_BZIP2_RATIO = 60_000
_SLACK = 1 << 20
_EXPORT_AGAIN = "Copy or export the file again from where it came."


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file for reading; never waits on a pipe, never reads a device.

    Raises:
        UnreadableFileError: it is missing, not allowed, or not a regular file.

    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise UnreadableFileError("The file is not there.", "Check the path.") from error
    except OSError as error:
        raise UnreadableFileError("The file cannot be opened.", "Check that you may read it.") from error
    except ValueError as error:
        raise UnreadableFileError("The file's name cannot be used.", "Rename the file.") from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise UnreadableFileError("This is not a regular file.", "Choose an image file or a folder.")
    return os.fdopen(handle, "rb")


def data_file_beside(header: Path, name: str) -> Path:
    """The data file that a detached header names, if it lies in the header's own folder.

    Raises:
        UnreadableFileError: the name leads anywhere else (absolute, ``..``, another folder, a link out of it).

    """
    outside = UnreadableFileError(
        "The header points to a data file outside its own folder, which is not followed.",
        "Put the data file beside the header and name it there without a folder.",
    )
    if name != os.path.basename(name) or "\\" in name or ":" in name or name in {"", ".", ".."} or "\0" in name:
        raise outside
    data = header.parent / name
    if os.path.realpath(data) != os.path.join(os.path.realpath(header.parent), name):
        raise outside
    return data


def digest_of(file: BinaryIO) -> str:
    """SHA-256 of all bytes of an open file, hexadecimal."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def joint_digest(digests: list[str]) -> str:
    """One SHA-256 for several files, whatever their order."""
    return digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(sorted(digests)).encode()).hexdigest()


def head_of(file: BinaryIO, size: int) -> bytes:
    """The first bytes of a file, unpacked if it is gzip; fewer if it is shorter or damaged."""
    file.seek(0)
    start = file.read(max(size, 2))
    if start[:2] != b"\x1f\x8b":
        return start[:size]
    file.seek(0)
    try:
        with gzip.GzipFile(fileobj=file) as unpacked:
            return unpacked.read(size)
    except (OSError, EOFError, zlib.error):
        return b""


def read_payload(file: BinaryIO, offset: int, size: int, encoding: str, skip: int = 0) -> Bytes:
    """Exactly ``size`` bytes of voxels, ``(size,) uint8``.

    Args:
        file: an open regular file.
        offset: where the (possibly packed) payload starts in the file.
        size: how many unpacked bytes the header promises.
        encoding: ``raw``, ``gzip``, ``zlib`` or ``bzip2``.
        skip: unpacked bytes before the voxels.

    Raises:
        UnreadableFileError: there are fewer, far more, or a checksum does not fit.

    """
    available = os.fstat(file.fileno()).st_size - offset
    ratio = {"raw": 1, "bzip2": _BEST_BZIP2_RATIO}.get(encoding, _BEST_RATIO)
    if offset < 0 or available <= 0 or available * ratio < size + skip:
        raise truncated()
    file.seek(offset)
    if encoding == "raw":
        file.seek(skip, os.SEEK_CUR)
        return _fill(file, size)
    try:
        stream = _unpacker(file, encoding)
        _discard(stream, skip)
        voxels = _fill(stream, size)
        _expect_end(stream, max(_SLACK, size // 10))
    except EOFError as error:
        raise truncated() from error
    except (OSError, zlib.error, ValueError) as error:
        raise UnreadableFileError("The file is damaged: its checksum does not fit.", _EXPORT_AGAIN) from error
    return voxels


def read_numbers(file: BinaryIO, offset: int, count: int, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Exactly ``count`` numbers written as text, ``(count,)`` of ``dtype``."""
    available = os.fstat(file.fileno()).st_size - offset
    if available < 2 * count - 1:
        raise truncated()
    if available > 64 * count + _SLACK:
        raise UnreadableFileError("The file holds far more than its header declares.", _EXPORT_AGAIN)
    file.seek(offset)
    try:
        numbers = np.array(file.read().split(), dtype=np.float64)
    except ValueError as error:
        raise UnreadableFileError("The file's voxels are not numbers.", _EXPORT_AGAIN) from error
    if numbers.size < count:
        raise truncated()
    with np.errstate(all="ignore"):
        return numbers[:count].astype(dtype)


def truncated() -> UnreadableFileError:
    """The error for a file that ends too early."""
    return UnreadableFileError("The file is truncated: it ends before its last voxel.", _EXPORT_AGAIN)


class _Zlib:
    """A zlib (or gzip) stream read piece by piece; ends only after its checksum was verified."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._unpack = zlib.decompressobj(wbits=47)

    def read(self, size: int, /) -> bytes:
        while not self._unpack.eof:
            packed = self._unpack.unconsumed_tail or self._file.read(_CHUNK)
            piece = self._unpack.decompress(packed, size)
            if piece:
                return piece
            if not packed and not self._unpack.eof:
                raise EOFError
        return b""


def _unpacker(file: BinaryIO, encoding: str) -> _Stream:
    if encoding == "gzip":
        return gzip.GzipFile(fileobj=file)
    if encoding == "zlib":
        return _Zlib(file)
    return bz2.BZ2File(file)


def _fill(stream: _Stream, size: int) -> Bytes:
    voxels = np.empty(size, np.uint8)
    view, done = voxels.data, 0
    while done < size:
        piece = stream.read(min(_CHUNK, size - done))
        if not piece:
            raise truncated()
        view[done : done + len(piece)] = piece
        done += len(piece)
    return voxels


def _discard(stream: _Stream, size: int) -> None:
    while size > 0:
        piece = stream.read(min(_CHUNK, size))
        if not piece:
            raise truncated()
        size -= len(piece)


def _expect_end(stream: _Stream, slack: int) -> None:
    """Read on to the end, where the checksum is, but not through a bomb."""
    while piece := stream.read(_CHUNK):
        slack -= len(piece)
        if slack < 0:
            raise UnreadableFileError("The file holds far more than its header declares.", _EXPORT_AGAIN)
