"""Which slices of a case to label next, each with the reason it stands out by; and evenly spaced ones. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.covering import cover, distances, nearest

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_CLEARLY = 1.5
"""A slice stands out by its uncertainty where it has so many times the case's middle one."""
_AGREED = 0.9
"""From this Dice on, two models say the same."""
_APART = 2
"""Two suggestions of one case lie at least so many slices apart: neighbours show nearly the same."""


class Why(StrEnum):
    """Why a slice is worth labelling.

    ``UNSURE``: the newest model is least sure there. ``DISAGREE``: the two newest models differ most there. ``STANDS``:
    a network finds many slices without a label most alike to it. ``GAP``: with it, the slices of the case lie nearest
    to labelled ones.
    """

    UNSURE = "unsure"
    DISAGREE = "disagree"
    STANDS = "stands"
    GAP = "gap"


TEMPLATES = {
    Why.UNSURE: "the model is least sure here: {times} times as unsure as on a middling slice of the case",
    Why.DISAGREE: "the last two models disagree most here: their masks overlap with Dice {dice}",
    Why.STANDS: "looks most like {count} of the {of} slices of this case without a label",
    Why.GAP: "the middle of the largest part without a label, {mm} mm from the nearest labelled slice",
}
"""A reason in words, to be filled with :attr:`NextSlice.facts`."""
NOTHING_LABELLED = "the middle of the case, where nothing is labelled yet"
TYPICAL = "looks most like the others of this case, where nothing is labelled yet"


@dataclass(frozen=True)
class NextSlice:
    """A slice worth labelling.

    Attributes:
        index: in its stack, from 0.
        why: what it stands out by.
        words: the reason, with places for facts.
        facts: what to put there.

    """

    index: int
    why: Why
    words: str
    facts: dict[str, str]

    def words_in(self, said: Callable[[str], str] = str) -> str:
        """The reason in words; ``said`` puts the template into a language, English as it is."""
        return said(self.words).format(**self.facts)

    @property
    def reason(self) -> str:
        """The reason in English."""
        return self.words_in()


@dataclass(frozen=True, eq=False)
class Evidence:
    """What is known of a case's slices when the next one is chosen.

    Attributes:
        count: slices of the case.
        known: slices (from 0) that are labelled, drafts included: they are not suggested.
        spacing_mm: from slice to slice.
        doubt: ``(slice,)`` how unsure the newest model is where it sees something, 0 to 1; None without a model.
        agreement: ``(slice,)`` Dice of the two newest models' masks, NaN where both are empty; None without two.
        features: ``(slice, channel)`` comparable vectors of a network that looked at the slices; None without one.

    """

    count: int
    known: frozenset[int]
    spacing_mm: float
    doubt: Floats | None = None
    agreement: Floats | None = None
    features: Floats | None = None


def evenly(count: int, wanted: int) -> tuple[int, ...]:
    """So many slices spread evenly over a stack, from 0, ascending: the middles of equal parts."""
    wanted = min(wanted, count)
    return tuple(int((2 * k + 1) * count / (2 * wanted)) for k in range(wanted))


def next_slices(evidence: Evidence, most: int) -> tuple[NextSlice, ...]:
    """At most one slice for each reason, the strongest reasons first: unsure, disagree, stands, gap.

    A reason that does not hold names none: a model that is as sure everywhere, models that agree, no network that has
    looked, a slice that looks like no other. Once something is labelled, only the distance to it always holds.
    """
    found: list[NextSlice] = []
    for rule in (_unsure, _disagree, _stands, _gap):
        free = [
            at
            for at in range(evidence.count)
            if at not in evidence.known and all(abs(at - one.index) >= _APART for one in found)
        ]
        made = rule(evidence, free) if free else None
        if made is not None:
            found.append(made)
    return tuple(found[:most])


def _unsure(evidence: Evidence, free: list[int]) -> NextSlice | None:
    if evidence.doubt is None:
        return None
    seen = evidence.doubt[evidence.doubt > 0]
    doubt = evidence.doubt
    at = max(free, key=lambda k: (doubt[k], -k))
    middle = float(np.median(seen)) if len(seen) else 0.0
    times = float(doubt[at]) / middle if middle else 0.0
    if times < _CLEARLY:
        return None
    return _made(at, Why.UNSURE, times=f"{times:.1f}")


def _disagree(evidence: Evidence, free: list[int]) -> NextSlice | None:
    if evidence.agreement is None:
        return None
    dice = np.nan_to_num(evidence.agreement, nan=1.0)
    at = min(free, key=lambda k: (dice[k], k))
    return _made(at, Why.DISAGREE, dice=f"{dice[at]:.2f}") if dice[at] < _AGREED else None


def _stands(evidence: Evidence, free: list[int]) -> NextSlice | None:
    if evidence.features is None:
        return None
    known = sorted(evidence.known)
    apart = distances(evidence.features, evidence.features)
    unseen = [k for k in range(evidence.count) if k not in evidence.known]
    columns = [*free, *known]
    found = cover(apart[np.ix_(unseen, columns)], 1, before=range(len(free), len(columns))).chosen[0]
    if not known:  # every slice would count as like it: how many says nothing
        return NextSlice(free[found], Why.STANDS, TYPICAL, {})
    belongs = nearest(apart[np.ix_(unseen, columns)], [found, *range(len(free), len(columns))])
    alike = int((belongs == 0).sum())
    return _made(free[found], Why.STANDS, count=f"{alike}", of=f"{len(unseen)}") if alike > 1 else None


def _gap(evidence: Evidence, free: list[int]) -> NextSlice | None:
    if not evidence.known:
        at = min(free, key=lambda k: abs(k - evidence.count // 2))  # of two, the one that even spacing takes too
        return NextSlice(at, Why.GAP, NOTHING_LABELLED, {})
    columns = [*free, *sorted(evidence.known)]
    apart = np.abs(np.arange(evidence.count)[:, None] - np.array(columns)[None]).astype(np.float64)
    at = free[cover(apart, 1, before=range(len(free), len(columns))).chosen[0]]
    away = min(abs(at - other) for other in evidence.known)
    return _made(at, Why.GAP, mm=f"{away * evidence.spacing_mm:.0f}")


def _made(at: int, why: Why, **facts: str) -> NextSlice:
    return NextSlice(at, why, TEMPLATES[why], facts)


def doubt_of(uncertainty: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8]) -> Floats:
    """How unsure a model is of each slice: mean entropy of the voxels it calls a structure or doubts, 0 to 1.

    Air and tissue it is sure to be none of the structures say nothing, however much of it there is.

    Args:
        uncertainty: ``(slice, row, column)``, 0 certain to 255.
        mask: the same shape, class values.

    Returns:
        ``(slice,)``; 0 where it sees nothing and doubts nothing.

    """
    looked = (mask > 0) | (uncertainty > 127)
    total = np.where(looked, uncertainty, 0).sum(axis=(1, 2), dtype=np.float64)
    return np.asarray(total / np.maximum(looked.sum(axis=(1, 2)), 1) / 255.0)


def agreement_of(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> Floats:
    """Dice of two masks slice by slice, over all structures: voxels of the same class count as common.

    Args:
        one: ``(slice, row, column)``, class values.
        other: the same.

    Returns:
        ``(slice,)``; NaN where both are empty.

    """
    common = ((one == other) & (one > 0)).sum(axis=(1, 2), dtype=np.float64)
    total = (one > 0).sum(axis=(1, 2), dtype=np.float64) + (other > 0).sum(axis=(1, 2), dtype=np.float64)
    dice = np.full(len(total), np.nan)
    dice[total > 0] = 2.0 * common[total > 0] / total[total > 0]
    return dice
