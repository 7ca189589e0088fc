"""One of two processes that run jobs together: ``python ranks_kit.py PROJECT RANK RUN[:STOP_AFTER]...``."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import torch

from slicelab.data.run_folder import EventReader, EventWriter, RunFolder
from slicelab.jobs.events import AnyEvent, StepDone
from slicelab.jobs.place import Place
from slicelab.learn.device import Compute
from slicelab.learn.run import JobContext, run_job
from slicelab.learn.together import loopback


def in_pairs(project: Path, *runs: str) -> None:
    """Run jobs, one after the other, in two processes that share each batch."""
    command = [sys.executable, __file__, str(project)]
    environment = {**os.environ, **loopback(), "OMP_NUM_THREADS": "1"}
    pair = [subprocess.Popen([*command, str(rank), *runs], env=environment) for rank in (0, 1)]
    try:
        assert [process.wait(200) for process in pair] == [0, 0]
    finally:
        for process in pair:
            process.kill()
            process.wait()


def losses_of(project: Path, run: str) -> list[float]:
    events = EventReader(RunFolder(project / "runs" / run)).read_new()
    return [event.loss for event in events if isinstance(event, StepDone) and event.loss is not None]


def _run(project: Path, rank: int, run: str, stop_after: int) -> None:
    folder = RunFolder(project / "runs" / run)
    seen: list[AnyEvent] = []

    def should_stop() -> bool:
        assert rank == 0  # the other process is told
        return bool(stop_after) and sum(isinstance(e, StepDone) and e.loss is not None for e in seen) >= stop_after

    context = JobContext(project, folder.path, should_stop, place=Place(rank, 2, rank, 2, str(project / f"meet-{run}")))
    compute = Compute(torch.device("cpu"), bf16=False, channels_last=False, words="CPU")
    with closing(EventWriter(folder)) as log:
        for event in run_job(folder.read_job(), context, compute):
            seen.append(event)
            if rank == 0:
                log.write(event)


if __name__ == "__main__":
    for name in sys.argv[3:]:
        run_id, _, stop = name.partition(":")
        _run(Path(sys.argv[1]), int(sys.argv[2]), run_id, int(stop or 0))
