"""Labels of the open case: strokes in, states and undo words out. Edits keep their order and never block the window."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from slicelab.app.words import plural
from slicelab.core.errors import SlicelabError
from slicelab.core.labels import Origin, SliceState
from slicelab.core.slices import LedgerCount, Overall, newly_finished, overall
from slicelab.engine.label_book import Drawn, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from slicelab.app.tasks import Tasks
    from slicelab.core.drawing.mend import Mend
    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.slices import States
    from slicelab.data.store.records import EditRecord
    from slicelab.engine.accepting import Taken
    from slicelab.engine.label_book import UndoResult
    from slicelab.engine.session import Session

    Masks = dict[int, npt.NDArray[np.uint8]]

_IDLE_S = 20.0
_WORTH_S = 1.0
"""A case only passed through is not worked on."""


class ActivityClock:
    """Labelling time: pauses longer than 20 s do not count."""

    def __init__(self) -> None:
        self._last: float | None = None

    def spent(self, now: float) -> float:
        """Seconds since the last activity, at most the idle limit."""
        before, self._last = self._last, now
        return 0.0 if before is None else min(now - before, _IDLE_S)


def next_needed(states: Sequence[States], class_values: tuple[int, ...], start: int, step: int) -> int | None:
    """The next slice that is not done, going round; None if all are.

    Args:
        states: per slice, class value to state.
        class_values: the project's classes.
        start: where one is; not itself a candidate.
        step: 1 upwards, -1 downwards.

    """
    count = len(states)
    for offset in range(1, count):
        at = (start + step * offset) % count
        if overall(states[at], class_values) is not Overall.DONE:
            return at
    return None


def count_states(states: Sequence[States], class_values: tuple[int, ...]) -> LedgerCount:
    """How far a case is."""
    count = LedgerCount()
    for known in states:
        count = count.plus(overall(known, class_values))
    return count


def drafts(states: Sequence[States], class_values: tuple[int, ...]) -> list[int]:
    """Slices that wait for confirmation."""
    return [at for at, known in enumerate(states) if overall(known, class_values) is Overall.DRAFT]


class LabelDesk(QObject):
    """Hands edits of one case to the session."""

    states_changed = Signal(str, tuple)
    masks_changed = Signal(str, tuple, object)
    anchors_changed = Signal(str, tuple)
    undo_changed = Signal(object, object)
    answered = Signal(str)
    case_finished = Signal(str)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks
        self._clock = ActivityClock()
        self._case: str | None = None
        self._looked = 0.0
        self._edited = False
        self._changing = 0

    def attend(self, case_id: str) -> None:
        """Work on this case from now on."""
        self.leave()
        self._case = case_id
        self._clock = ActivityClock()
        self._clock.spent(time.monotonic())
        self._refresh_undo(case_id)
        session = self._session
        self._tasks.run(
            "edits",
            lambda: session.labels.anchors(case_id),
            lambda known: self.anchors_changed.emit(case_id, known),
            self.failed.emit,
            lane="anchors",
        )

    def look(self) -> None:
        """The person looks through the case: that is work on it once something is edited, and counted to that."""
        self._looked += self._clock.spent(time.monotonic())

    def leave(self) -> None:
        """The case is left: what was looked since the last edit is counted to it; nothing where nothing was edited."""
        case_id, seconds, session = self._case, self._looked if self._edited else 0.0, self._session
        self._looked, self._edited = 0.0, False
        if case_id is not None and seconds >= _WORTH_S and not session.read_only:
            self._tasks.run(
                "edits",
                lambda: session.upkeep.spend(case_id, seconds),
                lambda saved: self._tasks.run("saves", saved.result, None, self.failed.emit),
                self.failed.emit,
            )

    def _spent(self) -> float:
        """Seconds of work since the last edit."""
        seconds, self._looked = self._looked + self._clock.spent(time.monotonic()), 0.0
        self._edited = True
        return seconds

    def stroke(self, masks: Masks, action: str, before: Masks) -> None:
        """A finished stroke: the touched slices' masks as they are and as they were, copied by the caller."""
        case_id, seconds = self._case, self._spent()
        if case_id is None:
            return
        session = self._session
        # Painted while an undo (or a mending) was on its way: its answer may overwrite the picture, so the stroke
        # is told again after it.
        again = frozenset(masks if self._changing else ())

        def call() -> Drawn:
            saved = session.labels.edit_slices(case_id, masks, action, seconds=seconds, before=before)
            labels = session.labels.stack(case_id)
            # The labels had changed under the pen, by a mask that was being imported: the picture does not show it yet.
            others = {at for at, mask in masks.items() if not np.array_equal(labels[at], mask)}
            return Drawn(tuple(sorted(again | others)), saved)

        self._edit(case_id, call)

    def accept(self, taken: Taken) -> None:
        """Take a model's masks of slices into the labels, as drafts that remember where they came from."""
        case_id, seconds = self._case, self._spent()
        if case_id is None or not taken.masks:
            return
        session = self._session
        self._edit(
            case_id,
            lambda: Drawn(
                tuple(taken.masks),
                session.labels.edit_slices(
                    case_id,
                    taken.masks,
                    taken.action,
                    seconds=seconds,
                    origin=Origin.ACCEPTED,
                    origin_run=taken.run,
                    silent_on=taken.silent_on,
                ),
            ),
        )

    def mend(self, value: int, mend: Mend, mm: float, slices: Sequence[int] | None, rule: DrawRule) -> None:
        """Mend a class on slices (None: on all that have it)."""
        self._draw(
            lambda session, case_id, seconds: session.labels.mend(
                case_id, value, mend, mm=mm, slices=slices, rule=rule, seconds=seconds
            )
        )

    def copy(self, target: int, source: int, rule: DrawRule) -> None:
        """Put one slice's outlines on another."""
        self._draw(
            lambda session, case_id, seconds: session.labels.copy_slice(
                case_id, target, source, rule=rule, seconds=seconds
            )
        )

    def interpolate(self, at: int | None) -> None:
        """Fill the gap that a slice lies in (None: every gap)."""
        self._draw(lambda session, case_id, seconds: session.labels.interpolate(case_id, at, seconds=seconds))

    def mark(
        self,
        slices: Sequence[int],
        state: SliceState,
        class_values: tuple[int, ...] | None = None,
    ) -> None:
        """Say of slices that they are done, or that nothing is known of them; of all classes, or of some.

        Args:
            slices: which.
            state: what is said of them.
            class_values: of which classes; None for all.

        """
        case_id = self._case
        if case_id is None or not slices:
            return
        session = self._session
        cleared = tuple(slices) if state is SliceState.UNLABELLED else ()
        seconds = self._spent()
        self._finish(
            case_id, lambda: Drawn(cleared, session.labels.mark(case_id, slices, state, class_values, seconds=seconds))
        )

    def confirm(self, slices: Sequence[int]) -> None:
        """Every draft of the case is right; ``slices`` are those that are known to be drafts now."""
        case_id, session = self._case, self._session
        if case_id is None:
            return
        if not slices:
            self.answered.emit("No draft in this case: nothing to confirm")
            return
        seconds = self._spent()

        def call() -> Drawn:
            confirmed, saved = session.labels.confirm(case_id, seconds=seconds)
            if saved is None:
                raise SlicelabError("There was no draft left to confirm.", "Nothing was changed.")
            self.answered.emit(f"{plural(len(confirmed), 'draft')} confirmed")
            return Drawn((), saved)

        self._finish(case_id, call, meant=True)

    def reread(self, case_id: str) -> None:
        """The labels of a case were changed from outside: show them if it is the one worked on."""
        if case_id != self._case:
            return
        session = self._session

        def done(answer: tuple[tuple[dict[int, SliceState], ...], tuple[bool, ...]]) -> None:
            self._changed()
            states, anchors = answer
            self.masks_changed.emit(case_id, tuple(range(len(states))), session.labels.stack(case_id))
            self.anchors_changed.emit(case_id, anchors)
            self.states_changed.emit(case_id, states)
            self._refresh_undo(case_id)

        def failed(error: BaseException) -> None:
            self._changed()
            self.failed.emit(error)

        self._changing += 1  # strokes painted meanwhile are told again: the answer overwrites the picture
        self._tasks.run("edits", lambda: (self._states(case_id), session.labels.anchors(case_id)), done, failed)

    def undo(self) -> None:
        """Take back the last change of the case."""
        self._step(back=True)

    def redo(self) -> None:
        """Do again what was taken back."""
        self._step(back=False)

    def _finish(self, case_id: str, change: Callable[[], Drawn], *, meant: bool = False) -> None:
        """A change that says slices are done, and tells when it has finished the case.

        Args:
            case_id: the case.
            change: makes it.
            meant: whether the person means the case: it is finished then, although slices are left unlabelled.

        """
        session = self._session
        counts: list[LedgerCount] = []

        def count() -> LedgerCount:
            return count_states(self._states(case_id), tuple(item.value for item in session.classes))

        def call() -> Drawn:
            counts.append(count())
            drawn = change()
            counts.append(count())
            return drawn

        def ended() -> None:
            if len(counts) > 1 and newly_finished(*counts, meant=meant):
                self.case_finished.emit(case_id)

        self._edit(case_id, call, ended)

    def _draw(self, call: Callable[[Session, str, float], Drawn]) -> None:
        """A change that is worked out from the labels as they are once everything before it is in."""
        case_id, seconds = self._case, self._spent()
        if case_id is not None:
            session = self._session
            self._changing += 1
            self._edit(case_id, lambda: call(session, case_id, seconds), self._changed)

    def _changed(self) -> None:
        self._changing -= 1

    def _edit(self, case_id: str, call: Callable[[], Drawn], ended: Callable[[], None] = lambda: None) -> None:
        """Make a change, then tell the new states at once and the undo words when it is on disk.

        Args:
            case_id: the case.
            call: makes the change; its slices are those the picture does not show yet.
            ended: called when the change was made or has failed.

        """

        def work() -> tuple[Drawn, tuple[dict[int, SliceState], ...], tuple[bool, ...]]:
            return call(), self._states(case_id), self._session.labels.anchors(case_id)

        def done(answer: tuple[Drawn, tuple[dict[int, SliceState], ...], tuple[bool, ...]]) -> None:
            ended()
            drawn, states, anchors = answer
            self.anchors_changed.emit(case_id, anchors)
            self.states_changed.emit(case_id, states)
            if drawn.slices:
                self.masks_changed.emit(case_id, drawn.slices, self._session.labels.stack(case_id))
            self._tasks.run("saves", drawn.saved.result, lambda record: self._saved(case_id, record), self.failed.emit)

        def failed(error: BaseException) -> None:
            ended()
            self.failed.emit(error)

        self._tasks.run("edits", work, done, failed)

    def _saved(self, case_id: str, record: EditRecord) -> None:
        if case_id == self._case:
            self.undo_changed.emit(describe(record.action, record.slices), None)

    def _step(self, *, back: bool) -> None:
        case_id, session = self._case, self._session
        if case_id is None:
            return

        def work() -> tuple[UndoResult | None, tuple[dict[int, SliceState], ...], tuple[bool, ...]]:
            result = session.labels.undo(case_id) if back else session.labels.redo(case_id)
            return result, self._states(case_id), session.labels.anchors(case_id)

        def done(answer: tuple[UndoResult | None, tuple[dict[int, SliceState], ...], tuple[bool, ...]]) -> None:
            self._changed()
            result, states, anchors = answer
            if result is None:
                return
            self.masks_changed.emit(case_id, result.slices, session.labels.stack(case_id))
            self.anchors_changed.emit(case_id, anchors)
            self.states_changed.emit(case_id, states)
            self.answered.emit(f"{'Undid' if back else 'Did again'}: {result.text}")
            self._refresh_undo(case_id)

        def failed(error: BaseException) -> None:
            self._changed()
            self.failed.emit(error)

        self._changing += 1
        self._tasks.run("edits", work, done, failed)

    def _refresh_undo(self, case_id: str) -> None:
        session = self._session

        def done(answer: tuple[str | None, str | None]) -> None:
            if case_id == self._case:
                self.undo_changed.emit(*answer)

        self._tasks.run(
            "edits",
            lambda: (session.labels.undo_text(case_id), session.labels.redo_text(case_id)),
            done,
            self.failed.emit,
            lane="undo",
        )

    def _states(self, case_id: str) -> tuple[dict[int, SliceState], ...]:
        return tuple(dict(states) for states in self._session.labels.states(case_id))
