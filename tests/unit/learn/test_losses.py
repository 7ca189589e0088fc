"""What is unknown teaches nothing; what is absent costs nothing."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as nnf
from learn_kit import SMALL
from monai.losses import DiceLoss

from slicelab.learn.losses import IGNORE, merged_log_probabilities, segmentation_loss, soft_dice_loss
from slicelab.learn.unet import UNet


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
    segmentation_loss(logits, labels, torch.ones(2, 2, dtype=torch.bool), kind).total.backward()
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


def random_problem(classes: int = 3, batch: int = 4, side: int = 12) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits, and labels in which the classes are of unequal size and about a quarter of the pixels is ignored."""
    g = torch.Generator().manual_seed(11)
    logits = (2.0 * torch.randn(batch, 1 + classes, side, side, generator=g)).requires_grad_()
    labels = torch.randint(0, 2 + classes, (batch, side, side), generator=g).clamp_max(classes)
    labels[torch.rand(batch, side, side, generator=g) < 0.25] = IGNORE
    labels[1] = IGNORE
    return logits, labels


def same_gradient(ours: torch.Tensor, theirs: torch.Tensor, logits: torch.Tensor) -> bool:
    a, b = (torch.autograd.grad(loss, logits)[0] for loss in (ours, theirs))
    return torch.allclose(a, b, rtol=1e-4, atol=1e-8)


def test_dice_loss_equals_monai_in_value_and_gradient() -> None:
    """Over the whole batch, foreground alone, ignored pixels left out of prediction and truth."""
    logits, labels = random_problem()
    valid = (labels != IGNORE)[:, None]
    truth = torch.where(valid, labels[:, None], 0)
    oracle = DiceLoss(include_background=False, batch=True, smooth_nr=0.0, smooth_dr=0.0, reduction="none")
    one_hot = nnf.one_hot(truth[:, 0], 4).movedim(-1, 1) * valid
    per_class = oracle(logits.softmax(dim=1) * valid, one_hot)
    ours = segmentation_loss(logits, labels, torch.ones(4, 3, dtype=torch.bool), "dice").total
    assert ours.item() == pytest.approx(per_class.mean().item(), rel=1e-5)
    assert same_gradient(ours, per_class.mean(), logits)


def test_dice_loss_of_a_batch_that_lacks_a_class_equals_monai_over_the_others() -> None:
    logits, labels = random_problem()
    labels[labels == 2] = 0
    oracle = DiceLoss(
        include_background=False, batch=True, smooth_nr=0.0, smooth_dr=0.0, softmax=True, to_onehot_y=True,
        reduction="none", ignore_index=IGNORE,
    )  # fmt: skip
    per_class = oracle(logits, labels[:, None]).flatten()
    ours = segmentation_loss(logits, labels, torch.ones(4, 3, dtype=torch.bool), "dice").total
    assert ours.item() == pytest.approx(per_class[[0, 2]].mean().item(), rel=1e-5)
    assert same_gradient(ours, per_class[[0, 2]].mean(), logits)


def test_cross_entropy_equals_torchs_own_with_ignored_pixels() -> None:
    logits, labels = random_problem()
    oracle = nnf.cross_entropy(logits, labels, ignore_index=IGNORE)
    ours = segmentation_loss(logits, labels, torch.ones(4, 3, dtype=torch.bool), "dice+ce")
    assert ours.ce.item() == pytest.approx(oracle.item(), rel=1e-6)
    assert same_gradient(ours.ce, oracle, logits)
    assert ours.total.item() == pytest.approx(ours.dice.item() + ours.ce.item())


def test_a_network_learns_the_same_whether_an_ignored_slice_is_there_or_not() -> None:
    torch.manual_seed(0)
    model = UNet(SMALL, 3)
    images = torch.rand(3, 1, 64, 64, generator=torch.Generator().manual_seed(0))
    labels = torch.randint(0, 3, (3, 64, 64), generator=torch.Generator().manual_seed(1))
    labels[2] = IGNORE

    def gradient(count: int) -> tuple[torch.Tensor, torch.Tensor]:
        seen = images[:count].clone().requires_grad_()
        known = torch.ones(count, 2, dtype=torch.bool)
        loss = segmentation_loss(model(seen), labels[:count], known, "dice+ce").total
        of_weights = torch.autograd.grad(loss, [seen, *model.parameters()])
        return of_weights[0], torch.cat([g.flatten() for g in of_weights[1:]])

    (with_it, weights), (_, expected) = gradient(3), gradient(2)
    assert torch.count_nonzero(with_it[2]) == 0
    assert torch.count_nonzero(with_it[0]) > 0
    assert (weights - expected).norm() < 1e-5 * expected.norm()
