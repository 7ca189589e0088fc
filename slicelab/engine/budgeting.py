"""The label budget of a project: from what was measured and noted to what the next slices would probably bring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slicelab.core.budget import LEAST_ROUNDS, LEAST_SLICES, Spent, budget, points_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.core.budget import Budget
    from slicelab.data.store.project import ProjectStore
    from slicelab.engine.correcting import Corrections


class Budgeting:
    """Knows what each model cost."""

    def __init__(self, store: ProjectStore, corrections: Corrections, reader_id: int) -> None:
        self._store = store
        self._corrections = corrections
        self._reader = reader_id

    def now(self) -> Budget:
        """Dice before correction against labelled slices and minutes, and the predicted gain of five more slices."""
        finished, spent = self._corrections.standing(), self._spent()
        return budget(points_of(finished, spent, blind=True), points_of(finished, spent, blind=False))

    def _spent(self) -> dict[str, Spent]:
        gone = self._store.removed_runs()
        return {
            run.id: Spent(
                sum(member.slices for member in self._store.run_cases(run.id) if member.role in ("train", "val")),
                self._store.labelling_seconds_until(self._reader, run.created) / 60.0,
            )
            for run in self._store.runs()
            if run.kind == "finetune" and run.id not in gone
        }


def headline(found: Budget, said: Callable[[str], str] = str) -> str:
    """What the next slices would probably bring, in one sentence.

    Args:
        found: a budget.
        said: puts each part, a template with names in braces, into a language; English as it is.

    """
    gain = found.gain
    if gain is None:
        return said("Not enough yet")
    words = said("{more} more slices: about {dice} Dice (likely {low} to {high})").format(
        more=gain.more, dice=f"{gain.dice:+.2f}", low=f"{gain.low:+.2f}", high=f"{gain.high:+.2f}"
    )
    if math.isnan(gain.minutes):
        return words
    return words + said(", for roughly {minutes} min of labelling").format(minutes=max(round(gain.minutes), 1))


def explanation(found: Budget, said: Callable[[str], str] = str) -> str:
    """What must be known before believing it; arguments as of :func:`headline`."""
    if found.gain is None:
        have = len({point.spent.labelled for point in found.points})
        return said(
            "A gain is told after {rounds} trainings on different numbers of slices, each with at least {slices} "
            "slices finished after it in patients it never learned from; so far: {have}."
        ).format(rounds=LEAST_ROUNDS, slices=LEAST_SLICES, have=have)
    slices = [len(point.dice) for point in found.points]
    least, most = min(slices), max(slices)
    many = str(least) if least == most else said("{least} to {most}").format(least=least, most=most)
    kind = "painted blind" if found.reading == "blind" else "painted with a model's mask in sight, which is optimistic"
    words = said(
        "From Dice before correction of {trainings} trainings, each measured on other slices ({many}, {kind}): part of "
        "any difference is which slices those were. Curve: inverse power law; 95 % interval by drawing cases anew."
    ).format(trainings=len(found.points), many=many, kind=said(kind))
    spent = max(found.points, key=lambda point: point.spent.minutes).spent.minutes
    return words + (said(" So far: {minutes} min.").format(minutes=max(round(spent), 1)) if spent > 0.0 else "")
