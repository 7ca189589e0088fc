"""A real data set as the few-label benchmark sees it: its project, its folds, its pretrainings, and Dice of a run."""

from __future__ import annotations

import math
import shutil
import sys
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from main_job import FOLD_SEED, FOLDS, SETS, labelled_names

from slicelab.core import metrics
from slicelab.core.labels import flip_allowed
from slicelab.core.splits import draw, folds
from slicelab.data.embeddings import EMBEDDINGS, load_embeddings
from slicelab.data.pool import build, resolved
from slicelab.data.run_folder import RunFolder
from slicelab.data.snapshot import CaseLabels, save_snapshot
from slicelab.data.store.project import ProjectStore
from slicelab.engine.job_builder import JobBuilder
from slicelab.engine.session import Session
from slicelab.engine.suggesting import Item, choose
from slicelab.jobs.presets import with_steps
from slicelab.jobs.specs import ClassInput, EmbedJob, PretrainJob

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from few_label_record import Scores

    from slicelab.jobs.settings import PredictSettings, Preset
    from slicelab.jobs.specs import AnyJob, CaseInput, Device
    from slicelab.learn.device import Compute

WIDER = 4
"""In how many times as many cases the arm with spread slices labels."""


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

    def labelled(self, fold: int) -> list[str]:
        """The cases that may be labelled in a fold: those with a mask that are not tested."""
        return [name for name in sorted(self.labels) if name not in self.test(fold)]

    def pool(self, fold: int) -> tuple[CaseInput, ...]:
        """All images but those of the fold's test patients."""
        away = {self.inputs[name].patient for name in self.test(fold)}
        return tuple(one for one in self.inputs.values() if one.patient not in away)


@dataclass(frozen=True)
class Start:
    """Which of several pretrainings of a fold and method.

    Attributes:
        steps: of it; None takes the preset's.
        seed: of it, and of the covering choice.
        tag: what distinguishes it from one with other steps or settings.

    """

    steps: int | None
    seed: int
    tag: str


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


def common(study: Study, run: str, seed: int) -> dict[str, Any]:
    """What every job of a study says."""
    return {
        "run": run, "preset": study.settings.name, "seed": seed, "pool": study.settings.pool,
        "network": study.settings.network,
    }  # fmt: skip


def pretrained(study: Study, fold: int, method: str, start: Start, compute: Compute) -> str:
    """The run of a fold's pretraining by a method; made the first time."""
    from slicelab.learn.weights import load_card

    run = f"pre-{method}-f{fold}-{start.tag}" + (f"-s{start.seed}" if start.seed else "")
    folder = study.project / "runs" / run
    if (folder / "model.json").exists() and load_card(folder).complete:
        return run
    settings = with_steps(getattr(study.settings, method), start.steps)
    job = PretrainJob(**common(study, run, start.seed), settings=settings, cases=study.pool(fold))
    started = time.monotonic()
    run_here(job, study, compute)
    sys.stderr.write(f"{run}: pretrained in {time.monotonic() - started:.0f} s\n")
    return run


def covering(study: Study, fold: int, init: str, count: int, seed: int, compute: Compute) -> tuple[str, ...]:
    """The labelled cases that stand best for all of the fold's, as ``slicelab suggest`` chooses."""
    names = study.labelled(fold)
    run = f"embed-{init}"
    path = study.project / "runs" / run / EMBEDDINGS
    if not path.exists():
        cases = tuple(study.inputs[name] for name in names)
        run_here(EmbedJob(**common(study, run, seed), model=init, cases=cases), study, compute)
    items = [Item(study.inputs[n].case, n, study.inputs[n].patient, frozenset(), finished=False) for n in names]
    found = choose(items, load_embeddings(path).features, init, count, 0, seed)
    return tuple(sorted(one.name for one in found.cases))


def spread_out(study: Study, fold: int, count: int, seed: int) -> list[CaseLabels]:
    """As many slices as whole cases have that a seed draws, but evenly spaced in four times as many cases."""
    names = study.labelled(fold)
    budget = sum(len(study.labels[name].slices) for name in draw(names, count, seed))
    cases = draw(names, min(WIDER * count, len(names)), seed)
    return [thinned(study.labels[name], round(budget / len(cases))) for name in cases]


def thinned(labels: CaseLabels, count: int) -> CaseLabels:
    """The labels of evenly spaced slices alone, the middle of equal parts of the stack."""
    total = len(labels.slices)
    at = [int((k + 0.5) * total / count) for k in range(count)] if count < total else list(range(total))
    return CaseLabels(labels.case, labels.slices[at], labels.masks[at], labels.known[at])


def measured(study: Study, run: str, names: Iterable[str], settings: PredictSettings, compute: Compute) -> Scores:
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
    found: Scores = {}
    wanted = list(names)
    for name, case in zip(wanted, build(study.project, card.pool, tuple(study.inputs[n] for n in wanted)), strict=True):
        guess = predict_stack(model, case, values, settings, compute, flip=card.flip_allowed)
        assert guess is not None
        labels = study.labels[name]
        found[name] = {}
        for column, one in enumerate(study.classes):
            known = labels.known[:, column]
            score = metrics.dice(guess[0][labels.slices[known]] == one.value, labels.masks[known] == one.value)
            found[name][one.name] = None if math.isnan(score) else round(score, 4)
    return found
