"""Readers of the open project in the window: what each has done, who labelled a slice, how far two agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from slicelab.app.tasks import Tasks
    from slicelab.engine.people import Hand, ReaderWork
    from slicelab.engine.session import Session


class ReaderDesk(QObject):
    """Asks the session, after the edits that were handed in before."""

    listed = Signal(tuple)
    hands_known = Signal(str, object)
    compared = Signal(str, object)
    seen = Signal(str, str, object)
    there = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks

    def refresh(self, case_id: str | None, *, listing: bool) -> None:
        """Look again at who labelled what of a case, and in the whole project where it is to be listed.

        Slices have a name only where several label. The list takes 0.2 s in a large project: not after each stroke.
        """
        readers = self._session.readers

        def look() -> tuple[tuple[ReaderWork, ...] | None, dict[int, tuple[Hand, ...]]]:
            several = len(readers.names()) > 1
            hands = readers.hands(case_id) if several and case_id is not None else {}
            return readers.work() if listing else None, hands

        def done(found: tuple[tuple[ReaderWork, ...] | None, dict[int, tuple[Hand, ...]]]) -> None:
            work, hands = found
            if work is not None:
                self.listed.emit(work)
            if case_id is not None:
                self.hands_known.emit(case_id, hands)

        self._tasks.run("edits", look, done, self.failed.emit, lane="readers")

    def compare(self, case_id: str, one: str, other: str) -> None:
        """See how far two readers agree on a case."""
        readers = self._session.readers
        self._tasks.run(
            "edits",
            lambda: readers.compare(case_id, one, other),
            lambda found: self.compared.emit(case_id, found),
            self.failed.emit,
            lane="two readers",
        )

    def want_seen(self, case_id: str, name: str) -> None:
        """Read what may be seen of another reader's labels of a case."""
        readers = self._session.readers
        self._tasks.run(
            "edits",
            lambda: readers.seen_of(case_id, name),
            lambda stack: self.seen.emit(case_id, name, stack),
            self.failed.emit,
            lane="other reader",
        )

    def have(self, name: str) -> None:
        """See to it that the project has a reader of this name."""
        readers = self._session.readers
        cleaned = " ".join(name.split())

        def call() -> str:
            return cleaned if cleaned in readers.names() else readers.add(cleaned)

        self._tasks.run("edits", call, self.there.emit, self.failed.emit)
