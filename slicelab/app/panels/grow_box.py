"""How far growing from a seed goes, and how outlines are drawn."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QSlider, QSpinBox, QWidget

from slicelab.app.canvas.tools import Hand
from slicelab.app.language import say
from slicelab.app.spoken import Check
from slicelab.app.widgets import Segmented, column, row, text


class GrowBox(QWidget):
    """Region growing: announces what is held, changed."""

    hand_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = Hand()
        self.extent = Segmented(
            (
                ("disc", "This slice", "Grows in the slice shown"),
                ("ball", "3D", "Grows into the neighbouring slices too"),
            )
        )
        self.extent.chosen.connect(lambda key: self._change(replace(self._hand, ball=key == "ball")))
        self.spread = QSlider(Qt.Orientation.Horizontal)
        self.spread.setRange(1, 50)
        self.spread.setAccessibleName(say("How different intensities may be"))
        self.spread.setToolTip(
            say("Tolerance: how far an intensity may lie from the seed's, in percent of black to white")
        )
        self.spread.valueChanged.connect(lambda percent: self._change(replace(self._hand, spread=percent / 100)))
        self._percent = text("", "number")
        self.reach = QSpinBox()
        self.reach.setRange(2, 100)
        self.reach.setSuffix(" mm")
        self.reach.setAccessibleName(say("How far from the click, mm"))
        self.reach.setToolTip(say("No voxel farther from the click than this is painted"))
        self.reach.setKeyboardTracking(False)
        self.reach.valueChanged.connect(lambda mm: self._change(replace(self._hand, reach_mm=float(mm))))
        self.setLayout(
            column(
                row(text("Grow", "title"), None, self.extent),
                row(text("Differs by at most", "secondary"), self.spread, self._percent),
                row(text("Reaches at most", "secondary"), None, self.reach),
                text(
                    "Click inside the structure: what looks like it and hangs together is painted.",
                    "caption",
                    wrap=True,
                ),
            )
        )

    def show_hand(self, hand: Hand) -> None:
        """Show what is held, without announcing it."""
        self._hand = hand
        with QSignalBlocker(self.spread), QSignalBlocker(self.reach):
            self.spread.setValue(round(hand.spread * 100))
            self.reach.setValue(round(hand.reach_mm))
        self._percent.setText(f"{round(hand.spread * 100)} %")
        self.extent.choose("ball" if hand.ball else "disc")

    def _change(self, hand: Hand) -> None:
        self.show_hand(hand)
        self.hand_changed.emit(hand)


class OutlineBox(QWidget):
    """How the outline tool is used, and whether it clings to edges."""

    hand_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = Hand()
        self.wire = Check("Follow edges")
        self.wire.setToolTip("Between two clicks the line takes the way along the strongest edge (live-wire).")
        self.wire.toggled.connect(lambda on: self._change(replace(self._hand, wire=on)))
        self.setLayout(
            column(
                row(text("Outline", "title"), None, self.wire),
                text(
                    "Click corners, or drag freehand. Double click or Enter closes it, Backspace takes a corner back, "
                    "Escape gives it up.",
                    "caption",
                    wrap=True,
                ),
            )
        )

    def show_hand(self, hand: Hand) -> None:
        """Show what is held, without announcing it."""
        self._hand = hand
        with QSignalBlocker(self.wire):
            self.wire.setChecked(hand.wire)

    def _change(self, hand: Hand) -> None:
        self.show_hand(hand)
        self.hand_changed.emit(hand)
