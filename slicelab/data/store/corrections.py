"""What models' masks were worth before they were corrected, which were shown to a reader; the project's settings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from slicelab.core.correction import Overlap, Reading
from slicelab.core.labels import Origin, SliceState
from slicelab.core.slices import done_classes
from slicelab.data.store.masks import states_from_json
from slicelab.data.store.records import CorrectionRecord

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from slicelab.data.store.records import EditRecord, NewCorrection
    from slicelab.data.store.writer import Transaction

_SETTING = "setting."


def add(transaction: Transaction, edit: EditRecord, measured: Sequence[NewCorrection]) -> None:
    """Write measurements of slices that an edit finished."""
    now = time.time()
    transaction.connection.executemany(
        "INSERT OR REPLACE INTO corrections (edit_id, slice, class_value, model_run, reading, patient_trained, "
        "predicted, final, common, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                edit.id, one.slice, one.class_value, one.model_run, one.reading.value, int(one.patient_trained),
                one.overlap.predicted, one.overlap.final, one.overlap.common, now,
            )
            for one in measured
        ],
    )  # fmt: skip


def corrections(connection: sqlite3.Connection, reader_id: int) -> tuple[CorrectionRecord, ...]:
    """Those of edits that stand, of cases that are in the project, in the order of the edits."""
    if not _there(connection, "corrections"):
        return ()
    rows = connection.execute(
        "SELECT k.edit_id, e.case_id, k.slice, k.class_value, k.model_run, k.reading, k.patient_trained, k.predicted, "
        "k.final, k.common FROM corrections k JOIN edits e ON e.id = k.edit_id JOIN cases c ON c.id = e.case_id "
        "WHERE e.undone = 0 AND c.removed = 0 AND e.reader_id = ? ORDER BY k.edit_id, k.slice, k.class_value",
        (reader_id,),
    )
    return tuple(
        CorrectionRecord(edit, case, index, value, model, Reading(reading), bool(trained), Overlap(*counts))
        for edit, case, index, value, model, reading, trained, *counts in rows
    )


def add_seen(transaction: Transaction, case_id: str, reader_id: int, slices: Sequence[int], model_run: str) -> None:
    """Note slices on which a model's mask was shown; what was noted before stays."""
    now = time.time()
    transaction.connection.executemany(
        "INSERT OR IGNORE INTO predictions_seen (case_id, reader_id, slice, model_run, at) VALUES (?, ?, ?, ?, ?)",
        [(case_id, reader_id, index, model_run, now) for index in slices],
    )


def seen(connection: sqlite3.Connection, case_id: str, reader_id: int) -> frozenset[int]:
    """Slices on which a model's mask was shown."""
    if not _there(connection, "predictions_seen"):
        return frozenset()
    rows = connection.execute(
        "SELECT slice FROM predictions_seen WHERE case_id = ? AND reader_id = ?", (case_id, reader_id)
    )
    return frozenset(index for (index,) in rows)


def accepted(connection: sqlite3.Connection, case_id: str, reader_id: int) -> frozenset[int]:
    """Slices whose label was a model's mask after an edit that stands: what was corrected since began as that mask."""
    rows = connection.execute(
        "SELECT DISTINCT s.slice FROM edit_slices s JOIN edits e ON e.id = s.edit_id "
        "WHERE e.case_id = ? AND e.reader_id = ? AND e.undone = 0 AND s.origin_after = ?",
        (case_id, reader_id, Origin.ACCEPTED.value),
    )
    return frozenset(index for (index,) in rows)


def accepted_classes(connection: sqlite3.Connection, case_id: str, reader_id: int) -> dict[int, frozenset[int]]:
    """Per slice that took a model's mask, the classes that were drafts after it: of the others nothing was taken."""
    rows = connection.execute(
        "SELECT s.slice, s.states_after FROM edit_slices s JOIN edits e ON e.id = s.edit_id WHERE e.case_id = ? "
        "AND e.reader_id = ? AND e.undone = 0 AND s.origin_after = ? AND e.action LIKE 'accept%'",
        (case_id, reader_id, Origin.ACCEPTED.value),
    )
    found: dict[int, frozenset[int]] = {}
    for index, states in rows:
        drafts = {value for value, state in states_from_json(states).items() if state is SliceState.DRAFT}
        found[index] = found.get(index, frozenset()) | drafts
    return found


def led(connection: sqlite3.Connection, case_id: str, reader_id: int) -> dict[int, str]:
    """Slices on which a model's mask was shown, or taken by an edit that stands, and that model."""
    taken = connection.execute(
        "SELECT s.slice, s.origin_run_after FROM edit_slices s JOIN edits e ON e.id = s.edit_id "
        "WHERE e.case_id = ? AND e.reader_id = ? AND e.undone = 0 AND s.origin_after = ? "
        "AND s.origin_run_after IS NOT NULL",
        (case_id, reader_id, Origin.ACCEPTED.value),
    )
    found = {int(index): str(run) for index, run in taken}
    if _there(connection, "predictions_seen"):
        shown = connection.execute(
            "SELECT slice, model_run FROM predictions_seen WHERE case_id = ? AND reader_id = ?", (case_id, reader_id)
        )
        found |= {int(index): str(run) for index, run in shown}
    return found


def kept_beside(
    connection: sqlite3.Connection, case_id: str, reader_id: int, model_run: str
) -> dict[int, frozenset[int]]:
    """Per slice that took a model's mask, the classes that stayed done each time: their voxels are not the model's."""
    rows = connection.execute(
        "SELECT s.slice, s.states_after FROM edit_slices s JOIN edits e ON e.id = s.edit_id WHERE e.case_id = ? "
        "AND e.reader_id = ? AND e.undone = 0 AND s.origin_run_after = ? AND e.action LIKE 'accept%'",
        (case_id, reader_id, model_run),
    )
    found: dict[int, frozenset[int]] = {}
    for index, states in rows:
        done = frozenset(done_classes(states_from_json(states)))
        found[index] = found.get(index, done) & done
    return found


def setting(connection: sqlite3.Connection, key: str) -> str | None:
    """A setting of the project."""
    row = connection.execute("SELECT value FROM meta WHERE key = ?", (_SETTING + key,)).fetchone()
    return None if row is None else str(row[0])


def set_setting(transaction: Transaction, key: str, value: str) -> None:
    """Set a setting of the project."""
    transaction.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", (_SETTING + key, value))


def project_key(connection: sqlite3.Connection) -> str:
    """The random word the project was made with."""
    (key,) = connection.execute("SELECT value FROM meta WHERE key = 'project'").fetchone()
    return str(key)


def _there(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a table is there: it is not in a project of version 1 that is open for reading only."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
