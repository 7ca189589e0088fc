"""Starts job processes and follows them through their run folders."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import psutil

from slicelab.core.errors import JobError
from slicelab.data.run_folder import EventReader, EventWriter, RunFolder
from slicelab.engine.status import JobStatus, advance, begun
from slicelab.jobs.events import JobCancelled, JobContinued, JobFailed, continue_words

if TYPE_CHECKING:
    from slicelab.data.run_folder import Wish
    from slicelab.jobs.events import AnyEvent


# A waiting OpenMP thread sleeps instead of spinning. Where other processes want the cores, a job, whose priority is
# the lowest, otherwise spends its time slices on waiting: it did 0.15 steps a second instead of 0.05.
_YIELDING = {"OMP_WAIT_POLICY": "PASSIVE"}


class JobProcess(Protocol):
    """A process as its starter sees it: a ``subprocess.Popen``, for one."""

    @property
    def pid(self) -> int:
        """Its number."""

    @property
    def returncode(self) -> int | None:
        """How it ended (a signal's number is negative), as far as that was asked; None before."""

    def poll(self) -> int | None:
        """Ask how it ended; None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end; raises ``subprocess.TimeoutExpired``."""


class FollowedJob:
    """A job process, started here or found again, and what is known of it."""

    def __init__(self, folder: RunFolder, process: JobProcess | None) -> None:
        self.folder = folder
        self.status = first_status(folder)
        self._process = process
        self._killed = False
        self._elsewhere = process is None and folder.elsewhere
        self._reader = EventReader(folder)

    def wish(self, wish: Wish) -> None:
        """Ask the job to go on, to pause or to stop; until it does, its status says what was asked."""
        self.folder.wish(wish)
        self.status = replace(self.status, asked="" if wish == "go" else wish)

    def catch_up(self) -> None:
        """Read what is old news."""
        self._take()

    def poll(self) -> list[AnyEvent]:
        """New events; a process that ended without a last word gets one written for it."""
        if self._elsewhere and self.status.state == "starting" and self.folder.wished() == "stop":
            self._append(JobCancelled(reason="stopped before it began"))
        gone = self._gone()  # asked before reading, so that nothing written before the end is missed
        events = self._take()
        if gone and not self.status.ended:
            self._write_last_word()
            events += self._take()
        return events

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for a process started here to be gone; whether it is."""
        if self._process is None:
            return self._gone()
        try:
            self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        return True

    def let_go_on(self) -> None:
        """Let the job go on when this window is gone: from now on it owns itself, and one that is paused goes on."""
        if self.folder.wished() == "pause" and not self.status.ended:
            self.folder.wish("go")  # nobody would see it hold still
        pid = self._process.pid if self._process is not None else self.folder.pid("process")
        if pid is not None and not self._gone():
            self.folder.claim("owner", pid)

    def part(self) -> None:
        """Follow the process no more; it may live on. A thread waits for its end, so that it leaves no zombie."""
        if self._process is not None and self._process.poll() is None:
            threading.Thread(target=self._process.wait, name="parted", daemon=True).start()

    def kill(self) -> None:
        """End the process, and those it started, at once; the run then counts as cancelled.

        One elsewhere is given up: nothing more is expected of it.
        """
        if self._elsewhere:
            if not self.status.ended:
                self._append(JobCancelled(reason="given up: it runs, if at all, where it cannot be ended from here"))
            return
        pid = self._process.pid if self._process is not None else self.folder.pid("process")
        if pid is None or self._gone():
            return
        self._killed = True
        for process in _with_children(pid):
            with contextlib.suppress(psutil.Error):
                process.kill()

    def _take(self) -> list[AnyEvent]:
        events = self._reader.read_new()
        for event in events:
            self.status = advance(self.status, event)
        return events

    @property
    def elsewhere(self) -> bool:
        """Whether the job was left for others to start, perhaps on other machines."""
        return self._elsewhere

    def _gone(self) -> bool:
        if self._elsewhere:
            return False
        if self._process is not None:
            return self._process.poll() is not None
        return self.folder.pid("process") is None

    def _write_last_word(self) -> None:
        if self._killed:
            self._append(JobCancelled(reason="ended by the user before it could save"))
            return
        code = self._process.returncode if self._process is not None else None
        words = {None: "was not running any more", -9: "was ended from outside, perhaps for lack of memory"}
        how = words.get(code, f"ended unexpectedly (exit code {code})")
        self._append(JobFailed(message=f"The job's process {how}.", remedy=continue_words(self.status.checkpoint)))

    def _append(self, event: AnyEvent) -> None:
        self.folder.path.mkdir(parents=True, exist_ok=True)  # somebody may have removed it
        writer = EventWriter(self.folder)
        writer.write(event, durable=True)
        writer.close()


def first_status(folder: RunFolder) -> JobStatus:
    """What is known of a run before its log is read: from its job, where that can be read."""
    try:
        return begun(folder.path.name, folder.read_job())
    except JobError:
        return JobStatus(folder.path.name)


def _with_children(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.Error:
        return []


def go_on(folder: RunFolder, processes: int = 1) -> FollowedJob:
    """Start the job of a run that ended early once more; it goes on from its checkpoint.

    Args:
        folder: the run's.
        processes: how many share it from now on.

    Raises:
        JobError: the process cannot be started.

    """
    writer = EventWriter(folder)
    writer.write(JobContinued(), durable=True)
    writer.close()
    followed = start(folder, processes)
    followed.catch_up()
    return followed


def leave(folder: RunFolder) -> FollowedJob:
    """Leave the job whose ``job.json`` lies in the folder to be started by hand, and follow it from its first event."""
    folder.wish("go")
    folder.leave_to_others()
    return FollowedJob(folder, None)


def start(folder: RunFolder, processes: int = 1) -> FollowedJob:
    """Start the job whose ``job.json`` lies in the folder, as a process and session of its own.

    Args:
        folder: the run's.
        processes: how many share a pretraining on this machine.

    Raises:
        JobError: the process cannot be started.

    """
    folder.wish("go")
    folder.leave_to_others(left=False)
    folder.claim("owner")
    try:
        process = begin(folder, processes)
    except OSError as error:
        raise JobError(
            "The job's process could not be started.", "Check the disk and memory, then try again."
        ) from error
    with contextlib.suppress(psutil.Error):  # gone already: whoever follows it sees that
        # It says so itself once it is up; a window that is closed and opened before must not take it for dead.
        folder.claim("process", process.pid)
    return FollowedJob(folder, process)


def begin(folder: RunFolder, processes: int) -> JobProcess:
    """Begin the process itself, which writes what it says into the run's log.

    Args:
        folder: the run's.
        processes: how many share the job.

    Raises:
        OSError: it cannot be started.

    """
    shared = [str(processes)] if processes > 1 else []
    with folder.log_path.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "slicelab.worker", str(folder.path), *shared],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=environment(),
        )


def environment() -> dict[str, str]:
    """The variables a job's process gets: this process's, and a few for it alone."""
    return {**_YIELDING, **os.environ, "PYTHONUNBUFFERED": "1", "PYTHONFAULTHANDLER": "1"}


def find_again(folder: RunFolder) -> FollowedJob:
    """Follow a job that an earlier window started; this process becomes its owner, unless it was let go on.

    A job that was let go on stays its own: a command that opens the project for a moment must not end it by leaving.
    """
    process = folder.pid("process")
    if process is not None and folder.pid("owner") != process:
        folder.claim("owner")
    return FollowedJob(folder, None)
