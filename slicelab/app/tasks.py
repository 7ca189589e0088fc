"""Slow calls off the window's thread; their answers come back on it, and late ones are dropped."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
Queue = Literal[
    "edits", "jobs", "reads", "pictures", "imports", "saves", "measures", "exports", "solids", "devices", "sequences",
    "glances", "recents",
]  # fmt: skip
"""One thread each: edits keep their order, a long measurement never delays a stroke, jobs never wait for either."""


class Tasks(QObject):
    """Runs calls in worker threads and hands results to callbacks in the thread this object lives in.

    Answers carry a generation number per lane: when a newer call of the same lane was made meanwhile (another case
    was clicked), the older answer is dropped.
    """

    failed = Signal(object)
    _answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._generation: defaultdict[str, int] = defaultdict(int)
        self._forgotten = 0
        self._closed = False
        self._answered.connect(lambda deliver: deliver(), Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        queue: Queue,
        call: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[BaseException], object] | None = None,
        *,
        lane: str | None = None,
        lasting: bool = False,
    ) -> None:
        """Run ``call`` after what waits in its queue, then ``done(result)`` or ``failed(error)`` here.

        Without ``failed``, errors are emitted by :attr:`failed`. A ``lasting`` answer comes though all are forgotten.
        """
        if self._closed:
            return
        generation, forgotten = 0, self._forgotten
        if lane is not None:
            self._generation[lane] += 1
            generation = self._generation[lane]

        def deliver(future: Future[T]) -> None:
            stale = lane is not None and generation != self._generation[lane]
            gone = not lasting and forgotten != self._forgotten
            if self._closed or stale or gone or future.cancelled():
                return
            error = future.exception()
            if error is not None:
                (failed or self.failed.emit)(error)
            elif done is not None:
                done(future.result())

        if queue not in self._pools:
            self._pools[queue] = ThreadPoolExecutor(max_workers=1, thread_name_prefix=queue)
        future = self._pools[queue].submit(call)
        future.add_done_callback(lambda finished: self._emit(lambda: deliver(finished)))

    def forget(self, lane: str) -> None:
        """Drop whatever is still to come of a lane."""
        self._generation[lane] += 1

    def forget_all(self) -> None:
        """Drop whatever is still to come of calls that were handed in by now, in a lane or not, but lasting ones."""
        self._forgotten += 1

    def drain(self, queue: Queue = "edits") -> None:
        """Wait until every call that was handed in (of the edits, without another word) is with the session."""
        if queue in self._pools:
            self._pools[queue].submit(lambda: None).result()

    def close(self) -> None:
        """Finish every call that waits (edits among them), and drop the answers."""
        self._closed = True
        for pool in self._pools.values():
            pool.shutdown(wait=True)

    def _emit(self, deliver: Any) -> None:
        if not self._closed:
            self._answered.emit(deliver)
