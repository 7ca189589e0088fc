"""Classes, readers, slice labels and the time spent on them."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from slicelab.core.errors import SlicelabError, UnknownNameError
from slicelab.core.labels import MAX_CLASSES, LabelClass, Origin, SliceState, class_colour, class_key, make_classes
from slicelab.data.store.masks import unpack
from slicelab.data.store.records import LabelStamp, ReaderRecord, SliceLabel, TimeRecord

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from slicelab.data.store.writer import Transaction

Ledger = dict[str, dict[int, dict[int, SliceState]]]
"""Case id to slice to class value to state; what is missing is unlabelled."""

_LABEL = "SELECT slice, mask, rows, columns, origin, origin_run, updated, seconds FROM slice_labels"


def classes(connection: sqlite3.Connection) -> tuple[LabelClass, ...]:
    """The classes in use, by value."""
    rows = connection.execute("SELECT value, name, colour FROM classes WHERE removed = 0 ORDER BY value")
    return tuple(LabelClass(*row) for row in rows)


def add_class(transaction: Transaction, name: str) -> LabelClass:
    """A new class, unknown on every slice labelled so far; values are never used twice.

    Raises:
        SlicelabError: the name is empty or taken, or there are 250 classes.

    """
    (cleaned,) = make_classes([name])
    _refuse_taken(cleaned.name, classes(transaction.connection))
    (last,) = transaction.execute("SELECT coalesce(max(value), 0) FROM classes").fetchone()
    if last >= MAX_CLASSES:
        raise SlicelabError(f"A project can have at most {MAX_CLASSES} classes.")
    made = LabelClass(last + 1, cleaned.name, class_colour(last + 1))
    insert_class(transaction.connection, made)
    return made


def rename_class(transaction: Transaction, value: int, name: str) -> LabelClass:
    """Give a class another name; its value and labels stay.

    Raises:
        UnknownNameError: there is no such class.
        SlicelabError: the name is empty, or another class has it.

    """
    (cleaned,) = make_classes([name])
    others = {one.value: one for one in classes(transaction.connection)}
    renamed = others.pop(value, None)
    if renamed is None:
        raise UnknownNameError(f"The project has no class with the value {value}.")
    _refuse_taken(cleaned.name, tuple(others.values()))
    transaction.execute("UPDATE classes SET name = ? WHERE value = ?", (cleaned.name, value))
    return LabelClass(value, cleaned.name, renamed.colour)


def _refuse_taken(name: str, others: Sequence[LabelClass]) -> None:
    if class_key(name) in {class_key(one.name) for one in others}:
        raise SlicelabError(f"The project already has a class {name!r}.", "Give it another name.")


def insert_class(connection: sqlite3.Connection, made: LabelClass) -> None:
    """Write the row of a class."""
    connection.execute(
        "INSERT INTO classes (value, name, colour) VALUES (?, ?, ?)", (made.value, made.name, made.colour)
    )


def remove_class(transaction: Transaction, value: int) -> None:
    """Take a class out of use; its voxels and states stay in the labels.

    Raises:
        UnknownNameError: there is no such class.

    """
    if not transaction.execute("UPDATE classes SET removed = 1 WHERE value = ? AND removed = 0", (value,)).rowcount:
        raise UnknownNameError(f"The project has no class with the value {value}.")


def removed_classes(connection: sqlite3.Connection) -> tuple[LabelClass, ...]:
    """The classes taken out of use, by value."""
    rows = connection.execute("SELECT value, name, colour FROM classes WHERE removed = 1 ORDER BY value")
    return tuple(LabelClass(*row) for row in rows)


def restore_class(transaction: Transaction, value: int) -> None:
    """Take a class into use again.

    Raises:
        UnknownNameError: no such class was removed.
        SlicelabError: its name was given to another class meanwhile.

    """
    found = next((one for one in removed_classes(transaction.connection) if one.value == value), None)
    if found is None:
        raise UnknownNameError(f"No class with the value {value} was removed.")
    if class_key(found.name) in {class_key(one.name) for one in classes(transaction.connection)}:
        raise SlicelabError(f"The project has another class {found.name!r} now.", "Remove that one first.")
    transaction.execute("UPDATE classes SET removed = 0 WHERE value = ?", (value,))


def readers(connection: sqlite3.Connection) -> tuple[ReaderRecord, ...]:
    """All readers, the default one first."""
    return tuple(ReaderRecord(*row) for row in connection.execute("SELECT id, name FROM readers ORDER BY id"))


def add_reader(transaction: Transaction, name: str) -> ReaderRecord:
    """A new reader.

    Raises:
        SlicelabError: the name is empty or taken.

    """
    cleaned = " ".join(name.split())
    if not cleaned:
        raise SlicelabError("A reader needs a name.")
    if transaction.execute("SELECT 1 FROM readers WHERE name = ?", (cleaned,)).fetchone():
        raise SlicelabError("The project already has a reader of this name.", "Give another name.")
    row = transaction.execute("INSERT INTO readers (name) VALUES (?)", (cleaned,))
    return ReaderRecord(int(row.lastrowid or 0), cleaned)


def rename_reader(transaction: Transaction, reader_id: int, name: str) -> ReaderRecord:
    """Give a reader another name; the labels stay that reader's.

    Raises:
        SlicelabError: another reader has the name.

    """
    if transaction.execute("SELECT 1 FROM readers WHERE name = ? AND id <> ?", (name, reader_id)).fetchone():
        raise SlicelabError("The project already has a reader of this name.", "Give another name.")
    transaction.execute("UPDATE readers SET name = ? WHERE id = ?", (name, reader_id))
    return ReaderRecord(reader_id, name)


def label_stamps(connection: sqlite3.Connection, reader_id: int) -> tuple[LabelStamp, ...]:
    """When each label of a reader was changed last; no mask is read."""
    rows = connection.execute(
        "SELECT case_id, slice, updated, origin, origin_run FROM slice_labels WHERE reader_id = ?", (reader_id,)
    )
    return tuple(LabelStamp(case, at, updated, Origin(origin), run) for case, at, updated, origin, run in rows)


def slice_labels(connection: sqlite3.Connection, case_id: str, reader_id: int) -> tuple[SliceLabel, ...]:
    """All labels of a case by one reader, by slice."""
    rows = connection.execute(f"{_LABEL} WHERE case_id = ? AND reader_id = ? ORDER BY slice", (case_id, reader_id))
    states: dict[int, dict[int, SliceState]] = defaultdict(dict)
    for index, value, state in connection.execute(
        "SELECT slice, class_value, state FROM slice_states WHERE case_id = ? AND reader_id = ?", (case_id, reader_id)
    ):
        states[index][value] = SliceState(state)
    return tuple(_label(case_id, reader_id, row, states[row[0]]) for row in rows)


def slice_label(connection: sqlite3.Connection, case_id: str, index: int, reader_id: int) -> SliceLabel | None:
    """One label, None if the slice has none."""
    key = (case_id, reader_id, index)
    row = connection.execute(f"{_LABEL} WHERE case_id = ? AND reader_id = ? AND slice = ?", key).fetchone()
    return None if row is None else _label(case_id, reader_id, row, slice_states(connection, *key))


def slice_states(connection: sqlite3.Connection, case_id: str, reader_id: int, index: int) -> dict[int, SliceState]:
    """States of one slice by class value."""
    rows = connection.execute(
        "SELECT class_value, state FROM slice_states WHERE case_id = ? AND reader_id = ? AND slice = ?",
        (case_id, reader_id, index),
    )
    return {value: SliceState(state) for value, state in rows}


def ledger(connection: sqlite3.Connection, reader_id: int) -> Ledger:
    """The states of all labelled slices of all cases that are not removed, in one query, without the masks."""
    found: Ledger = defaultdict(lambda: defaultdict(dict))
    for case_id, index, value, state in connection.execute(
        "SELECT l.case_id, l.slice, s.class_value, s.state FROM slice_labels l JOIN cases c ON c.id = l.case_id "
        "LEFT JOIN slice_states s ON (s.case_id, s.reader_id, s.slice) = (l.case_id, l.reader_id, l.slice) "
        "WHERE c.removed = 0 AND l.reader_id = ? ORDER BY l.case_id, l.slice",
        (reader_id,),
    ):
        states = found[case_id][index]
        if value is not None:
            states[value] = SliceState(state)
    return {case_id: dict(slices) for case_id, slices in found.items()}


def add_time(transaction: Transaction, case_id: str, reader_id: int, seconds: float) -> None:
    """Note time spent."""
    transaction.execute(
        "INSERT INTO time_spent (case_id, reader_id, at, seconds) VALUES (?, ?, ?, ?)",
        (case_id, reader_id, time.time(), seconds),
    )


def time_spent(connection: sqlite3.Connection, case_id: str | None) -> tuple[TimeRecord, ...]:
    """Seconds by case and reader; of one case, or of all."""
    rows = connection.execute(
        "SELECT case_id, reader_id, sum(seconds) FROM time_spent WHERE ?1 IS NULL OR case_id = ?1 "
        "GROUP BY case_id, reader_id ORDER BY case_id, reader_id",
        (case_id,),
    )
    return tuple(TimeRecord(*row) for row in rows)


def labelling_seconds(connection: sqlite3.Connection, reader_id: int) -> dict[str, float]:
    """Case id to the seconds a reader spent on it: what edits carry, and what was noted beside them."""
    rows = connection.execute(
        "SELECT case_id, sum(seconds) FROM (SELECT case_id, seconds FROM edits WHERE reader_id = ?1 UNION ALL "
        "SELECT case_id, seconds FROM time_spent WHERE reader_id = ?1) GROUP BY case_id",
        (reader_id,),
    )
    return {str(case_id): float(seconds) for case_id, seconds in rows}


def labelling_seconds_until(connection: sqlite3.Connection, reader_id: int, at: float) -> float:
    """Seconds a reader had spent by a time, on all cases."""
    (seconds,) = connection.execute(
        "SELECT coalesce(sum(seconds), 0) FROM (SELECT seconds FROM edits WHERE reader_id = ?1 AND at <= ?2 UNION ALL "
        "SELECT seconds FROM time_spent WHERE reader_id = ?1 AND at <= ?2)",
        (reader_id, at),
    ).fetchone()
    return float(seconds)


def _label(case_id: str, reader_id: int, row: tuple[Any, ...], states: dict[int, SliceState]) -> SliceLabel:
    index, data, rows, columns, origin, origin_run, updated, seconds = row
    mask = unpack(data, rows, columns)
    return SliceLabel(case_id, index, reader_id, mask, states, Origin(origin), origin_run, updated, seconds)
