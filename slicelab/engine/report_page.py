"""A report as data, and as one HTML page that needs no other file."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Table:
    """Rows of words; the first ``left`` columns are words, the others numbers.

    Attributes:
        head: one word a column.
        rows: as many words each.
        caption: what it shows.
        left: columns that are set to the left.

    """

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    left: int = 1


@dataclass(frozen=True)
class Picture:
    """A figure.

    Attributes:
        png: the file.
        caption: what it shows.

    """

    png: bytes
    caption: str


Part = Words | Table | Picture


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    disclaimer: str


_STYLE = """
body { font-family: Inter, "DejaVu Sans", Helvetica, sans-serif; font-size: 10pt; color: #171C23; max-width: 900px;
       margin: 24px auto; padding: 0 16px; }
h1 { font-size: 18pt; } h2 { font-size: 13pt; margin-top: 24px; }
table { border-collapse: collapse; font-size: 9pt; } th, td { padding: 3px 8px; border-bottom: 1px solid #D5DBE2; }
th { text-align: left; } .number { text-align: right; }
.caption { font-size: 8.5pt; color: #586473; } .disclaimer { font-weight: 600; border-top: 1px solid #7C8897; }
img { max-width: 100%; }
"""
_WIDTH = 620
"""Pixels (96 to the inch) of a figure: what an A4 page holds between its margins."""


def page(report: Report) -> str:
    """The report as HTML; everything in it is escaped, figures are part of it."""
    body = "".join(
        f"<h2>{escape(section.title)}</h2>{''.join(map(_part, section.parts))}" for section in report.sections
    )
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{escape(report.title)}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{escape(report.title)}</h1><p>{escape(report.lead)}</p>{body}"
        f'<p class="disclaimer">{escape(report.disclaimer)}</p></body></html>\n'
    )


def _part(part: Part) -> str:
    match part:
        case Words():
            return f"<p>{escape(part.text)}</p>"
        case Table():
            return _table(part)
        case Picture():
            data = base64.b64encode(part.png).decode()
            caption = escape(part.caption)
            image = f'<img width="{_WIDTH}" alt="{caption}" src="data:image/png;base64,{data}">'
            return f'<p>{image}</p><p class="caption">{caption}</p>'


def _table(table: Table) -> str:
    def cell(tag: str, place: int, said: str) -> str:
        side = "" if place < table.left else ' class="number" align="right"'
        return f"<{tag}{side}>{escape(said)}</{tag}>"

    head = "".join(cell("th", place, said) for place, said in enumerate(table.head))
    rows = "".join(
        f"<tr>{''.join(cell('td', place, said) for place, said in enumerate(row))}</tr>" for row in table.rows
    )
    caption = f'<p class="caption">{escape(table.caption)}</p>' if table.caption else ""
    grid = f'<table cellspacing="0" cellpadding="2"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
    return f"{caption}{grid}"
