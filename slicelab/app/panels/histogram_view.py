"""The histogram of the image one looks at, with the window drawn on it: its two edges are dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QLinearGradient, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import keeps_key
from slicelab.core.histogram import Histogram, moved_edge

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent

    from slicelab.app.theme import Theme

_BAR = 10.0  # pixels of the strip from black to white below
_GRIP = 5.0  # half the width of a grip
_SIDE = 9.0  # pixels left free on both sides, for the grips
_BEYOND = 0.04  # share of the range that is drawn beyond the outermost edge
_LEAST = 1e-3  # share of the range that the window keeps
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
_KEY_STEP = 0.01  # share of the range that a key moves an edge


class HistogramView(QWidget):
    """Announces the window the person drags; shows what it is given."""

    window_wanted = Signal(float, float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Histogram | None = None
        self._window = (0.0, 1.0)
        self._edge: int | None = None
        self._chosen = 0
        self._range = (0.0, 1.0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Histogram of intensities"))
        self.setToolTip(
            tr(
                "How often each intensity occurs (cube root). Drag the edges: what is left of them is black, right "
                "of them white. Arrow keys move the edge that was last touched."
            )
        )

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(self._theme.px(320), self._theme.px(116))

    def show_histogram(self, found: Histogram | None) -> None:
        """Show another image's histogram."""
        self._found = found
        self._rescale()

    def show_window(self, low: float, high: float) -> None:
        """Show a window, without announcing it."""
        self._window = (low, high)
        if self._edge is None:  # a scale that moved under the hand would run away with the edge
            self._rescale()
        self.update()

    @property
    def edges(self) -> tuple[float, float]:
        """Where the two edges are drawn, pixels from the left."""
        return self._x_of(self._window[0]), self._x_of(self._window[1])

    def place_of(self, intensity: float) -> QPointF:
        """Where an intensity is drawn, in the middle of the height."""
        return QPointF(self._x_of(intensity), (self.height() - _BAR) / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the edge that is nearer."""
        if event.button() == Qt.MouseButton.LeftButton and self._found is not None:
            left, right = (abs(event.position().x() - x) for x in self.edges)
            self._edge = self._chosen = 0 if left <= right else 1
            self._drag(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the edge that is held."""
        if self._edge is not None:
            self._drag(event.position().x())
        near = any(abs(event.position().x() - x) <= 2 * _GRIP for x in self.edges)
        self.setCursor(Qt.CursorShape.SplitHCursor if near or self._edge is not None else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._edge = None
        self._rescale()

    def event(self, event: QEvent) -> bool:
        """Its own keys are no commands of the window."""
        return keeps_key(event, _KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right move the edge that was last touched, Home and End choose one."""
        step = (self._range[1] - self._range[0]) * _KEY_STEP
        keys = {Qt.Key.Key_Left: -step, Qt.Key.Key_Right: step}
        if event.key() in keys:
            self._want(self._window[self._chosen] + keys[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._chosen = 0 if event.key() == Qt.Key.Key_Home else 1
            self.update()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Counts as an area, brighter within the window; its edges with grips; what it makes of intensities below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, floor = self._theme, self.height() - _BAR - 4
        left, right = self.edges
        if self._found is not None:
            area = self._area(floor)
            painter.fillPath(area, theme.colour("text3"))
            painter.save()
            painter.setClipRect(QRectF(left, 0, right - left, floor))
            painter.fillPath(area, theme.colour("accent"))
            painter.restore()
        strip = QRectF(_SIDE, floor + 4, self.width() - 2 * _SIDE, _BAR)
        grey = QLinearGradient(QPointF(left, 0), QPointF(max(right, left + 1), 0))
        grey.setColorAt(0, Qt.GlobalColor.black)
        grey.setColorAt(1, Qt.GlobalColor.white)
        painter.fillRect(strip, grey)
        painter.setPen(QPen(theme.colour("control"), 1))
        painter.drawRect(strip)
        for number, x in enumerate((left, right)):
            strong = number == self._chosen and self.hasFocus()
            painter.setPen(QPen(theme.colour("text1"), 2 if strong else 1.5))
            painter.drawLine(QPointF(x, 2), QPointF(x, floor + 4))
            painter.setBrush(theme.colour("text1"))
            painter.drawRoundedRect(QRectF(x - _GRIP + 1, 2, 2 * _GRIP - 2, 16), 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    # -- inside -------------------------------------------------------------------------------------------------

    def _area(self, floor: float) -> QPainterPath:
        assert self._found is not None
        counts = np.cbrt(self._found.counts.astype(float))  # air is most of a volume, and of no interest
        heights = counts / max(counts.max(), 1.0) * (floor - 6)
        width = (self._found.high - self._found.low) / len(heights)
        path = QPainterPath(QPointF(self._x_of(self._found.low), floor))
        for number, height in enumerate(heights.tolist()):
            for end in (number, number + 1):
                path.lineTo(self._x_of(self._found.low + end * width), floor - height)
        path.lineTo(self._x_of(self._found.high), floor)
        path.closeSubpath()
        return path

    def _rescale(self) -> None:
        """Draw from the least to the greatest of counts and window, and a little beyond."""
        low, high = self._window
        if self._found is not None:
            low, high = min(low, self._found.low), max(high, self._found.high)
        beyond = (high - low) * _BEYOND
        self._range = (low - beyond, high + beyond)
        self.update()

    def _x_of(self, intensity: float) -> float:
        low, high = self._range
        return _SIDE + (intensity - low) / max(high - low, 1e-12) * (self.width() - 2 * _SIDE)

    def _drag(self, x: float) -> None:
        low, high = self._range
        inside = min(max(x, _SIDE), self.width() - _SIDE)
        self._want(low + (inside - _SIDE) / max(self.width() - 2 * _SIDE, 1) * (high - low))

    def _want(self, intensity: float) -> None:
        least = (self._range[1] - self._range[0]) * _LEAST
        self.window_wanted.emit(*moved_edge(self._window, self._chosen, intensity, least))
