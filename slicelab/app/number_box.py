"""A field that a number with decimals is typed into."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDoubleSpinBox

from slicelab.app.numbers import locale

if TYPE_CHECKING:
    from PySide6.QtGui import QValidator


class NumberBox(QDoubleSpinBox):
    """Shows a number as the window's language writes it; where that has a decimal comma, a point is taken for one."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(locale())

    def validate(self, words: str, place: int) -> tuple[QValidator.State, str, int]:
        """Whether words are a number; what is typed as a point stands there as a comma at once."""
        return super().validate(self._own(words), place)

    def valueFromText(self, words: str) -> float:
        """The number that words are."""
        return super().valueFromText(self._own(words))

    def _own(self, words: str) -> str:
        return words.replace(".", ",") if self.locale().decimalPoint() == "," else words
