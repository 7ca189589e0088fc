"""Review: Dice per case and class, and what of it can be believed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from slicelab.app import words
from slicelab.app.panels.class_list import swatch
from slicelab.app.widgets import action_button, column, line, row, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.core.evaluation import CaseScore, Evaluation
    from slicelab.core.labels import LabelClass

_LOW = 0.90


def worst_first(case: CaseScore) -> tuple[bool, float]:
    """Order of rows: unseen cases before those trained on, by their lowest class; undefined last."""
    known = [score.dice for score in case.scores.values() if not math.isnan(score.dice)]
    return case.trained_on, min(known, default=2.0)


class ReviewTab(QWidget):
    """Shows an evaluation; announces the case clicked."""

    case_chosen = Signal(str)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._classes: tuple[LabelClass, ...] = ()
        self._title = text("Nothing is measured yet", "statement", wrap=True)
        self._detail = text(
            "Predict first, then measure: predictions are compared with the slices you marked done.",
            "secondary",
            wrap=True,
        )
        self._table = QTableWidget()
        self._table.setAccessibleName("Dice per case and class")
        self._table.verticalHeader().hide()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._table.setShowGrid(False)
        self._table.setWordWrap(False)
        self._table.cellActivated.connect(self._open)
        self._table.cellClicked.connect(self._open)
        self._note = text("", "caption", wrap=True)
        self._nothing = QWidget()
        box = column(
            row(action_button(actions["job.measure"], "primary"), action_button(actions["job.predict"]), None),
            self._title,
            self._detail,
            line(),
            self._table,
            self._note,
            self._nothing,
            line(),
            row(
                text("Accept into your labels", "title"),
                None,
                action_button(actions["slice.accept"], words="This slice"),
                action_button(actions["case.accept"], words="Whole case"),
            ),
            text(
                "The model's mask becomes a draft of the open case: correct it, then mark it done. Whole case leaves "
                "done slices as they are. Slices accepted unchanged are never measured against their own model.",
                "caption",
                wrap=True,
            ),
            row(
                text("Export as NIfTI", "title"),
                None,
                action_button(actions["project.export_predictions"], words="Predictions …"),
                action_button(actions["project.export_labels"], words="Labels …"),
            ),
            margins=(16, 12, 16, 12),
        )
        for filler in (self._table, self._nothing):
            box.setStretchFactor(filler, 1)
        self.setLayout(box)
        self.show_evaluation(None, "")

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """Columns of the table."""
        self._classes = classes
        self.show_evaluation(None, "")

    def show_evaluation(self, evaluation: Evaluation | None, model: str) -> None:
        """Show what was measured of a model."""
        self._table.setVisible(evaluation is not None)
        self._note.setVisible(evaluation is not None)
        self._nothing.setVisible(evaluation is None)
        if evaluation is None:
            self._title.setText("Nothing is measured yet")
            self._detail.setText(
                "Predict first, then measure: predictions are compared with the slices you marked done."
            )
            return
        count = words.plural(evaluation.averaged, "case")
        if evaluation.averaged:
            self._title.setText(f"Dice {words.dice(evaluation.mean_dice)} on {count} it never learned from")
        else:
            self._title.setText("No case is left to judge it by")
        self._detail.setText(self._explain(evaluation, model))
        self._fill(evaluation)
        self._note.setText(
            "Dice: overlap of prediction and label, 1.00 is perfect. n/a: the class is in neither mask. "
            "Cases trained on are grey and left out of the mean."
        )

    def _explain(self, evaluation: Evaluation, model: str) -> str:
        said = [f"{model}, measured on the slices you marked done."]
        if not evaluation.averaged:
            said.append("Mark slices done in a case that was not trained on to get an honest number.")
        elif evaluation.protocol == "transductive":
            said.append(
                "Some of these cases were in the pretraining pool (without labels), which may flatter the number."
            )
        return " ".join(said)

    def _fill(self, evaluation: Evaluation) -> None:
        cases = sorted(evaluation.cases, key=worst_first)
        table, classes = self._table, self._classes
        table.clear()
        table.setColumnCount(2 + len(classes))
        table.setRowCount(len(cases) + 1)
        table.setHorizontalHeaderLabels(["Case", *(item.name for item in classes), "Slices"])
        for place, item in enumerate(classes, start=1):
            head = QTableWidgetItem(swatch(item.colour, self._theme.px(12)), item.name)
            head.setToolTip(item.name)
            table.setHorizontalHeaderItem(place, head)
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for place in (0, 1 + len(classes)):
            header.setSectionResizeMode(place, QHeaderView.ResizeMode.ResizeToContents)
        for at, case in enumerate(cases):
            self._fill_case(at, case)
        last = len(cases)
        self._put(last, 0, f"Mean of {evaluation.averaged}", bold=True)
        for place, item in enumerate(classes, start=1):
            self._put(last, place, words.dice(evaluation.mean.get(item.name)), bold=True, number=True)
        self._put(last, 1 + len(classes), "")
        for at in range(last + 1):
            table.setRowHeight(at, self._theme.px(34))

    def _fill_case(self, at: int, case: CaseScore) -> None:
        tone = "text3" if case.trained_on else "text1"
        name = f"{case.case}  (trained on)" if case.trained_on else case.case
        self._put(at, 0, name, token=tone).setData(Qt.ItemDataRole.UserRole, case.case)
        for place, item in enumerate(self._classes, start=1):
            score = case.scores.get(item.name)
            value = math.nan if score is None else score.dice
            low = not case.trained_on and value < _LOW
            cell = self._put(at, place, words.dice(value), token="warn" if low else tone, number=True)
            if score is not None:
                cell.setToolTip(_score_tip(item.name, case, score.volume_ml, score.hd95_mm))
        self._put(at, 1 + len(self._classes), f"{case.slices} of {case.of}", token="text3", number=True)

    def _put(
        self, at: int, place: int, value: str, *, token: str = "text1", bold: bool = False, number: bool = False
    ) -> QTableWidgetItem:
        item = QTableWidgetItem(value)
        item.setForeground(self._theme.colour(token))
        item.setFont(self._theme.font(13, bold=bold))
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
        self._table.setItem(at, place, item)
        return item

    def _open(self, at: int, _place: int) -> None:
        item = self._table.item(at, 0)
        name = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if name:
            self.case_chosen.emit(str(name))


def _score_tip(name: str, case: CaseScore, volume_ml: float, hd95_mm: float) -> str:
    distance = "" if math.isnan(hd95_mm) else f", 95th percentile Hausdorff distance {hd95_mm:.1f} mm"
    whole = f"on {case.slices} of {case.of} slices"
    return f"{name}: 3D Dice {whole}{distance}; predicted volume {volume_ml:,.0f} mL"
