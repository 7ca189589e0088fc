"""The one thread that owns the only connection to ``project.db``.

Reads and writes wait in one queue, first in, first out, so that one reads what one wrote. A write is one
transaction. A write that fails for a reason that may pass (disk full, locked, drive gone) is rolled back and tried
again, ever more slowly, and everything behind it waits: nothing is dropped and nothing overtakes. A write that is
wrong fails alone, in its Future.
"""

from __future__ import annotations

import logging
import queue
import sqlite3
import threading
import time
import uuid
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from slicelab.core.defects import outline
from slicelab.core.errors import SlicelabError, StorageError
from slicelab.data.store.failures import FULL, GONE, LOCKED, NotConnectedError, as_storage_error, passing_problem

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_LOG = logging.getLogger(__name__)
FIRST_WAIT, LONGEST_WAIT = 0.1, 5.0  # seconds between attempts, doubled each time
READ_PATIENCE = 1.0  # seconds a read waits while saving is in trouble
HUNG_AFTER = 10.0  # seconds after which a call into the disk counts as hanging


class Transaction:
    """What a write works with: the connection, and what to take back beside the database if it fails."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self._undo: list[Callable[[], None]] = []

    def execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Run one statement."""
        return self.connection.execute(sql, parameters)

    def on_rollback(self, undo: Callable[[], None]) -> None:
        """Run ``undo`` if this transaction does not happen, last one first."""
        self._undo.append(undo)

    def take_back(self) -> None:
        """Undo what was done beside the database."""
        while self._undo:
            self._undo[-1]()
            self._undo.pop()


@dataclass(eq=False)
class _Work(Generic[T]):
    future: Future[T]
    write: Callable[[Transaction], T] | None = None
    read: Callable[[sqlite3.Connection], T] | None = None
    token: str = field(default_factory=lambda: uuid.uuid4().hex)


class Writer:
    """Owns the thread.

    Args:
        connect: opens the connection; called in the thread, and again after a failure that may have broken it.
        on_saving: told ``(writes not yet saved, problem or None)`` from the thread.
        on_end: called by the thread when it has let go of the database, however late that is.
        patience: seconds after which a write that cannot be saved is given up, its Future saying why; None: never.

    Raises:
        SlicelabError: the first ``connect`` failed.

    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        on_saving: Callable[[int, str | None], None],
        on_end: Callable[[], None],
        patience: float | None = None,
    ) -> None:
        self._connect = connect
        self._on_saving = on_saving
        self._on_end = on_end
        self._patience = patience
        self._connection: sqlite3.Connection | None = None
        self._queue: queue.SimpleQueue[_Work[Any] | None] = queue.SimpleQueue()
        self._count_lock = threading.Lock()
        self._pending = 0
        self._closing = False
        self._give_up = threading.Event()
        self._problem: str | None = None
        self._busy_since: float | None = None
        opened: Future[None] = Future()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="slicelab-store", daemon=True)
        self._thread.start()
        opened.result()

    @property
    def pending(self) -> int:
        """Writes not yet saved."""
        return self._pending

    def write(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Queue a write; its Future holds the result once it is safely on the disk."""
        future: Future[T] = Future()
        future.set_running_or_notify_cancel()  # a queued change cannot be cancelled, only undone
        with self._count_lock:
            self._refuse_when_closed()
            self._pending += 1
            self._queue.put(_Work(future, write=work))
        return future

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Answer a question after all that was queued before.

        Raises:
            StorageError: the disk does not answer, or saving is in trouble and the answer would have to wait for it.

        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("the store is being read from its own thread")
        future: Future[T] = Future()
        with self._count_lock:
            self._refuse_when_closed()
            self._queue.put(_Work(future, read=work))
        asked = time.monotonic()
        while True:
            try:
                return future.result(timeout=0.1)
            except TimeoutError:
                if future.done():
                    continue
                now, busy = time.monotonic(), self._busy_since
                hung = busy is not None and now - busy > HUNG_AFTER
                stuck = self._problem is not None and now - asked > READ_PATIENCE
                if hung or stuck:
                    future.cancel()
                    raise self._waiting() from None

    def close(self, limit: float) -> None:
        """Save all that is queued, then end the thread.

        Args:
            limit: seconds to wait without any write getting through.

        Raises:
            StorageError: the disk did not take some changes; says how many.

        """
        with self._count_lock:
            if not self._closing:
                self._closing = True
                self._queue.put(None)
        if threading.current_thread() is self._thread:
            return
        left, since = self._pending, time.monotonic()
        while self._thread.is_alive() and time.monotonic() - since < limit:
            self._thread.join(0.05)
            if self._pending != left:
                left, since = self._pending, time.monotonic()
        self._give_up.set()
        self._thread.join(1.0)
        if self._thread.is_alive():
            self._refuse_queued()
        if self._pending:
            raise unsaved(self._pending, self._problem)

    def _refuse_queued(self) -> None:
        """The thread hangs in the disk: answer those who wait behind it."""
        with suppress(queue.Empty):
            while True:
                work = self._queue.get_nowait()
                if work is not None and not work.future.done():
                    work.future.set_exception(unsaved(self._pending, self._problem))
        self._queue.put(None)

    def _refuse_when_closed(self) -> None:
        if self._closing:
            raise StorageError("The project is closed.", "Open it again.")

    def _waiting(self) -> StorageError:
        return StorageError(
            self._problem or "The project's disk does not answer.",
            "Saving goes on by itself as soon as the disk answers.",
            safe=f"{self._pending} changes are kept in memory." if self._pending else "Nothing was changed.",
        )

    # Below: in the thread.

    def _run(self, opened: Future[None]) -> None:
        try:
            self._connection = self._connect()
        except BaseException as error:
            opened.set_exception(error)
            return
        opened.set_result(None)
        del opened
        try:
            while (work := self._queue.get()) is not None:
                self._busy_since = time.monotonic()
                (self._answer if work.read else self._save)(work)
                self._busy_since = None
        finally:
            self._disconnect()
            self._on_end()

    def _answer(self, work: _Work[Any]) -> None:
        assert work.read is not None
        if not work.future.set_running_or_notify_cancel():
            return
        for last in (False, True):
            try:
                result = work.read(self._connected())
            except BaseException as error:
                if not last and passing_problem(error):
                    self._disconnect()  # a drive that was gone and came back leaves the old connection useless
                    continue
                self._settle(work, error=as_storage_error(error))
            else:
                self._settle(work, result)
            return

    def _save(self, work: _Work[Any]) -> None:
        self._report(self._problem)
        attempt = _Attempt(work)
        wait = FIRST_WAIT
        begun = time.monotonic()
        while not self._give_up.is_set():
            self._busy_since = time.monotonic()
            try:
                result = attempt.run(self._connected())
            except BaseException as error:
                problem = passing_problem(error)
                if problem is None:
                    self._done(work, error=as_storage_error(error))
                    return
                _LOG.warning("saving failed and will be tried again: %s", problem)
                if problem not in (FULL, LOCKED):  # these pass without a new connection
                    self._disconnect()
            else:
                self._done(work, result)
                return
            self._busy_since = None
            self._report(problem)
            if self._patience is not None and time.monotonic() - begun > self._patience:
                self._give_up_on(work, attempt)
                with self._count_lock:
                    self._pending -= 1  # whoever asked for it has been told
                return
            self._give_up.wait(wait)
            wait = min(2 * wait, LONGEST_WAIT)
        if self._give_up_on(work, attempt):
            with self._count_lock:
                self._pending -= 1

    def _give_up_on(self, work: _Work[Any], attempt: _Attempt[Any]) -> bool:
        """The last word on a write that the disk did not take; it may be saved after all."""
        try:
            landed = attempt.doubtful and attempt.landed(self._connected())
        except Exception as error:  # cannot be told: a moved volume stays where its row, if there is one, expects it
            _LOG.warning("a change could not be saved: %s", type(error).__name__)
            landed = False
        if landed:
            self._settle(work, attempt.result)
        else:
            self._settle(work, error=unsaved(1, self._problem))
        return landed

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            try:
                self._connection = self._connect()
            except SlicelabError as error:
                raise NotConnectedError(error.message) from error
        return self._connection

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _done(self, work: _Work[Any], result: object = None, error: BaseException | None = None) -> None:
        with self._count_lock:
            self._pending -= 1
        self._settle(work, result, error)
        self._report(None)

    @staticmethod
    def _settle(work: _Work[Any], result: object = None, error: BaseException | None = None) -> None:
        with suppress(InvalidStateError):
            if error is None:
                work.future.set_result(result)
            else:
                work.future.set_exception(error)

    def _report(self, problem: str | None) -> None:
        self._problem = problem
        try:
            self._on_saving(self._pending, problem)
        except Exception as error:
            _LOG.error("a listener of `saving` failed: %s", outline(error))


class _Attempt(Generic[T]):
    """One write, tried until it is in the database exactly once.

    A commit can reach the disk although its answer is lost. Each write therefore leaves its token in the same
    transaction, and is looked for before it is done again.
    """

    def __init__(self, work: _Work[T]) -> None:
        assert work.write is not None
        self._write = work.write
        self._token = work.token
        self._committing: tuple[Transaction, T] | None = None

    @property
    def doubtful(self) -> bool:
        """Whether a commit failed, or seemed to."""
        return self._committing is not None

    @property
    def result(self) -> T:
        """What the write that was being committed returned."""
        assert self._committing is not None
        return self._committing[1]

    def run(self, connection: sqlite3.Connection) -> T:
        """Do it, or find it done.

        Raises:
            Exception: whatever went wrong; the database is as before, unless :attr:`doubtful`.

        """
        if self.doubtful and self.landed(connection):
            return self.result
        transaction = Transaction(connection)
        try:
            connection.execute("BEGIN IMMEDIATE")
            result = self._write(transaction)
            connection.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('last_write', ?)", (self._token,))
            self._committing = transaction, result
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # so there was no commit, whatever becomes of the rollback: a new connection
                self._committing = None  # finds the journal and completes it
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            if not self.doubtful:
                _put_back(transaction)
            raise
        return result

    def landed(self, connection: sqlite3.Connection) -> bool:
        """Whether the doubtful commit happened; if not, what was moved for it is put back.

        Raises:
            sqlite3.Error, OSError: it cannot be told now.

        """
        row = connection.execute("SELECT value FROM meta WHERE key = 'last_write'").fetchone()
        if row is not None and row[0] == self._token:
            return True
        if self._committing is not None:
            self._committing[0].take_back()
            self._committing = None
        return False


def _put_back(transaction: Transaction) -> None:
    try:
        transaction.take_back()
    except OSError as error:
        _LOG.warning("a moved volume could not be put back: %s", type(error).__name__)


def unsaved(count: int, problem: str | None) -> StorageError:
    """The error for changes that did not reach the disk."""
    what = "1 change" if count == 1 else f"{count} changes"
    return StorageError(
        f"{what} could not be saved: {problem or GONE}",
        "Make sure the disk is there and has space.",
        safe="Everything saved before is safe.",
    )
