"""Which models there are and how they are named: from runs and measurements to rows of a table. Pure."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.app import words
from slicelab.app.numbers import written
from slicelab.core.durations import duration
from slicelab.engine.run_names import run_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slicelab.core.evaluation import Evaluation
    from slicelab.engine.views import RunSummary


@dataclass(frozen=True)
class ModelRow:
    """One model as it is listed."""

    run: str
    name: str
    learned_from: str
    dice: str
    tip: str
    in_use: bool
    worth: str = ""
    """What its masks are worth where it was measured on cases it never learned from, in a sentence."""


def models_of(runs: Sequence[RunSummary]) -> tuple[RunSummary, ...]:
    """Finetuned runs that can predict, oldest first."""
    return tuple(run for run in runs if run.kind == "finetune" and run.has_weights)


def model_in_use(runs: Sequence[RunSummary], chosen: str | None) -> str | None:
    """The model whose predictions are shown: the chosen one, or else the newest that was trained to its end.

    One that was stopped is taken only where there is no other: it has no predictions, and must not hide those of the
    model before it.
    """
    models = models_of(runs)
    if chosen in [run.id for run in models]:
        return chosen
    whole = [run.id for run in models if run.status == "finished"]
    return next(reversed(whole or [run.id for run in models]), None)


def second_model(
    runs: Sequence[RunSummary], first: str | None, chosen: str | None, predicted: Sequence[str]
) -> str | None:
    """The model to show beside the one in use: the chosen one, or else the newest, those with a mask of the case first.

    Args:
        runs: every run of the project, oldest first.
        first: the model in use.
        chosen: what the person chose.
        predicted: models that have a mask of the open case.

    """
    others = [run.id for run in models_of(runs) if run.id != first]
    if chosen in others:
        return chosen
    return next(reversed([run for run in others if run in predicted] or others), None)


def model_name(run_id: str, runs: Sequence[RunSummary]) -> str:
    """``Model 3``: models are counted in the order they were made."""
    return names_of(models_of(runs)).get(run_id, run_id)


def names_of(runs: Sequence[RunSummary]) -> dict[str, str]:
    """What every run is called, by its id."""
    return run_names((run.id, run.kind, run.has_weights) for run in runs)


def model_rows(
    runs: Sequence[RunSummary], in_use: str | None, measured: Mapping[str, Evaluation]
) -> tuple[ModelRow, ...]:
    """Rows of the models' table, newest first.

    Args:
        runs: every run of the project, oldest first.
        in_use: the model whose predictions are shown.
        measured: evaluations there are, by model run.

    """
    rows, names = [], names_of(runs)
    for run in reversed(models_of(runs)):
        evaluation = measured.get(run.id)
        start = f"from {names[run.init]}" if run.init in names else "from scratch"
        if run.init and run.init not in names:
            start = "pretrained"  # by a run that was removed since
        took = f" · {duration(run.finished - run.created)}" if run.finished else ""
        taught_by = f" · labels of {run.other_reader}" if run.other_reader else ""
        if evaluation is None:
            dice, tip = "not measured", "Press Measure Dice in Review"
        else:
            mean = written(words.dice(evaluation.mean_dice))
            # Below it, since beside it no room is left: models measured on different cases must not look alike.
            cases = words.plural(evaluation.averaged, "case") if evaluation.averaged else ""
            dice = "\n".join(filter(None, (mean, evaluation.over, cases)))
            tip = f"Mean 3D Dice over {words.plural(evaluation.averaged, 'case')} whose labels it never met"
            if evaluation.over:
                tip += ". Compare it only with models measured on the same classes"
        tip += f"\nMade {time.strftime('%Y-%m-%d %H:%M', time.localtime(run.finished or run.created))}"
        rows.append(
            ModelRow(
                run=run.id,
                name=model_name(run.id, runs),
                learned_from=f"{words.plural(run.slices, 'slice')}, {start}{took}{taught_by}",
                dice=dice,
                tip=tip,
                in_use=run.id == in_use,
                worth=words.worth(None, evaluation)[0] if evaluation and evaluation.averaged else "",
            )
        )
    return tuple(rows)
