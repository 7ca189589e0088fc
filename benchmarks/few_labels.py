"""Few labels on real volumes: ways to begin (arms), compared on the same draws of labelled cases.

Arms: ``random`` weights; pretraining by ``regression``, ``blocks`` or ``contrastive``; ``semi``, semi-supervised
finetuning from the contrastive one; ``covering``, from the contrastive one, with the labelled cases chosen as
``slicelab suggest`` does it instead of drawn. The protocol is in docs/evidence.md. All by the library: one process, one
pretraining a fold and method, kept and used again. Each finished draw is a JSON line, so that work stopped at any time
continues; ``--summary`` compares what is there.

    python benchmarks/few_labels.py --record build/few.jsonl --keep build/few --ns 1 2 4 8 --draws 20
    python benchmarks/few_labels.py --record build/few.jsonl --summary
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import os
import platform
import shutil
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from main_job import FOLD_SEED, FOLDS, SETS, labelled_names

from slicelab.core import metrics
from slicelab.core.crossed import crossed_difference
from slicelab.core.errors import JobError
from slicelab.core.labels import flip_allowed
from slicelab.core.splits import draw, folds
from slicelab.data.embeddings import EMBEDDINGS, load_embeddings
from slicelab.data.pool import build, resolved
from slicelab.data.run_folder import RunFolder
from slicelab.data.snapshot import save_snapshot
from slicelab.data.store.project import ProjectStore
from slicelab.engine.job_builder import JobBuilder
from slicelab.engine.session import Session
from slicelab.engine.suggesting import Item, choose
from slicelab.jobs.overrides import override, parse_override
from slicelab.jobs.presets import preset, with_steps
from slicelab.jobs.specs import ClassInput, EmbedJob, FinetuneJob, PretrainJob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.settings import Preset
    from slicelab.jobs.specs import AnyJob, CaseInput, Device
    from slicelab.learn.device import Compute

ARMS = ("random", "regression", "blocks", "contrastive", "semi", "covering")
BASE = "random"
PRETRAINED_BY = {"semi": "contrastive", "covering": "contrastive"}
SEED = 0
"""Of pretrainings, which are one a fold and method, and of the covering choice."""
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Study:
    """One data set as the learning sees it.

    Attributes:
        project: its project's folder.
        inputs: case name to its image.
        labels: case name to its labels, for the cases that have a mask.
        classes: its structures.
        flip: whether they may be mirrored.
        settings: the preset with what was changed of it, its pool with a pixel size.

    """

    project: Path
    inputs: dict[str, CaseInput]
    labels: dict[str, CaseLabels]
    classes: tuple[ClassInput, ...]
    flip: bool
    settings: Preset

    def test(self, fold: int) -> tuple[str, ...]:
        """The test cases of a fold."""
        return folds(sorted(self.labels), FOLDS, FOLD_SEED)[fold]

    def pool(self, fold: int) -> tuple[CaseInput, ...]:
        """All images but those of the fold's test patients."""
        away = {self.inputs[name].patient for name in self.test(fold)}
        return tuple(one for one in self.inputs.values() if one.patient not in away)


def opened(name: str, data: Path, keep: Path, settings: Preset) -> Study:
    """The set as a project with every label it has; imported the first time."""
    folder, classes = SETS[name]
    project = keep / name / "project"
    if not (project / "imported").exists():
        shutil.rmtree(project, ignore_errors=True)
        with Session.create(project, classes.split(",")) as session:
            session.import_paths([data / folder], labels="all")
        (project / "imported").touch()
    wanted = set(labelled_names(data / folder))
    store = ProjectStore.open(project)
    try:
        builder, cases = JobBuilder(store), store.cases()
        inputs = {case.name: builder.case_input(case) for case in cases}
        by_id = {case.id: case.name for case in cases}
        found = {by_id[one.case]: one for one in builder.labels_of(cases, store.readers()[0].id)}
        own = store.classes()
    finally:
        store.close()
    if set(found) != wanted:
        raise SystemExit(f"{project} does not hold the labels of {data / folder}; remove it and begin again.")
    pool = resolved(settings.pool, project, tuple(inputs.values()))
    return Study(
        project, inputs, found, tuple(ClassInput(value=c.value, name=c.name) for c in own), flip_allowed(own),
        settings.model_copy(update={"pool": pool}),
    )  # fmt: skip


def chosen_once(study: Study, device: Device) -> Compute:
    """Where to compute, measured the first time and the same ever after: all arms get the same arithmetic."""
    from slicelab.learn.device import ComputeRecord, choose_as_before
    from slicelab.learn.device import choose as choose_now

    kept = study.project / "compute.json"
    if kept.exists():
        before = ComputeRecord.model_validate_json(kept.read_text("utf-8"))
        compute, change = choose_as_before(device, before, None)
        if change:
            sys.stderr.write(f"{change}\n")
        return compute
    compute = choose_now(device)
    kept.write_text(compute.record().model_dump_json(), "utf-8")
    return compute


def run_here(job: AnyJob, study: Study, compute: Compute, labels: Iterable[CaseLabels] = ()) -> None:
    """Run a job in this process and in its own run folder; what it learnt before a stop is gone on from."""
    from slicelab.learn.run import JobContext, run_job

    folder = RunFolder(study.project / "runs" / job.run)
    folder.write_job(job)
    if job.kind == "finetune":
        save_snapshot(folder.snapshot_path, list(labels))
    for event in run_job(job, JobContext(study.project, folder.path, lambda: False), compute):
        if event.event == "AlarmRaised":
            sys.stderr.write(f"{job.run}: {event.message}\n")


def _common(study: Study, run: str, seed: int) -> dict[str, Any]:
    return {
        "run": run, "preset": study.settings.name, "seed": seed, "pool": study.settings.pool,
        "network": study.settings.network,
    }  # fmt: skip


def pretrained(study: Study, fold: int, method: str, steps: int | None, tag: str, compute: Compute) -> str:
    """The run of a fold's pretraining by a method; made the first time."""
    from slicelab.learn.weights import load_card

    run = f"pre-{method}-f{fold}-{tag}"
    folder = study.project / "runs" / run
    if (folder / "model.json").exists() and load_card(folder).complete:
        return run
    settings = with_steps(getattr(study.settings, method), steps)
    job = PretrainJob(**_common(study, run, SEED), settings=settings, cases=study.pool(fold))
    started = time.monotonic()
    run_here(job, study, compute)
    sys.stderr.write(f"{run}: pretrained in {time.monotonic() - started:.0f} s\n")
    return run


def covering(study: Study, fold: int, init: str, count: int, compute: Compute) -> tuple[str, ...]:
    """The labelled cases that stand best for all of the fold's, as ``slicelab suggest`` chooses."""
    names = [name for name in sorted(study.labels) if name not in study.test(fold)]
    run = f"embed-{init}"
    path = study.project / "runs" / run / EMBEDDINGS
    if not path.exists():
        cases = tuple(study.inputs[name] for name in names)
        run_here(EmbedJob(**_common(study, run, SEED), model=init, cases=cases), study, compute)
    items = [Item(study.inputs[n].case, n, study.inputs[n].patient, frozenset(), finished=False) for n in names]
    found = choose(items, load_embeddings(path).features, init, count, 0, SEED)
    return tuple(sorted(one.name for one in found.cases))


def measured(study: Study, run: str, names: Iterable[str], compute: Compute) -> dict[str, dict[str, float | None]]:
    """3D Dice per case and class on the volume's own grid; None where a structure is in neither mask."""
    from slicelab.learn.predict import predict_stack
    from slicelab.learn.unet import UNet
    from slicelab.learn.weights import load_card, load_state

    folder = study.project / "runs" / run
    card = load_card(folder)
    model = UNet(card.network, card.outputs)
    model.load_state_dict(load_state(folder, card))
    if compute.device.type == "cpu":
        compute = replace(compute, bf16=False)  # as every prediction on a processor
    compute.place(model)
    model.eval()
    values = tuple(one.value for one in card.classes)
    found: dict[str, dict[str, float | None]] = {}
    wanted = list(names)
    for name, case in zip(wanted, build(study.project, card.pool, tuple(study.inputs[n] for n in wanted)), strict=True):
        guess = predict_stack(model, case, values, study.settings.predict, compute, flip=card.flip_allowed)
        assert guess is not None
        labels = study.labels[name]
        found[name] = {}
        for column, one in enumerate(study.classes):
            known = labels.known[:, column]
            score = metrics.dice(guess[0][labels.slices[known]] == one.value, labels.masks[known] == one.value)
            found[name][one.name] = None if math.isnan(score) else round(score, 4)
    return found


def one_draw(
    study: Study, arm: str, count: int, fold: int, number: int, asked: argparse.Namespace, compute: Compute
) -> Row:
    """Finetune an arm on one draw of labelled cases and measure the fold's test cases."""
    test = study.test(fold)
    method = PRETRAINED_BY.get(arm, arm)
    init = None
    if method != BASE:
        init = pretrained(study, fold, method, asked.pretrain_steps, tag_of(asked), compute)
    if arm == "covering" and init is not None:
        train = covering(study, fold, init, count, compute)
    else:
        train = draw([name for name in sorted(study.labels) if name not in test], count, number)
    settings = with_steps(study.settings.finetune, asked.steps)
    settings = settings.model_copy(update={"semi": settings.semi.model_copy(update={"on": arm == "semi"})})
    cases = tuple(study.inputs[name] for name in train)
    run = f"draw-{os.getpid()}"
    shutil.rmtree(study.project / "runs" / run, ignore_errors=True)
    job = FinetuneJob(
        **_common(study, run, number), settings=settings, classes=study.classes, init=init, train=cases,
        unlabelled=study.pool(fold) if arm == "semi" else (), flip_allowed=study.flip,
    )  # fmt: skip
    started = time.monotonic()
    run_here(job, study, compute, [study.labels[name] for name in train])
    seconds = time.monotonic() - started
    scores = measured(study, run, test, compute)
    shutil.rmtree(study.project / "runs" / run)
    return {"train": train, "cases": scores, "mean_dice": mean_dice(scores), "seconds": round(seconds, 1)}


def case_means(scores: dict[str, dict[str, float | None]]) -> dict[str, float]:
    """Case to the mean over its classes; one that shows none is left out."""
    known = {name: [v for v in classes.values() if v is not None] for name, classes in scores.items()}
    return {name: sum(values) / len(values) for name, values in known.items() if values}


def mean_dice(scores: dict[str, dict[str, float | None]]) -> float:
    """The mean over cases of their mean over classes."""
    return round(float(np.mean(list(case_means(scores).values()))), 4)


def tag_of(asked: argparse.Namespace) -> str:
    """What distinguishes pretrainings of one fold and method: their steps, and changed settings that concern them."""
    changed = sorted(text for text in asked.change if not text.startswith(("finetune.", "predict.")))
    return hashlib.sha256(json.dumps([asked.pretrain_steps, changed]).encode()).hexdigest()[:8]


def key_of(row: Row) -> tuple[Any, ...]:
    """What a draw is known by."""
    return tuple(
        json.dumps(row[name]) for name in ("set", "steps", "pretrain_steps", "change", "n", "fold", "draw", "arm")
    )


def planned(asked: argparse.Namespace) -> Iterator[Row]:
    """Every draw asked for, what comes first in the lists first; each draw in all folds and arms before the next."""
    for count in asked.ns:
        for number in range(asked.draws):
            for fold in asked.folds:
                for arm in asked.arms:
                    yield {
                        "set": asked.name, "steps": asked.steps, "pretrain_steps": asked.pretrain_steps,
                        "change": sorted(asked.change), "n": count, "fold": fold, "draw": number, "arm": arm,
                    }  # fmt: skip


def read(record: Path) -> list[Row]:
    """The finished draws; a line that was torn when the power went is done again."""
    rows = []
    for line in record.read_text("utf-8").splitlines() if record.exists() else []:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def table_of(rows: list[Row]) -> npt.NDArray[np.float64]:
    """Case means of one arm and fold, ``(draw, case)``, in the order of draws and of case names."""
    ordered = sorted(rows, key=lambda row: row["draw"])
    return np.array([[value for _, value in sorted(case_means(row["cases"]).items())] for row in ordered])


def compared(rows: list[Row], base: list[Row]) -> Row:
    """An arm's mean and spread, and its difference to the base on the draws both have."""
    per_fold, gaps = [], []
    for fold in sorted({row["fold"] for row in rows}):
        own = [row for row in rows if row["fold"] == fold]
        per_fold.append(table_of(own))
        theirs = {row["draw"]: row for row in base if row["fold"] == fold}
        both = [row for row in own if row["draw"] in theirs]
        if both:
            gaps.append(table_of(both) - table_of([theirs[row["draw"]] for row in both]))
    cases = np.concatenate([one.mean(axis=0) for one in per_fold])
    draws = [mean for one in per_fold for mean in one.mean(axis=1)]
    told: Row = {
        "draws": len(rows),
        "mean": round(float(cases.mean()), 4),
        "sd_draws": round(float(np.std(draws, ddof=1)), 4) if len(draws) > 1 else None,
        "sd_cases": round(float(np.std(cases, ddof=1)), 4) if len(cases) > 1 else None,
    }
    if gaps:
        gap = crossed_difference(gaps)
        told["difference"] = {
            "mean": round(gap.mean, 4),
            "interval": None if math.isnan(gap.low) else [round(gap.low, 4), round(gap.high, 4)],
            "p": None if math.isnan(gap.p) else float(f"{gap.p:.2g}"),
            "established": gap.established,
            "paired_draws": sum(len(one) for one in gaps),
        }
    return told


def summary(rows: list[Row]) -> list[Row]:
    """Every comparison that the record supports."""
    settings = ("set", "steps", "pretrain_steps", "change", "n")
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(json.dumps([row[name] for name in settings]), []).append(row)
    told = []
    for group in groups.values():
        base = [row for row in group if row["arm"] == BASE]
        for arm in ARMS:
            own = [row for row in group if row["arm"] == arm]
            if own:
                against = base if arm != BASE else []
                told.append({**{name: own[0][name] for name in settings}, "arm": arm, **compared(own, against)})
    return told


def main() -> None:
    """Run what is not in the record yet, or compare what is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", choices=SETS, default="prostate", dest="name")
    parser.add_argument("--data", type=Path, default=os.environ.get("SLICELAB_TEST_DATA"))
    parser.add_argument("--record", type=Path, required=True, help="JSON lines of finished draws")
    parser.add_argument("--keep", type=Path, help="folder for the project and its pretrainings; default: beside it")
    parser.add_argument("--arms", nargs="+", choices=ARMS, default=list(ARMS))
    parser.add_argument("--ns", nargs="+", type=int, default=[1, 2, 4, 8])
    parser.add_argument("--draws", type=int, default=20)
    parser.add_argument("--folds", nargs="+", type=int, choices=range(FOLDS), default=list(range(FOLDS)))
    parser.add_argument("--steps", type=int, help="of each finetuning; default: the preset's")
    parser.add_argument("--pretrain-steps", type=int, help="of each pretraining; default: the preset's")
    parser.add_argument("--change", nargs="*", default=[], metavar="GROUP.FIELD=VALUE", help="settings, for all arms")
    parser.add_argument("--device", choices=["auto", "cpu", "cuda", "mps"], default="auto")
    parser.add_argument("--summary", action="store_true", help="compare what is in the record, and run nothing")
    asked = parser.parse_args()
    if asked.summary:
        for row in summary(read(asked.record)):
            print(json.dumps(row))
        return
    if asked.data is None:
        raise SystemExit("Set SLICELAB_TEST_DATA or --data to the folder of real MR volumes.")
    asked.record.parent.mkdir(parents=True, exist_ok=True)
    settings, _ = override(preset("fast"), dict(parse_override(text) for text in asked.change))
    study = opened(asked.name, Path(asked.data), asked.keep or asked.record.parent / "few_labels", settings)
    done = {key_of(row) for row in read(asked.record)}
    compute = chosen_once(study, asked.device)
    for row in planned(asked):
        few = len(study.labels) - len(study.test(row["fold"]))
        if key_of(row) in done or row["n"] > few:
            continue
        try:
            row |= one_draw(study, row["arm"], row["n"], row["fold"], row["draw"], asked, compute)
        except JobError as error:
            raise SystemExit(str(error)) from error
        row |= {"device": compute.words, "hardware": f"{os.cpu_count()} cores, {platform.machine()}"}
        with asked.record.open("a", encoding="utf-8") as record:
            record.write(json.dumps(row) + "\n")
        sys.stderr.write(f"{row['arm']} n={row['n']} draw {row['draw']} fold {row['fold']}: {row['mean_dice']:.3f}\n")


if __name__ == "__main__":
    main()
