"""Dice before correction from model to model: one line a class, blind solid, assisted dashed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from slicelab.app.language import say
from slicelab.app.numbers import written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

    from slicelab.app.theme import Theme
    from slicelab.core.correction import Round
    from slicelab.core.labels import LabelClass

_LEFT, _RIGHT, _TOP, _BOTTOM = 34, 12, 10, 40


class TrendPlot(QWidget):
    """Draws rounds; a few dozen points, so plain Qt is enough."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rounds: tuple[Round, ...] = ()
        self._names: Mapping[str, str] = {}
        self._classes: tuple[LabelClass, ...] = ()
        self.setFixedHeight(theme.px(150))
        self.setAccessibleName(say("Dice before correction, model by model"))

    def show_rounds(self, rounds: tuple[Round, ...], names: Mapping[str, str], classes: tuple[LabelClass, ...]) -> None:
        """Show rounds, oldest first."""
        self._rounds, self._names, self._classes = rounds, names, classes
        said = [f"{names.get(one.model, one.model)}: blind {one.blind.slices}, assisted {one.assisted.slices} slices"
                for one in rounds]  # fmt: skip
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Axis, names, lines, key."""
        if not self._rounds:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_axis(painter)
        for item in self._classes:
            for solid in (False, True):
                self._draw_line(painter, item, solid=solid)
        self._draw_key(painter)

    @property
    def _box(self) -> QRectF:
        px = self._theme.px
        return QRectF(px(_LEFT), px(_TOP), self.width() - px(_LEFT + _RIGHT), self.height() - px(_TOP + _BOTTOM))

    @property
    def _floor(self) -> float:
        """The axis begins at 0, or at 0.5 where nothing lies below: said at the axis."""
        known = [
            mean.dice
            for one in self._rounds
            for group in (one.blind, one.assisted)
            for mean in group.classes.values()
            if not math.isnan(mean.dice)
        ]
        return 0.5 if min(known, default=0.0) >= 0.5 else 0.0

    def _place(self, at: int, dice: float) -> QPointF:
        box, floor = self._box, self._floor
        share = (at + 0.5) / len(self._rounds)
        return QPointF(box.left() + share * box.width(), box.bottom() - (dice - floor) / (1 - floor) * box.height())

    def _draw_axis(self, painter: QPainter) -> None:
        theme, px, box, floor = self._theme, self._theme.px, self._box, self._floor
        painter.setFont(theme.font(11))
        for value in (floor, (1 + floor) / 2, 1.0):
            y = self._place(0, value).y()
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))
            painter.setPen(theme.colour("text3"))
            label = QRectF(0, y - px(8), px(_LEFT - 6), px(16))
            painter.drawText(
                label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, written(f"{value:.2f}")
            )
        wide = box.width() / len(self._rounds)
        every = max(1, math.ceil(px(52) / wide))
        for at, one in enumerate(self._rounds):
            if (len(self._rounds) - 1 - at) % every == 0:
                label = QRectF(self._place(at, floor).x() - px(40), box.bottom() + px(3), px(80), px(15))
                painter.drawText(label, Qt.AlignmentFlag.AlignCenter, say(self._names.get(one.model, one.model)))

    def _draw_line(self, painter: QPainter, item: LabelClass, *, solid: bool) -> None:
        points = []
        for at, one in enumerate(self._rounds):
            mean = (one.blind if solid else one.assisted).classes.get(item.value)
            if mean is not None and not math.isnan(mean.dice):
                points.append(self._place(at, mean.dice))
        colour = QColor(item.colour)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.8, Qt.PenStyle.SolidLine if solid else Qt.PenStyle.DashLine))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(colour if solid else self._theme.colour("panel"))
        for point in points:
            painter.drawEllipse(point, 3.5, 3.5)

    def _draw_key(self, painter: QPainter) -> None:
        theme, px = self._theme, self._theme.px
        y, x = self.height() - px(10), float(px(_LEFT))
        painter.setFont(theme.font(11))
        for said, style, solid in (
            ("blind", Qt.PenStyle.SolidLine, True),
            ("assisted (optimistic)", Qt.PenStyle.DashLine, False),
        ):
            painter.setPen(QPen(theme.colour("text2"), 1.8, style))
            painter.drawLine(QPointF(x, y), QPointF(x + px(24), y))
            painter.setPen(QPen(theme.colour("text2"), 1.5))
            painter.setBrush(theme.colour("text2") if solid else theme.colour("panel"))
            painter.drawEllipse(QPointF(x + px(12), y), 3.0, 3.0)
            x += px(30)
            box = QRectF(x, y - px(8), px(160), px(16))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, say(said))
            x += painter.fontMetrics().horizontalAdvance(said) + px(20)
