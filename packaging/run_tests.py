"""All tests on two cores: those of the window in two parts, and beside them, at a lower priority, all others.

A window comes first where it wants a core: its tests are about how soon it answers. The others, in two parts, take what
is left, and a quarter at least, so that what they wait for comes in time. Every part has a display of its own, also
where there is one already: two windows on one would take the keys from each other. What a part says comes when the one
before it is through. Ends with 0 if every part passed.

    python packaging/run_tests.py [OPTION OF PYTEST ...]
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[1]
WINDOW = "tests/app"
SECOND_HALF = "test_window_legible"
"""Files of the window's tests from this name on are its second part."""
JOBS = ("tests/e2e", "tests/engine")
"""The one part behind, which waits for jobs; the other one is all that is left."""
LOWER = 5
"""Niceness of the parts behind and of all jobs: beside a window, a process of the lowest priority hardly ever runs."""
_JOBS_RUN = {"SLICELAB_NICE": str(LOWER)}
_PATIENT = {"OMP_WAIT_POLICY": "passive"}
"""Threads that wait for each other on a core that another process has burn its rest."""
_OWN_DISPLAY = ("DISPLAY", "WAYLAND_DISPLAY")
_COMPILED_ONCE = "PYTHONDONTWRITEBYTECODE"
"""Where it is set, each of the hundred processes that tests start compiles the application anew."""


def at_once(windows: Sequence[Sequence[str]], behind: Sequence[Sequence[str]]) -> int:
    """Run commands at once, those behind at a lower priority; what they say is told in their order.

    Args:
        windows: commands of ordinary priority; the output of the first one is seen while it runs.
        behind: the other ones.

    Returns:
        The first exit code that is not 0, or 0.

    Raises:
        KeyboardInterrupt: somebody interrupted; all were ended first.

    """
    left_out = (*_OWN_DISPLAY, _COMPILED_ONCE)
    own = {name: value for name, value in os.environ.items() if name not in left_out}
    parts: list[subprocess.Popen[bytes]] = []
    with contextlib.ExitStack() as files:
        files.callback(_end, parts)
        told = [None, *(files.enter_context(tempfile.TemporaryFile()) for _ in (*windows[1:], *behind))]
        for at, (command, into) in enumerate(zip((*windows, *behind), told, strict=True)):
            window = at < len(windows)
            part = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=into, stderr=into and subprocess.STDOUT,
                start_new_session=True, preexec_fn=None if window else _give_way, env={**_JOBS_RUN, **own, **_PATIENT},
            )  # fmt: skip
            parts.append(part)
        for part, into in zip(parts, told, strict=True):
            if into is None:
                part.wait()
            else:
                _follow(into.fileno(), part)
    return next((part.returncode for part in parts if part.returncode), 0)


def _give_way() -> None:
    """Lower the priority of this process, and on Linux of its group, without which the first would mean little."""
    os.nice(LOWER)
    with contextlib.suppress(OSError):  # not on Linux, or its kernel knows no groups
        Path("/proc/self/autogroup").write_text(str(LOWER), "ascii")


def _follow(told: int, part: subprocess.Popen[bytes]) -> None:
    """Print what the part has said, and what it goes on to say until it ends."""
    at = 0
    while True:
        ended = part.poll() is not None
        while piece := os.pread(told, 65536, at):
            at += len(piece)
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        if ended:
            return
        time.sleep(0.2)


def _end(parts: Sequence[subprocess.Popen[bytes]]) -> None:
    """Leave nothing behind."""
    for part in parts:
        if part.poll() is None:
            os.killpg(part.pid, signal.SIGTERM)
            part.wait()


def main(options: Sequence[str]) -> int:
    """Run the tests of this checkout."""
    pytest = [str(ROOT / "packaging" / "with-display.sh"), sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    files = sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / WINDOW).glob("test_*.py"))
    first, second = ([file for file in files if (Path(file).name < SECOND_HALF) is early] for early in (True, False))
    others = [f"--ignore={folder}" for folder in (WINDOW, *JOBS)]
    windows = [[*pytest, *files, *options] for files in (first, second)]
    try:
        return at_once(windows, [[*pytest, *JOBS, *options], [*pytest, *others, *options]])
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside: as if interrupted
    sys.exit(main(sys.argv[1:]))
