"""The run's folder: the wire between a job process and whoever watches it.

``job.json`` goes in; ``events.jsonl`` comes out (append-only, one event a line, flushed); ``control`` holds one word
(go, pause, stop); ``owner.json`` names the process that wants the job, ``process.json`` the one that runs it;
``log.txt`` takes stdout and stderr. No pipe, no socket, no pickle: a window that comes back later, the command line
and a remote shell all see the same.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Literal, cast

import psutil

from slicelab.core.errors import JobError
from slicelab.data.atomic import write_bytes
from slicelab.jobs.events import EventAdapter
from slicelab.jobs.specs import JobAdapter

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import AnyJob

Wish = Literal["go", "pause", "stop"]


class RunFolder:
    """Names and formats of the files in ``runs/<id>/``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def events_path(self) -> Path:
        """The event log."""
        return self.path / "events.jsonl"

    @property
    def log_path(self) -> Path:
        """What the process printed."""
        return self.path / "log.txt"

    @property
    def snapshot_path(self) -> Path:
        """The labels the run saw."""
        return self.path / "labels.npz"

    @property
    def checkpoint_path(self) -> Path:
        """The state a training can go on from; gone once the job is finished."""
        return self.path / "checkpoint.safetensors"

    @property
    def too_large_path(self) -> Path:
        """The batch for which a process of several found too little memory; gone once all of them have heard of it."""
        return self.path / "too_large"

    def note_too_large(self, batch: int) -> None:
        """Note the batch, for all processes of the job to read when they begin again."""
        write_bytes(self.too_large_path, str(batch).encode())

    def too_large(self) -> int | None:
        """The batch that was too large, if one was and not all processes have heard of it yet."""
        try:
            return int(self.too_large_path.read_bytes())
        except (OSError, ValueError):
            return None

    def preview_of(self, case: str) -> Path:
        """What a training last made of a case on its way."""
        return self.path / "preview" / f"{case}.nii.gz"

    @property
    def way_path(self) -> Path:
        """How good a training was on its way, on labelled cases that it does not learn from."""
        return self.path / "on_the_way.json"

    def log_of(self, rank: int) -> Path:
        """What another process of the job than the first printed."""
        return self.path / f"log.{rank}.txt"

    @property
    def elsewhere(self) -> bool:
        """Whether the job is left for others to start, perhaps on other machines: nobody here sees their processes."""
        return (self.path / "elsewhere").exists()

    def leave_to_others(self, *, left: bool = True) -> None:
        """Say that the job is started by hand, or (``left`` false) that it is started from here after all."""
        if left:
            write_bytes(self.path / "elsewhere", b"")
        else:
            (self.path / "elsewhere").unlink(missing_ok=True)

    def write_job(self, job: AnyJob) -> None:
        """Create the folder and put the job into it."""
        self.path.mkdir(parents=True, exist_ok=True)
        write_bytes(self.path / "job.json", job.model_dump_json(indent=1).encode())

    def read_job(self) -> AnyJob:
        """The job.

        Raises:
            JobError: there is none, or it is not a job this version knows.

        """
        try:
            return JobAdapter.validate_json((self.path / "job.json").read_bytes())
        except (OSError, ValueError) as error:
            raise JobError("The run's folder holds no job that this version can read.") from error

    def wish(self, wish: Wish) -> None:
        """Ask the job to go on, to pause or to stop."""
        write_bytes(self.path / "control", wish.encode())

    def wished(self) -> Wish:
        """What was last asked for; a torn or missing file means go."""
        try:
            word = (self.path / "control").read_text()
        except (OSError, UnicodeDecodeError):
            return "go"
        return cast("Wish", word) if word in ("pause", "stop") else "go"

    def claim(self, role: Literal["owner", "process"], pid: int | None = None) -> None:
        """Note a process (by default this one) as the one that wants, or runs, the job."""
        process = psutil.Process(pid)
        stamp = {"pid": process.pid, "created": process.create_time()}
        write_bytes(self.path / f"{role}.json", json.dumps(stamp).encode())

    def pid(self, role: Literal["owner", "process"]) -> int | None:
        """The process id of a living owner or job process, None if it is gone (or its id belongs to another now)."""
        try:
            stamp = json.loads((self.path / f"{role}.json").read_bytes())
            process = psutil.Process(stamp["pid"])
            alive = abs(process.create_time() - stamp["created"]) < 1.0 and process.status() != psutil.STATUS_ZOMBIE
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            return None
        return process.pid if alive else None


class EventWriter:
    """Appends events to a run's log, each flushed as one line."""

    def __init__(self, folder: RunFolder) -> None:
        self._file = folder.events_path.open("a+b", buffering=0)
        if self._file.seek(0, os.SEEK_END):
            self._file.seek(-1, os.SEEK_END)
            if self._file.read(1) != b"\n":
                self._file.write(b"\n")  # a process died within a line; the next event must not be lost with it

    def write(self, event: AnyEvent, *, durable: bool = False) -> None:
        """Append one event; ``durable`` also waits for the disk."""
        self._file.write(event.model_dump_json().encode() + b"\n")
        if durable:
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the log."""
        self._file.close()


class EventReader:
    """Follows a run's log: each call returns what was completed since the last."""

    def __init__(self, folder: RunFolder) -> None:
        self._path = folder.events_path
        self._offset = 0

    def read_new(self) -> list[AnyEvent]:
        """New events in order. A torn last line is left for the next call; a line nobody understands is skipped."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._offset)
                chunk = file.read()
        except FileNotFoundError:
            return []
        complete = chunk.rfind(b"\n") + 1
        self._offset += complete
        events: list[AnyEvent] = []
        for line in chunk[:complete].splitlines():
            try:
                events.append(EventAdapter.validate_json(line))
            except ValueError:
                continue
        return events
