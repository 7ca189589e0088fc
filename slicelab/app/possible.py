"""What is possible now, of all that commands may need. It reads, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app.commands.spec import MAY, Need
from slicelab.app.models import models_of

if TYPE_CHECKING:
    from slicelab.app.desks.job_desk import JobDesk


def possible(
    *, writable: bool | None, jobs: JobDesk | None, cases: bool, case: bool, sequence: bool, predicted: bool
) -> set[Need]:
    """What there is.

    Args:
        writable: whether the open project may be changed; None where none is open.
        jobs: its jobs.
        cases: whether it has cases.
        case: whether one of them is shown.
        sequence: whether that one has a further sequence.
        predicted: whether a model's mask of it may be accepted.

    """
    there = {
        Need.PROJECT: writable is not None,
        Need.WRITABLE: bool(writable),
        Need.CASES: cases,
        Need.CASE: case,
        Need.SEQUENCE: sequence,
        Need.PREDICTION: predicted,
    }
    return {need for need, given in there.items() if given} | (set() if jobs is None else _of_jobs(jobs))


def _of_jobs(jobs: JobDesk) -> set[Need]:
    """What jobs, and what is left of them, allow."""
    unfinished = jobs.unfinished
    there = {
        Need.JOB: jobs.running,
        Need.IDLE: not jobs.running,
        Need.NETWORK: any(run.has_weights for run in jobs.runs),
        Need.UNFINISHED: unfinished is not None,
        Need.CPU_OFFER: unfinished is not None and unfinished.offers_cpu,
        Need.MODEL: jobs.in_use is not None,
        Need.TWO_MODELS: len(models_of(jobs.runs)) > 1,
    }
    given = {need for need, is_so in there.items() if is_so}
    return given | {need for kind, need in MAY.items() if jobs.may(kind)}
