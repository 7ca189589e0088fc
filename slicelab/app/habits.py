"""Habits brought along from other programs, which do something else here: what they did is said in the strip, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.actions import shown_keys
from slicelab.app.language import say, tr
from slicelab.app.workspace import TABS

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.case_screen import CaseScreen
    from slicelab.app.workspace import Workspace

_CLASSLESS = ("tool.erase", "tool.pick")
_TOOLS = ("tool.paint", "tool.polygon", "tool.fill", "tool.grow", *_CLASSLESS)
_LABELLING = ("label", "review")
"""Tabs in which somebody who clicks on a picture means to draw."""


class Habits(QObject):
    """Watches for them; each is answered once in a project."""

    answered = Signal(str)

    def __init__(self, work: Workspace, screen: CaseScreen, actions: ActionSet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._screen = screen
        self._actions = actions
        self._told: set[str] = set()
        for name in _TOOLS:
            actions[name].triggered.connect(lambda _checked=False, name=name: self._took(name))
        work.canvas_made.connect(self._watch)
        work.tabs.currentChanged.connect(self._drop_beginnings)

    def begin(self) -> None:
        """Another project is open, maybe before other eyes."""
        self._told.clear()

    def _watch(self) -> None:
        canvas = self._work.canvas
        if canvas is not None:
            canvas.painted_twice.connect(self._on_painted_twice)
            canvas.outline_begun.connect(self._on_outline_begun)

    def _took(self, name: str) -> None:
        """A digit may have been meant for a class."""
        item = self._screen.hand.item
        tool = say(self._actions[name].text())
        taken = tool if item is None or name in _CLASSLESS else tr("{a}, for {b}").format(a=tool, b=item.name)
        self._tell("tool", tr("{a}. Keys choose tools; classes are chosen at the left.").format(a=taken))

    def _on_painted_twice(self) -> None:
        """Other viewers enlarge a view at a double click."""
        key = shown_keys(self._actions["view.enlarge"])
        beside = f" ({key})" if key else ""
        self._tell("twice", tr("A double click paints twice. To enlarge: Enlarge view{a}").format(a=beside))

    def _on_outline_begun(self) -> None:
        """Somebody who looks at a training does not expect to draw."""
        if TABS[self._work.tabs.currentIndex()] not in _LABELLING:
            self._tell("outline", tr("An outline was begun: one can draw in every tab. Escape drops it."))

    def _drop_beginnings(self) -> None:
        """A corner or two, left behind for another tab, were none that somebody wants to go on from."""
        if self._work.canvas is not None:
            self._work.canvas.drop_beginnings()

    def _tell(self, habit: str, words: str) -> None:
        if habit not in self._told:
            self._told.add(habit)
            self.answered.emit(words)
