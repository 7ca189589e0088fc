"""Reviewing in the window: what models' masks are worth, where they are wrong, and the methods report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from slicelab.app import words
from slicelab.app.actions import to_press
from slicelab.app.desks.parting import let_go
from slicelab.app.desks.review_desk import ReviewDesk
from slicelab.app.language import say, tr
from slicelab.app.models import model_name
from slicelab.app.notice import Message, Offer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from slicelab.app.actions import ActionSet
    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.desks.job_desk import JobDesk
    from slicelab.app.tasks import Tasks
    from slicelab.app.workspace import Workspace
    from slicelab.core.correction import Round
    from slicelab.engine.reviewing import CaseReview
    from slicelab.engine.session import Session
    from slicelab.engine.views import CaseSummary

_REPORT_KINDS = "Web page (*.html);;PDF (*.pdf)"


class ReviewKeeper(QObject):
    """Connects the Review tab, and what Train says of earlier models, to the reviews of the open project."""

    rounds_known = Signal(tuple)
    case_wanted = Signal(str)
    said = Signal(object)
    failed = Signal(object)

    def __init__(self, work: Workspace, actions: ActionSet, screen: CaseScreen, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._actions = actions
        self._screen = screen
        self._desk: ReviewDesk | None = None
        self._session: Session | None = None
        self._jobs: JobDesk | None = None
        self._cases: Sequence[CaseSummary] = ()
        self._wanted: tuple[str, str] | None = None
        work.review.score_chosen.connect(self._open_at_worst)
        work.review.expected.chosen.connect(self.case_wanted)
        for box in (work.train.corrections, work.review.corrections):
            box.share_chosen.connect(self._keep_blind)
        screen.kept_blind.connect(self._on_kept_blind)
        screen.mask.seen.connect(self.saw)
        screen.mask.uncertainty_wanted.connect(self._want_uncertainty)

    @property
    def desk(self) -> ReviewDesk | None:
        """The reviews of the open project."""
        return self._desk

    def open(self, session: Session, tasks: Tasks, jobs: JobDesk) -> None:
        """Another project is open."""
        self._session, self._jobs = session, jobs
        self._desk = desk = ReviewDesk(session, tasks, self)
        desk.trend_ready.connect(self._on_trend)
        desk.budget_ready.connect(self._work.train.budget.show_budget)
        desk.case_reviewed.connect(self._on_case_reviewed)
        desk.share_changed.connect(self._on_share)
        desk.reported.connect(self.show_reported)
        desk.expected.connect(self._work.review.expected.show_expectation)
        desk.expected.connect(lambda found: self._work.cases.show_expected([case.id for case in found.cases]))
        desk.uncertainty_ready.connect(self._screen.show_uncertainty)
        desk.failed.connect(self.failed)

    def close(self) -> None:
        """No project is open."""
        let_go(self._desk)
        self._desk = self._session = self._jobs = self._wanted = None
        self._cases = ()
        self._work.train.budget.show_budget(None)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on reviews."""
        return {"project.report": self._ask_report}

    # -- what happens in the project ----------------------------------------------------------------------------

    def show_cases(self, cases: Sequence[CaseSummary]) -> None:
        """The project's cases."""
        self._cases = cases

    def refresh(self) -> None:
        """Look again at the open case and at what models' masks were worth before correction."""
        if self._desk is not None and self._jobs is not None:
            self._desk.refresh(self._screen.case_id, self._jobs.in_use if self._screen.mask.acceptable else None)

    def expect(self, model: str) -> None:
        """A model was measured: it can be said now which cases it has probably got wrong."""
        if self._desk is not None:
            self._desk.expect(model)

    def forget_expected(self) -> None:
        """Cases or classes are others: what is being worked out of them is out of date."""
        if self._desk is not None:
            self._desk.forget_expected()

    def saw(self, case_id: str, slices: tuple[int, ...], run: str) -> None:
        """A model's mask of these slices is on the screen."""
        if self._desk is not None:
            self._desk.saw(case_id, slices, run)

    # -- answers ------------------------------------------------------------------------------------------------

    def _on_trend(self, rounds: tuple[Round, ...], share: float) -> None:
        self.rounds_known.emit(rounds)
        if self._jobs is not None:
            names = {run.id: model_name(run.id, self._jobs.runs) for run in self._jobs.runs}
            for box in (self._work.train.corrections, self._work.review.corrections):
                box.show_rounds(rounds, names, share)

    def _on_case_reviewed(self, case_id: str, review: CaseReview | None) -> None:
        self._screen.show_review(case_id, review)
        if self._wanted is not None and self._wanted[0] == case_id and self._screen.case_id == case_id:
            wanted, self._wanted = self._wanted[1], None
            value = self._value_of(wanted)
            if value is not None:
                self._screen.go_to_worst(value)

    def _on_share(self) -> None:
        if self._jobs is not None and self._screen.case_id is not None:
            self._jobs.load_prediction(self._screen.case_id)
        self.refresh()

    def _on_kept_blind(self) -> None:
        self.said.emit(
            Message(
                "This slice is kept blind for measuring: the model's mask is shown once it is done.",
                "Nothing was changed.",
                tr("Paint it and press {key}, or choose none at Keep blind in Train.").format(
                    key=to_press(self._actions["slice.done"])
                ),
            )
        )

    # -- what is wanted -----------------------------------------------------------------------------------------

    def _open_at_worst(self, name: str, class_name: str) -> None:
        """Open a case at the slice where the model is most wrong about a class."""
        found = next((case.id for case in self._cases if case.name == name), None)
        if found is None:
            return
        self._wanted = (found, class_name)
        if found == self._screen.case_id:
            self.refresh()
        else:
            self.case_wanted.emit(found)

    def _value_of(self, class_name: str) -> int | None:
        classes = self._session.classes if self._session is not None else ()
        return next((item.value for item in classes if item.name == class_name), None)

    def _want_uncertainty(self, case_id: str, run: str) -> None:
        if self._desk is not None:
            self._desk.load_uncertainty(case_id, run)

    def _keep_blind(self, share: float) -> None:
        if self._desk is not None and self._session is not None and not self._session.read_only:
            self._desk.keep_blind(share)

    # -- the report ---------------------------------------------------------------------------------------------

    def _ask_report(self) -> None:
        if self._session is None:
            return
        beside = str(self._session.folder.parent / "methods report.html")
        chosen, kind = QFileDialog.getSaveFileName(
            self._work.window(), say("Methods report"), beside, say(_REPORT_KINDS)
        )
        if chosen and self._desk is not None and self._jobs is not None:
            ending = ".pdf" if "pdf" in kind else ".html"
            out = Path(chosen) if Path(chosen).suffix.lower() in (".html", ".pdf") else Path(chosen + ending)
            self.said.emit(
                Message("Writing the methods report …", "You can go on; this takes a few seconds.", tone="ok")
            )
            self._desk.report(out, self._jobs.in_use, anew=self._work.review.numbered_anew)

    def show_reported(self, out: Path) -> None:
        """Say where the report was written, and offer to open it."""
        names = "numbered anew" if self._work.review.numbered_anew else "called by the project's ids, such as c0001"
        offer = Offer("Open", lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(out))))
        written = f"Methods report written to {words.place(out)}."
        self.said.emit(Message(written, f"Cases are {names}.", tone="ok", offer=offer))
