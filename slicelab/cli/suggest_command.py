"""The command that says what to label first: suggest."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from slicelab.cli.arguments import DeviceOption, JsonOption, PrecisionOption, ProjectArgument, SeedOption, names
from slicelab.cli.output import Output, reporting, table
from slicelab.cli.progress import run_to_end
from slicelab.engine.session import Session


def suggest(
    project: ProjectArgument,
    cases: Annotated[int, typer.Option(min=1, help="How many cases to label.", show_default=False)],
    slices: Annotated[int, typer.Option(min=0, help="How many slices of each; 0 names cases alone.")] = 0,
    run: Annotated[
        str | None, typer.Option(help="Run whose network compares them. Default: the latest pretraining.")
    ] = None,
    exclude: Annotated[
        str | None,
        typer.Option(metavar="CASE,...", help="Leave these cases (and their patients) out, such as those for testing."),
    ] = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    as_json: JsonOption = False,
) -> None:
    """Say which cases to label first: those that stand best for all the others."""
    output = Output(as_json=as_json)
    with reporting(output):
        left_out = names(exclude) or []
        with Session.open(project) as session:
            job = session.jobs.start_embed(run, device=device, precision=precision)
            if job is not None:
                run_to_end(session, job)
            found = session.advice.suggest(cases, slices=slices, run_id=run, exclude=left_out, seed=seed)
        facts = {
            "run": found.run,
            "job": job,
            "cases": [
                {
                    "case": one.name,
                    "stands_for": one.stands_for,
                    "of": one.of,
                    "nearest": one.nearest,
                    "typical": one.typical,
                    "unusual": one.unusual,
                    "reason": one.reason,
                    "slices": [
                        {"slice": part.index + 1, "stands_for": part.stands_for, "of": part.of} for part in one.slices
                    ],
                }
                for one in found.cases
            ],
            "finished": found.finished,
            "covered": found.covered,
        }
        rows = [
            (one.name, one.reason, *([", ".join(str(s.index + 1) for s in one.slices)] if slices else []))
            for one in found.cases
        ]
        lines: list[Any] = [table("label first", "why", *(["slices"] if slices else []), rows=rows)]
        if found.finished:
            some = "1 case is" if found.finished == 1 else f"{found.finished} cases are"
            lines.append(f"{some} labelled throughout already, and counted as chosen.")
        output.result(facts, *lines)
