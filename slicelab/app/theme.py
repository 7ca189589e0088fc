"""Colours, type and the style sheet: tokens in one table, sizes as factors of the system's font."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette

from slicelab.core.resources import resource

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

ThemeName = Literal["dark", "light"]
BODY = 13
"""The design's body size; the system's font size is this, everything else in proportion."""
_SMALLEST_BASE_PX = 12


@dataclass(frozen=True)
class Tokens:
    """The colours of a theme (contrast of every text pair >= 4.5:1, of control borders >= 3:1)."""

    canvas: str
    bg: str
    panel: str
    raised: str
    hover: str
    field: str
    line: str
    control: str
    text1: str
    text2: str
    text3: str
    accent: str
    fill: str
    fillhover: str
    soft: str
    ok: str
    oksoft: str
    warn: str
    warnsoft: str
    error: str
    errorsoft: str
    draft: str


DARK = Tokens(
    canvas="#000000",
    bg="#101317",
    panel="#171B21",
    raised="#1F252D",
    hover="#2A323D",
    field="#0D1014",
    line="#2A313B",
    control="#64717F",
    text1="#EBEFF4",
    text2="#B7C1CD",
    text3="#93A0AF",
    accent="#9DADFF",
    fill="#4A5ED0",
    fillhover="#3B4DB8",
    soft="#232B4D",
    ok="#35C49A",
    oksoft="#14342C",
    warn="#E9A820",
    warnsoft="#3A2E10",
    error="#FF8370",
    errorsoft="#41211E",
    draft="#E69F00",
)
LIGHT = Tokens(
    canvas="#000000",
    bg="#E9ECF0",
    panel="#FAFBFC",
    raised="#FFFFFF",
    hover="#E6EAF0",
    field="#FFFFFF",
    line="#D5DBE2",
    control="#7C8897",
    text1="#171C23",
    text2="#3F4A57",
    text3="#586473",
    accent="#3D50BE",
    fill="#4A5ED0",
    fillhover="#3B4DB8",
    soft="#E4E8FC",
    ok="#00745A",
    oksoft="#DDF3EC",
    warn="#8A5A00",
    warnsoft="#FBF0D9",
    error="#B3321C",
    errorsoft="#FBE5E1",
    draft="#C27F00",
)
THEMES: dict[ThemeName, Tokens] = {"dark": DARK, "light": LIGHT}


@dataclass(frozen=True)
class Theme:
    """Tokens, and how many pixels a design pixel is here."""

    name: ThemeName
    tokens: Tokens
    base_px: int

    def px(self, size: float) -> int:
        """A design size (at body 13) in pixels of this system's font."""
        return max(1, round(size * self.base_px / BODY))

    def colour(self, token: str) -> QColor:
        """A token as a colour."""
        return QColor(getattr(self.tokens, token))

    def font(self, size: float = BODY, *, bold: bool = False) -> QFont:
        """The interface's font at a design size, with figures of one width."""
        font = QFont("Inter")
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        font.setFeature(QFont.Tag("tnum"), 1)
        return font

    def style_sheet(self) -> str:
        """The template with `@token`, `@13` (design pixels, scaled) and `@style` (its folder) filled in."""
        template = resource("style/slicelab.qss").read_text(encoding="utf-8")
        words = {**asdict(self.tokens), "style": resource("style").as_posix()}

        def fill(match: re.Match[str]) -> str:
            word = match.group(1)
            return f"{self.px(float(word))}px" if word.isdigit() else words[word]

        return re.sub(r"@(\d+|[a-z0-9]+)", fill, template)


def install(app: QApplication, name: ThemeName = "dark", scale: int = 100) -> Theme:
    """Give the application its font, palette and style sheet; ``scale`` is per cent of the system's size of text."""
    system = QFontInfo(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)).pixelSize()
    base = round(max(system, _SMALLEST_BASE_PX) * scale / 100)
    for font_file in sorted(resource("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(font_file))
    theme = Theme(name, THEMES[name], base)
    app.setStyle("Fusion")
    app.setFont(theme.font())
    app.setPalette(_palette(theme))
    app.setStyleSheet(theme.style_sheet())
    return theme


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, token in {
        role.Window: "panel",
        role.Base: "field",
        role.AlternateBase: "raised",
        role.Button: "raised",
        role.WindowText: "text1",
        role.Text: "text1",
        role.ButtonText: "text1",
        role.PlaceholderText: "text3",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text1",
        role.Highlight: "fill",
        role.Link: "accent",
    }.items():
        palette.setColor(which, theme.colour(token))
    palette.setColor(role.HighlightedText, QColor("white"))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, theme.colour("control"))
    return palette
