"""The command that says who labelled what, and how far two readers agree: readers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slicelab.cli.arguments import JsonOption, ProjectArgument, names
from slicelab.cli.output import Output, number, reporting, table
from slicelab.core.durations import duration
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from slicelab.engine.people import TwoReaders

_MOST = 10
"""Slices named of each case, those with the least agreement; all of them are in the JSON."""


def readers(
    project: ProjectArgument,
    between: Annotated[
        str | None,
        typer.Option(metavar="NAME,NAME", help="Compare these two readers (default: the first two)."),
    ] = None,
    cases: Annotated[
        str | None, typer.Option(metavar="CASE,...", help="Compare on these cases alone (default: all).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Who labelled what, and how far two readers agree: Dice per case, class and slice, on slices both have done."""
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project, read_only=True) as session:
        work = session.readers.work()
        pair = names(between) or tuple(one.name for one in work)[:2]
        if between is not None and len(pair) != 2:
            raise typer.BadParameter("--between takes two names, parted by a comma")
        records = session.find(names(cases) or [case.name for case in session.cases()])
        rows = [(one.name, str(one.cases), str(one.done), str(one.drafts), duration(one.seconds)) for one in work]
        lines: list[Any] = [table("reader", "cases", "done", "drafts", "time", rows=rows)]
        facts: dict[str, Any] = {"readers": [asdict(one) for one in work], "cases": {}}
        if len(pair) == 2:
            classes = {one.value: one.name for one in session.classes}
            for record in records:
                found = session.readers.compare(record.id, *pair)
                if any(found.slices.values()):
                    facts["cases"][record.name] = _facts(found, classes)
                    lines += _lines(record.name, found, classes)
            if not facts["cases"]:
                lines.append(f"{pair[0]} and {pair[1]} have no slice of a class done both.")
        output.result({**facts, "between": list(pair) if len(pair) == 2 else None}, *lines)


def _facts(found: TwoReaders, classes: dict[int, str]) -> dict[str, Any]:
    return {
        name: {
            "dice": found.agreement.of_case(value),
            "slices": found.slices[value],
            "disagreement": [
                {"slice": at + 1, "dice": dice} for at, of, dice in found.agreement.apart() if of == value
            ],
        }
        for value, name in classes.items()
    }


def _lines(case: str, found: TwoReaders, classes: dict[int, str]) -> list[Any]:
    rows = [
        (case, name, number(found.agreement.of_case(value)), str(found.slices[value]))
        for value, name in classes.items()
        if found.slices[value]
    ]
    apart = [f"{at + 1} ({classes[value]} {number(dice)})" for at, value, dice in found.agreement.apart()[:_MOST]]
    said = f"Least alike: slices {', '.join(apart)}." if apart else "Alike on every slice."
    return [table("case", "class", "Dice", "slices both done", rows=rows), said]
