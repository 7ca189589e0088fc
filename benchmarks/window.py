"""The window against napari's own canvases: strokes and slices until pixels change, cases, large projects, the start.

The window and three bare ``QtViewer`` of the same sizes, voxels and layers stand in one process and take turns. A
time runs from the moment an event is posted until the pixels at its place have changed after a buffer swap. The bare
canvases neither save nor are linked, and are told the slice by a call instead of a wheel. Everything runs in processes
of its own below a display: the one there is, otherwise a virtual one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import nibabel as nib
import numpy as np

from benchmarks.result import Goal, Result, hardware, versions
from slicelab.data.phantoms import write_study
from slicelab.engine.session import Session

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

_ROOT = Path(__file__).parents[1]
_CLASSES = ["liver", "right kidney", "left kidney", "spleen"]
_CASE_LIMIT_S, _OPEN_LIMIT_S, _FRAME_LIMIT_S, _MASK_LIMIT_S = 0.25, 2.0, 1 / 30, 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--rounds", type=int, default=None, help="turns of each (6)")
    parser.add_argument("--cases", type=int, default=None, help="cases of the large project (1000)")
    parser.add_argument("--starts", type=int, default=None, help="starts of each (5)")


def measure(asked: argparse.Namespace) -> list[Result]:
    """Every goal of the window."""
    quick = asked.quick
    shape = (48, 48, 8) if quick else (256, 256, 40)
    with tempfile.TemporaryDirectory(prefix="slicelab-bench-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        project = _project(folder / "few", shape)
        large = _large_project(folder / "many", asked.cases or (20 if quick else 1000))
        options = {
            "project": str(project),
            "rounds": asked.rounds or (1 if quick else 6),
            "each": 3 if quick else 10,
            "changes": 2 if quick else 20,
            "warm_up": 1 if quick else 5,
            "seconds": 0.5 if quick else 30.0,
        }
        told = _run(folder, "interact", options)
        opened = _run(folder, "many", {"project": str(large), "small": str(project), "frames": 10 if quick else 120})
        labelled = _project(folder / "labelled", shape, labels=("phantom_03",))
        masks = _run(folder, "masks", {"project": str(labelled), "steps": 8 if quick else 100})
        starts = _starts(folder, project, asked.starts or (1 if quick else 5), warm_up=not quick)
    return [
        _compared("stroke-p95", 1.3, told["strokes"], told),
        _compared("slice-p95", 1.2, told["slices"], told),
        *_trained(told["training"]),
        _limited("case-change", statistics.median(told["cases"]), _CASE_LIMIT_S, shape=told["shape"]),
        _limited(
            "mask-shown", max(masks["delays"]), _MASK_LIMIT_S, masks=len(masks["delays"]), training_s=masks["seconds"]
        ),
        _limited("open-many", opened["seconds"], _OPEN_LIMIT_S, cases=opened["cases"]),
        _limited("scroll-p95", _p95(opened["frames"]), _FRAME_LIMIT_S, cases=opened["cases"]),
        _result("start", 1.5, _median(starts["ours"]), _median(starts["bare"])),
    ]  # fmt: skip


def _compared(name: str, goal: float, took: Mapping[str, Sequence[float]], told: Mapping[str, Any]) -> Result:
    ours, bare = (
        {"p95_ms": _p95(took[arm]) * 1e3, "median_ms": statistics.median(took[arm]) * 1e3, "times": len(took[arm])}
        for arm in ("ours", "bare")
    )
    return _result(name, goal, {**ours, "shape": told["shape"], "pixels": told["pixels"]}, bare, "p95_ms")


def _trained(told: Mapping[str, Any]) -> list[Result]:
    """What a job does to strokes, and strokes to a job."""
    strokes = _result(
        "stroke-while-training-p95", 1.25, {"p95_ms": _p95(told["busy"]) * 1e3, "times": len(told["busy"])},
        {"p95_ms": _p95(told["quiet"]) * 1e3, "times": len(told["quiet"])}, "p95_ms",
    )  # fmt: skip
    ours, reference = ({"steps_per_s": told[f"pace_{how}"]} for how in ("busy", "idle"))
    pace = Result(
        "window/training-while-painting", ours["steps_per_s"] / reference["steps_per_s"], Goal(">=", 0.7),
        ours, reference, hardware(), _versions(),
    )  # fmt: skip
    return [strokes, pace]


def _limited(name: str, seconds: float, limit: float, **facts: object) -> Result:
    return _result(name, 1.0, {"seconds": seconds, **facts}, {"seconds": limit})


def _result(name: str, goal: float, ours: dict[str, Any], reference: dict[str, Any], figure: str = "seconds") -> Result:
    return Result(
        f"window/{name}", ours[figure] / reference[figure], Goal("<=", goal), ours, reference, hardware(), _versions()
    )


def _versions() -> dict[str, str]:
    return versions(("PySide6-Essentials", "napari", "vispy"))


def _median(took: Sequence[float]) -> dict[str, Any]:
    return {"seconds": statistics.median(took), "times": len(took)}


def _p95(took: Sequence[float]) -> float:
    return float(np.percentile(took, 95))


def _project(folder: Path, shape: tuple[int, int, int], labels: Literal["none"] | tuple[str, ...] = "none") -> Path:
    """Three abdomens, those named labelled on every slice."""
    spacing = (380.0 / shape[0], 380.0 / shape[1], 200.0 / shape[2])
    study = write_study(folder / "study", "abdomen", labelled=3, unlabelled=0, seed=0, shape=shape, spacing=spacing)
    with Session.create(folder / "project", _CLASSES) as made:
        made.import_paths([study], labels=labels)
    return folder / "project"


def _large_project(folder: Path, cases: int) -> Path:
    """As many small volumes of noise, each another."""
    files = folder / "files"
    files.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for number in range(cases):
        voxels = rng.integers(0, 1000, (24, 24, 6), dtype=np.int16)
        nib.save(nib.Nifti1Image(voxels, np.diag([2.0, 2.0, 6.0, 1.0])), files / f"case_{number:04d}.nii")
    with Session.create(folder / "project", _CLASSES) as made:
        made.import_paths([files])
    return folder / "project"


def _starts(scratch: Path, project: Path, times: int, *, warm_up: bool) -> dict[str, list[float]]:
    """Seconds from the start of a process to its first picture, in turns; after a first start that does not count."""
    took: dict[str, list[float]] = {"bare": [], "ours": []}
    for _ in range(times + warm_up):
        for name, found in took.items():
            found.append(_run(scratch, f"start-{name}", {"project": str(project)})["ready_s"])
    return {name: found[-times:] for name, found in took.items()}


def _run(scratch: Path, part: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """A part of the driver in a process of its own; its answer, and ``ready_s``, when it said that it was ready."""
    there = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("darwin", "win32")
    display = [] if there else ["sh", str(_ROOT / "packaging" / "with-display.sh")]
    # The clock must not count the start of a display: the driver's process says when it begins.
    call = [sys.executable, "-W", "ignore", "-c", _BEGIN, part, json.dumps(options)]
    environment = {
        **os.environ,
        "SLICELAB_CONFIG": str(scratch / "config"),
        "NAPARI_CONFIG": str(scratch / "napari.yaml"),
        "PYTHONPATH": str(_ROOT),
    }
    environment.setdefault("LP_NUM_THREADS", "2")
    began = ready = 0.0
    lines: list[str] = []
    with subprocess.Popen([*display, *call], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            now = time.perf_counter()
            began, ready = (now, ready) if line == "began\n" else (began, now) if line == "ready\n" else (began, ready)
            lines.append(line)
    if process.returncode:
        raise RuntimeError(f"the window's part {part!r} ended with {process.returncode}")
    answer: dict[str, Any] = json.loads(lines[-1])
    return {**answer, "ready_s": ready - began}


_BEGIN = """
import runpy, sys
print("began", flush=True)
runpy.run_module("benchmarks.window_driver", run_name="__main__", alter_sys=False)
"""
