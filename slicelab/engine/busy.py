"""What a person is told who wants to change a project while a job of another window or command runs in it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from slicelab.core.errors import ProjectLockedError
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.engine.status import JobStatus, advance

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = {
    "pretrain": "pretraining",
    "finetune": "finetuning",
    "predict": "prediction",
    "embed": "look at the slices",
    "compare": "comparison",
    "crossvalidate": "cross-validation",
}


def running_job(project: Path) -> JobStatus | None:
    """The job whose process runs on this machine, read from its folder alone; None if there is none."""
    for path in sorted((project / "runs").glob("*/process.json"), reverse=True):
        folder = RunFolder(path.parent)
        if folder.pid("process") is not None:
            status = JobStatus(folder.path.name)
            for event in EventReader(folder).read_new():
                status = advance(status, event)
            return status
    return None


def with_the_job(error: ProjectLockedError, project: Path) -> ProjectLockedError:
    """The error, saying also which job runs and what can be done; as it was where none runs here."""
    status = running_job(project)
    if status is None or status.ended:
        return error
    at = f", step {status.step:,} of {status.steps:,}" if status.steps else ""
    if status.phase == "preparing":
        at = f", preparing volume {min(status.step + 1, status.steps)} of {status.steps}"
    return ProjectLockedError(
        f"A job is running in this project: {status.run} ({_KINDS.get(status.kind, 'starting')}{at}). {error.message}",
        "Wait for the job's end, or stop it where it was started. If a window has the project open, it keeps it after "
        f"the job, too. {error.remedy}",
        typed="Ctrl+C stops a job that a command started. "
        f"`slicelab runs {shlex.quote(str(project))}` says how far it is, and works meanwhile.",
    )
