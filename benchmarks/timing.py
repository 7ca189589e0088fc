"""Two or more ways to do the same work, timed in turns (A B A B ...), so that a machine that slows down slows all."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import torch

from slicelab.jobs.events import StepDone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from slicelab.jobs.events import AnyEvent


class Arm(Protocol):
    """One way to do the work."""

    def __call__(self, steps: int) -> float:
        """Do so many steps; the seconds they took, once the device has done them."""


@dataclass(frozen=True)
class Pace:
    """How long a step took.

    Attributes:
        seconds: of a step, the mean within each round, in the order of the rounds.
        steps: steps in each round.

    """

    seconds: tuple[float, ...]
    steps: int

    @property
    def median(self) -> float:
        """The median over the rounds, s."""
        return statistics.median(self.seconds)

    def facts(self, images: int) -> dict[str, float | int]:
        """For a result; ``images`` are those that one step sees."""
        return {
            "images_per_s": images / self.median,
            "seconds_per_step": self.median,
            "images_per_step": images,
            "steps_timed": self.steps * len(self.seconds),
        }


def in_turns(arms: Mapping[str, Arm], *, rounds: int, block_s: float, least: int = 1) -> dict[str, Pace]:
    """Time the arms in turns.

    Args:
        arms: by name, in the order of a round.
        rounds: how often each has its turn, after a first one that warms up and is not counted.
        block_s: about how long a turn lasts, s.
        least: fewest steps of a turn.

    """
    steps = {}
    for name, arm in arms.items():
        arm(least)
        steps[name] = max(least, round(block_s * least / arm(least)))
    seconds: dict[str, list[float]] = {name: [] for name in arms}
    for _ in range(rounds):
        for name, arm in arms.items():
            seconds[name].append(arm(steps[name]) / steps[name])
    return {name: Pace(tuple(seconds[name]), steps[name]) for name in arms}


def times_as_fast(ours: Pace, reference: Pace) -> float:
    """The median over the rounds of how many steps of ours took as long as one of the reference in the same round."""
    return statistics.median(b / a for a, b in zip(ours.seconds, reference.seconds, strict=True))


class Training:
    """An arm: one of slicelab's own trainings, with all that belongs to it (recovery copies, checkpoints, events)."""

    def __init__(self, events: Iterator[AnyEvent]) -> None:
        self._events = events

    def __call__(self, steps: int) -> float:
        """Let the training do so many steps."""
        started, done = time.perf_counter(), 0
        for event in self._events:  # every step ends with a loss fetched from the device
            done += isinstance(event, StepDone)
            if done == steps:
                return time.perf_counter() - started
        raise RuntimeError("the training ended before it was timed")


class Repeated:
    """An arm: the same call again and again."""

    def __init__(self, once: Callable[[], object], device: torch.device) -> None:
        self._once, self._device = once, device

    def __call__(self, steps: int) -> float:
        """Call it so many times."""
        started = time.perf_counter()
        for _ in range(steps):
            self._once()
        finish(self._device)
        return time.perf_counter() - started


def finish(device: torch.device) -> None:
    """Wait until the device has done what was asked of it."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    elif device.type == "mps":
        torch.mps.synchronize()
