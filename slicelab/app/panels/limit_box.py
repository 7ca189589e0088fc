"""What takes paint: which intensities, and which classes may be painted over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from slicelab.app.canvas.tools import Hand
from slicelab.app.language import say
from slicelab.app.number_box import NumberBox
from slicelab.app.spoken import Check
from slicelab.app.widgets import Segmented, button, column, row, set_tone, text
from slicelab.core.drawing.rule import Over

if TYPE_CHECKING:
    from slicelab.core.labels import LabelClass

_WIDEST = 1e9


class RangeBox(QWidget):
    """Paint only where the intensity lies in a range; announces what is held, changed."""

    hand_changed = Signal(object)
    range_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = Hand()
        self.on = Check("Paint only where intensity is")
        self.on.setToolTip("Voxels outside the range take no paint (threshold); they are erased all the same.")
        self.on.toggled.connect(lambda _on: self._announce())
        self.low, self.high = (_intensity_box(words) for words in ("Lowest intensity", "Highest intensity"))
        for box in (self.low, self.high):
            box.valueChanged.connect(lambda _value: self._announce())
        self.learn: QPushButton = button(
            "From paint", tip="Takes the range from what is painted of the class so far (5th to 95th percentile)"
        )
        self.learn.clicked.connect(self.range_wanted)
        fields = row(text("from", "secondary"), self.low, text("to", "secondary"), self.high, self.learn, gap=6)
        fields.setStretch(1, 1)
        fields.setStretch(3, 1)
        self.setLayout(column(self.on, fields))
        self._enable()

    def show_range(self, low: float, high: float, *, on: bool) -> None:
        """Show a range, and whether it holds; announces it."""
        decimals = 0 if high - low >= 50 else 1 if high - low >= 5 else 3
        with QSignalBlocker(self.low), QSignalBlocker(self.high), QSignalBlocker(self.on):
            for box, value in ((self.low, low), (self.high, high)):
                box.setDecimals(decimals)
                box.setSingleStep((high - low) / 50)
                box.setValue(value)
            self.on.setChecked(on)
        self._announce()

    def show_hand(self, hand: Hand) -> None:
        """Show what is held, without announcing it."""
        self._hand = hand
        with QSignalBlocker(self.on):
            self.on.setChecked(hand.limits is not None)
        self._enable()

    def _announce(self) -> None:
        low, high = sorted((self.low.value(), self.high.value()))
        self._hand = replace(self._hand, limits=(low, high) if self.on.isChecked() else None)
        self._enable()
        self.hand_changed.emit(self._hand)

    def _enable(self) -> None:
        for box in (self.low, self.high):
            box.setEnabled(self.on.isChecked())


class OverBox(QWidget):
    """What may be painted over; announces what is held, changed."""

    hand_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = Hand()
        self._classes: tuple[LabelClass, ...] = ()
        self._locked = text("", "secondary")
        self.over = Segmented(
            (
                (Over.EVERYTHING.value, "Everything", "Every class may be painted over, locked ones too"),
                (Over.UNLOCKED.value, "Unlocked", "Locked classes stay as they are, whatever is painted or erased"),
                (Over.BACKGROUND.value, "Background", "No class is painted over; the eraser still erases"),
            )
        )
        self.over.chosen.connect(self._choose)
        self.setLayout(column(row(text("Draw over", "title"), None, self._locked), self.over))

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """The project's classes, for their names."""
        self._classes = classes

    def show_hand(self, hand: Hand) -> None:
        """Show what is held, without announcing it."""
        self._hand = hand
        self.over.choose(hand.rule.over.value)
        names = [item.name for item in self._classes if item.value in hand.rule.locked]
        words = f"{names[0]} is locked" if len(names) == 1 else f"{len(names)} classes are locked" if names else ""
        ignored = names and hand.rule.over is Over.EVERYTHING
        self._locked.setText("Locks do not hold" if ignored else words)
        self._locked.setToolTip(", ".join(names))
        set_tone(self._locked, "warn" if names else "")

    def _choose(self, key: str) -> None:
        self.show_hand(replace(self._hand, rule=replace(self._hand.rule, over=Over(key))))
        self.hand_changed.emit(self._hand)


def _intensity_box(words: str) -> NumberBox:
    made = NumberBox()
    made.setRange(-_WIDEST, _WIDEST)
    made.setAccessibleName(say(words))
    made.setToolTip(say(f"{words} that takes paint, in the volume's own unit"))
    made.setKeyboardTracking(False)
    made.setMinimumWidth(56)
    made.setProperty("role", "bare")
    return made
