"""Muon (Jordan et al. 2024) for convolutions and AdamW for the rest, as one optimiser.

Muon replaces each kernel's momentum by the nearest orthogonal matrix, so that all directions of a layer learn at one
speed. Trained from four labelled abdomens, 100 steps took the training Dice of four organs to 0.8, Adam's to 0.2.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

_MOMENTUM = 0.9
_BETAS = (0.9, 0.999)
_EPS = 1e-8
_MATCH_ADAM = 0.2
"""Root mean square of an Adam update; with it, one learning rate serves both (Liu et al. 2025)."""
_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)
_ITERATIONS = 5


class Muon(torch.optim.Optimizer):
    """Orthogonalised Nesterov momentum on 4-D kernels larger than 1x1, AdamW on all other parameters.

    Args:
        groups: parameter groups with ``params``, ``lr`` and ``weight_decay``.

    """

    # torch wraps these two so that torch.compile leaves them alone, and imports its compiler at their first call: 900
    # modules and more than a second, at the start of every training. Nothing is compiled here.
    add_param_group = inspect.unwrap(torch.optim.Optimizer.add_param_group)
    zero_grad = inspect.unwrap(torch.optim.Optimizer.zero_grad)

    def __init__(self, groups: Iterable[dict[str, Any]]) -> None:
        super().__init__(groups, {"lr": 1e-3, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]  # no closure: one gradient a step
        """Update every parameter that has a gradient."""
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                parameter.mul_(1.0 - group["lr"] * group["weight_decay"])
                state = self.state[parameter]
                step = _orthogonal_update if _is_kernel(parameter) else _adam_update
                parameter.add_(step(parameter.grad, state), alpha=-group["lr"])

    @staticmethod
    def averages(parameter: Tensor) -> tuple[str, ...]:
        """Names of the running averages kept for a parameter, each of its shape."""
        return ("momentum",) if _is_kernel(parameter) else ("mean", "square")


def _is_kernel(parameter: Tensor) -> bool:
    return parameter.ndim == 4 and parameter[0, 0].numel() > 1


def _orthogonal_update(gradient: Tensor, state: dict[str, Any]) -> Tensor:
    if not state:
        state["momentum"] = torch.zeros_like(gradient)
    momentum = state["momentum"].lerp_(gradient, 1.0 - _MOMENTUM)
    ahead = gradient.lerp(momentum, _MOMENTUM).flatten(1)
    update: Tensor = orthogonalised(ahead) * (_MATCH_ADAM * max(ahead.shape) ** 0.5)
    return update.view_as(gradient)


def _adam_update(gradient: Tensor, state: dict[str, Any]) -> Tensor:
    if not state:
        state.update(step=0, mean=torch.zeros_like(gradient), square=torch.zeros_like(gradient))
    state["step"] += 1
    mean = state["mean"].lerp_(gradient, 1.0 - _BETAS[0])
    square = state["square"].lerp_(gradient.square(), 1.0 - _BETAS[1])
    unbiased = (square / (1.0 - _BETAS[1] ** state["step"])).sqrt_().add_(_EPS)
    update: Tensor = (mean / (1.0 - _BETAS[0] ** state["step"])) / unbiased
    return update


def orthogonalised(matrix: Tensor) -> Tensor:
    """A matrix with the same singular vectors and all singular values near 1, by five Newton-Schulz iterations.

    Each iteration multiplies the matrix by a polynomial of its own Gram matrix. The product of these polynomials is
    built up on the small square side and meets the matrix once: a third of the arithmetic for a 3x3 kernel.

    Args:
        matrix: ``(row, column)`` float32.

    """
    a, b, c = _NEWTON_SCHULZ
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.mT if tall else matrix
    x = x / x.norm().clamp_min(1e-12)
    gram = x @ x.mT
    product: Tensor | None = None
    for iteration in range(1, _ITERATIONS + 1):
        factor = torch.addmm(gram, gram, gram, beta=b, alpha=c)
        factor.diagonal().add_(a)
        product = factor if product is None else factor @ product
        if iteration < _ITERATIONS:
            gram = factor @ gram @ factor
    assert product is not None
    x = product.mm(x)
    return x.mT if tall else x
