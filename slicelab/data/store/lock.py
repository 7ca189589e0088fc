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
from dataclasses import asdict, dataclass, replace
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
            seen = _look(path)
            if seen is None:
                continue
            if seen.holder is not None and seen.holder.alive:
                raise _locked(seen.holder)
            _remove_dead(path, seen)
        raise ProjectLockedError("The project is being opened by others at this moment.", "Try again.")

    @staticmethod
    def held_here(folder: Path) -> bool:
        """Whether this very process has the project open for writing."""
        seen = _glance(folder / LOCK)
        mine = Holder.me()
        return seen is not None and seen.holder == replace(mine, token=seen.holder.token if seen.holder else "")

    def release(self) -> None:
        """Give the lock back, if it is still ours; a folder that has gone is no error."""
        seen = _glance(self._path)
        if seen is not None and seen.holder == self._holder:
            with suppress(OSError):
                self._path.unlink()


@dataclass(frozen=True)
class _Seen:
    """A lock file as it was found; ``holder`` is None where nobody's name is in it."""

    holder: Holder | None
    identity: tuple[int, int]


def _create(path: Path, holder: Holder) -> bool:
    if not _create_exclusively(path, json.dumps(asdict(holder))):
        return False
    seen = _glance(path)  # whoever was kept from filling it in time has lost it to another
    return seen is not None and seen.holder == holder


def _create_exclusively(path: Path, content: str) -> bool:
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644)
    except FileExistsError:
        return False
    except OSError as error:
        raise _unwritable() from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with suppress(OSError):
            path.unlink()
        raise _unwritable() from error
    return True


def _look(path: Path) -> _Seen | None:
    """The lock file, given time to be filled by who just made it; None if there is none (any more)."""
    deadline = time.monotonic() + _FILL_SECONDS
    while True:
        seen = _glance(path)
        if seen is None or seen.holder is not None or time.monotonic() > deadline:
            return seen
        time.sleep(0.02)


def _glance(path: Path) -> _Seen | None:
    try:
        status = path.stat()
        content = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    try:
        holder = Holder(**json.loads(content))
    except (ValueError, TypeError):
        holder = None
    return _Seen(holder, (status.st_ino, status.st_mtime_ns))


def _remove_dead(path: Path, dead: _Seen) -> None:
    """Remove a dead lock. Only who holds the guard file removes one, so that a fresh lock is never taken for it."""
    guard = path.with_name(f"{path.name}.takeover")
    deadline = time.monotonic() + _FILL_SECONDS
    while not _create_exclusively(guard, ""):
        if time.monotonic() > deadline:  # left by a crash between two lines below
            with suppress(OSError):
                guard.unlink()
        time.sleep(0.02)
    try:
        if _glance(path) == dead:
            path.unlink()
    except OSError as error:
        raise _unwritable() from error
    finally:
        with suppress(OSError):
            guard.unlink()


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
