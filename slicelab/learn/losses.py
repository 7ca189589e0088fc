"""Segmentation losses that see only what is known: soft Dice and cross-entropy with ignored pixels and classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import torch
import torch.nn.functional as nnf

if TYPE_CHECKING:
    from torch import Tensor

IGNORE = 255
"""Label of a pixel that takes no part in any loss."""


class SegmentationLoss(NamedTuple):
    """The loss and its parts, float32 scalars."""

    total: Tensor
    dice: Tensor
    ce: Tensor


def merged_log_probabilities(logits: Tensor, known: Tensor) -> Tensor:
    """Log-probabilities in which a class that is unknown on a slice is part of its background.

    The marginal loss of partly labelled data (Shi et al. 2021): where nobody said whether a pixel is class c, the
    model may call it background or c at the same price.

    Args:
        logits: ``(batch, 1 + class, row, column)``, background first; computed in float32.
        known: ``(batch, class)`` bool.

    Returns:
        ``(batch, 1 + class, row, column)``; the channel of an unknown class still holds its own log-probability.

    """
    logp = nnf.log_softmax(logits.float(), dim=1)
    if bool(known.all()):  # the usual case; one GPU-CPU sync
        return logp
    background = torch.ones_like(known[:, :1])
    merged = torch.cat([background, ~known], dim=1)[:, :, None, None]
    # A finite floor, not -inf: the gradient of logsumexp through -inf is NaN.
    low = torch.finfo(logp.dtype).min
    joint = torch.logsumexp(torch.where(merged, logp, torch.full_like(logp, low)), dim=1, keepdim=True)
    return torch.cat([joint, logp[:, 1:]], dim=1)


def segmentation_loss(
    logits: Tensor, labels: Tensor, known: Tensor, kind: Literal["dice", "dice+ce"]
) -> SegmentationLoss:
    """The finetuning loss of a batch (paper II-E: multi-label Dice; `dice+ce` adds cross-entropy).

    Args:
        logits: ``(batch, 1 + class, row, column)``.
        labels: ``(batch, row, column)`` int64: 0 background, k the k-th class, :data:`IGNORE` nothing known.
        known: ``(batch, class)`` bool, the classes somebody has decided on for each slice.
        kind: which terms count in the total.

    """
    logp = merged_log_probabilities(logits, known)
    valid = labels != IGNORE
    # A pixel marked with a class that is not confirmed on this slice is background or that class: the merged one.
    index = torch.where(valid, labels, torch.zeros_like(labels))
    every = torch.cat([torch.ones_like(known[:, :1]), known], dim=1)
    confirmed = torch.gather(every[:, :, None, None].expand(-1, -1, *labels.shape[1:]), 1, index[:, None])[:, 0]
    index = torch.where(confirmed, index, torch.zeros_like(index))
    ce = cross_entropy(logp, index, valid)
    dice = soft_dice_loss(logp.exp(), index, valid, known)
    return SegmentationLoss(dice if kind == "dice" else dice + ce, dice, ce)


def cross_entropy(logp: Tensor, labels: Tensor, valid: Tensor) -> Tensor:
    """Mean of -log p over the valid pixels; 0 without any."""
    picked = torch.gather(logp, 1, labels[:, None])[:, 0]
    return -(picked * valid).sum() / valid.sum().clamp_min(1)


def soft_dice_loss(probabilities: Tensor, labels: Tensor, valid: Tensor, known: Tensor) -> Tensor:
    """1 minus the mean soft Dice of the classes that are present, over the whole batch at once.

    Per class: ``2 sum(p y) / (sum(p) + sum(y))`` over valid pixels of slices on which the class is known (Milletari
    2016, without squares). A class without a labelled pixel in the batch has no Dice and no part in the mean: its
    Dice would be a constant. Without any present class the loss is an exact 0.

    Args:
        probabilities: ``(batch, 1 + class, row, column)``.
        labels: ``(batch, row, column)``, valid indices everywhere.
        valid: ``(batch, row, column)`` bool.
        known: ``(batch, class)`` bool.

    """
    classes = probabilities.shape[1] - 1
    counted = (valid[:, None] & known[:, :, None, None]).to(probabilities.dtype)
    truth = torch.stack([labels == k for k in range(1, classes + 1)], dim=1).to(probabilities.dtype) * counted
    guess = probabilities[:, 1:] * counted
    axes = (0, 2, 3)
    overlap, size = (guess * truth).sum(axes), guess.sum(axes) + truth.sum(axes)
    present = truth.sum(axes) > 0
    dice = 2.0 * overlap / torch.where(present, size, torch.ones_like(size))
    return ((1.0 - dice) * present).sum() / present.sum().clamp_min(1)
