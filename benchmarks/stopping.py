"""From pressing Stop to the end of the job's process, for every kind of job and each part of it.

Jobs are started through the session with the settings of the `fast` preset, as the window starts them, and stopped at a
moment drawn by chance within the part named. Counted is until the process is gone and its last word has been read, what
it saves before that included. Of several stops the longest counts.
"""

from __future__ import annotations

import random
import shutil
import statistics
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from benchmarks.first_minute import overrides_of_a_try, waited_for
from benchmarks.material import the_project, the_study
from benchmarks.result import Goal, Result, hardware, versions
from slicelab.data.embeddings import EMBEDDINGS
from slicelab.data.run_folder import RunFolder
from slicelab.engine.crossvalidating import CrossWish
from slicelab.engine.job_builder import JobOptions
from slicelab.engine.session import Session

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from slicelab.engine.status import JobStatus
    from slicelab.jobs.specs import CrossKind, Device, Method

LIMIT_S = 2.0
_POLL_S = 0.01
_MOST_S = 1.0
"""A stop comes up to so long after its part has begun: two steps or more on two cores."""
_ENDLESS = 100_000
_TRIES = 3
_PATIENCE_S = 900.0


@dataclass(frozen=True)
class Part:
    """A part of a job.

    Attributes:
        start: starts the job; its run.
        there: whether the part has begun, by the job's status.

    """

    start: Callable[[], str | None]
    there: Callable[[JobStatus], bool]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--times", type=int, default=None, help="stops of each part (5)")
    parser.add_argument("--parts", default="", help="names of parts, separated by commas; all by default")


def measure(asked: argparse.Namespace) -> list[Result]:
    """Every part, one after the other."""
    times = asked.times or (1 if asked.quick else 5)
    overrides = overrides_of_a_try() if asked.quick else {}
    with the_study(asked.study, labelled=4, unlabelled=4) as study, the_project(study) as project:
        with Session.open(project) as session:
            every = _parts(session, asked.device, overrides)
            chosen = asked.parts.split(",") if asked.parts else list(every)
            taken = {name: _stops(session, name, every[name], times) for name in chosen}
            computed = sorted({session.jobs.status(run.id).device for run in session.runs()} - {""})
    return [
        Result(
            name=f"stopping/{name}",
            ratio=max(seconds) / LIMIT_S,
            goal=Goal("<=", 1.0),
            ours={
                "seconds": max(seconds),
                "seconds_median": statistics.median(seconds),
                "seconds_each": seconds,
                "on": study.words,
                "computed": computed,
            },
            reference={"limit_seconds": LIMIT_S},
            hardware=hardware(),
            versions=versions(),
        )
        for name, seconds in taken.items()
    ]


def _parts(session: Session, device: Device, overrides: Mapping[str, object]) -> dict[str, Part]:
    """The parts by name; a short pretraining and a short training are made for those that need one."""
    pretrained, _ = waited_for(session, session.jobs.start_pretrain(steps=2, device=device, overrides=overrides))
    model, _ = waited_for(session, session.jobs.start_finetune(pretrained, steps=2, device=device))

    def pretrain(method: Method, **more: object) -> Callable[[], str]:
        asked = {**overrides, **more}
        steps = None if more else _ENDLESS
        return lambda: session.jobs.start_pretrain(method, steps=steps, device=device, overrides=asked)

    def prepare() -> str:
        shutil.rmtree(session.folder / "pool")  # what lies there already is not made again
        asked = {**overrides, "pool.n4": True}
        return session.jobs.start_pretrain("regression", steps=_ENDLESS, device=device, overrides=asked)

    def finetune(**more: object) -> Callable[[], str]:
        return lambda: session.jobs.start_finetune(pretrained, steps=_ENDLESS, device=device, overrides=more)

    def look_at_slices() -> str | None:
        for seen in session.folder.glob(f"runs/*/{EMBEDDINGS}"):
            seen.unlink()  # a network that has looked at all slices is not asked again
        return session.jobs.start_embed(model, device=device)

    def cross(kind: CrossKind, steps: int) -> Callable[[], str]:
        options = JobOptions(steps=steps, device=device)
        return lambda: session.cross.start(CrossWish(kind, pretrained, options=options))

    first = {"contrastive.steps": _ENDLESS, "contrastive.local_steps": 1}
    second = {"contrastive.steps": 1, "contrastive.local_steps": _ENDLESS}
    return {
        "preparing": Part(prepare, lambda status: status.phase == "preparing"),
        "contrastive-encoder": Part(pretrain("contrastive", **first), _learns),
        "contrastive-decoder": Part(pretrain("contrastive", **second), lambda status: status.step > 1),
        "regression": Part(pretrain("regression"), _learns),
        "blocks": Part(pretrain("blocks"), _learns),
        "finetune": Part(finetune(), _learns),
        "finetune-semi": Part(finetune(**{"finetune.semi.on": True}), _learns),
        "predict": Part(
            lambda: session.jobs.start_predict(model, device=device), lambda status: status.phase == "predict"
        ),
        "embed": Part(look_at_slices, lambda status: status.phase == "embed"),
        "compare-training": Part(cross("compare", _ENDLESS), _learns),
        # After the one step of its first training, a fold is predicted.
        "crossvalidate-predicting": Part(cross("crossvalidate", 1), _learns),
    }


def _learns(status: JobStatus) -> bool:
    return status.phase != "preparing" and status.step > 0


def _stops(session: Session, name: str, part: Part, times: int) -> list[float]:
    """Seconds from each stop to the end; a job that had ended before is started once more."""
    seconds: list[float] = []
    chance = random.Random(f"0 {name}")
    for _ in range(_TRIES * times):
        took = _stopped(session, part, chance.uniform(0.0, _MOST_S))
        if took is not None:
            seconds.append(took)
            sys.stderr.write(f"{name}: {took:.2f} s\n")
        if len(seconds) == times:
            return seconds
    raise SystemExit("the jobs were over before they could be stopped: use a larger study")


def _stopped(session: Session, part: Part, later_s: float) -> float | None:
    """Seconds from the stop of one job to its end; None if it ended by itself."""
    run = part.start()
    assert run is not None
    _until(session, lambda: part.there(session.jobs.status(run)) or session.jobs.status(run).ended)
    at = time.monotonic() + later_s
    _until(session, lambda: time.monotonic() >= at)
    process = RunFolder(session.folder / "runs" / run).pid("process")
    pressed = time.monotonic()
    if not session.jobs.status(run).ended:
        session.jobs.stop(run)
    _until(session, lambda: session.jobs.status(run).ended and not _lives(process))
    return time.monotonic() - pressed if session.jobs.status(run).state == "cancelled" else None


def _lives(pid: int | None) -> bool:
    return pid is not None and psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def _until(session: Session, so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not so():
        if time.monotonic() > deadline:
            raise SystemExit("a job never came so far")
        session.poll()
        time.sleep(_POLL_S)
