"""A look inside a pretraining: what the network was given of a slice, and what it made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import column, row, text
from slicelab.data.look import CORRUPTED, FIRST, ORIGINAL, RESTORED, SECOND

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtGui import QPaintEvent, QResizeEvent

    from slicelab.app.theme import Theme
    from slicelab.data.look import Look

_CAPTIONS = {
    ORIGINAL: ("As it is", "The slice itself, evened out in brightness and size (original)"),
    CORRUPTED: ("What the network was given", "Hidden pixels hold noise instead (corrupted, or masked, input)"),
    RESTORED: ("What it makes of it", "The network's own drawing of the whole slice (reconstruction)"),
    FIRST: ("Seen one way", "A random part of it in other brightness and contrast (first view, augmentation)"),
    SECOND: ("Seen another way", "Another random part, drawn independently (second view of a positive pair)"),
}
_MEANING = {
    "regression": "It learns to draw the hidden pixels as they were; the rest it may leave alone.",
    "blocks": "It learns to draw the hidden patches from what is around them.",
    "global": "It learns that both are the same slice, and that other slices are not.",
    "local": "It learns which places of both are the same.",
}


class LookBox(QWidget):
    """Shows one look; it decides nothing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        tip = "Drawn from what the running job computes with in this very step, not made up for showing"
        self._step = text("", "secondary")
        self._meaning = text("", "caption", wrap=True)
        self.pictures = tuple(GreyPicture(theme) for _ in range(3))
        self._names = tuple(text("", "secondary", wrap=True) for _ in self.pictures)
        for name in self._names:
            name.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        frames = row(*(_framed(*pair) for pair in zip(self.pictures, self._names, strict=True)), gap=8)
        for place in range(3):
            frames.setStretch(place, 1)
        self.setLayout(
            column(row(text("A look inside", "title", tip=tip), None, self._step), frames, self._meaning, gap=6)
        )
        self.hide()

    @property
    def words(self) -> str:
        """What is said."""
        return " ".join(label.text() for label in (self._step, *self._names, self._meaning))

    def show_look(self, look: Look | None, case: str = "", *, mirrored: bool = False) -> None:
        """Show pictures of a slice, or nothing.

        Args:
            look: the pictures, oriented as a stack.
            case: the user's name for the case.
            mirrored: whether the case's main view shows its columns from right to left.

        """
        self.setVisible(look is not None)
        if look is None:
            return
        self._step.setText(
            tr("{case}, slice {slice} · after step {step}").format(
                case=case, slice=look.slice + 1, step=f"{look.step:,}"
            )
        )
        for picture, name, (key, grey) in zip(self.pictures, self._names, look.pictures.items(), strict=False):
            said, tip = _CAPTIONS.get(key, (key, ""))
            picture.show_grey(grey[:, ::-1] if mirrored else grey)
            picture.setAccessibleName(tr(said))
            name.setText(tr(said))
            for part in (picture, name):
                part.setToolTip(tr(tip))
        self._meaning.setText(tr(_MEANING.get(look.phase, "")))


class GreyPicture(QWidget):
    """A square picture in grey, as large as there is room."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grey: npt.NDArray[np.uint8] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(120))

    @property
    def grey(self) -> npt.NDArray[np.uint8] | None:
        """What is shown, ``(row, column)`` uint8."""
        return self._grey

    def show_grey(self, grey: npt.NDArray[np.uint8]) -> None:
        """Show a picture ``(row, column)`` uint8."""
        self._grey = np.ascontiguousarray(grey)
        self.update()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """A square, as wide as its column."""
        if self.height() != self.width():
            self.setFixedHeight(self.width())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The picture in a frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        if self._grey is not None:
            rows, columns = self._grey.shape
            image = QImage(self._grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
            side = float(min(self.width(), self.height()))
            scale = side / max(rows, columns)
            box = QRectF(0, 0, columns * scale, rows * scale)
            box.moveCenter(QRectF(self.rect()).center())
            painter.drawImage(box, image)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _framed(picture: QWidget, name: QWidget) -> QVBoxLayout:
    return column(picture, name, gap=4)
