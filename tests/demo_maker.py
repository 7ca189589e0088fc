"""Another process that makes the demo, for tests: it waits after the first volume until it is told to go on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_MAKES = """
import sys, time
from pathlib import Path
from slicelab.engine.demo import DemoPlan, prepare_demo
out, here, go_on = (Path(word) for word in sys.argv[1:])
plan = DemoPlan(labelled=2, unlabelled=0, shape=(24, 24, 4), spacing=(15.0, 15.0, 40.0))

def tell(done, total):
    if done == 1:
        here.touch()
        while not go_on.exists():
            time.sleep(0.02)

print(prepare_demo(out, tell, plan))
"""


class DemoMaker:
    """The process: it stands still once this is made, with one volume of two.

    Args:
        out: the demo's folder.
        flags: a folder for what the two processes tell each other.

    """

    def __init__(self, out: Path, flags: Path) -> None:
        here, self._go_on = flags / "here", flags / "go on"
        words = [sys.executable, "-W", "ignore", "-c", _MAKES, *map(str, (out, here, self._go_on))]
        path = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=path)
        _until(lambda: here.exists() or self.process.poll() is not None)

    def finish(self) -> str:
        """Go on to the end; the project it made."""
        self._go_on.touch()
        out, err = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, err
        return out.strip()


@contextmanager
def demo_maker(out: Path, flags: Path) -> Iterator[DemoMaker]:
    """A process that makes the demo, and is gone afterwards."""
    made = DemoMaker(out, flags)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.communicate(timeout=60)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
