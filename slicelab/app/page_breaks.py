"""Page breaks of a printed document: a heading stays with what follows it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QGuiApplication, QTextCursor, QTextDocument, QTextFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QPagedPaintDevice, QTextBlock

_MARGIN_CM = 2.0  # of QTextDocument.print_
_CAPTION_LINES = 2


def as_printed(document: QTextDocument, device: QPagedPaintDevice) -> QTextDocument:
    """A copy that is laid out over pages as ``document.print_(device)`` lays it out.

    Args:
        document: without a page size; the copy lives no longer than it does.
        device: what it will be printed on.

    """
    copy = document.clone()
    copy.documentLayout().setPaintDevice(device)
    frame = copy.rootFrame().frameFormat()
    frame.setMargin(int(_MARGIN_CM / 2.54 * QGuiApplication.primaryScreen().logicalDotsPerInchY()))
    copy.rootFrame().setFrameFormat(frame)
    copy.setPageSize(QSizeF(device.width(), device.height()))
    copy.pageCount()
    return copy


def page_of(block: QTextBlock) -> int:
    """The page on which the first line of a block of a laid-out document begins, from 0."""
    document = block.document()
    document.pageCount()  # lays out all of it: far below, blocks have no lines before
    lines = block.layout()
    first = lines.lineAt(0).y() if lines.lineCount() else 0.0
    top = document.documentLayout().blockBoundingRect(block).top() + first
    return math.floor(top / document.pageSize().height())


def keep_together(document: QTextDocument, device: QPagedPaintDevice) -> None:
    """Begin a page before a heading, or the caption of a table, that would stand at a page's foot alone.

    Args:
        document: without a page size; its breaks are changed.
        device: what it will be printed on.

    """
    shown = as_printed(document, device)
    for block in _blocks(shown):
        last = _goes_with(block)
        if last is None or page_of(block) == page_of(last):
            continue
        before = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
        _set_break(block, before)
        if page_of(block) == page_of(last):
            _set_break(document.findBlockByNumber(block.blockNumber()), before)
        else:  # they need more than a page
            _set_break(block, QTextFormat.PageBreakFlag.PageBreak_Auto)


def _blocks(document: QTextDocument) -> Iterator[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _goes_with(block: QTextBlock) -> QTextBlock | None:
    """What has to begin on the page of a block: of a table its first row below the head. None: nothing has to."""
    heading = block.blockFormat().headingLevel() > 0
    if not block.text() or QTextCursor(block).currentTable() is not None:
        return None
    after = block.next()
    if not after.isValid():
        return None
    row = _first_row(after)
    if row is not None:
        return row if heading or block.layout().lineCount() <= _CAPTION_LINES else None
    if not heading:
        return None
    return _goes_with(after) or after


def _first_row(block: QTextBlock) -> QTextBlock | None:
    table = QTextCursor(block).currentTable()
    return None if table is None else table.cellAt(min(1, table.rows() - 1), 0).firstCursorPosition().block()


def _set_break(block: QTextBlock, policy: QTextFormat.PageBreakFlag) -> None:
    form = block.blockFormat()
    form.setPageBreakPolicy(policy)
    QTextCursor(block).setBlockFormat(form)
