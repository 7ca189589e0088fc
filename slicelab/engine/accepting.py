"""What taking a model's mask over changes on each slice, and what it says nothing of. Pure; nothing is saved here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.drawing.rule import allowed
from slicelab.core.drawing.take_over import one_class
from slicelab.core.slices import Overall, after_edit, done_classes, overall

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.slices import States


@dataclass(frozen=True, eq=False)
class Taken:
    """A model's masks of slices, to be put on them as drafts.

    Attributes:
        run: the model.
        action: words for the history.
        masks: slice index to the slice's whole new mask ``(row, column)`` uint8; slices that stay as they are, in
            voxels and in states, are left out.
        silent_on: for each of those slices, the class values that the mask says nothing of.

    """

    run: str = ""
    action: str = ""
    masks: dict[int, npt.NDArray[np.uint8]] = field(default_factory=dict)
    silent_on: dict[int, frozenset[int]] = field(default_factory=dict)


def take_over(
    run: str,
    predicted: npt.NDArray[np.uint8],
    known: Collection[int],
    labels: npt.NDArray[np.uint8],
    states: Sequence[States],
    class_values: Sequence[int],
    rule: DrawRule,
    slices: Sequence[int],
) -> Taken:
    """A model's masks of slices: over drafts, and beside what is done on a slice that is not done for every class.

    Args:
        run: the model.
        predicted: its mask ``(slice, row, column)`` uint8.
        known: class values it can predict; what others are there stays.
        labels: the case's labels ``(slice, row, column)`` uint8.
        states: per slice, what is known.
        class_values: the project's classes.
        rule: what may be painted over.
        slices: which slices, from 0. One that is done for every class is taken over as a whole: it was asked for.

    """
    taken = Taken(run, "accept")
    for at in slices:
        done = (
            frozenset(done_classes(states[at])) if overall(states[at], tuple(class_values)) is not Overall.DONE else ()
        )
        held = frozenset(class_values).difference(known).union(done)
        wanted = np.where(np.isin(predicted[at], list(held)), labels[at], predicted[at]).astype(np.uint8)
        after = allowed(labels[at], wanted, replace(rule, removed=rule.removed | held))
        _put(taken, at, labels[at], after, states[at], class_values, held)
    return taken


def take_class_over(
    run: str,
    action: str,
    value: int,
    predicted: npt.NDArray[np.uint8],
    known: Collection[int],
    labels: npt.NDArray[np.uint8],
    states: Sequence[States],
    class_values: Sequence[int],
    rule: DrawRule,
    slices: Sequence[int],
) -> Taken:
    """One class as a model sees it, on the slices where that changes voxels.

    Of the other classes it says nothing where anything is known of the slice. Arguments as in :func:`take_over`.
    """
    taken = Taken(run, action)
    for at in slices:
        after = allowed(labels[at], one_class(labels[at], predicted[at], value), rule)
        if not np.array_equal(labels[at], after):
            blank = overall(states[at], tuple(class_values)) is Overall.UNLABELLED
            silent = frozenset(class_values).difference(known if blank else {value})
            _put(taken, at, labels[at], after, states[at], class_values, silent)
    return taken


def _put(
    taken: Taken,
    at: int,
    before: npt.NDArray[np.uint8],
    after: npt.NDArray[np.uint8],
    states: States,
    class_values: Sequence[int],
    silent: frozenset[int],
) -> None:
    if np.array_equal(before, after) and after_edit(states, class_values, silent) == dict(states):
        return
    taken.masks[at], taken.silent_on[at] = after, silent
