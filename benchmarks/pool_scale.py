"""Memory and time a step of a pretraining on pools of 10, 100 and 1,000 volumes: both should not grow with the pool.

Each pool is pretrained on by a job process of its own, started as slicelab starts it. Memory is the process's unique set
size (USS), which leaves out pages of files that are mapped; it is read while the steps run. The volumes are copies of a
few phantoms under many names: different files and different cases. Dividing by the next smaller pool gives the ratios.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

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

    from slicelab.engine.runner import FollowedJob
    from slicelab.jobs.settings import Preset
    from slicelab.jobs.specs import Device

_SHAPE = (96, 96, 16)
_DIFFERENT = 5
"""Phantoms that are rendered; the rest are copies of them."""
_WARM_UP = 5
_POLL_S = 0.05


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--pools", type=int, nargs="+", default=None, help="volumes of each pool (10 100 1000)")
    parser.add_argument("--steps", type=int, default=None, help="steps timed (40)")


def measure(asked: argparse.Namespace) -> list[Result]:
    """Two results for each pool but the smallest: memory, and time."""
    pools = sorted(asked.pools or ([2, 4] if asked.quick else [10, 100, 1000]))
    steps, chosen = asked.steps or (3 if asked.quick else 40), settings_of(quick=asked.quick)
    shape = (32, 32, 4) if asked.quick else _SHAPE
    found: list[Load] = []
    with tempfile.TemporaryDirectory(prefix="slicelab-bench-", ignore_cleanup_errors=True) as scratch:
        project = Path(scratch)
        cases = _volumes(project, max(pools), shape)
        for volumes in pools:
            found.append(_load(project, cases[:volumes], chosen, steps, asked.device))
    results = []
    for before, after in zip(found, found[1:], strict=False):
        for what in ("uss_mb", "seconds_per_step"):
            results.append(
                Result(
                    name=f"pool-scale/{what.replace('_', '-')}-{after.volumes}",
                    ratio=getattr(after, what) / getattr(before, what),
                    goal=Goal("<=", 1.1),
                    ours={**vars(after), "shape": list(shape)},
                    reference=dict(vars(before)),
                    hardware=hardware(),
                    versions=versions(),
                )
            )
    return results


@dataclass(frozen=True)
class Load:
    """What a pretraining needs.

    Attributes:
        volumes: of its pool.
        slices: of its pool.
        uss_mb: memory that is the process's alone, MiB, the median while steps ran.
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


def _load(project: Path, cases: list[CaseInput], chosen: Preset, steps: int, device: Device) -> Load:
    """Pretrain for a while in a process of its own and look at it."""
    run = f"r{len(cases):04d}"
    method: Literal["blocks"] = "blocks"
    job = PretrainJob(
        run=run,
        preset=chosen.name,
        device=device,
        pool=chosen.pool,
        network=chosen.network,
        settings=getattr(chosen, method).model_copy(update={"steps": _WARM_UP + steps}),
        cases=tuple(cases),
    )
    folder = RunFolder(project / "runs" / run)
    folder.write_job(job)
    began = time.time()
    followed = start(folder)
    try:
        return _watched(followed, len(cases), began)
    finally:
        followed.kill()
        followed.wait()


def _watched(followed: FollowedJob, volumes: int, began: float) -> Load:
    slices, ends, unique, resident = 0, [], [], []
    process = None
    while not followed.status.ended:
        for event in followed.poll():
            if isinstance(event, JobFailed):
                raise SystemExit(f"{volumes} volumes: {event.message} {event.remedy}")
            if isinstance(event, PoolReady):
                slices = event.slices
            if isinstance(event, StepDone) and event.phase != "preparing":
                ends.append(event.at)
        pid = followed.folder.pid("process")
        if len(ends) >= _WARM_UP and pid is not None:
            process = process or psutil.Process(pid)
            try:
                memory = process.memory_full_info()
            except psutil.Error:
                break
            unique.append(memory.uss)
            resident.append(memory.rss)
        time.sleep(_POLL_S)
    ends += [event.at for event in followed.poll() if isinstance(event, StepDone)]
    if len(ends) <= _WARM_UP or not unique:
        raise SystemExit(f"{volumes} volumes: the steps were over before they could be looked at; ask for more --steps")
    timed = ends[_WARM_UP - 1 :]
    return Load(
        volumes=volumes,
        slices=slices,
        uss_mb=statistics.median(unique) / 2**20,
        rss_mb=statistics.median(resident) / 2**20,
        seconds_per_step=statistics.median(b - a for a, b in zip(timed, timed[1:], strict=False)),
        seconds_to_first_step=ends[0] - began,
    )
