"""The name of a class, asked for: of a new one, or a better one for the class that is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import button, column, row, set_tone, text
from slicelab.core.errors import SlicelabError
from slicelab.core.labels import class_key, make_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.app.theme import Theme

_NEW = (
    "Slices that are done stay done for the other classes. Of the new one nothing is known on them: it is ignored in "
    "training and measuring until you mark slices done again. Models trained before do not know it."
)
_OTHER = "Only the name changes: value, labels, models and figures stay."


class ClassDialog(QDialog):
    """Asks for a name; :attr:`name` holds it once the dialog was accepted."""

    def __init__(self, theme: Theme, taken: Sequence[str], parent: QWidget, *, old: str = "") -> None:
        """``taken`` are names of the other classes; ``old`` is that of the one to rename, "" for a new class."""
        super().__init__(parent)
        self._taken = {class_key(name) for name in taken}
        self.name = ""
        title = "Rename class" if old else "Add a class"
        self.setWindowTitle(tr(title))
        self.setMinimumWidth(theme.px(440))
        self.field = QLineEdit(old)
        self.field.setAccessibleName(tr("Name of the class"))
        self.field.setPlaceholderText(tr("For example: spleen"))
        self.field.textChanged.connect(self._judge)
        self._problem = text("", "secondary", wrap=True)
        set_tone(self._problem, "warn")
        self.ok = button("Rename" if old else "Add", "primary")
        self.ok.clicked.connect(self._accept)
        self.ok.setDefault(True)
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        said = text(_OTHER if old else _NEW, "secondary", wrap=True)
        for label in (self._problem, said):
            label.setMinimumWidth(theme.px(400))  # Qt would leave room for the words in the narrowest column
        self.setLayout(
            column(
                text("Name of the class", "title"),
                self.field,
                self._problem,
                said,
                None,
                row(None, cancel, self.ok),
                margins=(24, 20, 24, 20),
            )
        )
        self._judge()
        self.resize(theme.px(460), theme.px(200))

    @property
    def problem(self) -> str:
        """What is wrong with the name typed; "" if nothing is."""
        return self._problem.text()

    def _judge(self) -> None:
        typed = self.field.text()
        problem = ""
        if typed.strip():
            try:
                (made,) = make_classes([typed])
            except SlicelabError as error:
                problem = error.message
            else:
                if class_key(made.name) in self._taken:
                    problem = tr("The project already has a class of this name.")
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.ok.setEnabled(bool(typed.strip()) and not problem)

    def _accept(self) -> None:
        self.name = self.field.text()
        self.accept()
