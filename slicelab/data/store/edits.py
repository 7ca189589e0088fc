"""Edits of slice labels and their undo history, which survives reopening."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slicelab.core.errors import UnknownNameError
from slicelab.core.geometry import stack_spacing
from slicelab.core.labels import Origin
from slicelab.data.store.labels import slice_states
from slicelab.data.store.masks import Packed, pack, states_from_json, states_to_json, unpack
from slicelab.data.store.records import Edit, EditRecord, LabelBefore, SliceChange

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from slicelab.core.labels import SliceState
    from slicelab.data.store.records import MaskArray
    from slicelab.data.store.writer import Transaction

_EDIT = (
    "SELECT e.id, e.case_id, e.reader_id, e.action, e.at, e.undone, "
    "(SELECT json_group_array(slice) FROM edit_slices WHERE edit_id = e.id) FROM edits e"
)


@dataclass(frozen=True)
class PackedChange:
    """The after-side of a :class:`SliceChange`, compressed; the before-side is what the database holds."""

    slice: int
    mask: Packed | None
    states: dict[int, SliceState]
    origin: Origin
    origin_run: str | None


def pack_change(change: SliceChange) -> PackedChange:
    """Copy and compress, in the caller's thread: the array may be painted on as soon as this returns.

    Raises:
        ValueError: the mask is not (row, column) uint8, or there are states without a mask.

    """
    if change.mask_after is None and change.states_after:
        raise ValueError("a slice without a label has no states")
    mask = None if change.mask_after is None else pack(change.mask_after)
    return PackedChange(change.slice, mask, dict(change.states_after), change.origin, change.origin_run)


@dataclass(frozen=True)
class _Side:
    """One side of an edit of a slice, as it lies in the database."""

    data: bytes | None
    states: str
    origin: str | None
    origin_run: str | None


def save_edit(
    transaction: Transaction,
    case_id: str,
    reader_id: int,
    action: str,
    changes: Sequence[PackedChange],
    seconds: float,
) -> EditRecord:
    """Write the labels and one step of history; steps that were undone can no longer be redone.

    Raises:
        UnknownNameError: there is no such case.
        ValueError: a mask does not fit the case's slices, or nothing is changed.

    """
    if not changes:
        raise ValueError("an edit changes at least one slice")
    _refuse_misfits(transaction, case_id, changes)
    undone = "FROM edits WHERE case_id = ? AND reader_id = ? AND undone = 1"
    transaction.execute(  # the work was taken back, the time was spent
        f"INSERT INTO time_spent (case_id, reader_id, at, seconds) SELECT case_id, reader_id, at, seconds {undone} "
        "AND seconds > 0",
        (case_id, reader_id),
    )
    transaction.execute(f"DELETE {undone}", (case_id, reader_id))
    row = transaction.execute(
        "INSERT INTO edits (case_id, reader_id, action, at, seconds) VALUES (?, ?, ?, ?, ?)",
        (case_id, reader_id, action, time.time(), seconds),
    )
    edit_id = int(row.lastrowid or 0)
    share = seconds / len(changes)
    for change in changes:
        rows, columns, before = _current(transaction, case_id, reader_id, change.slice)
        if change.mask is not None:
            rows, columns = change.mask.rows, change.mask.columns
        after = _Side(
            None if change.mask is None else change.mask.data,
            states_to_json(change.states),
            change.origin.value,
            change.origin_run,
        )
        transaction.execute(
            "INSERT INTO edit_slices VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (edit_id, change.slice, rows, columns, *_columns(before), *_columns(after)),
        )
        _apply(transaction, (case_id, reader_id, change.slice), after, rows, columns, share)
    return _record(transaction.connection, edit_id)


def undo(transaction: Transaction, case_id: str, reader_id: int) -> Edit | None:
    """Take back the newest edit that stands; None if there is none."""
    return _step(transaction, case_id, reader_id, "max", undone=False)


def redo(transaction: Transaction, case_id: str, reader_id: int) -> Edit | None:
    """Do the oldest edit again that was taken back; None if there is none."""
    return _step(transaction, case_id, reader_id, "min", undone=True)


def edits(connection: sqlite3.Connection, case_id: str, reader_id: int) -> tuple[EditRecord, ...]:
    """The history, oldest first, with those at its end that were undone."""
    rows = connection.execute(f"{_EDIT} WHERE e.case_id = ? AND e.reader_id = ? ORDER BY e.id", (case_id, reader_id))
    return tuple(_edit(row) for row in rows)


def labels_before(connection: sqlite3.Connection, case_id: str, reader_id: int, since: float) -> dict[int, LabelBefore]:
    """Slice to what its label was before the first edit after a time; slices without one are missing."""
    rows = connection.execute(
        "SELECT s.slice, s.states_before, s.origin_before, s.origin_run_before FROM edit_slices s "
        "JOIN edits e ON e.id = s.edit_id WHERE e.case_id = ? AND e.reader_id = ? AND e.at > ? ORDER BY e.id DESC",
        (case_id, reader_id, since),
    )  # newest first, so that the oldest stays
    return {
        index: LabelBefore(states_from_json(states), None if origin is None else Origin(origin), run)
        for index, states, origin, run in rows
    }


def _step(transaction: Transaction, case_id: str, reader_id: int, which: str, *, undone: bool) -> Edit | None:
    (edit_id,) = transaction.execute(
        f"SELECT {which}(id) FROM edits WHERE case_id = ? AND reader_id = ? AND undone = ?",
        (case_id, reader_id, int(undone)),
    ).fetchone()
    if edit_id is None:
        return None
    transaction.execute("UPDATE edits SET undone = ? WHERE id = ?", (int(not undone), edit_id))
    (seconds,) = transaction.execute("SELECT seconds FROM edits WHERE id = ?", (edit_id,)).fetchone()
    stored = transaction.execute(
        "SELECT slice, rows, columns, mask_before, states_before, origin_before, origin_run_before, "
        "mask_after, states_after, origin_after, origin_run_after FROM edit_slices WHERE edit_id = ? ORDER BY slice",
        (edit_id,),
    ).fetchall()
    changes = []
    for index, rows, columns, *sides in stored:
        before, after = _Side(*sides[:4]), _Side(*sides[4:])
        share = seconds / len(stored) if undone else 0.0
        _apply(transaction, (case_id, reader_id, index), after if undone else before, rows, columns, share)
        changes.append(_change(index, rows, columns, before, after))
    return Edit(_record(transaction.connection, edit_id), tuple(changes))


def _apply(
    transaction: Transaction, key: tuple[str, int, int], side: _Side, rows: int, columns: int, seconds: float
) -> None:
    """Make a slice's label what one side of an edit says."""
    where = "WHERE case_id = ? AND reader_id = ? AND slice = ?"
    transaction.execute(f"DELETE FROM slice_states {where}", key)
    if side.data is None:
        transaction.execute(f"DELETE FROM slice_labels {where}", key)
        return
    transaction.execute(
        "INSERT INTO slice_labels "
        "(case_id, reader_id, slice, mask, rows, columns, origin, origin_run, updated, seconds) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, reader_id, slice) DO UPDATE SET "
        "mask = excluded.mask, rows = excluded.rows, columns = excluded.columns, origin = excluded.origin, "
        "origin_run = excluded.origin_run, updated = excluded.updated, seconds = seconds + excluded.seconds",
        (*key, side.data, rows, columns, side.origin, side.origin_run, time.time(), seconds),
    )
    transaction.connection.executemany(
        "INSERT INTO slice_states (case_id, reader_id, slice, class_value, state) VALUES (?, ?, ?, ?, ?)",
        [(*key, value, state.value) for value, state in states_from_json(side.states).items()],
    )


def _current(transaction: Transaction, case_id: str, reader_id: int, index: int) -> tuple[int, int, _Side]:
    row = transaction.execute(
        "SELECT rows, columns, mask, origin, origin_run FROM slice_labels "
        "WHERE case_id = ? AND reader_id = ? AND slice = ?",
        (case_id, reader_id, index),
    ).fetchone()
    if row is None:
        return 0, 0, _Side(None, "{}", None, None)
    rows, columns, data, origin, origin_run = row
    states = states_to_json(slice_states(transaction.connection, case_id, reader_id, index))
    return rows, columns, _Side(data, states, origin, origin_run)


def _columns(side: _Side) -> tuple[bytes | None, str, str | None, str | None]:
    return side.data, side.states, side.origin, side.origin_run


def _refuse_misfits(transaction: Transaction, case_id: str, changes: Sequence[PackedChange]) -> None:
    row = transaction.execute(
        "SELECT shape, acquisition_axis FROM images WHERE case_id = ? ORDER BY role <> 'primary', id", (case_id,)
    ).fetchone()
    if row is None:
        raise UnknownNameError(f"The project has no case {case_id}.")
    x, y, z = json.loads(row[0])
    slices, rows, columns = (int(n) for n in stack_spacing((x, y, z), row[1]))
    for change in changes:
        if not 0 <= change.slice < slices:
            raise ValueError(f"slice {change.slice} of {case_id}, which has {slices}")
        if change.mask is not None and (change.mask.rows, change.mask.columns) != (rows, columns):
            raise ValueError(f"a mask of {change.mask.rows} x {change.mask.columns} for slices of {rows} x {columns}")


def _change(index: int, rows: int, columns: int, before: _Side, after: _Side) -> SliceChange:
    def mask(side: _Side) -> MaskArray | None:
        return None if side.data is None else unpack(side.data, rows, columns)

    return SliceChange(
        index,
        mask(before),
        mask(after),
        states_from_json(before.states),
        states_from_json(after.states),
        Origin(after.origin or Origin.PAINTED),
        after.origin_run,
    )


def _record(connection: sqlite3.Connection, edit_id: int) -> EditRecord:
    return _edit(connection.execute(f"{_EDIT} WHERE e.id = ?", (edit_id,)).fetchone())


def _edit(row: tuple[Any, ...]) -> EditRecord:
    edit_id, case_id, reader_id, action, at, undone, slices = row
    return EditRecord(edit_id, case_id, reader_id, action, at, bool(undone), tuple(sorted(json.loads(slices))))
