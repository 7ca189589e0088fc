"""A small picture of the slice under the mouse on the map, with its case and number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtGui import QPaintEvent

    from slicelab.app.theme import Theme

_SIDE, _EDGE, _LINE, _AWAY = 112, 6, 20, 12


class SpotCard(QWidget):
    """Lies over its parent beside a place; the mouse goes through it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._over = theme, parent
        self._words = ""
        self._grey: npt.NDArray[np.uint8] | None = None
        self._tall = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    @property
    def words(self) -> str:
        """Which slice it is."""
        return self._words

    @property
    def grey(self) -> npt.NDArray[np.uint8] | None:
        """The picture, ``(row, column)`` uint8; None while it is being read, or cannot be."""
        return self._grey

    @property
    def picture_box(self) -> QRectF:
        """Where the picture is drawn, in this widget's pixels; empty without one."""
        frame = self._frame
        if self._grey is None:
            return QRectF()
        rows, columns = self._grey.shape
        scale = min(frame.width() / columns, frame.height() / (rows * self._tall))
        box = QRectF(0, 0, columns * scale, rows * self._tall * scale)
        box.moveCenter(frame.center())
        return box

    def show_at(self, place: QPoint, words: str) -> None:
        """Show a slice's name beside a place of the parent; its picture comes later."""
        self._words, self._grey = words, None
        px, room = self._theme.px, self._over.size()
        size = self._wanted(room)
        left = place.x() + px(_AWAY)
        if left + size.width() > room.width():
            left = place.x() - px(_AWAY) - size.width()
        top = place.y() + px(_AWAY)
        if top + size.height() > room.height():
            top = place.y() - px(_AWAY) - size.height()
        within = QPoint(
            min(max(left, 0), max(room.width() - size.width(), 0)),
            min(max(top, 0), max(room.height() - size.height(), 0)),
        )
        self.resize(size)
        self.move(within)
        self.show()
        self.raise_()
        self.update()

    def show_grey(self, grey: npt.NDArray[np.uint8], tall: float) -> None:
        """Show the picture.

        Args:
            grey: ``(row, column)`` uint8, as the viewer has it: first row at the top.
            tall: height of a pixel divided by its width.

        """
        self._grey, self._tall = np.ascontiguousarray(grey), tall
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A framed picture above one line of words."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QPen(theme.colour("control"), 1))
        painter.setBrush(theme.colour("raised"))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        frame = self._frame
        painter.fillRect(frame, theme.colour("canvas"))
        if self._grey is not None:
            rows, columns = self._grey.shape
            image = QImage(self._grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
            painter.drawImage(self.picture_box, image)
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("text1"))
        line = QRectF(frame.left(), frame.bottom(), frame.width(), px(_LINE))
        elided = painter.fontMetrics().elidedText(self._words, Qt.TextElideMode.ElideMiddle, int(line.width()))
        painter.drawText(line, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter, elided)

    @property
    def _frame(self) -> QRectF:
        edge = self._theme.px(_EDGE)
        return QRectF(self.rect()).adjusted(edge, edge, -edge, -edge - self._theme.px(_LINE))

    def _wanted(self, room: QSize) -> QSize:
        """As wide as its words need, up to what there is."""
        px = self._theme.px
        self.setFont(self._theme.font(11))
        wide = max(px(_SIDE), self.fontMetrics().horizontalAdvance(self._words) + px(4)) + 2 * px(_EDGE)
        return QSize(min(wide, room.width()), px(_SIDE) + px(_LINE) + 2 * px(_EDGE))
