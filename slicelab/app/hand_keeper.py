"""What the person holds: the tool, its size, the selected class, and what may be painted over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.canvas.tools import Hand, Tool
from slicelab.app.panels.brush_box import next_brush
from slicelab.core.drawing.rule import other_values

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.workspace import Workspace
    from slicelab.core.labels import LabelClass


class HandKeeper(QObject):
    """Connects the Label tab and the list of classes to what paints on the picture."""

    value_changed = Signal()
    class_chosen = Signal()
    locked = Signal()
    """The person locked a class, or opened a lock."""

    def __init__(self, work: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._classes: tuple[LabelClass, ...] = ()
        self._held = Hand()
        work.label.tool_chosen.connect(self._take_tool)
        work.label.hand_changed.connect(self.take)
        work.classes.locks_changed.connect(self._lock)
        work.classes.class_chosen.connect(self._choose_class)

    @property
    def held(self) -> Hand:
        """What is held."""
        return self._held

    @property
    def item(self) -> LabelClass | None:
        """The class that is selected."""
        return next((item for item in self._classes if item.value == self._held.value), None)

    def take(self, hand: Hand) -> None:
        """Something else in the hand, or the same held otherwise."""
        other, self._held = hand.value != self._held.value, hand
        self._work.label.show_hand(hand)
        if self._work.canvas is not None:
            self._work.canvas.set_hand(hand)
        if other:
            self.value_changed.emit()

    def begin(self, locked: frozenset[int]) -> None:
        """Another project is open, with these classes (values) locked."""
        self._held = replace(self._held, rule=replace(self._held.rule, locked=locked))

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """The project's classes; before they are listed, where one of them is selected."""
        self._classes = classes

    def lock_only(self, values: frozenset[int]) -> None:
        """Of these classes those stay locked that are; others cannot be seen, and so not be painted over either."""
        self._set_locks(self._held.rule.locked & values)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on what is held."""
        return {
            "tool.erase": lambda: self._take_tool(Tool.ERASE),
            "tool.paint": lambda: self._take_tool(Tool.PAINT),
            "tool.polygon": lambda: self._take_tool(Tool.POLYGON),
            "tool.grow": lambda: self._take_tool(Tool.GROW),
            "tool.fill": lambda: self._take_tool(Tool.FILL),
            "tool.pick": lambda: self._take_tool(Tool.PICK),
            "brush.smaller": lambda: self._resize_brush(-1),
            "brush.larger": lambda: self._resize_brush(1),
            "class.lock": lambda: self._work.classes.toggle_lock(self._held.value),
        }

    def _take_tool(self, tool: Tool) -> None:
        self.take(replace(self._held, tool=tool))

    def _resize_brush(self, direction: int) -> None:
        self.take(replace(self._held, brush_mm=next_brush(self._held.brush_mm, direction)))

    def _choose_class(self, value: int) -> None:
        item = next((item for item in self._classes if item.value == value), None)
        if item is not None:
            self._work.label.show_class(item)
        # Whoever chooses a class wants to paint it.
        tool = Tool.PAINT if self._held.tool in (Tool.ERASE, Tool.PICK) else self._held.tool
        self.take(replace(self._held, value=value, tool=tool))
        self.class_chosen.emit()

    def _lock(self, locked: frozenset[int]) -> None:
        self._set_locks(locked)
        self.locked.emit()

    def _set_locks(self, locked: frozenset[int]) -> None:
        self._work.classes.show_locked(locked)
        removed = other_values([item.value for item in self._classes])
        self.take(replace(self._held, rule=replace(self._held.rule, locked=locked, removed=removed)))
