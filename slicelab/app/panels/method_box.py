"""What a pretraining can learn by: a choice of few, each with its sentence in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QRadioButton, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import OneOfThem, column, keeps_key, text

if TYPE_CHECKING:
    from slicelab.jobs.specs import Method

METHODS: tuple[tuple[Method, str, str], ...] = (
    (
        "contrastive",
        "Compare places",
        "Learns which slices and places look alike, whatever their contrast (contrastive learning, global and local).",
    ),
    (
        "blocks",
        "Rebuild hidden patches",
        "Hides patches of a slice and learns to draw them again (masked-block regression).",
    ),
    (
        "regression",
        "Rebuild hidden pixels",
        "Replaces single pixels by noise and learns to restore them (pixel regression).",
    ),
)


_INDENT = 24
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down)


class _Option(QRadioButton):
    """One of them; the arrow keys choose its neighbour, and no slice meanwhile."""

    def event(self, event: QEvent) -> bool:
        """Keep the arrow keys."""
        return keeps_key(event, _ARROWS) or super().event(event)


class MethodBox(QWidget):
    """Announces that another one was chosen; which, it is asked when a job is started."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Method"))
        self.options: dict[str, QRadioButton] = {}
        rows: list[QWidget] = []
        for key, name, sentence in METHODS:
            made = _Option(tr(name))
            made.setAccessibleName(tr(name))
            made.setAccessibleDescription(tr(sentence))
            said = text(sentence, "caption", wrap=True)
            said.setContentsMargins(_INDENT, 0, 0, 4)
            self.options[key] = made
            rows += [made, said]
        self._group = OneOfThem(self.options.values(), self)
        self.choose(METHODS[0][0])
        self._group.buttonClicked.connect(lambda _button: self.chosen.emit())
        self.setLayout(column(*rows, gap=2))

    @property
    def method(self) -> Method:
        """The method chosen."""
        return next(key for key, _, _ in METHODS if self.options[key].isChecked())

    def choose(self, method: Method) -> None:
        """Choose one."""
        self.options[method].setChecked(True)
