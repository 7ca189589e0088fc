"""Commands that hold cases out in turn: crossvalidate, and compare, which says whether a pretraining was worth it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from slicelab.app.words import plural
from slicelab.cli.arguments import (
    DeviceOption,
    JsonOption,
    PrecisionOption,
    ProjectArgument,
    SeedOption,
    SetOption,
    names,
    overrides,
)
from slicelab.cli.output import Output, number, reporting, table
from slicelab.cli.progress import run_to_end
from slicelab.core.durations import duration
from slicelab.engine.cross_words import crossed, crossed_explained, left_out, worth, worth_explained
from slicelab.engine.crossvalidating import CrossWish
from slicelab.engine.job_builder import JobOptions
from slicelab.engine.session import Session
from slicelab.jobs.specs import bf16_of

if TYPE_CHECKING:
    from slicelab.core.cross_validation import Interval
    from slicelab.core.crossed import Difference
    from slicelab.engine.crossvalidating import CrossResult, Plan

FoldsOption = Annotated[
    int | None,
    typer.Option(min=2, help="Parts the patients are dealt into; default: at most 3, as they allow."),
]
RepeatsOption = Annotated[int | None, typer.Option(min=1, max=100, help="Trainings of each fold, with other seeds.")]
LastPresetOption = Annotated[
    Literal["fast", "paper"] | None,
    typer.Option(help="Settings; default: those of the last training.", show_default=False),
]
LastStepsOption = Annotated[
    int | None, typer.Option(min=1, help="Optimiser steps of each training; default: the last training's.")
]
ExcludeOption = Annotated[
    str | None,
    typer.Option(metavar="CASE,...", help="Keep these cases (and their patients) for testing: out of every fold."),
]
OnlyPlanOption = Annotated[bool, typer.Option("--plan", help="Only say what would be done and how long it takes.")]


def compare(
    project: ProjectArgument,
    init: Annotated[str | None, typer.Option(metavar="RUN", help="The pretraining. Default: the latest.")] = None,
    folds: FoldsOption = None,
    repeats: RepeatsOption = None,
    preset: LastPresetOption = None,
    steps: LastStepsOption = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    settings: SetOption = None,
    exclude: ExcludeOption = None,
    only_plan: OnlyPlanOption = False,
    as_json: JsonOption = False,
) -> None:
    """Was pretraining worth it? Finetune from it and from random weights, on the same folds with the same seeds.

    Says the difference in held-out 3D Dice with its 95 % interval. Patients are held out in turn; repeats default to 2.
    """
    options = JobOptions(preset, steps, seed, device, bf16=bf16_of(precision), overrides=overrides(settings))
    wish = CrossWish("compare", init, False, folds, repeats, options)
    _run(project, wish, exclude, only_plan=only_plan, as_json=as_json)


def crossvalidate(
    project: ProjectArgument,
    init: Annotated[
        str | None,
        typer.Option(metavar="RUN|random", help="Pretraining to start from. Default: the latest, if there is one."),
    ] = None,
    folds: FoldsOption = None,
    repeats: RepeatsOption = None,
    preset: LastPresetOption = None,
    steps: LastStepsOption = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    settings: SetOption = None,
    exclude: ExcludeOption = None,
    only_plan: OnlyPlanOption = False,
    as_json: JsonOption = False,
) -> None:
    """Cross-validated 3D Dice: each labelled patient is measured by a training on the others.

    Repeats default to 1. No model is kept.
    """
    options = JobOptions(preset, steps, seed, device, bf16=bf16_of(precision), overrides=overrides(settings))
    scratch = init == "random"
    wish = CrossWish("crossvalidate", None if scratch else init, scratch, folds, repeats, options)
    _run(project, wish, exclude, only_plan=only_plan, as_json=as_json)


def _run(project: Path, wish: CrossWish, exclude: str | None, *, only_plan: bool, as_json: bool) -> None:
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project) as session:
        wish = replace(wish, exclude=tuple(case.id for case in session.find(names(exclude) or [])))
        plan = session.cross.plan(wish)
        if only_plan:
            output.result(_plan_facts(plan), plan_words(plan))
            return
        output.note(plan_words(plan))
        run = session.cross.start(wish)
        status = run_to_end(session, run)
        found = session.cross.result(run)
        assert found is not None
        called = {case.id: case.name for case in session.cases()}
        output.result(
            {**cross_facts(found, called), "alarms": list(status.alarms)}, *cross_lines(found), *status.alarms
        )


def plan_words(plan: Plan) -> str:
    """What will be done, and about how long it takes."""
    job = plan.job
    each = "" if plan.steps is None else f" of {plural(plan.steps, 'step')}"
    starts = ", from the pretraining and from random weights" if job.kind == "compare" else ""
    took = "how long that takes is not known" if plan.seconds is None else f"about {duration(plan.seconds)}"
    seeds = plural(job.repeats, "repeat")
    said = f"{plural(job.trainings, 'training')}{each} ({len(job.folds)} folds, {seeds}{starts}): {took}."
    return f"{said} {left_out(len(job.test_cases))}".strip()


def cross_line(found: CrossResult) -> str:
    """A result in one line, with its interval and its mark."""
    return worth(found) if found.kind == "compare" else f"Cross-validated Dice: {crossed(found)}"


def cross_lines(found: CrossResult) -> list[Any]:
    """A result as a table and what must be known about it."""
    if found.kind == "compare":
        gaps = [
            (found.names[value], *_difference(one))
            for value, one in (found.comparison.classes.items() if found.comparison else ())
        ]
        lines = [table("class", "Dice points", "95 % interval", rows=gaps)] if len(gaps) > 1 else []
        return [cross_line(found), *lines, worth_explained(found)]
    rows = [
        (found.names[value], number(one.mean), f"{number(one.low)} to {number(one.high)}", str(one.patients))
        for value, one in (found.crossed.classes.items() if found.crossed else ())
    ]
    lines = [table("class", "Dice", "95 % interval", "patients", rows=rows)] if len(rows) > 1 else []
    return [cross_line(found), *lines, crossed_explained(found)]


def cross_facts(found: CrossResult, names: dict[str, str]) -> dict[str, Any]:
    """A result as the JSON object the command line promises."""
    facts: dict[str, Any] = {
        "run": found.run,
        "kind": found.kind,
        "init": found.init or "random",
        "protocol": found.protocol,
        "patients": found.patients,
        "patients_in_pool": found.in_pool,
        "cases": found.cases,
        "cases_left_out": found.left_out,
        "folds": found.folds,
        "steps": found.steps,
        "slices": found.slices,
        "slices_accepted_unchanged": found.led,
        "slices_changed_since": found.changed,
        "dice": None if found.crossed is None else _interval(found.crossed.dice),
        "classes": {}
        if found.crossed is None
        else {found.names[value]: _interval(one) for value, one in found.crossed.classes.items()},
        "held_out": [
            {
                "case": names.get(row.case, row.case),
                "class": found.names[row.class_value],
                "fold": row.fold + 1,
                "seed": row.seed,
                "init": row.start or "random",
                "dice": row.dice,
            }
            for row in found.rows
        ],
    }
    one = found.comparison
    if one is not None:
        facts["comparison"] = {
            "verdict": one.verdict,
            "difference": _gap(one.difference),
            "pretrained": one.pretrained,
            "random": one.random,
            "patients": one.patients,
            "repeats": one.repeats,
            "classes": {found.names[value]: _gap(gap) for value, gap in one.classes.items()},
        }
    return facts


def _plan_facts(plan: Plan) -> dict[str, Any]:
    return {
        "kind": plan.job.kind,
        "init": plan.job.init or "random",
        "trainings": plan.job.trainings,
        "folds": len(plan.job.folds),
        "repeats": plan.job.repeats,
        "cases_left_out": len(plan.job.test_cases),
        "steps": plan.steps,
        "seconds": plan.seconds,
    }


def _interval(one: Interval) -> dict[str, Any]:
    return {"mean": one.mean, "low": one.low, "high": one.high, "patients": one.patients}


def _gap(one: Difference) -> dict[str, Any]:
    return {"mean": one.mean, "low": one.low, "high": one.high, "p": one.p}


def _difference(one: Difference) -> tuple[str, str]:
    low, high = (number(100 * edge, 1) for edge in (one.low, one.high))
    return f"{100 * one.mean:+.1f}", f"{low} to {high}"
