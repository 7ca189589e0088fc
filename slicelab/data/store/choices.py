"""Which suggestions readers followed, and how each finished slice came to be labelled."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from slicelab.core.choices import Choice, Chosen

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from slicelab.data.store.records import EditRecord
    from slicelab.data.store.writer import Transaction


def follow(transaction: Transaction, case_id: str, reader_id: int, index: int, choice: Choice, why: str) -> None:
    """Note that a reader went to a slice by a suggestion; the first one counts."""
    transaction.execute(
        "INSERT OR IGNORE INTO suggestions_followed (case_id, reader_id, slice, choice, why, at) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (case_id, reader_id, index, choice.value, why, time.time()),
    )


def followed(connection: sqlite3.Connection, case_id: str, reader_id: int) -> dict[int, tuple[Choice, str]]:
    """Slices of a case a reader went to by a suggestion: which, and its reason in one word."""
    if not _there(connection):
        return {}
    rows = connection.execute(
        "SELECT slice, choice, why FROM suggestions_followed WHERE case_id = ? AND reader_id = ?", (case_id, reader_id)
    )
    return {int(index): (Choice(choice), str(why)) for index, choice, why in rows}


def add(
    transaction: Transaction,
    edit: EditRecord,
    slices: Sequence[int],
    known: Mapping[int, tuple[Choice, str]],
) -> None:
    """Write how the slices that an edit finished came to be labelled: those not in ``known`` by own choice."""
    now = time.time()
    transaction.connection.executemany(
        "INSERT OR REPLACE INTO choices (edit_id, slice, choice, why, at) VALUES (?, ?, ?, ?, ?)",
        [
            (edit.id, index, choice.value, why, now)
            for index in slices
            for choice, why in (known.get(index, (Choice.OWN, "")),)
        ],
    )


def chosen(connection: sqlite3.Connection, reader_id: int) -> tuple[Chosen, ...]:
    """Of each slice the latest choice of an edit that stands, of cases that are in the project."""
    if not _there(connection):
        return ()
    rows = connection.execute(
        "SELECT e.case_id, k.slice, k.choice, k.why, coalesce(l.seconds, 0), max(k.edit_id) FROM choices k "
        "JOIN edits e ON e.id = k.edit_id JOIN cases c ON c.id = e.case_id "
        "LEFT JOIN slice_labels l ON l.case_id = e.case_id AND l.reader_id = e.reader_id AND l.slice = k.slice "
        "WHERE e.undone = 0 AND c.removed = 0 AND e.reader_id = ? GROUP BY e.case_id, k.slice",
        (reader_id,),
    )
    return tuple(
        Chosen(case, index, Choice(choice), why, float(seconds)) for case, index, choice, why, seconds, _ in rows
    )


def _there(connection: sqlite3.Connection) -> bool:
    """Whether the tables are there: they are not in an older project that is open for reading only."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'choices'").fetchone() is not None
