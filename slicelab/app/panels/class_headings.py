"""Headings of columns of classes: names over two lines above a bar in the class's colour, so that none is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QStyle, QStyleOptionHeader, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QFont

    from slicelab.app.theme import Theme
    from slicelab.core.labels import LabelClass

_SIZES = (12, 11, 10)
"""Design pixels; smaller is hard to read."""
_LINES = 2


def wrapped(name: str, metrics: QFontMetrics, width: int) -> tuple[str, ...] | None:
    """A name over lines no wider than ``width`` pixels, at most two; None where it needs more or a word is wider."""
    lines: list[str] = []
    for word in name.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and metrics.horizontalAdvance(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    fits = len(lines) <= _LINES and all(metrics.horizontalAdvance(line) <= width for line in lines)
    return tuple(lines) if fits else None


class ClassHeadings(QHeaderView):
    """Draws the headings of the columns that belong to classes; the others as ever."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._classes: tuple[LabelClass, ...] = ()
        self.setSectionsClickable(True)

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """Classes of the first columns."""
        self._classes = classes
        self.viewport().update()

    def lines_of(self, name: str, width: int) -> tuple[tuple[str, ...], QFont]:
        """How a name is drawn in a column of a width, in pixels: its lines and the font.

        The largest font in which it fits; where none is small enough, lines are cut, and the tooltip has the whole.
        """
        for size in _SIZES:
            font = self._theme.font(size)
            lines = wrapped(name, QFontMetrics(font), width)
            if lines is not None:
                return lines, font
        font = self._theme.font(_SIZES[-1])
        metrics = QFontMetrics(font)
        first, _, rest = name.partition(" ")
        parts = (first, rest) if rest else (name,)
        return tuple(metrics.elidedText(part, Qt.TextElideMode.ElideRight, width) for part in parts), font

    def sizeHint(self) -> QSize:
        """High enough for two lines and the bar."""
        tall = _LINES * QFontMetrics(self._theme.font(_SIZES[0])).height() + self._theme.px(14)
        return QSize(super().sizeHint().width(), tall)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        """The section's frame by the style, then the name and the bar."""
        if not 0 <= index < len(self._classes):
            super().paintSection(painter, rect, index)
            return
        item, px = self._classes[index], self._theme.px
        option = QStyleOptionHeader()
        self.initStyleOption(option)
        option.rect, option.section = rect, index
        painter.save()
        self.style().drawControl(QStyle.ControlElement.CE_HeaderSection, option, painter, self)
        inner = rect.adjusted(px(4), px(4), -px(4), -px(4))
        bar = QRect(inner.left(), inner.bottom() - px(4), inner.width(), px(4))
        painter.fillRect(bar, QColor(item.colour))
        lines, font = self.lines_of(item.name, inner.width())
        painter.setFont(font)
        painter.setPen(self._theme.colour("text2"))
        tall = QFontMetrics(font).height()
        top = bar.top() - px(3) - tall * len(lines)
        for at, line in enumerate(lines):
            box = QRect(inner.left(), top + at * tall, inner.width(), tall)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()
