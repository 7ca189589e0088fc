"""The tables of ``project.db``, and how older ones are brought forward."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

APPLICATION_ID = 0x534C4142  # "SLAB": tells a slicelab project from any other SQLite file

_VERSION_1 = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE patients (id TEXT PRIMARY KEY, key TEXT UNIQUE)",
    """CREATE TABLE cases (
        id TEXT PRIMARY KEY,
        patient_id TEXT NOT NULL REFERENCES patients(id),
        name TEXT NOT NULL CHECK (name <> ''),
        created REAL NOT NULL,
        removed INTEGER NOT NULL DEFAULT 0,
        flagged INTEGER NOT NULL DEFAULT 0,
        notes TEXT NOT NULL DEFAULT '',
        window_low REAL,
        window_high REAL)""",
    "CREATE UNIQUE INDEX cases_name ON cases(name) WHERE removed = 0",
    """CREATE TABLE images (
        id INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES cases(id),
        role TEXT NOT NULL,
        path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        source_sha256 TEXT NOT NULL,
        source_format TEXT NOT NULL,
        source_path TEXT NOT NULL,
        description TEXT NOT NULL,
        shape TEXT NOT NULL,
        affine TEXT NOT NULL,
        acquisition_axis INTEGER NOT NULL CHECK (acquisition_axis IN (0, 1, 2)),
        native_shape TEXT NOT NULL,
        native_affine TEXT NOT NULL,
        native_acquisition_axis INTEGER NOT NULL CHECK (native_acquisition_axis IN (0, 1, 2)),
        notes TEXT NOT NULL,
        UNIQUE (case_id, role))""",
    """CREATE TABLE classes (
        value INTEGER PRIMARY KEY CHECK (value BETWEEN 1 AND 250),
        name TEXT NOT NULL,
        colour TEXT NOT NULL,
        removed INTEGER NOT NULL DEFAULT 0)""",
    "CREATE TABLE readers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """CREATE TABLE slice_labels (
        case_id TEXT NOT NULL REFERENCES cases(id),
        reader_id INTEGER NOT NULL REFERENCES readers(id),
        slice INTEGER NOT NULL CHECK (slice >= 0),
        mask BLOB NOT NULL,
        rows INTEGER NOT NULL,
        columns INTEGER NOT NULL,
        origin TEXT NOT NULL,
        origin_run TEXT REFERENCES runs(id),
        updated REAL NOT NULL,
        seconds REAL NOT NULL,
        PRIMARY KEY (case_id, reader_id, slice))""",
    """CREATE TABLE slice_states (
        case_id TEXT NOT NULL,
        reader_id INTEGER NOT NULL,
        slice INTEGER NOT NULL,
        class_value INTEGER NOT NULL REFERENCES classes(value),
        state TEXT NOT NULL CHECK (state IN ('unlabelled', 'draft', 'done')),
        PRIMARY KEY (case_id, reader_id, slice, class_value),
        FOREIGN KEY (case_id, reader_id, slice) REFERENCES slice_labels(case_id, reader_id, slice)
            ON DELETE CASCADE) WITHOUT ROWID""",
    """CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_id TEXT NOT NULL REFERENCES cases(id),
        reader_id INTEGER NOT NULL REFERENCES readers(id),
        action TEXT NOT NULL,
        at REAL NOT NULL,
        seconds REAL NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0)""",
    "CREATE INDEX edits_of ON edits(case_id, reader_id, undone, id)",
    """CREATE TABLE edit_slices (
        edit_id INTEGER NOT NULL REFERENCES edits(id) ON DELETE CASCADE,
        slice INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        columns INTEGER NOT NULL,
        mask_before BLOB,
        states_before TEXT NOT NULL,
        origin_before TEXT,
        origin_run_before TEXT REFERENCES runs(id),
        mask_after BLOB,
        states_after TEXT NOT NULL,
        origin_after TEXT NOT NULL,
        origin_run_after TEXT REFERENCES runs(id),
        PRIMARY KEY (edit_id, slice))""",
    """CREATE TABLE time_spent (
        id INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES cases(id),
        reader_id INTEGER NOT NULL REFERENCES readers(id),
        at REAL NOT NULL,
        seconds REAL NOT NULL CHECK (seconds >= 0))""",
    "CREATE INDEX time_spent_of ON time_spent(case_id, reader_id)",
    """CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        created REAL NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'cancelled', 'failed')),
        preset TEXT NOT NULL,
        init TEXT REFERENCES runs(id),
        method TEXT,
        job TEXT NOT NULL DEFAULT '',
        finished REAL,
        message TEXT)""",
    """CREATE TABLE run_cases (
        run_id TEXT NOT NULL REFERENCES runs(id),
        case_id TEXT NOT NULL REFERENCES cases(id),
        role TEXT NOT NULL CHECK (role IN ('pool', 'train', 'val', 'predict')),
        slices INTEGER NOT NULL,
        PRIMARY KEY (run_id, case_id, role)) WITHOUT ROWID""",
    """CREATE TABLE metrics (
        run_id TEXT NOT NULL REFERENCES runs(id),
        case_id TEXT NOT NULL REFERENCES cases(id),
        class_value INTEGER NOT NULL REFERENCES classes(value),
        dice REAL,
        hd95_mm REAL,
        assd_mm REAL,
        volume_ml REAL NOT NULL,
        reference_volume_ml REAL,
        slices INTEGER NOT NULL,
        of_slices INTEGER NOT NULL,
        trained_on INTEGER NOT NULL,
        in_pool INTEGER NOT NULL,
        reference TEXT NOT NULL CHECK (reference IN ('project', 'folder')),
        at REAL NOT NULL,
        PRIMARY KEY (run_id, case_id, class_value, reference)) WITHOUT ROWID""",
    """CREATE TABLE predictions (
        run_id TEXT NOT NULL REFERENCES runs(id),
        model_run TEXT NOT NULL REFERENCES runs(id),
        case_id TEXT NOT NULL REFERENCES cases(id),
        path TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (run_id, case_id)) WITHOUT ROWID""",
)

# A model's mask of a slice against the one a reader finished it with, and the slices whose predictions readers saw.
_VERSION_2 = (
    """CREATE TABLE corrections (
        edit_id INTEGER NOT NULL REFERENCES edits(id) ON DELETE CASCADE,
        slice INTEGER NOT NULL,
        class_value INTEGER NOT NULL REFERENCES classes(value),
        model_run TEXT NOT NULL REFERENCES runs(id),
        reading TEXT NOT NULL CHECK (reading IN ('accepted', 'seen', 'blind')),
        patient_trained INTEGER NOT NULL,
        predicted INTEGER NOT NULL CHECK (predicted >= 0),
        final INTEGER NOT NULL CHECK (final >= 0),
        common INTEGER NOT NULL CHECK (common >= 0),
        at REAL NOT NULL,
        PRIMARY KEY (edit_id, slice, class_value)) WITHOUT ROWID""",
    """CREATE TABLE predictions_seen (
        case_id TEXT NOT NULL REFERENCES cases(id),
        reader_id INTEGER NOT NULL REFERENCES readers(id),
        slice INTEGER NOT NULL,
        model_run TEXT NOT NULL REFERENCES runs(id),
        at REAL NOT NULL,
        PRIMARY KEY (case_id, reader_id, slice)) WITHOUT ROWID""",
)

# Further images of a case, to be looked at beside the one that is labelled: what a person calls each, and its window.
_VERSION_3 = (
    """CREATE TABLE sequences (
        image_id INTEGER PRIMARY KEY REFERENCES images(id),
        name TEXT NOT NULL,
        removed INTEGER NOT NULL DEFAULT 0,
        window_low REAL,
        window_high REAL)""",
)

# Slices that readers went to by a suggestion, and how each slice that an edit finished came to be labelled.
_VERSION_4 = (
    """CREATE TABLE suggestions_followed (
        case_id TEXT NOT NULL REFERENCES cases(id),
        reader_id INTEGER NOT NULL REFERENCES readers(id),
        slice INTEGER NOT NULL,
        choice TEXT NOT NULL CHECK (choice IN ('covering', 'next', 'even')),
        why TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (case_id, reader_id, slice)) WITHOUT ROWID""",
    """CREATE TABLE choices (
        edit_id INTEGER NOT NULL REFERENCES edits(id) ON DELETE CASCADE,
        slice INTEGER NOT NULL,
        choice TEXT NOT NULL CHECK (choice IN ('covering', 'next', 'even', 'own')),
        why TEXT NOT NULL,
        at REAL NOT NULL,
        PRIMARY KEY (edit_id, slice)) WITHOUT ROWID""",
)

# Whose labels a figure was measured against: each reader has figures of their own. Older ones are the first reader's.
# With row ids: without them, SQLite 3.40 takes a table whose key is not in its first columns for damaged.
_VERSION_5 = (
    """CREATE TABLE metrics_of_readers (
        run_id TEXT NOT NULL REFERENCES runs(id),
        case_id TEXT NOT NULL REFERENCES cases(id),
        class_value INTEGER NOT NULL REFERENCES classes(value),
        dice REAL,
        hd95_mm REAL,
        assd_mm REAL,
        volume_ml REAL NOT NULL,
        reference_volume_ml REAL,
        slices INTEGER NOT NULL,
        of_slices INTEGER NOT NULL,
        trained_on INTEGER NOT NULL,
        in_pool INTEGER NOT NULL,
        reference TEXT NOT NULL CHECK (reference IN ('project', 'folder')),
        at REAL NOT NULL,
        reader_id INTEGER NOT NULL REFERENCES readers(id),
        PRIMARY KEY (run_id, case_id, class_value, reference, reader_id))""",
    "INSERT INTO metrics_of_readers SELECT *, (SELECT min(id) FROM readers) FROM metrics",
    "DROP TABLE metrics",
    "ALTER TABLE metrics_of_readers RENAME TO metrics",
)


@dataclass(frozen=True)
class Migration:
    """One step forward.

    Attributes:
        version: the schema version the step leads to.
        statements: SQL, run in one transaction with foreign keys checked at its end.
        readable_by: the oldest schema version whose reads still work on the result.
        optional: whether this program reads a database without it too: the reads of what it adds expect that.

    """

    version: int
    statements: tuple[str, ...]
    readable_by: int
    optional: bool = False


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, _VERSION_1, readable_by=1),
    Migration(2, _VERSION_2, readable_by=1, optional=True),
    Migration(3, _VERSION_3, readable_by=1, optional=True),
    Migration(4, _VERSION_4, readable_by=1, optional=True),
    Migration(5, _VERSION_5, readable_by=1, optional=True),
)
"""In order, without gaps; the first one makes an empty database into version 1."""


def readable(version: int, migrations: Sequence[Migration]) -> bool:
    """Whether this program can read an older database as it is, without bringing it forward."""
    return all(step.optional for step in migrations if step.version > version)


def newest(migrations: Sequence[Migration]) -> int:
    """The schema version this program writes."""
    return migrations[-1].version


def migrate(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> Path | None:
    """Bring an open database forward, all steps in one transaction; a filled one is copied first.

    Args:
        connection: in autocommit mode, with no transaction open.
        path: of the database; the copy lies beside it.
        migrations: the steps known.

    Returns:
        The backup copy ``project.db.v1-backup``, None if there was nothing to do or nothing to keep.

    Raises:
        sqlite3.Error: a step failed; the database is as before.

    """
    (have,) = connection.execute("PRAGMA user_version").fetchone()
    steps = [step for step in migrations if step.version > have]
    if not steps:
        return None
    kept = backup(connection, path.with_name(f"{path.name}.v{have}-backup")) if have else None
    connection.execute("PRAGMA foreign_keys = OFF")  # cannot be changed inside a transaction
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in steps:
            for statement in step.statements:
                connection.execute(statement)
            _mark(connection, step)
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise sqlite3.IntegrityError(f"migration leaves {len(broken)} rows without their parent")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return kept


def _mark(connection: sqlite3.Connection, step: Migration) -> None:
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {step.version}")
    connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('readable_by', ?)", (str(step.readable_by),))


def backup(connection: sqlite3.Connection, target: Path) -> Path:
    """A consistent copy of an open database at ``target``, complete or not there at all."""
    partial = target.with_name(target.name + ".partial")
    partial.unlink(missing_ok=True)
    copy = sqlite3.connect(partial)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    os.replace(partial, target)
    return target
