"""The small picture of a recent project: a slice with what is painted on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    import numpy.typing as npt
    from PySide6.QtGui import QPaintEvent

    from slicelab.app.theme import Theme
    from slicelab.engine.glances import ProjectPicture

SIDE = 256
"""Pixels along the longest edge that are worth reading: sharp on a screen of twice the density too."""
_WIDE, _HIGH, _ROUND = 112, 88, 4
_FILL = 0.35


class ProjectPictureView(QWidget):
    """Shows the picture once it is there, cut to its place; until then the place is kept."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._image: QImage | None = None
        self._tall = 1.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(QSize(theme.px(_WIDE), theme.px(_HIGH)))

    @property
    def shown(self) -> bool:
        """Whether there is a picture."""
        return self._image is not None

    def show_picture(self, found: ProjectPicture) -> None:
        """Show it."""
        pixels = coloured(found)
        rows, columns = pixels.shape[:2]
        self._image = QImage(pixels.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()
        self._tall = found.tall
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The middle of the picture, as large as fills the place."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        place, corner = QRectF(self.rect()), self._theme.px(_ROUND)
        within = QPainterPath()
        within.addRoundedRect(place, corner, corner)
        painter.setClipPath(within)
        painter.fillRect(place, QColor("black"))
        if self._image is not None:
            wide, high = self._image.width(), self._image.height() * self._tall
            scale = max(place.width() / wide, place.height() / high)
            box = QRectF(0, 0, wide * scale, high * scale)
            box.moveCenter(place.center())
            painter.drawImage(box, self._image)


def coloured(found: ProjectPicture) -> npt.NDArray[np.uint8]:
    """The picture ``(row, column, 3)`` uint8: each class filled thinly, with an outline in its colour."""
    out = np.repeat(found.grey[..., None], 3, axis=2).astype(np.float32)
    for value, name in found.colours.items():
        inside = found.mask == value
        colour = np.array([QColor(name).red(), QColor(name).green(), QColor(name).blue()], np.float32)
        out[inside] = (1 - _FILL) * out[inside] + _FILL * colour
        out[_rim(inside)] = colour
    return out.astype(np.uint8)


def _rim(inside: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Pixels inside with a neighbour, above, below, left or right, that is not."""
    wide = np.pad(inside, 1)
    around = wide[:-2, 1:-1] & wide[2:, 1:-1] & wide[1:-1, :-2] & wide[1:-1, 2:]
    rim: npt.NDArray[np.bool_] = inside & ~around
    return rim
