"""A look at a project that is not open: a few rows, read past its lock; nothing is waited for, brought forward or said.

Made for a list of many projects: whatever stands in the way, the project is shown without.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.errors import SlicelabError
from slicelab.data.dataset_folders import SYNTHETIC
from slicelab.data.store.connection import DATABASE, connect, read_header
from slicelab.data.store.corrections import setting
from slicelab.data.store.runs import removed_runs

if TYPE_CHECKING:
    from pathlib import Path

_CASES = """
    SELECT count(*), coalesce(sum(EXISTS (
        SELECT 1 FROM slice_states s WHERE s.case_id = c.id AND s.state = 'done'
    )), 0) FROM cases c WHERE c.removed = 0"""
_CLASSES = "SELECT value, name FROM classes WHERE removed = 0 ORDER BY value"
_IN_USE = """
    SELECT m.run_id, m.reader_id FROM metrics m JOIN runs r ON r.id = m.run_id WHERE m.reference = 'project'
    GROUP BY m.run_id, m.reader_id
    ORDER BY m.run_id = ? DESC, r.status = 'finished' DESC, r.created DESC, max(m.at) DESC"""
"""The chosen model, or else the newest that was trained to its end, as the window opens the project."""
_READERS_SINCE = 5
"""The version that measures against a reader; older ones say so once they were opened."""
_ROWS = """
    SELECT c.name, m.class_value, m.dice, m.in_pool, m.trained_on, i.notes FROM metrics m
    JOIN cases c ON c.id = m.case_id AND c.removed = 0
    JOIN images i ON i.case_id = c.id AND i.id = (SELECT min(id) FROM images WHERE case_id = c.id)
    WHERE m.run_id = ? AND m.reader_id = ? AND m.reference = 'project' AND m.at = (
        SELECT max(o.at) FROM metrics o WHERE o.run_id = m.run_id AND o.reader_id = m.reader_id
        AND o.case_id = m.case_id AND o.reference = 'project')"""


@dataclass(frozen=True)
class MeasuredRow:
    """One class of one case, as it was measured last against the reader whose labels were measured last.

    Attributes:
        case: its name.
        value: of the class.
        dice: None where the class is on neither side.
        in_pool: whether the pretraining saw the case's patient.
        trained_on: whether the model met labels of the patient.
        synthetic: whether the volume was computed.

    """

    case: str
    value: int
    dice: float | None
    in_pool: bool
    trained_on: bool
    synthetic: bool


@dataclass(frozen=True)
class Glance:
    """What a list of projects says of one.

    Attributes:
        cases: how many it has.
        begun: of those, how many have a slice that is done.
        classes: value to name.
        model: of the runs that were measured, the one in use when the project is opened; "" where none was.
        measured: its rows.

    """

    cases: int
    begun: int
    classes: dict[int, str]
    model: str
    measured: tuple[MeasuredRow, ...]


def glance(folder: Path, chosen: str) -> Glance | None:
    """Look at a project; None where it cannot be read at once.

    Args:
        folder: the project's.
        chosen: the project's setting that names the model a person chose to use.

    """
    try:
        header = read_header(folder)
        if header.newer:
            return None
        with closing(connect(folder / DATABASE, read_only=True)) as connection:
            connection.execute("PRAGMA busy_timeout = 0")
            cases, begun = connection.execute(_CASES).fetchone()
            classes = {int(value): str(name) for value, name in connection.execute(_CLASSES)}
            gone = removed_runs(connection)
            first = setting(connection, chosen) or ""
            known = connection.execute(_IN_USE, (first,)) if header.version >= _READERS_SINCE else ()
            model, reader = next(((str(run), int(by)) for run, by in known if run not in gone), ("", 0))
            rows = connection.execute(_ROWS, (model, reader)).fetchall() if model else []
    except (SlicelabError, sqlite3.Error, OSError):
        return None
    measured = tuple(
        MeasuredRow(str(case), int(value), dice, bool(pool), bool(trained), SYNTHETIC in str(notes))
        for case, value, dice, pool, trained, notes in rows
        if int(value) in classes
    )
    return Glance(int(cases), int(begun), classes, model, measured)
