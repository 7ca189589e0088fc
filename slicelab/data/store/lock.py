"""One writer per project: a lock file that names its holder.

``project.lock`` is made with O_EXCL and holds JSON: host, process id, when that process started (so that a reused
id is not mistaken for the holder) and the person's login. Advisory locks of the operating system are not used:
network drives ignore or lose them. A holder on this machine that is no longer alive is replaced; one on another
machine cannot be asked and is believed.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import time
import uuid
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from slicelab.core.errors import ProjectLockedError, StorageError

LOCK = "project.lock"
_FILL_SECONDS = 1.0  # between creating the file and its content; a crash in between leaves it empty for ever


@dataclass(frozen=True)
class Holder:
    """Who has a project open for writing.

    Attributes:
        boot: which start of the machine, empty where unknown.
        namespace: in which process namespace (container) the id counts, empty where there are none.
        started: when the process started, as the operating system counts it; only compared for equality.
        token: random, so that a lock is only released by who took it.

    """

    host: str
    boot: str
    namespace: str
    pid: int
    started: str
    person: str
    token: str

    @classmethod
    def me(cls) -> Holder:
        """The process that calls."""
        pid = os.getpid()
        return cls(
            socket.gethostname(), _boot(), _namespace(), pid, process_start(pid) or "", _login(), uuid.uuid4().hex
        )

    @property
    def alive(self) -> bool:
        """Whether the holder may still be there; one that cannot be asked (other machine, other container) may."""
        if self.host != socket.gethostname():
            return True
        if self.boot != _boot():
            return False
        return self.namespace != _namespace() or process_start(self.pid) == self.started


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _namespace() -> str:
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def process_start(pid: int) -> str | None:
    """When a process started, None if there is none of that id (any more).

    On Linux in clock ticks since boot, which unlike a time of day do not move when the clock is set.
    """
    try:
        if Path("/proc/self/stat").exists():
            fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
            return None if fields[0] in ("Z", "X") else fields[19]
        return repr(psutil.Process(pid).create_time())
    except (OSError, psutil.Error, IndexError):
        return None


class ProjectLock:
    """The lock of one project, held from :meth:`take` until :meth:`release`."""

    def __init__(self, path: Path, holder: Holder) -> None:
        self._path = path
        self._holder = holder

    @classmethod
    def take(cls, folder: Path) -> ProjectLock:
        """Take the lock.

        Raises:
            ProjectLockedError: somebody holds it; the message says who.
            StorageError: the folder cannot be written to.

        """
        path, me = folder / LOCK, Holder.me()
        for _ in range(20):
            if _create(path, me):
                return cls(path, me)
            holder = _read(path)
            if holder is not None and holder.alive:
                raise _locked(holder)
            _set_aside(path, holder)
        raise ProjectLockedError("The project is being opened by others at this moment.", "Try again.")

    def release(self) -> None:
        """Give the lock back, if it is still ours; a folder that has gone is no error."""
        if _parse(self._path) == self._holder:
            with suppress(OSError):
                self._path.unlink()


def _create(path: Path, holder: Holder) -> bool:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    except OSError as error:
        raise _unwritable() from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(asdict(holder), file)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise _unwritable() from error
    return True


def _read(path: Path) -> Holder | None:
    """The holder; None if the file is gone, or stays without content (its writer died in between)."""
    deadline = time.monotonic() + _FILL_SECONDS
    while True:
        holder = _parse(path)
        if holder is not None or not path.exists() or time.monotonic() > deadline:
            return holder
        time.sleep(0.05)


def _parse(path: Path) -> Holder | None:
    try:
        return Holder(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _set_aside(path: Path, dead: Holder | None) -> None:
    """Remove a dead lock; renamed first, so that of two who try only one gets it and a fresh lock is put back."""
    aside = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _unwritable() from error
    found = _parse(aside)
    if found != dead and found is not None and found.alive:
        with suppress(
            OSError
        ):  # links are not everywhere; without one the fresh holder has lost a race of microseconds
            os.link(aside, path)
    aside.unlink(missing_ok=True)


def _locked(holder: Holder) -> ProjectLockedError:
    if holder.host == socket.gethostname():
        where, remedy = f"on this computer (process {holder.pid})", "Close it there, or open it for reading only."
    else:
        where = f"on {holder.host} (process {holder.pid})"
        remedy = "Close it there, or open it for reading only; if that computer is switched off, delete project.lock."
    return ProjectLockedError(f"The project is open for writing by {holder.person} {where}.", remedy)


def _unwritable() -> StorageError:
    return StorageError(
        "The project's folder cannot be written to.", "Open it for reading only, or copy it to a place of your own."
    )


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no such user in the system's list
        return "somebody"
