"""Icons by name, in the theme's colours; from a font that ships with qtawesome, so nothing is fetched."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import qtawesome
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPainter

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

    from slicelab.app.theme import Theme

_LARGE = QSize(48, 48)


@cache
def icon(theme: Theme, name: str, token: str = "text2") -> QIcon:
    """A Material Design icon, such as ``brush``, in a token's colour; made once, since lists ask in every repaint."""
    tokens = theme.tokens
    found: QIcon = qtawesome.icon(
        f"mdi6.{name}", color=getattr(tokens, token), color_active=tokens.text1, color_disabled=tokens.control
    )
    return found


@cache
def picture(theme: Theme, name: str, token: str, side: int) -> QPixmap:
    """An icon as pixels, ``side`` design pixels wide; kept, since drawing a glyph takes longer than a row of a list."""
    px = theme.px(side)
    return icon(theme, name, token).pixmap(px, px)


def on_fill(icon: QIcon) -> QIcon:
    """The same icon in white, for buttons filled with colour in both themes; disabled as it was."""
    made = QIcon()
    for mode in (QIcon.Mode.Normal, QIcon.Mode.Active):
        pixels = icon.pixmap(_LARGE, QIcon.Mode.Normal)
        painter = QPainter(pixels)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(pixels.rect(), QColor("white"))
        painter.end()
        made.addPixmap(pixels, mode)
    made.addPixmap(icon.pixmap(_LARGE, QIcon.Mode.Disabled), QIcon.Mode.Disabled)
    return made
