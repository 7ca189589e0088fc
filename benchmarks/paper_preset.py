"""The paper's method on real volumes: every stage of the `paper` preset, at reduced length, by the command line alone.

Preprocessing with N4 at 192x192, masked regression, contrastive pretraining (encoder, then decoder), finetuning from
each and from random weights on the same cases with the plateau rule on validation cases, and 3D Dice on test cases that
no stage saw. It shows that the stages work as described; at this length it says little about which is better.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
import time
from pathlib import Path
from statistics import mean
from typing import Any

from main_job import FOLD_SEED, FOLDS, SETS, labelled_names, slicelab

from slicelab.core.splits import draw, folds

CURVE_POINTS = 12


def curve(project: Path, run: str) -> dict[str, list[list[float]]]:
    """Mean loss of each of a dozen equal parts of every phase, as (last step, mean loss)."""
    losses: dict[str, dict[int, float]] = {}
    for line in (project / "runs" / run / "events.jsonl").read_text().splitlines():
        event = json.loads(line)
        if event["event"] == "StepDone" and event["loss"] is not None:
            losses.setdefault(event["phase"], {})[event["step"]] = event["loss"]
    found = {}
    for phase, by_step in losses.items():
        steps = sorted(by_step)
        size = max(1, len(steps) // CURVE_POINTS)
        parts = [steps[k : k + size] for k in range(0, len(steps), size)]
        found[phase] = [[part[-1], round(mean(by_step[step] for step in part), 4)] for part in parts]
    return found


def said(project: Path, run: str) -> dict[str, Any]:
    """Where a run computed, in which number format, and the alarms it raised."""
    told = [json.loads(line) for line in (project / "runs" / run / "events.jsonl").read_text().splitlines()]
    started = next(event for event in told if event["event"] == "JobStarted")
    alarms = [event["code"] for event in told if event["event"] == "AlarmRaised"]
    return {"device": started["device"], "why": started["device_why"], "alarms": alarms}


def run(asked: argparse.Namespace) -> dict[str, Any]:
    """All stages on one fold."""
    folder, classes = SETS[asked.name]
    data = Path(asked.data) / folder
    names = labelled_names(data)
    test = folds(names, FOLDS, FOLD_SEED)[asked.fold]
    chosen = draw([case for case in names if case not in test], asked.n + asked.val, asked.seed)
    train, val = chosen[: asked.n], chosen[asked.n :]
    common = ("--preset", "paper", "--seed", asked.seed)
    arms: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch) / "project"
        slicelab("new", project, "--classes", classes)
        slicelab("import", project, data)
        for case in chosen:
            slicelab("label", project, case, "--from", data / "labelsTr" / f"{case}.nii.gz")
        for method, steps in (("regression", asked.pretrain), ("contrastive", 2 * asked.pretrain), ("random", 0)):
            arm: dict[str, Any] = {"seconds": {}}
            start = "random"
            if method != "random":
                ran, arm["seconds"]["pretrain"] = slicelab(
                    "pretrain", project, "--method", method, "--steps", steps,
                    "--exclude", ",".join((*test, *val)), *common,
                )  # fmt: skip
                start = ran["run"]
                arm["pretrain_steps"], arm["pretrain_curve"] = steps, curve(project, start)
                arm["pretrain_said"] = said(project, start)
            model, arm["seconds"]["finetune"] = slicelab(
                "finetune", project, "--init", start, "--train", ",".join(train), "--val", ",".join(val),
                "--steps", asked.finetune, *common,
            )  # fmt: skip
            arm["finetune_steps"], arm["finetune_curve"] = asked.finetune, curve(project, model["run"])
            arm["finetune_said"] = said(project, model["run"])
            _, arm["seconds"]["predict"] = slicelab(
                "predict", project, "--run", model["run"], "--cases", ",".join(test)
            )
            result, _ = slicelab(
                "evaluate", project, "--run", model["run"], "--cases", ",".join(test), "--against", data / "labelsTr"
            )
            assert result["protocol"] == "inductive"
            arm["mean_dice"] = result["mean_dice"]
            arm["cases"] = {c["case"]: {k: v["dice"] for k, v in c["classes"].items()} for c in result["cases"]}
            arm["seconds"] = {k: round(v, 1) for k, v in arm["seconds"].items()}
            arms[method] = arm
    return {
        "benchmark": "paper_preset",
        "set": asked.name,
        "fold": asked.fold,
        "seed": asked.seed,
        "train": train,
        "val": val,
        "arms": arms,
        "at": time.strftime("%Y-%m-%d"),
        "hardware": f"{os.cpu_count()} cores, {platform.machine()}",
    }


def main() -> None:
    """Run and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SETS, default="prostate", dest="name")
    parser.add_argument("--data", type=Path, default=os.environ.get("SLICELAB_TEST_DATA"))
    parser.add_argument("--fold", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=4, help="labelled volumes trained on")
    parser.add_argument("--val", type=int, default=2, help="labelled volumes that choose rate and state")
    parser.add_argument("--pretrain", type=int, default=200, help="steps of regression, and of each contrastive stage")
    parser.add_argument("--finetune", type=int, default=400, help="steps of each finetuning")
    asked = parser.parse_args()
    if asked.data is None:
        raise SystemExit("Set SLICELAB_TEST_DATA or --data to the folder of real MR volumes.")
    print(json.dumps(run(asked), indent=1))


if __name__ == "__main__":
    main()
