"""Dots that are pointed at and pressed, by the mouse or the keys. What they are, and how they look, is for others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from slicelab.app.widgets import keeps_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

    from slicelab.app.theme import Theme

_REACH = 10
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class DotPlot(QWidget):
    """Follows the mouse and the keys over the dots that a class made from it has.

    Keys: those in `step_keys` from dot to dot, Enter presses.
    """

    chosen = Signal(object)
    """What was pressed."""
    pointed = Signal(object)
    """What the mouse or the keys are on; None: nothing."""
    step_keys: Collection[Qt.Key] = ()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._at: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _dots(self) -> Sequence[QPointF]:
        """Where the dots are, in this widget's pixels."""
        raise NotImplementedError

    def _first(self) -> int:
        """Where the keys begin."""
        return 0

    def _step(self, at: int, key: Qt.Key) -> int:
        """The dot that a key leads to."""
        raise NotImplementedError

    def _tell(self, at: int | None) -> None:
        """Another dot is pointed at: describe and announce it."""
        raise NotImplementedError

    def _press(self, at: int) -> None:
        """A dot was pressed: announce it."""
        raise NotImplementedError

    def _nearest(self, place: QPointF) -> int | None:
        reach, found = float(self._theme.px(_REACH) ** 2), None
        for at, dot in enumerate(self._dots()):
            apart = dot - place
            squared = apart.x() ** 2 + apart.y() ** 2
            if squared <= reach:
                reach, found = squared, at
        return found

    def _point_at(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self._tell(at)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say which dot is under the mouse."""
        at = self._nearest(event.position())
        self._point_at(at)
        self.setCursor(Qt.CursorShape.ArrowCursor if at is None else Qt.CursorShape.PointingHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Press the dot under the mouse."""
        at = self._nearest(event.position())
        if at is not None and event.button() == Qt.MouseButton.LeftButton:
            self._point_at(at)
            self._press(at)

    def leaveEvent(self, _event: QEvent) -> None:
        """The mouse is elsewhere."""
        if not self.hasFocus():
            self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys begin."""
        super().focusInEvent(event)
        if self._at is None and self._dots():
            self._point_at(self._first())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keys are elsewhere."""
        super().focusOutEvent(event)
        self._point_at(None)

    def event(self, event: QEvent) -> bool:
        """Keep the keys it knows from the window's shortcuts while it has the focus."""
        return keeps_key(event, (*self.step_keys, *_ENTER)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move from dot to dot; press."""
        at, key = self._at, Qt.Key(event.key())
        if key in self.step_keys and self._dots():
            self._point_at(self._first() if at is None else self._step(at, key))
        elif at is not None and key in _ENTER:
            self._press(at)
        else:
            super().keyPressEvent(event)
