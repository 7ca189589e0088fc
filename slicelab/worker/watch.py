"""Listens, in a thread, to what the owner of a job wishes, and notices when the owner is gone."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slicelab.data.run_folder import RunFolder

POLL_S = 0.2
"""How often the control file is read."""
LAST_CHANCE_S = 4.0
"""How long a job whose owner is gone may take to save and end."""


class Watch:
    """Turns the run folder's ``control`` and ``owner.json`` into flags the job can ask at every step."""

    def __init__(self, folder: RunFolder, *, survive_owner: bool) -> None:
        self._folder = folder
        self._survive_owner = survive_owner
        self._stop = threading.Event()
        self._paused = threading.Event()
        self._done = threading.Event()
        self.reason = ""
        self._thread = threading.Thread(target=self._listen, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """The job is over; nobody listens any more."""
        self._done.set()

    def should_stop(self) -> bool:
        """Whether the job should save what it has and end."""
        return self._stop.is_set()

    def paused(self) -> bool:
        """Whether the job should hold still."""
        return self._paused.is_set() and not self._stop.is_set()

    def _listen(self) -> None:
        while not self._done.wait(POLL_S):
            wish = self._folder.wished()
            if wish == "stop":
                self._ask_to_stop("stopped by the user")
            elif not self._survive_owner and self._folder.pid("owner") is None:
                self._ask_to_stop("the window that started it is gone")
                self._end_soon()
            (self._paused.set if wish == "pause" else self._paused.clear)()

    def _ask_to_stop(self, reason: str) -> None:
        if not self._stop.is_set():
            self.reason = reason
            self._stop.set()

    def _end_soon(self) -> None:
        # A job stuck in one long call cannot see the flag; without its owner nobody would ever end it.
        deadline = time.monotonic() + LAST_CHANCE_S
        while time.monotonic() < deadline:
            if self._done.wait(POLL_S):
                return
        os._exit(3)
