"""What a job that goes on must find out: what it has done already, and what is not as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from slicelab.data.atomic import sha256_of
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.jobs.events import AlarmRaised, CasePredicted
from slicelab.learn.weights import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from slicelab.jobs.specs import CaseInput, PredictJob
    from slicelab.learn.keeper import Keeper


def differences(keeper: Keeper, change: str) -> Iterator[AlarmRaised]:
    """What a person must know of a job that goes on."""
    if keeper.problem:
        yield AlarmRaised(
            code="checkpoint_unusable",
            message=f"The job starts from the beginning: its checkpoint cannot be used, because {keeper.problem}.",
        )
    if keeper.found is not None and keeper.found.processes != keeper.processes:
        change = (
            f"{change} {keeper.found.processes} process(es) began this run, now there are {keeper.processes}.".strip()
        )
    if keeper.found is not None and keeper.found.torch != torch.__version__:
        change = f"{change} This run began with PyTorch {keeper.found.torch}, now it is {torch.__version__}.".strip()
    if change:
        yield AlarmRaised(
            code="resumed_differently",
            message=f"{change} Its losses differ in the last digits from those of an uninterrupted run.",
        )


def changed_volumes(
    project: Path, cases: tuple[CaseInput, ...], should_stop: Callable[[], bool]
) -> Iterator[AlarmRaised]:
    """Say which volumes are not those the job began with."""
    changed = []
    for case in cases:
        if should_stop():
            return
        path = project / case.volume
        if path.is_file() and sha256_of(path) != case.sha256:
            changed.append(case.case)
    if changed:
        yield AlarmRaised(
            code="volumes_changed",
            message=f"The volumes of {', '.join(changed)} have changed on the disk since this run began. It goes on; "
            "what it learns from them may not be what it began with.",
        )


def predicted_before(job: PredictJob, project: Path) -> frozenset[str]:
    """Cases that this job predicted when it ran before, with the very weights that lie there now."""
    weights = project / "runs" / job.model / WEIGHTS
    since = weights.stat().st_mtime if weights.is_file() else float("inf")
    own = {case.case for case in job.cases}
    return frozenset(
        event.case
        for event in EventReader(RunFolder(project / "runs" / job.run)).read_new()
        if isinstance(event, CasePredicted) and event.case in own and event.at > since and _stands(project, event)
    )


def _stands(project: Path, event: CasePredicted) -> bool:
    mask = (project / event.mask).resolve()
    return mask.is_relative_to(project.resolve() / "predictions") and mask.is_file() and sha256_of(mask) == event.sha256
