"""A report as a PDF: headings keep their distance from a table, and stay with what follows them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QTextBlock, QTextDocument
from PySide6.QtWidgets import QApplication

from slicelab.app.page_breaks import as_printed, page_of
from slicelab.app.report_pdf import a4, document_of, write_pdf
from slicelab.engine.report_page import Part, Picture, Report, Section, Table, Words, page


def rows_of(name: str, count: int) -> tuple[tuple[str, ...], ...]:
    return tuple((f"{name} {row}", "0.9") for row in range(count))


def block_of(document: QTextDocument, said: str) -> QTextBlock:
    block = document.begin()
    while block.text() != said:
        block = block.next()
        assert block.isValid(), said
    return block


def report(rows: int, *parts: Part) -> str:
    first = Section("First", (Table(("Case", "Dice"), rows_of("first", rows)),))
    return page(Report("Methods report", "Lead.", (first, Section("Second", parts)), "Research use only."))


def picture() -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (62, 30)).save(out, format="png")
    return Picture(out.getvalue(), "A picture.")


@pytest.mark.parametrize(
    ("parts", "follows"),
    [
        ((Words("What is said."),), "What is said."),
        ((Table(("Case", "Dice"), rows_of("second", 3)),), "second 0"),
        ((Table(("Case", "Dice"), rows_of("second", 3), "A caption."),), "second 0"),
        ((picture(),), "\ufffc"),
    ],
    ids=["words", "table", "captioned table", "picture"],
)
def test_a_heading_of_a_printed_report_stays_with_what_follows_it(
    qapp: QApplication, tmp_path: Path, parts: tuple[Part, ...], follows: str
) -> None:
    moved = set()
    for rows in range(14, 48):
        writer = a4(tmp_path / "unused.pdf")
        document = document_of(report(rows, *parts), writer)
        shown = as_printed(document, writer)
        heading = block_of(shown, "Second")
        assert page_of(heading) == page_of(block_of(shown, follows)), rows
        moved.add(page_of(heading))
    assert moved == {0, 1}, "tables that leave much room, little, and none"


def test_a_heading_of_a_printed_report_keeps_apart_from_the_table_above(qapp: QApplication, tmp_path: Path) -> None:
    writer = a4(tmp_path / "unused.pdf")
    document = document_of(report(3, Words("What is said.")), writer)
    shown = as_printed(document, writer)
    layout = shown.documentLayout()
    above, heading = (layout.blockBoundingRect(block_of(shown, said)) for said in ("first 2", "Second"))
    assert heading.top() - above.bottom() > heading.height(), "a line of its own height"


def test_pages_are_broken_where_they_were_reckoned_to_be(qapp: QApplication, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    for rows in range(30, 46):  # among them the last that fits on a page, and the first that does not
        html = report(rows, *[Words("What is said.")] * 4)
        write_pdf(html, out)
        writer = a4(tmp_path / "unused.pdf")
        document = document_of(html, writer)
        pages = as_printed(document, writer).pageCount()
        assert len(re.findall(rb"/Type\s*/Page\b", out.read_bytes())) == pages, rows
