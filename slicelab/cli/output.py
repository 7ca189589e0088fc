"""What a command says: one JSON object on stdout, or words; errors without tracebacks."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from slicelab.core.errors import SlicelabError

FAILED, INTERRUPTED = 1, 130


class Output:
    """Where a command's result goes.

    Args:
        as_json: exactly one JSON object on stdout instead of words.

    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.words = Console(file=sys.stdout, highlight=False, soft_wrap=True)
        self.aside = Console(stderr=True, highlight=False, soft_wrap=True)

    def result(self, facts: Mapping[str, Any], *lines: str | Table) -> None:
        """Say the result: the facts as JSON, or the lines as words."""
        if self.as_json:
            sys.stdout.write(json.dumps(_plain(facts)) + "\n")
            return
        for line in lines:
            self.words.print(line, markup=False) if isinstance(line, str) else self.words.print(line)

    def note(self, line: str) -> None:
        """Say something beside the result, on stderr."""
        self.aside.print(line, markup=False)

    def fail(self, error: SlicelabError) -> NoReturn:
        """Say what happened, what is safe and what to do; exit with 1."""
        if self.as_json:
            sys.stdout.write(json.dumps({"error": error.message, "safe": error.safe, "remedy": error.remedy}) + "\n")
        self.aside.print(str(error), markup=False)
        raise typer.Exit(FAILED)


@contextmanager
def reporting(output: Output) -> Iterator[None]:
    """Turns everything that can go wrong in a command into one clear message and an exit code."""
    try:
        yield
    except SlicelabError as error:
        output.fail(error)
    except KeyboardInterrupt:
        output.note("Interrupted. What was saved before is safe.")
        raise typer.Exit(INTERRUPTED) from None
    except OSError as error:
        output.fail(
            SlicelabError(
                f"The system refused: {error.strerror or type(error).__name__}.",
                "Check the disk, the folder and its permissions.",
                "What was saved before is safe.",
            )
        )


def table(*columns: str, rows: Sequence[tuple[str, ...]]) -> Table:
    """A plain table."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column)
    for row in rows:
        made.add_row(*(cell.replace("[", "\\[") for cell in row))
    return made


def number(value: float | None, digits: int = 2) -> str:
    """A figure for people; n/a where there is none."""
    return "n/a" if value is None or math.isnan(value) else f"{value:.{digits}f}"


def _plain(value: Any) -> Any:
    """NaN has no JSON: it becomes null, meaning n/a."""
    if isinstance(value, float):
        return None if math.isnan(value) or math.isinf(value) else value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
