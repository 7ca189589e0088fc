"""Further images of cases: looked at beside the one that is labelled, each with a name and a window of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slicelab.core.errors import SlicelabError, UnknownNameError
from slicelab.data.store import cases
from slicelab.data.store.records import SequenceRecord

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path

    from slicelab.data.store.records import NewImage, Window
    from slicelab.data.store.writer import Transaction

_KEPT, _REMOVED, _DELETED = 0, 1, 2
"""Values of the column ``removed``, as of cases."""


def sequences(connection: sqlite3.Connection, *, removed: bool) -> tuple[SequenceRecord, ...]:
    """Of all cases, in the order they were added; with ``removed`` those taken out too, deleted ones among them."""
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'sequences'").fetchone() is None:
        return ()  # a project of version 1 or 2 that is open for reading only
    most = _DELETED if removed else _KEPT
    rows = connection.execute(
        "SELECT i.case_id, s.image_id, s.name, s.removed, s.window_low, s.window_high FROM sequences s "
        "JOIN images i ON i.id = s.image_id WHERE s.removed <= ? ORDER BY s.image_id",
        (most,),
    ).fetchall()
    images = {image.id: image for case in {row[0] for row in rows} for image in cases.images(connection, case)}
    return tuple(
        SequenceRecord(
            images[image], name, None if low is None or high is None else (low, high), bool(gone), gone == _DELETED
        )
        for _case, image, name, gone, low, high in rows
    )


def add(transaction: Transaction, folder: Path, case_id: str, name: str, new: NewImage) -> SequenceRecord:
    """Move the staged file to its place and write the rows: both, or nothing.

    Raises:
        SlicelabError: no such case, the name is empty or another sequence of the case has it, or the file is missing.

    """
    number = len(cases.images(transaction.connection, case_id)) + 1  # rows are never deleted
    _refuse_name(transaction, case_id, name)
    path = f"{cases.VOLUMES}/{case_id}-{number}.nii"
    cases.insert_image(transaction, case_id, path, replace(new, role=f"sequence-{number}"))
    (image_id,) = transaction.execute("SELECT id FROM images WHERE path = ?", (path,)).fetchone()
    transaction.execute("INSERT INTO sequences (image_id, name) VALUES (?, ?)", (image_id, name))
    cases.move_in(transaction, new.staged, folder / path)
    return _one(transaction, image_id)


def set_window(transaction: Transaction, image_id: int, window: Window | None) -> SequenceRecord:
    """Keep a window; None for automatic."""
    low, high = window or (None, None)
    transaction.execute(
        "UPDATE sequences SET window_low = ?, window_high = ? WHERE image_id = ?", (low, high, image_id)
    )
    return _one(transaction, image_id)


def set_removed(transaction: Transaction, image_id: int, *, removed: bool) -> SequenceRecord:
    """Take a sequence out of its case, or back in.

    Raises:
        SlicelabError: no such sequence, it was deleted, or its name was given to another one meanwhile.

    """
    before = _one(transaction, image_id)
    if before.deleted:
        raise SlicelabError("The sequence was deleted for good.", "Import its file again.")
    if before.removed and not removed:
        _refuse_name(transaction, before.image.case_id, before.name)
    transaction.execute(
        "UPDATE sequences SET removed = ? WHERE image_id = ?", (_REMOVED if removed else _KEPT, image_id)
    )
    return _one(transaction, image_id)


def delete(transaction: Transaction, image_id: int) -> SequenceRecord:
    """Forget a removed sequence's name and origin; its checksum stays, with its case: a leak is still found.

    Raises:
        SlicelabError: no such sequence, or it was not removed before.

    """
    if not _one(transaction, image_id).removed:
        raise SlicelabError("Only a sequence that was removed can be deleted.", "Remove it first.")
    transaction.execute("UPDATE sequences SET removed = ?, name = '' WHERE image_id = ?", (_DELETED, image_id))
    transaction.execute("UPDATE images SET source_path = '', description = '', notes = '[]' WHERE id = ?", (image_id,))
    return _one(transaction, image_id)


def _one(transaction: Transaction, image_id: int) -> SequenceRecord:
    found = [one for one in sequences(transaction.connection, removed=True) if one.image.id == image_id]
    if not found:
        raise UnknownNameError(f"The project has no sequence {image_id}.")
    return found[0]


def _refuse_name(transaction: Transaction, case_id: str, name: str) -> None:
    if not name.strip():
        raise SlicelabError("A sequence needs a name.")
    there = sequences(transaction.connection, removed=False)
    if any(one.name == name for one in there if one.image.case_id == case_id):
        raise SlicelabError("The case already has a sequence of this name.", "Give it another name.")
