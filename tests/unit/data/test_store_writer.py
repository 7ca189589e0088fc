"""The writer thread: order, retry, and nothing dropped when the disk refuses."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
import pytest
from store_kit import add_case, mask, new_project, sql, staged_image, stroke, wait_until

from slicelab.core.errors import StorageError
from slicelab.core.labels import Origin
from slicelab.data.store import ProjectStore, SliceChange, cases, failures, writer


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(writer, "LONGEST_WAIT", 0.05)
    monkeypatch.setattr(writer, "READ_PATIENCE", 0.2)


@pytest.fixture
def store(tmp_path: Path):
    with new_project(tmp_path / "study") as opened:
        add_case(opened)
        yield opened


class Reports:
    """What `saving` said."""

    def __init__(self, store: ProjectStore) -> None:
        self.all: list[tuple[int, str | None]] = []
        store.saving.connect(self.note)

    def note(self, pending: int, problem: str | None) -> None:
        self.all.append((pending, problem))

    @property
    def problems(self) -> list[str]:
        return [problem for _, problem in self.all if problem]


def noise(index: int, seed: int) -> SliceChange:
    """A stroke that does not compress: it needs new pages."""
    pixels = np.random.default_rng(seed).integers(0, 250, mask(0).shape).astype(np.uint8)
    return SliceChange(index, None, pixels, {}, {}, Origin.PAINTED)


@pytest.fixture
def store_in_memory(tmp_path: Path):
    """A store on a folder in memory where there is one: for tests of order, not of the disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        with new_project(Path(folder) / "study") as opened:
            add_case(opened)
            yield opened


def test_a_thousand_writes_from_four_threads_are_all_there_in_order(store_in_memory: ProjectStore) -> None:
    store = store_in_memory
    case_ids = ["c0001", *(add_case(store, f"case {k}") for k in range(3))]

    def paint(case_id: str) -> None:
        for value in range(250):
            store.save_edit(case_id, 1, f"stroke {value}", [stroke(value % 6, value)])

    threads = [threading.Thread(target=paint, args=(case_id,)) for case_id in case_ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.pending > 0
    store.close()
    with ProjectStore.open(store.folder) as again:
        for case_id in case_ids:
            assert [e.action for e in again.edits(case_id, 1)] == [f"stroke {value}" for value in range(250)]
            assert [label.mask[0, 0] for label in again.slice_labels(case_id, 1)] == [246, 247, 248, 249, 244, 245]


def test_saving_counts_down_to_nothing(store: ProjectStore) -> None:
    store.readers()
    reports = Reports(store)
    futures = [store.add_time("c0001", 1, 1.0) for _ in range(20)]
    futures[-1].result(10)
    store.readers()
    assert reports.all[-1] == (0, None)
    assert reports.problems == []
    assert max(pending for pending, _ in reports.all) > 1


def test_wrong_write_fails_alone(store: ProjectStore) -> None:
    reports = Reports(store)
    good = store.add_time("c0001", 1, 1.0)
    bad = store.add_time("c0001", 77, 1.0)
    also_good = store.add_time("c0001", 1, 1.0)
    with pytest.raises(sqlite3.IntegrityError):
        bad.result(10)
    assert good.result(10) is None
    assert also_good.result(10) is None
    assert reports.problems == []
    assert store.time_spent()[0].seconds == 2.0


def test_listener_that_fails_stops_nothing_and_the_log_says_where(
    store: ProjectStore, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(pending: int, problem: str | None) -> None:
        raise KeyError("Mustermann")

    store.saving.connect(fail)
    assert store.add_reader("Reader 2").result(10).id == 2
    assert len(store.readers()) == 2
    assert "KeyError" in caplog.text
    assert ", in fail" in caplog.text
    assert "Mustermann" not in caplog.text


def test_full_disk_keeps_every_stroke_until_there_is_space(store: ProjectStore) -> None:
    (pages,) = store._read(lambda c: c.execute("PRAGMA page_count").fetchone())
    store._read(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone())
    reports = Reports(store)
    futures = [store.save_edit("c0001", 1, f"stroke {k}", [noise(k % 6, k)]) for k in range(12)]
    wait_until(lambda: len(reports.problems) >= 3)
    assert reports.all[-1][1] == failures.FULL
    assert store.pending > 0
    assert not futures[-1].done()
    saved = sql(store, "SELECT count(*) FROM edits")[0][0]  # what is saved is whole, and readable by others
    assert saved == sum(future.done() for future in futures) < 12

    def make_space(pending: int, problem: str | None) -> None:
        store._writer._connection.execute("PRAGMA max_page_count = 100000")

    store.saving.connect(make_space)
    assert [future.result(10).action for future in futures] == [f"stroke {k}" for k in range(12)]
    assert reports.all[-1][1] is None
    assert [e.action for e in store.edits("c0001", 1)] == [f"stroke {k}" for k in range(12)]
    assert sql(store, "PRAGMA quick_check") == [("ok",)]


def test_a_command_does_not_wait_for_ever_for_a_full_disk(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as opened:
        add_case(opened)
    with ProjectStore.open(tmp_path / "study", patience=0.05) as store:
        (pages,) = store._read(lambda c: c.execute("PRAGMA page_count").fetchone())
        store._read(lambda c: c.execute(f"PRAGMA max_page_count = {pages + 2}").fetchone())
        futures = [store.save_edit("c0001", 1, f"stroke {k}", [noise(k % 6, k)]) for k in range(12)]
        with pytest.raises(StorageError, match="full"):
            futures[-1].result(10)
        assert store.pending == 0
        saved = [k for k, future in enumerate(futures) if future.exception() is None]
        assert [e.action for e in store.edits("c0001", 1)] == [f"stroke {k}" for k in saved]
        store._read(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchone())
        store.save_edit("c0001", 1, "with space again", [noise(0, 99)]).result(10)


@contextmanager
def no_file_larger_than(size: int):
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.skipif(sys.platform == "win32", reason="limits on file sizes are POSIX")
def test_write_errors_of_the_disk_are_survived_and_the_connection_is_renewed(store: ProjectStore) -> None:
    reports = Reports(store)
    store.readers()
    first = store._writer._connection
    with no_file_larger_than((store.folder / "project.db").stat().st_size):
        futures = [store.save_edit("c0001", 1, f"stroke {k}", [noise(k % 6, k)]) for k in range(12)]
        wait_until(lambda: len(reports.problems) >= 3)
        with pytest.raises(StorageError, match="error") as caught:
            store.cases()
        assert "kept in memory" in caught.value.safe
    assert len({future.result(10).id for future in futures}) == 12
    assert store._writer._connection is not first
    assert [e.action for e in store.edits("c0001", 1)] == [f"stroke {k}" for k in range(12)]
    assert sql(store, "PRAGMA quick_check") == [("ok",)]


@contextmanager
def held_by_another(store: ProjectStore):
    with closing(sqlite3.connect(store.folder / "project.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def test_database_held_by_another_program_is_waited_for(store: ProjectStore) -> None:
    reports = Reports(store)
    store._read(lambda c: c.execute("PRAGMA busy_timeout = 20").fetchone())
    with held_by_another(store):
        future = store.save_edit("c0001", 1, "brush", [stroke(0, 1)])
        wait_until(lambda: len(reports.problems) >= 2)
    assert future.result(10).action == "brush"
    assert set(reports.problems) == {failures.LOCKED}


@pytest.mark.skipif(sys.platform == "win32", reason="an open file's folder cannot be renamed there")
def test_drive_that_goes_away_and_comes_back_loses_nothing(store: ProjectStore) -> None:
    reports = Reports(store)
    store.save_edit("c0001", 1, "before", [stroke(0, 1)]).result(10)
    image = staged_image(store)
    away = store.folder.with_name("away")
    store.folder.rename(away)
    futures = [store.save_edit("c0001", 1, f"stroke {k}", [stroke(k % 6, k)]) for k in range(5)]
    added = store.add_case("second", None, [image])
    wait_until(lambda: len(reports.problems) >= 2)
    assert set(reports.problems) <= {failures.GONE, failures.IO, failures.READ_ONLY}
    away.rename(store.folder)
    for future in futures:
        future.result(10)
    assert added.result(10).id == "c0002"
    assert (store.folder / "volumes" / "c0002.nii").exists()
    assert [e.action for e in store.edits("c0001", 1)] == ["before", *(f"stroke {k}" for k in range(5))]


def test_volume_is_put_back_while_its_row_cannot_be_saved(store: ProjectStore) -> None:
    (pages,) = store._read(lambda c: c.execute("PRAGMA page_count").fetchone())
    store._read(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone())
    reports = Reports(store)
    image = staged_image(store)
    filling = [store.save_edit("c0001", 1, "fill", [noise(s, k) for s in range(6)]) for k in range(6)]
    wait_until(lambda: len(reports.problems) >= 1)
    added = store.add_case("second", None, [image])
    with pytest.raises(StorageError):
        store.close(limit=0.2)
    assert added.done()
    assert filling[-1].done()
    assert image.staged.exists()
    assert not (store.folder / "volumes" / "c0002.nii").exists()


class Unlucky:
    """A connection whose first COMMIT reports an error, after or instead of reaching the disk."""

    def __init__(self, real: sqlite3.Connection, *, lands: bool) -> None:
        self.real, self.lands, self.failed = real, lands, False

    def __getattr__(self, name: str):
        return getattr(self.real, name)

    def execute(self, statement: str, values: tuple = ()):
        if statement != "COMMIT" or self.failed:
            return self.real.execute(statement, values)
        self.failed = True
        if self.lands:
            self.real.execute(statement)
        raise OSError(5, "Input/output error")


@pytest.mark.parametrize("lands", [True, False])
def test_commit_with_a_lost_answer_is_in_the_database_exactly_once(store: ProjectStore, lands: bool) -> None:
    image = staged_image(store)
    store.close()
    connections: list[Unlucky | sqlite3.Connection] = []

    def connect():
        real = sqlite3.connect(store.folder / "project.db", isolation_level=None)
        connections.append(real if connections else Unlucky(real, lands=lands))
        return connections[-1]

    problems: list[str | None] = []
    lone = writer.Writer(connect, lambda pending, problem: problems.append(problem), lambda: None)
    added = lone.write(lambda t: cases.add_case(t, store.folder, "second", None, [image]))
    assert added.result(10).id == "c0002"
    lone.close(5.0)
    assert failures.IO in problems
    assert len(connections) == 2
    assert sql(store, "SELECT id, name FROM cases") == [("c0001", "first"), ("c0002", "second")]
    assert (store.folder / "volumes" / "c0002.nii").read_bytes() == b"voxels"
    assert not image.staged.exists()


def test_close_gives_up_on_a_dead_disk_and_names_what_is_unsaved(store: ProjectStore) -> None:
    store._read(lambda c: c.execute("PRAGMA busy_timeout = 20").fetchone())
    with held_by_another(store):
        futures = [store.save_edit("c0001", 1, "brush", [stroke(0, k)]) for k in range(3)]
        started = time.monotonic()
        with pytest.raises(StorageError, match="3 changes could not be saved"):
            store.close(limit=0.3)
        assert time.monotonic() - started < 3.0
        for future in futures:
            with pytest.raises(StorageError, match="could not be saved"):
                future.result(1)
    with ProjectStore.open(store.folder) as again:
        assert again.edits("c0001", 1) == ()


def test_close_does_not_wait_for_a_disk_that_hangs(store: ProjectStore) -> None:
    release = threading.Event()
    hanging = store._write(lambda transaction: release.wait(30))
    behind = store.add_reader("Reader 2")
    started = time.monotonic()
    with pytest.raises(StorageError, match="2 changes"):
        store.close(limit=0.2)
    assert time.monotonic() - started < 5.0
    with pytest.raises(StorageError):
        behind.result(1)
    assert (store.folder / "project.lock").exists()  # the thread may still write
    release.set()
    assert hanging.result(10)
    wait_until(lambda: not (store.folder / "project.lock").exists())


def test_slow_queue_is_saved_to_its_end_on_closing(store: ProjectStore) -> None:
    for _ in range(10):
        store._write(lambda transaction: time.sleep(0.1))
    last = store.add_reader("Reader 2")
    store.close(limit=0.5)
    assert last.done()


def test_read_does_not_wait_for_a_hanging_disk(store: ProjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer, "HUNG_AFTER", 0.3)
    release = threading.Event()
    store._write(lambda transaction: release.wait(30))
    with pytest.raises(StorageError, match="does not answer"):
        store.cases()
    release.set()
    wait_until(lambda: store.pending == 0)
    assert len(store.cases()) == 1


def test_stroke_is_saved_quickly_and_costs_the_caller_next_to_nothing(store: ProjectStore) -> None:
    called, saved = [], []
    for k in range(60):
        start = time.perf_counter()
        future = store.save_edit("c0001", 1, "brush", [stroke(k % 6, k)])
        called.append(time.perf_counter() - start)
        future.result(10)
        saved.append(time.perf_counter() - start)
    assert np.median(called) < 0.005
    assert np.median(saved) < 0.1  # 1-2 ms on a local disk, 20-25 ms on a slow one


def test_passing_problems_are_told_from_mistakes() -> None:
    assert failures.passing_problem(OSError(28, "No space left on device")) == failures.FULL
    assert failures.passing_problem(PermissionError(13, "Permission denied")) == failures.READ_ONLY
    assert failures.passing_problem(ValueError("a mistake")) is None
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(sqlite3.OperationalError) as caught:
        connection.execute("SELECT * FROM nowhere")
    assert failures.passing_problem(caught.value) is None
    assert os.strerror(28)
