"""One running (or last) job in a tab: words, progress, the live loss, Stop and Pause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QWidget

from slicelab.app import words
from slicelab.app.panels.loss_plot import LossPlot
from slicelab.app.widgets import action_button, column, row, set_tone, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.status import JobStatus

_ENDED = {
    "finished": ("Finished", "ok"),
    "cancelled": ("Stopped", "warn"),
    "failed": ("Did not finish", "error"),
}


class JobCard(QWidget):
    """Shows a status; its buttons are the actions Pause and Stop."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = text("", "title")
        self._trend = text("", "title")
        self._detail = text("", "secondary", wrap=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1000)
        self._loss = text(
            "", "number", tip="The loss of the last step: how wrong it still is. Lower is better; 0 is never reached."
        )
        self.plot = LossPlot(theme)
        self._buttons = QWidget()
        self._buttons.setLayout(
            row(action_button(actions["job.pause"], follow_words=True), action_button(actions["job.stop"]), None)
        )
        self._alarm = text("", "secondary", wrap=True)
        set_tone(self._alarm, "warn")
        self._losses = QWidget()
        head = text("Loss", "title", tip="How wrong the model still is on what it practises with")
        self._losses.setLayout(column(row(head, None, self._loss), self.plot, gap=6))
        self.setLayout(
            column(
                row(self._title, None, self._trend),
                self._bar,
                self._detail,
                self._buttons,
                self._alarm,
                8,
                self._losses,
                gap=6,
            )
        )
        self.setVisible(False)

    def show_status(self, status: JobStatus | None) -> None:
        """Show a job, or nothing."""
        self.setVisible(status is not None)
        if status is None:
            return
        self._buttons.setVisible(not status.ended)
        self._bar.setValue(round(1000 * status.fraction))
        self._bar.setVisible(not status.ended)
        self._alarm.setText("\n".join(status.alarms))
        self._alarm.setVisible(bool(status.alarms))
        self._loss.setText("" if status.loss is None else f"{status.loss:.4f}")
        self._losses.setVisible(bool(status.losses))
        self.plot.show_losses(status.losses, status.steps)
        if status.ended:
            self._show_end(status)
            return
        self._title.setText(words.phase(status.phase) if status.phase else words.kind(status.kind))
        set_tone(self._title, "")
        self._detail.setText(words.progress(status))
        trend, tone = words.trend(status)
        self._trend.setText(trend if status.losses else "")
        set_tone(self._trend, tone)

    def _show_end(self, status: JobStatus) -> None:
        title, tone = _ENDED[status.state]
        took = ""
        if status.started_at is not None and status.ended_at is not None:
            took = f" after {words.duration(status.ended_at - status.started_at)}"
        self._title.setText(f"{title}{took}")
        set_tone(self._title, tone)
        self._trend.setText("")
        said = " ".join(part for part in (status.message, status.remedy) if part)
        self._detail.setText(said or f"{words.plural(status.step, 'step')} on {status.device or 'this computer'}.")
