"""Commands about a project and what is in it: new, import, label, cases, runs, export."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from slicelab.app.words import plural
from slicelab.cli.arguments import (
    CasesOption,
    JsonOption,
    MaskClassOption,
    ProjectArgument,
    names,
    slice_numbers,
    volume_wish,
)
from slicelab.cli.cross_commands import cross_facts, cross_line
from slicelab.cli.output import Output, learned_from, reporting, table
from slicelab.cli.progress import bar, counted
from slicelab.core.labels import make_classes
from slicelab.engine.importing import ImportReport, LabelWish
from slicelab.engine.names import find_class
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus
from slicelab.engine.stray_masks import StrayMask


def new(
    project: ProjectArgument,
    classes: Annotated[str, typer.Option(help='Structures to segment, such as "liver,right kidney".')],
    as_json: JsonOption = False,
) -> None:
    """Make a project. Class k has label value k in every mask."""
    output = Output(as_json=as_json)
    with reporting(output):
        wanted = [part.strip() for part in classes.split(",")]
        make_classes(wanted)  # said before a folder is made
        with Session.create(project, wanted) as session:
            facts = {"project": str(session.folder), "classes": {c.name: c.value for c in session.classes}}
            lines = [f"Made the project {session.name} with {plural(len(session.classes), 'class', 'classes')}:"]
            lines += [f"  {c.value}  {c.name}" for c in session.classes]
        output.result(facts, *lines)


def add_class(
    project: ProjectArgument,
    name: Annotated[str, typer.Argument(help="The new structure, such as spleen.")],
    as_json: JsonOption = False,
) -> None:
    """Add a class. On slices labelled so far nothing is known of it, and models trained before do not know it."""
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project) as session:
        made = session.add_class(name)
        output.result({"class": made.name, "value": made.value}, f"Added {made.name}: value {made.value} in masks.")


def rename_class(
    project: ProjectArgument,
    old: Annotated[str, typer.Argument(help="The class's name as it is.")],
    new: Annotated[str, typer.Argument(help="The name it gets.")],
    as_json: JsonOption = False,
) -> None:
    """Give a class another name; its value, labels and figures stay."""
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project) as session:
        made = session.rename_class(find_class(old, session.classes).value, new)
        output.result({"class": made.name, "value": made.value}, f"Class {made.value} is called {made.name} now.")


def import_(
    project: ProjectArgument,
    paths: Annotated[list[Path], typer.Argument(help="Files, folders, DICOM folders, Decathlon folders.")],
    labels: Annotated[
        str, typer.Option(metavar="none|all|CASE,...", help="Which cases' masks to import with them.")
    ] = "none",
    cases: CasesOption = None,
    volume: Annotated[
        str | None,
        typer.Option(metavar="N|each", help="Which to take of files that hold several volumes; each: all, as cases."),
    ] = None,
    sequence_of: Annotated[
        str | None,
        typer.Option(
            "--as-sequence-of",
            metavar="CASE",
            help="Add the one image given to this case, to be looked at beside its own; it is not learned from.",
        ),
    ] = None,
    masks_as_cases: Annotated[
        bool,
        typer.Option("--masks-as-cases", help="Make a case also of a file that looks like a mask of another one."),
    ] = False,
    mask_class: MaskClassOption = None,
    as_json: JsonOption = False,
) -> None:
    """Copy volumes into the project; the files themselves are never changed."""
    output = Output(as_json=as_json)
    with reporting(output):
        wanted = volume_wish(volume)
        if sequence_of is not None:
            if labels != "none" or cases is not None or wanted == "each" or len(paths) != 1:
                raise typer.BadParameter("--as-sequence-of takes one image, and no --labels, --cases or --volume each")
            with Session.open(project) as session:
                record = session.find([sequence_of])[0]
                made = session.sequences.add(record.id, paths[0], volume=wanted)
            facts = {"case": record.name, "sequence": made.name, "notes": list(made.notes)}
            output.result(facts, f"{record.name} has the further sequence {made.name}.", *made.notes)
            return
        wish: LabelWish = "all" if labels == "all" else "none" if labels == "none" else tuple(names(labels) or ())
        with Session.open(project) as session:
            with bar() as show:
                report = session.import_paths(
                    paths,
                    labels=wish,
                    only=names(cases),
                    volume=wanted,
                    masks_as_cases=masks_as_cases,
                    mask_class=mask_class,
                    progress=counted(show, "Importing"),
                )
            count = len(session.cases())
        masks = [{**asdict(one), "path": str(one.path)} for one in report.masks]
        lines = _import_lines(report, count, project, wished=labels != "none")
        told: dict[str, object] = {**asdict(report), "masks": masks, "cases": count}
        nothing = bool(report.refused or report.masks) and not (report.imported or report.already)
        if nothing:
            told |= {"error": "Nothing was imported.", "safe": "Nothing was changed.", "remedy": " ".join(lines[1:])}
        output.result(told, *lines)
        if nothing:
            raise typer.Exit(1)


def label(
    project: ProjectArgument,
    case: Annotated[str, typer.Argument(help="The case's name.")],
    mask: Annotated[Path, typer.Option("--from", help="A mask file on the grid of the case's image.")],
    slices: Annotated[
        str | None, typer.Option(metavar="8,12,20", help="Slices, counted from 1 at the feet. Default: all.")
    ] = None,
    mask_class: MaskClassOption = None,
    all_classes: Annotated[
        bool,
        typer.Option(
            "--all-classes",
            help="The mask speaks of every class: one it does not show is not there. Otherwise only of those it shows.",
        ),
    ] = False,
    reader: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="In whose name; a new name is a further reader. Default: the first."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Annotate slices of a case from a mask file; those slices become done for the classes that the mask speaks of."""
    output = Output(as_json=as_json)
    with reporting(output):
        wanted = slice_numbers(slices)
        with Session.open(project, reader=reader) as session:
            record = session.find([case])[0]
            read = session.labels.read_mask(record.id, mask, mask_class, whole=all_classes)
            mapped = session.labels.label_from_mask(record.id, read, wanted)
            count = next(c.count for c in session.cases() if c.id == record.id)
            by_value = {c.value: c.name for c in session.classes}
        known = [by_value[value] for value in mapped.known]
        facts = {
            "case": record.name,
            "labelled": len(wanted) if wanted is not None else count.slices,
            "done": count.done,
            "partly_done": count.partly,
            "slices": count.slices,
            "classes": known,
            "unmapped": list(mapped.unmapped),
        }
        partly = f", {count.partly} for some classes" if count.partly else ""
        are = "is" if count.done == 1 else "are"
        lines = [f"{record.name}: {count.done} of {plural(count.slices, 'slice')} {are} done{partly}."]
        left = [name for value, name in by_value.items() if value not in mapped.known]
        if left:
            lines.append(
                f"The mask speaks of {', '.join(known)}; as before: {', '.join(left)}. Where it also says that these "
                "are not there, repeat with --all-classes."
            )
        if mapped.unmapped:
            lines.append(f"Ignored, no class asks for them: {', '.join(mapped.unmapped)}.")
        output.result(facts, *lines)


def cases(project: ProjectArgument, as_json: JsonOption = False) -> None:
    """List the cases and how far each is labelled."""
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project, read_only=True) as session:
        found = session.cases()
        facts = [
            {
                "case": c.name,
                "id": c.id,
                "patient": c.patient,
                "plane": c.plane,
                "slices": c.count.slices,
                "done": c.count.done,
                "draft": c.count.draft,
                "partly_done": c.count.partly,
                "predicted_by": list(c.models),
                "sequences": list(c.sequences),
            }
            for c in found
        ]
        rows = [
            (c.name, str(c.count.slices), str(c.count.done), str(c.count.draft), c.plane, " ".join(c.models))
            for c in found
        ]
        output.result(
            {"project": session.name, "classes": {c.name: c.value for c in session.classes}, "cases": facts},
            table("case", "slices", "done", "draft", "plane", "predicted by", rows=rows),
        )


def runs(project: ProjectArgument, as_json: JsonOption = False) -> None:
    """List the runs: what each learned from and how it ended."""
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project, read_only=True) as session:
        found = session.runs()
        where = {r.id: r.status if r.status == "finished" else _where(session.jobs.status(r.id)) for r in found}
        devices = {r.id: session.jobs.status(r.id).device for r in found}
        rows = [
            (r.id, r.kind, r.method or "", r.init or "random", learned_from(r), where[r.id], devices[r.id])
            for r in found
        ]
        crossed = {r.id: told for r in found if (told := session.cross.result(r.id)) is not None}
        names = {case.id: case.name for case in session.cases()}
        output.result(
            {
                "project": session.name,
                "runs": [
                    {"run": r.id, **asdict(r), "now": where[r.id], **_computed(session.jobs.status(r.id))}
                    | ({"result": cross_facts(crossed[r.id], names)} if r.id in crossed else {})
                    for r in found
                ],
            },
            table("run", "kind", "method", "from", "learned from", "status", "computed on", rows=rows),
            *(f"{run}: {cross_line(told)}" for run, told in crossed.items()),
        )


def export(
    project: ProjectArgument,
    out: Annotated[Path, typer.Argument(help="Folder for the masks.")],
    run: Annotated[str | None, typer.Option(help="Export this run's predictions.")] = None,
    labels: Annotated[bool, typer.Option("--labels", help="Export the labels.")] = False,
    uncertainty: Annotated[
        bool,
        typer.Option("--uncertainty", help="With --run: CASE.uncertainty.nii.gz too, 0 certain to 255 undecided."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Write masks as NIfTI on the grids the volumes came from."""
    if (run is None) == (not labels):
        raise typer.BadParameter("choose either --run RUN or --labels")
    if uncertainty and run is None:
        raise typer.BadParameter("--uncertainty belongs to a run's predictions: name it with --run")
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project, read_only=True) as session:
        with bar() as show:
            report = session.export(out, run, uncertainty=uncertainty, progress=counted(show, "Writing"))
        output.result(
            {"out": str(report.folder), "files": list(report.files)},
            f"Wrote {plural(len(report.files), 'file')} to {report.folder}.",
        )


def _computed(status: JobStatus) -> dict[str, str]:
    """Where a run computes, in which number format, and why there."""
    return {"device": status.device, "device_why": status.device_why, "precision": status.precision}


def _where(status: JobStatus) -> str:
    """Where a run is that nobody has seen the end of: its own log knows more than the project."""
    if status.ended or not status.steps:
        return status.state
    if status.phase == "preparing":
        return f"{status.state}, preparing volume {min(status.step + 1, status.steps)} of {status.steps}"
    return f"{status.state}, step {status.step} of {status.steps}"


def _import_lines(report: ImportReport, count: int, project: Path, *, wished: bool) -> list[str]:
    added, labelled = plural(len(report.imported), "case"), len(report.labelled)
    of = f" ({', '.join(report.spoken)}; from {', '.join(report.label_folders)})" if labelled else ""
    lines = [f"Imported {added}; {labelled} came with labels{of}. The project has {plural(count, 'case')}."]
    if report.already:
        lines.append(f"Already in the project: {', '.join(report.already)}.")
    if wished and not report.labelled and report.imported:
        lines.append("No mask was found beside the volumes: `slicelab label PROJECT CASE --from MASK` takes one.")
    if report.unmapped:
        lines.append(f"Structures no class asks for, ignored: {', '.join(report.unmapped)}.")
    lines += [f"{name}: {note}" for name, notes in report.notes.items() for note in notes]
    lines += [f"Not imported: {r.name}: {r.message} {r.remedy}" for r in report.refused]
    lines += [_mask_line(one, project) for one in report.masks]
    return lines


def _mask_line(mask: StrayMask, project: Path) -> str:
    """That a mask is no case, and what to type to take it as labels, or as a case after all."""
    of = mask.case or "a case here"
    take = shlex.join(["slicelab", "label", str(project), mask.case or "CASE", "--from", str(mask.path)])
    return (
        f"Not imported: {mask.name}: it looks like a mask of {of}: few whole numbers. "
        f"To take it as labels: {take}. To make it a case all the same, import it with --masks-as-cases."
    )
