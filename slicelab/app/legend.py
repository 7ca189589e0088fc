"""What is said of a model's mask on a slice, and where it can be compared with the labels. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.labels import SliceState
from slicelab.core.slices import Overall, overall, state_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from slicelab.app.shown_mask import ShownMask
    from slicelab.core.labels import LabelClass
    from slicelab.core.slices import States

_BLIND = "hidden here until the slice is done (kept blind for measuring)", "hidden here: kept blind"
_UNSURE = "prediction; bright: the model was unsure", "bright: unsure"
_NOT_KEPT = "prediction; how unsure the model was is not known", "unsureness not known"
_NO_LABEL = "no label on this slice: there is no difference to show", "no label here: no difference"
"""What is said of the prediction, and the same where there is little room."""


@dataclass(frozen=True)
class OnSlice:
    """What is known where the legend is read.

    Attributes:
        states: of the slice, class value to state; None where the case's are not known yet.
        class_values: the project's classes.
        item: the selected class; None where there is none.
        blind: whether the slice is kept blind.
        unsure: whether it is known how unsure the model was.
        empty: whether the model found nothing on the slice.

    """

    states: States | None
    class_values: tuple[int, ...]
    item: LabelClass | None
    blind: bool
    unsure: bool
    empty: bool = False


def legend(found: ShownMask, drawn: str, here: OnSlice) -> tuple[str, str]:
    """What to say of a model's mask, and the same where there is little room.

    Args:
        found: the mask.
        drawn: what of it is drawn: the mask, its ``difference`` from the labels, or its ``uncertainty``.
        here: the slice that is shown.

    """
    unlabelled = here.states is not None and overall(here.states, here.class_values) is Overall.UNLABELLED
    if here.blind:
        return _BLIND
    if drawn == "uncertainty":
        return _UNSURE if here.unsure else _NOT_KEPT
    if drawn == "difference":
        return _NO_LABEL if unlabelled else _why_no_difference(found, here) or (found.words, found.short)
    if here.empty:
        return f"{found.words}: nothing on this slice", f"{found.short}: nothing here"
    if unlabelled and found.final:
        return f"{found.words}, not accepted", f"{found.short}, not accepted"
    return found.words, found.short


def _why_no_difference(found: ShownMask, here: OnSlice) -> tuple[str, str] | None:
    """Why nothing is drawn of the selected class on a slice that is labelled, long and short; None where it is."""
    if here.item is None or here.states is None:
        return None
    name, value = here.item.name, here.item.value
    if value not in found.classes:
        return f"{found.short} does not know {name}: there is no difference to show", f"{name}: not known to it"
    if state_of(here.states, value) is SliceState.UNLABELLED:
        words = f"{name} is not labelled on this slice: there is no difference to show"
        return words, f"{name}: not labelled here"
    return None


def comparable(
    states: Sequence[States], value: int, known_to: Collection[int] | None, hidden: Collection[int]
) -> list[bool]:
    """Slices where something is known of a class, if a model that knows ``known_to`` knows it at all.

    Args:
        states: per slice, what is known.
        value: the class.
        known_to: class values the model knows; None for all.
        hidden: slices that are kept blind.

    """
    known = known_to is None or value in known_to
    return [
        known and state_of(one, value) is not SliceState.UNLABELLED and at not in hidden
        for at, one in enumerate(states)
    ]
