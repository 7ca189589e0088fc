"""Waits for a job, step by step, for those who have nothing else to do."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.engine.session import Session
    from slicelab.engine.status import JobStatus

POLL_S = 0.1
STOP_PATIENCE_S = 60.0
"""How long a job that was asked to stop may take before it is ended."""


def follow(
    session: Session,
    run_id: str,
    show: Callable[[JobStatus], None],
    *,
    stopping: Callable[[], None] = lambda: None,
    poll_s: float = POLL_S,
) -> JobStatus:
    """Poll until the job has ended, showing each snapshot.

    Args:
        session: the open project.
        run_id: the job.
        show: called after every poll with the latest snapshot.
        stopping: called when the person interrupted and the job was asked to stop.
        poll_s: pause between polls, seconds.

    Raises:
        KeyboardInterrupt: the person interrupted; the job was stopped first, and what it saved is safe.

    """
    try:
        return _until_ended(session, run_id, show, poll_s)
    except KeyboardInterrupt:
        _stop(session, run_id, stopping, poll_s)
        raise


def _stop(session: Session, run_id: str, stopping: Callable[[], None], poll_s: float) -> None:
    """See the job to its end: asked nicely, and ended when the person asks again or it does not answer."""
    try:
        session.jobs.stop(run_id)
        stopping()
        deadline = time.monotonic() + STOP_PATIENCE_S
        while run_id in session.jobs.running and time.monotonic() < deadline:
            session.poll()
            time.sleep(poll_s)
    except KeyboardInterrupt:
        pass
    session.jobs.kill(run_id)
    while run_id in session.jobs.running:
        session.poll()
        time.sleep(poll_s)


def _until_ended(session: Session, run_id: str, show: Callable[[JobStatus], None], poll_s: float) -> JobStatus:
    while True:
        session.poll()
        status = session.jobs.status(run_id)
        show(status)
        if status.ended:
            return status
        time.sleep(poll_s)
