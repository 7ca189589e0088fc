"""The trainings of a cross-validation: in which order, with which fold, seed and start. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.jobs.events import FoldMeasured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import CrossValidationJob

_PHASE = re.compile(r"training (\d+) of (\d+)")


@dataclass(frozen=True)
class Training:
    """One training of a cross-validation.

    Attributes:
        number: counted from 1.
        of: how many there are.
        fold: place of the fold that is held out, from 0.
        seed: of its random choices.
        init: run it starts from; None for random weights.

    """

    number: int
    of: int
    fold: int
    seed: int
    init: str | None

    @property
    def phase(self) -> str:
        """What this part of the job is called in its events."""
        return f"training {self.number} of {self.of}"


def trainings_of(job: CrossValidationJob) -> tuple[Training, ...]:
    """Every training, in order: the starts of one fold and seed follow each other, then come the other folds."""
    each = [
        (fold, job.seed + repeat, init)
        for repeat in range(job.repeats)
        for fold in range(len(job.folds))
        for init in job.starts
    ]
    return tuple(Training(number, len(each), *one) for number, one in enumerate(each, start=1))


def numbered(phase: str) -> tuple[int, int] | None:
    """Which training a part of a job is, and of how many; None of any other part."""
    found = _PHASE.fullmatch(phase)
    return (int(found[1]), int(found[2])) if found else None


def measured_in(job: CrossValidationJob, events: Iterable[AnyEvent]) -> tuple[FoldMeasured, ...]:
    """The first trainings of a job, up to the first one that is not measured yet; of several words the last counts."""
    latest = {event.training: event for event in events if isinstance(event, FoldMeasured)}
    found: list[FoldMeasured] = []
    for one in trainings_of(job):
        event = latest.get(one.number)
        if event is None or (event.of, event.fold, event.seed, event.init) != (one.of, one.fold, one.seed, one.init):
            break
        found.append(event)
    return tuple(found)
