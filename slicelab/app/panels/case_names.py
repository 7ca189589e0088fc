"""Names of cases before the rows of a table: they stay in sight when it is scrolled sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

if TYPE_CHECKING:
    from slicelab.app.theme import Theme

_SIDE = 4  # design pixels on each side
_SHARE = 0.45


class CaseNames(QHeaderView):
    """Draws its names as the cells are drawn: in the font and colour of their items, over the table's ground."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self.setSectionsClickable(True)
        self.setHighlightSections(False)

    def limit(self, width: int, rest: int) -> None:
        """No wider than what the columns leave of a table, or not quite half of it where they leave less.

        Args:
            width: of the table, pixels.
            rest: what the columns need, pixels.

        """
        self.setMaximumWidth(max(width - rest, round(width * _SHARE)))

    def sectionSizeFromContents(self, index: int) -> QSize:
        """Room for the whole name."""
        said, metrics = self._said(index)
        return QSize(metrics.horizontalAdvance(said) + 4 * self._theme.px(_SIDE), metrics.height())

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        """The name; where it is cut, its end stays, which says why a case is no result."""
        side = self._theme.px(_SIDE)
        inner = rect.adjusted(side, 0, -side, 0)
        said, metrics = self._said(index)
        painter.save()
        model, way = self.model(), self.orientation()
        painter.setFont(model.headerData(index, way, Qt.ItemDataRole.FontRole))
        painter.setPen(model.headerData(index, way, Qt.ItemDataRole.ForegroundRole).color())
        line = metrics.elidedText(said, Qt.TextElideMode.ElideMiddle, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
        painter.restore()

    def _said(self, index: int) -> tuple[str, QFontMetrics]:
        model, way = self.model(), self.orientation()
        font = model.headerData(index, way, Qt.ItemDataRole.FontRole) or self.font()
        return str(model.headerData(index, way)), QFontMetrics(font)
