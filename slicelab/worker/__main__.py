"""Entry of a job process: ``python -m slicelab.worker RUN_FOLDER [PROCESSES]``.

With several processes this one only starts and watches them. ``torchrun ... -m slicelab.worker RUN_FOLDER``
does the same on several machines.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import NoReturn

from slicelab.jobs.place import Place
from slicelab.worker.job_process import run


def main(folder: Path, processes: int = 1) -> int:
    """Run the job; the exit code."""
    if processes == 1:
        return run(folder)
    from slicelab.learn.together import run_together

    return run_together(folder.resolve(), processes)


def end_at_once(code: int) -> NoReturn:
    """End the process without tidying up: all is on the disk by now, and torch takes a second and more to go."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # nobody reads it any more: the job ended as it did all the same
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    processes = [int(count) for count in sys.argv[2:3]]
    ended = main(Path(sys.argv[1]), *processes)
    if processes or Place.told().world > 1:
        sys.exit(ended)  # they take leave of each other
    end_at_once(ended)
