"""Numbers as the language of the window writes them: ``1,204.5`` is ``1 204,5`` in German, with a narrow space."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QLocale

_UNITS = ("mm", "mL", "ms", "s", "min", "h", "bytes", "kB", "MB", "GB", "TB", "%")
_WHOLE = re.compile(
    r"(?P<before>[≈~<>]? ?[-+−±]?)"
    r"(?P<number>(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?)"
    rf"(?P<after>(?:e[-+]?\d+)? ?(?:{'|'.join(_UNITS)})?)"
)
"""A number in whole, as Python writes it in English. No version (1.2.3), no name (01.5, phantom_01.5) is one."""

_DAY = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?P<time>(?: \d\d:\d\d)?)")


@dataclass(frozen=True)
class _Marks:
    point: str
    thousands: str


_MARKS = {"de": _Marks(",", "\u202f")}
_state: list[_Marks] = []
"""How the language installed writes numbers; nothing for English, which is how they come."""


def install(code: str) -> None:
    """Write numbers as a language of the window does, from now on."""
    _state[:] = [_MARKS[code]] if code in _MARKS else []


def written(words: str) -> str:
    """A number in whole, with or without sign and unit, as the language writes it; anything else as it is.

    For what stands alone. A sentence that :func:`slicelab.app.language.say` says takes its numbers as they come: they
    are written there, and must not be written twice.
    """
    found = _WHOLE.fullmatch(words) if _state else None
    if found is None:
        return words
    (marks,) = _state
    whole, point, part = found["number"].partition(".")
    said = whole.replace(",", marks.thousands) + (marks.point if point else "") + part
    return f"{found['before']}{said}{found['after']}"


def dated(words: str) -> str:
    """A day, with or without a time, as the language writes it; anything else as it is."""
    found = _DAY.fullmatch(words) if _state else None
    return words if found is None else f"{found['day']}.{found['month']}.{found['year']}{found['time']}"


def locale() -> QLocale:
    """For fields a number is typed into: the language's; in English the system's."""
    return QLocale(QLocale.Language.German) if _state else QLocale()
