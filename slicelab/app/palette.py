"""The command palette: every action, found by words, done by Enter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from slicelab.app.actions import shown_keys
from slicelab.app.commands.table import ACTIONS
from slicelab.app.language import tr
from slicelab.app.synonyms import SYNONYMS
from slicelab.app.widgets import column, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QModelIndex, QPersistentModelIndex

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme

_NAME = Qt.ItemDataRole.UserRole
_KEYS = Qt.ItemDataRole.UserRole + 1
_MENU = Qt.ItemDataRole.UserRole + 2
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


def found(words: str, texts: Mapping[str, Sequence[str]]) -> list[str]:
    """Ids whose texts hold every word typed; those first whose first text begins with the first word. Pure.

    Args:
        words: what was typed; nothing finds everything.
        texts: id to what it is found by, its name first.

    """
    wanted = words.casefold().split()
    hits = [name for name, said in texts.items() if all(word in " ".join(said).casefold() for word in wanted)]

    def rank(name: str) -> int:
        named = texts[name][0].casefold()
        if not wanted or named.startswith(wanted[0]):
            return 0
        return 1 if all(word in named for word in wanted) else 2

    return sorted(hits, key=rank)


class _Row(QStyledItemDelegate):
    """The action's name left, its menu and keys right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        px = self._theme.px
        keys, menu = index.data(_KEYS), index.data(_MENU)
        box = option.rect.adjusted(0, 0, -px(10), 0)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.save()
        painter.setFont(self._theme.font(12))
        painter.setPen(QColor(self._theme.tokens.text2))
        painter.drawText(box, right, keys)
        painter.setPen(QColor(self._theme.tokens.text3))
        painter.drawText(box.adjusted(0, 0, -px(120), 0), right, menu)
        painter.restore()


class Palette(QDialog):
    """Asks for words; :attr:`chosen` is the action wanted, once the dialog was accepted."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("All commands"))
        self.setMinimumSize(theme.px(560), theme.px(420))
        self.chosen: str | None = None
        self._actions = actions
        self._row_height = theme.px(30)
        side = QSize(theme.px(18), theme.px(18))
        blank = QPixmap(side)
        blank.fill(Qt.GlobalColor.transparent)
        self._no_icon = QIcon(blank)  # so that all names stand under one another
        self._specs = {spec.id: spec for spec in ACTIONS if spec.id != "help.palette"}
        # English and the table's ids are found in every language: manuals and colleagues use them.
        self._texts = {
            name: (tr(spec.text), tr(spec.tip), tr(spec.menu), spec.text, name, also, tr(also))
            for name, spec in self._specs.items()
            for also in (SYNONYMS.get(name, ""),)
        }
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("What do you want to do?"))
        self.search.setAccessibleName(tr("What do you want to do?"))
        self.search.textChanged.connect(self._show)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("All commands"))
        self.list.setItemDelegate(_Row(theme, self.list))
        self.list.setIconSize(side)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(self._take)
        self._tip = text("", "secondary", wrap=True)
        self._tip.setMinimumHeight(theme.px(34))
        self.list.currentItemChanged.connect(lambda item, _before: self._tip.setText(item.toolTip() if item else ""))
        self.setLayout(column(self.search, self.list, self._tip, margins=(12, 12, 12, 12)))
        self._show("")

    def eventFilter(self, _field: QObject, event: QEvent) -> bool:
        """Up and down move in the list while one types."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVES:
                self.list.event(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take(self.list.currentItem())
                return True
        return False

    def _show(self, words: str) -> None:
        self.list.clear()
        hits = found(words, self._texts)
        for name in sorted(hits, key=lambda name: not self._actions[name].isEnabled()):
            spec, action = self._specs[name], self._actions[name]
            item = QListWidgetItem(action.icon() if self._specs[name].icon else self._no_icon, action.text())
            item.setSizeHint(QSize(100, self._row_height))
            item.setData(_NAME, name)
            item.setData(_KEYS, shown_keys(action))
            item.setData(_MENU, tr(spec.menu))
            item.setToolTip(tr(spec.tip))
            if not action.isEnabled():
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setToolTip(tr("Not possible now."))
            self.list.addItem(item)
        self.list.setCurrentRow(0 if hits else -1)
        if not hits:
            self._tip.setText(tr("No command has these words."))

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.chosen = str(item.data(_NAME))
            self.accept()
