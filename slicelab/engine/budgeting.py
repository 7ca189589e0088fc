"""The label budget of a project: from what was measured and noted to what the next slices would probably bring."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slicelab.core.budget import LEAST_ROUNDS, LEAST_SLICES, Spent, budget, points_of

if TYPE_CHECKING:
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


def headline(found: Budget) -> str:
    """What the next slices would probably bring, in one sentence."""
    gain = found.gain
    if gain is None:
        return "Not enough yet"
    minutes = "" if math.isnan(gain.minutes) else f", for roughly {max(round(gain.minutes), 1)} min of labelling"
    return f"{gain.more} more slices: about {gain.dice:+.2f} Dice (likely {gain.low:+.2f} to {gain.high:+.2f}){minutes}"


def explanation(found: Budget) -> str:
    """What must be known before believing it."""
    if found.gain is None:
        have = len({point.spent.labelled for point in found.points})
        return (
            f"A gain is told after {LEAST_ROUNDS} trainings on different numbers of slices, each with at least "
            f"{LEAST_SLICES} slices finished after it in patients it never learned from; there "
            f"{'is' if have == 1 else 'are'} {have} so far."
        )
    slices = [len(point.dice) for point in found.points]
    many = str(min(slices)) if len(set(slices)) == 1 else f"{min(slices)} to {max(slices)}"
    kind = "painted blind" if found.reading == "blind" else "painted with a model's mask in sight, which is optimistic"
    spent = max(found.points, key=lambda point: point.spent.minutes).spent.minutes
    so_far = f" So far: {max(round(spent), 1)} min." if spent > 0.0 else ""
    return (
        f"From Dice before correction of {len(found.points)} trainings, each measured on other slices ({many}, "
        f"{kind}): part of any difference is which slices those were. Curve: inverse power law; 95 % "
        f"interval by drawing cases anew.{so_far}"
    )
