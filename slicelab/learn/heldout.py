"""Patients held out of a pretraining, whose loss decides when the learning rate is halved (paper II-E)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from slicelab.learn.slices import seeded

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from torch import Tensor

    from slicelab.data.pool import PoolCase
    from slicelab.learn.slices import SliceSet

_SPLIT, _CHANCE = 11, 12


def hold_out(cases: Sequence[PoolCase], share: float, seed: int) -> tuple[list[PoolCase], list[PoolCase]]:
    """Divide a pool by patient into the cases to learn from and those held out.

    At least one patient is held out where a share is asked for, and at least one is always left to learn from.

    Args:
        cases: the pool.
        share: of its patients to hold out, 0 to 0.5.
        seed: of the job.

    """
    patients = sorted({case.patient for case in cases})
    count = min(max(1, round(share * len(patients))), len(patients) - 1) if share > 0 else 0
    order = torch.randperm(len(patients), generator=seeded(seed, _SPLIT)).tolist()
    held = {patients[k] for k in order[:count]}
    return [c for c in cases if c.patient not in held], [c for c in cases if c.patient in held]


@torch.no_grad()
def held_out_loss(
    slices: SliceSet, batch: int, seed: int, loss_of: Callable[[Tensor, torch.Generator], Tensor]
) -> float:
    """Mean loss over slices, with the same chance at every call: two values differ by what was learnt alone.

    Args:
        slices: the held-out slices, or those learnt from where none are.
        batch: slices at a time; what does not fill the last batch is left out, so that every loss has as many
            negatives.
        seed: of the job.
        loss_of: the pretext's loss of chosen slices ``(batch,)``, drawing from a generator.

    """
    chance = seeded(seed, _CHANCE)
    count = max(1, len(slices) // batch) * batch
    chosen = torch.arange(min(count, len(slices)), device=slices.images.device).split(batch)
    return sum(loss_of(part, chance).item() for part in chosen) / len(chosen)
