"""How an expected Dice held on labelled cases: expected across, measured upwards, one dot a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.numbers import written
from slicelab.app.panels.dot_plot import DotPlot, Dots

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from slicelab.app.theme import Theme
    from slicelab.engine.expecting import HeldCase

_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 10, 36
_SIDE, _RADIUS = 150, 4
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Down: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: 1}


class CalibrationPlot(DotPlot):
    """Draws held cases. Announces the one that is pressed (its id), and the one under the mouse or the keys.

    Keys: arrows from dot to dot, by what was expected; Enter opens the case.
    """

    step_keys = _STEPS

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Dots(self._places, lambda: 0, self._step, self._tell, self._press), parent)
        self._held: tuple[HeldCase, ...] = ()
        self.setFixedHeight(theme.px(_SIDE + _TOP + _BOTTOM))
        self.setAccessibleName(tr("Expected against measured Dice of labelled cases, each patient left out in turn"))

    def show_held(self, held: tuple[HeldCase, ...]) -> None:
        """Show cases; nothing is drawn, and no room taken, without one."""
        self._held = tuple(sorted(held, key=lambda one: one.expected))
        self._at = None
        self.setVisible(bool(held))
        self._describe()
        self.update()

    @property
    def held(self) -> tuple[HeldCase, ...]:
        """What is shown, lowest expected first."""
        return self._held

    def position_of(self, one: HeldCase) -> QPointF:
        """Where a case is drawn, in this widget's pixels."""
        return self._place(one.expected, one.measured)

    @property
    def _box(self) -> QRectF:
        px = self._theme.px
        side = min(px(_SIDE), self.width() - px(_LEFT + _RIGHT))
        return QRectF(px(_LEFT), px(_TOP), side, px(_SIDE))

    @property
    def _floor(self) -> float:
        """Both axes begin at 0, or at 0.5 where nothing lies below: said at the axes."""
        return 0.5 if min((min(one.expected, one.measured) for one in self._held), default=0.0) >= 0.5 else 0.0

    def _place(self, expected: float, measured: float) -> QPointF:
        box, floor = self._box, self._floor
        across, up = ((value - floor) / (1 - floor) for value in (expected, measured))
        return QPointF(box.left() + across * box.width(), box.bottom() - up * box.height())

    def _places(self) -> list[QPointF]:
        return [self.position_of(one) for one in self._held]

    def _step(self, at: int, key: Qt.Key) -> int:
        return min(max(at + _STEPS[key], 0), len(self._held) - 1)

    def _tell(self, at: int | None) -> None:
        self._describe()
        self.pointed.emit(None if at is None else self._held[at])

    def _press(self, at: int) -> None:
        self.chosen.emit(self._held[at].id)

    def _describe(self) -> None:
        told = self._held if self._at is None else (self._held[self._at],)
        self.setAccessibleDescription("; ".join(map(said_of, told)))

    # -- drawing ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, the line on which expected is measured, dots, and the frame that shows the focus."""
        if not self._held:
            return
        theme, box, floor = self._theme, self._box, self._floor
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axes(painter)
        painter.setPen(QPen(theme.colour("text3"), 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(self._place(floor, floor), self._place(1.0, 1.0))
        radius = theme.px(_RADIUS)
        painter.setPen(QPen(theme.colour("panel"), 1))
        painter.setBrush(theme.colour("accent"))
        for one in self._held:
            painter.drawEllipse(self.position_of(one), radius, radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._at is not None:
            painter.setPen(QPen(theme.colour("text1"), 2))
            painter.drawEllipse(self.position_of(self._held[self._at]), radius + 3, radius + 3)
        painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "line"), 2 if self.hasFocus() else 1))
        painter.drawRect(box)

    def _draw_axes(self, painter: QPainter) -> None:
        theme, px, box, floor = self._theme, self._theme.px, self._box, self._floor
        painter.setFont(theme.font(11))
        right, middle = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignCenter
        for value in (floor, (1 + floor) / 2, 1.0):
            place, said = self._place(value, value), written(f"{value:.2f}")
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), place.y()), QPointF(box.right(), place.y()))
            painter.drawLine(QPointF(place.x(), box.top()), QPointF(place.x(), box.bottom()))
            painter.setPen(theme.colour("text3"))
            painter.drawText(QRectF(px(14), place.y() - px(8), px(_LEFT - 19), px(16)), right, said)
            painter.drawText(QRectF(place.x() - px(20), box.bottom() + px(3), px(40), px(15)), middle, said)
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(box.left(), box.bottom() + px(17), box.width(), px(16)), middle, tr("expected"))
        painter.save()
        painter.translate(px(8), box.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-box.height() / 2, -px(8), box.height(), px(16)), middle, tr("measured"))
        painter.restore()


def said_of(one: HeldCase) -> str:
    """A case with both figures, in the window's language."""
    return say(f"{one.name}: expected Dice {words.dice(one.expected)}, measured {words.dice(one.measured)}")
