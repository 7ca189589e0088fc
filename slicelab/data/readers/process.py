"""A reader process under watch: started, spoken to, and ended when it takes too long or too much."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.data.readers import limits, wire

if TYPE_CHECKING:
    from collections.abc import Iterator

_TICK_SECONDS = 0.05
_LAST = {"read", "pictured", "found", "refused"}
_OVER_AGAIN = "The file may be damaged; export it again."


class ReaderEndedError(UnreadableFileError):
    """The reader process had to be ended, or ended by itself, over a file."""


class ReaderProcess:
    """One child process and the private folder its voxels arrive in.

    Not for two threads at once: :class:`VolumeReader` sees to that.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="slicelab-reader-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "slicelab.data.readers.child", str(self.folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OMP_NUM_THREADS": "1", "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS": "1"},
                start_new_session=True,
            )
        except OSError as error:
            self._folder.cleanup()
            raise SlicelabError("The reader process cannot be started.", "Start slicelab again.") from error
        self._watched = psutil.Process(self._child.pid)
        self._answers: queue.SimpleQueue[wire.Message | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="reader answers", daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the child still runs."""
        return self._child.poll() is None

    @property
    def bloated(self) -> bool:
        """Whether a file left so much memory behind that the next one would suffer for it."""
        return self._memory() > limits.BASE_MEMORY * 0.7

    def ask(self, request: wire.Message) -> Iterator[wire.Message]:
        """Send a request and yield answers until the last one (``read``, ``pictured``, ``found``).

        Raises:
            UnreadableFileError: the child refused the file.
            ReaderEndedError: the child took too long or too much memory and was ended, or ended by itself.

        """
        assert self._child.stdin is not None
        limit = limits.START_SECONDS
        memory = limits.memory_for(0)
        stage = ""
        with contextlib.suppress(OSError):  # a child that is gone shows as the end of its answers
            self._child.stdin.write(json.dumps(request).encode() + b"\n")
            self._child.stdin.flush()
        try:
            while stage not in _LAST:
                answer = self._next(limit, memory)
                stage = answer["stage"]
                limit, memory = _limits_after(answer, limit, memory)
                if stage == "refused":
                    raise wire.error_of(answer)
                yield answer
        finally:
            if stage not in _LAST:  # given up on the way (Ctrl+C): its answer must not be taken for the next one's
                self.close()

    def kill(self) -> None:
        """End the child at once; whoever waits for its answer is told."""
        self._child.kill()

    def close(self) -> None:
        """End the child and remove its folder."""
        self._child.kill()
        self._child.wait()
        self._listener.join()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._folder.cleanup()

    def _next(self, limit: float, memory: int) -> wire.Message:
        began = moved = time.monotonic()
        began_cpu = cpu = self._cpu()
        while True:
            try:
                answer = self._answers.get(timeout=_TICK_SECONDS)
            except queue.Empty:
                now, used = time.monotonic(), self._cpu()
                if used is not None and (cpu is None or used > cpu):
                    cpu, moved = used, now
                spent = None if used is None or began_cpu is None else used - began_cpu
                if limits.over_time(limit, wall=now - began, cpu=spent, idle=now - moved):
                    self.close()
                    raise ReaderEndedError("The file took too long to read and was given up.", _OVER_AGAIN) from None
                if self._memory() > memory:
                    self.close()
                    raise ReaderEndedError(
                        "The file took more memory to read than its size allows and was given up.", _OVER_AGAIN
                    ) from None
                continue
            if answer is None:
                self.close()
                raise ReaderEndedError("The file brought the reader down; nothing else was harmed.", _OVER_AGAIN)
            return answer

    def _cpu(self) -> float | None:
        try:
            times = self._watched.cpu_times()
        except psutil.Error:
            return None
        return float(times.user + times.system)

    def _memory(self) -> int:
        try:
            return int(self._watched.memory_info().rss)
        except psutil.Error:
            return 0

    def _listen(self) -> None:
        assert self._child.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self._child.stdout:
                self._answers.put(json.loads(line))
        self._answers.put(None)


def _limits_after(answer: wire.Message, limit: float, memory: int) -> tuple[float, int]:
    """Seconds and bytes for what the child said it does next."""
    stage = answer["stage"]
    if stage == "reading":
        return limits.seconds_for(answer["bytes"]), limits.memory_for(answer["bytes"])
    if stage == "file":
        return limits.seconds_for(answer["bytes"]), memory
    if stage in {"checking", "looking"}:
        return limits.BASE_SECONDS, memory
    return limit, memory
