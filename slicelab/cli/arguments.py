"""Arguments that several commands share, and how their text is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

ProjectArgument = Annotated[Path, typer.Argument(help="The project's folder.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
PresetOption = Annotated[Literal["fast", "paper"], typer.Option(help="Settings: fast (minutes) or paper (faithful).")]
StepsOption = Annotated[int | None, typer.Option(min=1, help="Optimiser steps; default: the preset's.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of every random choice.")]
DeviceOption = Annotated[
    Literal["auto", "cpu", "cuda", "mps"],
    typer.Option(help="Where to compute; auto measures for a second or two what is fastest here."),
]
ProcessesOption = Annotated[
    int, typer.Option(min=1, help="Processes on this machine that share each batch, such as one for each GPU.")
]
CasesOption = Annotated[str | None, typer.Option(metavar="CASE,...", help="Only these cases.")]


def names(text: str | None) -> list[str] | None:
    """A comma-separated list, None where the option was not given.

    Raises:
        typer.BadParameter: an option that was given but names nothing.

    """
    if text is None:
        return None
    found = [part.strip() for part in text.split(",") if part.strip()]
    if not found:
        raise typer.BadParameter("names nothing; give names separated by commas")
    return found


def slice_numbers(text: str | None) -> list[int] | None:
    """Slice numbers as people count them, from 1 ("8,12,20" or "3-6"), as indices from 0.

    Raises:
        typer.BadParameter: it is not a list of numbers from 1 up.

    """
    parts = names(text)
    if parts is None:
        return None
    indices: list[int] = []
    for part in parts:
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            raise typer.BadParameter(f"{part!r} is not a slice number; write 8,12,20 or 3-6")
        numbers = range(int(first), int(last or first) + 1)
        if not numbers or numbers[0] < 1:
            raise typer.BadParameter(f"{part!r}: slices are counted from 1")
        indices += [number - 1 for number in numbers]
    return list(dict.fromkeys(indices))
