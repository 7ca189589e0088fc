"""Where a contrastive pretraining has put the slices so far: projections of its own steps, kept for a look inside."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch

from slicelab.core.slice_map import plane_of
from slicelab.data.look import Dot

if TYPE_CHECKING:
    from torch import Tensor

    from slicelab.learn.slices import SliceSet

MOST = 4000
"""Slices that are followed at most: of a larger pool every second one, every third one, and so on."""
_FEWEST = 8


class Gathered:
    """Keeps the last projection of each slice. It draws no chance, and nothing that is learnt depends on it.

    Args:
        slices: the pool.
        on: whether there will be looks; nothing is kept otherwise.

    """

    def __init__(self, slices: SliceSet, *, on: bool) -> None:
        self._slices = slices
        self._on = on
        self._every = max(1, math.ceil(len(slices) / MOST))
        self._count = len(range(0, len(slices), self._every))
        self._vectors: Tensor | None = None
        self._seen: Tensor | None = None

    def note(self, chosen: Tensor, projected: Tensor) -> None:
        """Take note of a step's slices.

        Args:
            chosen: ``(batch,)``, numbers of slices.
            projected: ``(batch, channel)``, what the step made of them.

        """
        if not self._on:
            return
        device = projected.device
        if self._vectors is None or self._seen is None:  # one row more than there are slices, for those not followed
            self._vectors = torch.zeros(self._count + 1, projected.shape[1], device=device)
            self._seen = torch.zeros(self._count + 1, dtype=torch.bool, device=device)
        chosen = chosen.to(device)
        places = torch.where(chosen % self._every == 0, chosen // self._every, self._count)
        self._vectors[places] = projected.detach().float()
        self._seen[places] = True

    def dots(self) -> tuple[Dot, ...]:
        """The slices seen so far on a plane; none while there are too few. A GPU-CPU sync."""
        if self._vectors is None or self._seen is None:
            return ()
        numbers = torch.nonzero(self._seen[:-1]).flatten()
        if len(numbers) < _FEWEST:
            return ()
        vectors = self._vectors[numbers].cpu().numpy()
        at = numbers.cpu() * self._every
        case, index = self._slices.case.cpu()[at].numpy(), self._slices.index.cpu()[at].numpy()
        order = np.lexsort((index, case))
        case, index, vectors = case[order], index[order], np.nan_to_num(vectors[order])
        _, first = np.unique(case, return_index=True)
        points = np.concatenate(plane_of(np.split(vectors, first[1:])))
        return tuple(
            Dot(self._slices.cases[int(c)], int(k), float(x), float(y))
            for c, k, (x, y) in zip(case, index, points, strict=True)
        )
