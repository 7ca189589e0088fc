"""Dice before correction: what each model's masks were worth on slices it never learned from, blind and assisted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from slicelab.app import words
from slicelab.app.language import say
from slicelab.app.numbers import written
from slicelab.app.panels.class_list import swatch
from slicelab.app.panels.trend_plot import TrendPlot
from slicelab.app.widgets import column, row, text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slicelab.app.theme import Theme
    from slicelab.core.correction import Group, Round
    from slicelab.core.labels import LabelClass

SHARES = ((0.0, "none"), (0.05, "1 in 20 slices"), (0.1, "1 in 10 slices"), (0.2, "1 in 5 slices"))
_ASSISTED = "You began from a model's mask, or had one before your eyes: the figure is optimistic."
_BLIND = "No model's mask was shown before you marked the slice done."


class CorrectionBox(QWidget):
    """Shows the rounds; announces another share of blind slices."""

    share_chosen = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[LabelClass, ...] = ()
        self._headline = text("", "lead", wrap=True)
        self._why = text("", "caption", wrap=True)
        self.plot = TrendPlot(theme)
        self._grid_box = QVBoxLayout()
        self._grid_box.setContentsMargins(0, 0, 0, 0)
        self._grid: QWidget | None = None
        self._share = QComboBox()
        self._share.setAccessibleName(say("Slices kept blind"))
        for value, said in SHARES:
            self._share.addItem(say(said), value)
        self._share.activated.connect(lambda at: self.share_chosen.emit(float(self._share.itemData(at))))
        tip = "On these slices the model's mask is hidden until you mark them done, so that nothing leads you."
        self.setLayout(
            column(
                row(
                    text("Dice before correction", "title"), None, text("Keep blind", "secondary", tip=tip), self._share
                ),
                self._headline,
                self.plot,
                self._grid_box,
                self._why,
                gap=6,
            )
        )
        self._share.setToolTip(say(tip))
        self.show_rounds((), {}, 0.0)

    def show_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """The project's classes."""
        self._classes = classes
        self.show_rounds((), {}, 0.0)

    def show_rounds(self, rounds: tuple[Round, ...], names: Mapping[str, str], share: float) -> None:
        """Show what was measured.

        Args:
            rounds: one a model, oldest first.
            names: run id to the model's name on the screen.
            share: of slices kept blind.

        """
        self._show_share(share)
        told = tuple(one for one in rounds if one.blind.slices or one.assisted.slices)
        self.plot.show_rounds(told, names, self._classes)
        self.plot.setVisible(len(told) > 1)
        if self._grid is not None:
            self._grid_box.removeWidget(self._grid)
            self._grid.deleteLater()
            self._grid = None
        if not rounds:
            self._headline.setText("Nothing to compare yet")
            self._why.setText(
                "Once a model has predicted, each slice you mark done is compared with the mask the model had made of "
                "it. No test set is needed."
            )
            return
        last = rounds[-1]
        name = names.get(last.model, last.model)
        self._headline.setText(headline(name, last))
        self._why.setText(explanation(last))
        if last in told:
            self._grid = self._table(last)
            self._grid_box.addWidget(self._grid)

    def _show_share(self, share: float) -> None:
        at = next((at for at, (value, _) in enumerate(SHARES) if abs(value - share) < 1e-6), -1)
        if at < 0:
            at = self._share.findText("another share")
            if at < 0:
                self._share.addItem(say("another share"), share)
                at = self._share.count() - 1
        self._share.setCurrentIndex(at)

    def _table(self, last: Round) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(self._theme.px(16))
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for place, (said, tip) in enumerate((("Blind", _BLIND), ("Assisted", _ASSISTED)), start=2):
            grid.addWidget(text(said, "secondary", tip=tip), 0, place)
        for at, item in enumerate(self._classes, start=1):
            mark = QLabel()
            side = self._theme.px(12)
            mark.setPixmap(swatch(item.colour, side).pixmap(side, side))
            grid.addWidget(mark, at, 0)
            grid.addWidget(text(item.name), at, 1)
            for place, group in enumerate((last.blind, last.assisted), start=2):
                grid.addWidget(text(_cell(group, item.value), "number", tip=_CELL_TIP), at, place)
        return box


_CELL_TIP = "Mean 2D Dice, and over how many slices that have the class in either mask."


def headline(name: str, last: Round) -> str:
    """The newest round in one sentence: blind and assisted never in one number."""
    parts = [
        f"{words.dice(group.dice)} {kind} on {words.plural(group.slices, 'slice')}"
        for kind, group in (("blind", last.blind), ("assisted", last.assisted))
        if group.slices
    ]
    return f"{name}: {', '.join(parts)}" if parts else f"{name}: no slice of a patient it never learned from yet"


def explanation(last: Round) -> str:
    """What must be known before believing the newest round."""
    said = ["The model's mask against what you made of it, on slices of patients it never learned from."]
    wrong = last.blind.wrong + last.assisted.wrong
    final = last.blind.final + last.assisted.final
    if final:
        said.append(f"{words.plural(wrong, 'voxel')} corrected of {final:,}.")
    if last.assisted.slices:
        said.append("Assisted: you saw its mask first, which makes the figure optimistic.")
    if last.known_patients.slices:
        said.append(
            f"Not counted: {words.plural(last.known_patients.slices, 'slice')} of patients of whom it learned other "
            f"slices (Dice {words.dice(last.known_patients.dice)}, optimistic)."
        )
    return " ".join(said)


def _cell(group: Group, value: int) -> str:
    mean = group.classes.get(value)
    if mean is None or not mean.slices:
        return "n/a" if group.slices else "–"
    return f"{written(words.dice(mean.dice))} ({mean.slices})"
