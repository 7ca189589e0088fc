"""Two models side by side: which one stands right, how far both agree on the open case, and which to go on with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QSizePolicy, QWidget

from slicelab.app import words
from slicelab.app.language import tr
from slicelab.app.numbers import written
from slicelab.app.panels.class_list import swatch
from slicelab.app.widgets import action_button, button, column, row, text, when_changed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.core.agreement import Agreement
    from slicelab.core.labels import LabelClass

_AGREEMENT_TIP = "Dice between the two models' masks: how far they agree, not which of them is right"


class SidesBox(QWidget):
    """Announces the second model, and what is wanted of it."""

    second_chosen = Signal(str)
    marked = Signal(bool)
    use_wanted = Signal()
    predict_wanted = Signal()

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[LabelClass, ...] = ()
        self._is_missing = False
        self._cells: list[tuple[QLabel, QLabel]] = []
        self._action = actions["view.sides"]
        self._show = action_button(self._action, words="Show side by side")
        when_changed(self._action, self, self._follow)
        self.second = QComboBox()
        self.second.setAccessibleName(tr("The model in the right picture"))
        self.second.setMinimumContentsLength(12)
        self.second.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.second.activated.connect(lambda at: self.second_chosen.emit(str(self.second.itemData(at))))
        self._alone = text(
            "Once there are two models, their masks of a case can be compared here.", "caption", wrap=True
        )
        self._missing = text("", "secondary", wrap=True)
        self._predict = button("", "primary")
        self._predict.clicked.connect(self.predict_wanted)
        self._grid = QWidget()
        self.mark = QCheckBox(tr("Mark where they differ"))
        self.mark.setAccessibleName(self.mark.text())
        self.mark.setToolTip(
            tr("Of the selected class: hatched is what only the left model has, filled what only the right one has")
        )
        self.mark.clicked.connect(lambda on: self.marked.emit(on))
        self._use = button("")
        self._use.setToolTip(tr("Shows and measures its predictions from now on; the other one takes its place here"))
        self._use.clicked.connect(self.use_wanted)
        self._note = text(
            "Agreement is the overlap of the two models' masks (Dice between them), not with your labels: both may be "
            "wrong in one place. You paint in the left picture; the right one is for looking.",
            "caption",
            wrap=True,
        )
        self._with = text("with", "secondary")
        self._parts = column(
            text("Two models side by side", "title"),
            self._alone,
            row(self._show, self._with, self.second),
            self._missing,
            row(self._predict, None),
            self._grid,
            row(self.mark, None, self._use),
            self._note,
            gap=6,
        )
        self.setLayout(self._parts)
        self._follow()
        self.show_models((), None)

    @property
    def figures(self) -> tuple[tuple[str, str], ...]:
        """What is said of each class: on the case, on the slice."""
        return tuple((case.text(), slice_.text()) for case, slice_ in self._cells)

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """One row a class."""
        self._classes = classes
        old, self._grid = self._grid, QWidget()
        grid = QGridLayout(self._grid)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self._theme.px(16))
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for place, said in enumerate(("Agreement", "This slice"), start=2):
            grid.addWidget(text(said, "secondary", tip=_AGREEMENT_TIP), 0, place)
        self._cells = []
        side = self._theme.px(12)
        for at, item in enumerate(classes, start=1):
            mark = QLabel()
            mark.setPixmap(swatch(item.colour, side).pixmap(side, side))
            cells = (text("", "number", tip=_AGREEMENT_TIP), text("", "number", tip=_AGREEMENT_TIP))
            for place, part in enumerate((mark, text(item.name, wrap=True), *cells)):
                grid.addWidget(part, at, place)
            self._cells.append(cells)
        self._parts.replaceWidget(old, self._grid)
        old.deleteLater()
        self._follow()

    def show_models(self, models: Sequence[tuple[str, str]], second: str | None) -> None:
        """Offer models for the right picture.

        Args:
            models: run id and words of each.
            second: the one that is chosen.

        """
        self._alone.setVisible(not models)
        for part in (self._show, self._with, self.second):
            part.setVisible(bool(models))
        if [(self.second.itemData(at), self.second.itemText(at)) for at in range(self.second.count())] != list(models):
            self.second.clear()
            for run, said in models:
                self.second.addItem(said, run)
        self.second.setCurrentIndex(self.second.findData(second))

    def show_second(self, name: str, *, missing: bool, may_predict: bool) -> None:
        """Name the second model, which may have no mask of the open case yet."""
        self._missing.setText(tr("{model} has not predicted this case yet.").format(model=name))
        self._predict.setText(tr("Predict this case with {model}").format(model=name))
        self._predict.setAccessibleName(self._predict.text())
        self._predict.setEnabled(may_predict)
        self._use.setText(tr("Use {model}").format(model=name))
        self._use.setAccessibleName(self._use.text())
        self._is_missing = missing
        self._follow()

    def show_agreement(self, found: Agreement | None, at: int) -> None:
        """How far both agree, on the case and on a slice (from 0)."""
        for item, (case, here) in zip(self._classes, self._cells, strict=True):
            case.setText("–" if found is None else written(words.dice(found.of_case(item.value))))
            here.setText("–" if found is None else written(words.dice(found.of_slice(item.value, at))))

    def _follow(self) -> None:
        """What is there to see in the mode, and out of it."""
        on = self._action.isChecked()
        self._show.setText(tr("Back to one picture") if on else tr("Show side by side"))
        self._show.setAccessibleName(self._show.text())
        for part in (self._grid, self.mark):
            part.setVisible(on and not self._is_missing)
        for part in (self._use, self._note):
            part.setVisible(on)
        for part in (self._missing, self._predict):
            part.setVisible(on and self._is_missing)
