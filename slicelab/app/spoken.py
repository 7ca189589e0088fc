"""Qt's widgets for words, which say what they are given in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QMessageBox, QPushButton, QToolButton

from slicelab.app.language import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QTableWidget, QWidget


class Label(QLabel):
    """A label; its words and its tip are spoken."""

    def setText(self, words: str) -> None:
        """Say words."""
        super().setText(say(words))

    def setToolTip(self, words: str) -> None:
        """Say a tip."""
        super().setToolTip(say(words))


class Button(QPushButton):
    """A push button; its words, its tip and its name are spoken."""

    def setText(self, words: str) -> None:
        """Say words."""
        super().setText(say(words))

    def setToolTip(self, words: str) -> None:
        """Say a tip."""
        super().setToolTip(say(words))

    def setAccessibleName(self, words: str) -> None:
        """Say what it is, for screen readers."""
        super().setAccessibleName(say(words))


class IconButton(QToolButton):
    """A tool button; its tip and its name are spoken."""

    def setToolTip(self, words: str) -> None:
        """Say a tip."""
        super().setToolTip(say(words))

    def setAccessibleName(self, words: str) -> None:
        """Say what it is, for screen readers."""
        super().setAccessibleName(say(words))


class Check(QCheckBox):
    """A check box; its words and its tip are spoken."""

    def __init__(self, words: str) -> None:
        super().__init__(say(words))

    def setText(self, words: str) -> None:
        """Say words."""
        super().setText(say(words))

    def setToolTip(self, words: str) -> None:
        """Say a tip."""
        super().setToolTip(say(words))


class Choice(QComboBox):
    """A list to choose from; its items, its tip and its name are spoken, so that an item is found by its data alone."""

    def add(self, words: str, data: Any = None) -> None:
        """A further item."""
        self.addItem(say(words), data)

    def set_tip(self, at: int, words: str) -> None:
        """What is said of one item under the mouse."""
        self.setItemData(at, say(words), Qt.ItemDataRole.ToolTipRole)

    def allow(self, at: int, possible: bool) -> None:
        """Enable or disable one item."""
        model = self.model()
        if isinstance(model, QStandardItemModel):
            model.item(at).setEnabled(possible)

    def setToolTip(self, words: str) -> None:
        """Say a tip."""
        super().setToolTip(say(words))

    def setAccessibleName(self, words: str) -> None:
        """Say what it is, for screen readers."""
        super().setAccessibleName(say(words))


class Question(QMessageBox):
    """A question in a dialog of its own; its words and buttons are spoken."""

    def __init__(self, words: str, more: str, parent: QWidget, title: str = "slicelab") -> None:
        super().__init__(QMessageBox.Icon.NoIcon, say(title), say(words), parent=parent)
        self.setInformativeText(say(more))

    def button_for(self, words: str, role: QMessageBox.ButtonRole) -> QPushButton:
        """A further button."""
        return self.addButton(say(words), role)


def head(table: QTableWidget, words: Iterable[str]) -> None:
    """A table's headings."""
    table.setHorizontalHeaderLabels([say(one) for one in words])
