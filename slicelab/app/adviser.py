"""The look inside, the map of slices and what to label first and next: from the session to the panels and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.desks.advice_desk import AdviceDesk
from slicelab.app.desks.parting import let_go
from slicelab.core.slices import Overall, overall
from slicelab.engine.advising import Spot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.app.actions import ActionSet
    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.tasks import Tasks
    from slicelab.app.workspace import Workspace
    from slicelab.core.labels import SliceState
    from slicelab.data.look import Look
    from slicelab.engine.advising import CaseAdvice, SliceMap
    from slicelab.engine.session import Session
    from slicelab.engine.status import JobStatus
    from slicelab.engine.suggesting import Suggestion
    from slicelab.engine.views import CaseSummary, RunSummary, SlicePictures


class Adviser(QObject):
    """Connects the Pretrain and Label tabs to the order of the project's slices."""

    case_wanted = Signal(str)
    failed = Signal(object)

    def __init__(self, work: Workspace, screen: CaseScreen, actions: ActionSet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._screen = screen
        self._neurological = actions["view.neurological"]
        self._desk: AdviceDesk | None = None
        self._cases: dict[str, CaseSummary] = {}
        self._look: Look | None = None
        self._seen: tuple[str, int] | None = None
        self._learning: str | None = None
        self._asked: tuple[str, ...] = ()
        self._begun: frozenset[int] = frozenset()
        self._first: dict[tuple[str, int], int] = {}
        self._pointed: Spot | None = None
        self._wanted: tuple[str, int] | None = None
        inside = work.pretrain
        inside.map.plot.chosen.connect(self._open_spot)
        inside.map.plot.pointed.connect(inside.map.show_pointed)
        inside.map.plot.pointed.connect(self._on_pointed)
        inside.map.after_chosen.connect(self._choose_after)
        inside.first.chosen.connect(self._open_first)
        work.label.next.chosen.connect(self._open_next)
        self._neurological.changed.connect(self._show_look)

    def open(self, session: Session, tasks: Tasks) -> None:
        """Another project is open."""
        self._desk = desk = AdviceDesk(session, tasks, self)
        desk.look_ready.connect(self._on_look)
        desk.map_ready.connect(self._on_map)
        desk.first_ready.connect(self._on_first)
        desk.next_ready.connect(self._on_next)
        desk.pictures_ready.connect(self._on_pictures)
        desk.after_known.connect(self._work.pretrain.map.show_after)
        desk.failed.connect(self.failed)
        self._work.pretrain.map.after.setEnabled(not session.read_only)
        desk.look(None)
        desk.map()

    def close(self) -> None:
        """No project is open."""
        let_go(self._desk)
        self._desk = self._look = self._seen = self._wanted = self._pointed = self._learning = None
        self._cases, self._first, self._asked = {}, {}, ()
        self._work.pretrain.look.show_look(None)
        self._show_live()
        self._on_map(None)
        self._on_first(None)
        self._work.label.next.show_advice(None)
        self._work.ledger.show_suggested(frozenset())

    # -- what happens in the project ----------------------------------------------------------------------------

    def show_cases(self, cases: Sequence[CaseSummary]) -> None:
        """The project's cases."""
        known = {case.id: case for case in cases}
        anew = known.keys() != self._cases.keys()
        self._cases = known
        self._show_look()
        if anew and self._desk is not None:
            self._desk.map()

    def show_runs(self, runs: Sequence[RunSummary]) -> None:
        """The project's runs: a network that looked at the slices, or is new, brings another map."""
        asked = tuple(
            f"{run.id} {run.status}" for run in runs if run.has_weights or run.kind == "embed" or run.kind == "predict"
        )
        if asked != self._asked and self._desk is not None:
            self._asked = asked
            self._desk.map()
            self._ask_next()

    def show_job(self, status: JobStatus | None) -> None:
        """A job went on: there may be another look inside it."""
        if status is None or self._desk is None:
            return
        if status.kind == "embed":
            self._work.pretrain.map.show_job(status)
        if status.kind == "pretrain" and status.look is None and not status.ended and self._look is not None:
            self._look = None  # another pretraining's: nothing is seen of this one yet
            self._show_look()
        if status.kind == "pretrain":
            self._learning = None if status.ended else status.run
            if status.ended:
                self._show_live()
        if status.kind == "pretrain" and status.look is not None and self._seen != (status.run, status.look.step):
            self._seen = (status.run, status.look.step)
            self._desk.look(status.run)

    def show_case(self, case_id: str | None) -> None:
        """A case is shown: at the slice that was wanted of it."""
        self._work.label.next.show_advice(None)
        self._work.ledger.show_suggested(frozenset())
        wanted, self._wanted = self._wanted, None
        if wanted is not None and wanted[0] == case_id:
            self._screen.go_to(wanted[1])
        self._ask_next()

    def show_slice(self) -> None:
        """Another slice is shown."""
        canvas = self._screen.canvas
        if canvas is not None:
            self._work.pretrain.map.plot.show_here(self._screen.case_id, canvas.slice)

    def show_states(self, case_id: str, states: Sequence[dict[int, SliceState]]) -> None:
        """Slices of the open case changed: what is labelled is suggested no more."""
        values = self._screen.class_values
        begun = frozenset(at for at, known in enumerate(states) if overall(known, values) is not Overall.UNLABELLED)
        shown = self._work.label.next.shown
        if shown is None or shown.case != case_id or begun != self._begun:
            self._begun = begun
            self._ask_next()

    def refresh(self) -> None:
        """Slices were finished, or opened again: others may come first."""
        self.refresh_first()
        self._ask_next()

    def show_window(self, case_id: str, *_window: float) -> None:
        """A case has another window: its slices are shown small as the viewer has them."""
        if self._desk is not None:
            self._desk.forget_pictures(case_id)

    def refresh_first(self) -> None:
        """Other cases are kept for testing: they are not among those to label first."""
        if self._desk is not None:
            self._desk.first()

    # -- answers ------------------------------------------------------------------------------------------------

    def _on_look(self, look: Look | None) -> None:
        if look is not None:
            self._look = look
            self._show_look()
            self._show_live()

    def _show_live(self) -> None:
        """Where the pretraining that runs has put the slices so far; nothing of one that has ended."""
        look, cases = self._look, self._cases
        if look is None or self._learning is None or self._seen is None or self._seen[0] != self._learning:
            self._work.pretrain.map.show_live(())
            return
        spots = tuple(
            Spot(
                one.case, known.name, known.patient, one.slice, one.slice / max(known.count.slices - 1, 1), one.x, one.y
            )
            for one in look.dots
            if (known := cases.get(one.case)) is not None
        )
        self._work.pretrain.map.show_live(spots, look.step)
        self.show_slice()

    def _show_look(self) -> None:
        look = self._look
        case = self._cases.get(look.case) if look is not None else None
        plane = case.plane if case is not None else ""
        self._work.pretrain.look.show_look(
            look,
            case.name if case is not None else (look.case if look is not None else ""),
            mirrored=self._neurological.isChecked() and plane != "sagittal",
        )

    def _on_map(self, found: SliceMap | None) -> None:
        self._work.pretrain.map.show_map(found)
        self.show_slice()

    def _on_pointed(self, spot: Spot | None) -> None:
        self._pointed = spot
        if spot is not None and self._desk is not None:
            self._desk.glance(spot.case)

    def _on_pictures(self, case_id: str, found: SlicePictures) -> None:
        spot = self._pointed
        if spot is not None and spot.case == case_id and spot.slice < len(found.grey):
            grey = found.grey[spot.slice]
            mirrored = self._neurological.isChecked() and found.plane != "sagittal"
            self._work.pretrain.map.plot.show_picture(
                case_id, spot.slice, grey[:, ::-1] if mirrored else grey, found.tall
            )

    def _on_first(self, found: Suggestion | None) -> None:
        self._work.pretrain.first.show_suggestion(found)
        cases = found.cases if found is not None else ()
        self._first = {(one.case, one.slices[0].index): at for at, one in enumerate(cases, start=1) if one.slices}
        self._work.pretrain.map.plot.show_marks(self._first)

    def _on_next(self, found: CaseAdvice) -> None:
        if found.case == self._screen.case_id:
            self._work.label.next.show_advice(found)
            self._work.ledger.show_suggested(frozenset(one.index for one in found.next))

    # -- what is wanted -----------------------------------------------------------------------------------------

    def _ask_next(self) -> None:
        if self._desk is not None and self._screen.case_id is not None:
            self._desk.next(self._screen.case_id)

    def _choose_after(self, on: bool) -> None:
        if self._desk is not None:
            self._desk.map_after(on)

    def _open_spot(self, spot: Spot) -> None:
        if (spot.case, spot.slice) in self._first:
            self._open_first(spot.case, spot.slice)
        else:
            self._go(spot.case, spot.slice)

    def _open_first(self, case_id: str, index: int) -> None:
        self._follow(case_id, index, "covering", "")
        self._go(case_id, index)

    def _open_next(self, index: int, choice: str, why: str) -> None:
        case_id = self._screen.case_id
        if case_id is not None:
            self._follow(case_id, index, choice, why)
            self._go(case_id, index)

    def _follow(self, case_id: str, index: int, choice: str, why: str) -> None:
        if self._desk is not None:
            self._desk.follow(case_id, index, choice, why)

    def _go(self, case_id: str, index: int) -> None:
        if case_id == self._screen.case_id:
            self._screen.go_to(index)
        elif case_id in self._cases:
            self._wanted = (case_id, index)
            self.case_wanted.emit(case_id)
