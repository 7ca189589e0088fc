"""From pressing Train to the first usable mask on another case, the start of processes included.

Usable means at least 90 % of the Dice that the same finetuning reaches on that case when it has run to its end. One
volume of about 24 slices is labelled, the encoder is pretrained on a pool without the other cases; the median of five
train / other pairs counts. Train and Predict are pressed through the session, as the window presses them, with the
prediction of the other case alone.

No mask is shown before a finetuning has ended, so the first usable one is the last one: ``first-minute/today``. What
could be had is measured beside it, by finetunings of fewer steps: ``first-minute/fewest-steps`` is the shortest of them
whose mask is usable.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.material import settings_of, the_project, the_study
from benchmarks.result import Goal, Result, hardware, versions
from slicelab.core.metrics import dice
from slicelab.core.splits import draw
from slicelab.engine.session import Session
from slicelab.learn.device import choose

if TYPE_CHECKING:
    import argparse

    from benchmarks.material import Study
    from slicelab.jobs.specs import Device

_SHARE = 0.9
_SLICES = 24
_LIMIT_S = {"cpu": 60.0}
_GPU_LIMIT_S = 20.0
_POLL_S = 0.02


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--pairs", type=int, default=None, help="train / other pairs (5)")
    parser.add_argument("--pretrain-steps", type=int, default=None, help="of the encoder (the preset's)")
    parser.add_argument(
        "--fewer", type=int, nargs="*", default=None, help="finetunings of fewer steps (25 50 100 200); none: skipped"
    )


@dataclass(frozen=True)
class Mask:
    """One finetuning and its mask of the other case.

    Attributes:
        steps: of the finetuning; None for the preset's.
        seconds: from pressing Train to the mask.
        train_seconds: of it, until the finetuning's process was gone and the model there.
        dice: mean of the classes on the other case.

    """

    steps: int | None
    seconds: float
    train_seconds: float
    dice: float


def measure(asked: argparse.Namespace) -> list[Result]:
    """What is today, and what could be."""
    quick = asked.quick
    fewer = sorted(asked.fewer if asked.fewer is not None else ([1] if quick else [25, 50, 100, 200]))
    pairs = asked.pairs or (1 if quick else 5)
    compute = choose(asked.device)
    limit = _LIMIT_S.get(compute.device.type, _GPU_LIMIT_S)
    with the_study(asked.study, labelled=2 * pairs, unlabelled=4) as study, the_project(study) as project:
        with Session.open(project) as session:
            trained, others = _pairs(session, study, pairs)
            teacher, _ = waited_for(
                session,
                session.start_pretrain(
                    exclude=others,
                    steps=2 if quick else asked.pretrain_steps,
                    device=asked.device,
                    overrides=overrides_of_a_try() if quick else {},
                ),
            )
            rows = [
                [_mask(session, teacher, train, other, steps, asked.device) for steps in (*fewer, 2 if quick else None)]
                for train, other in zip(trained, others, strict=True)
            ]
    final = [row[-1] for row in rows]
    usable = [next(mask for mask in row if mask.dice >= _SHARE * row[-1].dice) for row in rows]
    return [
        Result(
            name=f"first-minute/{name}",
            ratio=statistics.median(mask.seconds for mask in found) / limit,
            goal=Goal("<=", 1.0) if name == "today" else None,
            ours={
                "seconds": statistics.median(mask.seconds for mask in found),
                "seconds_by_pair": [mask.seconds for mask in found],
                "steps_by_pair": [mask.steps for mask in found],
                "dice_by_pair": [mask.dice for mask in found],
                "on": study.words,
                **({"all": [[asdict(mask) for mask in row] for row in rows]} if name == "fewest-steps" else {}),
            },
            reference={"limit_seconds": limit, "usable": f"{_SHARE:.0%} of the Dice at the end"},
            hardware=hardware(compute),
            versions=versions(),
        )
        for name, found in (("today", final), ("fewest-steps", usable))
        if name == "today" or fewer
    ]


def _pairs(session: Session, study: Study, count: int) -> tuple[list[str], list[str]]:
    """Cases to label, those with nearest to 24 slices, and others, drawn by seed."""
    slices = {case.name: len(session.states(case.id)) for case in session.cases() if case.name in study.names}
    trained = sorted(slices, key=lambda name: (abs(slices[name] - _SLICES), name))[:count]
    others = draw([name for name in study.names if name not in trained], count, 0)
    return trained, list(others)


def _mask(session: Session, teacher: str, train: str, other: str, steps: int | None, device: Device) -> Mask:
    """Press Train, then, as soon as the model is there, Predict; wait for the mask."""
    began = time.monotonic()
    model, ended = waited_for(session, session.start_finetune(teacher, train=[train], steps=steps, device=device))
    _, seen = waited_for(session, session.start_predict(model, cases=[other], device=device))
    case = session.find([other])[0]
    found, truth = session.prediction(case.id, model), session.label_stack(case.id)
    assert found is not None
    each = [dice(found == one.value, truth == one.value) for one in session.classes if bool((truth == one.value).any())]
    return Mask(steps, seen - began, ended - began, float(np.mean(each)))


def waited_for(session: Session, run: str) -> tuple[str, float]:
    """Wait for a job; its run, and when its mask was there, or else when it had ended."""
    seen = None
    while True:
        session.poll()
        status = session.status(run)
        if status.predicted and seen is None:
            seen = time.monotonic()
        if status.ended:
            break
        time.sleep(_POLL_S)
    if status.state != "finished":
        raise SystemExit(f"{run} {status.state}: {status.message} {status.remedy}")
    while run in session.running:
        session.poll()
    return run, seen or time.monotonic()


def overrides_of_a_try() -> dict[str, object]:
    """The settings of a quick try, as overrides."""
    chosen = settings_of(quick=True)
    network = {f"network.{name}": value for name, value in chosen.network.model_dump().items()}
    return {"pool.matrix": chosen.pool.matrix, **network}
