"""All tests in the time of half of them: those of the window, and beside them, at the lowest priority, all others.

The window's tests wait for it most of the time, as a person does; the others, in two parts, take what the processor has
left, and cannot slow the window down. Their output comes when the window's tests are through. Ends with 0 if every part
passed.

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
JOBS = ("tests/e2e", "tests/engine")
"""The one part behind, which waits for jobs; the other one is all that is left."""
LOWEST = 19
_SOONER = {"SLICELAB_NICE": "10"}
"""For the part shown: its jobs, for which its window waits, come before the parts behind."""
_PATIENT = {"OMP_WAIT_POLICY": "passive"}
"""For the parts behind: threads that wait for each other on a core that another process has burn its rest."""


def at_once(shown: Sequence[str], *behind: Sequence[str]) -> int:
    """Run commands at once, all but one at the lowest priority and told, in their order, when that one is through.

    Args:
        shown: a command whose output is seen while it runs.
        behind: the other ones.

    Returns:
        The first exit code that is not 0, or 0.

    Raises:
        KeyboardInterrupt: somebody interrupted; all were ended first.

    """
    parts: list[subprocess.Popen[bytes]] = []
    with contextlib.ExitStack() as files:
        files.callback(_end, parts)
        told = [files.enter_context(tempfile.TemporaryFile()) for _ in behind]
        parts.append(
            subprocess.Popen(
                shown, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True, env={**_SOONER, **os.environ}
            )
        )
        for command, into in zip(behind, told, strict=True):
            part = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=into, stderr=subprocess.STDOUT,
                start_new_session=True, preexec_fn=_give_way, env={**os.environ, **_PATIENT},
            )  # fmt: skip
            parts.append(part)
        parts[0].wait()
        for part, into in zip(parts[1:], told, strict=True):
            _follow(into.fileno(), part)
    return next((part.returncode for part in parts if part.returncode), 0)


def _give_way() -> None:
    """Lowest priority for this process, and on Linux for its group, without which the first would mean little."""
    os.nice(LOWEST)
    with contextlib.suppress(OSError):  # not on Linux, or its kernel knows no groups
        Path("/proc/self/autogroup").write_text(str(LOWEST), "ascii")


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
    others = [f"--ignore={folder}" for folder in (WINDOW, *JOBS)]
    try:
        return at_once([*pytest, WINDOW, *options], [*pytest, *JOBS, *options], [*pytest, *others, *options])
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside: as if interrupted
    sys.exit(main(sys.argv[1:]))
