"""Learning rates as pure functions of the step, averaged weights, and the plateau rule."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from slicelab.learn.muon import Muon
from slicelab.learn.state import inner, like, number, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from slicelab.learn.state import State


def warmup_cosine(step: int, steps: int, warmup: float) -> float:
    """Factor on the learning rate at a step: rises linearly over the warm-up share, then a half cosine to zero.

    Args:
        step: steps done so far, 0 to ``steps - 1``.
        steps: steps in all.
        warmup: share of the steps that warm up.

    """
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return 0.5 * (1.0 + math.cos(math.pi * (step - rising) / max(1, steps - rising)))


def rate_at(step: int, steps: int, warmup: float, plateau: Plateau | None) -> float:
    """Factor on the learning rate: the warm-up, then what the plateau rule says, or without one the cosine."""
    if plateau is None:
        return warmup_cosine(step, steps, warmup)
    return plateau.factor * min(1.0, (step + 1) / max(1, round(warmup * steps)))


def set_rates(optimiser: torch.optim.Optimizer, factor: float) -> None:
    """Give every parameter group its own base rate times the factor."""
    for group in optimiser.param_groups:
        group["lr"] = group["base_lr"] * factor


def make_optimiser(
    groups: Iterable[tuple[list[nn.Parameter], float]], kind: str, weight_decay: float
) -> torch.optim.Optimizer:
    """Adam, AdamW or Muon, a base rate per group of parameters; weight decay spares vectors (norms and biases)."""
    listed = []
    for parameters, rate in groups:
        for decayed in (True, False):
            chosen = [p for p in parameters if (p.ndim > 1) == decayed]
            if chosen:
                decay = weight_decay if decayed else 0.0
                listed.append({"params": chosen, "lr": rate, "base_lr": rate, "weight_decay": decay})
    if kind == "muon":
        return Muon(listed)
    if kind == "adamw":
        return torch.optim.AdamW(listed)
    return torch.optim.Adam(listed)


def descend(
    optimiser: torch.optim.Optimizer, loss: Tensor, parameters: list[nn.Parameter], clip_norm: float | None
) -> Tensor:
    """One optimiser step against the loss, with the gradient's norm cut at ``clip_norm``, if there is one.

    Returns:
        The norm as it was, a float32 scalar on the device. Where it is not finite, the weights are lost.

    """
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(parameters, math.inf if clip_norm is None else clip_norm)
    optimiser.step()
    return norm


class Ema:
    """An exponential moving average of a model's weights.

    Args:
        model: whose weights to follow.
        decay: share of the old average that stays at each step; it starts lower, so that the first steps do not
            linger: ``min(decay, (1 + n) / (10 + n))``.

    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self.updates = 0
        self.shadow = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Move the average towards the model's present weights."""
        self.updates += 1
        decay = min(self._decay, self.updates / (9.0 + self.updates))
        for name, value in model.state_dict().items():
            self.shadow[name].lerp_(value.detach(), 1.0 - decay)

    def state(self) -> State:
        """The average and how often it was moved."""
        return {"updates": self.updates, "shadow": dict(self.shadow)}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.updates, self.shadow = whole(state, "updates"), like(inner(state, "shadow"), self.shadow)


@contextmanager
def averaged(model: nn.Module, ema: Ema) -> Iterator[None]:
    """For a while the model holds the averaged weights and is in evaluation mode; then it trains on with its own."""
    trained = {name: value.clone() for name, value in model.state_dict().items()}
    model.load_state_dict(ema.shadow)
    model.eval()
    try:
        yield
    finally:
        model.load_state_dict(trained)
        model.train()


class Best:
    """The averaged weights of the best validation so far."""

    def __init__(self, ema: Ema) -> None:
        self._ema = ema
        self.mean = -1.0
        self.weights: dict[str, Tensor] = {}

    def read(self, mean: float) -> bool:
        """Take note of a mean Dice; whether it is the best so far, of which the weights are kept."""
        if mean <= self.mean:
            return False
        self.mean, self.weights = mean, {name: tensor.clone() for name, tensor in self._ema.shadow.items()}
        return True

    def state(self) -> State:
        """The best Dice and its weights, if there was a validation."""
        return {"mean": self.mean, "weights": dict(self.weights)}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        kept = inner(state, "weights")
        self.mean, self.weights = number(state, "mean"), like(kept, self._ema.shadow) if kept else {}


class Plateau:
    """Halves the learning rate when a value has not fallen for ``patience`` readings (paper II-E)."""

    def __init__(self, patience: int) -> None:
        self.patience = patience
        self.best = math.inf
        self.waited = 0
        self.factor = 1.0

    def read(self, value: float) -> float:
        """Take note of a value; returns the factor on the learning rate."""
        if value < self.best:
            self.best, self.waited = value, 0
            return self.factor
        self.waited += 1
        if self.waited >= self.patience:
            self.factor, self.waited = self.factor / 2.0, 0
        return self.factor

    def state(self) -> State:
        """The best value, the readings since, and the factor."""
        return {"best": self.best, "waited": self.waited, "factor": self.factor}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.best, self.waited, self.factor = number(state, "best"), whole(state, "waited"), number(state, "factor")
