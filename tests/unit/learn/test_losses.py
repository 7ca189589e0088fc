"""What is unknown teaches nothing; what is absent costs nothing."""

from __future__ import annotations

import pytest
import torch

from slicelab.learn.losses import IGNORE, merged_log_probabilities, segmentation_loss, soft_dice_loss


def some_logits(batch: int = 2, classes: int = 2, side: int = 4) -> torch.Tensor:
    return torch.randn(batch, 1 + classes, side, side, generator=torch.Generator().manual_seed(0)).requires_grad_()


def test_soft_dice_is_what_one_computes_by_hand() -> None:
    p = torch.tensor([[0.9, 0.4], [0.2, 0.5]])
    probabilities = torch.stack([1 - p, p])[None]
    labels = torch.tensor([[[1, 0], [0, 1]]])
    loss = soft_dice_loss(probabilities, labels, torch.ones(1, 2, 2, dtype=torch.bool), torch.ones(1, 1, dtype=bool))
    assert loss.item() == pytest.approx(1 - 2 * (0.9 + 0.5) / (0.9 + 0.4 + 0.2 + 0.5 + 2))


@pytest.mark.parametrize("kind", ["dice", "dice+ce"])
def test_ignored_slices_have_a_gradient_of_exactly_zero(kind: str) -> None:
    logits = some_logits()
    labels = torch.randint(0, 3, (2, 4, 4), generator=torch.Generator().manual_seed(1))
    labels[1] = IGNORE
    segmentation_loss(logits, labels, torch.ones(2, 2, dtype=torch.bool), kind).total.backward()  # type: ignore[arg-type]
    assert logits.grad is not None
    assert torch.count_nonzero(logits.grad[1]) == 0
    assert torch.count_nonzero(logits.grad[0]) > 0


def test_what_stands_on_ignored_pixels_changes_nothing() -> None:
    labels = torch.randint(0, 3, (2, 4, 4), generator=torch.Generator().manual_seed(1))
    labels[:, :2] = IGNORE
    logits = some_logits().detach()
    other = logits.clone()
    other[:, :, :2] = 17.0 * torch.randn(2, 3, 2, 4, generator=torch.Generator().manual_seed(5))
    known = torch.ones(2, 2, dtype=torch.bool)
    assert segmentation_loss(logits, labels, known, "dice+ce").total == pytest.approx(
        segmentation_loss(other, labels, known, "dice+ce").total
    )


def test_an_absent_class_neither_costs_a_constant_nor_makes_a_nan() -> None:
    labels = torch.zeros(1, 4, 4, dtype=torch.int64)
    labels[0, 0] = 1
    perfect = 40.0 * torch.stack([labels == 0, labels == 1, labels == 2], dim=1).float()
    loss = segmentation_loss(perfect, labels, torch.ones(1, 2, dtype=torch.bool), "dice+ce")
    assert loss.total.item() == pytest.approx(0.0, abs=1e-5)


def test_a_batch_without_foreground_or_without_any_label_is_finite() -> None:
    for value in (0, IGNORE):
        logits = some_logits()
        labels = torch.full((2, 4, 4), value, dtype=torch.int64)
        loss = segmentation_loss(logits, labels, torch.ones(2, 2, dtype=torch.bool), "dice+ce")
        loss.total.backward()
        assert loss.dice.item() == 0.0
        assert logits.grad is not None
        assert torch.isfinite(logits.grad).all()


def test_an_unknown_class_may_take_background_at_no_price() -> None:
    """On background pixels of a slice where class 2 is unknown, calling it class 2 is as good as background."""
    labels = torch.zeros(1, 4, 4, dtype=torch.int64)
    labels[0, 0] = 1
    known = torch.tensor([[True, False]])
    as_background = 40.0 * torch.stack([labels == 0, labels == 1, labels == 2], dim=1).float()
    as_class_2 = 40.0 * torch.stack([labels == 2, labels == 1, labels == 0], dim=1).float()
    first = segmentation_loss(as_background, labels, known, "dice+ce").total
    second = segmentation_loss(as_class_2, labels, known, "dice+ce").total
    assert first.item() == pytest.approx(second.item(), abs=1e-6)
    both_known = segmentation_loss(as_class_2, labels, torch.ones(1, 2, dtype=torch.bool), "dice+ce").total
    assert both_known.item() > 10


def test_merging_keeps_probabilities_and_gradients_finite() -> None:
    logits = some_logits()
    known = torch.tensor([[True, False], [False, False]])
    logp = merged_log_probabilities(logits, known)
    p = logits.softmax(dim=1)
    assert torch.allclose(logp.exp()[0, 0], p[0, 0] + p[0, 2], atol=1e-6)
    assert torch.allclose(logp.exp()[1, 0], torch.ones(4, 4), atol=1e-6)
    logp[:, 0].sum().backward()
    assert logits.grad is not None
    assert torch.isfinite(logits.grad).all()


def test_a_draft_of_an_unconfirmed_class_counts_as_merged_background() -> None:
    logits = some_logits(batch=1)
    known = torch.tensor([[True, False]])
    painted = torch.zeros(1, 4, 4, dtype=torch.int64)
    painted[0, 1] = 2
    plain = torch.zeros(1, 4, 4, dtype=torch.int64)
    a = segmentation_loss(logits, painted, known, "dice+ce").total
    b = segmentation_loss(logits, plain, known, "dice+ce").total
    assert a.item() == b.item()
