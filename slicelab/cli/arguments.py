"""Arguments that several commands share, and how their text is read."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Annotated, Literal

import typer

from slicelab.core.errors import SettingError
from slicelab.jobs.overrides import parse_override

ProjectArgument = Annotated[Path, typer.Argument(help="The project's folder.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object on stdout.")]
PresetOption = Annotated[Literal["fast", "paper"], typer.Option(help="Settings: fast (minutes) or paper (faithful).")]
StepsOption = Annotated[int | None, typer.Option(min=1, help="Optimiser steps; default: the preset's.")]
PretrainStepsOption = Annotated[
    int | None,
    typer.Option(
        min=1,
        help="Optimiser steps in all; default: the preset's. Contrastive pretraining divides them between its two "
        "stages (whole slices, then places), as the preset does, and takes 2 at least.",
    ),
]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of every random choice.")]
DeviceOption = Annotated[
    Literal["auto", "cpu", "cuda", "mps"],
    typer.Option(help="Where to compute; auto measures once what is fastest on this machine, and keeps to it."),
]
PrecisionOption = Annotated[
    Literal["auto", "float32", "bfloat16"],
    typer.Option(
        help="Number format of the network. auto: the faster one, measured once on this machine (predictions on a "
        "processor: float32). Two runs are alike to the last digit only in the same format."
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="GROUP.FIELD=VALUE", help="Change one setting; see `slicelab presets`. Repeatable."),
]
VolumeOption = Annotated[
    int | None, typer.Option("--volume", min=1, help="Which one to take of files that hold several volumes.")
]
TtaOption = Annotated[bool, typer.Option("--tta", help="Average over shifted (and mirrored) copies; slower.")]
KeepAllOption = Annotated[bool, typer.Option("--keep-all-pieces", help="Not only the largest piece of each class.")]
ProcessesOption = Annotated[
    int, typer.Option(min=1, help="Processes on this machine that share each batch, such as one for each GPU.")
]
MaskClassOption = Annotated[
    str | None,
    typer.Option("--class", metavar="NAME", help="The class that masks of one value are of; otherwise its value says."),
]
CasesOption = Annotated[str | None, typer.Option(metavar="CASE,...", help="Only these cases.")]


def names(text: str | None) -> list[str] | None:
    """A comma-separated list, None where the option was not given; a name that holds a comma goes into quotes.

    Raises:
        typer.BadParameter: an option that was given but names nothing.

    """
    if text is None:
        return None
    (parts,) = csv.reader([" ".join(text.splitlines())], skipinitialspace=True) if text.strip() else ([],)
    found = [part.strip() for part in parts if part.strip()]
    if not found:
        raise typer.BadParameter("names nothing; give names separated by commas")
    return found


def overrides(
    texts: list[str] | None, *, tta: bool = False, keep_all_pieces: bool = False, semi: bool = False
) -> dict[str, object]:
    """The settings given with ``--set``, and those that have an option of their own.

    Raises:
        SettingError: one is not of the form GROUP.FIELD=VALUE, or is given twice.

    """
    given: list[tuple[str, object]] = [parse_override(text) for text in texts or ()]
    given += [("finetune.semi.on", True)] if semi else []
    given += [("predict.test_time_augmentation", True)] if tta else []
    given += [("predict.largest_component", False)] if keep_all_pieces else []
    found: dict[str, object] = {}
    for path, value in given:
        if path in found:
            raise SettingError(f"The setting {path} was given twice.", "Give it once.")
        found[path] = value
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


def volume_wish(text: str | None) -> int | Literal["each"] | None:
    """Which volume of a series, as people count them, from 1, as an index from 0; or "each".

    Raises:
        typer.BadParameter: it is neither.

    """
    if text is None:
        return None
    if text == "each":
        return "each"
    if not text.isdigit() or int(text) < 1:
        raise typer.BadParameter(f"{text!r}: volumes are counted from 1; or write each")
    return int(text) - 1
