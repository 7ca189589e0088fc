"""The tour of the first start: four places of the window, one sentence each; over at any time, never twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QMainWindow, QWidget

from slicelab.app.actions import shown_keys, to_press
from slicelab.app.language import tr
from slicelab.app.widgets import button, column, on_its_own, row, text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.app.workspace import Workspace


@dataclass(frozen=True)
class Stop:
    """One place of the tour."""

    where: Callable[[], QWidget]
    title: str
    words: str


def stops(work: Workspace, actions: ActionSet) -> tuple[Stop, ...]:
    """The places worth knowing before the first stroke, with the keys that are set."""
    done = to_press(actions["slice.done"])
    commands = shown_keys(actions["help.palette"])
    saved = tr("Every stroke is saved at once; jobs can be paused and stopped here.")
    finds = tr("{key} finds every command.").format(key=commands) if commands else ""
    return (
        Stop(
            lambda: work.cases,
            "Your cases",
            "Click one to open it. Drop files anywhere to add more; drop a mask on a case to take its labels.",
        ),
        Stop(
            lambda: work.ledger,
            "Every slice has a state",
            tr(
                "Paint a few slices and press {key} on each: only slices that are done teach. The rest is learned."
            ).format(key=done),
        ),
        Stop(
            lambda: work.tabs,
            "Work from left to right",
            "Data, Pretrain, Label, Train, Review. Nothing has to be set: the big button of each tab is enough.",
        ),
        Stop(
            lambda: work.strip,
            "Nothing gets lost",
            f"{saved} {finds}".strip(),
        ),
    )


class Tour(QWidget):
    """Lies over the window, of which it shows a picture, and points at one stop after the other."""

    ended = Signal()

    def __init__(self, theme: Theme, places: Sequence[Stop], window: QMainWindow) -> None:
        super().__init__(window)
        on_its_own(self)  # as what lies over the pictures must be; nothing shines through it, hence the picture
        self._behind = QPixmap()
        self._window = window
        self._theme = theme
        self._stops = tuple(places)
        self._at = 0
        self._title = text("", "title")
        self._words = text("", "secondary", wrap=True)
        self._count = text("", "caption")
        self.skip = button("Skip the tour")
        self.skip.clicked.connect(self.end)
        self.next = button("Next", "primary")
        self.next.clicked.connect(self._go_on)
        self._card = QFrame(self)
        self._card.setProperty("role", "card")
        self._card.setFixedWidth(theme.px(380))
        self._card.setLayout(
            column(self._title, self._words, row(self._count, None, self.skip, self.next), margins=(16, 14, 16, 14))
        )
        window.installEventFilter(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._show()
        self.show()
        self.raise_()
        self.next.setFocus()

    def end(self) -> None:
        """Leave the tour."""
        self._window.removeEventFilter(self)
        self.hide()
        self.ended.emit()
        self.deleteLater()

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """The window has another size."""
        if event.type() == QEvent.Type.Resize:
            self._behind = QPixmap()
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        """No command of the window behind is done by its key."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves; Enter presses the button that has the keys, also where the desktop leaves that to Space."""
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.skip if self.skip.hasFocus() else self.next).click()
        event.accept()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dark, but for the place that is spoken of."""
        hole = self._hole()
        path = QPainterPath()
        path.addRect(self.rect())
        path.addRoundedRect(hole, 8, 8)
        if self._behind.isNull():
            self._behind = self._picture()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._behind)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(path, QColor(0, 0, 0, 150))
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.drawRoundedRect(hole, 8, 8)

    def _picture(self) -> QPixmap:
        """The window without what lies over it."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(self._theme.colour("bg"))
        painter = QPainter(picture)
        for part in (self._window.menuWidget(), self._window.centralWidget()):
            if part is not None:
                painter.drawPixmap(part.pos(), part.grab())
        painter.end()
        return picture

    def _go_on(self) -> None:
        self._at += 1
        if self._at < len(self._stops):
            self._show()
        else:
            self.end()

    def _show(self) -> None:
        stop = self._stops[self._at]
        self._title.setText(tr(stop.title))
        self._words.setText(tr(stop.words))
        self._count.setText(f"{self._at + 1} / {len(self._stops)}")
        last = self._at == len(self._stops) - 1
        self.next.setText(tr("Start") if last else tr("Next"))
        self.skip.setVisible(not last)
        self._place()

    def _hole(self) -> QRect:
        where = self._stops[self._at].where()
        return QRect(where.mapTo(self._window, QPoint()), where.size()).adjusted(2, 2, -2, -2)

    def _place(self) -> None:
        """The card beside the place: where there is most room, never outside the window."""
        self.setGeometry(self._window.rect())
        hole, gap, width = self._hole(), self._theme.px(16), self._card.width()
        inside = self._card.layout()
        size = QSize(width, inside.heightForWidth(width) if inside is not None else 0)  # its words are wrapped
        if self.width() - hole.right() > width + 2 * gap:
            place = QPoint(hole.right() + gap, hole.center().y() - size.height() // 2)
        elif hole.left() > width + 2 * gap:
            place = QPoint(hole.left() - width - gap, hole.center().y() - size.height() // 2)
        else:
            place = QPoint(hole.center().x() - width // 2, hole.top() - size.height() - gap)
        room = self.rect().adjusted(gap, gap, -gap - width, -gap - size.height())
        self._card.move(min(max(place.x(), room.left()), room.right()), min(max(place.y(), room.top()), room.bottom()))
        self._card.resize(size)
        self.update()
