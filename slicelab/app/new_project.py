"""New project: three questions, prefilled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget

from slicelab.app.folders import documents_folder
from slicelab.app.language import say
from slicelab.app.widgets import button, column, row, set_tone, text
from slicelab.core.errors import SlicelabError
from slicelab.core.labels import make_classes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.app.theme import Theme


@dataclass(frozen=True)
class NewProject:
    """The answers."""

    name: str
    folder: Path
    classes: list[str]


def problems(name: str, parent: str, classes: str) -> list[str]:
    """Everything that is missing or impossible, a sentence each, in the order of the questions."""
    name = " ".join(name.split())
    found = []
    place = Path(parent).expanduser()
    if not name:
        found.append("The project needs a name.")
    if not parent.strip() or not place.is_dir():
        found.append("The folder does not exist. Choose another place.")
    elif name and (folder := _folder(place, name)).exists() and any(folder.iterdir()):
        found.append("A folder of this name is there already. Choose another name.")
    try:
        make_classes(_names(classes))
    except SlicelabError as error:
        found.append(f"{error.message} {error.remedy}".strip())
    return found


def check(name: str, parent: str, classes: str) -> NewProject:
    """The answers, if a project can be made of them.

    Raises:
        SlicelabError: all that is missing or impossible.

    """
    found = problems(name, parent, classes)
    if found:
        raise SlicelabError(" ".join(found), safe="")
    name = " ".join(name.split())
    return NewProject(name, _folder(Path(parent).expanduser(), name), _names(classes))


def _folder(place: Path, name: str) -> Path:
    return place / name.replace("/", "-").replace("\\", "-")


def _names(classes: str) -> list[str]:
    return [part.strip() for part in classes.split(",") if part.strip()]


class NewProjectDialog(QDialog):
    """Asks name, place and classes; says at once what is missing."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, files: Sequence[Path] = ()) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("New project"))
        self.setMinimumWidth(theme.px(520))
        self.answers: NewProject | None = None
        self.name = QLineEdit(files[0].name if len(files) == 1 and files[0].is_dir() else say("My project"))
        self.name.selectAll()  # typing replaces it
        self.place = QLineEdit(str(documents_folder()))  # in full: a mere ~ names no folder to most people
        self.classes = QLineEdit()
        self.classes.setPlaceholderText(say("For example: liver, right kidney, left kidney, spleen"))
        for field, said in ((self.name, "Name"), (self.place, "Place"), (self.classes, "Classes")):
            field.setAccessibleName(said)
            field.textChanged.connect(self._judge)
        browse = button("Browse …")
        browse.clicked.connect(self._browse)
        browse.setAutoDefault(False)
        self._problem = text("", "secondary", wrap=True)
        set_tone(self._problem, "warn")
        self.make = button("Make project", "primary")
        self.make.setDefault(True)
        self.make.clicked.connect(self._accept)
        cancel = button("Cancel")
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        head = "New project" if not files else "New project for these images"
        place_row = row(self.place, browse)
        self.setLayout(
            column(
                text(head, "statement"),
                8,
                text("What is it called?", "title"),
                self.name,
                4,
                text("Where should its folder lie?", "title"),
                place_row,
                4,
                text("Which structures do you want to segment?", "title"),
                self.classes,
                text("Separated by commas, in the order of the values in mask files: the first is 1.", "caption"),
                4,
                self._problem,
                None,
                row(None, cancel, self.make),
                margins=(24, 24, 24, 20),
            )
        )
        self._judge()

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(
            self, "Where should the project lie?", str(Path(self.place.text()).expanduser())
        )
        if chosen:
            self.place.setText(str(Path(chosen)))

    def _judge(self) -> None:
        given = (self.name.text(), self.place.text(), self.classes.text())
        found = problems(*given)
        self.answers = None if found else check(*given)
        if not _names(given[2]):
            found.pop()  # nobody has to be told that the question is not answered yet
        self._problem.setText("\n".join(found))
        self.make.setEnabled(self.answers is not None)

    def _accept(self) -> None:
        if self.answers is not None:
            self.accept()
