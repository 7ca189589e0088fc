"""Window and level by sight and by number: the histogram of the image one looks at, floating over the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QWidget

from slicelab.app.language import tr
from slicelab.app.number_box import NumberBox
from slicelab.app.panels.histogram_view import HistogramView
from slicelab.app.widgets import column, flat_button, on_its_own, row, text
from slicelab.core.histogram import histogram, moved_edge

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from slicelab.app.seen import Seen
    from slicelab.app.theme import Theme

_WIDEST = 1e9
_LEAST = 1e-6


class WindowPanel(QFrame):
    """Announces the window wanted. Lies over its parent, at the upper right, below the bars in ``under``."""

    window_wanted = Signal(float, float)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget, *under: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "floating")
        on_its_own(self)
        self._over, self._under = parent, under
        self._seen: Seen | None = None
        self._title = text("Window and level", "title")
        self._of = text("", "secondary")
        close = flat_button(theme, "close", "Close")
        close.clicked.connect(self.put_away)
        self.view = HistogramView(theme)
        self.view.window_wanted.connect(self.window_wanted)
        self.black = _number("Black: intensities from here down")
        self.white = _number("White: intensities from here up")
        self.black.valueChanged.connect(lambda value: self._typed(0, value))
        self.white.valueChanged.connect(lambda value: self._typed(1, value))
        numbers = row(text("black", "secondary"), self.black, 8, text("white", "secondary"), self.white, gap=6)
        numbers.setStretch(1, 1)
        numbers.setStretch(4, 1)
        self.setLayout(
            column(
                row(self._title, self._of, None, close),
                self.view,
                numbers,
                margins=(14, 8, 10, 12),
            )
        )
        self.setFixedWidth(theme.px(360))
        parent.installEventFilter(self)
        self.hide()

    def toggle(self) -> None:
        """Show it, or put it away."""
        if self.isVisible():
            self.put_away()
        else:
            self.show()
            self.raise_()
            self._place()
            self._show()
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def put_away(self) -> None:
        """Out of sight; the keys go back to the picture."""
        self.hide()
        self.closed.emit()

    def show_seen(self, seen: Seen | None) -> None:
        """The image one looks at, or its window, is another."""
        other = seen is None or self._seen is None or seen.image is not self._seen.image
        self._seen = seen
        if seen is None:
            self.hide()
        if self.isVisible():
            self._show(image=other)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape puts it away."""
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Stay at the upper right of what it lies over."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest) and self.isVisible():
            self._place()
        return False

    # -- inside -------------------------------------------------------------------------------------------------

    def _place(self) -> None:
        self.adjustSize()
        self.move(
            self._over.width() - self.width() - 12,
            max(bar.geometry().bottom() for bar in self._under if bar.isVisible()) + 6,
        )

    def _show(self, *, image: bool = True) -> None:
        seen = self._seen
        if seen is None:
            return
        if image:
            self.view.show_histogram(histogram(seen.image))
            self._of.setText(seen.name)
        low, high = seen.windows[seen.preset]
        self.view.show_window(low, high)
        decimals = 0 if high - low >= 50 else 1 if high - low >= 5 else 3
        for box, value in ((self.black, low), (self.white, high)):
            if not box.hasFocus() or box.value() != round(value, box.decimals()):
                with QSignalBlocker(box):
                    box.setDecimals(decimals)
                    box.setSingleStep((high - low) / 50)
                    box.setValue(value)

    def _typed(self, edge: int, value: float) -> None:
        if self._seen is not None:
            window = self._seen.windows[self._seen.preset]
            self.window_wanted.emit(*moved_edge(window, edge, value, _LEAST))


def _number(words: str) -> NumberBox:
    made = NumberBox()
    made.setRange(-_WIDEST, _WIDEST)
    made.setAccessibleName(tr(words))
    made.setToolTip(tr(words))
    made.setKeyboardTracking(False)
    made.setProperty("role", "bare")
    return made
