"""Which cases are kept for testing: no training learns from them, with or without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import button, column, row, set_tone, text

if TYPE_CHECKING:
    from collections.abc import Collection

    from slicelab.app.theme import Theme
    from slicelab.engine.views import CaseSummary

_MOST_ROWS = 12
"""More cases than these are scrolled to."""


class LeaveOutBox(QWidget):
    """A button that opens a list of cases to tick; announces the choice.

    Cases of one patient are left out together: whoever has seen one has seen the patient.
    """

    chosen = Signal(tuple)
    """Ids of the cases that are left out, of those that are there."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open = button(
            "Leave out for testing …",
            tip="Cases that no training learns from, with or without labels, so that Dice on them says what a model is "
            "worth on patients it never met",
        )
        self.open.setCheckable(True)
        self.open.toggled.connect(self._show_list)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Cases left out for testing"))
        self._row = theme.px(24)  # the words alone would be lower than the box to tick, which then loses its edges
        self._tall = theme.px(30)
        self.list.itemChanged.connect(self._on_ticked)
        self.list.setSpacing(theme.px(3))
        self.list.hide()
        self._note = text("Cases of one patient are left out together.", "caption", wrap=True)
        self._note.hide()
        self._undone = text("No slice is done in what is left out: Dice on it needs some.", "caption", wrap=True)
        set_tone(self._undone, "warn")
        self._undone.hide()
        self._cases: tuple[CaseSummary, ...] = ()
        self._out: frozenset[str] = frozenset()
        self._filling = False
        self.setLayout(column(row(self.open, None), self.list, self._note, self._undone, gap=6))

    @property
    def left_out(self) -> frozenset[str]:
        """Ids of the cases that are left out, those that were removed too."""
        return self._out

    def show_cases(self, cases: tuple[CaseSummary, ...]) -> None:
        """Offer the project's cases."""
        before, self._cases = self._cases, cases  # whose a case is may have changed, though its name did not
        if [(case.id, case.name) for case in cases] != [(case.id, case.name) for case in before]:
            self._fill()
        self._say_undone()
        self.setVisible(bool(cases))

    def show_left_out(self, cases: Collection[str]) -> None:
        """Tick the cases that are left out; ids of cases that were removed may be among them."""
        if frozenset(cases) != self._out:
            self._out = frozenset(cases)
            self._fill()
            self._say_undone()

    def _fill(self) -> None:
        self._filling = True
        self.list.clear()
        for case in self._cases:
            item = QListWidgetItem(case.name, self.list)
            item.setData(Qt.ItemDataRole.UserRole, case.id)
            item.setSizeHint(QSize(0, self._row))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if case.id in self._out else Qt.CheckState.Unchecked)
        rows = min(len(self._cases), _MOST_ROWS)
        self.list.setFixedHeight(self._tall * rows + 2 * self.list.frameWidth())
        self._filling = False

    def _on_ticked(self, item: QListWidgetItem) -> None:
        if self._filling:
            return
        case_id, out = item.data(Qt.ItemDataRole.UserRole), item.checkState() is Qt.CheckState.Checked
        patient = next(case.patient for case in self._cases if case.id == case_id)
        same = {case.id for case in self._cases if case.patient == patient}
        self._out = self._out | same if out else self._out - same
        self._filling = True
        for at, case in enumerate(self._cases):
            self.list.item(at).setCheckState(Qt.CheckState.Checked if case.id in self._out else Qt.CheckState.Unchecked)
        self._filling = False
        self._say_undone()
        self.chosen.emit(tuple(case.id for case in self._cases if case.id in self._out))

    def _say_undone(self) -> None:
        """Say that no Dice comes of it as long as no case left out has a slice done."""
        out = [case for case in self._cases if case.id in self._out]
        self._undone.setVisible(bool(out) and not any(case.count.done for case in out))

    def _show_list(self, on: bool) -> None:
        self.list.setVisible(on)
        self._note.setVisible(on)
