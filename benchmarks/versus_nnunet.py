"""nnU-Net v2, 2D, on the same labelled volumes and test cases: how long until it reaches our Dice, and what it reaches.

nnU-Net is no dependency. It runs in an environment of its own in an ignored folder, on the present PyTorch; `--install`
makes it. Its schedule is its own with fewer epochs (`--epochs`, `--iterations`; both in the result), annealed to the
end, on all labelled volumes (fold "all"). At several epochs the clock stops and the network is kept; all of them then
predict the test cases as nnU-Net does (tiles, mirroring), and every mask is measured by the same code as ours. Its
fingerprint, plans and preprocessing are quoted and not counted; ours counts from start to end of the jobs, once with
and once without pretraining.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nibabel as nib
import numpy as np
import torch

from benchmarks.first_minute import overrides_of_a_try, waited_for
from benchmarks.material import the_project, the_study
from benchmarks.result import Goal, Result, hardware, versions
from slicelab.core.geometry import from_stack
from slicelab.core.metrics import dice
from slicelab.core.splits import draw, folds
from slicelab.data.writers import read_own_volume, write_mask, write_volume
from slicelab.engine.session import Session
from slicelab.learn.device import choose

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from benchmarks.material import Study

ENVIRONMENT = Path(__file__).resolve().parents[1] / "build" / "nnunet-env"
_DRIVER = Path(__file__).with_name("nnunet_driver.py")
_DATASET = "Dataset501_Slicelab"
_FOLDS, _FOLD_SEED = 3, 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--install", action="store_true", help="make nnU-Net's environment, if it is not there")
    parser.add_argument("--environment", type=Path, default=ENVIRONMENT, help="folder of nnU-Net's environment")
    parser.add_argument("--n", type=int, default=4, help="labelled volumes trained on")
    parser.add_argument("--test", type=int, default=None, help="test cases (all of the fold)")
    parser.add_argument("--seed", type=int, default=0, help="of the draw of labelled volumes, and of our training")
    parser.add_argument("--epochs", type=int, default=None, help="of nnU-Net (GPU: 40; CPU: 4)")
    parser.add_argument("--iterations", type=int, default=None, help="of an epoch (GPU: 250, its own; CPU: 10)")
    parser.add_argument("--looks", type=int, default=8, help="epochs at which its test Dice is measured")


def measure(asked: argparse.Namespace) -> list[Result]:
    """Time to our Dice with and without our pretraining, and Dice."""
    python = interpreter(asked.environment, install=asked.install)
    compute = choose(asked.device)
    gpu = compute.device.type == "cuda"
    epochs = asked.epochs or (1 if asked.quick else 40 if gpu else 4)
    iterations = asked.iterations or (2 if asked.quick else 250 if gpu else 10)
    with the_study(asked.study, labelled=8, unlabelled=4) as study:
        test = folds(study.names, _FOLDS, _FOLD_SEED)[0][: 1 if asked.quick else asked.test]
        rest = [name for name in study.names if name not in test]
        train = draw(rest, min(asked.n, len(rest)), asked.seed)
        with the_project(study) as project, tempfile.TemporaryDirectory(prefix="slicelab-bench-") as scratch:
            ours = _ours(project, train, test, asked)
            work = Path(scratch)
            truth = _raw_dataset(work / "raw" / _DATASET, project, study, train, test)
            told = _nnunet(python, work, compute.device.type, epochs, iterations, asked.looks)
            looks = [
                {**look, "dice": _dice_of(work / "predicted" / f"epoch{look['epoch']}", truth)}
                for look in told["looks"]
            ]
    common = {"on": study.words, "n": len(train), "test_volumes": len(test)}
    schedule = {"epochs": epochs, "iterations_per_epoch": iterations, "batch": told["batch"], "patch": told["patch"]}
    reached = next((look["seconds"] for look in looks if look["dice"] >= ours.dice), None)
    trained, final = looks[-1]["seconds"], looks[-1]["dice"]
    where, what = hardware(compute), {**versions(), "nnunetv2": told["version"]}
    results = []
    for name, seconds in (("time", ours.finetune_s + ours.pretrain_s), ("time-without-pretraining", ours.finetune_s)):
        # Where it never got there, all of its time is a lower bound, and says nothing if it had less time than ours.
        took = reached if reached is not None else trained if trained >= seconds else None
        results.append(
            Result(
                name=f"versus-nnunet/{name}",
                ratio=None if took is None else took / seconds,
                goal=Goal(">=", 1.0) if name == "time" else None,
                ours={"seconds": seconds, "dice": ours.dice, **common},
                reference={
                    "seconds_to_our_dice": reached,
                    "seconds_trained": trained,
                    "seconds_preprocessing": told["preprocess_s"],
                    "looks": looks,
                    **schedule,
                },
                hardware=where,
                versions=what,
            )
        )
    results.append(
        Result(
            name="versus-nnunet/dice",
            ratio=ours.dice / final if final > 0 else None,
            goal=None,
            ours={"dice": ours.dice, **common},
            reference={"dice": final, "seconds_trained": trained, **schedule},
            hardware=where,
            versions=what,
        )
    )
    return results


# nnU-Net's environment ----------------------------------------------------------------------------------------------


def interpreter(environment: Path, *, install: bool) -> Path:
    """The Python that has nnU-Net.

    Raises:
        SystemExit: there is none, and it was not to be made; or making it failed.

    """
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if _has_nnunet(python):
        return python
    if not install:
        raise SystemExit(
            "nnU-Net v2 is not installed, and is no dependency of slicelab. To make an environment for it in "
            f"{environment.name} (about 300 MB beside the present packages), run this again with --install."
        )
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    # The packages of the present environment are seen after its own: both sides compute with the same PyTorch.
    found = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    site = Path(found.stdout.strip())
    (site / "present.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    same = environment / "same.txt"
    same.write_text(f"torch=={torch.__version__}\nnumpy=={np.__version__}\n", encoding="utf-8")
    command = [str(python), "-m", "pip", "install", "--quiet", "-c", str(same), "nnunetv2"]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode or not _has_nnunet(python):
        raise SystemExit("nnU-Net v2 could not be installed; what pip said stands above.")
    return python


def _has_nnunet(python: Path) -> bool:
    if not python.is_file():
        return False
    found = subprocess.run([str(python), "-c", "import nnunetv2"], capture_output=True, check=False)
    return found.returncode == 0


# Ours ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ours:
    """Our seconds, jobs from start to end, and mean test Dice."""

    pretrain_s: float
    finetune_s: float
    dice: float


def _ours(project: Path, train: Sequence[str], test: Sequence[str], asked: argparse.Namespace) -> Ours:
    steps, overrides = (2, overrides_of_a_try()) if asked.quick else (None, {})
    with Session.open(project) as session:
        began = time.monotonic()
        teacher, pretrained = waited_for(
            session,
            session.jobs.start_pretrain(
                exclude=test, steps=steps, seed=asked.seed, device=asked.device, overrides=overrides
            ),
        )
        model, trained = waited_for(
            session,
            session.jobs.start_finetune(teacher, train=train, steps=steps, seed=asked.seed, device=asked.device),
        )
        waited_for(session, session.jobs.start_predict(model, cases=test, device=asked.device))
        means = []
        for case in session.find(test):
            found, truth = session.prediction(case.id, model), session.labels.stack(case.id)
            assert found is not None
            means.append(_mean(found, truth, tuple(one.value for one in session.classes)))
    return Ours(pretrained - began, trained - pretrained, float(np.mean(means)))


# nnU-Net ------------------------------------------------------------------------------------------------------------


def _raw_dataset(
    folder: Path, project: Path, study: Study, train: Sequence[str], test: Sequence[str]
) -> dict[str, Path]:
    """Write nnU-Net's raw data set on canonical grids, so that the slice axis is the same in all files.

    Returns:
        Test case to its reference mask.

    """
    for part in ("imagesTr", "labelsTr", "imagesTs", "labelsTs"):
        (folder / part).mkdir(parents=True)
    truth = {}
    with Session.open(project, read_only=True) as session:
        for names, part in ((train, "Tr"), (test, "Ts")):
            for case in session.find(names):
                view = session.open_case(case.id)
                volume = read_own_volume(project / "volumes" / f"{case.id}.nii", mmap=False)
                write_volume(folder / f"images{part}" / f"{case.id}_0000.nii", volume)
                mask = from_stack(view.labels, view.geometry.acquisition_axis)
                path = folder / f"labels{part}" / f"{case.id}.nii"
                write_mask(path, np.ascontiguousarray(mask), volume.geometry)
                if part == "Ts":
                    truth[case.id] = path
    labels = {"background": 0, **{f"class{k}": k for k in range(1, len(study.classes) + 1)}}
    (folder / "dataset.json").write_text(
        json.dumps(
            {
                "channel_names": {"0": "T2"},
                "labels": labels,
                "numTraining": len(train),
                "file_ending": ".nii",
            }
        ),
        encoding="utf-8",
    )
    return truth


def _nnunet(python: Path, work: Path, device: str, epochs: int, iterations: int, looks: int) -> dict[str, Any]:
    """Let nnU-Net plan, preprocess, train and predict; what it told."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    folders = {f"nnUNet_{name}": str(work / name) for name in ("raw", "preprocessed", "results")}
    answer = work / "told.json"
    job = {
        "dataset": _DATASET, "device": device, "epochs": epochs, "iterations": iterations, "looks": looks,
        "cores": cores, "images": str(work / "raw" / _DATASET / "imagesTs"), "out": str(work / "predicted"),
        "answer": str(answer),
    }  # fmt: skip
    ended = subprocess.run(
        [str(python), str(_DRIVER), json.dumps(job)],
        stdout=sys.stderr,
        env={**os.environ, **folders, "nnUNet_n_proc_DA": str(cores), "PYTHONPATH": "", "PYTHONSAFEPATH": "1"},
        check=False,
    )
    if ended.returncode:
        raise SystemExit("nnU-Net did not run to its end; what it said stands above.")
    told: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return told


def _dice_of(folder: Path, truth: dict[str, Path]) -> float:
    means = []
    for case, path in truth.items():
        found, wanted = (np.asarray(nib.load(one).dataobj).astype(np.uint8) for one in (folder / path.name, path))
        assert found.shape == wanted.shape, case
        means.append(_mean(found, wanted, tuple(int(value) for value in np.unique(wanted) if value)))
    return float(np.mean(means))


def _mean(found: np.ndarray[Any, Any], truth: np.ndarray[Any, Any], values: Sequence[int]) -> float:
    """Mean 3D Dice of the classes that the case shows."""
    each = [dice(found == value, truth == value) for value in values if bool((truth == value).any())]
    return float(np.mean(each))
