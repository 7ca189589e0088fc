"""Asking for the folder of an export: one that is there, or a new name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLineEdit

from slicelab.app.language import say

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class _ExportFolder(QFileDialog):
    """Takes the name of a folder that is not there yet: the export makes it."""

    def __init__(self, beside: str, parent: QWidget | None) -> None:
        super().__init__(parent, say("Export into an empty or a new folder"), beside)
        self.setFileMode(QFileDialog.FileMode.Directory)
        self.setOption(QFileDialog.Option.ShowDirsOnly)
        self.setOption(QFileDialog.Option.DontUseNativeDialog)  # which would refuse a name that is new
        self.setLabelText(QFileDialog.DialogLabel.Accept, say("Export here"))
        for field in self.findChildren(QLineEdit, "fileNameEdit"):
            field.textChanged.connect(self._allow_new)

    def folder(self) -> Path:
        """What is chosen or typed."""
        return Path(self.selectedFiles()[0])

    def accept(self) -> None:
        """Close over a new name too, which Qt would not find."""
        if self.folder().exists():
            super().accept()
        else:
            self.done(QDialog.DialogCode.Accepted)

    def _allow_new(self) -> None:
        if not self.folder().exists():
            for box in self.findChildren(QDialogButtonBox):
                box.button(QDialogButtonBox.StandardButton.Open).setEnabled(True)


def ask_export_folder(beside: str, parent: QWidget | None) -> Path | None:
    """The folder to export into, which may not be there yet; None if that was cancelled.

    Args:
        beside: the folder that the dialog opens in; empty: the current one.
        parent: the window it stands over.

    """
    dialog = _ExportFolder(beside, parent)
    chosen = dialog.exec() == QDialog.DialogCode.Accepted
    folder = dialog.folder() if chosen else None
    dialog.deleteLater()
    return folder
