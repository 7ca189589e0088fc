"""How long the window's event loop stands still, told apart from how long the machine had no core for it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer


def waited_for_a_core() -> float:
    """Seconds that this thread was ready to run while every core was busy with something else.

    Linux counts them (run-queue wait, second field of ``schedstat``); 0 where nobody does.
    """
    try:
        fields = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text(encoding="ascii").split()
    except OSError:
        return 0.0
    return int(fields[1]) / 1e9


class Heartbeat:
    """Beats every 5 ms in the window's event loop and keeps the longest pause between two beats.

    ``longest`` is the pause less the time the window's thread stood in the queue for a core. What is left is the
    window's own: its computing, and its waiting for disk, locks, the display or another thread. A loaded machine
    alone cannot make it long; a window that computes, reads or waits in its event loop can.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.longest_wall = 0.0
        self._last, self._queued = time.perf_counter(), waited_for_a_core()
        self._timer = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now, queued = time.perf_counter(), waited_for_a_core()
        pause = now - self._last
        self.longest_wall = max(self.longest_wall, pause)
        self.longest = max(self.longest, pause - (queued - self._queued))
        self._last, self._queued = now, queued

    def stop(self) -> None:
        """Count no more."""
        self._beat()
        self._timer.stop()
