"""The screen of an open project: cases and classes left, pictures in the centre, tabs right, the strip below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QScrollArea, QSplitter, QTabWidget, QWidget

from slicelab.app.language import tr
from slicelab.app.left_side import LeftSide
from slicelab.app.notice import NoticeBar
from slicelab.app.panels.case_list import CaseList
from slicelab.app.panels.class_list import ClassList
from slicelab.app.panels.data_tab import DataTab
from slicelab.app.panels.label_tab import LabelTab
from slicelab.app.panels.ledger import Ledger
from slicelab.app.panels.pretrain_tab import PretrainTab
from slicelab.app.panels.review_tab import ReviewTab
from slicelab.app.panels.sequence_bar import SequenceBar
from slicelab.app.panels.strip import JobStrip
from slicelab.app.panels.train_tab import TrainTab
from slicelab.app.panels.window_panel import WindowPanel
from slicelab.app.view_bar import ViewBar
from slicelab.app.widgets import column, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.canvas.linked import LinkedCanvases
    from slicelab.app.theme import Theme

TABS = ("data", "pretrain", "label", "train", "review")
_WIDTH = 460
"""Design pixels of the tabs: one width for all, so that the picture stays where it is from tab to tab."""


class _Frame(QWidget):
    """What the pictures lie in; draws its edges anew when they are uncovered.

    Next to a widget that is put together apart, Qt leaves there what lay above, such as a menu that was closed.
    """

    def event(self, event: QEvent) -> bool:
        """Watch for being uncovered, as soon as the system has made a window of it."""
        handle = self.windowHandle()
        if event.type() == QEvent.Type.WinIdChange and handle is not None:
            handle.installEventFilter(self)
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Draw what was uncovered."""
        if event.type() == QEvent.Type.Expose:
            self.update()
        return super().eventFilter(watched, event)


class Workspace(QWidget):
    """Lays the parts out; knows nothing of what they show."""

    canvas_made = Signal()

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("center")
        self._theme = theme
        self.cases = CaseList(theme, actions)
        self.classes = ClassList(theme, actions["class.add"], (actions["class.rename"], actions["class.remove"]))
        self.view_bar = ViewBar(theme, actions)
        self.sequences = SequenceBar(theme, actions)
        self.ledger = Ledger(theme)
        self.strip = JobStrip(theme, actions)
        self.data = DataTab(theme, actions)
        self.pretrain = PretrainTab(theme, actions)
        self.label = LabelTab(theme, actions)
        self.train = TrainTab(theme, actions)
        self.review = ReviewTab(theme, actions)
        self.canvas: LinkedCanvases | None = None
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setExpanding(True)
        self.tabs.tabBar().setDrawBase(False)
        for name in TABS:
            self.tabs.addTab(getattr(self, name), tr(name.capitalize()))
        self.tabs.setMinimumWidth(theme.px(330))
        self._empty = text("Opening …", "lead")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture = _Frame()
        self._picture_box = column(self._empty, margins=(8, 8, 8, 8))
        picture.setLayout(self._picture_box)
        self.notice = NoticeBar(picture)
        self.notice.placed.connect(self._stay_clear)
        self.left = LeftSide(theme, self.cases, self.classes)
        self.left.setMinimumWidth(theme.px(224))
        centre = QWidget()
        centre.setObjectName("center")
        centre.setLayout(column(self.view_bar, self.sequences, picture, self.ledger, gap=0))
        centre.layout().setStretch(2, 1)  # type: ignore[union-attr]
        centre.setMinimumWidth(theme.px(420))
        self.window_panel = WindowPanel(theme, centre, self.view_bar, self.sequences)
        self._split = QSplitter(Qt.Orientation.Horizontal)
        self._split.setHandleWidth(2)
        self._split.setChildrenCollapsible(False)
        for part in (self.left, centre, self.tabs):
            self._split.addWidget(part)
        self._split.setStretchFactor(1, 1)
        self._width = _WIDTH
        box = column(self._split, self.strip, gap=0)
        box.setStretch(0, 1)
        self.setLayout(box)
        self._split.splitterMoved.connect(self._remember_width)
        self.tabs.currentChanged.connect(self._begin_at_the_top)

    @property
    def _needed(self) -> int:
        """Pixels that the tabs' contents need beside their scroll bar: more where words are large or long."""
        areas = self.tabs.findChildren(QScrollArea)
        inner = [(area.widget(), area.verticalScrollBar().sizeHint().width()) for area in areas]
        needed = [part.minimumSizeHint().width() + bar for part, bar in inner if part is not None]
        return max([self.tabs.minimumWidth(), *needed])

    def put_canvas(self, canvas: LinkedCanvases) -> None:
        """Put the pictures in their place, once they are made."""
        self.canvas = canvas
        self._picture_box.replaceWidget(self._empty, canvas)
        self._empty.hide()
        for above in (self.notice, self.window_panel):
            above.raise_()  # said or opened before: a window made later lies above
        canvas.say(self._empty.text())
        canvas.arranged.connect(self._stay_clear)
        self._stay_clear()
        self.canvas_made.emit()

    def say_empty(self, words: str) -> None:
        """What stands where pictures will be."""
        self._empty.setText(words)
        if self.canvas is not None:
            self.canvas.say(words)

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front."""
        self.tabs.setCurrentIndex(TABS.index(name))

    def _begin_at_the_top(self, tab: int) -> None:
        """Whoever comes back to train finds the button, however far they had read on."""
        if self.tabs.widget(tab) is self.train:
            self.train.to_top()

    def _stay_clear(self) -> None:
        """A message over the pictures hides no case's name and no letter of orientation."""
        if self.canvas is not None:
            self.canvas.stay_clear_of(self.notice)

    def _remember_width(self, _position: int, handle: int) -> None:
        if handle == 2:
            self._width = round(self._split.sizes()[2] / self._theme.px(100) * 100)

    def resizeEvent(self, event: object) -> None:
        """The docks keep their width, the picture takes the rest; cases give way to what the tabs need."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        total, theme = self._split.width(), self._theme
        left = theme.px(264)
        right = min(theme.px(self._width), max(total - left - theme.px(560), self._needed))
        left = max(min(left, total - right - theme.px(560)), self.left.minimumWidth())
        self._split.setSizes([left, max(total - left - right, 1), right])
