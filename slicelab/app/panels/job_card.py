"""One running (or last) job in a tab: words, progress, the live loss, Stop, Pause and Continue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.numbers import written
from slicelab.app.panels.loss_plot import LossPlot, level
from slicelab.app.panels.queue_box import QueueBox
from slicelab.app.widgets import action_button, button_like, column, row, set_tone, text
from slicelab.core.durations import duration

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.on_the_way import OnTheWay
    from slicelab.engine.status import JobStatus
    from slicelab.engine.views import RunSummary
    from slicelab.jobs.specs import Device

_ENDED = {
    "finished": ("Finished", "ok"),
    "cancelled": ("Stopped", "warn"),
    "failed": ("Did not finish", "error"),
}


class JobCard(QWidget):
    """Shows a status; its buttons are the actions Pause and Stop, and after an early end Continue.

    Continue names the card's own run, which need not be the last one that ended early.
    """

    go_on = Signal(str, object)
    """Run id, and the device to go on with (None: as it was)."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = text("", "title")
        self._status: JobStatus | None = None
        self._trend = text("", "title")
        self._stopping = text("", "secondary", wrap=True)
        self._detail = text("", "secondary", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._loss = text(
            "",
            "number",
            tip="Where the strong line ends (median of the last steps): how wrong it still is. Lower is better; 0 is "
            "never reached.",
        )
        self.plot = LossPlot(theme)
        self._buttons = QWidget()
        self._buttons.setLayout(
            row(action_button(actions["job.pause"], follow_words=True), action_button(actions["job.stop"]), None)
        )
        self._device = text("", "caption", tip="What it computes on, and what a short measurement said", wrap=True)
        self._continue = button_like(actions["job.continue"], actions["job.continue"], lambda: self._go_on(None))
        self._continue_cpu = button_like(
            actions["job.continue_cpu"], actions["job.continue"], lambda: self._go_on("cpu")
        )
        self._ends = QWidget()
        self._ends.setLayout(row(self._continue, self._continue_cpu, None))
        self.queue = QueueBox()
        self._card = QWidget()
        self._alarm = text("", "secondary", wrap=True)
        self._runs: dict[str, RunSummary] = {}
        self._way: tuple[str, str, tuple[OnTheWay, ...]] = ("", "", ())
        self._measured: Mapping[str, tuple[str, str]] = {}
        self._worth, self._worth_before = text("", "title", wrap=True), text("", "title", wrap=True)
        self._worth.hide()
        self._worth_before.hide()
        self._dice, self._dice_before = text("", "secondary", wrap=True), text("", "secondary", wrap=True)
        for label in (self._dice, self._dice_before):
            label.setToolTip(
                tr(
                    "Mean 3D Dice of labelled cases that it does not learn from (held out). It is shown alone: nothing "
                    "is chosen by it, but whoever stops because of it flatters the figure."
                )
            )
            label.hide()
        set_tone(self._alarm, "warn")
        self._losses = QWidget()
        head = text("Loss", "title", tip="How wrong the model still is on what it practises with")
        self._losses.setLayout(column(row(head, None, self._loss), self.plot, gap=6))
        self._card.setLayout(
            column(
                row(self._title, None, self._trend),
                self._bar,
                self._detail,
                self._stopping,
                self._device,
                self._buttons,
                self._ends,
                self._alarm,
                self._worth,
                self._dice,
                8,
                self._losses,
                gap=6,
            )
        )
        self.setLayout(column(self.queue, self._card, self._worth_before, self._dice_before, gap=6))
        self._card.setVisible(False)

    @property
    def running(self) -> bool:
        """Whether the job shown has not ended."""
        return self._status is not None and not self._status.ended

    @property
    def run(self) -> str | None:
        """The job shown; None where there is none."""
        return None if self._status is None else self._status.run

    def show_status(self, status: JobStatus | None) -> None:
        """Show a job, or nothing."""
        self._status = status
        if status is None:
            self._way, self._runs = ("", "", ()), {}  # of a project that is closed
        self._card.setVisible(status is not None)
        self._show_dice()
        if status is None:
            return
        self._buttons.setVisible(not status.ended)
        self._ends.setVisible(status.ended and status.state != "finished")
        self._continue_cpu.setVisible(status.offers_cpu)
        self._device.setText(words.computed_on(status))
        self._device.setVisible(bool(status.device))
        self._bar.setValue(round(1000 * status.fraction))
        self._bar.setVisible(not status.ended)
        self._alarm.setText("\n".join(status.alarms))
        self._alarm.setVisible(bool(status.alarms))
        self._loss.setText(written(words.loss(level(status.losses, status.steps))))
        self._losses.setVisible(bool(status.losses))
        self.plot.show_losses(status.losses, status.steps)
        if status.ended:
            self._show_end(status)
            return
        self._title.setText(words.phase(status.phase) if status.phase else words.starting(status.kind))
        set_tone(self._title, "")
        self._detail.setText(words.progress(status))
        trend = words.trend(status)
        self._trend.setText(trend.words if status.losses else "")
        set_tone(self._trend, trend.tone)
        self._say_stopping(trend.stopping)

    def show_runs(self, runs: Iterable[RunSummary]) -> None:
        """Take note of the project's runs: how long one took is said alike wherever it is."""
        self._runs = {run.id: run for run in runs}
        if self._status is not None and self._status.ended:
            self._show_end(self._status)

    def show_on_the_way(self, run: str, points: tuple[OnTheWay, ...], name: str) -> None:
        """Show how good a training is on its way, or was: of one that is not shown itself, with its name.

        Args:
            run: the training.
            points: by step.
            name: what it is called.

        """
        self._way = (run, name, points)
        self._show_dice()

    def show_worth(self, measured: Mapping[str, tuple[str, str]]) -> None:
        """Take note of what models are worth, for when the training shown has ended.

        Args:
            measured: by run, what the model is called and what was measured, in a sentence.

        """
        self._measured = measured
        self._show_dice()

    def _show_dice(self) -> None:
        run, name, points = self._way
        ended = self._status is not None and self._status.ended
        self._say_worth(self._worth, self._status.run if self._status is not None and ended else "")
        self._say_worth(self._worth_before, run if self._status is None else "")
        shown = self._status is not None and self._status.run == run and bool(points)
        before = self._status is None and bool(points)
        self._dice.setVisible(shown)
        self._dice_before.setVisible(before)
        if not points:
            return
        alike = [one for one in points if one.cases == points[-1].cases]  # a case may have been labelled since
        figures = ", ".join(
            tr("{dice} after step {step}").format(dice=f"{one.dice:.2f}", step=f"{one.step:,}") for one in alike
        )
        cases = say(words.plural(points[-1].cases, "case"))
        said = tr("Dice on {cases} left out for testing: {figures}")
        if ended:  # the last of them is not what its model is worth
            said = tr("On its way: Dice on {cases} left out for testing: {figures}")
        self._dice.setText(said.format(cases=cases, figures=figures))
        self._dice_before.setText(
            tr("{model} on its way: Dice on {cases} left out for testing: {figures}").format(
                model=say(name), cases=cases, figures=figures
            )
        )

    def _say_worth(self, label: QLabel, run: str) -> None:
        known = self._measured.get(run)
        label.setVisible(known is not None)
        if known is not None:
            label.setText(tr("{model}: {worth}").format(model=say(known[0]), worth=say(known[1])))

    def _show_end(self, status: JobStatus) -> None:
        title, tone = _ENDED[status.state]
        seconds = self._seconds(status)
        took = "" if seconds is None else f" after {duration(seconds)}"
        self._title.setText(f"{title}{took}")
        self._continue.setToolTip(words.goes_on(status))
        set_tone(self._title, tone)
        self._trend.setText("")
        self._say_stopping("")
        said = " ".join(part for part in (status.message, status.remedy) if part)
        if status.state == "cancelled":
            said = f"{said[:1].upper()}{said[1:]}. {words.goes_on(status)}" if said else words.goes_on(status)
        self._detail.setText(said or f"{words.plural(status.step, 'step')}.")

    def _say_stopping(self, said: str) -> None:
        self._stopping.setText(said)
        self._stopping.setVisible(bool(said))

    def _seconds(self, status: JobStatus) -> float | None:
        """From when it was asked for, as models are listed; of one that went on, since it did."""
        run = self._runs.get(status.run)
        if run is not None and run.finished is not None and not status.continued:
            return run.finished - run.created
        if status.started_at is None or status.ended_at is None:
            return None
        return status.ended_at - status.started_at

    def _go_on(self, device: Device | None) -> None:
        if self._status is not None:
            self.go_on.emit(self._status.run, device)
