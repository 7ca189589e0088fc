"""A field that a number with decimals is typed into."""

from __future__ import annotations

import re

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox

from slicelab.app.numbers import locale

_SPACED = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_PARTED = r"(?<![\d.,])\d{1,3}(?:\.\d{3})+"
_BEFORE_COMMA = re.compile(rf"{_PARTED}(?=,)")
_FOREIGN = re.compile(r"(?<=\d),(?!\d{3}(?!\d))")
"""A comma that parts no thousands."""
_GROUPS = re.compile(r"[-+−]?\d{1,3}(?:\.\d{3})*\.\d{0,3}")
"""What may become a number with points between thousands, once its comma is typed."""
_WHOLE = re.compile(rf"{_PARTED}(?![\d.])")


class NumberBox(QDoubleSpinBox):
    """Shows a number as the window's language writes it; where that has a decimal comma, a point is taken for one.

    A point is one between thousands where nothing else can be meant: in a field for whole numbers before three digits,
    and before a comma, so it stands as it is typed until the number is entered. What else has a point in a field for
    whole numbers is refused. In the other languages a comma that parts no thousands is taken for a point once the
    number is entered: Qt would read 0,5 as 5.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(locale())

    def validate(self, words: str, place: int) -> tuple[QValidator.State, str, int]:
        """Whether words are a number, or may become one."""
        own = self._own(words)
        if self._foreign(words):
            return QValidator.State.Intermediate, words, place
        if self._pending(words):
            return self._point(words), words, place
        if self._unclear(own):
            state, _, _ = super().validate(own.replace(".", ""), 0)
            return min(state, QValidator.State.Intermediate, key=lambda one: one.value), words, place
        if own != words:  # they stand as they are typed: more may follow
            state, _, _ = super().validate(own, 0)
            return state, words, place
        return super().validate(words, place)

    def fixup(self, words: str) -> str:
        """Words that are almost a number as one; the points of those that are unclear are left, so it is refused."""
        if self._foreign(words):
            return _FOREIGN.sub(".", words) if self.decimals() and words.count(",") == 1 else words
        return words if self._unclear(words) else super().fixup(words)

    def valueFromText(self, words: str) -> float:
        """The number that words are."""
        return super().valueFromText(self._own(words))

    def _pending(self, words: str) -> bool:
        """Whether there is a point that may be the decimal one, or one between thousands: a comma would tell."""
        return bool(self.decimals()) and self._unclear(words) and "," not in words

    def _point(self, words: str) -> QValidator.State:
        """What words without a comma are: a number with a decimal point, or the beginning of one with thousands."""
        if words.count(".") == 1:
            state, _, _ = super().validate(self._own(words), 0)
            if state is not QValidator.State.Invalid:
                return state
        if _GROUPS.fullmatch(words.removesuffix(self.suffix()).strip()) is None:
            return QValidator.State.Invalid
        state, _, _ = super().validate(words.replace(".", ""), 0)
        return min(state, QValidator.State.Intermediate, key=lambda one: one.value)

    def _own(self, words: str) -> str:
        if self.locale().decimalPoint() != ",":
            return words
        own = _BEFORE_COMMA.sub(_joined, _SPACED.sub("", words))
        return own.replace(".", ",") if self.decimals() else _WHOLE.sub(_joined, own)

    def _foreign(self, words: str) -> bool:
        return self.locale().decimalPoint() == "." and _FOREIGN.search(words) is not None

    def _unclear(self, words: str) -> bool:
        return self.locale().decimalPoint() == "," and "." in words


def _joined(found: re.Match[str]) -> str:
    return found[0].replace(".", "")
