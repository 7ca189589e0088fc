"""The jobs that wait for the one that runs: named, started at once where nothing runs, cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slicelab.app import words
from slicelab.app.language import tr
from slicelab.app.widgets import button, row, text

if TYPE_CHECKING:
    from slicelab.engine.agenda import Wish


class QueueBox(QWidget):
    """Shows what waits; announces what shall be cancelled, or that the first shall start now."""

    cancelled = Signal(str)
    start_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self._shown: tuple[tuple[Wish, ...], bool] | None = None
        self.show_waiting((), running=False)

    def show_waiting(self, waiting: tuple[Wish, ...], *, running: bool) -> None:
        """Show what waits; where nothing runs, the first can be started at once."""
        if self._shown == (waiting, running):
            return
        self._shown = (waiting, running)
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for place, wish in enumerate(waiting):
            self._lines.addWidget(self._line(place, wish, running=running))
        self.setVisible(bool(waiting))

    def _line(self, place: int, wish: Wish, *, running: bool) -> QWidget:
        said = ("Next: {job}" if running else "Waits: {job}") if place == 0 else "Then: {job}"
        name = tr(words.job(wish.kind))
        cancel = button("Cancel", "flat", tr("Takes {job} off the list of jobs that wait").format(job=name))
        cancel.setAccessibleName(tr("Cancel {job}").format(job=name))
        cancel.clicked.connect(lambda _checked=False, kind=wish.kind: self.cancelled.emit(kind))
        parts: list[QWidget | None] = [text(tr(said).format(job=name), "title"), None]
        if place == 0 and not running:
            start = button("Start now", "primary", "The job before it did not finish, so this one waits for you")
            start.clicked.connect(self.start_wanted.emit)
            parts.append(start)
        host = QWidget()
        host.setLayout(row(*parts, cancel))
        return host
