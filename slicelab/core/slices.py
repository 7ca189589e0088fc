"""The slice ledger: per slice and class, what is known, and how edits change it. Pure decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from slicelab.core.labels import SliceState

States = Mapping[int, SliceState]
"""Class value to state; a class that is missing is unlabelled (it was added after the slice was labelled)."""


def state_of(states: States, class_value: int) -> SliceState:
    """The state of one class on a slice."""
    return states.get(class_value, SliceState.UNLABELLED)


def after_edit(states: States, class_values: tuple[int, ...]) -> dict[int, SliceState]:
    """States after voxels of a slice were edited: every class is a draft again, since each may have lost voxels.

    Removed classes are not among the given ones: an edit leaves their voxels (see
    :func:`slicelab.core.drawing.rule.among`), and so their states too.
    """
    return {**states, **dict.fromkeys(class_values, SliceState.DRAFT)}


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


def overall(states: States, class_values: tuple[int, ...]) -> SliceState:
    """One state for the scrubber: done only if every class is done, unlabelled only if every class is."""
    seen = {state_of(states, value) for value in class_values}
    if seen == {SliceState.DONE}:
        return SliceState.DONE
    return SliceState.UNLABELLED if seen <= {SliceState.UNLABELLED} else SliceState.DRAFT


@dataclass(frozen=True)
class LedgerCount:
    """How far a case is: slices by overall state."""

    slices: int = 0
    done: int = 0
    draft: int = 0

    @property
    def unlabelled(self) -> int:
        """Slices nothing is known of."""
        return self.slices - self.done - self.draft

    @property
    def fully_done(self) -> bool:
        """Whether every slice is done; only then are volumes in mL comparable."""
        return self.slices > 0 and self.done == self.slices

    def plus(self, state: SliceState) -> LedgerCount:
        """The count with one more slice in it."""
        return replace(
            self,
            slices=self.slices + 1,
            done=self.done + (state is SliceState.DONE),
            draft=self.draft + (state is SliceState.DRAFT),
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
