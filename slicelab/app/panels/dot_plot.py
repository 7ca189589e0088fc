"""Dots that are pointed at and pressed, by the mouse or the keys. What they are, and how they look, is for others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtWidgets import QWidget

from slicelab.app.widgets import keeps_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent

    from slicelab.app.theme import Theme

_REACH = 10
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True)
class Dots:
    """What a plot's dots are, and what becomes of them.

    Attributes:
        places: where they are, in the plot's pixels.
        first: the one at which the keys begin.
        step: the one that a key leads to from another.
        tell: another one is pointed at, or None: describes and announces it.
        press: one was pressed: announces it.

    """

    places: Callable[[], Sequence[QPointF]]
    first: Callable[[], int]
    step: Callable[[int, Qt.Key], int]
    tell: Callable[[int | None], None]
    press: Callable[[int], None]


class DotPlot(QWidget):
    """Follows the mouse and the keys over dots.

    Keys: those in `step_keys` from dot to dot, Enter presses.
    """

    chosen = Signal(object)
    """What was pressed."""
    pointed = Signal(object)
    """What the mouse or the keys are on; None: nothing."""
    step_keys: Collection[Qt.Key] = ()

    def __init__(self, theme: Theme, dots: Dots, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._dots = dots
        self._at: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _nearest(self, place: QPointF) -> int | None:
        reach, found = float(self._theme.px(_REACH) ** 2), None
        for at, dot in enumerate(self._dots.places()):
            apart = dot - place
            squared = apart.x() ** 2 + apart.y() ** 2
            if squared <= reach:
                reach, found = squared, at
        return found

    def _point_at(self, at: int | None) -> None:
        if at != self._at:
            self._at = at
            self._dots.tell(at)
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
            self._dots.press(at)

    def leaveEvent(self, _event: QEvent) -> None:
        """The mouse is elsewhere."""
        if not self.hasFocus():
            self._point_at(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys begin."""
        super().focusInEvent(event)
        if self._at is None and self._dots.places():
            self._point_at(self._dots.first())

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
        if key in self.step_keys and self._dots.places():
            self._point_at(self._dots.first() if at is None else self._dots.step(at, key))
        elif at is not None and key in _ENTER:
            self._dots.press(at)
        else:
            super().keyPressEvent(event)
