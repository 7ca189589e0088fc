"""The slice ledger: per slice and class, what is known, and how edits change it. Pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from slicelab.core.labels import SliceState

States = Mapping[int, SliceState]
"""Class value to state; a class that is missing is unlabelled (it was added after the slice was labelled)."""


class Overall(StrEnum):
    """What is known of a slice, over all classes.

    ``UNLABELLED``: nothing of any class. ``DRAFT``: something waits for confirmation. ``PARTLY``: what is known is
    confirmed, but of some class nothing is known (it was added later, or an imported mask does not speak of it): the
    slice teaches the others. ``DONE``: confirmed for every class.
    """

    UNLABELLED = "unlabelled"
    DRAFT = "draft"
    PARTLY = "partly done"
    DONE = "done"


def state_of(states: States, class_value: int) -> SliceState:
    """The state of one class on a slice."""
    return states.get(class_value, SliceState.UNLABELLED)


def unlooked_for(states: States, class_values: Collection[int]) -> frozenset[int]:
    """Classes nothing is known of on a slice of which something is known: painting another says nothing of them.

    Of a slice of which nothing at all is known there are none: whoever paints there looks at all of it.
    """
    unknown = frozenset(value for value in class_values if state_of(states, value) is SliceState.UNLABELLED)
    return frozenset() if len(unknown) == len(class_values) else unknown


def after_edit(
    states: States, class_values: Collection[int], silent_on: Collection[int] = (), changed: Collection[int] = ()
) -> dict[int, SliceState]:
    """States after voxels of a slice were edited: every class that the edit speaks of is a draft again.

    Removed classes are not among the given ones: an edit leaves their voxels (see
    :func:`slicelab.core.drawing.rule.among`), and so their states too.

    Args:
        states: before.
        class_values: the project's classes.
        silent_on: classes that the edit says nothing of, such as those a model does not know: what is known of them,
            or that nothing is, stays so.
        changed: classes that gained or lost voxels: drafts, whatever the edit speaks of.

    """
    silent = set(silent_on) - set(changed)
    return {**states, **dict.fromkeys(set(class_values) - silent, SliceState.DRAFT)}


def after_confirming(states: States, class_values: Collection[int]) -> dict[int, SliceState]:
    """States after the drafts of the given classes were confirmed; of what nothing is known, nothing is known still."""
    drafts = {value for value in class_values if state_of(states, value) is SliceState.DRAFT}
    return {**states, **dict.fromkeys(drafts, SliceState.DONE)}


def after_done(states: States, class_values: tuple[int, ...]) -> dict[int, SliceState]:
    """States after the person confirmed the slice for the given classes."""
    return {**states, **dict.fromkeys(class_values, SliceState.DONE)}


def after_mask(states: States, known: tuple[int, ...], taken_from: tuple[int, ...]) -> dict[int, SliceState]:
    """States after a mask was put on a slice: done for the classes it speaks of.

    Any other class that was done and lost voxels to them is a draft again.
    """
    lost = {value for value in taken_from if state_of(states, value) is SliceState.DONE}
    return after_done({**states, **dict.fromkeys(lost, SliceState.DRAFT)}, known)


def done_classes(states: States) -> tuple[int, ...]:
    """The classes a slice may teach and may be measured on."""
    return tuple(sorted(value for value, state in states.items() if state is SliceState.DONE))


def overall(states: States, class_values: tuple[int, ...]) -> Overall:
    """One state for the scrubber: done only if every class is done, unlabelled only if every class is."""
    seen = {state_of(states, value) for value in class_values}
    if SliceState.DRAFT in seen:
        return Overall.DRAFT
    if SliceState.DONE not in seen:
        return Overall.UNLABELLED
    return Overall.PARTLY if SliceState.UNLABELLED in seen else Overall.DONE


@dataclass(frozen=True)
class LedgerCount:
    """How far a case is: slices by overall state."""

    slices: int = 0
    done: int = 0
    draft: int = 0
    partly: int = 0

    @property
    def unlabelled(self) -> int:
        """Slices nothing is known of."""
        return self.slices - self.done - self.draft - self.partly

    @property
    def fully_done(self) -> bool:
        """Whether every slice is done; only then are volumes in mL comparable."""
        return self.slices > 0 and self.done == self.slices

    def plus(self, state: Overall) -> LedgerCount:
        """The count with one more slice in it."""
        return replace(
            self,
            slices=self.slices + 1,
            done=self.done + (state is Overall.DONE),
            draft=self.draft + (state is Overall.DRAFT),
            partly=self.partly + (state is Overall.PARTLY),
        )


def newly_finished(before: LedgerCount, after: LedgerCount, *, meant: bool) -> bool:
    """Whether marking slices done has finished their case: all of it, or what the person meant to label of it.

    Args:
        before: slices by state.
        after: the same once they were marked.
        meant: whether the person said so of the case and not of a slice; drafts must not be left then.

    """
    if after.done <= before.done:
        return False
    return after.fully_done or (meant and not after.draft)
