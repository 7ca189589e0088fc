"""The label budget: Dice against labelled slices, and what five more would probably bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from slicelab.app.language import tr
from slicelab.app.numbers import written
from slicelab.app.widgets import column, text
from slicelab.engine.budgeting import explanation, headline

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from slicelab.app.theme import Theme
    from slicelab.core.budget import Budget

_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 16, 10, 34
_TICK_SLICES = (5, 10, 20, 50, 100, 200, 500)


class BudgetBox(QWidget):
    """Shows a budget."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._headline = text("", "lead", wrap=True)
        self._why = text("", "caption", wrap=True)
        self.plot = BudgetPlot(theme)
        tip = "Dice before correction of each training, against the slices it learned from (learning curve)"
        self.setLayout(column(text("Label budget", "title", tip=tip), self._headline, self.plot, self._why, gap=6))
        self.show_budget(None)

    @property
    def words(self) -> str:
        """What is said."""
        return f"{self._headline.text()} {self._why.text()}"

    def show_budget(self, found: Budget | None) -> None:
        """Show a budget; nothing as long as no training was measured."""
        self.setVisible(found is not None and bool(found.points))
        if found is None or not found.points:
            return
        self._headline.setText(headline(found, tr))
        self._why.setText(explanation(found, tr))
        self.plot.setVisible(len(found.points) > 1)
        self.plot.show_budget(found)


class BudgetPlot(QWidget):
    """One point a training, and where five more slices would lead, with the interval of that."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Budget | None = None
        self.setFixedHeight(theme.px(150))
        self.setAccessibleName(tr("Dice before correction against labelled slices"))

    def show_budget(self, found: Budget) -> None:
        """Show a budget."""
        self._found = found
        one = tr("{slices} slices: Dice {dice}")
        said = "; ".join(one.format(slices=point.spent.labelled, dice=f"{point.mean:.2f}") for point in found.points)
        self.setAccessibleDescription(said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axes, the rounds, the next slices."""
        found = self._found
        if found is None or not found.points:
            return
        theme, px = self._theme, self._theme.px
        box = QRectF(px(_LEFT), px(_TOP), self.width() - px(_LEFT + _RIGHT), self.height() - px(_TOP + _BOTTOM))
        last = found.points[-1]
        end = (last.spent.labelled + (found.gain.more if found.gain else 0)) * 1.05
        floor = 0.5 if min(point.mean for point in found.points) >= 0.5 else 0.0

        def place(slices: float, dice: float) -> QPointF:
            up = (min(max(dice, floor), 1.0) - floor) / (1.0 - floor)
            return QPointF(box.left() + box.width() * slices / end, box.bottom() - up * box.height())

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(11))
        for value in (floor, (1 + floor) / 2, 1.0):
            y = place(0, value).y()
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme.colour("text3"))
            label = QRectF(0, y - px(8), px(_LEFT - 6), px(16))
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, written(f"{value:.2f}")
            )
        step = next((tick for tick in _TICK_SLICES if end / tick <= 7), _TICK_SLICES[-1])
        for slices in range(0, int(end) + 1, step):
            label = QRectF(place(slices, floor).x() - px(24), box.bottom() + px(3), px(48), px(14))
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, str(slices))
        under = QRectF(box.left(), box.bottom() + px(16), box.width(), px(14))
        painter.drawText(under, Qt.AlignmentFlag.AlignRight, tr("slices learned from"))
        points = [place(point.spent.labelled, point.mean) for point in found.points]
        painter.setPen(QPen(theme.colour("accent"), 1.8))
        painter.drawPolyline(QPolygonF(points))
        if found.gain is not None:
            self._draw_next(painter, found, place(last.spent.labelled, last.mean), place)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.setBrush(theme.colour("accent"))
        for point in points:
            painter.drawEllipse(point, 3.5, 3.5)

    def _draw_next(
        self, painter: QPainter, found: Budget, start: QPointF, place: Callable[[float, float], QPointF]
    ) -> None:
        gain, last = found.gain, found.points[-1]
        assert gain is not None
        at = last.spent.labelled + gain.more
        middle = place(at, last.mean + gain.dice)
        low, high = place(at, last.mean + gain.low), place(at, last.mean + gain.high)
        painter.setPen(QPen(self._theme.colour("accent"), 1.5, Qt.PenStyle.DashLine))
        painter.drawLine(start, middle)
        painter.setPen(QPen(self._theme.colour("accent"), 1.5))
        painter.drawLine(low, high)
        for edge in (low, high):
            painter.drawLine(edge - QPointF(4, 0), edge + QPointF(4, 0))
        painter.setBrush(self._theme.colour("panel"))
        painter.drawEllipse(middle, 3.5, 3.5)
