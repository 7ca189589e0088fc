"""How long the window's event loop stands still, told apart from how long the machine had no core for it."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer


def waited_for_a_core(*processes: str) -> float:
    """Seconds that threads were ready to run while every core was busy with something else.

    Linux counts them (run-queue wait, second field of ``schedstat``); 0 where nobody does.

    Args:
        processes: ids whose threads are added up; without any, only the calling thread.

    """
    own = [Path(f"/proc/self/task/{threading.get_native_id()}")]
    threads = [task for process in processes for task in Path(f"/proc/{process}/task").glob("*")] if processes else own
    waited = 0
    for thread in threads:
        try:
            waited += int((thread / "schedstat").read_text(encoding="ascii").split()[1])
        except (OSError, IndexError):  # the thread has just ended
            continue
    return waited / 1e9


class Heartbeat:
    """Beats every 10 ms in the window's event loop and keeps the longest pause between two beats.

    ``longest`` is the pause less the time for which the threads that make a frame (the window's own, the software
    renderer's, the display server's) stood in the queue for a core, but never less than what the window's thread
    computed in it. What is left is the window's own doing: its computing, and its waiting for disk, locks or other
    threads. On a quiet machine next to nothing is taken off. On a loaded one a long pause alone proves nothing, and
    a window that computes in its event loop still shows.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.by_the_clock = 0.0
        display = os.environ.get("SLICELAB_DISPLAY_PROCESS", "")  # Xvfb
        self._watched = ("self", *([display] if display.isdecimal() else []))
        self._last = self._now()
        self._timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _now(self) -> tuple[float, float, float]:
        return time.perf_counter(), time.thread_time(), waited_for_a_core(*self._watched)

    def _beat(self) -> None:
        now = self._now()
        pause, computed, queued = (new - old for new, old in zip(now, self._last, strict=True))
        self.longest = max(self.longest, computed, pause - queued)
        self.by_the_clock = max(self.by_the_clock, pause)
        self._last = self._now()  # reading the counts is the test's time, not the window's

    def stop(self) -> None:
        """Count no more."""
        self._beat()
        self._timer.stop()
