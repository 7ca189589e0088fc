"""Jobs are started through the session: one that was asked for, the prediction that was promised, or what is next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slicelab.engine.agenda import Wish
    from slicelab.engine.session import Session
    from slicelab.jobs.specs import Device


@dataclass(frozen=True)
class Started:
    """A job that was just started: run id and kind."""

    run: str
    kind: str


def started(session: Session, wish: Wish, first: str | None, device: Device) -> Started | None:
    """Start a job that was asked for; None where there is nothing left to do."""
    run = session.jobs.start(wish, first=first, device=device)
    return None if run is None else Started(run, wish.kind)


def promised(session: Session, first: str | None, device: Device) -> Started | None:
    """Start the prediction that a training promised, if one is due."""
    run = session.jobs.start_promised(first=first, device=device)
    return None if run is None else Started(run, "predict")


def next_started(session: Session, first: str | None, device: Device) -> Started | None:
    """Start the prediction that is due, or the first job that waits and has something to do; None if there is none."""
    if (due := promised(session, first, device)) is not None:
        return due
    while (wish := session.agenda.take()) is not None:
        found = started(session, wish, first, device)
        if found is not None:
            return found
    return None
