"""Memory and time a step of a pretraining on pools of 10, 100 and 1,000 volumes: neither should grow with the pool.

Each pool is pretrained on by a job process of its own, started as slicelab starts it; by pausing and resuming the jobs,
their steps are timed in turns. Memory is what is the process's alone (its unique set size) without the resident pages
of mapped files: those of the pool are the system's to drop, and grow with what was read. The volumes are copies of a
few phantoms under many names: different files, different cases. The goal is for the largest pool against the next
smaller one; below what a device may hold, memory may grow.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.material import settings_of
from benchmarks.result import Goal, Result, hardware, versions
from slicelab.data.phantoms import make_phantom
from slicelab.data.run_folder import RunFolder
from slicelab.data.writers import write_volume
from slicelab.engine.runner import start
from slicelab.jobs.events import JobFailed, PoolReady, StepDone
from slicelab.jobs.specs import CaseInput, PretrainJob

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from slicelab.jobs.settings import Preset
    from slicelab.jobs.specs import Device

_SHAPE = (96, 96, 16)
_DIFFERENT = 5
"""Phantoms that are rendered; the rest are copies of them."""
_WARM_UP = 2
"""First steps of a turn, which are not counted."""
_ENDLESS = 100_000
_POLL_S = 0.02


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--pools", type=int, nargs="+", default=None, help="volumes of each pool (10 100 1000)")
    parser.add_argument("--rounds", type=int, default=None, help="turns of each (5)")


def measure(asked: argparse.Namespace) -> list[Result]:
    """Two results for each pool but the smallest: memory, and time."""
    pools = sorted(asked.pools or ([2, 4] if asked.quick else [10, 100, 1000]))
    rounds, chosen = asked.rounds or (1 if asked.quick else 5), settings_of(quick=asked.quick)
    shape = (32, 32, 4) if asked.quick else _SHAPE
    with ExitStack() as ends:
        scratch = tempfile.TemporaryDirectory(prefix="slicelab-bench-", ignore_cleanup_errors=True)
        project = Path(ends.enter_context(scratch))
        cases = _volumes(project, max(pools), shape)
        jobs = []
        for volumes in pools:
            jobs.append(_Pretraining(project, cases[:volumes], chosen, asked.device))
            ends.callback(jobs[-1].end)
            if not asked.quick:  # one after the other, so that none slows another
                jobs[-1].hold()
        for job in jobs:
            job.hold()
        for _ in range(rounds):
            for job in jobs:
                job.turn(1 if asked.quick else 8)
        found = [job.load() for job in jobs]
    return [
        Result(
            name=f"pool-scale/{what.replace('_', '-')}-{after.volumes}",
            ratio=getattr(after, what) / getattr(before, what),
            goal=Goal("<=", 1.1) if after is found[-1] else None,
            ours={**vars(after), "shape": list(shape)},
            reference=dict(vars(before)),
            hardware=hardware(),
            versions=versions(),
        )
        for before, after in pairwise(found)
        for what in ("uss_mb", "seconds_per_step")
    ]


@dataclass(frozen=True)
class Load:
    """What a pretraining needs.

    Attributes:
        volumes: of its pool.
        slices: of its pool.
        uss_mb: memory that is the process's alone and no file's, MiB, the median while steps ran.
        rss_mb: memory with mapped pages, MiB.
        seconds_per_step: the median.
        seconds_to_first_step: from the start of the process, with the pool made by it.

    """

    volumes: int
    slices: int
    uss_mb: float
    rss_mb: float
    seconds_per_step: float
    seconds_to_first_step: float


def own_memory(process: psutil.Process) -> int:
    """Memory that is a process's alone and that no file stands behind, bytes."""
    maps = process.memory_maps(grouped=True)
    return sum(part.private_clean + part.private_dirty for part in maps if not part.path.startswith("/"))


def _volumes(project: Path, count: int, shape: tuple[int, int, int]) -> list[CaseInput]:
    """Write so many volumes, each a file of its own."""
    (project / "volumes").mkdir()
    originals = []
    for k in range(min(count, _DIFFERENT)):
        path = project / "volumes" / f"c{k + 1:04d}.nii"
        originals.append((path, write_volume(path, make_phantom("pelvis", 0, k, shape=shape).image)))
    cases = []
    for k in range(count):
        source, sha256 = originals[k % len(originals)]
        path = project / "volumes" / f"c{k + 1:04d}.nii"
        if path != source:
            shutil.copyfile(source, path)
        cases.append(
            CaseInput(
                case=f"c{k + 1:04d}",
                patient=f"p{k + 1:04d}",
                volume=f"volumes/{path.name}",
                sha256=sha256,
                acquisition_axis=2,
            )
        )
    return cases


class _Pretraining:
    """A pretraining in a process of its own, which is looked at from outside."""

    def __init__(self, project: Path, cases: list[CaseInput], chosen: Preset, device: Device) -> None:
        run = f"r{len(cases):04d}"
        folder = RunFolder(project / "runs" / run)
        folder.write_job(
            PretrainJob(
                run=run,
                preset=chosen.name,
                device=device,
                pool=chosen.pool,
                network=chosen.network,
                settings=chosen.blocks.model_copy(update={"steps": _ENDLESS}),
                cases=tuple(cases),
            )
        )
        self._volumes, self._slices, self._began = len(cases), 0, time.time()
        self._ends: list[float] = []
        self._paces: list[float] = []
        self._unique: list[int] = []
        self._resident: list[int] = []
        self._first = 0.0
        self._followed = start(folder)

    def hold(self) -> None:
        """Let it pause, once its first step is done."""
        self._wait(lambda: bool(self._ends))
        self._first = self._first or self._ends[0] - self._began
        self._followed.folder.wish("pause")
        self._wait(lambda: self._followed.status.state == "paused")

    def turn(self, steps: int) -> None:
        """Let it do so many steps after the first ones, and look at its memory."""
        self._ends = []
        self._followed.folder.wish("go")
        self._wait(lambda: len(self._ends) > _WARM_UP + steps)
        process = psutil.Process(self._followed.folder.pid("process"))
        self._unique.append(own_memory(process))
        self._resident.append(process.memory_info().rss)
        timed = self._ends[_WARM_UP:]
        self._paces.append(statistics.median(b - a for a, b in pairwise(timed)))
        self.hold()

    def load(self) -> Load:
        """What was seen."""
        return Load(
            volumes=self._volumes,
            slices=self._slices,
            uss_mb=statistics.median(self._unique) / 2**20,
            rss_mb=statistics.median(self._resident) / 2**20,
            seconds_per_step=statistics.median(self._paces),
            seconds_to_first_step=self._first,
        )

    def end(self) -> None:
        """End the process."""
        self._followed.kill()
        self._followed.wait()

    def _wait(self, until: Callable[[], bool]) -> None:
        while not until():
            for event in self._followed.poll():
                if isinstance(event, JobFailed):
                    raise SystemExit(f"{self._volumes} volumes: {event.message} {event.remedy}")
                if isinstance(event, PoolReady):
                    self._slices = event.slices
                if isinstance(event, StepDone) and event.phase != "preparing":
                    self._ends.append(event.at)
            time.sleep(_POLL_S)
