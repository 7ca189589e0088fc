"""Settings: how the window looks, the reader's name, and every key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QGridLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from slicelab.app import keys as key_table
from slicelab.app.commands.table import ACTIONS
from slicelab.app.language import LANGUAGES, say, tr
from slicelab.app.leaving import LEAVING
from slicelab.app.preferences import SCALES
from slicelab.app.widgets import button, column, row, set_tone, text
from slicelab.engine.child import graphics_card

if TYPE_CHECKING:
    from slicelab.app.preferences import Preferences
    from slicelab.app.tasks import Tasks
    from slicelab.app.theme import Theme
    from slicelab.jobs.specs import Device

_NAMES = {spec.id: spec.text for spec in ACTIONS}


class SettingsDialog(QDialog):
    """Shows settings; :attr:`preferences` holds the answers once it was accepted."""

    def __init__(self, theme: Theme, preferences: Preferences, tasks: Tasks, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setMinimumSize(theme.px(560), theme.px(520))
        self.preferences = preferences
        self._keys = key_table.keys_in_use(preferences.keys)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.addTab(self._look(), tr("Window"))
        tabs.addTab(self._key_page(), tr("Keys"))
        self.tabs = tabs
        self.ok = button("Save settings", "primary")
        self.ok.clicked.connect(self._accept)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        for part in (self.ok, cancel):
            part.setAutoDefault(False)
        self.setLayout(column(tabs, row(None, cancel, self.ok), margins=(20, 12, 20, 16)))
        self.theme.setFocus()
        tasks.run("devices", graphics_card, self._show_card, lane="graphics card")
        self.finished.connect(lambda _: tasks.forget("graphics card"))

    def _look(self) -> QWidget:
        now = self.preferences
        self.theme = _choice({"dark": tr("Dark"), "light": tr("Light")}, now.theme, tr("Theme"))
        self.scale = _choice({str(size): f"{size} %" for size in SCALES}, str(now.scale), tr("Size of text"))
        self.language = _choice(LANGUAGES, now.language, tr("Language"))
        devices = {"auto": tr("Automatic"), "graphics": tr("Graphics card"), "processor": tr("Processor")}
        self.device = _choice(devices, now.device, tr("Device"))
        self._allow_card(said=tr("Looking for a graphics card …"))
        self.reader = QLineEdit(now.reader)
        self.reader.setAccessibleName(tr("Your name as reader"))
        self.reader.setPlaceholderText(tr("For example: AB"))
        self.leaving = _choice({key: tr(said) for key, said in LEAVING.items()}, now.on_close, tr("On closing"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(10)
        rows = (
            ("Theme", self.theme, ""),
            ("Size of text", self.scale, "Everything grows with it (font scaling)"),
            ("Language", self.language, "Reports, exported tables and the command line stay English"),
            (
                "Device",
                self.device,
                "Where jobs compute, from the next one on; Automatic takes what was measured as faster",
            ),
            (
                "Your name as reader",
                self.reader,
                "Noted with your labels; a project that others label too asks whether you label as yourself",
            ),
            ("On closing", self.leaving, "What becomes of a job that is still running"),
        )
        for at, (said, field, tip) in enumerate(rows):
            field.setToolTip(tr(tip))
            grid.addWidget(text(said, tip=tip), at, 0)
            grid.addWidget(field, at, 1)
        page = QWidget()
        page.setLayout(
            column(
                grid,
                text("Theme, size and language change when slicelab starts again.", "secondary", wrap=True),
                8,
                text("Saving", "title"),
                text(
                    "Every stroke is saved the moment it is finished; there is nothing to set. The strip at the bottom "
                    "says so, and undo goes back to the first stroke also after the project was closed.",
                    "secondary",
                    wrap=True,
                ),
                None,
                margins=(4, 16, 4, 8),
            )
        )
        return page

    def _show_card(self, card: Device | None) -> None:
        self._allow_card("" if card else tr("This computer has none that can be used"), there=card is not None)

    def _allow_card(self, said: str, *, there: bool = False) -> None:
        """Let the graphics card be chosen, or say why it cannot be."""
        model, at = self.device.model(), self.device.findData("graphics")
        assert isinstance(model, QStandardItemModel)
        model.item(at).setEnabled(there)
        model.item(at).setToolTip(said)

    def _key_page(self) -> QWidget:
        self.table = QTableWidget(len(ACTIONS), 2)
        self.table.setAccessibleName(tr("Keys"))
        self.table.setHorizontalHeaderLabels([say(word) for word in [tr("Command"), tr("Keys")]])
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setTabKeyNavigation(False)
        self.table.setShowGrid(False)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for at, spec in enumerate(ACTIONS):
            item = QTableWidgetItem(tr(spec.text))
            item.setData(Qt.ItemDataRole.UserRole, spec.id)
            item.setToolTip(tr(spec.tip))
            self.table.setItem(at, 0, item)
            self.table.setItem(at, 1, QTableWidgetItem())
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setAccessibleName(tr("New key"))
        self.take = button("Use this key")
        self.take.clicked.connect(self._take_key)
        clear = button("No key")
        clear.clicked.connect(lambda: self._give(""))
        usual = button("All as delivered", tip="Every command gets the keys it came with")
        usual.clicked.connect(self._reset)
        self._conflict = text("", "secondary", wrap=True)
        for part in (self.take, clear, usual):
            part.setAutoDefault(False)
        self.field.keySequenceChanged.connect(self._judge)
        self.table.currentCellChanged.connect(lambda *_: self._judge())
        self._show_keys()
        self.table.setCurrentCell(0, 0)
        page = QWidget()
        page.setLayout(
            column(
                self.table,
                row(text("New key"), self.field, self.take, clear),
                self._conflict,
                row(usual, None),
                margins=(4, 8, 4, 4),
            )
        )
        return page

    @property
    def conflict(self) -> str:
        """What is said of a key that another command has."""
        return self._conflict.text()

    def _current(self) -> str:
        item = self.table.item(max(self.table.currentRow(), 0), 0)
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def _typed(self) -> str:
        return self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)

    def _judge(self) -> None:
        """Warn before a key is taken away from another command."""
        typed = self._typed()
        other = key_table.owner(typed, self._keys) if typed else None
        taken = other is not None and other != self._current()
        self._conflict.setText(
            tr("{key} belongs to “{command}”, which would lose it.").format(key=typed, command=tr(_NAMES[other]))
            if taken and other
            else ""
        )
        set_tone(self._conflict, "warn" if taken else "")
        self.take.setText(tr("Take it over") if taken else tr("Use this key"))
        self.take.setEnabled(bool(typed))

    def _take_key(self) -> None:
        self._give(self._typed())

    def _give(self, key: str) -> None:
        self._keys = key_table.give(key, self._current(), self._keys)
        self.field.clear()
        self._show_keys()
        self._judge()

    def _reset(self) -> None:
        self._keys = key_table.keys_in_use({})
        self._show_keys()
        self._judge()

    def _show_keys(self) -> None:
        native = QKeySequence.SequenceFormat.NativeText
        for at, spec in enumerate(ACTIONS):
            item = self.table.item(at, 1)
            if item is not None:
                item.setText(", ".join(QKeySequence(key).toString(native) for key in self._keys[spec.id]))

    def _accept(self) -> None:
        self.preferences = replace(
            self.preferences,
            theme="light" if self.theme.currentData() == "light" else "dark",
            scale=int(self.scale.currentData()),
            language=str(self.language.currentData()),
            device=self.device.currentData(),
            reader=" ".join(self.reader.text().split()),
            on_close=self.leaving.currentData(),
            keys=key_table.chosen(self._keys),
        )
        self.accept()


def _choice(options: dict[str, str], now: str, name: str) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for key, said in options.items():
        box.addItem(said, key)
    box.setCurrentIndex(max(box.findData(now), 0))
    return box
