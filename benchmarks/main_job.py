"""The main job on real volumes, by the command line alone: 3-fold cross-validation by patient, N labelled cases.

Each fold: a new project, everything imported without labels, pretraining with every test case excluded, N cases drawn
by seed and labelled, finetuning, prediction and evaluation against the masks of the test cases. Finished folds are
kept as JSON lines, so that work stopped at any time continues.
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
from statistics import mean, stdev
from typing import Any

from slicelab.core.splits import draw, folds

SETS = {
    "prostate": ("prostate_promise12", "prostate"),
    "liver": ("liver_chaos_t2", "liver,right kidney,left kidney,spleen"),
}
FOLDS = 3
FOLD_SEED = 0


def slicelab(*words: object) -> tuple[dict[str, Any], float]:
    """Run one command with --json; its object and its wall time in seconds, process start included."""
    started = time.monotonic()
    command = [sys.executable, "-m", "slicelab", *map(str, words), "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise SystemExit(f"{' '.join(map(str, words))}\n{ended.stdout}{ended.stderr}")
    return json.loads(ended.stdout), time.monotonic() - started


def code() -> str:
    """The commit that is measured, short; "-dirty" where files differ from it."""
    here = Path(__file__).parent
    command = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    return subprocess.run(command, cwd=here, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def labelled_names(data: Path) -> list[str]:
    """Names of the cases that have a mask."""
    return sorted(path.name.removesuffix(".nii.gz") for path in (data / "labelsTr").glob("*.nii.gz"))


def run_fold(name: str, root: Path, fold: int, count: int, seed: int, init: str) -> dict[str, Any]:
    """One fold from import to Dice; wall seconds per step and the peak memory of the jobs."""
    folder, classes = SETS[name]
    data = root / folder
    names = labelled_names(data)
    test = folds(names, FOLDS, FOLD_SEED)[fold]
    train = draw([case for case in names if case not in test], count, seed)
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        seconds: dict[str, float] = {}
        memory: dict[str, float] = {}
        _, seconds["new"] = slicelab("new", project, "--classes", classes)
        _, seconds["import"] = slicelab("import", project, data)
        start = "random"
        if init != "random":
            ran, seconds["pretrain"] = slicelab(
                "pretrain", project, "--method", init, "--exclude", ",".join(test), "--seed", seed
            )
            start, memory["pretrain"] = ran["run"], ran["peak_memory_mb"]
        began = time.monotonic()
        for case in train:
            slicelab("label", project, case, "--from", data / "labelsTr" / f"{case}.nii.gz")
        seconds["label"] = time.monotonic() - began
        model, seconds["finetune"] = slicelab("finetune", project, "--init", start, "--seed", seed)
        memory["finetune"] = model["peak_memory_mb"]
        ran, seconds["predict"] = slicelab("predict", project, "--run", model["run"], "--cases", ",".join(test))
        memory["predict"] = ran["peak_memory_mb"]
        found, seconds["evaluate"] = slicelab(
            "evaluate", project, "--run", model["run"], "--cases", ",".join(test), "--against", data / "labelsTr"
        )
    assert found["protocol"] == "inductive"
    return {
        "set": name,
        "fold": fold,
        "n": count,
        "seed": seed,
        "init": init,
        "train": train,
        "mean_dice": found["mean_dice"],
        "mean": {label: value["dice"] for label, value in found["mean"].items()},
        "cases": {case["case"]: {k: v["dice"] for k, v in case["classes"].items()} for case in found["cases"]},
        "seconds": {k: round(v, 1) for k, v in seconds.items()},
        "peak_memory_mb": {k: round(v) for k, v in memory.items()},
        "code": code(),
        "hardware": f"{os.cpu_count()} cores, {platform.machine()}",
    }


def summary(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean over folds, spread between folds and between cases."""
    dice = [row["mean_dice"] for row in rows]
    per_case = [mean(v for v in case.values() if v is not None) for row in rows for case in row["cases"].values()]
    labels = rows[0]["mean"]
    return {
        "folds": len(rows),
        "mean_dice": round(mean(dice), 4),
        "per_class": {label: round(mean(row["mean"][label] for row in rows), 4) for label in labels},
        "sd_folds": round(stdev(dice), 4) if len(dice) > 1 else None,
        "sd_cases": round(stdev(per_case), 4),
        "lowest_case": round(min(per_case), 4),
        "seconds_per_fold": round(mean(sum(row["seconds"].values()) for row in rows), 1),
        "peak_memory_mb": max(max(row["peak_memory_mb"].values()) for row in rows),
    }


def main() -> None:
    """Run the folds that are not in the record yet, and print the summary as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SETS, default="prostate", dest="name")
    parser.add_argument("--data", type=Path, default=os.environ.get("SLICELAB_TEST_DATA"))
    parser.add_argument("--init", default="contrastive", choices=["contrastive", "regression", "blocks", "random"])
    parser.add_argument("--n", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folds", type=int, nargs="*", default=list(range(FOLDS)))
    parser.add_argument("--record", type=Path, required=True, help="JSON lines of finished folds")
    asked = parser.parse_args()
    if asked.data is None:
        raise SystemExit("Set SLICELAB_TEST_DATA or --data to the folder of real MR volumes.")
    key = {"set": asked.name, "n": asked.n, "seed": asked.seed, "init": asked.init}
    lines = asked.record.read_text().splitlines() if asked.record.exists() else []
    done = {row["fold"]: row for row in map(json.loads, lines) if all(row[k] == v for k, v in key.items())}
    for fold in asked.folds:
        if fold not in done:
            done[fold] = run_fold(asked.name, Path(asked.data), fold, asked.n, asked.seed, asked.init)
            with asked.record.open("a") as record:
                record.write(json.dumps(done[fold]) + "\n")
            sys.stderr.write(f"fold {fold}: {done[fold]['mean_dice']:.3f} {done[fold]['seconds']}\n")
    print(json.dumps({**key, **summary([done[fold] for fold in asked.folds])}))


if __name__ == "__main__":
    main()
