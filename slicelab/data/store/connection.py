"""Opens ``project.db``: is it ours, is it whole, is it of a version this program knows."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from slicelab.core.errors import ProjectVersionError, SlicelabError, StorageError
from slicelab.data.store import schema
from slicelab.data.store.failures import as_storage_error, damaged, is_damage, passing_problem, primary_code

if TYPE_CHECKING:
    from pathlib import Path

DATABASE = "project.db"
_QUICK_CHECK_LIMIT = 64 * 2**20  # bytes; a check of this much takes well under a second
_BUSY_SECONDS = 2.0
_HEADER = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Header:
    """What the first 100 bytes of the file say, read without SQLite (so that a foreign file is never touched)."""

    version: int

    @property
    def newer(self) -> bool:
        """Whether a newer slicelab wrote it."""
        return self.version > schema.newest(schema.MIGRATIONS)


def read_header(folder: Path) -> Header:
    """Look at a project's database.

    Raises:
        SlicelabError: the folder is not a slicelab project.
        StorageError: it cannot be read.

    """
    try:
        if not (folder / DATABASE).is_file():
            raise not_a_project()
        with (folder / DATABASE).open("rb") as file:
            head = file.read(100)
    except OSError as error:
        raise StorageError(
            "The project cannot be read.", "Check that the disk is there and the folder is yours."
        ) from error
    ours = head[:16] == _HEADER and int.from_bytes(head[68:72], "big") == schema.APPLICATION_ID
    if not ours:
        raise not_a_project()
    return Header(int.from_bytes(head[60:64], "big"))


def not_a_project() -> SlicelabError:
    """The error for a folder without a project database of ours."""
    return SlicelabError(
        "This folder is not a slicelab project.",
        "Choose the folder of a project; it holds a file named project.db.",
        typed="`slicelab new` makes one.",
    )


def connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection as the project needs it, in autocommit mode; never creates the file.

    Rollback journal and ``synchronous=FULL``: the write-ahead log breaks on network drives.
    """
    uri = f"{_uri(path)}?mode={'ro' if read_only else 'rw'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_BUSY_SECONDS)
    try:
        # What is deleted is overwritten: a name that is gone must not stay in the file's free pages.
        for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "temp_store = MEMORY", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")
        if not read_only:
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA fullfsync = ON")  # on macOS alone: flush the drive's own cache too
    except BaseException:
        connection.close()
        raise
    return connection


def _uri(path: Path) -> str:
    """The path as SQLite reads it: without an authority, so that Windows shares (``//server/share``) work too."""
    place = path.absolute().as_posix()
    return "file://" + quote(os.fsencode(place if place.startswith("/") else f"/{place}"))


def open_checked(path: Path, *, read_only: bool) -> sqlite3.Connection:
    """A connection to a database that is whole and of a known version; older ones are brought forward.

    Raises:
        StorageError: damaged; or it needs repair and may only be read; or the disk refuses.
        ProjectVersionError: so much newer (or, for reading only, so much older) that not even reading is possible.

    """
    try:
        connection = connect(path, read_only=read_only)
    except sqlite3.Error as error:
        raise _explained(error, read_only=read_only) from error
    try:
        _check_whole(connection, path)
        _check_version(connection, read_only=read_only)
        if not read_only:
            schema.migrate(connection, path, schema.MIGRATIONS)
    except sqlite3.Error as error:
        connection.close()
        raise _explained(error, read_only=read_only) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _check_whole(connection: sqlite3.Connection, path: Path) -> None:
    (pages,) = connection.execute("PRAGMA page_count").fetchone()  # first real access: rolls a hot journal back
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    if pages * size > _QUICK_CHECK_LIMIT:
        return
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise damaged()


def _check_version(connection: sqlite3.Connection, *, read_only: bool) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    ours = schema.newest(schema.MIGRATIONS)
    if read_only and not schema.readable(version, schema.MIGRATIONS):
        raise ProjectVersionError(
            "The project was written by an older slicelab and must be brought forward before it can be read.",
            "Open it once for writing; a copy of the old database is kept beside it.",
        )
    if version > ours:
        row = connection.execute("SELECT value FROM meta WHERE key = 'readable_by'").fetchone()
        if row is None or int(row[0]) > ours:
            raise ProjectVersionError(
                "The project was written by a newer slicelab that this version cannot read.", "Update slicelab."
            )


def _explained(error: sqlite3.Error, *, read_only: bool) -> BaseException:
    if is_damage(error):
        return damaged()
    needs_repair = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)
    if read_only and primary_code(error) in needs_repair:
        return StorageError(
            "The project was not closed properly and has to be repaired before it can be read.",
            "Open it once for writing; the repair takes a moment and is automatic.",
        )
    if passing_problem(error) is None:
        return StorageError(
            "The project's database could not be brought forward to this version.",
            "Report this; until then use the slicelab it was made with.",
            safe="The database is unchanged.",
        )
    return as_storage_error(error)
