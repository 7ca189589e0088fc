"""What a command says: one JSON object on stdout, or words; errors without tracebacks."""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from typer.exceptions import TyperException

from slicelab.app.words import plural
from slicelab.core.defects import outline
from slicelab.core.errors import SlicelabError
from slicelab.engine.views import RunSummary

FAILED, INTERRUPTED = 1, 130
_UNBOUNDED = 10_000
"""Columns of a table that goes to a file or another program: nothing is cut off there."""


class Output:
    """Where a command's result goes.

    Args:
        as_json: exactly one JSON object on stdout instead of words.

    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        width = None if sys.stdout.isatty() else _UNBOUNDED
        self.words = Console(file=sys.stdout, highlight=False, soft_wrap=True, width=width)
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
        self._say(error)
        raise typer.Exit(FAILED)

    def interrupted(self, remedy: str = "") -> NoReturn:
        """Say that the person stopped it, and how it goes on; exit with 130."""
        self._say(SlicelabError("Interrupted.", remedy, "What was saved before is safe."))
        raise typer.Exit(INTERRUPTED) from None

    def _say(self, error: SlicelabError) -> None:
        if self.as_json:
            write_error(error)
        self.aside.print(" ".join(part for part in (str(error), error.typed) if part), markup=False)


def write_error(error: SlicelabError) -> None:
    """An error as the one JSON object on stdout."""
    remedy = " ".join(part for part in (error.remedy, error.typed) if part)
    sys.stdout.write(json.dumps({"error": error.message, "safe": error.safe, "remedy": remedy}) + "\n")


@contextmanager
def reporting(output: Output) -> Iterator[None]:
    """Turns everything that can go wrong in a command into one clear message and an exit code."""
    try:
        yield
    except (typer.Exit, typer.Abort, TyperException, BrokenPipeError):
        raise  # usage, ends that were meant, and a reader of our output that has seen enough
    except SlicelabError as error:
        output.fail(error)
    except KeyboardInterrupt as stop:
        output.interrupted(" ".join(map(str, stop.args)))
    except OSError as error:
        output.fail(
            SlicelabError(
                f"The system refused: {error.strerror or type(error).__name__}.",
                "Check the disk, the folder and its permissions.",
                "What was saved before is safe.",
            )
        )
    except Exception as error:  # a defect: where it happened is for those who mend it
        output.fail(
            SlicelabError(
                "Something in slicelab itself went wrong.",
                f"Please report it, with the file {_kept_outline(error)}.",
                "What was saved before is safe.",
            )
        )


def _kept_outline(error: BaseException) -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="slicelab-defect-", suffix=".txt", delete=False, encoding="utf-8"
    ) as file:
        file.write(outline(error))
    return file.name


def table(*columns: str, rows: Sequence[tuple[str, ...]]) -> Table:
    """A plain table."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*(cell.replace("[", "\\[") for cell in row))
    return made


def learned_from(run: RunSummary) -> str:
    """What a run learned from (a prediction: what it was for), and what it was chosen by."""
    done = "done slice" if run.kind in ("finetune", "compare", "crossvalidate") else "slice"
    said = f"{plural(run.slices, done)} of {plural(run.cases, 'case')}"
    if run.unlabelled:
        said += f" and {plural(run.unlabelled, 'slice')} without labels"
    if run.validation_cases:
        chosen_by = f"{plural(run.validation_slices, 'slice')} of {plural(run.validation_cases, 'case')}"
        said += f", validated on {chosen_by}"
    return said


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
