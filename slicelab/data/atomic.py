"""Files that are either the old one or the new one, never a mixture."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from slicelab.core.errors import StorageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
_TEMP_PREFIX = ".slicelab-"
TEMP_SUFFIX = ".tmp"
"""Ending of temporary names; a leftover with it was never finished and can go."""


def write_bytes(path: Path, data: bytes) -> None:
    """Write a whole file: temporary name in the same folder, flushed to disk, renamed.

    Raises:
        StorageError: the disk refused; the old file, if any, is untouched.

    """
    with replace_from_temp(path) as temp:
        try:
            temp.write_bytes(data)
        except OSError as error:
            raise refused_by_disk(error) from error


@contextmanager
def replace_from_temp(path: Path) -> Iterator[Path]:
    """Give a temporary path to write; on leaving without an error it takes the place of ``path``.

    The temporary name ends like ``path`` (libraries choose a format by it). With an error it is removed and
    ``path`` stays as it was.

    Raises:
        StorageError: the disk refused.

    """
    try:
        endings = "".join(Path(path.name.lower()).suffixes[-2:])
        handle, name = tempfile.mkstemp(prefix=_TEMP_PREFIX, suffix=TEMP_SUFFIX + endings, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise refused_by_disk(error) from error
    temp = Path(name)
    try:
        yield temp
        try:
            _flush(temp, _mode_for(path))
            os.replace(temp, path)
            _flush_folder(path.parent)
        except OSError as error:
            raise refused_by_disk(error) from error
    finally:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)


def sweep(folder: Path, ending: str) -> None:
    """Remove what processes that died left of unfinished files with that ending, such as ``.safetensors``.

    Only for whoever alone writes such files there: another's unfinished file would go too.
    """
    with contextlib.suppress(OSError):
        for leftover in folder.glob(f"{_TEMP_PREFIX}*{TEMP_SUFFIX}{ending}"):
            leftover.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal.

    Raises:
        StorageError: the file cannot be read.

    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError as error:
        raise refused_by_disk(error) from error
    return digest.hexdigest()


def refused_by_disk(error: OSError) -> StorageError:
    """The disk's refusal in plain words, without the file's name."""
    if error.errno in {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}:
        message, remedy = "The disk is full.", "Free some space and try again."
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        message, remedy = "The folder cannot be written to.", "Check its permissions, or choose another folder."
    elif error.errno in {errno.ENOENT, errno.ENOTDIR}:
        message, remedy = "The folder is not there.", "Check that the drive is connected, then try again."
    else:
        message, remedy = f"The disk refused ({os.strerror(error.errno or 0)}).", "Try again."
    return StorageError(message, remedy, "The old file, if there was one, is untouched.")


def _mode_for(path: Path) -> int:
    """The old file's permissions, or what a new file would get; a temporary file alone would be private."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _flush(path: Path, mode: int) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    os.chmod(path, mode)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself survive a power cut, where the system lets folders be flushed."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        return  # some network drives refuse; the file itself is safe
    finally:
        os.close(handle)
