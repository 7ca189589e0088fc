"""Commands about a trained model by itself: export-model, apply."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from slicelab.app.words import plural
from slicelab.cli.arguments import (
    DeviceOption,
    JsonOption,
    KeepAllOption,
    PrecisionOption,
    ProjectArgument,
    SetOption,
    TtaOption,
    VolumeOption,
    overrides,
)
from slicelab.cli.output import Output, reporting
from slicelab.cli.progress import bar
from slicelab.engine.applying import ApplyOptions, ApplyReport, apply_model
from slicelab.engine.session import Session


def export_model(
    project: ProjectArgument,
    run: Annotated[str, typer.Argument(help="A run that left a model.")],
    out: Annotated[Path, typer.Argument(help="Folder for the model.")],
    as_json: JsonOption = False,
) -> None:
    """Copy a model into a folder that can be handed on: weights and a description, no images, labels or names."""
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project, read_only=True) as session:
        record = session.export_model(run, out)
        files = sorted(path.name for path in out.iterdir())
        output.result(
            {"run": record.id, "kind": record.kind, "out": str(out), "files": files},
            f"{record.id}: wrote {' and '.join(files)} to {out}.",
        )


def apply(
    model: Annotated[Path, typer.Argument(help="Folder of a model: exported, or PROJECT/runs/RUN.")],
    paths: Annotated[list[Path], typer.Argument(help="Files, DICOM folders, folders.")],
    out: Annotated[Path, typer.Option(help="Folder for the masks.")],
    tta: TtaOption = False,
    keep_all_pieces: KeepAllOption = False,
    uncertainty: Annotated[
        bool, typer.Option("--uncertainty", help="Also write NAME.uncertainty.nii.gz: 0 certain to 255 undecided.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace masks that are there.")] = False,
    volume: VolumeOption = None,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    settings: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Segment files with a trained model, without a project; each mask lies on its file's own grid.

    Ends with 1 if any file has no mask; those of the others are written.
    """
    output = Output(as_json=as_json)
    with reporting(output):
        options = ApplyOptions(
            device=device,
            precision=precision,
            overrides=overrides(settings, tta=tta, keep_all_pieces=keep_all_pieces),
            uncertainty=uncertainty,
            overwrite=overwrite,
            volume=None if volume is None else volume - 1,
        )
        with bar() as show:
            report = apply_model(model, paths, out, options, show)
        facts, lines = {"out": str(out), **asdict(report)}, _words(report, out)
        short = bool(report.failed) or not report.applied
        if short:
            said = f"{plural(len(report.failed), 'file')} got no mask." if report.failed else "There was nothing to do."
            facts |= {"error": said, "safe": "The masks that were written stay.", "remedy": " ".join(lines[1:])}
        output.result(facts, *lines)
        if short:
            raise typer.Exit(1)


def _words(report: ApplyReport, out: Path) -> list[str]:
    values = ", ".join(f"{value} {name}" for name, value in report.classes.items())
    lines = [f"Wrote {plural(len(report.applied), 'mask')} to {out} (model of run {report.run}). Values: {values}."]
    lines += [f"{one.name}: {note}" for one in report.applied for note in one.notes]
    return [*lines, *(f"Not segmented: {one.name}: {one.message} {one.remedy}" for one in report.failed)]
