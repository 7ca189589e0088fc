"""A job that began before a case was left out for testing does not go on to learn from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.errors import JobError
from slicelab.jobs.specs import CrossValidationJob, FinetuneJob, PretrainJob

if TYPE_CHECKING:
    from collections.abc import Collection

    from slicelab.data.store.records import CaseRecord
    from slicelab.jobs.specs import AnyJob, CaseInput

_WORDS = {
    "pretrain": "This pretraining",
    "finetune": "This training",
    "compare": "This comparison",
    "crossvalidate": "This cross-validation",
}


def require_apart(job: AnyJob, left_out: Collection[CaseRecord]) -> None:
    """Let a job go on that learns from none of these cases, and chooses by none.

    Args:
        job: of the run that is to go on.
        left_out: every case that is kept for testing, with the others of its patient.

    Raises:
        JobError: it would learn from one of them.

    """
    met = {case.case for case in _learned_from(job)}
    names = [case.name for case in left_out if case.id in met]
    if not names:
        return
    more = f" and {len(names) - 1:,} more" if len(names) > 1 else ""
    are = "are" if more else "is"
    raise JobError(
        f"{_WORDS[job.kind]} began with {names[0]}{more}, which {are} left out for testing now.",
        "Start anew, without what is left out. Or take it off the list of those left out, and continue.",
    )


def _learned_from(job: AnyJob) -> tuple[CaseInput, ...]:
    match job:
        case PretrainJob():
            return job.cases
        case CrossValidationJob():
            return (*job.cases, *job.unlabelled)
        case FinetuneJob():
            return (*job.train, *job.val, *job.unlabelled)
        case _:
            return ()
