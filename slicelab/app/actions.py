"""The table of commands as Qt actions: in menus, on keys, enabled when possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence

from slicelab.app.commands.table import ACTIONS
from slicelab.app.icons import icon
from slicelab.app.language import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PySide6.QtWidgets import QMenuBar, QWidget

    from slicelab.app.commands.spec import Need
    from slicelab.app.theme import Theme


class ActionSet(QObject):
    """The actions of one window."""

    done = Signal()
    """One of them was carried out, by key, button, menu or palette."""

    def __init__(self, window: QWidget, theme: Theme, keys: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__(window)
        self._actions: dict[str, QAction] = {}
        for spec in ACTIONS:
            action = QAction(tr(spec.text), self)
            if spec.icon:
                action.setIcon(icon(theme, spec.icon))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setAutoRepeat(spec.repeat)
            action.setCheckable(spec.switch)
            action.setIconVisibleInMenu(not spec.switch)  # it would stand where the check mark belongs
            window.addAction(action)
            self._actions[spec.id] = action
        self.set_keys(keys)

    def __getitem__(self, name: str) -> QAction:
        return self._actions[name]

    def set_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Put actions on other keys than the table's.

        Args:
            keys: id to keys, for the actions that have others; see :mod:`slicelab.app.keys`.

        """
        for spec in ACTIONS:
            action = self._actions[spec.id]
            action.setShortcuts([QKeySequence(key) for key in keys.get(spec.id, spec.keys)])
            action.setToolTip(with_key(tr(spec.tip or spec.text), action))

    def connect_all(self, table: dict[str, Callable[[], object]]) -> None:
        """Connect ids to what they do.

        Raises:
            KeyError: an id that the table of actions does not have.

        """
        for name, call in table.items():
            self._actions[name].triggered.connect(lambda _checked=False, call=call: call())
            self._actions[name].triggered.connect(self.done)

    def allow(self, given: Iterable[Need]) -> None:
        """Enable what is possible now."""
        have = set(given)
        for spec in ACTIONS:
            self._actions[spec.id].setEnabled(spec.needs <= have)

    def fill(self, bar: QMenuBar) -> None:
        """Put the actions into menus, in the table's order."""
        menus = {name: bar.addMenu(tr(name)) for name in dict.fromkeys(spec.menu for spec in ACTIONS if spec.menu)}
        for spec in ACTIONS:
            if spec.menu:
                menus[spec.menu].addAction(self._actions[spec.id])


def with_key(words: str, action: QAction) -> str:
    """Words of a tooltip, and behind them the action's first key as this system writes it, where it has one."""
    first = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"{words}  [{first}]" if first else words


def shown_keys(action: QAction) -> str:
    """An action's keys as this system writes them, such as ``Ctrl+Shift+Z or Ctrl+Y``."""
    native = QKeySequence.SequenceFormat.NativeText
    return f" {tr('or')} ".join(key.toString(native) for key in action.shortcuts())


def to_press(action: QAction) -> str:
    """What a sentence says one presses for an action: its first key as this system writes it, else its button.

    Return and Enter are one key to people: ``Enter``.
    """
    if on_enter(action):
        return "Enter"
    first = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return first or tr("the button {a}").format(a=action.text())


def on_enter(action: QAction) -> bool:
    """Whether Enter alone does it."""
    return any(QKeySequence(name) in action.shortcuts() for name in ("Return", "Enter"))
