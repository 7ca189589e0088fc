"""Labels in the window: strokes and commands go to the open case's labels, and what became of them to the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.desks.label_desk import LabelDesk, count_states
from slicelab.app.desks.parting import let_go
from slicelab.app.notice import Message
from slicelab.core.drawing.mend import Mend
from slicelab.core.slices import done_classes

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.desks.label_desk import Masks
    from slicelab.app.tasks import Tasks
    from slicelab.app.workspace import Workspace
    from slicelab.core.labels import SliceState
    from slicelab.engine.accepting import Taken
    from slicelab.engine.session import Session

_MENDS = {
    "mend.smooth": Mend.SMOOTH,
    "mend.holes": Mend.FILL_HOLES,
    "mend.islands": Mend.ISLANDS,
    "mend.grow": Mend.GROW,
    "mend.shrink": Mend.SHRINK,
}
"""Action to what it does."""


class LabelKeeper(QObject):
    """Connects picture and commands to the labels of the open project."""

    states_changed = Signal(str, tuple)
    done_changed = Signal()
    """What is done of the open case is another; a stroke changes no figure until its slice is done again."""
    counted = Signal(str, object)
    case_finished = Signal(str)
    said = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Workspace, screen: CaseScreen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._screen = screen
        self._desk: LabelDesk | None = None
        self._leaving = False
        self._known_done: tuple[str, tuple[tuple[int, ...], ...]] = ("", ())
        screen.stroke_made.connect(self._save_stroke)
        screen.looked.connect(self._to_labels(LabelDesk.look))
        screen.refused.connect(self._on_refused)

    @property
    def desk(self) -> LabelDesk | None:
        """The labels of the open project."""
        return self._desk

    def open(self, session: Session, tasks: Tasks) -> None:
        """Another project is open."""
        self._leaving = False
        self._desk = desk = LabelDesk(session, tasks, self)
        desk.states_changed.connect(self._on_states)
        desk.masks_changed.connect(self._screen.take_masks)
        desk.anchors_changed.connect(self._screen.show_anchors)
        desk.undo_changed.connect(self._work.view_bar.show_undo)
        desk.answered.connect(self._work.strip.say)
        desk.case_finished.connect(self.case_finished)
        desk.failed.connect(self.failed)

    def leave(self) -> None:
        """The project is about to be let go of: what is still in hand goes to it."""
        self._leaving = True
        if self._desk is not None:
            self._desk.leave()

    def close(self) -> None:
        """No project is open."""
        let_go(self._desk)
        self._desk = None
        self._known_done = ("", ())

    def show_case(self, case_id: str | None) -> None:
        """A case is shown: it is worked on from now on."""
        if self._desk is not None and case_id is not None:
            self._desk.attend(case_id)

    def reread(self, case_id: str) -> None:
        """A case's labels were changed elsewhere."""
        if self._desk is not None:
            self._desk.reread(case_id)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on labels."""
        screen = self._screen
        return {
            "edit.undo": self._to_labels(LabelDesk.undo),
            "edit.redo": self._to_labels(LabelDesk.redo),
            "slice.done": self._to_labels(lambda labels: labels.mark(*screen.confirm_slice())),
            "slice.clear": self._to_labels(lambda labels: labels.mark(*screen.clear_slice())),
            "case.done": self._to_labels(lambda labels: labels.confirm(screen.drafts)),
            "slice.accept": self._accepting(screen.accept_slice),
            "case.accept": self._accepting(screen.accept_case),
            "class.accept": self._accepting(screen.accept_class),
            **{name: self._mending(mend) for name, mend in _MENDS.items()},
            "slice.interpolate": self._to_labels(lambda labels: labels.interpolate(screen.gap())),
            "case.interpolate": self._to_labels(lambda labels: labels.interpolate(None)),
            "slice.copy_below": self._to_labels(lambda labels: labels.copy(*screen.copy(-1))),
            "slice.copy_above": self._to_labels(lambda labels: labels.copy(*screen.copy(1))),
        }

    # -- inside -------------------------------------------------------------------------------------------------

    def _to_labels(self, call: Callable[[LabelDesk], None]) -> Callable[[], None]:
        """A command to the labels of the open case, if one is open."""

        def run() -> None:
            if self._desk is not None:
                call(self._desk)

        return run

    def _mending(self, mend: Mend) -> Callable[[], None]:
        """A command to mend the selected class."""
        return self._to_labels(lambda labels: labels.mend(*self._screen.mend(mend)))

    def _accepting(self, call: Callable[[], Taken]) -> Callable[[], None]:
        """A command to take a model's masks over."""
        return self._to_labels(lambda labels: labels.accept(call()))

    def _save_stroke(self, masks: Masks, before: Masks, action: str) -> None:
        if self._desk is not None:
            self._desk.stroke(masks, action, before)

    def _on_refused(self, name: str) -> None:
        locked = f"{name} is locked: no tool changes it."
        self.said.emit(Message(locked, remedy="Open its lock in the list of classes, or K."))

    def _on_states(self, case_id: str, states: tuple[dict[int, SliceState], ...]) -> None:
        self._screen.show_states(case_id, states)
        self.states_changed.emit(case_id, states)
        if self._leaving:
            return
        # A stroke changes no figure until its slice is done again, and must wait for none.
        done = tuple(done_classes(known) for known in states)
        if (case_id, done) != self._known_done:
            self._known_done = (case_id, done)
            self.done_changed.emit()
        self.counted.emit(case_id, count_states(states, self._screen.class_values))
