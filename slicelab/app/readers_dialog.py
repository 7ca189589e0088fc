"""Who labelled what, and how far two readers agree on the open case; a click on a slice goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHeaderView,
    QLayout,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.notice import message_of
from slicelab.app.numbers import written
from slicelab.app.spoken import Check
from slicelab.app.widgets import align_headings, button, column, line, row, set_tone, text
from slicelab.core.durations import duration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from slicelab.app.theme import Theme
    from slicelab.core.labels import LabelClass
    from slicelab.engine.people import ReaderWork, TwoReaders

_PLACE = Qt.ItemDataRole.UserRole
_ROWS = ((4, 6, 7), (3, 4, 5), (2, 3, 3), (2, 2, 2))
"""Rows shown at most of readers, classes and slices: the most that the screen has room for."""
_TITLE_BAR = 40
_WORDS = ("Reader", "Class", "Slice")
"""Columns that are read from the left; the others are numbers."""


class ReadersDialog(QDialog):
    """Stays open beside the picture; announces what is to be done."""

    reader_wanted = Signal(str)
    pair_chosen = Signal(str, str)
    slice_wanted = Signal(int)
    drawing_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWindowTitle(say("Readers"))
        self.readers = _table("Readers", "Reader", "Cases", "Done", "Drafts", "Time")
        self.switch = button("Label as another reader", tip="Opens this project in the name of the selected reader")
        self.switch.clicked.connect(lambda: self.reader_wanted.emit(self._selected()))
        self.readers.itemSelectionChanged.connect(self._allow)
        self.name = QLineEdit()
        self.name.setAccessibleName(say("Name of a further reader"))
        self.name.setPlaceholderText(say("Name of a further reader"))
        self.name.textChanged.connect(self._allow)
        self.add = button("Label as this one", tip="A further reader starts with no labels, and sees nobody else's")
        self.add.clicked.connect(lambda: self.reader_wanted.emit(self.name.text()))
        self.one, self.other = QComboBox(), QComboBox()
        for box, said in ((self.one, "The one reader"), (self.other, "The other reader")):
            box.setAccessibleName(say(said))
            box.activated.connect(self._choose)
        self._about = text("", "title", wrap=True)
        self.draw = Check("")
        self.draw.setToolTip("White and dotted, on slices that you both have marked done, while this window is open")
        self.draw.toggled.connect(self.drawing_changed)
        self.classes = _table("Agreement by class", "Class", "Dice", "Slices both done")
        self.slices = _table("Slices on which they differ", "Slice", "Class", "Dice")
        self.slices.itemSelectionChanged.connect(self._go)
        self._none = text("", "secondary", wrap=True)
        self._hint = text("Slices on which they differ, the worst first. A click goes there.", "secondary")
        self._pair = QWidget()
        self._pair.setLayout(
            column(
                line(),
                4,
                self._about,
                row(self.one, self.other, None),
                self.draw,
                self._none,
                self.classes,
                self._hint,
                self.slices,
            )
        )
        self._said = text("", "secondary", wrap=True)
        self._close = close = button("Close", "primary")
        close.clicked.connect(self.accept)
        for part in (self.switch, self.add):
            part.setAutoDefault(False)
        content = column(
            text("Who labelled what", "statement"),
            text(
                "Each reader has labels of their own. Training, predictions and figures use those of the reader "
                "whom the project is open for.",
                "secondary",
                wrap=True,
            ),
            4,
            self.readers,
            row(self.switch, None),
            row(self.name, self.add),
            4,
            self._pair,
            self._said,
            row(None, close),
            margins=(24, 20, 24, 20),
        )
        content.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # as large as what is in it, whoever is compared
        self.readers.setMinimumWidth(theme.px(520))
        # The name has the room that the figures leave, and one line.
        self.readers.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.readers.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.readers.setWordWrap(False)
        self.setLayout(content)
        self.show_work(())

    def show_work(self, work: Sequence[ReaderWork]) -> None:
        """What each reader has done."""
        self.work = tuple(work)
        chosen = self._selected()
        _fill(
            self.readers,
            [
                (
                    one.name,
                    (
                        tr("{a} (now)").format(a=one.name) if one.mine else one.name,
                        f"{one.cases:,}",
                        f"{one.done:,}",
                        f"{one.drafts:,}",
                        duration(one.seconds) if one.seconds >= 1 else "–",
                    ),
                )
                for one in work
            ],
        )
        for at, one in enumerate(work):
            if one.name == chosen:
                self.readers.selectRow(at)
        names = [one.name for one in work]
        self._pair.setVisible(len(names) > 1)
        if len(names) < 2:
            self._fit()
        if len(names) > 1:
            mine = next((one.name for one in work if one.mine), names[0])
            pair = (self.one.currentText() or mine, self.other.currentText())
            if pair[0] not in names or pair[1] not in names:
                pair = (mine, next(name for name in names if name != mine))
            for box, now in ((self.one, pair[0]), (self.other, pair[1])):
                box.clear()
                box.addItems(names)
                box.setCurrentText(now)
        self._name_drawn()
        self._allow()

    def show_agreement(self, case: str, found: TwoReaders | None, classes: Sequence[LabelClass]) -> None:
        """How far two readers agree on the open case; None where no case is open, or the same reader stands twice."""
        both = {one.value: one.name for one in classes if found is not None and found.slices.get(one.value)}
        self._about.setText(tr("How far two readers agree on {name}").format(name=case) if case else "")
        apart = found.agreement.apart() if found is not None else ()
        self._none.setVisible(not both)
        if self.pair is None:
            self._none.setText("Choose two different readers.")
        elif found is None:
            self._none.setText("Open a case to compare two readers on.")
        else:
            self._none.setText("No slice of this case was marked done by both.")
        if found is not None:
            _fill(
                self.classes,
                [
                    (value, (name, words.dice(found.agreement.of_case(value)), f"{found.slices[value]:,}"))
                    for value, name in both.items()
                ],
            )
            _fill(
                self.slices,
                [(at, (f"{at + 1:,}", both[value], words.dice(dice))) for at, value, dice in apart if value in both],
            )
        for part in (self.classes, self._hint, self.slices):
            part.setVisible(bool(both))
        self._fit()

    def _fit(self) -> None:
        """As high as what is in it, where the screen has room for that; long tables are scrolled."""
        room = self.screen().availableGeometry().height() - self._theme.px(_TITLE_BAR)
        for most in _ROWS:
            for table, at_most in zip((self.readers, self.classes, self.slices), most, strict=True):
                rows = min(table.rowCount(), at_most) * table.verticalHeader().defaultSectionSize()
                table.setFixedHeight(rows + table.horizontalHeader().sizeHint().height() + self._theme.px(4))
            if self.sizeHint().height() <= room:
                break

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Grown by a case with more to say, it moves up before it leaves the screen."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._stay_in_sight)

    def _stay_in_sight(self) -> None:
        frame, room = self.frameGeometry(), self.screen().availableGeometry()
        below = frame.bottom() - room.bottom()
        if below > 0:
            self.move(frame.x(), max(frame.y() - below, room.top()))

    def show_error(self, error: BaseException) -> None:
        """A wish that could not be fulfilled: said here, where it was made."""
        message = message_of(error)
        self._said.setText(" ".join(part for part in (message.title, message.remedy) if part))
        set_tone(self._said, message.tone)

    @property
    def pair(self) -> tuple[str, str] | None:
        """The readers to compare; None where there is one alone, or the same was chosen twice."""
        one, other = self.one.currentText(), self.other.currentText()
        return (one, other) if one and other and one != other else None

    @property
    def drawn(self) -> str | None:
        """Whose outlines are wanted in the picture; None where nobody's are."""
        return self._whom if self.draw.isChecked() else None

    @property
    def _whom(self) -> str | None:
        """The one of the pair whose labels are not on the screen already."""
        mine = next((one.name for one in self.work if one.mine), "")
        return None if self.pair is None else next(name for name in reversed(self.pair) if name != mine)

    def _name_drawn(self) -> None:
        whom = self._whom
        self.draw.setText(tr("Show the outlines of {a} in the picture").format(a=whom) if whom else "")
        self.draw.setVisible(whom is not None)

    def _choose(self) -> None:
        self._name_drawn()
        self.drawing_changed.emit()
        if self.pair is not None:
            self.pair_chosen.emit(*self.pair)
        else:  # what is said of two others must not stay under these names
            self.show_agreement("", None, ())

    def _selected(self) -> str:
        rows = {index.row() for index in self.readers.selectedIndexes()}
        cell = self.readers.item(min(rows), 0) if rows else None
        return "" if cell is None else str(cell.data(_PLACE))

    def _allow(self) -> None:
        mine = next((one.name for one in self.work if one.mine), "")
        self.switch.setEnabled(self._selected() not in ("", mine))
        self.add.setEnabled(bool(self.name.text().strip()))
        (self.add if self.add.isEnabled() else self._close).setDefault(True)  # Enter after a name is for that name

    def _go(self) -> None:
        rows = {index.row() for index in self.slices.selectedIndexes()}
        cell = self.slices.item(min(rows), 0) if rows else None
        if cell is not None:
            self.slice_wanted.emit(int(cell.data(_PLACE)))


def _table(name: str, *headings: str) -> QTableWidget:
    table = QTableWidget(0, len(headings))
    table.setAccessibleName(say(name))
    table.setHorizontalHeaderLabels([say(word) for word in headings])
    table.verticalHeader().hide()
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    align_headings(table, *(place for place, said in enumerate(headings) if said not in _WORDS))
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, rows: Sequence[tuple[object, tuple[str, ...]]]) -> None:
    names = {say(word) for word in _WORDS}
    heads = [table.horizontalHeaderItem(place) for place in range(table.columnCount())]
    words_in = {place for place, head in enumerate(heads) if head is not None and head.text() in names}
    table.blockSignals(True)
    table.setRowCount(len(rows))
    for at, (key, cells) in enumerate(rows):
        for place, said in enumerate(cells):
            cell = QTableWidgetItem(said if place in words_in else f"{written(said)}  ")  # not at the very edge
            cell.setData(_PLACE, key)
            cell.setToolTip(said)
            if place not in words_in:
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(at, place, cell)
    table.clearSelection()
    table.blockSignals(False)
