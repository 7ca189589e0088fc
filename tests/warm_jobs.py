"""Job processes that need not load torch first: a fifth of the tests' processor time would go into that.

A process that has loaded it (``multiprocessing``'s fork server) is forked for each job. What comes of that is a process
as ``slicelab.engine.runner`` starts one: in a session of its own, with its environment, folder and log, ended by
signals, known by its number. tests/worker/test_warm_jobs.py compares both; tests/worker, tests/e2e and all processes
that a test starts by itself begin their jobs the usual way.
"""

from __future__ import annotations

import contextlib
import faulthandler
import multiprocessing
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing import forkserver
from pathlib import Path

import pytest

from slicelab.data.run_folder import RunFolder
from slicelab.engine import runner

LOADED = ["numpy", "scipy.ndimage", "torch", "slicelab.worker.__main__", "slicelab.learn.run"]
"""Modules that every job needs."""
_POLL_S = 0.01


class WarmJob:
    """A job's process, asked as a ``subprocess.Popen`` is."""

    def __init__(self, folder: RunFolder) -> None:
        self._lock = threading.Lock()
        self._asked: int | None = None
        self._process = _context().Process(
            target=_run, args=(str(folder.path), str(folder.log_path), os.getcwd(), runner.environment()), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        """How it ended, as far as that was asked."""
        return self._asked

    def poll(self) -> int | None:
        """Ask how it ended; None while it runs."""
        with self._lock:  # the answer comes once
            self._asked = self._process.exitcode
        return self._asked

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end."""
        deadline = None if timeout is None else time.monotonic() + timeout
        while (code := self.poll()) is None:
            if deadline is not None and time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("the job", timeout or 0.0)
            time.sleep(_POLL_S)
        return code


def begin(folder: RunFolder, processes: int) -> runner.JobProcess:
    """Begin a job's process: ``slicelab.engine.runner.begin``, in a fraction of its time."""
    return WarmJob(folder) if processes == 1 else _COLD(folder, processes)


@contextlib.contextmanager
def warm() -> Iterator[None]:
    """Within, jobs started in this process are warm ones."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in runner.environment().items():
            patch.setenv(name, value)
        _context()
        forkserver.ensure_running()  # its libraries read some variables when they are loaded
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "begin", begin)
        yield


@contextlib.contextmanager
def cold() -> Iterator[None]:
    """Within, jobs are begun the usual way, also where tests with warm ones ran before in the same process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "begin", _COLD)
        yield


_COLD = runner.begin


def _context() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def _run(folder: str, log: str, where: str, environment: dict[str, str]) -> None:
    """In the forked process: what ``python -m slicelab.worker FOLDER`` does."""
    os.setsid()
    os.chdir(where)
    os.environ.clear()
    os.environ.update(environment)
    with open(os.devnull, "rb") as nothing, open(log, "ab") as told:
        os.dup2(nothing.fileno(), 0)
        os.dup2(told.fileno(), 1)
        os.dup2(told.fileno(), 2)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", buffering=1), open(2, "w", buffering=1)
    faulthandler.enable()
    from slicelab.worker.__main__ import end_at_once, main

    end_at_once(main(Path(folder)))
