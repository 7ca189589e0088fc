"""Cases without labels, those first on which the model is probably most wrong; and how far that can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.numbers import written
from slicelab.app.panels.calibration_plot import CalibrationPlot, said_of
from slicelab.app.widgets import align_headings, column, text

if TYPE_CHECKING:
    from slicelab.app.theme import Theme
    from slicelab.core.expected import Calibration
    from slicelab.engine.expecting import Expectation, HeldCase

_MOST_ROWS = 6
_HINT = "Each dot is a labelled case, expected without its patient. On the dashed line it came as expected."
_CASE = Qt.ItemDataRole.UserRole


class ExpectedBox(QWidget):
    """Announces the case that was chosen."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = text("", "title", wrap=True)
        self._trust = text("", "caption", wrap=True)
        self.table = QTableWidget(0, 3)
        self.table.setAccessibleName(say("Cases without labels, lowest expected Dice first"))
        self.table.verticalHeader().hide()
        self.table.setHorizontalHeaderLabels([say(word) for word in ["Case", "Expected Dice", "Least sure of"]])
        align_headings(self.table)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.cellActivated.connect(self._choose)
        self.table.cellClicked.connect(self._choose)
        self.plot = CalibrationPlot(theme)
        self.plot.chosen.connect(self.chosen.emit)
        self.plot.pointed.connect(self._show_pointed)
        self._pointed = text(_HINT, "caption", wrap=True)
        self.setLayout(column(self._title, self._trust, self.plot, self._pointed, self.table, gap=4))
        self.show_expectation(None)

    def show_classes(self, count: int) -> None:
        """How many classes the project has: of a single one nothing is told by naming it."""
        self.table.setColumnHidden(2, count < 2)

    def show_expectation(self, found: Expectation | None) -> None:
        """Show what was expected of a model; nothing where no predicted case is without labels."""
        cases = found.cases if found is not None else ()
        self.setVisible(bool(cases))
        if found is None or not cases:
            return
        told = found.calibration is not None and found.calibration.reliable
        many = words.plural(len(cases), "case")
        self._title.setText(
            f"{many} without labels, lowest expected Dice first"
            if told
            else f"{many} without labels, the least sure first"
        )
        self._trust.setText(trust(found.calibration))
        self.plot.show_held(found.held)
        self._pointed.setVisible(bool(found.held))
        self._show_pointed(None)
        self.table.setRowCount(len(cases))
        for at, case in enumerate(cases):
            said = written(f"≈ {words.dice(case.mean)}") if told else "not reliable yet"
            if self.table.isColumnHidden(2) and not case.doubtful:
                said = "no class found"
            for place, value in enumerate((case.name, said, case.doubtful or "no class found")):
                item = QTableWidgetItem(say(value))
                item.setFont(self._theme.font(13))
                item.setForeground(self._theme.colour("text1" if told or place != 1 else "text3"))
                item.setData(_CASE, case.id)
                self.table.setItem(at, place, item)
            self.table.setRowHeight(at, self._theme.px(30))
        rows = min(len(cases), _MOST_ROWS)
        self.table.setFixedHeight(rows * self._theme.px(30) + self.table.horizontalHeader().sizeHint().height() + 4)

    def _show_pointed(self, one: HeldCase | None) -> None:
        self._pointed.setText(say(_HINT) if one is None else said_of(one))

    def _choose(self, at: int, _place: int) -> None:
        item = self.table.item(at, 0)
        if item is not None:
            self.chosen.emit(str(item.data(_CASE)))


def trust(calibration: Calibration | None) -> str:
    """How far an expected Dice can be trusted, in words."""
    if calibration is None:
        return (
            "Not reliable yet: label at least three slices in three cases the model did not learn from, then measure. "
            "Until then the order follows how sure the model is of its own masks."
        )
    held = (
        f"On your {words.plural(calibration.patients, 'labelled patient')}, each left out in turn, it was off by "
        f"{calibration.error:.2f} on average (rank correlation {calibration.correlation:.2f})."
    )
    if calibration.reliable:
        return f"From how sure the model is of its masks. {held} Use it as the order of review, not as a result."
    return f"Not reliable yet. {held} The order follows how sure the model is of its own masks."
