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
        self.headings = ClassHeadings(theme, self)
        self.setHorizontalHeader(self.headings)
        self.setAccessibleName(say("Measurements per case and class"))
        self.verticalHeader().hide()
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
        self.setColumnCount(2 + len(classes))
        self.setRowCount(len(cases) + 1)
        self.setHorizontalHeaderLabels([say(word) for word in ["Case", *(item.name for item in classes), "Slices"]])
        for place, item in enumerate(classes, start=1):
            head = QTableWidgetItem(item.name)
            head.setToolTip(f"{item.name}: {say(self._measure.tip)}")
            self.setHorizontalHeaderItem(place, head)
        align_headings(self, 1 + len(classes))
        header = self.headings
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1 + len(classes), QHeaderView.ResizeMode.Fixed)
        for at, case in enumerate(cases):
            self._fill_case(at, case)
        last = len(cases)
        self._put(last, 0, f"Mean of {evaluation.averaged}", bold=True)
        for place, item in enumerate(classes, start=1):
            value = mean_of(evaluation.cases, item.name, self._measure)
            self._put(last, place, self._measure.say(value), bold=True, number=True)
        self._put(last, 1 + len(classes), "")
        # A gap before them: figures of two columns must not run together.
        last_wide = max(header.sectionSizeHint(1 + len(classes)), self.sizeHintForColumn(1 + len(classes)))
        header.resizeSection(1 + len(classes), last_wide + self._theme.px(_GAP))
        tall = self._theme.px(32)
        for at in range(last + 1):
            self.setRowHeight(at, tall)
        # An elided number would be read as another one: where all do not fit, the table scrolls sideways.
        numbers = [self.sizeHintForColumn(place) for place in range(1, 1 + len(classes))]
        header.setMinimumSectionSize(max([*numbers, header.minimumSectionSize()]))
        self._rows_high = min(last + 1, _MOST_ROWS) * tall + header.sizeHint().height() + 4
        self._fit_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns that no longer fit, or fit again, add or remove a bar below the rows."""
        super().resizeEvent(event)
        self._fit_height()

    def _fit_height(self) -> None:
        """As high as its rows, since what stands below belongs to it. Many cases scroll."""
        if self._rows_high:
            bar = self.horizontalScrollBar()
            wide = self.headings.length() > self.viewport().width()
            self.setFixedHeight(self._rows_high + (bar.sizeHint().height() if wide else 0))

    def _fill_case(self, at: int, case: CaseScore) -> None:
        tone = "text1" if case.is_result else "text3"
        name = f"{case.case}  ({tr(case.apart)})" if case.apart else case.case
        self._put(at, 0, name, token=tone).setData(_CASE, case.case)
        for place, item in enumerate(self._classes, start=1):
            score = case.scores.get(item.name)
            value = math.nan if score is None else self._measure.value(score)
            low = self._measure.key == "dice" and case.is_result and value < _LOW
            cell = self._put(at, place, self._measure.say(value), token="warn" if low else tone, number=True)
            if score is not None:
                cell.setToolTip(say(f"{in_words(item.name, case)}. Click: the slice with the largest error."))
        self._put(at, 1 + len(self._classes), f"{case.slices} of {case.of}", token="text3", number=True)

    def _put(
        self, at: int, place: int, value: str, *, token: str = "text1", bold: bool = False, number: bool = False
    ) -> QTableWidgetItem:
        item = QTableWidgetItem(say(value))
        item.setForeground(self._theme.colour(token))
        item.setFont(self._theme.font(13, bold=bold))
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self.setItem(at, place, item)
        return item

    def _choose(self, at: int, place: int) -> None:
        item = self.item(at, 0)
        name = item.data(_CASE) if item is not None else None
        if name and self._evaluation is not None:
            case = next(case for case in self._evaluation.cases if case.case == name)
            self.chosen.emit(str(name), self._class_at(case, place))

    def _class_at(self, case: CaseScore, place: int) -> str:
        """The class of a column; beside the classes, the worst one of the case."""
        if 1 <= place <= len(self._classes):
            return self._classes[place - 1].name
        known = {name: score.dice for name, score in case.scores.items() if not math.isnan(score.dice)}
        return min(known, key=lambda name: known[name], default="")
