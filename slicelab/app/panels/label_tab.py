"""Label: tools, brush, and what to say of the slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLabel, QSlider, QToolButton, QWidget

from slicelab.app.canvas.tools import Tool
from slicelab.app.panels.class_list import swatch
from slicelab.app.panels.ledger_layout import TickState
from slicelab.app.widgets import action_button, column, line, row, scrolled, set_tone, text, tool_button

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.core.labels import LabelClass

MAX_BRUSH = 60
_TOOLS = (
    (Tool.ERASE, "eraser", "Erase", "tool.erase"),
    (Tool.PAINT, "brush", "Paint", "tool.paint"),
    (Tool.FILL, "format-color-fill", "Fill", "tool.fill"),
    (Tool.PICK, "eyedropper", "Pick", "tool.pick"),
)
_STATE_WORDS = {
    TickState.UNLABELLED: ("Unlabelled", "", "Nothing is known of this slice. It is never read as background."),
    TickState.DRAFT: ("Draft", "warn", "Painted, not confirmed: not trained on yet."),
    TickState.DONE: ("Done", "ok", "Confirmed: trained on and measured."),
    TickState.EMPTY: ("Verified empty", "ok", "Confirmed: none of the classes is on this slice."),
}


class LabelTab(QWidget):
    """Announces tool and brush; shows the slice's state."""

    tool_chosen = Signal(object)
    brush_changed = Signal(int)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._pixel_mm = 1.0
        self._group = QButtonGroup(self)
        self._tools: dict[Tool, QToolButton] = {}
        for tool, symbol, words, action in _TOOLS:
            made = tool_button(theme, symbol, words, actions[action].toolTip())
            made.setCheckable(True)
            made.clicked.connect(lambda _checked=False, tool=tool: self.tool_chosen.emit(tool))
            self._group.addButton(made)
            self._tools[tool] = made
        self._swatch = QLabel()
        self._paints = text("", "secondary")
        self._brush = QSlider(Qt.Orientation.Horizontal)
        self._brush.setRange(1, MAX_BRUSH)
        self._brush.setAccessibleName("Brush size")
        self._brush.valueChanged.connect(self._on_brush)
        self._size = text("", "number")
        self._voxels = text("", "caption")
        self._state = text("", "title")
        self._meaning = text("", "secondary", wrap=True)
        tools = row(*self._tools.values(), gap=4)
        keys = row(text("[", "key"), text("]", "key"), gap=4)
        top = column(
            row(text("Tool", "title"), None, text("paints", "secondary"), self._swatch, self._paints),
            tools,
            8,
            line(),
            8,
            row(text("Brush", "title"), None, self._size),
            self._brush,
            row(self._voxels, None, keys),
            8,
            line(),
            8,
            text("How labelling works", "title"),
            text(
                "Paint the classes on a slice, then press Enter: the slice is done. A few slices a case are enough. "
                "Slices you leave alone stay unlabelled and are never read as background.",
                "secondary",
                wrap=True,
            ),
            None,
            margins=(16, 12, 16, 12),
        )
        self._done = action_button(actions["slice.done"], "primary")
        done = row(self._done, action_button(actions["slice.clear"], words="Clear slice"))
        done.setStretch(0, 1)
        more = row(
            action_button(actions["slice.next"], words="Next that needs me"), action_button(actions["case.done"])
        )
        footer = QWidget()
        footer.setObjectName("panel")
        footer.setLayout(column(line(), 4, self._state, self._meaning, done, more, margins=(16, 0, 16, 12)))
        self.setLayout(column(scrolled(top), footer, gap=0))
        self.show_tool(Tool.PAINT)

    def show_tool(self, tool: Tool) -> None:
        """Show which tool is in hand."""
        if tool in self._tools:
            self._tools[tool].setChecked(True)

    def show_class(self, item: LabelClass) -> None:
        """Show what is painted."""
        self._swatch.setPixmap(swatch(item.colour, self._theme.px(14)).pixmap(self._theme.px(14), self._theme.px(14)))
        self._paints.setText(item.name)

    def show_brush(self, voxels: int, pixel_mm: float) -> None:
        """Show the brush's size; voxels of the acquisition plane."""
        self._pixel_mm = pixel_mm
        self._brush.blockSignals(True)
        self._brush.setValue(voxels)
        self._brush.blockSignals(False)
        self._size.setText(f"{voxels * pixel_mm:.1f} mm")
        self._voxels.setText(f"{voxels} voxels wide" if voxels > 1 else "1 voxel wide")

    def show_slice(self, number: int | None, state: TickState) -> None:
        """Show the state of the slice (counted from 1)."""
        if number is None:
            self._state.setText("No case is open")
            self._meaning.setText("")
            return
        words, tone, meaning = _STATE_WORDS[state]
        self._state.setText(f"Slice {number}: {words}")
        self._meaning.setText(meaning)
        set_tone(self._state, tone)

    def _on_brush(self, voxels: int) -> None:
        self.show_brush(voxels, self._pixel_mm)
        self.brush_changed.emit(voxels)
