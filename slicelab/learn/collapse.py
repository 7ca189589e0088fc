"""Contrastive pretraining that does not learn: its loss stays at the logarithm of the number of candidates."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

import torch

from slicelab.jobs.events import AlarmRaised
from slicelab.learn.state import DoesNotFitError, number, tensor, whole

if TYPE_CHECKING:
    from slicelab.learn.state import State

_LOOK_BACK = 50
_STUCK = 0.97
"""Of the loss of a network without any idea: within 3 % of it, nothing has been learnt."""
_NEAR, _HARDLY_FELL = 0.80, 0.98
"""An untrained decoder tells places apart a little (0.88 to 0.99 of that loss, measured); not to fall is stuck."""


class CollapseWatch:
    """Tells once when the last losses lie at the loss of an untrained network, or near it without having fallen."""

    def __init__(self) -> None:
        self._ratios: deque[float] = deque(maxlen=_LOOK_BACK)
        self._at_first = math.nan
        self._seen = 0
        self._said = False

    def stuck(self, loss: float, untrained: float) -> bool:
        """Take note of a loss; true the first time that the last 50 are no better than untrained, or than the first."""
        self._ratios.append(loss / untrained if untrained > 0 else 1.0)  # without negatives nothing is learned
        self._seen += 1
        mean = sum(self._ratios) / _LOOK_BACK
        if self._seen == _LOOK_BACK:
            self._at_first = mean
        never_fell = self._seen >= 3 * _LOOK_BACK and mean >= max(_NEAR, _HARDLY_FELL * self._at_first)
        if self._said or self._seen < _LOOK_BACK or not (mean >= _STUCK or never_fell):
            return False
        self._said = True
        return True

    def state(self) -> State:
        """Last losses as shares of the untrained one, ``(n,)`` float64, that of the first 50, whether it was told."""
        ratios = torch.tensor(list(self._ratios), dtype=torch.float64)
        return {"ratios": ratios, "at_first": self._at_first, "seen": self._seen, "said": self._said}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        said = state.get("said")
        if not isinstance(said, bool):
            raise DoesNotFitError("it does not say whether a collapse was told")
        at_first, seen = number(state, "at_first"), whole(state, "seen")
        self._said, self._at_first, self._seen = said, at_first, seen
        self._ratios.clear()
        self._ratios.extend(tensor(state, "ratios", torch.float64, None).tolist())


def collapse_alarm(stage: str) -> AlarmRaised:
    """What a person is told about a collapse."""
    return AlarmRaised(
        code=f"contrastive_collapse_{stage}",
        message="The pretraining is not learning to tell images apart: its loss stays where an untrained network is. "
        "Stop it, and try a lower learning rate, more cases, or another method.",
    )
