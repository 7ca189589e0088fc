"""Every key on one sheet, written from the actions as they are set; to look at, or to print."""

from __future__ import annotations

from html import escape
from itertools import product, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QGridLayout, QWidget

from slicelab import __version__
from slicelab.app.actions import shown_keys
from slicelab.app.commands.table import ACTIONS
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


def groups(actions: ActionSet) -> dict[str, list[tuple[str, str]]]:
    """Heading to keys and what they do: the mouse first, then, by their menus, the actions that have a key."""
    found = {tr("Mouse"): [(tr(keys), tr(said)) for keys, said in MOUSE]}
    for spec in ACTIONS:
        keys = shown_keys(actions[spec.id])
        if keys:
            found.setdefault(tr(spec.menu), []).append((keys, tr(spec.text)))
    return found


def columns_of(actions: ActionSet, count: int) -> list[list[tuple[str, str]]]:
    """The sheet in columns of about one height; a heading is a pair without a second word, and stands on its group.

    Groups keep their order within a column; of all ways to share them out, one whose highest column is lowest.
    """
    lines = [[(name, ""), *group] for name, group in groups(actions).items()]

    def heights(shares: tuple[int, ...]) -> list[int]:
        return [sum(len(g) for g, at in zip(lines, shares, strict=True) if at == column) for column in range(count)]

    # The first group leads the first column: the same columns in another order are no other way.
    ways = ((0, *rest) for rest in product(range(count), repeat=len(lines) - 1))
    best = min(ways, key=lambda shares: (max(heights(shares)), shares))
    return [[line for g, at in zip(lines, best, strict=True) if at == column for line in g] for column in range(count)]


def sheet_html(actions: ActionSet) -> str:
    """The sheet as a page to print: a few columns of a table, black on white."""
    lines = [f"<tr>{''.join(map(_cells, parts))}</tr>" for parts in zip_longest(*columns_of(actions, _COLUMNS))]
    title = f"slicelab {__version__}: {tr('Keys')}"
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{escape(title)}</title><style>'
        "body { font-family: sans-serif; font-size: 8pt; color: black; } td { padding: 1px 12px 1px 0; }"
        f"</style></head><body><h2>{escape(title)}</h2><table cellspacing='0'>{''.join(lines)}</table></body></html>"
    )


def _cells(line: tuple[str, str] | None) -> str:
    if line is None:
        return "<td></td><td></td>"
    keys, said = map(escape, line)
    return f"<td><b>{keys}</b></td><td>{said}</td>" if said else f'<td colspan="2"><u>{keys}</u></td>'


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
        sheet = row(
            *(_column(theme, lines) for lines in columns_of(actions, _COLUMNS)),
            margins=(12, 8, 12, 8),
            gap=theme.px(28),
        )
        self._said = text("", "secondary")
        save = button("Save to print …", tip="A page to print: PDF or HTML")
        save.clicked.connect(self._save)
        close = button("Close", "primary")
        close.clicked.connect(self.accept)
        area = scrolled(sheet)
        self.setLayout(
            column(text("Keys", "statement"), area, row(self._said, None, save, close), margins=(24, 20, 24, 20))
        )
        wanted = sheet.sizeHint()
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


def _column(theme: Theme, lines: list[tuple[str, str]]) -> QGridLayout:
    """One column on the screen; rows of others do not stretch its own."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(6))  # otherwise it takes that between the columns
    for at, (keys, said) in enumerate(lines):
        if said:
            grid.addWidget(text(keys, "key"), at, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(text(said), at, 1)
        else:
            grid.addWidget(text(keys, "title"), at, 0, 1, 2, Qt.AlignmentFlag.AlignBottom)
            grid.setRowMinimumHeight(at, theme.px(30 if at else 20))
    grid.setRowStretch(len(lines), 1)
    return grid


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
            None,
            row(None, close),
            margins=(24, 20, 24, 20),
        )
    )
    return dialog
