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


@dataclass(frozen=True, eq=False)
class Proposal:
    """A model's mask of a case, and what lies there.

    Attributes:
        run: the model.
        predicted: its mask ``(slice, row, column)`` uint8.
        known: class values it can predict; what others are there stays.
        labels: the case's labels ``(slice, row, column)`` uint8.
        states: per slice, what is known.
        class_values: the project's classes.
        rule: what may be painted over.

    """

    run: str
    predicted: npt.NDArray[np.uint8]
    known: Collection[int]
    labels: npt.NDArray[np.uint8]
    states: Sequence[States]
    class_values: tuple[int, ...]
    rule: DrawRule


def take_over(proposal: Proposal, slices: Sequence[int]) -> Taken:
    """A model's masks of slices: over drafts, and beside what is done on a slice that is not done for every class.

    Args:
        proposal: the masks, and what lies there.
        slices: which slices, from 0. One that is done for every class is taken over as a whole: it was asked for.

    """
    taken = Taken(proposal.run, "accept")
    values, rule = proposal.class_values, proposal.rule
    for at in slices:
        states, labels, predicted = proposal.states[at], proposal.labels[at], proposal.predicted[at]
        done = frozenset(done_classes(states)) if overall(states, values) is not Overall.DONE else ()
        held = frozenset(values).difference(proposal.known).union(done)
        wanted = np.where(np.isin(predicted, list(held)), labels, predicted).astype(np.uint8)
        after = allowed(labels, wanted, replace(rule, removed=rule.removed | held))
        _put(taken, proposal, at, after, held)
    return taken


def take_class_over(proposal: Proposal, value: int, action: str, slices: Sequence[int]) -> Taken:
    """One class as a model sees it, on the slices where that changes voxels.

    Of the other classes it says nothing, also where nothing is known of the slice: nobody has looked for them there.

    Args:
        proposal: the masks, and what lies there.
        value: the class.
        action: words for the history.
        slices: which slices, from 0.

    """
    taken = Taken(proposal.run, action)
    silent = frozenset(proposal.class_values) - {value}
    for at in slices:
        labels = proposal.labels[at]
        after = allowed(labels, one_class(labels, proposal.predicted[at], value), proposal.rule)
        if not np.array_equal(labels, after):
            _put(taken, proposal, at, after, silent)
    return taken


def _put(taken: Taken, proposal: Proposal, at: int, after: npt.NDArray[np.uint8], silent: frozenset[int]) -> None:
    states = proposal.states[at]
    same = np.array_equal(proposal.labels[at], after)
    if same and after_edit(states, proposal.class_values, silent) == dict(states):
        return
    taken.masks[at], taken.silent_on[at] = after, silent
