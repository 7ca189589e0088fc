"""Progress bars with time left, on stderr."""

from __future__ import annotations

import shlex
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from slicelab.core.durations import duration
from slicelab.core.errors import JobError
from slicelab.engine.follow import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slicelab.engine.session import Session
    from slicelab.engine.status import JobStatus

_PHASES = {
    "": "Starting",
    "preparing": "Preparing slices",
    "regression": "Learning without labels (hidden pixels)",
    "blocks": "Learning without labels (hidden patches)",
    "global": "Learning without labels (whole slices)",
    "local": "Learning without labels (places)",
    "finetune": "Learning from labelled slices",
    "predict": "Predicting",
    "embed": "Looking at every slice",
}


LINE_EVERY_S = 30.0
"""How often a line is written where there is no terminal to draw a bar on."""


@contextmanager
def bar(*, left: bool = True) -> Iterator[Callable[[float, str], None]]:
    """A bar on stderr; call the yielded function with a share from 0 to 1 and a line of words.

    The time left is estimated from the share, unless ``left`` is false: then the words say it themselves.
    Where stderr is no terminal (a log file, a cluster), it is a plain line now and then.
    """
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = [TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()]
    if left:
        columns += [TextColumn("left:"), TimeRemainingColumn()]
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=1.0)
        yield lambda share, words: progress.update(task, completed=share, description=words)


def counted(show: Callable[[float, str], None], verb: str) -> Callable[[int, int, str], None]:
    """What tells a bar how many of how many things are done, and which one is at hand: "Importing liver_03"."""
    return lambda done, total, name: show(done / max(total, 1), f"{verb} {name}")


def _lines(console: Console) -> Callable[[float, str], None]:
    last = time.monotonic()

    def show(share: float, words: str) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_EVERY_S:
            last = time.monotonic()
            console.print(f"{share:.0%} {words}", markup=False)

    return show


def run_to_end(session: Session, run_id: str) -> JobStatus:
    """Follow a job with a bar until it has ended; Ctrl+C stops it.

    Raises:
        JobError: the job failed or was stopped.
        KeyboardInterrupt: the person stopped it; it says how the job goes on.

    """
    try:
        with bar(left=False) as show:
            status = follow(session, run_id, lambda now: show(now.fraction, words(now)), stopping=_say_stopping)
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(how_to_go_on(session, run_id)) from stop
    if status.state == "failed":
        elsewhere = " --device cpu" if status.offers_cpu else ""
        remedy = f"{status.remedy} `{_resume(session, run_id)}{elsewhere}` does that."
        raise JobError(status.message, remedy, "The project and its labels are safe.")
    if status.state == "cancelled":
        raise JobError(f"The job was {status.message}.", how_to_go_on(session, run_id), "What it saved before is safe.")
    return status


def how_to_go_on(session: Session, run_id: str) -> str:
    """The command for a run that ended early."""
    kept = session.jobs.checkpoint(run_id)
    where = "starts it again" if not kept else f"continues from step {kept}"
    return f"`{_resume(session, run_id)}` {where}."


def _resume(session: Session, run_id: str) -> str:
    return f"slicelab resume {shlex.quote(str(session.folder))} {run_id}"


def _say_stopping() -> None:
    Console(stderr=True).print("Stopping; the job saves what it has. Press Ctrl+C again to end it at once.")


def words(status: JobStatus) -> str:
    """One line on where a job is."""
    parts = [_PHASES.get(status.phase, status.phase.capitalize())]
    if status.phase == "preparing":
        return f"{parts[0]}, volume {min(status.step + 1, status.steps)} of {status.steps}"
    if status.loss is not None:
        parts.append(f"loss {status.loss:.3f}")
    if status.eta_s is not None:
        parts.append(f"{duration(status.eta_s)} left")
    return ", ".join(parts)
