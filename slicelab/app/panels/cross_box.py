"""Figures measured on request: cross-validated Dice, and whether pretraining was worth it on one's own labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from slicelab.app import words
from slicelab.app.language import tr
from slicelab.app.widgets import action_button, button_like, column, row, set_tone, text
from slicelab.core.durations import duration
from slicelab.core.errors import SlicelabError
from slicelab.engine.cross_words import crossed, crossed_explained, left_out, worth, worth_explained
from slicelab.jobs.folds import numbered

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.desks.cross_desk import CrossShown
    from slicelab.engine.crossvalidating import CrossResult, Plan
    from slicelab.engine.status import JobStatus
    from slicelab.jobs.specs import CrossKind

_TITLES: dict[CrossKind, tuple[str, str]] = {
    "crossvalidate": (
        "Cross-validated Dice",
        "Mean 3D Dice of labelled cases, each measured by a training on the other patients (cross-validation).",
    ),
    "compare": (
        "Was pretraining worth it?",
        "Trains from the pretraining and from random weights, on the same folds with the same seeds.",
    ),
}
_WHY: dict[CrossKind, str] = {
    "crossvalidate": "Holds each of your labelled patients out in turn, trains on the others, and measures.",
    "compare": "Trains on your labels both ways, with and without pretraining, and measures patients held out in turn.",
}


class CrossBox(QWidget):
    """Shows one figure, what measuring it takes, and how far it is; its button is the action."""

    go_on = Signal(str, object)
    """Run id, and the device to go on with (None: as it was)."""

    def __init__(self, kind: CrossKind, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        title, tip = _TITLES[kind]
        self._status: JobStatus | None = None
        self._shown: CrossShown | None = None
        self._headline = text("", "lead", wrap=True)
        self._why = text("", "caption", wrap=True)
        self._plan = text("", "caption", wrap=True)
        self._progress = text("", "secondary", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._bar.setAccessibleName(tr(title))
        self._continue = button_like(actions["job.continue"], actions["job.continue"], self._press_continue)
        self._ended = QWidget()
        self._ended.setLayout(row(self._continue, None))
        self._button = action_button(actions[f"job.{kind}"])
        self.setLayout(
            column(
                row(text(title, "title", tip=tip), None, self._button),
                self._headline,
                self._why,
                self._progress,
                self._bar,
                self._ended,
                self._plan,
                gap=6,
            )
        )
        self.show_found(None)
        self.show_job(None)

    @property
    def words(self) -> str:
        """What is said."""
        parts = (self._headline, self._why, self._progress, self._plan)
        return " ".join(part.text() for part in parts if not part.isHidden() and part.text())

    def show_found(self, shown: CrossShown | None) -> None:
        """Show the newest result, and what another one would take."""
        self._shown = shown
        found = self._result()
        self._headline.setVisible(found is not None)
        if found is None:
            self._why.setText(tr(_WHY[self.kind]))
        elif self.kind == "compare":
            self._headline.setText(worth(found, tr))
            self._why.setText(worth_explained(found, tr))
        else:
            self._headline.setText(crossed(found, tr))
            self._why.setText(crossed_explained(found, tr))
        self._show_plan()

    def show_job(self, status: JobStatus | None) -> None:
        """Show how far the job is, where it is one of this kind; None: there is none."""
        if status is not None and status.kind != self.kind:
            return
        self._status = status
        running = status is not None and not status.ended
        early = status is not None and status.ended and status.state != "finished"
        self._bar.setVisible(running)
        self._ended.setVisible(early)
        self._progress.setVisible(running or early)
        set_tone(self._progress, "warn" if early else "")
        if status is not None and running:
            self._bar.setValue(round(1000 * status.fraction))
            self._progress.setText(" · ".join(part for part in (_part(status.phase), words.progress(status)) if part))
        elif status is not None and early:
            said_of = tr("Stopped.") if status.state == "cancelled" else status.message or tr("Did not finish.")
            self._progress.setText(f"{said_of} {words.goes_on(status)}")
        self._show_plan()

    # -- inside -------------------------------------------------------------------------------------------------

    def _result(self) -> CrossResult | None:
        if self._shown is None:
            return None
        standing = self._shown.standing
        return standing.compare if self.kind == "compare" else standing.crossvalidate

    def _show_plan(self) -> None:
        plan = self._shown.plans.get(self.kind) if self._shown is not None else None
        running = self._status is not None and not self._status.ended
        self._plan.setVisible(plan is not None and not running)
        if isinstance(plan, SlicelabError):
            self._plan.setText(f"{plan.message} {plan.remedy}".strip())
        elif plan is not None:
            self._plan.setText(plan_words(plan))

    def _press_continue(self) -> None:
        if self._status is not None:
            self.go_on.emit(self._status.run, None)


def _part(phase: str) -> str:
    one = numbered(phase)
    if one is None:
        return words.phase(phase) if phase else ""
    return tr("Training {number} of {of}").format(number=one[0], of=one[1])


def plan_words(plan: Plan) -> str:
    """What will be done, and about how long it takes."""
    trainings = tr("{count} trainings").format(count=plan.job.trainings)
    if plan.steps is not None:
        trainings = tr("{count} trainings of {steps} steps").format(count=plan.job.trainings, steps=f"{plan.steps:,}")
    if plan.seconds is None:
        said = tr("{trainings}; how long that takes is known after a first training.").format(trainings=trainings)
    else:
        said = tr("{trainings}: about {duration}.").format(trainings=trainings, duration=duration(plan.seconds))
    return f"{said} {left_out(len(plan.job.test_cases), tr)}".strip()
