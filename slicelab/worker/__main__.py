"""Entry of a job process: ``python -m slicelab.worker RUN_FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

from slicelab.worker.job_process import run

if __name__ == "__main__":
    sys.exit(run(Path(sys.argv[1])))
