"""Which storage failures pass by themselves, and how each is said in plain words."""

from __future__ import annotations

import errno
import sqlite3

from slicelab.core.errors import StorageError

FULL = "The disk is full."
READ_ONLY = "The project's folder cannot be written to."
LOCKED = "Another program is holding the project's database."
GONE = "The project's folder cannot be reached."
IO = "The disk reports an error."
DAMAGED = "The project's database is damaged."

_SQLITE_WORDS = {
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_PERM: READ_ONLY,
    sqlite3.SQLITE_BUSY: LOCKED,
    sqlite3.SQLITE_LOCKED: LOCKED,
    sqlite3.SQLITE_PROTOCOL: LOCKED,
    sqlite3.SQLITE_CANTOPEN: GONE,
    sqlite3.SQLITE_IOERR: IO,
    sqlite3.SQLITE_NOMEM: "There is not enough memory to save.",
}
_ERRNO_WORDS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.EBUSY: LOCKED,
    errno.ENOENT: GONE,
    errno.ENOTDIR: GONE,
    errno.ENODEV: GONE,
    errno.ENXIO: GONE,
    errno.ESTALE: GONE,
    errno.ETIMEDOUT: GONE,
    errno.EHOSTDOWN: GONE,
    errno.ENOTCONN: GONE,
}


class NotConnectedError(Exception):
    """The database was lost and cannot be opened again yet; the message is the problem in plain words."""


def passing_problem(error: BaseException) -> str | None:
    """The problem in plain words if trying again may help, None if it would not (a mistake, a damaged file)."""
    if isinstance(error, NotConnectedError):
        return str(error)
    if isinstance(error, sqlite3.Error):
        return _SQLITE_WORDS.get(primary_code(error))
    if isinstance(error, OSError):
        return _ERRNO_WORDS.get(error.errno or 0, IO)
    return None


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code (the low byte of the extended one); 0 where there is none."""
    return (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def is_damage(error: BaseException) -> bool:
    """Whether the database itself is broken."""
    broken = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, sqlite3.DatabaseError) and primary_code(error) in broken


def damaged() -> StorageError:
    """The error for a database that fails its own check."""
    return StorageError(
        DAMAGED,
        "Restore project.db from a backup; volumes, runs and predictions beside it are untouched.",
        safe="The file was left as it is.",
    )


def as_storage_error(error: BaseException) -> BaseException:
    """A passing problem or damage as the error a user may see; anything else as it is."""
    if is_damage(error):
        return damaged()
    words = passing_problem(error)
    return error if words is None else StorageError(words, "Make sure the disk is there and has space, then try again.")
