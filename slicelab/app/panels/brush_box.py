"""How large the brush is, in mm, whether it reaches into other slices, and whether it stops at edges."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from slicelab.app.canvas.tools import Hand, Tool
from slicelab.app.language import say
from slicelab.app.number_box import NumberBox
from slicelab.app.spoken import Check
from slicelab.app.widgets import Segmented, column, row, text

MAX_BRUSH_MM = 60.0
BRUSH_STEP_MM = 0.5


_LADDER_MM = (
    *(half / 2 for half in range(1, 16)),
    *(float(mm) for mm in range(8, 20)),
    *(float(mm) for mm in range(20, 61, 2)),
)


def next_brush(mm: float, direction: int) -> float:
    """The next smaller (-1) or larger (1) brush, mm: about an eighth at a time, the same sizes up and down."""
    if direction > 0:
        return next((rung for rung in _LADDER_MM if rung > mm), MAX_BRUSH_MM)
    return next((rung for rung in reversed(_LADDER_MM) if rung < mm), BRUSH_STEP_MM)


class BrushBox(QWidget):
    """Announces what is held, changed."""

    hand_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hand = Hand()
        self._pixel = (1.0, 1.0)
        self.extent = Segmented(
            (
                ("disc", "Disc, this slice", "Paints the slice shown"),
                ("ball", "Ball, 3D", "Paints the neighbouring slices too, as far as the brush is thick in mm"),
            )
        )
        self.extent.chosen.connect(lambda key: self._change(replace(self._hand, ball=key == "ball")))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, round(MAX_BRUSH_MM / BRUSH_STEP_MM))
        self.slider.setAccessibleName(say("Brush size"))
        self.slider.valueChanged.connect(lambda units: self._resize(units * BRUSH_STEP_MM))
        self.size_box = NumberBox()
        self.size_box.setRange(BRUSH_STEP_MM, MAX_BRUSH_MM)
        self.size_box.setSingleStep(BRUSH_STEP_MM)
        self.size_box.setDecimals(1)
        self.size_box.setSuffix(" mm")
        self.size_box.setAccessibleName(say("Brush diameter in mm"))
        self.size_box.setToolTip(say("Diameter of the brush, mm"))
        self.size_box.setKeyboardTracking(False)
        self.size_box.valueChanged.connect(self._resize)
        self._voxels = text("", "caption", tip="How many voxels the brush covers across and down, in the slices' plane")
        self.adaptive = Check("Stop at edges")
        self.adaptive.setToolTip(
            "Paints only what looks like the middle of the brush and hangs together with it (adaptive brush)."
        )
        self.adaptive.toggled.connect(lambda on: self._change(replace(self._hand, adaptive=on)))
        sizes = row(self.slider, self.size_box)
        sizes.setStretch(0, 1)
        keys = row(text("[", "key"), text("]", "key"), gap=4)
        self.setLayout(
            column(
                row(text("Brush", "title"), None, self.extent),
                sizes,
                row(self._voxels, None, keys),
                self.adaptive,
            )
        )

    def show_pixel(self, pixel: tuple[float, float]) -> None:
        """Voxel size along (row, column), mm."""
        self._pixel = pixel
        self.show_hand(self._hand)

    def show_hand(self, hand: Hand) -> None:
        """Show what is held, without announcing it."""
        self._hand = hand
        with QSignalBlocker(self.slider), QSignalBlocker(self.size_box), QSignalBlocker(self.adaptive):
            self.slider.setValue(round(hand.brush_mm / BRUSH_STEP_MM))
            self.size_box.setValue(hand.brush_mm)
            self.adaptive.setChecked(hand.adaptive)
        self.adaptive.setVisible(hand.tool is not Tool.ERASE)
        self.extent.choose("ball" if hand.ball else "disc")
        down, across = (2 * int(hand.brush_mm / 2 / size + 1e-9) + 1 for size in self._pixel)
        voxels = f"{across} voxels wide" if across == down else f"{across} × {down} voxels"
        self._voxels.setText("1 voxel wide" if across == down == 1 else voxels)

    def _resize(self, mm: float) -> None:
        self._change(replace(self._hand, brush_mm=mm))

    def _change(self, hand: Hand) -> None:
        self.show_hand(hand)
        self.hand_changed.emit(hand)
