"""Pretrain: learning from every volume without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSpinBox, QWidget

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.panels.first_box import FirstBox
from slicelab.app.panels.job_card import JobCard
from slicelab.app.panels.leave_out_box import LeaveOutBox
from slicelab.app.panels.look_box import LookBox
from slicelab.app.panels.map_box import MapBox
from slicelab.app.panels.method_box import MethodBox
from slicelab.app.widgets import action_button, column, line, row, scrolled, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.agenda import Wish
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import CaseSummary
    from slicelab.jobs.specs import Method

_TAKES = "How long it takes is said as soon as it runs. Stop keeps what it has learned so far."


class PretrainTab(QWidget):
    """Announces nothing; the button is the action."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._statement = text("", "statement", wrap=True)
        self._detail = text("", "secondary", wrap=True)
        self.methods = MethodBox()
        self._steps = steps_box()
        self.leave_out = LeaveOutBox(theme)
        self.leave_out.chosen.connect(lambda _out: self._say_pool())
        self._cases: tuple[CaseSummary, ...] = ()
        self._start = action_button(actions["job.pretrain"], "big")
        self._all = self._words = self._start.text()
        self.job = JobCard(theme, actions)
        self.look, self.map, self.first = LookBox(theme), MapBox(theme, actions), FirstBox()
        self.setLayout(
            column(
                scrolled(
                    column(
                        self._statement,
                        self._detail,
                        4,
                        line(),
                        4,
                        text("How it learns", "title"),
                        self.methods,
                        row(text("Steps", "secondary", tip="Optimiser steps: how long it learns"), None, self._steps),
                        self.leave_out,
                        self._start,
                        text(_TAKES, "caption", wrap=True),
                        8,
                        self.job,
                        self.look,
                        4,
                        line(),
                        4,
                        self.first,
                        self.map,
                        None,
                        margins=(16, 12, 16, 12),
                    )
                )
            )
        )
        self.show_pool(())

    @property
    def method(self) -> Method:
        """The method chosen."""
        return self.methods.method

    @property
    def steps(self) -> int | None:
        """Steps asked for, None for the preset's."""
        return self._steps.value() or None

    def show_pool(self, cases: tuple[CaseSummary, ...]) -> None:
        """Say what it will learn from."""
        self._cases = cases
        self.leave_out.show_cases(cases)
        self._say_pool()

    def show_left_out(self, out: tuple[str, ...]) -> None:
        """Cases (ids) that are kept for testing."""
        self.leave_out.show_left_out(out)
        self._say_pool()

    def _say_pool(self) -> None:
        cases = self._cases
        learnt = [case for case in cases if case.id not in self.leave_out.left_out]
        slices = sum(case.count.slices for case in learnt)
        if cases:
            self._statement.setText(
                f"Learns from {words.plural(slices, 'slice')} in {words.plural(len(learnt), 'case')}"
            )
            self._detail.setText(words.pool(len(cases) - len(learnt)))
            some = f"Learn from {words.plural(len(learnt), 'volume')} of {len(cases)}"
            self._words = self._all if len(learnt) == len(cases) else say(some)
            if not self.job.running:
                self._start.setText(self._words)
        else:
            self._statement.setText("Add images first")
            self._detail.setText("The more volumes it sees, the fewer slices you need to label.")

    def show_queue(self, waiting: tuple[Wish, ...], *, running: bool) -> None:
        """What waits for the job that runs."""
        self.job.queue.show_waiting(waiting, running=running)

    def show_job(self, status: JobStatus | None) -> None:
        """The running or last pretraining."""
        self.job.show_status(status)
        running = status is not None and not status.ended
        self._start.setText(words.doing("Learning", status) if status and running else self._words)
        self.methods.setEnabled(not running)
        self._steps.setEnabled(not running)
        if status is not None and running:
            show_steps(self._steps, status.steps_wanted)

    def show_starting(self, kind: str) -> None:
        """Show that a job of a kind is being started, of which there is no run yet; "": none is."""
        if kind == "pretrain":
            self._start.setText(tr("Starting …"))
        elif not kind and not self.job.running:
            self._start.setText(self._words)


def steps_box() -> QSpinBox:
    """Number of steps; 0 reads "Automatic"."""
    box = QSpinBox()
    box.setRange(0, 200_000)
    box.setSpecialValueText(say("Automatic"))
    box.setSingleStep(100)
    box.setAccessibleName(say("Steps"))
    return box


def show_steps(box: QSpinBox, wanted: int | None) -> None:
    """Show the steps that the job which runs was asked for; choosing them is nobody's doing then."""
    box.blockSignals(True)
    box.setValue(wanted or 0)
    box.blockSignals(False)
