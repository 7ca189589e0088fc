"""A window of its own that starts a job as soon as it can, and lives until it is killed.

``python window_to_kill.py PROJECT KIND``; kinds: the methods of a pretraining, and those of other jobs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from story import NETWORK, small_jobs

from slicelab.app.application import application, make_window
from slicelab.app.desks.job_desk import JobDesk
from slicelab.engine.job_calls import Jobs

LONG = 50_000
"""Steps: more than anybody waits for."""


def begin(jobs: JobDesk, kind: str) -> None:
    """Ask for a job, as its button does."""
    init = next((run.id for run in jobs.runs if run.kind == "pretrain"), None)
    match kind:
        case "contrastive" | "regression" | "blocks":
            jobs.pretrain(kind, LONG)
        case "finetune":
            jobs.train(init, LONG)
        case "predict":
            jobs.predict()
        case "embed":
            jobs.look_at_slices()
        case "crossvalidate" | "compare":
            jobs.cross_validate(kind, init, LONG)


def main() -> int:
    """Live until killed."""
    folder, kind = Path(sys.argv[1]), sys.argv[2]
    patch = pytest.MonkeyPatch()
    pretrain = Jobs.start_pretrain
    small_jobs(patch)

    def learn(self: Jobs, method: str = "contrastive", **more: object) -> str:
        return pretrain(self, method, **{**more, "overrides": {**NETWORK, f"{method}.batch": 4}})

    patch.setattr(Jobs, "start_pretrain", learn)
    app, window = application(), make_window(folder)
    window.show()

    def look() -> None:
        jobs = window.jobs
        if jobs is not None and jobs.runs:
            timer.stop()
            begin(jobs, kind)

    timer = QTimer(interval=50)
    timer.timeout.connect(look)
    timer.start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
