"""One job, from job.json to its last event."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import platform
import signal
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import psutil

from slicelab.core.errors import BeginAgainError, JobError, NoDeviceError, NoMemoryError, SlicelabError
from slicelab.data.atomic import write_bytes
from slicelab.data.run_folder import EventReader, EventWriter, RunFolder
from slicelab.jobs.events import (
    CheckpointSaved,
    FoldMeasured,
    JobCancelled,
    JobFailed,
    JobFinished,
    JobStarted,
    continue_words,
)
from slicelab.jobs.place import Place
from slicelab.worker.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import AnyJob

log = logging.getLogger(__name__)

FINISHED, FAILED, CANCELLED = 0, 1, 3
"""Exit codes."""
_NICE = 19
_FILES = 65536
_LAST_WORD_S = 5.0
"""How long another process than the first stays after a failure: torchrun ends all once one is gone, and what befell
all of them the first one should say before."""


def run(path: Path) -> int:
    """Run the job in a run's folder, or this process's share of it; every outcome is an event.

    Args:
        path: ``<project>/runs/<id>``.

    Returns:
        The exit code: 0 finished, 1 failed, 3 cancelled.

    """
    place = Place.told()
    _allow_many_files()
    if not place.first:
        return _run_beside(RunFolder(path.resolve()), place)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    folder = RunFolder(path.resolve())
    events = _Log(folder)
    folder.claim("process")
    _yield_to_the_window()
    if place.world > 1:
        signal.signal(signal.SIGTERM, _ended_with_the_others)
    try:
        job = folder.read_job()
        watch = Watch(folder, survive_owner=job.survive_window)
        watch.start()
        started = time.monotonic()
        _write_environment(folder)
        for event in _learning(job, folder, place, watch):
            events.write(event, durable=isinstance(event, FoldMeasured))
        watch.close()
        if watch.should_stop():
            events.write(JobCancelled(reason=watch.reason), durable=True)
            return CANCELLED if place.world == 1 else FINISHED  # to torchrun, anything but 0 is a failure
        events.write(JobFinished(seconds=time.monotonic() - started, peak_memory_mb=_peak_memory_mb()), durable=True)
        # Only now: whatever happened until here, the job could have gone on.
        folder.checkpoint_path.unlink(missing_ok=True)
        return FINISHED
    except NoMemoryError as error:
        log.exception("Out of memory")
        events.fail(error.message, error.remedy, offer="cpu" if error.offer_cpu else None)
    except BeginAgainError as error:
        if _begins_again(folder, place):
            log.exception("Out of memory: all processes begin again with a smaller batch")
            return FAILED
        log.exception("Out of memory")
        events.fail(error.message, error.remedy)
    except NoDeviceError as error:
        log.exception("The device is not there")
        events.fail(error.message, error.remedy, offer="cpu")
    except SlicelabError as error:
        log.exception("The job failed")
        if _begins_again(folder, place):  # ended with the process that found too little memory
            return FAILED
        events.fail(error.message, error.remedy)
    except MemoryError:
        log.exception("Out of memory")
        events.fail("The computer ran out of memory.", "Close other programs.")
    except Exception:  # the last line of defence: a traceback belongs into the log, not before the user
        log.exception("The job failed")
        events.fail(
            "The job stopped because of an unexpected error.",
            "If it stops again, send the run's log.txt to the developers.",
        )
    return FAILED


def _run_beside(folder: RunFolder, place: Place) -> int:
    """Run another process's share than the first's: it writes nothing but a log of its own, and does as the first."""
    with folder.log_of(place.rank).open("ab") as own:
        os.dup2(own.fileno(), sys.stdout.fileno())
        os.dup2(own.fileno(), sys.stderr.fileno())
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    _yield_to_the_window()
    try:
        for _ in _learning(folder.read_job(), folder, place, Watch(folder, survive_owner=True)):
            pass
    except BeginAgainError:
        log.exception("Out of memory: all processes begin again with a smaller batch")
        if not _begins_again(folder, place):
            time.sleep(_LAST_WORD_S)
        return FAILED
    except Exception:
        log.exception("Process %d failed", place.rank)
        time.sleep(_LAST_WORD_S)
        return FAILED
    return FINISHED


def _begins_again(folder: RunFolder, place: Place) -> bool:
    """Whether all processes end for a batch that was too large for one, and are started again."""
    return place.world > 1 and place.once_more and folder.too_large() is not None


def _ended_with_the_others(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # the last word shall be said in peace
    raise JobError(
        "The job was ended from outside, or because one of its processes failed.",
        "Its logs (log.1.txt and so on) say why.",
    )


class _Log(EventWriter):
    """Writes events and remembers from which step the job could go on."""

    def __init__(self, folder: RunFolder) -> None:
        super().__init__(folder)
        self._folder, self._begun = folder, False
        self._kept: int | None = None

    def write(self, event: AnyEvent, *, durable: bool = False) -> None:
        """Append one event."""
        if isinstance(event, JobStarted):
            self._begun = True
            self._kept = event.resumed_from
        elif isinstance(event, CheckpointSaved):
            self._kept = event.step
        super().write(event, durable=durable)

    def fail(self, message: str, remedy: str, offer: Literal["cpu"] | None = None) -> None:
        """Append why the job failed and what to do."""
        kept = self._kept if self._begun else _kept_before(self._folder)
        remedy = f"{remedy} {continue_words(kept)}".strip()
        self.write(JobFailed(message=message, remedy=remedy, offer=offer), durable=True)


def _kept_before(folder: RunFolder) -> int | None:
    """The step an earlier process of the job saved last, if that is still there."""
    saved = [event.step for event in EventReader(folder).read_new() if isinstance(event, CheckpointSaved)]
    return saved[-1] if saved and folder.checkpoint_path.is_file() else None


def _learning(job: AnyJob, folder: RunFolder, place: Place, watch: Watch) -> Iterator[AnyEvent]:
    # Imported here: torch takes seconds, and the watch must already listen then.
    from slicelab.learn.run import JobContext, run_job

    context = JobContext(folder.path.parent.parent, folder.path, watch.should_stop, watch.paused, place)
    return run_job(job, context)


def _allow_many_files() -> None:
    """Let this process hold as many files as the system allows: each mapped volume of a pool is one."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):  # macOS names a limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _FILES)) if hard >= 0 else _FILES, hard))


def _yield_to_the_window() -> None:
    """Lower this process's priority, never its thread count, so that the window paints smoothly.

    ``SLICELAB_NICE`` chooses another priority (0 to 19): on a machine that is busy with other work for days, a job of
    the lowest priority would hardly ever run.
    """
    chosen = os.environ.get("SLICELAB_NICE", "")
    nice = min(int(chosen), _NICE) if chosen.isdecimal() else _NICE
    if not nice:
        return
    try:
        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else nice)
        # Linux desktops schedule by session first, and this process leads one of its own: without this its
        # niceness would count against nobody.
        autogroup = Path("/proc/self/autogroup")
        if autogroup.exists():
            autogroup.write_text(str(nice))
        if nice == _NICE and sys.platform == "linux":
            # The window's threads then take the processor at once, instead of when the job's turn is over.
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
    except (psutil.Error, OSError):
        log.warning("The job's priority could not be lowered")


def _write_environment(folder: RunFolder) -> None:
    packages = {name: _version(name) for name in ("slicelab", "torch", "numpy", "scipy", "nibabel", "SimpleITK")}
    facts = {"python": platform.python_version(), "system": platform.platform(), "packages": packages}
    write_bytes(folder.path / "environment.json", json.dumps(facts, indent=1).encode())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:  # a bare GPU machine has no readers
        return None


def _peak_memory_mb() -> float:
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)
