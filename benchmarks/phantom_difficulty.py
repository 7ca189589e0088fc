"""How hard the phantoms are: what thresholds reach, and random-init finetuning with few and with more labels.

Synthetic data only: the figures say whether the generator is fit for tests and demonstrations, nothing about patients.

    python benchmarks/phantom_difficulty.py                       # both kinds, about an hour on two cores
    python benchmarks/phantom_difficulty.py --kinds pelvis --steps 300 --repeats 1
    python benchmarks/phantom_difficulty.py --no-learning         # thresholds and generation time, under a minute

Prints one JSON object; exit code 1 where a goal is missed. Learning goes through the ``slicelab`` command line.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.data.phantoms import make_phantom, write_study
from slicelab.data.phantoms.difficulty import threshold_dice

if TYPE_CHECKING:
    from slicelab.data.phantoms.signal import Kind

THRESHOLD_BELOW = 0.5
FEW_BETWEEN = (0.3, 0.7)
GAIN_AT_LEAST = 0.15


def main() -> int:
    """Measure and print."""
    options = _options()
    kinds = {}
    for kind in options.kinds:
        report: dict[str, Any] = {"generation": _generation(kind, options), "threshold": _thresholds(kind, options)}
        report["threshold_holds"] = all(row["shared"] < THRESHOLD_BELOW for row in report["threshold"].values())
        if options.learning:
            report["finetuning"] = _learning(kind, options)
        kinds[kind] = report
    holds = all(
        report["threshold_holds"] and report.get("finetuning", {}).get("holds", True) for report in kinds.values()
    )
    result = {
        "benchmark": "phantom_difficulty",
        "synthetic": True,
        "seed": options.seed,
        "shape": options.shape,
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "processor": platform.machine()},
        "kinds": kinds,
        "holds": holds,
    }
    print(json.dumps(result, indent=1))
    return 0 if holds else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=("abdomen", "pelvis"), default=["abdomen", "pelvis"])
    parser.add_argument("--seed", type=int, default=0, help="of the study and of training")
    parser.add_argument("--shape", type=int, nargs=3, default=[128, 128, 24], metavar=("X", "Y", "Z"))
    parser.add_argument("--many", type=int, default=8, help="labelled volumes of the larger training set")
    parser.add_argument("--test", type=int, default=8, help="volumes measured, never trained on")
    parser.add_argument("--repeats", type=int, default=3, help="single volumes trained on, each alone")
    parser.add_argument("--steps", type=int, default=None, help="finetuning steps; the preset's by default")
    parser.add_argument("--no-learning", dest="learning", action="store_false", help="thresholds only")
    return parser.parse_args()


def _generation(kind: Kind, options: argparse.Namespace) -> dict[str, float]:
    """Processor seconds to make one volume (one thread), median of three."""
    taken = []
    for subject in range(3):
        start = time.process_time()
        make_phantom(kind, options.seed, subject, shape=tuple(options.shape))
        taken.append(time.process_time() - start)
    return {"cpu_seconds_per_volume": round(float(np.median(taken)), 2)}


def _thresholds(kind: Kind, options: argparse.Namespace) -> dict[str, dict[str, float]]:
    """The best interval for each class over all volumes of the study, and each volume's own best."""
    phantoms = [
        make_phantom(kind, options.seed, subject, shape=tuple(options.shape))
        for subject in range(options.many + options.test)
    ]
    volumes = [(phantom.image.voxels, phantom.mask.voxels) for phantom in phantoms]
    reached = {}
    for value, name in enumerate(phantoms[0].class_names, start=1):
        dice = threshold_dice(volumes, value)
        reached[name] = {"shared": round(dice.shared, 3), "per_volume": round(dice.per_volume, 3)}
    return reached


def _learning(kind: Kind, options: argparse.Namespace) -> dict[str, Any]:
    """Random-init finetuning with one and with many labelled volumes, measured on the same test volumes."""
    with tempfile.TemporaryDirectory(prefix="phantoms-") as scratch:
        study = write_study(
            Path(scratch) / "study",
            kind,
            labelled=options.many + options.test,
            unlabelled=0,
            seed=options.seed,
            shape=tuple(options.shape),
        )
        described = json.loads((study / "dataset.json").read_text(encoding="utf-8"))
        names = [Path(entry["image"]).name.removesuffix(".nii.gz") for entry in described["training"]]
        classes = [name for value, name in described["labels"].items() if value != "0"]
        project = str(Path(scratch) / "project")
        _slicelab("new", project, "--classes", ",".join(classes))
        _slicelab("import", project, str(study), "--labels", "all")
        test = names[options.many :]
        few = [_trained(project, [name], test, options) for name in names[: options.repeats]]
        many = _trained(project, names[: options.many], test, options)
    one = float(np.mean([run["mean_dice"] for run in few]))
    return {
        "one_volume": {"mean_dice": round(one, 3), "runs": few},
        f"{options.many}_volumes": many,
        "gain": round(many["mean_dice"] - one, 3),
        "holds": bool(FEW_BETWEEN[0] <= one <= FEW_BETWEEN[1] and many["mean_dice"] - one >= GAIN_AT_LEAST),
    }


def _trained(project: str, train: list[str], test: list[str], options: argparse.Namespace) -> dict[str, Any]:
    """Finetune from random weights, predict and evaluate the test volumes."""
    steps = [] if options.steps is None else ["--steps", str(options.steps)]
    start = time.monotonic()
    seed = ["--seed", str(options.seed)]
    run = _slicelab("finetune", project, "--init", "random", "--train", ",".join(train), *steps, *seed)["run"]
    seconds = time.monotonic() - start
    _slicelab("predict", project, "--run", run, "--cases", ",".join(test))
    measured = _slicelab("evaluate", project, "--run", run, "--cases", ",".join(test))
    return {
        "train": train,
        "mean_dice": round(measured["mean_dice"], 3),
        "per_class": {name: round(row["dice"], 3) for name, row in measured["mean"].items()},
        "finetune_seconds": round(seconds, 1),
    }


def _slicelab(*arguments: str) -> dict[str, Any]:
    """Run one command of the command line and read its JSON object."""
    print("slicelab", *arguments, file=sys.stderr)
    done = subprocess.run(
        [sys.executable, "-m", "slicelab", *arguments, "--json"], stdout=subprocess.PIPE, check=True, text=True
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


if __name__ == "__main__":
    sys.exit(main())
