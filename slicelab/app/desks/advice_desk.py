"""What a network makes of the slices and which to label: asked of the session, off the window's thread."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.core.choices import Choice

if TYPE_CHECKING:
    from slicelab.app.tasks import Tasks
    from slicelab.data.look import Look
    from slicelab.engine.advising import CaseAdvice, SliceMap
    from slicelab.engine.session import Session
    from slicelab.engine.suggesting import Suggestion
    from slicelab.engine.views import SlicePictures

_SIDE, _KEPT = 128, 32
"""Pixels along an edge of a slice's small picture; cases whose pictures are kept, about 0.5 MB each."""


class AdviceDesk(QObject):
    """Asks for looks, the map and suggestions; notes which were followed."""

    look_ready = Signal(object)
    map_ready = Signal(object)
    first_ready = Signal(object)
    next_ready = Signal(object)
    pictures_ready = Signal(str, object)
    after_known = Signal(bool)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._pictures: OrderedDict[str, SlicePictures] = OrderedDict()
        self._reading: set[str] = set()
        self._glanced = ""
        agenda = session.agenda
        tasks.run("measures", lambda: agenda.map_after, self.after_known.emit, self.failed.emit)

    def look(self, run: str | None) -> None:
        """Read the last look inside a run; None for the latest pretraining that left one."""
        session = self._session

        def call() -> Look | None:
            runs = [one.id for one in session.runs() if one.kind == "pretrain"] if run is None else [run]
            return next((found for one in reversed(runs) if (found := session.advice.look(one)) is not None), None)

        self._tasks.run("measures", call, self.look_ready.emit, self.failed.emit, lane="look")

    def map(self) -> None:
        """Read the map, and the cases to label first."""
        session = self._session

        def call() -> SliceMap | None:
            return session.advice.map()

        self._tasks.run("measures", call, self.map_ready.emit, self.failed.emit, lane="map")
        self.first()

    def first(self) -> None:
        """Work out the cases to label first."""
        session = self._session

        def call() -> Suggestion | None:
            return session.advice.first()

        self._tasks.run("measures", call, self.first_ready.emit, self.failed.emit, lane="first")

    def next(self, case_id: str) -> None:
        """Work out which slices of a case to label next."""
        session = self._session

        def call() -> CaseAdvice:
            return session.advice.next_of(case_id)

        self._tasks.run("measures", call, self.next_ready.emit, self.failed.emit, lane="next")

    def glance(self, case_id: str) -> None:
        """Read the small pictures of a case's slices; of a case that is passed over on the way, nothing is read."""
        session, known = self._session, self._pictures.get(case_id)
        self._glanced = case_id
        if known is not None:
            self._pictures.move_to_end(case_id)
            self.pictures_ready.emit(case_id, known)
            return
        if case_id in self._reading:
            return
        self._reading.add(case_id)

        def call() -> SlicePictures | None:
            return session.slice_pictures(case_id, _SIDE) if self._glanced == case_id else None

        def done(found: SlicePictures | None) -> None:
            self._reading.discard(case_id)
            if found is not None:
                self._pictures[case_id] = found
                while len(self._pictures) > _KEPT:
                    self._pictures.popitem(last=False)
                self.pictures_ready.emit(case_id, found)
            elif self._glanced == case_id:
                self.glance(case_id)  # passed over, and come back to

        # A damaged volume is told of when its case is opened.
        self._tasks.run("glances", call, done, lambda _error: self._reading.discard(case_id))

    def forget_pictures(self, case_id: str) -> None:
        """A case is looked at with another window from now on, once that is handed in."""
        self._tasks.run("edits", lambda: None, lambda _: self._pictures.pop(case_id, None), self.failed.emit)

    def follow(self, case_id: str, index: int, choice: str, why: str) -> None:
        """A suggestion is followed: noted before whatever is painted next."""
        session = self._session
        self._tasks.run(
            "edits",
            lambda: session.advice.follow(case_id, index, Choice(choice), why),
            None,
            self.failed.emit,
        )

    def map_after(self, on: bool) -> None:
        """Let a map follow each pretraining, or not."""
        agenda = self._session.agenda
        self._tasks.run("jobs", lambda: agenda.set_map_after(on), None, self.failed.emit)
