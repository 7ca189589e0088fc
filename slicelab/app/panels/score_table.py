"""The table of a review: case by class, one measure at a time, worst first; what is no result is grey and apart."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from slicelab.app import words
from slicelab.app.language import say, tr
from slicelab.app.numbers import written
from slicelab.app.panels.case_names import CaseNames
from slicelab.app.panels.class_headings import ClassHeadings
from slicelab.app.widgets import align_headings

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from slicelab.app.theme import Theme
    from slicelab.core.evaluation import CaseScore, ClassScore, Evaluation
    from slicelab.core.labels import LabelClass

_LOW = 0.90
_MOST_ROWS = 11
_GAP = 14  # design pixels
_CASE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Measure:
    """One thing that is measured of a class of a case.

    Attributes:
        key: stable name.
        title: on the button.
        tip: what it is, in the field's terms.
        value: from the score.
        digits: after the point.
        signed: whether the sign is written.

    """

    key: str
    title: str
    tip: str
    value: Callable[[ClassScore], float]
    digits: int
    signed: bool = False

    def say(self, value: float) -> str:
        """The number in the table, ``n/a`` where it is not defined."""
        if math.isnan(value):
            return "n/a"
        return written(f"{value:+,.{self.digits}f}" if self.signed else f"{value:,.{self.digits}f}")


MEASURES = (
    Measure("dice", "Dice", "3D Dice: overlap of prediction and label; 1.00 is perfect", lambda s: s.dice, 2),
    Measure(
        "hd95",
        "HD95",
        "95th percentile of the Hausdorff distance (HD95), mm: how far off at its worst",
        lambda s: s.hd95_mm,
        1,
    ),
    Measure(
        "assd",
        "ASSD",
        "Average symmetric surface distance (ASSD), mm: how far off on average",
        lambda s: s.assd_mm,
        1,
    ),
    Measure("volume", "Volume", "Volume of the predicted mask, mL", lambda s: s.volume_ml, 0),
    Measure(
        "difference",
        "Volume diff.",
        "Predicted minus labelled volume, mL; needs every slice of the case done",
        lambda s: s.volume_difference_ml,
        0,
        signed=True,
    ),
)


def worst_first(case: CaseScore) -> tuple[bool, float]:
    """Order of rows: results before cases trained on or used for validation, by their lowest class; undefined last."""
    known = [score.dice for score in case.scores.values() if not math.isnan(score.dice)]
    return not case.is_result, min(known, default=2.0)


def mean_of(cases: tuple[CaseScore, ...], name: str, measure: Measure) -> float:
    """Mean of a measure over the cases that are results and have it; NaN where none has."""
    scores = [case.scores[name] for case in cases if name in case.scores and case.is_result]
    known = [value for value in map(measure.value, scores) if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan


def in_words(name: str, case: CaseScore) -> str:
    """Everything that was measured of a class of a case, in one line."""
    score = case.scores[name]
    parts = [f"3D Dice {words.dice(score.dice)} on {case.slices} of {words.plural(case.of, 'slice')}"]
    if not math.isnan(score.hd95_mm):
        parts.append(f"HD95 {score.hd95_mm:.1f} mm, ASSD {score.assd_mm:.1f} mm")
    parts.append(f"volume {score.volume_ml:,.0f} mL")
    if not math.isnan(score.reference_volume_ml):
        parts.append(f"yours {score.reference_volume_ml:,.0f} mL ({score.volume_difference_ml:+,.0f} mL)")
    return f"{case.case}, {name}: {' · '.join(say(part) for part in parts)}"


class ScoreTable(QTableWidget):
    """Announces the case and class that were chosen."""

    chosen = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[LabelClass, ...] = ()
        self._evaluation: Evaluation | None = None
        self._measure = MEASURES[0]
        self._rows_high = 0
        self._columns_wide = 0
        self.headings = ClassHeadings(theme, self)
        self.setHorizontalHeader(self.headings)
        self.setAccessibleName(say("Measurements per case and class"))
        self.names = CaseNames(theme, self)
        self.setVerticalHeader(self.names)
        self.names.sectionClicked.connect(self._choose_case)
        self.setCornerButtonEnabled(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.cellActivated.connect(self._choose)
        self.cellClicked.connect(self._choose)

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """Columns of the table."""
        self._classes = classes
        self.headings.show_classes(classes)

    def show_measure(self, key: str) -> None:
        """Show another measure."""
        self._measure = next(one for one in MEASURES if one.key == key)
        if self._evaluation is not None:
            self.show_evaluation(self._evaluation)

    def show_evaluation(self, evaluation: Evaluation) -> None:
        """Fill the table."""
        self._evaluation = evaluation
        cases, classes = sorted(evaluation.cases, key=worst_first), self._classes
        self.clear()
        self.setColumnCount(len(classes) + 1)
        self.setRowCount(len(cases) + 1)
        self.setHorizontalHeaderLabels([say(word) for word in [*(item.name for item in classes), "Slices"]])
        for place, item in enumerate(classes):
            head = QTableWidgetItem(item.name)
            head.setToolTip(f"{item.name}: {say(self._measure.tip)}")
            self.setHorizontalHeaderItem(place, head)
        align_headings(self, len(classes))
        header = self.headings
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(len(classes), QHeaderView.ResizeMode.Fixed)
        for at, case in enumerate(cases):
            self._fill_case(at, case)
        last = len(cases)
        self.setVerticalHeaderItem(last, self._item(f"Mean of {evaluation.averaged}", bold=True))
        for place, item in enumerate(classes):
            value = mean_of(evaluation.cases, item.name, self._measure)
            self._put(last, place, self._measure.say(value), bold=True, number=True)
        self._put(last, len(classes), "")
        # A gap before them: figures of two columns must not run together.
        last_wide = max(header.sectionSizeHint(len(classes)), self.sizeHintForColumn(len(classes)))
        header.resizeSection(len(classes), last_wide + self._theme.px(_GAP))
        tall = self._theme.px(32)
        for at in range(last + 1):
            self.setRowHeight(at, tall)
        # An elided number would be read as another one: where all do not fit, the table scrolls sideways.
        numbers = [self.sizeHintForColumn(place) for place in range(len(classes))]
        header.setMinimumSectionSize(-1)  # the style's own, not that of the measure shown before
        header.setMinimumSectionSize(max([*numbers, header.minimumSectionSize()]))
        self._rows_high = min(last + 1, _MOST_ROWS) * tall + header.sizeHint().height() + 4
        self._columns_wide = header.minimumSectionSize() * len(classes) + header.sectionSize(len(classes))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns that no longer fit, or fit again, add or remove a bar below the rows."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As high as its rows, since what stands below belongs to it. Many cases scroll."""
        if self._rows_high:
            self.names.limit(self.width(), self._columns_wide)
            bar = self.horizontalScrollBar()
            wide = self.headings.length() > self.viewport().width()
            self.setFixedHeight(self._rows_high + (bar.sizeHint().height() if wide else 0))

    def _fill_case(self, at: int, case: CaseScore) -> None:
        tone = "text1" if case.is_result else "text3"
        name = f"{case.case}  ({tr(case.apart)})" if case.apart else case.case
        head = self._item(name, token=tone)
        head.setData(_CASE, case.case)
        head.setToolTip(name)
        self.setVerticalHeaderItem(at, head)
        for place, item in enumerate(self._classes):
            score = case.scores.get(item.name)
            value = math.nan if score is None else self._measure.value(score)
            low = self._measure.key == "dice" and case.is_result and value < _LOW
            cell = self._put(at, place, self._measure.say(value), token="warn" if low else tone, number=True)
            if score is not None:
                cell.setToolTip(say(f"{in_words(item.name, case)}. Click: the slice with the largest error."))
        self._put(at, len(self._classes), f"{case.slices} of {case.of}", token="text3", number=True)

    def _put(
        self, at: int, place: int, value: str, *, token: str = "text1", bold: bool = False, number: bool = False
    ) -> QTableWidgetItem:
        item = self._item(value, token=token, bold=bold)
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(at, place, item)
        return item

    def _item(self, value: str, *, token: str = "text1", bold: bool = False) -> QTableWidgetItem:
        item = QTableWidgetItem(say(value))
        item.setForeground(self._theme.colour(token))
        item.setFont(self._theme.font(13, bold=bold))
        return item

    def _choose(self, at: int, place: int) -> None:
        case = self._case_at(at)
        if case is not None:
            self.chosen.emit(case.case, self._class_at(case, place))

    def _choose_case(self, at: int) -> None:
        """The name of a case is its worst class; the cell that stands for it is the current one then."""
        case = self._case_at(at)
        if case is not None:
            worst = self._class_at(case, len(self._classes))
            places = [place for place, item in enumerate(self._classes) if item.name == worst]
            self.setCurrentCell(at, places[0] if places else len(self._classes))
            self.chosen.emit(case.case, worst)

    def _case_at(self, at: int) -> CaseScore | None:
        item = self.verticalHeaderItem(at)
        name = item.data(_CASE) if item is not None else None
        if not name or self._evaluation is None:
            return None
        return next(case for case in self._evaluation.cases if case.case == name)

    def _class_at(self, case: CaseScore, place: int) -> str:
        """The class of a column; beside the classes, the worst one of the case."""
        if 0 <= place < len(self._classes):
            return self._classes[place].name
        known = {name: score.dice for name, score in case.scores.items() if not math.isnan(score.dice)}
        return min(known, key=lambda name: known[name], default="")
