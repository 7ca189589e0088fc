"""The disk and what was removed: runs to remove, things to restore, and the one place where files are deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHeaderView, QMessageBox, QTableWidget, QTableWidgetItem

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.notice import Message, message_of
from slicelab.app.numbers import written
from slicelab.app.spoken import Question
from slicelab.app.widgets import align_headings, button, column, line, row, set_tone, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from slicelab.app.desks.upkeep_desk import Storage
    from slicelab.app.theme import Theme
    from slicelab.engine.upkeep import Item

_KINDS = {"case": "Case", "patient": "Patient", "class": "Class", "run": "Run", "sequence": "Sequence"}
_ITEM = Qt.ItemDataRole.UserRole


class StorageDialog(QDialog):
    """Shows what takes space; announces what to remove, restore and delete."""

    remove_wanted = Signal(object)
    restore_wanted = Signal(object)
    delete_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Disk and removed items"))
        self.setMinimumSize(theme.px(640), theme.px(560))
        self._total = text("Looking at the disk …", "statement")
        self._parts = text("", "secondary", wrap=True)
        self.runs = _table("Runs in the project")
        self.removed = _table("Removed items")
        self.remove = button("Remove", tip="Hides the selected runs and their predictions; nothing is deleted")
        self.remove.clicked.connect(lambda: self.remove_wanted.emit(_selected(self.runs)))
        self.restore = button("Restore", tip="Brings the selected items back as they were")
        self.restore.clicked.connect(lambda: self.restore_wanted.emit(_selected(self.removed)))
        self.delete_button = button("Delete for good …", tip="Frees the disk; asks first, since it cannot be undone")
        self.delete_button.clicked.connect(self._ask)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        for part in (self.remove, self.restore, self.delete_button):
            part.setAutoDefault(False)
        self.runs.itemSelectionChanged.connect(self._allow)
        self.removed.itemSelectionChanged.connect(self._allow)
        self._nothing = text("Nothing was removed.", "secondary")
        self._said = text("", "secondary", wrap=True)
        foot = row(self._said, close)
        foot.setStretch(0, 1)
        box = column(
            self._total,
            self._parts,
            4,
            line(),
            4,
            row(text("Models and other runs", "title"), None, self.remove),
            self.runs,
            4,
            row(text("Removed, can be restored", "title"), None, self.restore, self.delete_button),
            self._nothing,
            self.removed,
            foot,
            margins=(24, 20, 24, 20),
        )
        box.setStretch(box.indexOf(self.removed), 1)
        box.addStretch(0)
        self.setLayout(box)
        self.runs.setFocus()
        self._allow()

    def show_storage(self, storage: Storage) -> None:
        """The disk was looked at."""
        use = storage.use
        self._total.setText(f"This project takes {words.size(use.total)}")
        parts = (
            ("images", use.volumes),
            ("labels", use.labels),
            ("runs", use.runs),
            ("predictions", use.predictions),
            ("prepared slices", use.pool),
        )
        said = ", ".join(f"{say(name)} {written(words.size(taken))}" for name, taken in parts if taken)
        free = f" Deleting what was removed would free {words.size(use.removed)}." if use.removed else ""
        self._parts.setText(f"{said[:1].upper()}{said[1:]}.{free}")
        _fill(self.runs, storage.runs)
        _fill(self.removed, storage.removed)
        self._nothing.setVisible(not storage.removed)
        self.removed.setVisible(bool(storage.removed))
        self._allow()

    def show_freed(self, freed: int) -> None:
        """Something was deleted for good."""
        self._say(Message(f"{words.size(freed)} freed.", tone="ok"))

    def show_error(self, error: BaseException) -> None:
        """A wish that could not be fulfilled: said here, since the window behind is out of sight."""
        self._say(message_of(error))

    def _say(self, message: Message) -> None:
        self._said.setText(" ".join(part for part in (message.title, message.safe, message.remedy) if part))
        set_tone(self._said, message.tone)

    @property
    def said(self) -> str:
        """What is said, for tests and screen readers."""
        return self._said.text()

    def _ask(self) -> None:
        items = [item for item in _selected(self.removed) if item.kind != "class"]
        asked = Question(
            f"Delete {words.plural(len(items), 'item')} for good?",
            f"{', '.join(item.name for item in items[:5])}{' …' if len(items) > 5 else ''}\n\n"
            "The project's copies of the images, their labels and predictions are deleted and cannot be restored. "
            "The files they were imported from are not touched.\n\n"
            "What stays, as the record of what models learned: the labels each training was given, and what networks "
            "made of each slice as numbers. If an update kept a copy of the older database (a file ending in -backup), "
            "names stay in it.",
            self,
            "Delete for good",
        )
        yes = asked.button_for("Delete for good", QMessageBox.ButtonRole.DestructiveRole)
        no = asked.button_for("Keep", QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(no)
        asked.setEscapeButton(no)
        asked.exec()
        if asked.clickedButton() is yes:
            self.delete_wanted.emit(items)

    def _allow(self) -> None:
        chosen = _selected(self.removed)
        self.remove.setEnabled(bool(_selected(self.runs)))
        self.restore.setEnabled(bool(chosen))
        self.delete_button.setEnabled(any(item.kind != "class" for item in chosen))


def _table(name: str) -> QTableWidget:
    table = QTableWidget(0, 3)
    table.setAccessibleName(say(name))
    table.setHorizontalHeaderLabels([say(word) for word in ["", "Name", "Size"]])
    table.verticalHeader().hide()
    align_headings(table, 2)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, items: Sequence[Item]) -> None:
    table.setRowCount(len(items))
    for at, item in enumerate(items):
        taken = f"{written(words.size(item.bytes))}  " if item.bytes else ""  # not at the very edge
        for place, said in enumerate((say(_KINDS[item.kind]), say(item.name), taken)):
            cell = QTableWidgetItem(said)
            cell.setData(_ITEM, item)
            cell.setToolTip(f"{say(item.name)}\n{item.id}" if item.kind == "run" else item.name)
            if place == 2:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(at, place, cell)
    table.clearSelection()


def _selected(table: QTableWidget) -> list[Item]:
    rows = sorted({index.row() for index in table.selectedIndexes()})
    return [cell.data(_ITEM) for at in rows if (cell := table.item(at, 0)) is not None]
