"""What may be painted over: the one rule that every tool obeys."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt


class Over(StrEnum):
    """What paint covers.

    ``EVERYTHING``: locked classes too. ``UNLOCKED``: background and classes that are not locked. ``BACKGROUND``: only
    voxels of no class; the eraser still takes away what is not locked.
    """

    EVERYTHING = "everything"
    UNLOCKED = "unlocked"
    BACKGROUND = "background"


@dataclass(frozen=True)
class DrawRule:
    """What may be painted over.

    Attributes:
        over: what paint covers.
        locked: class values that are locked.
        removed: values of no class of the project: voxels of removed classes, which nothing covers.

    """

    over: Over = Over.UNLOCKED
    locked: frozenset[int] = field(default_factory=frozenset)
    removed: frozenset[int] = field(default_factory=frozenset)

    @property
    def kept(self) -> frozenset[int]:
        """Class values whose voxels stay whatever is painted."""
        return self.removed if self.over is Over.EVERYTHING else self.locked | self.removed


NOTHING_LOCKED = DrawRule()


def other_values(class_values: Sequence[int]) -> frozenset[int]:
    """Every value of a mask that is neither background nor a class of the project: those of removed classes."""
    return frozenset(range(1, 256)) - frozenset(class_values)


def among(
    class_values: Sequence[int], before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]
) -> npt.NDArray[np.uint8]:
    """The part of a change that concerns these classes. Any shape, uint8.

    Voxels of other (removed) classes stay theirs, and none are added: where ``after`` has one, there is background.
    """
    known = np.zeros(256, bool)
    known[[0, *class_values]] = True
    return np.where(known[before], np.where(known[after], after, 0), before).astype(np.uint8)


def repainted(
    now: npt.NDArray[np.uint8], before: Mapping[int, npt.NDArray[np.uint8]], after: Mapping[int, npt.NDArray[np.uint8]]
) -> dict[int, npt.NDArray[np.uint8]]:
    """A stroke put on labels that have changed since: what it painted, and elsewhere what is there by now.

    Args:
        now: the labels ``(slice, row, column)`` uint8.
        before: slice to its mask ``(row, column)`` as the stroke found it.
        after: slice to its mask as the stroke left it.

    """
    return {at: np.where(mask == before[at], now[at], mask).astype(np.uint8) for at, mask in after.items()}


def permitted(before: npt.NDArray[np.uint8], value: int, rule: DrawRule) -> npt.NDArray[np.bool_]:
    """Where voxels may take a value (0 erases), any shape."""
    if rule.over is Over.BACKGROUND and value:
        return np.asarray((before == 0) | (before == value))
    return np.isin(before, list(rule.kept), invert=True) if rule.kept else np.ones(before.shape, bool)


def allowed(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8], rule: DrawRule) -> npt.NDArray[np.uint8]:
    """The part of a change that the rule allows: ``after`` where it may be, ``before`` elsewhere. Any shape, uint8."""
    free = np.isin(before, list(rule.kept), invert=True)
    if rule.over is Over.BACKGROUND:
        free &= (before == 0) | (after == 0)
    return np.where(free, after, before).astype(np.uint8)
