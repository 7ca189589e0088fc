"""NT-Xent against a loop that is written as the formula reads, pytorch-metric-learning, and values known by hand."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as nnf
from pytorch_metric_learning.losses import NTXentLoss

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


def by_metric_learning(
    first: torch.Tensor, second: torch.Tensor, tau: float, excluded: torch.Tensor | None
) -> torch.Tensor:
    """The oracle's loss of one group; excluded pairs are left out of the list of negatives it is given."""
    items = len(first)
    label = torch.arange(items).repeat(2)
    same = label[:, None] == label[None]
    barred = same if excluded is None else same | excluded.repeat(2, 2)
    anchor, positive = torch.nonzero(same & ~torch.eye(2 * items, dtype=torch.bool), as_tuple=True)
    other, negative = torch.nonzero(~barred, as_tuple=True)
    loss = NTXentLoss(temperature=tau)
    return loss(torch.cat([first, second]), label, (anchor, positive, other, negative))


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize(("items", "features", "tau"), [(3, 4, 0.1), (7, 16, 0.1), (16, 128, 0.1), (16, 8, 0.5)])
def test_value_and_gradient_equal_metric_learning(items: int, features: int, tau: float, masked: bool) -> None:
    g = torch.Generator().manual_seed(items)
    first, second = (torch.randn(items, features, generator=g, dtype=torch.float64) for _ in range(2))
    second = first + 2.0 * second  # two views of one item resemble each other a little
    first.requires_grad_()
    second.requires_grad_()
    excluded = None
    if masked:
        excluded = torch.rand(items, items, generator=g) < 0.3
        excluded = excluded | excluded.T | torch.eye(items, dtype=torch.bool)
        excluded[0], excluded[:, 0] = False, False  # an anchor without negatives is undefined there
    loss = ntxent(first[None], second[None], tau, None if excluded is None else excluded[None])
    expected = by_metric_learning(first, second, tau, excluded)
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5, abs=1e-6)
    ours = torch.autograd.grad(loss, [first, second])
    theirs = torch.autograd.grad(expected, [first, second])
    for a, b in zip(ours, theirs, strict=True):
        assert (a - b).abs().max() < 1e-4 * b.abs().max()


def orthogonal_views(items: int) -> torch.Tensor:
    """Views without any resemblance, ``(view, item, feature)``: all similarities but those with oneself are 0."""
    return torch.eye(2 * items).view(2, items, 2 * items)


def test_the_denominator_holds_the_positive_all_negatives_and_no_similarity_with_oneself() -> None:
    """With all similarities 0 the loss is log(1 + 2 (n - 1)), to the last digit: one's own would add exp(1 / tau)."""
    views = orthogonal_views(5)
    assert ntxent(views[:1], views[1:], 0.1).item() == pytest.approx(math.log(1 + 8), rel=1e-6)


def test_the_positive_is_the_other_view_of_the_same_item() -> None:
    """Equal views and unlike items: -log(exp(1/tau) / (exp(1/tau) + 2 (n - 1))); never below 0."""
    views = orthogonal_views(5)
    alike = math.exp(1 / 0.5)
    loss = ntxent(views[:1], views[:1], 0.5).item()
    assert loss == pytest.approx(-math.log(alike / (alike + 8)), rel=1e-5)
    turned = ntxent(views[:1], views[:1].roll(1, dims=1), 0.5).item()  # pairs out of step: no longer rewarded
    assert turned == pytest.approx(-math.log(1 / (alike + 8)), rel=1e-5)


ITEMS = 3
PAIRS = [
    ((v, i), (w, j))
    for v in range(2)
    for i in range(ITEMS)
    for w in range(2)
    for j in range(ITEMS)
    if i != j and (v, i) < (w, j)
]


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_every_pair_of_views_of_different_items_counts(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Also those of the trailing block, two second views: alike, they cost both anchors what they should."""
    views = orthogonal_views(ITEMS).clone()
    views[one] = views[other]
    tau, others = 0.5, 2 * (ITEMS - 1)
    plain = math.log(1 + others)
    alike = math.log(others + math.exp(1 / tau))  # one of the negatives is now as near as can be
    expected = ((2 * ITEMS - 2) * plain + 2 * alike) / (2 * ITEMS)
    assert ntxent(views[:1], views[1:], tau).item() == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_an_excluded_pair_counts_in_no_combination_of_views(one: tuple[int, int], other: tuple[int, int]) -> None:
    views = orthogonal_views(ITEMS).clone()
    views[one] = views[other]
    excluded = torch.zeros(1, ITEMS, ITEMS, dtype=torch.bool)
    excluded[0, one[1], other[1]] = excluded[0, other[1], one[1]] = True
    loss = ntxent(views[:1], views[1:], 0.5, excluded).item()
    left = [math.log(3), math.log(3), math.log(5)]  # two items have one negative item, the third has two
    assert loss == pytest.approx(sum(left) / 3, rel=1e-5)


def test_a_group_is_no_negative_of_another() -> None:
    g = torch.Generator().manual_seed(3)
    first, second = torch.randn(2, 4, 8, generator=g), torch.randn(2, 4, 8, generator=g)
    apart = [ntxent(first[k : k + 1], second[k : k + 1], 0.1).item() for k in range(2)]
    assert ntxent(first, second, 0.1).item() == pytest.approx(sum(apart) / 2, rel=1e-5)


def test_large_similarities_stay_finite_in_half_precision() -> None:
    views = (orthogonal_views(4) * 1000.0).to(torch.bfloat16)
    loss = ntxent(views[:1], views[:1], 0.001)
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(0.0, abs=1e-6)


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
