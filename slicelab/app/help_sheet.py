"""Every key on one sheet, written from the actions as they are set; to look at, or to print."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QWidget

from slicelab import __version__
from slicelab.app.actions import ACTIONS, shown_keys
from slicelab.app.language import tr
from slicelab.app.widgets import button, column, row, scrolled, text
from slicelab.core.errors import StorageError
from slicelab.data.atomic import write_bytes

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme

MOUSE = (
    ("Wheel", "Slice up or down"),
    ("Ctrl + wheel", "Zoom"),
    ("Space held, or middle drag", "Pan"),
    ("Right drag", "Window and level"),
    ("Tab held", "Peek without masks"),
)
_MARGIN_MM = 15
_COLUMNS = 3


def entries(actions: ActionSet) -> list[tuple[str, str]]:
    """Keys, and what they do: the mouse first, then every action that has a key."""
    mouse = [(tr(keys), tr(said)) for keys, said in MOUSE]
    return [*mouse, *((keys, tr(spec.text)) for spec in ACTIONS if (keys := shown_keys(actions[spec.id])))]


def sheet_html(actions: ActionSet) -> str:
    """The sheet as a page to print: a few columns of a table, black on white."""
    every = entries(actions)
    rows = -(-len(every) // _COLUMNS)
    lines = []
    for at in range(rows):
        cells = [f"<td><b>{escape(keys)}</b></td><td>{escape(said)}</td>" for keys, said in every[at::rows]]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    title = f"slicelab {__version__}: {tr('Keys')}"
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title><style>'
        "body { font-family: sans-serif; font-size: 9pt; color: black; } td { padding: 2px 12px 2px 0; }"
        f"</style></head><body><h2>{escape(title)}</h2><table>{''.join(lines)}</table></body></html>"
    )


def save_sheet(out: Path, actions: ActionSet) -> Path:
    """Write the sheet: a PDF of one A4 page across, or HTML, by the ending (PDF if there is another).

    Raises:
        StorageError: the file cannot be written.

    """
    html = sheet_html(actions)
    if out.suffix.lower() in (".html", ".htm"):
        try:
            write_bytes(out, html.encode())
        except OSError as error:
            raise StorageError("The sheet could not be written.", "Choose another folder.") from error
        return out
    out = out.with_suffix(".pdf")
    writer = QPdfWriter(str(out))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM))
    writer.setTitle("slicelab")
    page = QTextDocument()
    page.setHtml(html)
    page.print_(writer)
    if not out.is_file() or not out.stat().st_size:
        raise StorageError("The sheet could not be written.", "Choose another folder.")
    return out


class KeySheet(QDialog):
    """The sheet of keys on the screen."""

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setWindowTitle(tr("Keys"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(16))
        both = entries(actions)
        half = (len(both) + 1) // 2
        for at, (keys, said) in enumerate(both):
            place = 0 if at < half else 2
            grid.addWidget(text(keys, "key"), at % half, place, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(text(said), at % half, place + 1)
        self._said = text("", "secondary")
        save = button("Save to print …", tip="A page to print: PDF or HTML")
        save.clicked.connect(self._save)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        area = scrolled(grid)
        self.setLayout(
            column(text("Keys", "statement"), area, row(self._said, None, save, close), margins=(24, 20, 24, 20))
        )
        wanted = grid.sizeHint()
        room = self.screen().availableGeometry()
        self.resize(
            min(wanted.width() + theme.px(90), room.width() - theme.px(80)),
            min(wanted.height() + theme.px(150), room.height() - theme.px(80)),
        )

    def _save(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(
            self, tr("Save to print …"), str(Path.home() / "slicelab-keys.pdf"), "PDF (*.pdf);;HTML (*.html)"
        )
        if not chosen:
            return
        try:
            self._said.setText(save_sheet(Path(chosen), self._actions).name)
        except StorageError as error:
            self._said.setText(str(error))


def about_dialog(_theme: Theme, parent: QWidget) -> QDialog:
    """What this is, and what it is not."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(tr("About slicelab"))
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
