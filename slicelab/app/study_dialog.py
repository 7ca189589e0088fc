"""Which series of a DICOM study: a row for each kind, with a picture, what the scanner calls it, matrix and slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QDialog, QHeaderView, QTableWidget, QTableWidgetItem

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.numbers import written
from slicelab.app.panels.case_list import small_picture
from slicelab.app.widgets import align_headings, button, column, row, text
from slicelab.engine.series import FEW_SLICES, kind_names, of_study, to_plan_by, without

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget

    from slicelab.app.desks.project_desk import ProjectDesk
    from slicelab.app.theme import Theme
    from slicelab.data.readers import Discovery, Source

_PICTURE, _GAP, _MOST_ROWS = 64, 8, 6
_FEW = "not ticked: very few slices"
_FEW_TIP = (
    f"Fewer than {FEW_SLICES} slices: most often a localizer, to plan the others by. A click ticks it, if you want it."
)
_HEADINGS = ("Series", "Matrix", "Slices", "Volumes")


def choose_series(theme: Theme, desk: ProjectDesk, found: Discovery, parent: QWidget) -> Discovery:
    """Ask which series of a study become cases; what was found, without the others. Escape leaves all of them out."""
    dialog = StudyDialog(theme, of_study(found.sources), desk, parent)
    desk.volumes_pictured.connect(dialog.show_pictures)
    dialog.ask_for_next()
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    desk.volumes_pictured.disconnect(dialog.show_pictures)
    if not dialog.pictured:
        desk.give_up_volume_pictures()
    left = dialog.left_out if accepted else [source for source in found.sources if source.series is not None]
    dialog.deleteLater()
    return without(found, left)


class StudyDialog(QDialog):
    """Ticks series; at first all but those of very few slices, which say why.

    Pictures are read one after the other while it is open.
    """

    def __init__(
        self, theme: Theme, kinds: Sequence[Sequence[Source]], desk: ProjectDesk, parent: QWidget | None = None
    ) -> None:
        """Ask about kinds of series, each with the series of that kind."""
        super().__init__(parent)
        self.setWindowTitle(say("Series of a study"))
        self._kinds = kinds
        self._few = to_plan_by(kinds)
        self._names = kind_names(kinds)
        self._desk = desk
        self._asked = 0
        self.table = self._rows(theme)
        self.take = button("", "primary")
        self.take.setDefault(True)
        self.take.clicked.connect(self.accept)
        nothing = button("Leave all out", tip="None of these series is added (Esc)")
        nothing.setAutoDefault(False)
        nothing.clicked.connect(self.reject)
        self.table.itemChanged.connect(self._on_ticked)
        self.setLayout(
            column(
                text("Which series do you want to label?", "statement"),
                text("Each becomes a case. Others can be added to a case later, to look at.", "secondary"),
                4,
                self.table,
                4,
                row(nothing, None, self.take),
                margins=(24, 24, 24, 20),
            )
        )
        self._name_button()
        self.table.setFocus()

    @property
    def left_out(self) -> list[Source]:
        """Series that are not ticked."""
        return [source for at, kind in enumerate(self._kinds) if not self._ticked(at) for source in kind]

    @property
    def pictured(self) -> bool:
        """Whether every picture has come, or cannot."""
        return self._asked > len(self._kinds)

    def ask_for_next(self) -> None:
        """Have the next picture read: of the first series of each kind."""
        self._asked += 1
        if not self.pictured:
            self._desk.want_volume_pictures(self._kinds[self._asked - 1][0])

    def show_pictures(self, source: Source, pictures: npt.NDArray[np.uint8] | None) -> None:
        """The pictures ``(volume, row, column)`` of a series have come; None: they cannot be read."""
        if self.pictured or source is not self._kinds[self._asked - 1][0]:
            return
        if pictures is not None:
            _, high, wide = pictures.shape
            made = small_picture(pictures[0].tobytes(), wide, high).scaled(
                self.table.iconSize(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._first(self._asked - 1).setIcon(_same_when_chosen(QPixmap.fromImage(made)))
        self.ask_for_next()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter in the table adds what is ticked, as the button does."""
        if watched is self.table and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.take.isEnabled():
                self.accept()
                return True
        return super().eventFilter(watched, event)

    def _rows(self, theme: Theme) -> QTableWidget:
        table = QTableWidget(len(self._kinds), len(_HEADINGS))
        table.setAccessibleName(say("Series of a study"))
        table.setHorizontalHeaderLabels([say(word) for word in _HEADINGS])
        align_headings(table, 1, 2, 3)
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        side, high = theme.px(_PICTURE), theme.px(_PICTURE + _GAP)
        table.setIconSize(QSize(side, side))
        table.verticalHeader().setDefaultSectionSize(high)
        empty = QPixmap(side, side)
        empty.fill(QColor(theme.tokens.line))
        for at, (kind, few) in enumerate(zip(self._kinds, self._few, strict=True)):
            first = QTableWidgetItem(_same_when_chosen(empty), "")
            first.setFlags(first.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            first.setCheckState(Qt.CheckState.Unchecked if few else Qt.CheckState.Checked)
            table.setItem(at, 0, first)
            self._name(first)
            volumes = f"{sum(one.frames for one in kind):,}"
            for place, said in enumerate((_matrix(kind), _slices(kind), volumes), start=1):
                cell = QTableWidgetItem(f"{written(said)}  ")  # not at the very edge
                cell.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(at, place, cell)
        table.setCurrentCell(0, 0)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        in_sight = min(len(self._kinds), _MOST_ROWS)
        table.setMinimumSize(theme.px(620), in_sight * high + table.horizontalHeader().sizeHint().height() + _GAP)
        table.installEventFilter(self)
        return table

    def _ticked(self, at: int) -> bool:
        return self._first(at).checkState() == Qt.CheckState.Checked

    def _first(self, at: int) -> QTableWidgetItem:
        cell = self.table.item(at, 0)
        assert cell is not None
        return cell

    def _on_ticked(self, cell: QTableWidgetItem) -> None:
        if cell.column() == 0:
            self._name(cell)
            self._name_button()

    def _name(self, first: QTableWidgetItem) -> None:
        """A series by its name, with why it is not ticked for as long as it is not."""
        name = self._names[first.row()]
        few = self._few[first.row()] and first.checkState() != Qt.CheckState.Checked
        first.setText(f"{name}\n{say(_FEW)}" if few else name)
        first.setToolTip(f"{name}\n{say(_FEW_TIP)}" if few else name)

    def _name_button(self) -> None:
        """The button says how many series it adds."""
        series = sum(len(kind) for at, kind in enumerate(self._kinds) if self._ticked(at))
        self.take.setText(f"Add {words.plural(series, 'series', 'series')}")
        self.take.setEnabled(series > 0)


def _same_when_chosen(picture: QPixmap) -> QIcon:
    made = QIcon(picture)
    made.addPixmap(picture, QIcon.Mode.Selected)
    return made


def _matrix(kind: Sequence[Source]) -> str:
    sizes = {one.matrix for one in kind if one.matrix is not None}
    return " x ".join(str(edge) for edge in next(iter(sizes))) if len(sizes) == 1 else say("different")


def _slices(kind: Sequence[Source]) -> str:
    counts = sorted({one.slices for one in kind if one.slices is not None})
    if not counts:
        return ""
    return f"{counts[0]:,}" if len(counts) == 1 else f"{counts[0]:,}–{counts[-1]:,}"
