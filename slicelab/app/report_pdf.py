"""A report's page as a PDF, by Qt's own text layout; no window is needed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QPageLayout, QPageSize, QPdfWriter, QTextDocument

from slicelab.app.page_breaks import keep_together
from slicelab.core.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

_MARGIN_MM = 18.0
_DPI = 300
_FONT = "Inter"


def write_pdf(html: str, path: Path) -> None:
    """Lay the page out on A4 and write it.

    Args:
        html: a page of :func:`slicelab.engine.report_page.page`.
        path: the file, which is replaced.

    """
    app = QGuiApplication.instance() or _without_a_screen()
    for file in sorted(resource("fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))
    writer = a4(path)
    document_of(html, writer).print_(writer)
    del app


def a4(path: Path) -> QPdfWriter:
    """What writes a report into a file."""
    writer = QPdfWriter(str(path))
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, margins))
    writer.setResolution(_DPI)
    writer.setTitle("Methods report")
    writer.setCreator("slicelab")
    return writer


def document_of(html: str, writer: QPdfWriter) -> QTextDocument:
    """What is printed of a page, with its page breaks.

    Args:
        html: a page of :func:`slicelab.engine.report_page.page`.
        writer: what it will be printed on.

    """
    document = QTextDocument()
    font = QFont(_FONT)
    font.setPointSizeF(9.0)
    document.setDefaultFont(font)
    document.setHtml(html)
    keep_together(document, writer)
    return document


def _without_a_screen() -> QGuiApplication:
    """The application Qt needs for its fonts; where there is no display, without one."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QGuiApplication(["slicelab"])
