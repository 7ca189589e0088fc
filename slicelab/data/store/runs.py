"""Runs, the cases they used, what they predicted and how that was measured."""

from __future__ import annotations

import time
from dataclasses import astuple, replace
from typing import TYPE_CHECKING, Any

from slicelab.core.errors import SlicelabError, UnknownNameError
from slicelab.data.store.cases import next_id
from slicelab.data.store.records import MetricRecord, PredictionRecord, RunCase, RunMember, RunRecord

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from slicelab.data.store.records import RunStatus
    from slicelab.data.store.writer import Transaction

_RUN = "SELECT id, kind, created, status, preset, init, method, job, finished, message FROM runs"
_REMOVED = "removed run "
_METRIC = (
    "SELECT run_id, case_id, class_value, dice, hd95_mm, assd_mm, volume_ml, reference_volume_ml, slices, of_slices, "
    "trained_on, in_pool, reference, at"
)
_FIRST_READER = "(SELECT min(id) FROM readers)"


def runs(connection: sqlite3.Connection) -> tuple[RunRecord, ...]:
    """All runs, oldest first."""
    return tuple(RunRecord(*row) for row in connection.execute(f"{_RUN} ORDER BY length(id), id"))


def run(connection: sqlite3.Connection, run_id: str) -> RunRecord:
    """One run.

    Raises:
        UnknownNameError: there is none of this id.

    """
    row = connection.execute(f"{_RUN} WHERE id = ?", (run_id,)).fetchone()
    if row is None:
        raise UnknownNameError(f"The project has no run {run_id}.", typed="`slicelab runs` lists them.")
    return RunRecord(*row)


def removed_runs(connection: sqlite3.Connection) -> dict[str, bool]:
    """Ids of the runs that were taken out, and whether their files are gone for good.

    Kept among the project's facts (``meta``), since a run's row is never changed by hiding it.
    """
    rows = connection.execute("SELECT key, value FROM meta WHERE key LIKE ? || '%'", (_REMOVED,))
    return {str(key).removeprefix(_REMOVED): value == "deleted" for key, value in rows}


def set_removed(transaction: Transaction, run_ids: Sequence[str], *, removed: bool) -> None:
    """Take runs out of the lists, or back in; nothing is deleted.

    Raises:
        UnknownNameError: there is no such run.
        SlicelabError: it was deleted for good.

    """
    gone = removed_runs(transaction.connection)
    for run_id in run_ids:
        run(transaction.connection, run_id)
        if gone.get(run_id):
            raise SlicelabError(f"Run {run_id} was deleted for good.", "Start it again.")
        _say_removed(transaction, run_id, "removed" if removed else None)


def delete_run(transaction: Transaction, run_id: str) -> None:
    """Forget what a removed run predicted; its files are the caller's to delete.

    Its row stays, so that its id is never given out again and what it had seen is still known.

    Raises:
        SlicelabError: it was not removed before.

    """
    if run_id not in removed_runs(transaction.connection):
        raise SlicelabError("Only a run that was removed can be deleted.", "Remove it first.")
    transaction.execute("DELETE FROM predictions WHERE run_id = ?1 OR model_run = ?1", (run_id,))
    _say_removed(transaction, run_id, "deleted")


def _say_removed(transaction: Transaction, run_id: str, word: str | None) -> None:
    transaction.execute("DELETE FROM meta WHERE key = ?", (_REMOVED + run_id,))
    if word is not None:
        transaction.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (_REMOVED + run_id, word))


def start_run(
    transaction: Transaction, kind: str, preset: str, init: str | None, method: str | None, members: Sequence[RunMember]
) -> RunRecord:
    """Give out an id and note which cases the run will use.

    Raises:
        UnknownNameError: ``init`` is not a run of this project.

    """
    if init is not None:
        run(transaction.connection, init)
    run_id = next_id(transaction, "runs", "r")
    transaction.execute(
        "INSERT INTO runs (id, kind, created, status, preset, init, method) VALUES (?, ?, ?, 'running', ?, ?, ?)",
        (run_id, kind, time.time(), preset, init, method),
    )
    transaction.connection.executemany(
        "INSERT INTO run_cases (run_id, case_id, role, slices) VALUES (?, ?, ?, ?)",
        [(run_id, member.case_id, member.role, member.slices) for member in members],
    )
    return run(transaction.connection, run_id)


def set_run_job(transaction: Transaction, run_id: str, job: str) -> RunRecord:
    """Note the job as JSON.

    Raises:
        UnknownNameError: there is no such run.

    """
    transaction.execute("UPDATE runs SET job = ? WHERE id = ?", (job, run_id))
    return run(transaction.connection, run_id)


def finish_run(transaction: Transaction, run_id: str, status: RunStatus, message: str | None) -> RunRecord:
    """Note how a run ended; with ``running`` that it goes on after all.

    A model that goes on becomes another one: the masks of the one it was, and what was measured on them, are forgotten.

    Raises:
        UnknownNameError: there is no such run.

    """
    finished = None if status == "running" else time.time()
    if status == "running":
        transaction.execute("DELETE FROM predictions WHERE model_run = ?", (run_id,))
        transaction.execute("DELETE FROM metrics WHERE run_id = ?", (run_id,))
        transaction.execute("DELETE FROM corrections WHERE model_run = ?", (run_id,))
    transaction.execute(
        "UPDATE runs SET status = ?, finished = ?, message = ? WHERE id = ?", (status, finished, message, run_id)
    )
    return run(transaction.connection, run_id)


def run_cases(connection: sqlite3.Connection, run_id: str) -> tuple[RunCase, ...]:
    """The cases a run used."""
    rows = connection.execute(
        "SELECT run_id, case_id, role, slices FROM run_cases WHERE run_id = ? ORDER BY role, length(case_id), case_id",
        (run_id,),
    )
    return tuple(RunCase(*row) for row in rows)


def metrics(connection: sqlite3.Connection, run_id: str | None) -> tuple[MetricRecord, ...]:
    """What was measured, of one run or of all."""
    known = connection.execute("SELECT 1 FROM pragma_table_info('metrics') WHERE name = 'reader_id'").fetchone()
    rows = connection.execute(
        f"{_METRIC}, {'reader_id' if known else _FIRST_READER} FROM metrics WHERE ?1 IS NULL OR run_id = ?1 "
        "ORDER BY run_id, case_id, class_value, reference, 15",
        (run_id,),
    )
    return tuple(_metric(row) for row in rows)


def add_metrics(transaction: Transaction, measured: Sequence[MetricRecord]) -> None:
    """Write measurements; a newer one of the same run, case, class, kind of reference and reader replaces the older."""
    transaction.connection.executemany(
        f"INSERT OR REPLACE INTO metrics VALUES ({', '.join('?' * 15)})", [astuple(one) for one in measured]
    )


def predictions(connection: sqlite3.Connection, run_id: str | None) -> tuple[PredictionRecord, ...]:
    """Predicted masks, of one predicting run or of all, oldest first."""
    rows = connection.execute(
        "SELECT run_id, model_run, case_id, path, sha256, at FROM predictions WHERE ?1 IS NULL OR run_id = ?1 "
        "ORDER BY at, run_id, case_id",
        (run_id,),
    )
    return tuple(PredictionRecord(*row) for row in rows)


def add_prediction(transaction: Transaction, made: PredictionRecord) -> None:
    """Note a predicted mask; the same run's older one of the case is replaced."""
    transaction.execute("INSERT OR REPLACE INTO predictions VALUES (?, ?, ?, ?, ?, ?)", astuple(made))


def _metric(row: tuple[Any, ...]) -> MetricRecord:
    measured = MetricRecord(*row)
    return replace(measured, trained_on=bool(measured.trained_on), in_pool=bool(measured.in_pool))
