"""The language of the window: Qt translations from ``resources/translations``, English where there is none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QTranslator

from slicelab.app import numbers
from slicelab.core.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

CONTEXT = "slicelab"
"""The one context of ``.ts`` files: words mean the same wherever they stand."""
LANGUAGES = {"en": "English", "de": "Deutsch"}
_GAP = re.compile(r"\{(\w+)\}")
_NUMBER = re.compile(r"n\d*")
_FIGURE = re.compile(
    r"(n|figure)\d*|count|dice|high|least|low|mean|mm|more|most|number|of|points|pretrained|random|steps?|times|total"
)
"""What gaps are called whose numbers are written in the language: in any other a number may be a name."""
_DATE = re.compile(r"date|when")
"""What gaps are called that take a day."""
_LINES = re.compile(r"(\n+)")
_SENTENCES = re.compile(r"((?<=[.!?]) (?=\S)| · |(?<=\S)  (?=\[))")
_LETTER = re.compile(r"[^\W\d_]")
_DIGITS = r"[-+–\d.,]+(?:e[-+]?\d+)?"
_WORDS = r"(?:(?![.!?] [^\W\d_a-z]| · ).)+?"  # never from one sentence into the next, nor over a dot between
_NO_END = r"(?<![.!?])"
_DEEPEST = 4
_TELLING = 4
"""Letters a sentence must have of its own to take words into its gaps: ``{low} to {high}`` takes numbers alone."""
_SPOKEN: list[tuple[re.Pattern[str], str]] = []
"""Sentences with gaps, in the language installed: what matches, and what is said instead."""


class _Gapped(str):
    """Words whose gaps are still to be filled."""

    __slots__ = ()

    def format(self, *parts: object, **named: object) -> str:
        """The words with their gaps filled, numbers written in the language."""
        return str.format(self, *parts, **{name: _written(name, value) for name, value in named.items()})


def tr(words: str) -> str:
    """Words in the language that is installed, as they are where it does not know them.

    Gaps that ``format`` fills afterwards take numbers as they come, and write them as the language does.
    """
    said = QCoreApplication.translate(CONTEXT, words) if words else ""
    return _Gapped(said) if _SPOKEN and "{" in said else said


def say(words: str) -> str:
    """Words that were put together from numbers and names, in the language that is installed.

    A sentence of the ``.ts`` file may have gaps, such as ``Slice {n} of {n2}``: one called n and a number takes a
    number, any other takes words, which are said in the language too. A gap called n, or by what is counted or
    measured, has its number written in the language; in another it may be a name. What it does not know as a whole it
    says line by line, and a line sentence by sentence; what it does not know at all stays as it is. In English this is
    the words themselves.
    """
    return _said(words) if _SPOKEN and words else words


def install(app: QApplication, code: str) -> None:
    """Speak a language of :data:`LANGUAGES`, before the first widget is made; Qt's own dialogs too.

    A language without its file leaves the window in English: words never keep it from starting.
    """
    for old in app.findChildren(QTranslator):
        app.removeTranslator(old)
        old.deleteLater()
    _SPOKEN.clear()
    numbers.install(code)
    _said.cache_clear()
    if code == "en":
        return
    ours = resource("translations") / f"slicelab_{code}.qm"
    qts = f"{QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)}/qtbase_{code}.qm"
    for file in (qts, str(ours)):  # the one installed last is asked first
        translator = QTranslator(app)
        if translator.load(file):
            app.installTranslator(translator)
    _SPOKEN.extend(_sentences(ours.with_suffix(".ts")))


def _written(name: str, value: object) -> object:
    if isinstance(value, str) and _DATE.fullmatch(name):
        return numbers.dated(value)
    return numbers.written(value) if isinstance(value, str) and _FIGURE.fullmatch(name) else value


def _filled(name: str, taken: str, deep: int) -> str:
    written = str(_written(name, taken))
    return written if written != taken else _said(taken, deep)


def _sentences(source: Path) -> list[tuple[re.Pattern[str], str]]:
    """The sentences with gaps of a ``.ts`` file, those with the most words of their own first."""
    try:
        messages = [
            (one.findtext("source") or "", one.findtext("translation") or "")
            for one in ElementTree.parse(source).iter("message")
        ]
    except (OSError, ElementTree.ParseError):
        return []
    found = [(said, other) for said, other in messages if _GAP.search(said)]
    found.sort(key=lambda pair: len(_GAP.sub("", pair[0])), reverse=True)
    return [(_pattern(said), other) for said, other in found]


def _pattern(said: str) -> re.Pattern[str]:
    parts = _GAP.split(said)  # words, a gap's name, words, ...
    vague = len(_LETTER.findall("".join(parts[::2]))) < _TELLING
    made, named = "", set[str]()
    for number, part in enumerate(parts):
        if number % 2 == 0:
            made += re.escape(part)
        elif part in named:
            made += f"(?P={part})"
        else:
            named.add(part)
            last = "" if "".join(parts[number + 1 :]) else _NO_END
            made += f"(?P<{part}>{_DIGITS if vague or _NUMBER.fullmatch(part) else _WORDS + last})"
    return re.compile(made)


@lru_cache(maxsize=4096)
def _said(words: str, deep: int = 0) -> str:
    known = tr(words)
    if known != words or deep > _DEEPEST:
        return known
    for pattern, other in _SPOKEN:
        found = pattern.fullmatch(words)
        if found is not None:
            for name, taken in found.groupdict().items():
                other = other.replace(f"{{{name}}}", _filled(name, taken, deep + 1))
            return other
    if "\n" in words:  # each line may be known as a whole, of however many sentences
        return "".join(part if number % 2 else _said(part, deep) for number, part in enumerate(_LINES.split(words)))
    parts = _SENTENCES.split(words)
    if len(parts) == 1:
        return words
    return "".join(part if number % 2 else _said(part, deep + 1) for number, part in enumerate(parts))
