"""Few labels on real volumes: ways to begin (arms), compared on the same draws of labelled cases.

Arms: ``random`` weights; pretraining by ``regression``, ``blocks`` or ``contrastive``; ``semi``, semi-supervised
finetuning from the contrastive one; ``covering``, from the contrastive one, with the labelled cases chosen as
``slicelab suggest`` does it instead of drawn, and ``covering-random``, the same cases from random weights; ``spread``,
from the contrastive one, with as many slices spread over four times as many cases; ``best``, what the search found.
The protocol is in docs/evidence.md. All by the library: one process, one pretraining a fold and method, kept and used
again. Each finished draw is a JSON line, so that work stopped at any time continues; ``--summary`` compares what is
there, ``--table`` as Markdown. ``--change`` tries other settings on the same draws, ``--also`` other ways to predict by
the same networks.

    python benchmarks/few_labels.py --record build/few.jsonl --keep build/few --ns 1 2 4 8 all --draws 20
    python benchmarks/few_labels.py --record build/few.jsonl --change finetune.steps=800 --arms random --ns 2 --draws 2
    python benchmarks/few_labels.py --record build/few.jsonl --summary
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from few_label_record import Row, append, key_of, mean_dice, read, summary, table
from few_label_study import (
    Start,
    Study,
    chosen_once,
    common,
    covering,
    measured,
    opened,
    pretrained,
    run_here,
    spread_out,
)
from main_job import FOLDS, SETS

from slicelab.core.errors import JobError
from slicelab.core.splits import draw
from slicelab.jobs.overrides import override, parse_override
from slicelab.jobs.presets import preset, with_steps
from slicelab.jobs.specs import FinetuneJob

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.settings import Preset
    from slicelab.learn.device import Compute

ALL = "all"
"""As many labelled cases as a fold has."""


@dataclass(frozen=True)
class Arm:
    """A way to begin.

    Attributes:
        pretraining: its method; None begins from random weights.
        choice: how the labelled cases come about.
        changes: settings of finetuning and prediction that are its own.

    """

    pretraining: str | None = "contrastive"
    choice: Literal["drawn", "covering", "spread"] = "drawn"
    changes: tuple[str, ...] = ()


ARMS = {
    "random": Arm(None),
    "regression": Arm("regression"),
    "blocks": Arm("blocks"),
    "contrastive": Arm(),
    "semi": Arm(changes=("finetune.semi.on=true",)),
    "covering": Arm(choice="covering"),
    "covering-random": Arm(None, choice="covering"),
    "spread": Arm(choice="spread"),
}


def changed(settings: Preset, texts: Sequence[str]) -> Preset:
    """The settings with single ones changed."""
    return override(settings, dict(parse_override(text) for text in texts))[0]


def labels_for(
    study: Study, arm: Arm, count: int, fold: int, number: int, start: Start, compute: Compute
) -> list[CaseLabels]:
    """What is labelled, by draw or by choice."""
    if arm.choice == "spread":
        spread: list[CaseLabels] = spread_out(study, fold, count, number)
        return spread
    if arm.choice == "covering":
        looking = pretrained(study, fold, "contrastive", start, compute)
        names = covering(study, fold, looking, count, start.seed, compute)
    else:
        names = draw(study.labelled(fold), count, number)
    return [study.labels[name] for name in names]


def one_draw(study: Study, row: Row, also: Sequence[str], compute: Compute) -> Row:
    """Finetune an arm on one draw of labelled cases and measure the fold's test cases."""
    arm, fold, number = ARMS[row["arm"]], row["fold"], row["draw"]
    start = Start(row["pretrain_steps"], row["pretrain_seed"], tag_of(row))
    init = pretrained(study, fold, arm.pretraining, start, compute) if arm.pretraining else None
    count = len(study.labelled(fold)) if row["n"] == ALL else row["n"]
    labels = labels_for(study, arm, count, fold, number, start, compute)
    names = {case.case: name for name, case in study.inputs.items()}
    train = tuple(sorted(names[one.case] for one in labels))
    settings = changed(study.settings, arm.changes)
    finetune = with_steps(settings.finetune, row["steps"])
    run = f"draw-{os.getpid()}"
    shutil.rmtree(study.project / "runs" / run, ignore_errors=True)
    job = FinetuneJob(
        **common(study, run, number), settings=finetune, classes=study.classes, init=init,
        train=tuple(study.inputs[name] for name in train), flip_allowed=study.flip,
        unlabelled=study.pool(fold) if finetune.semi.on else (),
    )  # fmt: skip
    started = time.monotonic()
    run_here(job, study, compute, labels)
    seconds = time.monotonic() - started
    scores = measured(study, run, study.test(fold), settings.predict, compute)
    found: Row = {"train": train, "cases": scores, "mean_dice": mean_dice(scores), "seconds": round(seconds, 1)}
    if also:
        ways = {text: changed(settings, [text]).predict for text in also}
        found["also"] = {text: measured(study, run, study.test(fold), way, compute) for text, way in ways.items()}
    shutil.rmtree(study.project / "runs" / run)
    return found


def tag_of(row: Row) -> str:
    """What distinguishes pretrainings of one fold and method: their steps, and changed settings that concern them."""
    concerned = [text for text in row["change"] if not text.startswith(("finetune.", "predict."))]
    return hashlib.sha256(json.dumps([row["pretrain_steps"], concerned]).encode()).hexdigest()[:8]


def planned(asked: argparse.Namespace) -> Iterator[Row]:
    """Every draw asked for, what comes first in the lists first; each draw in all folds and arms before the next."""
    for count in asked.ns:
        for number in range(asked.draws):
            for fold in asked.folds:
                for arm in asked.arms:
                    yield {
                        "set": asked.name, "steps": asked.steps, "pretrain_steps": asked.pretrain_steps,
                        "pretrain_seed": asked.pretrain_seed, "change": sorted(asked.change), "n": count, "fold": fold,
                        "draw": number, "arm": arm,
                    }  # fmt: skip


def number_or_all(text: str) -> int | str:
    """A number of labelled cases."""
    return text if text == ALL else int(text)


def parsed() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, default="prostate", dest="name")
    parser.add_argument("--data", type=Path, default=os.environ.get("SLICELAB_TEST_DATA"))
    parser.add_argument("--record", type=Path, required=True, help="JSON lines of finished draws")
    parser.add_argument("--keep", type=Path, help="folder for the project and its pretrainings; default: beside it")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--ns", nargs="+", type=number_or_all, default=[1, 2, 4, 8], help="labelled cases, or all")
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--folds", nargs="+", type=int, choices=range(FOLDS), default=list(range(FOLDS)))
    parser.add_argument("--steps", type=int, help="of each finetuning; default: the preset's")
    parser.add_argument("--pretrain-steps", type=int, help="of each pretraining; default: the preset's")
    parser.add_argument("--pretrain-seed", type=int, default=0, help="of each pretraining and of the covering choice")
    parser.add_argument("--change", nargs="*", default=[], metavar="GROUP.FIELD=VALUE", help="settings, for all arms")
    parser.add_argument("--also", nargs="*", default=[], metavar="predict.FIELD=VALUE", help="measured besides")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto")
    parser.add_argument("--summary", action="store_true", help="compare what is in the record, and run nothing")
    parser.add_argument("--table", action="store_true", help="the summary as a Markdown table in Dice points")
    asked = parser.parse_args()
    asked.summary |= asked.table
    if not asked.summary and asked.data is None:
        parser.error("Set SLICELAB_TEST_DATA or --data to the folder of real MR volumes.")
    return asked


def main() -> None:
    """Run what is not in the record yet, or compare what is."""
    asked = parsed()
    if asked.summary:
        told = summary([row for row in read(asked.record) if row["set"] == asked.name], ARMS)
        print("\n".join(table(told) if asked.table else map(json.dumps, told)))
        return
    study = opened(asked.name, Path(asked.data), asked.keep or asked.record.parent / "few_labels", preset("fast"))
    study = replace(study, settings=changed(study.settings, asked.change))
    compute = chosen_once(study, asked.device)
    for row in planned(asked):
        done = {key_of(one) for one in read(asked.record)}  # another process may have finished it meanwhile
        too_many = row["n"] != ALL and row["n"] > len(study.labelled(row["fold"]))
        if key_of(row) in done or too_many:
            continue
        try:
            row |= one_draw(study, row, asked.also, compute)
        except JobError as error:
            raise SystemExit(str(error)) from error
        row |= {"device": compute.words, "hardware": f"{os.cpu_count()} cores, {platform.machine()}"}
        append(asked.record, row)
        sys.stderr.write(f"{row['arm']} n={row['n']} draw {row['draw']} fold {row['fold']}: {row['mean_dice']:.3f}\n")


if __name__ == "__main__":
    main()
