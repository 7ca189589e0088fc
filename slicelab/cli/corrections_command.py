"""The command that says what models' masks were worth before they were corrected: corrections."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from slicelab.cli.arguments import JsonOption, ProjectArgument
from slicelab.cli.output import Output, number, reporting, table
from slicelab.engine.choice_words import brought, choice_rows, followed
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from slicelab.core.correction import Group, Round


def corrections(
    project: ProjectArgument,
    keep_blind: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=0.5,
            metavar="SHARE",
            help="From now on hide predictions on this share of the slices in the window until they are done.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Dice before correction: each model's masks against the slices finished since, blind and assisted apart.

    Also how the finished slices came to be labelled, by a suggestion or by own choice, and what each way brought.
    """
    output = Output(as_json=as_json)
    with reporting(output), Session.open(project, read_only=keep_blind is None) as session:
        found = session.review.corrections
        if keep_blind is not None:
            found.keep_blind(keep_blind).result()
        rounds, classes, share = found.trend(), {c.value: c.name for c in session.classes}, found.blind_share
        rows = [row for one in rounds for row in _rows(one, classes)]
        lines: list[Any] = [
            table("model", "reading", *classes.values(), "slices", "voxels corrected", rows=rows),
            "Mean 2D Dice, and over how many slices that have the class. Assisted: a model's mask was seen or accepted "
            "first; optimistic.",
        ]
        if not rounds:
            lines = ["No slice was finished yet of which a model had made a mask before, without learning from it."]
        choices = session.advice.benefits()
        facts = {
            "blind_share": share,
            "rounds": [_facts(one, classes) for one in rounds],
            "choices": [{**asdict(one), "choice": one.choice.value} for one in choices],
        }
        if choices:
            lines.append(
                table("slices by", "slices", "cases", "min", "Dice blind", "Dice assisted", rows=choice_rows(choices))
            )
            lines += [" ".join(part for part in (followed(choices), brought(choices)) if part)]
        output.result(facts, *lines, f"Slices kept blind: {share:.0%}.")


_GROUPS = (("blind", "blind"), ("assisted", "assisted"), ("known_patients", "patient known"))


def _rows(one: Round, classes: dict[int, str]) -> list[tuple[str, ...]]:
    rows = []
    for name, said in _GROUPS:
        group: Group = getattr(one, name)
        if group.slices:
            means = [group.classes[value] for value in classes]
            dice = [f"{number(mean.dice)} ({mean.slices})" if mean.slices else "n/a" for mean in means]
            rows.append((one.model, said, *dice, str(group.slices), str(group.wrong)))
    return rows


def _facts(one: Round, classes: dict[int, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {"model": one.model}
    for name, _ in _GROUPS:
        group: Group = getattr(one, name)
        facts[name] = {
            "slices": group.slices,
            "dice": group.dice,
            "voxels_corrected": group.wrong,
            "voxels": group.final,
            "classes": {
                said: {"dice": group.classes[value].dice, "slices": group.classes[value].slices}
                for value, said in classes.items()
            },
        }
    return facts
