"""The left side: cases above, classes below, and a border between them that can be dragged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from slicelab.app import recent
from slicelab.app.language import tr
from slicelab.app.widgets import keeps_key

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent, QShowEvent

    from slicelab.app.panels.case_list import CaseList
    from slicelab.app.panels.class_list import ClassList
    from slicelab.app.theme import Theme

_CASES_KEPT = 4
"""Cases that stay in sight however many classes there are."""
_CLASSES_SHOWN = 8
"""Classes that get room of themselves; of more one scrolls to the rest."""
_HANDLE, _STEP = 8, 18
"""Design pixels: where the border is taken hold of, and how far a key moves it."""
_KEYS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class _Border(QSplitterHandle):
    """A thin line, and a strong one under the mouse or with the keys."""

    settled = Signal()
    fit_wanted = Signal()

    def __init__(self, theme: Theme, parent: QSplitter) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._theme = theme
        self._twice = False
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(tr("Border between cases and classes"))
        self.setToolTip(
            tr("Drag it, or move it with the arrow keys. Double click or Enter: as much room as the classes need.")
        )

    def event(self, event: QEvent) -> bool:
        """Claim the keys that move the border, before they become commands."""
        return keeps_key(event, _KEYS) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the border, or give the classes what they need."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if event.key() not in _KEYS:
            super().keyPressEvent(event)
        elif steps is None:
            self.fit_wanted.emit()
        else:
            self.moveSplitter(self.y() + steps * self._theme.px(_STEP))
            self.settled.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the border; a hand that trembles in a double click drags nothing."""
        if not self._twice:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The border stays where it was let go."""
        super().mouseReleaseEvent(event)
        if not self._twice:
            self.settled.emit()
        self._twice = False

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Give the classes what they need."""
        self._twice = True
        self.fit_wanted.emit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter, middle = QPainter(self), self.height() // 2
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        if self.underMouse() or self.hasFocus():
            painter.fillRect(0, middle - 1, self.width(), 3, self._theme.colour("accent"))
        else:
            painter.fillRect(0, middle, self.width(), 1, self._theme.colour("line"))
        painter.end()


class LeftSide(QSplitter):
    """Gives the classes the height they need, up to a limit, and the cases the rest.

    Where a person puts the border is remembered, and holds for every project until they give it back.
    """

    def __init__(self, theme: Theme, cases: CaseList, classes: ClassList, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.setObjectName("dock")
        self._theme = theme
        self._cases = cases
        self._classes = classes
        kept = recent.classes_height()
        self._chosen = None if kept is None else theme.px(kept)
        self.setHandleWidth(theme.px(_HANDLE))
        self.setChildrenCollapsible(False)
        self.addWidget(cases)
        self.addWidget(classes)
        self.setStretchFactor(0, 1)
        border = self.handle(1)
        assert isinstance(border, _Border)
        self.border = border
        QWidget.setTabOrder(cases.view, border)
        border.settled.connect(self._remember)
        border.fit_wanted.connect(self._fit)
        self.splitterMoved.connect(self._on_moved)
        classes.listed.connect(self._arrange)

    def createHandle(self) -> QSplitterHandle:
        """The border."""
        return _Border(self._theme, self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The classes keep what they have or need, the cases take the rest."""
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Only now every part knows its font."""
        super().showEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        total = self.height() - self.handleWidth()
        if total < 2:
            return  # not laid out yet
        needed = self._classes.height_for(min(self._classes.view.count(), _CLASSES_SHOWN))
        fit = min(needed, total - self._cases.height_for(_CASES_KEPT))
        below = min(max(self._chosen or fit, self._classes.minimumSizeHint().height()), total - 1)
        self.setSizes([total - below, below])

    def _on_moved(self) -> None:
        self._chosen = self.sizes()[1]

    def _fit(self) -> None:
        self._chosen = None
        self._remember()
        self._arrange()

    def _remember(self) -> None:
        px = self._theme.px(100) / 100
        recent.remember_classes_height(None if self._chosen is None else round(self._chosen / px))
