"""Which class a mask of one value is of: asked where the project has several and nothing in the file says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import column, row, text

if TYPE_CHECKING:
    from slicelab.app.desks.upkeep_desk import ReadMask


class MaskClassDialog(QDialog):
    """Offers the classes; the one that has the mask's value comes first."""

    def __init__(self, case: str, read: ReadMask, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("slicelab")
        self.classes = QComboBox()
        self.classes.setAccessibleName(tr("The class of the mask"))
        for value, name in read.choices:
            self.classes.addItem(name, value)
        self.classes.setCurrentIndex(self.classes.findData(read.mask.known[0]))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        take = buttons.addButton(tr("Replace"), QDialogButtonBox.ButtonRole.AcceptRole)
        take.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        asked = text("", "title", wrap=True)
        asked.setText(tr("Which class is this a mask of, in {case}?").format(case=case))
        self.setMinimumWidth(380)
        self.setLayout(
            column(
                asked,
                row(text("Class", "secondary"), self.classes, None),
                text(
                    "The mask has one value, and nothing in the file says what it means. Every slice becomes done for "
                    "the class you choose; the labels of the others stay, but where the mask lies over them.",
                    "secondary",
                    wrap=True,
                ),
                buttons,
                margins=(20, 16, 20, 16),
                gap=12,
            )
        )

    @property
    def value(self) -> int:
        """The class that is chosen."""
        return int(self.classes.currentData())


def ask_class(case: str, read: ReadMask, parent: QWidget | None) -> int | None:
    """Ask which class a mask is of; None where it is not to be taken."""
    dialog = MaskClassDialog(case, read, parent)
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    value = dialog.value
    dialog.deleteLater()
    return value if accepted else None
