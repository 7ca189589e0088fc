"""Makes the folder of a new project, whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import uuid
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from slicelab.core.errors import SlicelabError, StorageError
from slicelab.data.store import labels, schema
from slicelab.data.store.cases import sync_folder
from slicelab.data.store.connection import DATABASE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from slicelab.core.labels import LabelClass

FOLDERS = ("volumes", "runs", "predictions", "pool")
DEFAULT_READER = "Reader 1"

_OPEN_IT = "Open that one, or choose another folder for the new one."


def create_project(folder: Path, name: str, classes: Sequence[LabelClass]) -> None:
    """Lay out a project's folder and its database.

    Raises:
        SlicelabError: the place is a file, or a folder with something in it.
        StorageError: the disk refuses.

    """
    try:
        if folder.exists() and not folder.is_dir():
            raise SlicelabError("A file of this name is already there.", "Choose another name for the project.")
        if folder.exists() and any(folder.iterdir()):
            if (folder / DATABASE).is_file():
                raise SlicelabError("There is a slicelab project in this folder already.", _OPEN_IT)
            raise SlicelabError("This folder is not empty.", "Choose a new or an empty folder for the project.")
        with _nothing_left_behind(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for part in FOLDERS:
                (folder / part).mkdir()
            partial = folder / f"{DATABASE}.new"
            _fill(partial, name, classes)
            os.replace(partial, folder / DATABASE)
            sync_folder(folder)
    except (OSError, sqlite3.OperationalError) as error:
        if getattr(error, "errno", None) == errno.ENAMETOOLONG:
            raise SlicelabError("This name is too long for the disk.", "Choose a shorter one.") from error
        raise StorageError(
            "The project's folder could not be made.", "Choose a place that you may write to, on a disk with space."
        ) from error


def _fill(path: Path, name: str, classes: Sequence[LabelClass]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        schema.migrate(connection, path, schema.MIGRATIONS)
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO meta (key, value) VALUES (?, ?)", [("name", name), ("project", uuid.uuid4().hex)]
        )
        for one in classes:
            labels.insert_class(connection, one)
        connection.execute("INSERT INTO readers (name) VALUES (?)", (DEFAULT_READER,))
        connection.execute("COMMIT")


@contextmanager
def _nothing_left_behind(folder: Path) -> Iterator[None]:
    """On failure remove all that was not there before: contents, the folder itself, and parents made for it."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        yield
    except BaseException:
        if missing:
            shutil.rmtree(missing[-1], ignore_errors=True)
        else:
            for left in folder.iterdir():
                shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink(missing_ok=True)
        raise
