"""Label: tools, brush, and what to say of the slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from slicelab.app.actions import to_press
from slicelab.app.canvas.tools import Hand, Tool
from slicelab.app.language import tr
from slicelab.app.panels.brush_box import BrushBox
from slicelab.app.panels.class_list import swatch
from slicelab.app.panels.grow_box import GrowBox, OutlineBox
from slicelab.app.panels.ledger_layout import TickState
from slicelab.app.panels.limit_box import OverBox, RangeBox
from slicelab.app.panels.mend_box import BetweenBox, MendBox
from slicelab.app.panels.next_box import NextBox
from slicelab.app.widgets import (
    OneOfThem,
    action_button,
    column,
    line,
    row,
    scrolled,
    set_tone,
    show_key,
    text,
    tool_button,
    when_changed,
)

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.core.labels import LabelClass

_TOOLS = (
    (Tool.ERASE, "eraser", "Erase", "tool.erase"),
    (Tool.PAINT, "brush", "Paint", "tool.paint"),
    (Tool.POLYGON, "vector-polygon", "Polygon", "tool.polygon"),
    (Tool.FILL, "format-color-fill", "Fill", "tool.fill"),
    (Tool.PICK, "eyedropper", "Pick", "tool.pick"),
    (Tool.GROW, "auto-fix", "Grow", "tool.grow"),
)
_STATE_WORDS = {
    TickState.UNLABELLED: ("Unlabelled", "", "Nothing is known of this slice. It is never read as background."),
    TickState.DRAFT: ("Draft", "warn", "Painted, not confirmed: not trained on yet."),
    TickState.PARTLY: (
        "Partly done",
        "ok",
        "Confirmed, but of a class nothing is known here: training ignores it. Look for it, then press {key}.",
    ),
    TickState.DONE: ("Done", "ok", "Confirmed: training and measuring use it."),
    TickState.EMPTY: ("Verified empty", "ok", "Confirmed: none of the classes is on this slice."),
}
_TESTED = {
    TickState.DRAFT: "Painted, not confirmed: not measured on yet.",
    TickState.PARTLY: "Confirmed, but of a class nothing is known here: measuring ignores it. "
    "Look for it, then press {key}.",
    TickState.DONE: "Confirmed: measuring uses it, no training (left out for testing).",
}
"""What a state means in a case that no run learns from, where that is something else."""
_HOW = (
    "Paint the classes on a slice, then press {key}: the slice is done. A few slices a case are enough. "
    "Slices you leave alone stay unlabelled and are never read as background."
)


class LabelTab(QWidget):
    """Announces what the person takes into the hand; shows the slice's state."""

    tool_chosen = Signal(object)
    hand_changed = Signal(object)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._tools: dict[Tool, QToolButton] = {}
        for tool, symbol, words, action in _TOOLS:
            made = tool_button(theme, symbol, words, actions[action].toolTip())
            made.setCheckable(True)
            made.clicked.connect(lambda _checked=False, tool=tool: self.tool_chosen.emit(tool))
            self._tools[tool] = made
            show_key(made, actions[action])
        self._group = OneOfThem(self._tools.values(), self)
        self._swatch = QLabel()
        self._paints = text("", "secondary")
        self.brush, self.outline, self.grow = BrushBox(), OutlineBox(), GrowBox()
        self.range, self.over = RangeBox(), OverBox()
        self.between, self.mend = BetweenBox(actions), MendBox(actions)
        self.next = NextBox()
        self._boxes = (self.brush, self.outline, self.grow, self.range, self.over)
        for box in self._boxes:
            box.hand_changed.connect(self.hand_changed)
        self._line_below = line()
        self._state = text("", "title")
        self._meaning = text("", "secondary", wrap=True)
        self._meant = ""
        self._how = text("", "secondary", wrap=True)
        self._confirm = actions["slice.done"]
        tools = row(*self._tools.values(), gap=2)
        parts: list[QWidget | int] = []
        for part in (self.brush, self.outline, self.grow, self.range, self.over, self.between, self.mend):
            parts += [part, 4, line(), 4] if part not in (self.brush, self.outline, self.grow) else [part]
        top = column(
            row(text("Tool", "title"), None, text("paints", "secondary"), self._swatch, self._paints),
            tools,
            4,
            self.next,
            line(),
            4,
            *parts[:3],
            4,
            self._line_below,
            4,
            *parts[3:],
            text("How labelling works", "title"),
            self._how,
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
        self.show_hand(Hand())
        self._name_key()
        when_changed(self._confirm, self, self._name_key)

    def show_hand(self, hand: Hand) -> None:
        """Show what is in the hand, and what there is to choose about it."""
        if hand.tool in self._tools:
            self._tools[hand.tool].setChecked(True)
        for box in self._boxes:
            box.show_hand(hand)
        self.brush.setVisible(hand.tool in (Tool.ERASE, Tool.PAINT))
        self.outline.setVisible(hand.tool is Tool.POLYGON)
        self.grow.setVisible(hand.tool is Tool.GROW)
        self._line_below.setVisible(hand.tool not in (Tool.FILL, Tool.PICK))

    def show_pixel(self, pixel: tuple[float, float]) -> None:
        """Voxel size of the case along (row, column), mm."""
        self.brush.show_pixel(pixel)
        self.mend.show_pixel(pixel)

    def show_class(self, item: LabelClass) -> None:
        """Show what is painted."""
        self._swatch.setPixmap(swatch(item.colour, self._theme.px(14)).pixmap(self._theme.px(14), self._theme.px(14)))
        self._paints.setText(item.name)
        self.mend.show_class(item.name)

    def show_slice(self, number: int | None, state: TickState, *, tested: bool = False) -> None:
        """Show the state of the slice (counted from 1), of a case that is left out for testing (``tested``) or not."""
        if number is None:
            self._state.setText("No case is open")
            self._meant = ""
            self._name_key()
            return
        words, tone, meaning = _STATE_WORDS[state]
        self._state.setText(f"Slice {number}: {words}")
        self._meant = _TESTED.get(state, meaning) if tested else meaning
        self._name_key()
        set_tone(self._state, tone)

    def _name_key(self) -> None:
        """Sentences that say which key makes a slice done name the one that is set."""
        key = to_press(self._confirm)
        self._meaning.setText(tr(self._meant).format(key=key))
        self._how.setText(tr(_HOW).format(key=key))
