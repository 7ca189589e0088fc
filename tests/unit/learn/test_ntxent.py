"""NT-Xent against a loop that is written as the formula reads."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as nnf

from slicelab.learn.ntxent import ntxent, untrained_loss


def by_the_formula(
    first: torch.Tensor, second: torch.Tensor, tau: float, excluded: torch.Tensor | None
) -> torch.Tensor:
    losses = []
    for group in range(first.shape[0]):
        views = [first[group], second[group]]
        items = len(first[group])
        for v in range(2):
            for i in range(items):
                anchor = views[v][i]
                positive = torch.exp(nnf.cosine_similarity(anchor, views[1 - v][i], dim=0) / tau)
                total = positive
                for w in range(2):
                    for j in range(items):
                        if j == i or (excluded is not None and bool(excluded[group, i, j])):
                            continue
                        total = total + torch.exp(nnf.cosine_similarity(anchor, views[w][j], dim=0) / tau)
                losses.append(-torch.log(positive / total))
    return torch.stack(losses).mean()


@pytest.mark.parametrize("masked", [False, True])
def test_value_and_gradient_are_those_of_the_formula(masked: bool) -> None:
    g = torch.Generator().manual_seed(0)
    first = torch.randn(2, 5, 7, generator=g).requires_grad_()
    second = torch.randn(2, 5, 7, generator=g).requires_grad_()
    excluded = None
    if masked:
        excluded = torch.rand(2, 5, 5, generator=g) < 0.3
        excluded = excluded | excluded.transpose(1, 2)
    loss = ntxent(first, second, 0.1, excluded)
    expected = by_the_formula(first, second, 0.1, excluded)
    assert torch.allclose(loss, expected, atol=1e-5)
    ours = torch.autograd.grad(loss, [first, second])
    theirs = torch.autograd.grad(expected, [first, second])
    for a, b in zip(ours, theirs, strict=True):
        assert torch.allclose(a, b, atol=1e-5)


def test_an_untrained_loss_is_near_log_of_negatives_plus_one() -> None:
    g = torch.Generator().manual_seed(1)
    first, second = (torch.randn(1, 32, 2048, generator=g) for _ in range(2))
    loss = ntxent(first, second, 1.0).item()
    assert loss == pytest.approx(math.log(62 + 1), rel=0.02)
    assert untrained_loss(32, 1, None) == pytest.approx(math.log(62 + 1))


def test_untrained_loss_counts_only_the_negatives_that_are_left() -> None:
    excluded = torch.zeros(1, 4, 4, dtype=torch.bool)
    excluded[0, :2, :2] = True  # items 0 and 1 are no negatives of each other
    expected = (2 * 2 * math.log(4 + 1) + 2 * 2 * math.log(6 + 1)) / 8
    assert untrained_loss(4, 1, excluded) == pytest.approx(expected)


def test_anchors_without_any_negative_cost_nothing() -> None:
    first = torch.randn(1, 3, 4, generator=torch.Generator().manual_seed(2)).requires_grad_()
    loss = ntxent(first, first.detach() * 0.5, 0.1, torch.ones(1, 3, 3, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0.0
    assert first.grad is not None
    assert torch.isfinite(first.grad).all()
