"""Entry of a job process: ``python -m slicelab.worker RUN_FOLDER [PROCESSES]``.

With several processes this one only starts and watches them. ``torchrun ... -m slicelab.worker RUN_FOLDER``
does the same on several machines.
"""

from __future__ import annotations

import sys
from pathlib import Path

from slicelab.worker.job_process import run


def main(folder: Path, processes: int = 1) -> int:
    """Run the job; the exit code."""
    if processes == 1:
        return run(folder)
    from slicelab.learn.together import run_together

    return run_together(folder.resolve(), processes)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *(int(count) for count in sys.argv[2:3])))
