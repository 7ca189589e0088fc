"""Commands that learn and measure: pretrain, finetune, predict, evaluate."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from slicelab.app.words import plural
from slicelab.cli.arguments import (
    CasesOption,
    DeviceOption,
    JsonOption,
    KeepAllOption,
    MaskClassOption,
    PrecisionOption,
    PresetOption,
    PretrainStepsOption,
    ProcessesOption,
    ProjectArgument,
    SeedOption,
    SetOption,
    StepsOption,
    TtaOption,
    names,
    overrides,
)
from slicelab.cli.cross_commands import cross_facts, cross_lines
from slicelab.cli.output import Output, learned_from, number, reporting, table
from slicelab.cli.progress import bar, counted, run_to_end
from slicelab.core.durations import duration
from slicelab.core.evaluation import SYNTHETIC_FIGURES, Evaluation
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus
from slicelab.engine.views import RunSummary

_STAGES = {"global": "whole slices", "local": "places"}


def pretrain(
    project: ProjectArgument,
    method: Annotated[
        Literal["contrastive", "regression", "blocks"],
        typer.Option(help="What to learn by: telling slices and places apart, or rebuilding hidden pixels or patches."),
    ],
    preset: PresetOption = "fast",
    steps: PretrainStepsOption = None,
    exclude: Annotated[
        str | None, typer.Option(metavar="CASE,...", help="Leave these cases (and their patients) out.")
    ] = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    settings: SetOption = None,
    processes: ProcessesOption = 1,
    prepare_only: Annotated[
        bool,
        typer.Option("--prepare-only", help="Write the run's folder, to be started by torchrun (docs/cluster.md)."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Learn from all slices, without labels."""
    output = Output(as_json=as_json)
    with reporting(output):
        left_out = names(exclude) or []
        with Session.open(project) as session:
            run = session.jobs.start_pretrain(
                method,
                exclude=left_out,
                preset=preset,
                steps=steps,
                seed=seed,
                device=device,
                precision=precision,
                overrides=overrides(settings),
                processes=None if prepare_only else processes,
            )
            if prepare_only:
                folder = session.folder.resolve() / "runs" / run
                starter = "torchrun --standalone --max-restarts 4 --nproc-per-node 2"
                command = f"{starter} -m slicelab.worker {shlex.quote(str(folder))}"
                output.result(
                    {"run": run, "folder": str(folder), "command": command},
                    f"{run} is ready to be started. With two processes on one machine:",
                    command,
                    "For several machines, and for what to heed on a network, see docs/cluster.md.",
                )
                return
            status = run_to_end(session, run)
            used = next(r for r in session.runs() if r.id == run)
        facts = {
            **_facts(run, status),
            "overrides": used.overrides,
            "method": method,
            "cases": used.cases,
            "slices": used.slices,
            "stage_steps": _stage_steps(status),
        }
        output.result(
            facts, f"{run}: learned from {learned_from(used)}{_took(status)}{_stages(status)}.", *status.alarms
        )


def finetune(
    project: ProjectArgument,
    init: Annotated[str, typer.Option(metavar="RUN|random", help="Run to start from, or random weights.")],
    train: Annotated[
        str | None, typer.Option(metavar="CASE,...", help="Cases to learn from. Default: all with done slices.")
    ] = None,
    val: Annotated[
        str | None, typer.Option(metavar="CASE,...", help="Labelled cases that choose the best state.")
    ] = None,
    semi: Annotated[
        bool, typer.Option("--semi", help="Learn from slices without labels too; takes twice as long.")
    ] = False,
    exclude: Annotated[
        str | None, typer.Option(metavar="CASE,...", help="Leave these cases (and their patients) out, unlabelled too.")
    ] = None,
    preset: PresetOption = "fast",
    steps: StepsOption = None,
    seed: SeedOption = 0,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    settings: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn to segment from the slices that are done."""
    output = Output(as_json=as_json)
    with reporting(output):
        train_names, val_names, left_out = names(train), names(val) or [], names(exclude) or []
        with Session.open(project) as session:
            run = session.jobs.start_finetune(
                None if init == "random" else init,
                train=train_names,
                val=val_names,
                exclude=left_out,
                preset=preset,
                steps=steps,
                seed=seed,
                device=device,
                precision=precision,
                overrides=overrides(settings, semi=semi),
            )
            status = run_to_end(session, run)
            used = next(r for r in session.runs() if r.id == run)
        facts = {
            **_facts(run, status),
            "overrides": used.overrides,
            "init": init,
            "cases": used.cases,
            "slices": used.slices,
            "unlabelled_slices": used.unlabelled,
            "validation_cases": used.validation_cases,
            "validation_slices": used.validation_slices,
            "validation_dice": status.best_dices or None,
            "mean_validation_dice": status.best_dice,
        }
        output.result(
            facts,
            f"{run}: learned from {learned_from(used)}{_took(status)}.",
            *_validated(status, used),
            *status.alarms,
        )


def predict(
    project: ProjectArgument,
    run: Annotated[str, typer.Option(help="A finetuned run.")],
    cases: CasesOption = None,
    device: DeviceOption = "auto",
    precision: PrecisionOption = "auto",
    tta: TtaOption = False,
    keep_all_pieces: KeepAllOption = False,
    settings: SetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Segment cases with a model; the masks belong to that run."""
    output = Output(as_json=as_json)
    with reporting(output):
        chosen = names(cases)
        with Session.open(project) as session:
            changed = overrides(settings, tta=tta, keep_all_pieces=keep_all_pieces)
            job = session.jobs.start_predict(run, cases=chosen, device=device, precision=precision, overrides=changed)
            status = run_to_end(session, job)
            used = next(r for r in session.runs() if r.id == job)
            model = used.init
            by_id = {case.id: case.name for case in session.cases()}
        predicted = [by_id[case] for case in status.predicted]
        facts = {**_facts(job, status), "overrides": used.overrides, "run": model, "job": job, "cases": predicted}
        output.result(facts, f"{model}: predicted {plural(len(predicted), 'case')}{_took(status)}.", *status.alarms)


def resume(
    project: ProjectArgument,
    run: Annotated[str, typer.Argument(help="A run that failed or was stopped.", show_default=False)],
    device: Annotated[
        Literal["auto", "cpu", "cuda", "mps"] | None,
        typer.Option(help="Compute elsewhere from now on. Default: where it did.", show_default=False),
    ] = None,
    processes: ProcessesOption = 1,
    as_json: JsonOption = False,
) -> None:
    """Let a run that failed or was stopped go on from its last checkpoint."""
    output = Output(as_json=as_json)
    with reporting(output):
        with Session.open(project) as session:
            kept = session.jobs.resume(run, device, processes)
            output.note(f"{run} goes on from step {kept}." if kept else f"{run} starts from the beginning.")
            status = run_to_end(session, run)
            by_id = {case.id: case.name for case in session.cases()}
            crossed = session.cross.result(run)
        facts = {**_facts(run, status), "kind": status.kind, "resumed_from": status.resumed_from}
        if status.kind == "predict":
            facts["cases"] = [by_id[case] for case in status.predicted]
        told = [] if crossed is None else cross_lines(crossed)
        facts |= {} if crossed is None else cross_facts(crossed, by_id)
        output.result(facts, f"{run}: done{_took(status)}.", *told, *status.alarms)


def evaluate(
    project: ProjectArgument,
    run: Annotated[str, typer.Option(help="The run whose predictions to measure.")],
    cases: CasesOption = None,
    against: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Folder of reference masks named like the cases.")
    ] = None,
    mask_class: MaskClassOption = None,
    as_json: JsonOption = False,
) -> None:
    """3D Dice, surface distances and volume per case and class.

    Cases trained on, and those used for validation, are left out of the means.
    """
    output = Output(as_json=as_json)
    with reporting(output):
        chosen = names(cases)
        with Session.open(project) as session:
            with bar() as show:
                evaluation = session.evaluate(run, chosen, against, mask_class, counted(show, "Measuring"))
            class_names = [c.name for c in session.classes]
        for warning in evaluation.warnings:
            output.note(f"Warning: {warning}")
        output.result(evaluation_facts(evaluation), *evaluation_words(evaluation, class_names))


def evaluation_facts(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as the JSON object the command line promises."""
    return {
        "run": evaluation.run,
        "protocol": evaluation.protocol,
        "cases": [
            {
                "case": case.case,
                "trained_on": case.trained_on,
                "used_for_validation": case.used_for_validation,
                "in_pretraining_pool": case.in_pretraining_pool,
                "synthetic": case.synthetic,
                "slices": case.slices,
                "of": case.of,
                "classes": {
                    name: {
                        "dice": score.dice,
                        "volume_ml": score.volume_ml,
                        "reference_volume_ml": score.reference_volume_ml,
                        "volume_difference_ml": score.volume_difference_ml,
                        "hd95_mm": score.hd95_mm,
                        "assd_mm": score.assd_mm,
                    }
                    for name, score in case.scores.items()
                },
            }
            for case in evaluation.cases
        ],
        "averaged": evaluation.averaged,
        "mean": {name: {"dice": dice} for name, dice in evaluation.mean.items()},
        "mean_dice": evaluation.mean_dice,
        "warnings": list(evaluation.warnings),
    }


def evaluation_words(evaluation: Evaluation, class_names: list[str]) -> list[Any]:
    """An evaluation as a table and what must be known about it."""
    rows = []
    for case in evaluation.cases:
        said = (case.apart, "in pool" if case.in_pretraining_pool else "", "synthetic" if case.synthetic else "")
        marks = [mark for mark in said if mark]
        for name in class_names:
            if name in case.scores:
                score = case.scores[name]
                rows.append(
                    (
                        case.case,
                        name,
                        number(score.dice, 3),
                        number(score.hd95_mm, 1),
                        number(score.assd_mm, 1),
                        number(score.volume_ml, 1),
                        number(score.volume_difference_ml, 1),
                        f"{case.slices} of {case.of}",
                        ", ".join(marks),
                    )
                )
    lines: list[Any] = [
        table("case", "class", "Dice", "HD95 mm", "ASSD mm", "volume mL", "difference mL", "slices", "", rows=rows),
        "",
    ]
    if evaluation.synthetic:
        lines += [SYNTHETIC_FIGURES, ""]
    if not evaluation.averaged:
        return [*lines, "Labels of every measured case chose or taught the model: there is no result to report."]
    lines += [f"Mean Dice, {name}: {number(dice, 3)}" for name, dice in evaluation.mean.items()]
    over = evaluation.over or "over classes"
    lines.append(f"Mean Dice {over}: {number(evaluation.mean_dice, 3)} ({plural(evaluation.averaged, 'case')})")
    if evaluation.protocol == "transductive":
        lines.append("Transductive: images of cases in these means were learnt from; the figures are optimistic.")
    if evaluation.in_part:
        lines.append(evaluation.in_part)
    if any(case.trained_on for case in evaluation.cases):
        lines.append("Cases marked 'trained on' are not in the means.")
    if any(case.apart == "validation" for case in evaluation.cases):
        lines.append("Cases marked 'validation' are not in the means: they chose the learning rate or the best state.")
    return lines


def _stage_steps(status: JobStatus) -> dict[str, int]:
    """Steps of each stage of a training; several only for contrastive pretraining."""
    ends = [*(first for _, first in status.phases[1:]), status.steps]
    return {name: end - first for (name, first), end in zip(status.phases, ends, strict=True)}


def _stages(status: JobStatus) -> str:
    """How the steps were divided, where there is more than one stage."""
    steps = _stage_steps(status)
    if len(steps) < 2:
        return ""
    return ": " + ", ".join(f"{plural(count, 'step')} of {_STAGES.get(name, name)}" for name, count in steps.items())


def _validated(status: JobStatus, used: RunSummary) -> list[str]:
    """How the state that was kept did on the validation cases."""
    if status.best_dice is None:
        return []
    each = ", ".join(f"{name} {number(dice, 3)}" for name, dice in status.best_dices.items())
    return [
        f"Validation Dice {number(status.best_dice, 3)} ({each}), on {plural(used.validation_cases, 'case')} that "
        "chose this state: on new patients it may be lower."
    ]


def _facts(run: str, status: JobStatus) -> dict[str, Any]:
    return {
        "run": run,
        "state": status.state,
        "steps": status.steps,
        "loss": status.loss,
        "seconds": _seconds(status),
        "peak_memory_mb": status.peak_memory_mb,
        "device": status.device,
        "device_why": status.device_why,
        "precision": status.precision,
        "alarms": list(status.alarms),
    }


def _seconds(status: JobStatus) -> float | None:
    if status.started_at is None or status.ended_at is None:
        return None
    return status.ended_at - status.started_at


def _took(status: JobStatus) -> str:
    seconds = _seconds(status)
    if seconds is None:
        return ""
    why = f" ({status.device_why})" if status.device_why else ""
    return f" in {duration(seconds)} on {status.device}{why}"
