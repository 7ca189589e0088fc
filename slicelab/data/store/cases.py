"""Patients, cases and their images: rows, and the volume files that belong to them."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import SlicelabError, UnknownNameError
from slicelab.data.atomic import TEMP_SUFFIX
from slicelab.data.store.records import UNSET, CaseRecord, ImageRecord, NewImage, PatientRecord, Unset, Window

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence
    from pathlib import Path

    from slicelab.core.geometry import Affine, Geometry
    from slicelab.data.store.records import Shape
    from slicelab.data.store.writer import Transaction

STAGED = ".staged-"
VOLUMES = "volumes"
_KEPT, _REMOVED, _DELETED = 0, 1, 2
"""Values of the column ``removed``."""
_CASE = "SELECT id, patient_id, name, created, removed, flagged, notes, window_low, window_high FROM cases"
_IMAGE_FIELDS = tuple(field.name for field in fields(ImageRecord))  # the columns are named after them
_IMAGE = f"SELECT {', '.join(_IMAGE_FIELDS)} FROM images"


def patients(connection: sqlite3.Connection) -> tuple[PatientRecord, ...]:
    """All patients by id."""
    return tuple(PatientRecord(*row) for row in connection.execute("SELECT id, key FROM patients ORDER BY id"))


def cases(connection: sqlite3.Connection, *, removed: bool) -> tuple[CaseRecord, ...]:
    """Cases by id; with ``removed`` those too that were taken out, deleted ones among them."""
    most = _DELETED if removed else _KEPT
    rows = connection.execute(f"{_CASE} WHERE removed <= ? ORDER BY length(id), id", (most,))
    return tuple(_case(row) for row in rows)


def case(connection: sqlite3.Connection, case_id: str) -> CaseRecord:
    """One case, also a removed one.

    Raises:
        UnknownNameError: there is none of this id.

    """
    row = connection.execute(f"{_CASE} WHERE id = ?", (case_id,)).fetchone()
    if row is None:
        raise UnknownNameError(f"The project has no case {case_id}.")
    return _case(row)


def images(connection: sqlite3.Connection, case_id: str) -> tuple[ImageRecord, ...]:
    """The images of a case, the primary one first.

    Raises:
        UnknownNameError: there is no such case.

    """
    case(connection, case_id)
    rows = connection.execute(f"{_IMAGE} WHERE case_id = ? ORDER BY role <> 'primary', id", (case_id,))
    return tuple(_image(row) for row in rows)


def add_case(
    transaction: Transaction,
    folder: Path,
    name: str,
    patient_key: str | None,
    new: Sequence[NewImage],
    patient_id: str | None = None,
) -> CaseRecord:
    """Give out an id, move the staged files to their places and write the rows: all or nothing.

    ``patient_id`` is a patient that is there, whatever the key says.

    Raises:
        SlicelabError: the name is taken or empty, or a staged file is missing.

    """
    _refuse_name(transaction, name)
    case_id = next_id(transaction, "cases", "c")
    patient_id = patient_id or _patient(transaction, patient_key)
    transaction.execute(
        "INSERT INTO cases (id, patient_id, name, created) VALUES (?, ?, ?, ?)",
        (case_id, patient_id, name, time.time()),
    )
    for number, image in enumerate(new, start=1):
        suffix = "" if number == 1 else f"-{number}"
        path = f"{VOLUMES}/{case_id}{suffix}.nii"
        insert_image(transaction, case_id, path, image)
        move_in(transaction, image.staged, folder / path)
    return case(transaction.connection, case_id)


def update_case(
    transaction: Transaction,
    case_id: str,
    name: str | None,
    flagged: bool | None,
    notes: str | None,
    window: Window | Unset | None,
    patient_key: str | None,
) -> CaseRecord:
    """Change what is given.

    Raises:
        SlicelabError: no such case, or the name is taken.

    """
    before = case(transaction.connection, case_id)
    changed: dict[str, Any] = {}
    if name is not None and name != before.name:
        if not before.removed:
            _refuse_name(transaction, name)
        changed["name"] = name
    if flagged is not None:
        changed["flagged"] = int(flagged)
    if notes is not None:
        changed["notes"] = notes
    if window is not UNSET:
        assert not isinstance(window, Unset)
        changed["window_low"], changed["window_high"] = window or (None, None)
    if patient_key is not None:
        changed["patient_id"] = _patient(transaction, patient_key)
    if changed:
        columns = ", ".join(f"{column} = ?" for column in changed)
        transaction.execute(f"UPDATE cases SET {columns} WHERE id = ?", (*changed.values(), case_id))
    return case(transaction.connection, case_id)


def set_removed(transaction: Transaction, case_id: str, *, removed: bool) -> CaseRecord:
    """Take a case out of the project, or back in; nothing is deleted.

    Raises:
        SlicelabError: no such case, it was deleted, or its name was given to another case meanwhile.

    """
    before = case(transaction.connection, case_id)
    if before.deleted:
        raise SlicelabError("The case was deleted for good.", "Import its files again.")
    if before.removed and not removed:
        _refuse_name(transaction, before.name)
    transaction.execute("UPDATE cases SET removed = ? WHERE id = ?", (_REMOVED if removed else _KEPT, case_id))
    return case(transaction.connection, case_id)


def delete_case(transaction: Transaction, case_id: str) -> CaseRecord:
    """Forget a removed case's labels, history, names and remarks; its files are the caller's to delete.

    The rows that say which runs saw it stay, with its patient: a leak is still found.

    Raises:
        SlicelabError: no such case, or it was not removed before.

    """
    if not case(transaction.connection, case_id).removed:
        raise SlicelabError("Only a case that was removed can be deleted.", "Remove it first.")
    for table in ("slice_labels", "edits", "time_spent", "predictions"):
        transaction.execute(f"DELETE FROM {table} WHERE case_id = ?", (case_id,))
    transaction.execute(
        "UPDATE cases SET removed = ?, name = id, notes = '', flagged = 0 WHERE id = ?", (_DELETED, case_id)
    )
    transaction.execute(
        "UPDATE images SET source_path = '', description = '', notes = '[]' WHERE case_id = ?", (case_id,)
    )
    transaction.execute(
        "UPDATE sequences SET name = '' WHERE image_id IN (SELECT id FROM images WHERE case_id = ?)", (case_id,)
    )
    return case(transaction.connection, case_id)


def next_id(transaction: Transaction, table: str, letter: str) -> str:
    """The next id of a table, such as ``c0001``; ids are never given out twice, since rows are never deleted."""
    (last,) = transaction.execute(f"SELECT coalesce(max(CAST(substr(id, 2) AS INTEGER)), 0) FROM {table}").fetchone()
    return f"{letter}{last + 1:04d}"


def clean_staged(folder: Path) -> None:
    """Remove what an interrupted import left; what cannot be removed now is removed the next time."""
    for pattern in (f"{STAGED}*", f".*{TEMP_SUFFIX}*"):
        for left in (folder / VOLUMES).glob(pattern):
            with suppress(OSError):
                left.unlink()


def _refuse_name(transaction: Transaction, name: str) -> None:
    if not name.strip():
        raise SlicelabError("A case needs a name.")
    if transaction.execute("SELECT 1 FROM cases WHERE name = ? AND removed = 0", (name,)).fetchone():
        raise SlicelabError("The project already has a case of this name.", "Give it another name.")


def _patient(transaction: Transaction, key: str | None) -> str:
    if key is not None:
        row = transaction.execute("SELECT id FROM patients WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return str(row[0])
    patient_id = next_id(transaction, "patients", "p")
    transaction.execute("INSERT INTO patients (id, key) VALUES (?, ?)", (patient_id, key))
    return patient_id


def move_in(transaction: Transaction, staged: Path, target: Path) -> None:
    """Rename before the commit, back if there is none: a row never exists without its file."""
    try:
        os.replace(staged, target)
    except FileNotFoundError:
        if not target.parent.is_dir():  # the whole folder is out of reach: that may pass
            raise
        raise SlicelabError("The volume to be added is no longer there.", "Import it again.") from None
    transaction.on_rollback(lambda: os.replace(target, staged))
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut (where the system lets a folder be opened)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems refuse to sync a folder
            os.fsync(handle)
    finally:
        os.close(handle)


def insert_image(transaction: Transaction, case_id: str, path: str, image: NewImage) -> None:
    """The row of an image, whose file :func:`move_in` puts in its place."""
    transaction.execute(
        "INSERT INTO images (case_id, role, path, sha256, source_sha256, source_format, source_path, description, "
        "shape, affine, acquisition_axis, native_shape, native_affine, native_acquisition_axis, notes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            case_id,
            image.role,
            path,
            image.sha256,
            image.source_sha256,
            image.source_format,
            image.source_path,
            image.description,
            *_grid(image.geometry),
            *_grid(image.native_geometry),
            json.dumps(image.notes),
        ),
    )


def _grid(geometry: Geometry) -> tuple[str, str, int]:
    return json.dumps(geometry.shape), json.dumps(geometry.affine.tolist()), geometry.acquisition_axis


def _shape(text: str) -> Shape:
    x, y, z = json.loads(text)
    return int(x), int(y), int(z)


def _affine(text: str) -> Affine:
    return np.array(json.loads(text), dtype=np.float64)


def _case(row: tuple[Any, ...]) -> CaseRecord:
    case_id, patient_id, name, created, removed, flagged, notes, low, high = row
    window = None if low is None or high is None else (low, high)
    deleted = removed == _DELETED
    return CaseRecord(case_id, patient_id, name, created, bool(removed), bool(flagged), notes, window, deleted)


def _image(row: tuple[Any, ...]) -> ImageRecord:
    named = dict(zip(_IMAGE_FIELDS, row, strict=True))
    for name in ("shape", "native_shape"):
        named[name] = _shape(named[name])
    for name in ("affine", "native_affine"):
        named[name] = _affine(named[name])
    named["notes"] = tuple(json.loads(named["notes"]))
    return ImageRecord(**named)
