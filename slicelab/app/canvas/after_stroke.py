"""Says when a hand that paints has paused: what can wait for that is done then, and all of it at once."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

_PAUSE_MS = 150
_LONGEST_MS = 600


class AfterStroke(QObject):
    """After a request, says `due` in the next pause, at the latest after 0.6 s.

    Without a graphics card each change of the window costs 10 ms and more; stroke by stroke, the other planes took as
    long as the strokes.
    """

    due = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._longest = QTimer(self, singleShot=True, interval=_LONGEST_MS)
        self._pause.timeout.connect(self.settle)
        self._longest.timeout.connect(self.settle)

    def ask(self) -> None:
        """Something waits."""
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def settle(self) -> None:
        """Do now what waits, if something does."""
        if self._pause.isActive() or self._longest.isActive():
            self._pause.stop()
            self._longest.stop()
            self.due.emit()
