"""The same finetuning in slicelab and in the best MONAI script: images a second; ``--accuracy``: Dice at equal time.

Network, batch, precision, memory format, slices and strength of augmentation are the same; MONAI has its own
transforms, loss, loader and number of workers, the fastest that is found, AdamW, and no averaged weights to keep.

``--accuracy`` trains for fixed numbers of steps that would take equal seconds at the rates measured first (or told with
``--rates``), so that what else the machine does cannot change a Dice: both from random weights, and ours pretrained,
with MONAI given the seconds of the pretraining as well. Masks of both are made and measured by the same code.
With ``--record`` each finished draw is a JSON line, and what was stopped goes on, at the rates it began with.
"""

from __future__ import annotations

import os
import statistics
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.few_label_record import append, read
from benchmarks.first_minute import overrides_of_a_try, waited_for
from benchmarks.material import Material, material_of, settings_of, the_project, the_study
from benchmarks.monai_script import Loading, MonaiTraining, ways
from benchmarks.result import Goal, Result, hardware, versions
from benchmarks.timing import Arm, Pace, in_turns, times_as_fast
from benchmarks.train_efficiency import finetuning, timed
from slicelab.core.metrics import dice
from slicelab.core.splits import draw, folds
from slicelab.engine.session import Session
from slicelab.jobs.lengths import steps_of
from slicelab.learn.device import Compute, choose
from slicelab.learn.predict import predict_stack
from slicelab.learn.unet import UNet
from slicelab.learn.weights import load_card, load_state

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from benchmarks.material import Study
    from slicelab.data.pool import PoolCase
    from slicelab.jobs.settings import Preset
    from slicelab.learn.slices import SliceSet

_USUAL = 0.2
"""How often MONAI's tutorials apply a random transform, about."""
_FOLDS, _FOLD_SEED = 3, 0
_STARTS = ("random", "pretrained")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--rounds", type=int, default=None, help="turns of each (9)")
    parser.add_argument("--accuracy", action="store_true", help="Dice at equal seconds, instead (hours on two cores)")
    parser.add_argument("--n", type=int, default=4, help="labelled volumes trained on")
    parser.add_argument("--draws", type=int, default=5, help="draws of labelled volumes, by the seeds 0, 1, ...")
    parser.add_argument("--record", type=Path, help="JSON lines of finished draws, so that work goes on where it was")
    parser.add_argument("--monai-lr", type=float, default=1e-3, help="MONAI's learning rate (AdamW, cosine)")
    parser.add_argument(
        "--rates", metavar="F,G,L,M", help="seconds a step measured before: finetune, global, local, MONAI's"
    )


def measure(asked: argparse.Namespace) -> list[Result]:
    """Speed, or accuracy."""
    compute, chosen = choose(asked.device), settings_of(quick=asked.quick)
    with the_study(asked.study, labelled=12, unlabelled=6) as study:
        if asked.accuracy:
            return _accuracy(study, chosen, compute, asked)
        names = study.names[: 2 if asked.quick else asked.n]
        with the_project(study, names) as project:
            return _speed(study, material_of(project, names), chosen, compute, asked)


# Speed --------------------------------------------------------------------------------------------------------------


def _speed(
    study: Study, material: Material, chosen: Preset, compute: Compute, asked: argparse.Namespace
) -> list[Result]:
    slices = material.slices(chosen.pool, list(material.cases), compute.device, labelled=True)
    rounds, block_s = asked.rounds or (1 if asked.quick else 9), 0.0 if asked.quick else 2.0
    goal = Goal(">=", 1.5 if compute.device.type == "cpu" else 5.0)
    results = []
    for probability in (1.0,) if asked.quick else (1.0, _USUAL):
        usual = probability < 1.0
        best, tried = _fastest(slices, material, chosen, compute, probability, quick=asked.quick)
        with finetuning(slices, material, chosen, compute) as ours:
            monai = _monai(slices, material, chosen, compute, best, probability=probability)
            paces = in_turns({"ours": ours, "monai": monai}, rounds=rounds, block_s=block_s, least=1)
        batch = chosen.finetune.batch
        results.append(
            Result(
                name=f"versus-monai/{'usual-probabilities' if usual else 'speed'}",
                ratio=times_as_fast(paces["ours"], paces["monai"]),
                goal=None if usual else goal,
                ours={**paces["ours"].facts(batch), "on": study.words, "volumes": len(material.cases)},
                reference={
                    **paces["monai"].facts(batch),
                    "how": best.words,
                    "probability_of_a_transform": probability,
                    "tried_images_per_s": tried,
                },
                hardware=hardware(compute),
                versions=versions(["monai"]),
            )
        )
    return results


def _monai(
    slices: SliceSet, material: Material, chosen: Preset, compute: Compute, loading: Loading, **more: Any
) -> MonaiTraining:
    return MonaiTraining(
        slices, len(material.classes), chosen.network, chosen.finetune, compute, loading, flip=material.flip, **more
    )


def _fastest(
    slices: SliceSet, material: Material, chosen: Preset, compute: Compute, probability: float, *, quick: bool
) -> tuple[Loading, dict[str, float]]:
    """The way of making batches that gives MONAI the most images a second, and what each gave."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    paces = {}
    for loading in ways(compute, 1 if quick else cores):
        arm = _monai(slices, material, chosen, compute, loading, probability=probability)
        rounds, block_s = (1, 0.0) if quick else (3, 1.0)
        paces[loading] = in_turns({"monai": arm}, rounds=rounds, block_s=block_s, least=1)["monai"]
    best = min(paces, key=lambda loading: min(paces[loading].seconds))
    return best, {loading.words: chosen.finetune.batch / pace.median for loading, pace in paces.items()}


# Accuracy -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rates:
    """Seconds of a step.

    Attributes:
        finetune: ours.
        global_: ours, stage 1 of contrastive pretraining.
        local: ours, stage 2.
        monai: MONAI's.

    """

    finetune: float
    global_: float
    local: float
    monai: float


def _accuracy(study: Study, chosen: Preset, compute: Compute, asked: argparse.Namespace) -> list[Result]:
    test = folds(study.names, _FOLDS, _FOLD_SEED)[0]
    test = test[:1] if asked.quick else test
    rest = [name for name in study.names if name not in test]
    count = min(asked.n, len(rest))
    pretrain = (2, 2) if asked.quick else (chosen.contrastive.steps, chosen.contrastive.local_steps)
    asked_for = {"on": study.words, "n": count, "lr": asked.monai_lr, "quick": asked.quick}
    record = Record(asked.record, asked_for)
    with the_project(study) as project:
        material = material_of(project, study.names)
        if record.rows:  # the seconds that the first draws were given are those of all
            best, rates = Loading(record.rows[0]["workers"]), Rates(**record.rows[0]["rates"])
        else:
            best, rates = _rates(material, rest[:count], chosen, compute, asked)
        trial = Trial(project, material, chosen, compute, asked, test, best, rates, pretrain)
        for seed in range(1 if asked.quick else asked.draws):
            for start in _STARTS:
                if not record.has(seed, start):
                    row = trial.one(draw(rest, count, seed), seed, start)
                    record.add({**row, "workers": best.workers, "rates": asdict(rates)})
    told = []
    for start in _STARTS:
        found = [row for row in record.rows if row["start"] == start]
        told.append(
            Result(
                name=f"versus-monai/accuracy-{start}",
                # The draw that was worst for us decides.
                ratio=min(row["ours"] / max(row["monai"], 1e-9) for row in found),
                goal=Goal(">=", 1.0),
                ours={
                    "mean_dice": statistics.mean(row["ours"] for row in found),
                    "dice_by_draw": [row["ours"] for row in found],
                    "finetune_steps": [row["our_steps"] for row in found],
                    "pretrain_steps": sum(pretrain) if start == "pretrained" else 0,
                    "n": count,
                    "test_volumes": len(test),
                    "on": study.words,
                },
                reference={
                    "mean_dice": statistics.mean(row["monai"] for row in found),
                    "dice_by_draw": [row["monai"] for row in found],
                    "steps": [row["monai_steps"] for row in found],
                    "lr": asked.monai_lr,
                    "how": best.words,
                    "seconds_per_step": asdict(rates),
                },
                hardware=hardware(compute),
                versions=versions(["monai"]),
            )
        )
    return told


class Record:
    """Finished draws as JSON lines in a file, so that hours of work may be stopped; without a file, in memory.

    Args:
        path: of the file; None keeps them for this run alone.
        asked_for: what was asked for; lines that say otherwise are another benchmark's.

    """

    def __init__(self, path: Path | None, asked_for: dict[str, Any]) -> None:
        self._path, self._asked_for = path, asked_for
        found = read(path) if path is not None else []
        self.rows = [row for row in found if all(row[name] == value for name, value in asked_for.items())]

    def has(self, seed: int, start: str) -> bool:
        """Whether a draw is finished."""
        return any((row["seed"], row["start"]) == (seed, start) for row in self.rows)

    def add(self, row: dict[str, Any]) -> None:
        """Keep a finished draw."""
        self.rows.append({**self._asked_for, **row})
        if self._path is not None:
            append(self._path, self.rows[-1])


@dataclass(frozen=True)
class Trial:
    """Both sides on one split: what each draw of labelled volumes has in common."""

    project: Path
    material: Material
    chosen: Preset
    compute: Compute
    asked: argparse.Namespace
    test: tuple[str, ...]
    best: Loading
    rates: Rates
    pretrain: tuple[int, int]

    def one(self, train: tuple[str, ...], seed: int, start: str) -> dict[str, Any]:
        """Dice of both on the test cases after equal seconds, from random weights, or ours from its pretraining."""
        chosen, compute, rates = self.chosen, self.compute, self.rates
        slices = self.material.slices(chosen.pool, train, compute.device, labelled=True)
        finetune = self._steps or steps_of(chosen.finetune, len(slices))
        seconds = finetune * rates.finetune
        if start == "pretrained":
            seconds += self.pretrain[0] * rates.global_ + self.pretrain[1] * rates.local
        budget = max(1, round(seconds / rates.monai))
        ours = self._dice(self._finetuned(train, seed, start))
        monai = _monai(
            slices, self.material, chosen, compute, self.best, steps=budget, lr=self.asked.monai_lr, seed=seed
        )
        monai.train()
        return {
            "seed": seed, "start": start, "ours": ours, "monai": self._dice(monai.model), "our_steps": finetune,
            "monai_steps": budget,
        }  # fmt: skip

    @property
    def _steps(self) -> int | None:
        return 2 if self.asked.quick else None

    def _finetuned(self, train: tuple[str, ...], seed: int, start: str) -> UNet:
        teacher = self._teacher if start == "pretrained" else None
        overrides = overrides_of_a_try() if self.asked.quick and teacher is None else {}
        with Session.open(self.project) as session:
            run = session.jobs.start_finetune(
                teacher, train=train, steps=self._steps, seed=seed, device=self.asked.device, overrides=overrides
            )
            waited_for(session, run)
        return _loaded(self.project / "runs" / run, self.compute)

    @cached_property
    def _teacher(self) -> str:
        """The pretraining, which has seen no test case; made when it is first asked for."""
        quick = self.asked.quick
        with Session.open(self.project) as session:
            run = session.jobs.start_pretrain(
                exclude=self.test, steps=sum(self.pretrain) if quick else None, device=self.asked.device,
                overrides=overrides_of_a_try() if quick else {},
            )  # fmt: skip
            waited_for(session, run)
        return run

    def _dice(self, model: UNet) -> float:
        _, cases = self.material.opened(self.chosen.pool, self.test)
        return _mean_dice(model, cases, self.material, self.chosen, self.compute)


def _rates(
    material: Material, names: Sequence[str], chosen: Preset, compute: Compute, asked: argparse.Namespace
) -> tuple[Loading, Rates]:
    """The fastest way of MONAI, and seconds a step: as told, or measured now."""
    slices = material.slices(chosen.pool, names, compute.device, labelled=True)
    best, _ = _fastest(slices, material, chosen, compute, 1.0, quick=asked.quick)
    if asked.rates:
        told = [float(value) for value in asked.rates.split(",")]
        if len(told) != len(fields(Rates)) or min(told) <= 0:
            raise SystemExit("--rates wants four numbers above 0: finetune,global,local,monai")
        return best, Rates(*told)
    rounds, block_s = (1, 0.0) if asked.quick else (5, 1.0)
    paces: dict[str, Pace] = {}
    with finetuning(slices, material, chosen, compute) as ours:
        arms: dict[str, Arm] = {"finetune": ours, "monai": _monai(slices, material, chosen, compute, best)}
        paces |= in_turns(arms, rounds=rounds, block_s=block_s)
    for method in ("contrastive-global", "contrastive-local"):
        with timed(method, material, chosen, compute) as (training, _, _):
            paces |= in_turns({method: training}, rounds=rounds, block_s=block_s)
    order = ("finetune", "contrastive-global", "contrastive-local", "monai")
    return best, Rates(*(paces[name].median for name in order))


def _loaded(folder: Path, compute: Compute) -> UNet:
    card = load_card(folder)
    model = UNet(card.network, card.outputs)
    model.load_state_dict(load_state(folder, card))
    compute.place(model)
    return model


def _mean_dice(model: UNet, cases: Sequence[PoolCase], material: Material, chosen: Preset, compute: Compute) -> float:
    """Mean over the cases of the mean 3D Dice of the classes that a case shows, on its native grid."""
    model.eval()
    values = tuple(one.value for one in material.classes)
    means = []
    for case in cases:
        found = predict_stack(model, case, values, chosen.predict, compute, flip=material.flip)
        assert found is not None
        truth = material.labels[case.case].masks
        each = [dice(found[0] == value, truth == value) for value in values if (truth == value).any()]
        means.append(float(np.mean(each)))
    return float(np.mean(means))
