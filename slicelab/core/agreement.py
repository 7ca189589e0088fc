"""How far two masks of one case agree, class by class and slice by slice. Neither of them is the truth."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class Agreement:
    """Voxels of two masks.

    Attributes:
        values: class values that are compared.
        voxels: ``(class, slice, 3)`` int64: of the one mask, of the other, of both.

    """

    values: tuple[int, ...]
    voxels: npt.NDArray[np.int64]

    def of_case(self, value: int) -> float:
        """Dice between the two masks of a class over all slices; NaN where it is in neither, or not compared."""
        return math.nan if value not in self.values else _dice(self.voxels[self.values.index(value)].sum(axis=0))

    def of_slice(self, value: int, at: int) -> float:
        """The same on one slice, counted from 0."""
        return math.nan if value not in self.values else _dice(self.voxels[self.values.index(value), at])

    def apart(self) -> tuple[tuple[int, int, float], ...]:
        """Slice (from 0), class value and Dice wherever the two masks differ, the least Dice first."""
        found = []
        for place, value in enumerate(self.values):
            one, other, common = self.voxels[place].T
            found += [
                (int(at), value, self.of_slice(value, int(at)))
                for at in np.flatnonzero((one != common) | (other != common))
            ]
        return tuple(sorted(found, key=lambda entry: (entry[2], entry[0], entry[1])))


def agreement(
    one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8], values: Sequence[int], without: Collection[int] = ()
) -> Agreement:
    """Count where two masks agree.

    Args:
        one: ``(slice, row, column)`` uint8 class values.
        other: the same of another model.
        values: classes to compare.
        without: slices that are left out, from 0: they count as empty.

    Raises:
        ValueError: the shapes differ.

    """
    if one.shape != other.shape:
        raise ValueError(f"masks of different shapes: {one.shape} and {other.shape}")
    voxels = np.zeros((len(values), one.shape[0], 3), np.int64)
    for place, value in enumerate(values):
        ours, theirs = one == value, other == value
        for column, where in enumerate((ours, theirs, ours & theirs)):
            voxels[place, :, column] = np.count_nonzero(where, axis=(1, 2))
    voxels[:, sorted(without)] = 0
    return Agreement(tuple(values), voxels)


def _dice(voxels: npt.NDArray[Any]) -> float:
    one, other, common = (int(count) for count in voxels)
    return 2.0 * common / (one + other) if one + other else math.nan
