"""The job strip, always there: what runs, how far, when it ends; and whether work is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QWidget

from slicelab.app import words
from slicelab.app.icons import picture
from slicelab.app.numbers import written
from slicelab.app.panels.loss_plot import level, smoothed
from slicelab.app.widgets import action_button, column, row, set_tone, text
from slicelab.engine.status import JobStatus

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from slicelab.app.actions import ActionSet
    from slicelab.app.panels.loss_plot import Points
    from slicelab.app.theme import Theme

_ICONS = {
    "pretrain": "sprout",
    "finetune": "school-outline",
    "predict": "layers-outline",
    "compare": "scale-balance",
    "crossvalidate": "rotate-3d-variant",
}
_ENDS = {"finished": "finished", "cancelled": "was stopped", "failed": "did not finish"}


_NOTE_MS = 8000
_SPARK_POINTS = 120
_WITH_DEVICE, _WITH_DICE = 1360, 1180
"""Widths (design pixels) from which there is room for these facts."""


def _fact(name: str, tip: str, value: QLabel) -> QWidget:
    host = QWidget()
    host.setLayout(column(None, text(name, "caption", tip=tip), value, None, gap=0))
    return host


class _Spark(QWidget):
    """The loss, very small."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._line: list[tuple[int, float]] = []

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(88), self._theme.px(32))

    def show_losses(self, points: Points, steps: int) -> None:
        """Show the losses, as the strong line of the large plot does."""
        self._line = smoothed(points, steps, _SPARK_POINTS)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        from PySide6.QtCore import QPointF

        line = self._line
        if len(line) < 2:
            return
        low, high = min(v for _, v in line), max(v for _, v in line)
        start, end = line[0][0], line[-1][0]
        wide, tall = self.width() - 4, self.height() - 6
        points = [
            QPointF(2 + wide * (s - start) / max(end - start, 1), 3 + tall * (high - v) / max(high - low, 1e-9))
            for s, v in line
        ]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.colour("accent"), 1.6))
        painter.drawPolyline(QPolygonF(points))


class JobStrip(QFrame):
    """Shows a status and the state of saving. Pause and Stop are the actions."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("strip")
        self.setFixedHeight(theme.px(60))
        self._theme = theme
        self._icon = QLabel()
        self._title = text("Nothing is running", "title")
        self._subtitle = text("", "secondary")
        self._percent = text("", "title")
        self._step = text("", "secondary")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._spark = _Spark(theme)
        self._loss, self._dice, self._device = text("", "number"), text("", "number"), text("", "number")
        self._falls = _fact("Loss", "Median of the last steps' losses; lower is better", self._loss)
        self._best = _fact("Best Dice", "Best mean Dice on check cases so far", self._dice)
        self._computes = _fact("Device", "What the job computes on", self._device)
        self._facts = QWidget()
        self._facts.setLayout(
            row(
                self._spark,
                self._falls,
                self._best,
                self._computes,
                gap=16,
            )
        )
        self._progress = QWidget()
        self._progress.setLayout(column(None, row(self._percent, None, self._step), self._bar, None, gap=6))
        self._saved_icon = QLabel()
        self._saved = text("", "secondary")
        self._pause = action_button(actions["job.pause"], follow_words=True)
        self._stop = action_button(actions["job.stop"], words="Stop")
        note = text("Research use only. Not a medical device.", "caption")
        left = column(None, self._title, self._subtitle, None, gap=0)
        saved = column(None, row(None, self._saved_icon, self._saved, gap=4), note, None, gap=2)
        box = row(
            self._icon,
            left,
            self._progress,
            self._facts,
            self._pause,
            self._stop,
            saved,
            margins=(16, 4, 16, 4),
            gap=16,
        )
        box.setStretch(2, 1)
        self.setLayout(box)
        self._status: JobStatus | None = None
        self._starting = ""
        self._note = ""
        self._note_over = QTimer(self, singleShot=True, interval=_NOTE_MS)
        self._note_over.timeout.connect(lambda: self.say(""))
        self.show_saving(0, None)
        self.show_job(None)

    def say(self, note: str) -> None:
        """Answer in a few words, for a few seconds, whether a job runs or not."""
        self._note = note
        self._note_over.start()
        self.show_job(self._status)

    @property
    def said(self) -> str:
        """What was answered last, while it is shown."""
        return self._note

    def show_starting(self, kind: str) -> None:
        """Show that a job of a kind is being started, of which there is no run yet; "": none is.

        What was answered before gives way to it.
        """
        if kind:
            self._note = ""
        self._starting = kind
        self.show_job(self._status)

    def show_job(self, status: JobStatus | None) -> None:
        """Show a job, or that nothing runs."""
        self._status, note = status, self._note
        if self._starting and (status is None or status.ended):
            status = JobStatus("", kind=self._starting)
        running = status is not None and not status.ended
        self._progress.setVisible(running)
        self._facts.setVisible(running)
        self._pause.setVisible(running)
        self._stop.setVisible(running)
        if status is None or not running:
            self._icon.setPixmap(picture(self._theme, "check-circle-outline", "ok", 24))
            self._title.setText("Nothing is running")
            self._subtitle.setVisible(status is not None or bool(note))
            ended = f"{words.subject(status.kind)} {_ENDS[status.state]}" if status is not None else ""
            self._subtitle.setText(note or ended)
            layout = self.layout()
            if layout is not None:
                layout.setStretch(1, 1)  # type: ignore[attr-defined]
            return
        self.layout().setStretch(1, 0)  # type: ignore[union-attr]
        self._icon.setPixmap(picture(self._theme, _ICONS.get(status.kind, "cog-outline"), "accent", 24))
        self._title.setText(note or (words.kind(status.kind) if status.phase else words.starting(status.kind)))
        self._subtitle.setVisible(True)
        self._subtitle.setText(words.phase(status.phase) if status.phase else words.begins(status.kind))
        self._percent.setText(f"{round(100 * status.fraction)} %")
        self._step.setText(words.progress(status))
        self._bar.setValue(round(1000 * status.fraction))
        self._spark.show_losses(status.losses, status.steps)
        self._loss.setText(written(words.loss(level(status.losses, status.steps))))
        self._dice.setText("" if status.best_dice is None else written(words.dice(status.best_dice)))
        self._device.setText(status.device or "–")
        self._fit_facts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow windows drop the device, then the best Dice; never Pause and Stop."""
        super().resizeEvent(event)
        self._fit_facts()

    def _fit_facts(self) -> None:
        """Only figures that this job has."""
        status, wide = self._status, self.width()
        self._falls.setVisible(status is not None and bool(status.losses))
        self._best.setVisible(bool(self._dice.text()) and wide >= self._theme.px(_WITH_DICE))
        self._computes.setVisible(wide >= self._theme.px(_WITH_DEVICE))

    def show_saving(self, pending: int, problem: str | None, at: str = "") -> None:
        """Saving, saved, or why not."""
        if problem:
            self._show_saved("alert-circle-outline", "error", problem)
        elif pending:
            self._show_saved("history", "text2", "Saving")
        else:
            self._show_saved("check-circle-outline", "ok", f"Saved {at}".strip())

    @property
    def saved_text(self) -> str:
        """What the strip says about saving."""
        return self._saved.text()

    def _show_saved(self, symbol: str, token: str, said: str) -> None:
        self._saved_icon.setPixmap(picture(self._theme, symbol, token, 16))
        self._saved.setText(said)
        set_tone(self._saved, token if token in ("ok", "error") else "")
