"""A look at a project that is not open: a few rows, read past its lock; nothing is waited for, brought forward or said.

Made for a list of many projects: whatever stands in the way, the project is shown without.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import SlicelabError
from slicelab.data.dataset_folders import SYNTHETIC
from slicelab.data.store import cases, labels, schema
from slicelab.data.store.connection import DATABASE, connect
from slicelab.data.store.corrections import setting
from slicelab.data.store.runs import removed_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.core.labels import LabelClass
    from slicelab.data.store.records import CaseRecord, ImageRecord

_CASES = """
    SELECT count(*), coalesce(sum(EXISTS (
        SELECT 1 FROM slice_states s WHERE s.case_id = c.id AND s.state = 'done'
    )), 0) FROM cases c WHERE c.removed = 0"""
_CLASSES = "SELECT value, name FROM classes WHERE removed = 0 ORDER BY value"
_MODELS = """
    SELECT id FROM runs WHERE kind = 'finetune' ORDER BY id = ? DESC, status = 'finished' DESC, created DESC"""
"""The one in use first: the chosen model, or else the newest that was trained to its end, as the window opens it."""
_READERS = """
    SELECT reader_id FROM metrics WHERE run_id = ? AND reference = 'project' GROUP BY reader_id ORDER BY max(at) DESC"""
_READERS_SINCE = 5
"""The version that measures against a reader; older ones say so once they were opened."""
_ROWS = """
    WITH RECURSIVE chain(id, init) AS (
        SELECT id, init FROM runs WHERE id = ?1 UNION SELECT r.id, r.init FROM runs r JOIN chain ON r.id = chain.init
    ), met(patient_id, role) AS (
        SELECT k.patient_id, u.role FROM run_cases u JOIN chain ON chain.id = u.run_id JOIN cases k ON k.id = u.case_id
    )
    SELECT c.name, m.class_value, m.dice,
        m.in_pool OR EXISTS (SELECT 1 FROM met WHERE met.patient_id = c.patient_id AND role = 'pool'),
        m.trained_on OR EXISTS (SELECT 1 FROM met WHERE met.patient_id = c.patient_id AND role IN ('train', 'val')),
        i.notes FROM metrics m
    JOIN cases c ON c.id = m.case_id AND c.removed = 0
    JOIN images i ON i.case_id = c.id AND i.id = (SELECT min(id) FROM images WHERE case_id = c.id)
    WHERE m.run_id = ?1 AND m.reader_id = ?2 AND m.reference = 'project' AND m.at = (
        SELECT max(o.at) FROM metrics o WHERE o.run_id = m.run_id AND o.reader_id = m.reader_id
        AND o.case_id = m.case_id AND o.reference = 'project')"""
"""What the model met of a patient is looked up anew: two patients may have turned out to be one since then."""


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
        model: the one in use when the project is opened; "" where there is none.
        measured: its rows; none where it was not measured.

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
        with _reading(folder) as (connection, version):
            count, begun = connection.execute(_CASES).fetchone()
            classes = {int(value): str(name) for value, name in connection.execute(_CLASSES)}
            gone = removed_runs(connection)
            first = setting(connection, chosen) or ""
            model = next((str(run) for (run,) in connection.execute(_MODELS, (first,)) if run not in gone), "")
            readers = connection.execute(_READERS, (model,)) if version >= _READERS_SINCE else ()
            reader = next((int(by) for (by,) in readers), None)
            rows = [] if reader is None else connection.execute(_ROWS, (model, reader)).fetchall()
    except (SlicelabError, sqlite3.Error, OSError):
        return None
    measured = tuple(
        MeasuredRow(str(case), int(value), dice, bool(pool), bool(trained), SYNTHETIC in str(notes))
        for case, value, dice, pool, trained, notes in rows
        if int(value) in classes
    )
    return Glance(int(count), int(begun), classes, model, measured)


@dataclass(frozen=True, eq=False)
class SeenSlice:
    """A slice that a project is known by, with what is painted on it.

    Attributes:
        case: its case.
        image: the image that is labelled.
        index: in the stack; None where nothing is painted, and any slice will do.
        mask: ``(row, column)`` uint8, values of classes in use; None where nothing is painted.
        classes: those in use.

    """

    case: CaseRecord
    image: ImageRecord
    index: int | None
    mask: npt.NDArray[np.uint8] | None
    classes: tuple[LabelClass, ...]


def seen_slice(folder: Path, case_id: str | None, reader: str | None) -> SeenSlice | None:
    """The slice with most on it of a case; None where the project has none or cannot be read at once.

    Args:
        folder: the project's.
        case_id: the case that was open last; where it is gone or not known, the first.
        reader: whose labels (a name); where there is none of that name, the project's first reader's.

    """
    try:
        with _reading(folder) as (connection, _version):
            there = cases.cases(connection, removed=False)
            case = next((one for one in there if one.id == case_id), there[0] if there else None)
            if case is None:
                return None
            readers = labels.readers(connection)
            by = next((one for one in readers if one.name == reader), readers[0])
            classes = labels.classes(connection)
            image = cases.images(connection, case.id)[0]
            painted = labels.slice_labels(connection, case.id, by.id)
    except (SlicelabError, sqlite3.Error, OSError, IndexError):
        return None
    values = [one.value for one in classes]
    masks = {one.slice: np.where(np.isin(one.mask, values), one.mask, np.uint8(0)) for one in painted}
    fullest = max(masks, key=lambda at: np.count_nonzero(masks[at]), default=None)
    if fullest is None or not masks[fullest].any():
        return SeenSlice(case, image, None, None, classes)
    return SeenSlice(case, image, fullest, masks[fullest], classes)


@contextmanager
def _reading(folder: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """A connection that waits for nobody, and the version of what it reads.

    The file is opened by SQLite alone: closing a handle of our own would drop the locks under which this process may
    just be writing to the same file.

    Raises:
        SlicelabError: it is no project, or of a newer slicelab.
        sqlite3.Error: it cannot be read.

    """
    with closing(connect(folder / DATABASE, read_only=True)) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        ours, version = (
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")
        )
        if ours != schema.APPLICATION_ID or version > schema.newest(schema.MIGRATIONS):
            raise SlicelabError("This folder is no project that this slicelab reads.", "Open it to hear why.")
        yield connection, int(version)
