"""Review: what was measured per case and class, what of it can be believed, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.panels.correction_box import CorrectionBox
from slicelab.app.panels.expected_box import ExpectedBox
from slicelab.app.panels.score_table import MEASURES, ScoreTable, in_words
from slicelab.app.panels.sides_box import SidesBox
from slicelab.app.spoken import Check
from slicelab.app.widgets import Segmented, action_button, column, line, row, scrolled, set_tone, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.core.evaluation import Evaluation
    from slicelab.core.labels import LabelClass


class ReviewTab(QWidget):
    """Shows an evaluation; announces the case and class that were clicked."""

    score_chosen = Signal(str, str)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._evaluation: Evaluation | None = None
        self.corrections = CorrectionBox(theme)
        self._anew = Check("Number cases anew")
        self._anew.setToolTip(
            "In the report, cases and patients are numbered anew in an order drawn by chance; otherwise it gives the "
            "project's ids, such as c0001. Names are in neither."
        )
        self._anew.setAccessibleName(say("Number cases anew in the methods report"))
        self._title = text("Nothing is measured yet", "statement", wrap=True)
        self._changed = text("", "secondary", wrap=True)
        set_tone(self._changed, "warn")
        self._changed.hide()
        self._detail = text("", "secondary", wrap=True)
        self._measures = Segmented([(one.key, one.title, one.tip) for one in MEASURES])
        self._measures.choose(MEASURES[0].key)
        self._measures.chosen.connect(self._show_measure)
        self.table = ScoreTable(theme)
        self.table.chosen.connect(self._choose)
        self.expected = ExpectedBox(theme)
        self.sides = SidesBox(theme, actions)
        self._chosen = text("", "secondary", wrap=True)
        self._note = text("", "caption", wrap=True)
        box = column(
            row(
                action_button(actions["job.measure"], "primary"),
                action_button(actions["job.predict"]),
                None,
                action_button(actions["project.report"]),
            ),
            self.corrections,
            line(),
            self._title,
            self._changed,
            self._detail,
            self._measures,
            self.table,
            self._chosen,
            self._note,
            self.expected,
            line(),
            self.sides,
            line(),
            row(text("Methods report", "title"), None, self._anew),
            row(
                text("Export as NIfTI", "title"),
                None,
                action_button(actions["project.export_predictions"], words="Predictions …"),
                action_button(actions["project.export_labels"], words="Labels …"),
            ),
            None,
            margins=(12, 12, 12, 12),
        )
        self._area = scrolled(box)
        self.setLayout(column(self._area, _accepting(actions), gap=0))
        self.show_evaluation(None, "")

    @property
    def numbered_anew(self) -> bool:
        """Whether the report numbers cases anew."""
        return self._anew.isChecked()

    def reveal(self, part: QWidget) -> None:
        """Scroll to a part, its end first."""
        self._area.ensureWidgetVisible(part)

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """Columns of the table."""
        self.table.show_classes(classes)
        self.corrections.show_classes(classes)
        self.sides.show_classes(classes)
        self.expected.show_classes(len(classes))
        self.show_evaluation(None, "")

    def show_evaluation(self, evaluation: Evaluation | None, model: str) -> None:
        """Show what was measured of a model."""
        self._evaluation = evaluation
        self._chosen.setText("")
        for part in (self._measures, self.table, self._chosen, self._note):
            part.setVisible(evaluation is not None)
        if evaluation is None:
            self.expected.show_expectation(None)
            self._title.setText("Nothing is measured yet")
            self._detail.setText(
                "Predict first, then measure: predictions are compared with the slices you marked done."
            )
            return
        count = words.plural(evaluation.averaged, "case")
        if evaluation.averaged:
            over = f" {evaluation.over}," if evaluation.over else ""
            self._title.setText(f"Dice {words.dice(evaluation.mean_dice)}{over} on {count} it never learned from")
        else:
            self._title.setText("No case is left to judge it by")
        self._detail.setText(_explain(evaluation, model))
        self.table.show_evaluation(evaluation)
        self._chosen.setText("Click a number to go to the slice with the largest error.")
        self._note.setText(
            "Dice: overlap of prediction and label, 1.00 is perfect. n/a: the class is in neither mask, or not every "
            "slice of the case is done (distances and volume differences need that). "
            "Cases trained on, and validation cases, which chose the model, are grey and left out of the mean."
        )

    def show_changed(self, slices: int) -> None:
        """Say that the figures are older than some labels."""
        taken = "it" if slices == 1 else "them"
        since = f"Measured before {words.plural(slices, 'slice')} changed: Measure Dice takes {taken} in."
        self._changed.setText(since if slices else "")
        self._changed.setVisible(slices > 0)

    def _show_measure(self, key: str) -> None:
        self._measures.choose(key)
        self.table.show_measure(key)

    def _choose(self, name: str, class_name: str) -> None:
        case = next((case for case in self._evaluation.cases if case.case == name), None) if self._evaluation else None
        if case is not None and class_name in case.scores:
            apart = f" {case.apart.capitalize()}: not a result." if case.apart else ""
            self._chosen.setText(f"{in_words(class_name, case)}.{apart}")
        self.score_chosen.emit(name, class_name)


def _accepting(actions: ActionSet) -> QWidget:
    """What is done most often here, in sight however far the tab is scrolled."""
    footer = QWidget()
    footer.setObjectName("panel")
    said = text(
        "Becomes a draft: correct it, then mark it done. One undo takes it back.",
        "caption",
        wrap=True,
        tip="The model's mask becomes a draft of the open case. Done slices stay as they are. Slices accepted "
        "unchanged are never measured against their own model.",
    )
    buttons = row(
        action_button(actions["slice.accept"], words="This slice"),
        action_button(actions["class.accept"], words="This class, whole case"),
        action_button(actions["case.accept"], words="Whole case"),
        None,
    )
    footer.setLayout(
        column(line(), 4, text("Accept into your labels", "title"), buttons, said, margins=(12, 0, 12, 12))
    )
    return footer


def _explain(evaluation: Evaluation, model: str) -> str:
    said = [f"{model}, measured on the slices you marked done."]
    if not evaluation.averaged:
        said.append(
            "Mark slices done in a case that the model neither learned from nor was chosen by to get an honest number."
        )
    elif evaluation.protocol == "transductive":
        said.append("Some of these cases were in the pretraining pool (without labels), which may flatter the number.")
    if evaluation.in_part:
        said.append(evaluation.in_part)
    if evaluation.synthetic:
        said.append("Synthetic volumes (phantoms): the numbers say nothing about patients.")
    return " ".join(said)
