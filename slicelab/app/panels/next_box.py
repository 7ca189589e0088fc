"""Which slices of the open case to label next, each with its reason; evenly spaced ones beside them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import button, column, row, text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QBoxLayout

    from slicelab.core.next_slices import NextSlice
    from slicelab.engine.advising import CaseAdvice


class NextBox(QWidget):
    """Announces the slice that is pressed, which kind of suggestion it is, and its reason in one word."""

    chosen = Signal(int, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._even = QVBoxLayout(), QHBoxLayout()
        for layout in (self._lines, self._even):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(4)
        self._shown: CaseAdvice | None = None
        self._spread = QWidget()
        said = text("Evenly spaced", "secondary", tip="Slices at equal distances through the whole stack")
        self._spread.setLayout(row(said, None, self._even))
        tip = "From what is labelled, how sure the models are, and what slices look like (active learning)"
        self.setLayout(column(text("What to label next", "title", tip=tip), self._lines, self._spread, gap=6))
        self.hide()

    @property
    def shown(self) -> CaseAdvice | None:
        """What is shown."""
        return None if self.isHidden() else self._shown

    def show_advice(self, found: CaseAdvice | None) -> None:
        """Show what is suggested of the open case; nothing where nothing is left."""
        self.setVisible(found is not None and bool(found.next or found.even))
        if found is None or found == self._shown:
            return
        self._shown = found
        _empty(self._lines)
        _empty(self._even)
        order: list[QWidget] = []
        for one in found.next:
            line, go = self._line(one)
            self._lines.addWidget(line)
            order.append(go)
        for index in found.even:
            made = button(str(index + 1))
            made.setAccessibleName(tr("Slice {slice}, evenly spaced").format(slice=index + 1))
            made.setToolTip(tr("Goes to slice {slice}").format(slice=index + 1))
            made.clicked.connect(lambda _checked=False, index=index: self.chosen.emit(index, "even", ""))
            self._even.addWidget(made)
            order.append(made)
        for before, behind in pairwise(order):
            QWidget.setTabOrder(before, behind)
        self._spread.setVisible(bool(found.even))

    def _line(self, one: NextSlice) -> tuple[QWidget, QPushButton]:
        go = button("Slice {slice}")
        go.setText(tr("Slice {slice}").format(slice=one.index + 1))
        reason = text("", "secondary", wrap=True)
        reason.setText(one.words_in(tr))
        go.setAccessibleName(f"{go.text()}: {reason.text()}")
        go.setToolTip(tr("Goes to slice {slice}").format(slice=one.index + 1))
        go.clicked.connect(lambda _checked=False: self.chosen.emit(one.index, "next", one.why.value))
        host = QWidget()
        line = row(go, reason)
        line.setStretch(1, 1)
        host.setLayout(line)
        return host, go


def _empty(layout: QBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        old = item.widget()
        if old is not None:
            old.hide()
            old.deleteLater()
