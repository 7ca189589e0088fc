"""Every key on one sheet, written from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QWidget

from slicelab import __version__
from slicelab.app.actions import ACTIONS
from slicelab.app.widgets import button, column, row, text

if TYPE_CHECKING:
    from slicelab.app.theme import Theme

MOUSE = (
    ("Wheel", "Slice up or down"),
    ("Ctrl + wheel", "Zoom"),
    ("Space held, or middle drag", "Pan"),
    ("Right drag", "Window and level"),
    ("Tab held", "Peek without masks"),
)


def key_dialog(theme: Theme, parent: QWidget) -> QDialog:
    """The sheet of keys."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keys")
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    entries = [
        (
            " or ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys),
            spec.text,
        )
        for spec in ACTIONS
        if spec.keys
    ]
    both = [*MOUSE, *entries]
    half = (len(both) + 1) // 2
    for at, (keys, said) in enumerate(both):
        place = 0 if at < half else 2
        grid.addWidget(text(keys, "key"), at % half, place, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(text(said), at % half, place + 1)
    close = button("Close", "primary")
    close.clicked.connect(dialog.accept)
    dialog.setLayout(column(text("Keys", "statement"), 8, grid, 8, row(None, close), margins=(24, 20, 24, 20)))
    return dialog


def about_dialog(_theme: Theme, parent: QWidget) -> QDialog:
    """What this is, and what it is not."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("About slicelab")
    close = button("Close", "primary")
    close.clicked.connect(dialog.accept)
    dialog.setLayout(
        column(
            text(f"slicelab {__version__}", "statement"),
            text(
                "Medical image annotation that learns: label a few slices, the rest is learned.", "secondary", wrap=True
            ),
            8,
            text("Research use only. Not a medical device.", "title"),
            text("Do not use the results for diagnosis or treatment.", "secondary"),
            8,
            row(None, close),
            margins=(24, 20, 24, 20),
        )
    )
    return dialog
