"""NT-Xent, the contrastive loss (paper II-C; Chen et al. 2020), with negatives that can be left out."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as nnf
from torch import Tensor


def ntxent(first: Tensor, second: Tensor, temperature: float, excluded: Tensor | None = None) -> Tensor:
    """Mean NT-Xent over both views of every item of every group.

    For the anchor a with positive p: ``-log(exp(s_ap) / (exp(s_ap) + sum over negatives k of exp(s_ak)))`` with
    ``s = cosine / temperature``. Negatives are both views of the other items of the same group, less the excluded
    pairs; an item is never its own negative, and the positive is always in the denominator.

    Args:
        first: ``(group, item, feature)``, one view; any float dtype, computed in float32.
        second: ``(group, item, feature)``, the other view in the same order.
        temperature: tau.
        excluded: ``(group, item, item)`` bool, pairs that are no negatives of each other; the diagonal is ignored.

    Returns:
        A float32 scalar. An anchor without negatives contributes 0.

    """
    items = first.shape[1]
    both = nnf.normalize(torch.cat([first, second], dim=1).float(), dim=-1)
    scores = both @ both.transpose(1, 2) / temperature
    barred = _barred(first.shape[0], items, excluded, first.device)
    scores = scores.masked_fill(barred, -math.inf)
    positive = torch.arange(2 * items, device=first.device).roll(items)
    target = positive.expand(len(scores), -1)
    return nnf.cross_entropy(scores.flatten(0, 1), target.flatten())


def untrained_loss(items: int, groups: int, excluded: Tensor | None) -> float:
    """What NT-Xent costs when all similarities are equal: the mean of log(K + 1) with K negatives an anchor."""
    barred = _barred(groups, items, excluded, excluded.device if excluded is not None else torch.device("cpu"))
    allowed = (~barred).sum(dim=-1)  # the positive and K negatives
    return float(allowed.float().log().mean())


def _barred(groups: int, items: int, excluded: Tensor | None, device: torch.device) -> Tensor:
    """Pairs of views that take no part in an anchor's denominator, ``(group, 2 item, 2 item)``."""
    same = torch.eye(items, dtype=torch.bool, device=device)
    if excluded is None:
        quarter = torch.zeros(groups, items, items, dtype=torch.bool, device=device)
    else:
        quarter = excluded & ~same
    itself = torch.eye(2 * items, dtype=torch.bool, device=device)
    return quarter.repeat(1, 2, 2) | itself
