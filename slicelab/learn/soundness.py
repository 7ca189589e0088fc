"""Whether a training is still sound: a loss that is no number, or explodes, told apart from the noise of training."""

from __future__ import annotations

import math
from collections import deque
from statistics import median
from typing import TYPE_CHECKING

import torch

from slicelab.learn.state import number, tensor

if TYPE_CHECKING:
    from slicelab.jobs.events import Unsoundness
    from slicelab.learn.state import State

_RECENT = 50
_TIMES_MEDIAN = 10.0
_TIMES_FIRST = 3.0
_LEAST_FIRST = 1.0
"""Every loss here is of order 1 in an untrained network: L1 of images in [0, 1], Dice up to 1, logarithms of counts."""


class LossWatch:
    """Judges the losses of one phase.

    A loss has exploded when it is more than 10 times the median of the last 50 and more than 3 times that of the
    untrained network. The second keeps a well-trained network, whose losses are near 0, from being stopped by one hard
    batch.
    """

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._first = math.nan

    def judge(self, loss: float, gradient_norm: float) -> Unsoundness | None:
        """What is wrong with a step, if anything; otherwise its loss is taken note of."""
        if not math.isfinite(loss):
            return "loss_not_finite"
        if not math.isfinite(gradient_norm):
            return "gradient_not_finite"
        if not self._recent:
            self._first = loss
        elif loss > max(_TIMES_MEDIAN * median(self._recent), _TIMES_FIRST * max(self._first, _LEAST_FIRST)):
            return "loss_exploded"
        self._recent.append(loss)
        return None

    def state(self) -> State:
        """The last losses ``(n,)`` float64, and the first."""
        return {"recent": torch.tensor(list(self._recent), dtype=torch.float64), "first": self._first}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        recent, first = tensor(state, "recent", torch.float64, None).tolist(), number(state, "first")
        self._recent.clear()
        self._recent.extend(recent)
        self._first = first
