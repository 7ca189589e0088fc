"""How a slice came to be labelled: by a suggestion, or by the reader's own choice; and what each way brought. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slicelab.core.correction import Finished


class Choice(StrEnum):
    """Why a reader labelled this slice and not another.

    ``COVERING``: suggested because it stands for many. ``NEXT``: suggested by what a model or the labels so far say.
    ``EVEN``: one of evenly spaced ones. ``OWN``: none of these was pressed.
    """

    COVERING = "covering"
    NEXT = "next"
    EVEN = "even"
    OWN = "own"


@dataclass(frozen=True)
class Chosen:
    """A slice that is done, and how it came to be labelled.

    Attributes:
        slice: from 0.
        why: the reason that was suggested, in one word; "" where there was none.
        seconds: time spent on the slice.

    """

    case: str
    slice: int
    choice: Choice
    why: str
    seconds: float


@dataclass(frozen=True)
class Benefit:
    """What the slices of one choice brought.

    Attributes:
        choice: which.
        slices: slices that are done now.
        cases: of so many cases.
        seconds: time spent on them.
        blind: of how many the newest model's mask was measured before correction, painted without it in sight.
        blind_cases: cases of those.
        blind_dice: mean Dice of those, NaN without any; the lower, the more the model had to learn there.
        assisted: the same of those painted with a model's mask in sight, where the figure is optimistic.
        assisted_dice: mean Dice of those.

    """

    choice: Choice
    slices: int
    cases: int
    seconds: float
    blind: int
    blind_cases: int
    blind_dice: float
    assisted: int
    assisted_dice: float


def benefits(chosen: Iterable[Chosen], finished: Iterable[Finished]) -> tuple[Benefit, ...]:
    """What each choice brought, in the order of :class:`Choice`; choices without a slice are left out.

    Of patients the model had learned from nothing is counted.

    Args:
        chosen: slices that are done.
        finished: what models' masks were worth before correction.

    """
    dice: dict[tuple[str, int], dict[bool, list[float]]] = {}
    for one in finished:
        if not one.patient_trained and not math.isnan(one.overlap.dice):
            kinds = dice.setdefault((one.case, one.slice), {False: [], True: []})
            kinds[one.reading.assisted].append(one.overlap.dice)
    listed = list(chosen)
    made = []
    for choice in Choice:
        own = [one for one in listed if one.choice is choice]
        if not own:
            continue
        measured = [(one.case, dice.get((one.case, one.slice), {})) for one in own]
        blind, assisted = ([_mean(found[kind]) for _, found in measured if found.get(kind)] for kind in (False, True))
        made.append(
            Benefit(
                choice=choice,
                slices=len(own),
                cases=len({one.case for one in own}),
                seconds=sum(one.seconds for one in own),
                blind=len(blind),
                blind_cases=len({case for case, found in measured if found.get(False)}),
                blind_dice=_mean(blind),
                assisted=len(assisted),
                assisted_dice=_mean(assisted),
            )
        )
    return tuple(made)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else math.nan
