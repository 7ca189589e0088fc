"""From pressing Train to the first usable mask on another case, the start of processes included.

Usable means at least 90 % of the Dice that the same finetuning reaches on that case when it has run to its end. One
volume of about 24 slices is labelled, the encoder is pretrained on a pool without the other cases; the median of five
train / other pairs counts. Train is pressed through the session, as the window presses it: the other case is the one
that is open, so the job shows previews of it, and the prediction that follows begins with it.

``first-minute/usable`` is the first mask shown that is usable, a preview or the prediction; ``first-minute/final`` the
prediction itself.
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

    import numpy.typing as npt

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


@dataclass(frozen=True)
class Shown:
    """A mask of the other case that a person would see.

    Attributes:
        steps: that the finetuning had done; None for the prediction after its end.
        seconds: since Train was pressed.
        dice: mean of the classes.

    """

    steps: int | None
    seconds: float
    dice: float


def measure(asked: argparse.Namespace) -> list[Result]:
    """The first usable mask, and the last one."""
    quick = asked.quick
    pairs = asked.pairs or (1 if quick else 5)
    compute = choose(asked.device)
    limit = _LIMIT_S.get(compute.device.type, _GPU_LIMIT_S)
    overrides = overrides_of_a_try() if quick else {}
    with the_study(asked.study, labelled=2 * pairs, unlabelled=4) as study, the_project(study) as project:
        with Session.open(project) as session:
            trained, others = _pairs(session, study, pairs)
            steps = 2 if quick else asked.pretrain_steps
            teacher, _ = waited_for(
                session,
                session.jobs.start_pretrain(exclude=others, steps=steps, device=asked.device, overrides=overrides),
            )
            rows = [
                _watched(session, teacher, train, other, 2 if quick else None, asked.device)
                for train, other in zip(trained, others, strict=True)
            ]
    usable = [next(mask for mask in row if mask.dice >= _SHARE * row[-1].dice) for row in rows]
    return [
        Result(
            name=f"first-minute/{name}",
            ratio=statistics.median(mask.seconds for mask in found) / limit,
            goal=goal,
            ours={
                "seconds": statistics.median(mask.seconds for mask in found),
                "seconds_by_pair": [mask.seconds for mask in found],
                "steps_by_pair": [mask.steps for mask in found],
                "dice_by_pair": [mask.dice for mask in found],
                "on": study.words,
                **({"all": [[asdict(mask) for mask in row] for row in rows]} if goal is not None else {}),
            },
            reference={"limit_seconds": limit, "usable": f"{_SHARE:.0%} of the Dice at the end"},
            hardware=hardware(compute),
            versions=versions(),
        )
        for name, goal, found in (
            ("usable", Goal("<=", 1.0), usable),
            ("final", None, [row[-1] for row in rows]),
        )
    ]


def _pairs(session: Session, study: Study, count: int) -> tuple[list[str], list[str]]:
    """Cases to label, those with nearest to 24 slices, and others, drawn by seed."""
    slices = {case.name: len(session.labels.states(case.id)) for case in session.cases() if case.name in study.names}
    trained = sorted(slices, key=lambda name: (abs(slices[name] - _SLICES), name))[:count]
    others = draw([name for name in study.names if name not in trained], count, 0)
    return trained, list(others)


def _watched(session: Session, teacher: str, train: str, other: str, steps: int | None, device: Device) -> list[Shown]:
    """Press Train with the other case open; every mask of it in the order it was shown, the prediction last."""
    case = session.find([other])[0]
    truth = session.labels.stack(case.id)

    def dice_of(stack: npt.NDArray[np.uint8] | None) -> float:
        assert stack is not None
        values = [one.value for one in session.classes if bool((truth == one.value).any())]
        return float(np.mean([dice(stack == value, truth == value) for value in values]))

    began = time.monotonic()
    model = session.jobs.start_finetune(teacher, train=[train], steps=steps, device=device, preview=[case.id])
    found: list[Shown] = []
    while not session.jobs.status(model).ended:
        session.poll()
        made = session.jobs.status(model).previewed.get(case.id)
        if made is not None and (not found or found[-1].steps != made):
            seen = time.monotonic() - began
            found.append(Shown(made, seen, dice_of(session.preview(model, case.id))))
        time.sleep(_POLL_S)
    waited_for(session, model)
    _, at = waited_for(session, session.jobs.start_predict(model, cases=[other], device=device))
    return [*found, Shown(None, at - began, dice_of(session.prediction(case.id, model)))]


def waited_for(session: Session, run: str) -> tuple[str, float]:
    """Wait for a job; its run, and when its mask was there, or else when it had ended."""
    seen = None
    while True:
        session.poll()
        status = session.jobs.status(run)
        if status.predicted and seen is None:
            seen = time.monotonic()
        if status.ended:
            break
        time.sleep(_POLL_S)
    if status.state != "finished":
        raise SystemExit(f"{run} {status.state}: {status.message} {status.remedy}")
    while run in session.jobs.running:
        session.poll()
    return run, seen or time.monotonic()


def overrides_of_a_try() -> dict[str, object]:
    """The settings of a quick try, as overrides."""
    chosen = settings_of(quick=True)
    network = {f"network.{name}": value for name, value in chosen.network.model_dump().items()}
    return {"pool.matrix": chosen.pool.matrix, **network}
