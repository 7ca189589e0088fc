"""The cases to label first, each with the reason in words; pressing one opens it at the slice that stands for most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import button, column, text

if TYPE_CHECKING:
    from slicelab.engine.suggesting import SuggestedCase, Suggestion


class FirstBox(QWidget):
    """Announces the case that is pressed, and its slice."""

    chosen = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = QVBoxLayout()
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(6)
        self._shown: Suggestion | None = None
        self._note = text("", "caption", wrap=True)
        tip = "The few cases to which all others are nearest on the map (covering choice, k-medoids)"
        self.setLayout(column(text("What to label first", "title", tip=tip), self._lines, self._note, gap=6))
        self.hide()

    def show_suggestion(self, found: Suggestion | None) -> None:
        """Show cases; nothing where there is no map, or every patient is labelled."""
        self.setVisible(found is not None)
        if found is None or found == self._shown:
            return
        self._shown = found
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        for number, case in enumerate(found.cases, start=1):
            self._lines.addWidget(self._line(number, case))
        self._note.setText(
            tr("Numbered as on the map. A few slices of each cover more than many of one.")
            if len(found.cases) > 1
            else ""
        )

    def _line(self, number: int, case: SuggestedCase) -> QWidget:
        made = button("", "row", "Opens the case at the slice that stands for most of the others")
        made.setText("")
        title, reason = text(f"{number}  {case.name}", "title"), text(case_reason(case), "secondary", wrap=True)
        made.setLayout(column(title, reason, margins=(12, 8, 12, 8), gap=2))
        made.setAccessibleName(f"{title.text()}: {reason.text()}")
        index = case.slices[0].index if case.slices else 0
        made.clicked.connect(lambda _checked=False: self.chosen.emit(case.case, index))
        return made


def case_reason(case: SuggestedCase) -> str:
    """Why a case should be labelled, in words."""
    if case.unusual:
        said = tr("Unusual: no other case is like it")
    elif case.stands_for > 1:
        said = tr("Stands for {count} of {of} cases").format(count=case.stands_for, of=case.of)
    else:
        said = tr("Stands for itself alone")
    if case.slices:
        said += tr(" · begin with slice {slice}").format(slice=case.slices[0].index + 1)
    return said
