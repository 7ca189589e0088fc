"""The command that removes streaks from per-coil data, before there is a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from slicelab.cli.arguments import JsonOption, names
from slicelab.cli.output import Output, number, reporting, table
from slicelab.cli.progress import bar

if TYPE_CHECKING:
    from slicelab.engine.destreaking import DestreakReport


def destreak(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT", help="Per-coil images or radial k-space (.npz, .npy), or a NIfTI of one volume a coil."
        ),
    ],
    out: Annotated[Path, typer.Argument(help="The image to write, .nii or .nii.gz.")],
    method: Annotated[
        Literal["coils", "null-space"],
        typer.Option(help="Leave out the coils that streak, or cancel the interference that they share."),
    ] = "coils",
    drop: Annotated[
        str | None, typer.Option(metavar="3,7", help="Leave out these coils, counted from 1, instead of finding them.")
    ] = None,
    combine: Annotated[
        Literal["sum-of-squares", "adaptive"], typer.Option(help="How the coils become one image.")
    ] = "sum-of-squares",
    threshold: Annotated[
        float, typer.Option(min=1.0, help="A coil streaks when its score is this many times the lower quartile.")
    ] = 2.5,
    as_json: JsonOption = False,
) -> None:
    """Remove streaks of radial scans from per-coil images or k-space; the input is never changed."""
    output = Output(as_json=as_json)
    with reporting(output):
        from slicelab.data.radial.destreak import Settings
        from slicelab.engine.destreaking import destreak_file

        settings = Settings(method, _coils(drop), combine, threshold)
        with bar() as show:
            report = destreak_file(
                source, out, settings, lambda done, total: show(done / total, f"Slice {done} of {total}")
            )
        output.result(_facts(report, settings.method, combine), *_words(report, settings.method))


def _coils(text: str | None) -> tuple[int, ...] | None:
    """Coil numbers as people count them, from 1, as indices from 0.

    Raises:
        typer.BadParameter: it is not a list of numbers from 1 up.

    """
    parts = names(text)
    if parts is None:
        return None
    wrong = [part for part in parts if not (part.isascii() and part.isdigit()) or len(part) > 4 or int(part) < 1]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is not a coil number; write 3,7 (coils are counted from 1)")
    return tuple(dict.fromkeys(int(part) - 1 for part in parts))


def _facts(report: DestreakReport, method: str, combine: str) -> dict[str, Any]:
    result = report.result
    return {
        "out": str(report.out),
        "method": method,
        "combine": combine,
        "coils": report.coils,
        "slices": len(result.stack),
        "scores": [float(score) for score in result.scores],
        "cut": result.cut,
        "dropped": [coil + 1 for coil in result.dropped],
        "interference_rank": list(result.ranks),
        "streak_energy": {"before": result.energy_before, "after": result.energy_after},
        "notes": list(report.notes),
    }


def _words(report: DestreakReport, method: str) -> list[Any]:
    result = report.result
    rows = [
        (str(coil + 1), number(float(score), 3), _mark(report, coil, float(score)))
        for coil, score in enumerate(result.scores)
    ]
    lines: list[Any] = [table("coil", "streak score", "", rows=rows)] if rows else []
    dropped = ", ".join(str(coil + 1) for coil in result.dropped)
    said = f"Left out: {'coil' if len(result.dropped) == 1 else 'coils'} {dropped}."
    lines.append(said if dropped else "No coil was left out.")
    if method == "null-space":
        ranks = sorted(set(result.ranks))
        span = str(ranks[0]) if len(ranks) == 1 else f"{ranks[0]} to {ranks[-1]}"
        lines.append(f"Interference directions cancelled: {span} of {report.coils - len(result.dropped)} a slice.")
    lines.append(
        f"Background energy, share of the body's: {number(result.energy_before, 4)} before, "
        f"{number(result.energy_after, 4)} after."
    )
    return [*lines, *report.notes, f"Wrote {report.out}."]


def _mark(report: DestreakReport, coil: int, score: float) -> str:
    if coil in report.result.dropped:
        return "left out"
    return "above the cut" if score > report.result.cut else ""
