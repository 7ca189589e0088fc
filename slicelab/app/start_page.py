"""The start page: drop images, make or open a project, go on with a recent one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QProgressBar, QPushButton, QSizePolicy, QWidget

from slicelab import __version__
from slicelab.app import words
from slicelab.app.actions import shown_keys
from slicelab.app.icons import icon, on_fill
from slicelab.app.language import say
from slicelab.app.project_picture import ProjectPictureView
from slicelab.app.widgets import button, column, row, scrolled, set_tone, text, when_changed

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.glances import ProjectGlance, ProjectPicture

_STEPS = (
    ("database-outline", "Load", "Drop the images you have."),
    ("sprout", "Pretrain", "Learns from all, without labels."),
    ("brush", "Label", "Paint a few slices."),
    ("school-outline", "Train", "Press one button."),
    ("clipboard-check-outline", "Review", "Correct, accept, repeat."),
)


_NOTHING_YET = "\u00a0"
"""Holds a line's place."""


class StartPage(QWidget):
    """Announces which project to open, and that images should be chosen for a new one."""

    project_chosen = Signal(object)
    folder_wanted = Signal()
    files_wanted = Signal()
    demo_stopped = Signal()

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("center")
        self._theme = theme
        self._making = text("", "secondary", wrap=True)
        self._stop = button("Stop", tip="Ends after the volume it makes; what is half made is removed")
        self._stop.clicked.connect(self._stop_demo)
        self._recent = QGridLayout()
        self._recent.setSpacing(16)
        self._cards: list[QPushButton] = []
        self._far: dict[Path, _Far] = {}
        self._pictures: dict[Path, ProjectPictureView] = {}
        self._recent_title = text("Recent projects", "lead")
        below = row(column(self._recent_title, self._recent, None, gap=12), self._steps(), gap=24)
        below.setStretch(0, 1)  # steps stand under the cards also where no project was opened yet
        content = QWidget()
        content.setMaximumWidth(theme.px(1160))
        content.setLayout(
            column(
                text("Label a few slices. The rest is learned.", "display"),
                text("Segmentation of MR volumes, taught by you, on this computer.", "lead"),
                24,
                row(self._drop_area(), self._ways(actions), gap=24),
                24,
                below,
                None,
                margins=(24, 48, 24, 24),
                gap=10,
            )
        )
        inner = row(None, content, None)
        inner.setStretch(1, 100)
        area = scrolled(inner, "center")
        self.setLayout(column(area, self._foot(), gap=0))

    def show_recent(self, projects: tuple[Path, ...]) -> None:
        """List projects opened before."""
        for card in self._cards:
            self._recent.removeWidget(card)
            card.deleteLater()
        self._cards = []
        self._far = {}
        self._pictures = {}
        self._recent_title.setVisible(bool(projects))
        for number, folder in enumerate(projects):
            card = QPushButton()
            card.setProperty("role", "row")
            card.setToolTip(str(folder))
            card.setAccessibleName(say(f"Open {folder.name}"))
            card.clicked.connect(lambda _checked=False, folder=folder: self.project_chosen.emit(folder))
            named = _through(_Cut(folder.name, "title"))
            far = _Far()
            place = _through(_Cut(words.place(folder.parent), "secondary"))
            picture = ProjectPictureView(self._theme)
            beside = row(picture, column(None, named, place, far, None, gap=2), margins=(10, 10, 16, 10), gap=14)
            beside.setStretch(1, 1)
            card.setLayout(beside)
            card.setProperty("tall", True)  # what is read of it later moves nothing
            self._recent.addWidget(card, number // 2, number % 2)
            self._cards.append(card)
            self._far[folder] = far
            self._pictures[folder] = picture

    def show_glance(self, folder: Path, found: ProjectGlance) -> None:
        """How far a recent project is."""
        if folder in self._far:
            far, worth = words.glance(found)
            shown = self._far[folder]
            shown.show_words(far, worth, found.begun / found.cases if found.cases else 0.0)
            card = next(one for one in self._cards if one.isAncestorOf(shown))
            card.setAccessibleDescription(", ".join(say(one) for one in (far, *worth[:1])))

    def show_picture(self, folder: Path, found: ProjectPicture) -> None:
        """The slice a recent project is known by."""
        if folder in self._pictures:
            self._pictures[folder].show_picture(found)

    @property
    def makes_demo(self) -> bool:
        """Whether the demo is being made or opened."""
        return not self._demo_made.isHidden()

    def show_demo(self, words: str | None) -> None:
        """Say how far the demo is; None: it is not being made any more."""
        if words is None or not self.makes_demo:
            self._stop.setEnabled(True)
        if words is not None and self._stop.isEnabled():
            self._making.setText(words)
        self._demo.setVisible(words is None)
        self._demo_made.setVisible(words is not None)

    def _stop_demo(self) -> None:
        self._stop.setEnabled(False)
        self._making.setText("Stopping …")
        self.demo_stopped.emit()

    def _drop_area(self) -> QFrame:
        area = QFrame()
        area.setProperty("role", "drop")
        picture = QLabel()
        side = self._theme.px(40)
        picture.setPixmap(icon(self._theme, "tray-arrow-down", "accent").pixmap(side, side))
        center = Qt.AlignmentFlag.AlignCenter
        box = column(None, margins=(24, 24, 24, 24), gap=10)
        for part in (
            picture,
            text("Drop MR images here", "statement"),
            text("Folders, DICOM studies, NIfTI, NRRD, MHA", "secondary"),
        ):
            part.setAlignment(center)
            box.addWidget(part)
        box.addSpacing(8)
        folder = button("Choose a folder", "primary", "Every MR image of a folder, DICOM studies among them")
        folder.setIcon(on_fill(icon(self._theme, "folder-open-outline")))
        folder.clicked.connect(self.folder_wanted)
        files = button("Choose files")
        files.clicked.connect(self.files_wanted)
        box.addLayout(row(None, folder, files, None))
        note = text(
            "Your files are copied into the project and never changed. Nothing leaves this computer.", "caption"
        )
        note.setAlignment(center)
        box.addWidget(note)
        box.addStretch(1)
        area.setLayout(box)
        area.setMinimumHeight(self._theme.px(260))
        return area

    def _ways(self, actions: ActionSet) -> QWidget:
        host = QWidget()
        self._demo = self._way(
            actions, "project.demo", "flask-outline", "Open the demo", "Made-up volumes to try it on"
        )
        self._demo_made = QFrame()  # in the card's place while it is made
        self._demo_made.setProperty("role", "card")
        self._demo_made.setLayout(row(self._making, self._stop, margins=(16, 8, 16, 8), gap=16))
        self._making.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._demo_made.setMinimumHeight(self._theme.px(64))
        self._demo_made.hide()
        host.setLayout(
            column(
                self._way(actions, "project.new", "folder-plus-outline", "New project", "Three questions"),
                self._way(actions, "project.open", "folder-outline", "Open a project", "A slicelab project folder"),
                self._demo,
                self._demo_made,
                None,
                gap=16,
            )
        )
        host.setFixedWidth(self._theme.px(400))
        return host

    def _way(self, actions: ActionSet, action: str, symbol: str, title: str, detail: str) -> QPushButton:
        card = QPushButton()
        card.setProperty("role", "row")
        card.setAccessibleName(title)
        card.clicked.connect(actions[action].trigger)
        picture = QLabel()
        side = self._theme.px(24)
        picture.setPixmap(icon(self._theme, symbol, "accent").pixmap(QSize(side, side)))
        said = column(None, _through(text(title, "title")), _through(text(detail, "secondary")), None, gap=2)
        key = _through(text("", "key"))

        def follow() -> None:
            key.setText(shown_keys(actions[action]))
            key.setVisible(bool(key.text()))

        when_changed(actions[action], key, follow)
        key.setText(shown_keys(actions[action]))
        key.setHidden(not key.text())  # an empty frame would say nothing
        card.setLayout(
            row(
                _through(picture),
                said,
                None,
                column(None, key, None),
                margins=(16, 8, 16, 8),
                gap=16,
            )
        )
        card.setMinimumHeight(self._theme.px(64))
        return card

    def _steps(self) -> QWidget:
        host = QWidget()
        box = column(text("How it goes", "lead"), gap=14)
        side = self._theme.px(18)
        for symbol, title, detail in _STEPS:
            picture = QLabel()
            picture.setPixmap(icon(self._theme, symbol, "accent").pixmap(side, side))
            picture.setAlignment(Qt.AlignmentFlag.AlignTop)
            box.addLayout(row(picture, column(text(title, "title"), text(detail, "secondary"), gap=0), None, gap=12))
        box.addStretch(1)
        host.setLayout(box)
        host.setFixedWidth(self._theme.px(400))
        return host

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setObjectName("strip")
        sign = QLabel()
        side = self._theme.px(16)
        sign.setPixmap(icon(self._theme, "alert-circle-outline", "warn").pixmap(side, side))
        note = text("Research use only. Not a medical device.", "title")
        rest = text("Do not use the results for diagnosis or treatment.", "secondary")
        foot.setLayout(row(sign, note, rest, None, text(f"Version {__version__}", "caption"), margins=(16, 10, 16, 10)))
        set_tone(note, "")
        return foot


class _Far(QWidget):
    """How far a project is: counted, as a bar, and what its model was worth; empty until that is known."""

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._far = text(_NOTHING_YET, "secondary")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 100)
        self._worth = text(_NOTHING_YET, "caption")
        self._forms: tuple[str, ...] = ()
        self.setLayout(column(6, self._far, self._bar, self._worth, gap=4))
        keep = self._bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(keep)
        self._bar.hide()

    def show_words(self, far: str, worth: tuple[str, ...], share: float) -> None:
        """Show what was read."""
        self._far.setText(far)
        self._bar.setValue(round(share * 100))
        self._bar.setToolTip(far)
        self._bar.show()
        self._forms = tuple(say(one) for one in worth)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The longest form that has room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self._worth.fontMetrics()
        fitting = [one for one in self._forms if room.horizontalAdvance(one) <= self.width()]
        self._worth.setText((fitting or self._forms[-1:] or [_NOTHING_YET])[0])


class _Cut(QLabel):
    """A name or a place, cut in its middle where there is no room for it."""

    def __init__(self, words: str, role: str) -> None:
        super().__init__(words)
        self._whole = words
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As much as has room."""
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideMiddle, self.width()))


def _through(label: QLabel) -> QLabel:
    """A label on a button: clicks go to the button."""
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    return label
