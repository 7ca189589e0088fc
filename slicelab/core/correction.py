"""Dice before correction: the mask a model made of a slice against the one a reader finished it with. Pure decisions.

The figure needs no test set: every finished slice that the model did not learn from is one measurement. Two things can
flatter it, and both are told apart. A reader who began from the model's mask, or had it before the eyes, was led by it
(*assisted*); only a slice that was painted without a model's mask being shown is a *blind* one. And a model that has
learned from other slices of the same patient knows that patient: such slices are counted for themselves, as elsewhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy.typing as npt


class Reading(StrEnum):
    """How a reader came to the finished mask.

    ``ACCEPTED``: the label began as a model's mask, in whole or part. ``SEEN``: painted, with a model's mask shown
    before. ``BLIND``: painted without.
    """

    ACCEPTED = "accepted"
    SEEN = "seen"
    BLIND = "blind"

    @property
    def assisted(self) -> bool:
        """Whether the reader was led by a model's mask."""
        return self is not Reading.BLIND


@dataclass(frozen=True)
class Overlap:
    """One class on one slice, in voxels.

    Attributes:
        predicted: of the model's mask.
        final: of the reader's.
        common: of both.

    """

    predicted: int
    final: int
    common: int

    @property
    def dice(self) -> float:
        """2D Dice; NaN where the class is in neither mask (as in :mod:`slicelab.core.metrics`)."""
        total = self.predicted + self.final
        return 2.0 * self.common / total if total else math.nan

    @property
    def wrong(self) -> int:
        """Voxels that were missed or too many."""
        return self.predicted + self.final - 2 * self.common


def overlap(predicted: npt.NDArray[Any], final: npt.NDArray[Any], value: int) -> Overlap:
    """How one class of two masks of one shape overlaps.

    Args:
        predicted: class values.
        final: class values.
        value: the class.

    Raises:
        ValueError: the shapes differ.

    """
    if predicted.shape != final.shape:
        raise ValueError(f"masks of different shapes: {predicted.shape} and {final.shape}")
    ours, theirs = predicted == value, final == value
    return Overlap(int(np.count_nonzero(ours)), int(np.count_nonzero(theirs)), int(np.count_nonzero(ours & theirs)))


def reading_of(*, accepted: bool, seen: bool) -> Reading:
    """How a reader came to a mask.

    Args:
        accepted: whether the label was a model's mask at any time.
        seen: whether a model's mask of the slice was shown before it was done.

    """
    return Reading.ACCEPTED if accepted else Reading.SEEN if seen else Reading.BLIND


def kept_blind(project: str, case: str, index: int, share: float) -> bool:
    """Whether a slice belongs to the share that is kept blind: always the same slices, for every model.

    Args:
        project: a word of the project's own.
        case: case id.
        index: slice, from 0.
        share: of all slices, 0 to 1; the slices of a smaller share are among those of a larger one.

    """
    drawn = int.from_bytes(sha256(f"{project}/{case}/{index}".encode()).digest()[:8], "big")
    return drawn < share * 2**64


def hidden(chosen: Iterable[int], done: Iterable[int], seen: Iterable[int]) -> frozenset[int]:
    """Slices on which the model's mask is not shown now: chosen to be blind, not done yet, and not shown before."""
    return frozenset(chosen) - frozenset(done) - frozenset(seen)


@dataclass(frozen=True)
class Finished:
    """One class of one slice that a reader finished.

    Attributes:
        order: grows with time.
        patient_trained: whether the model learned from other slices of the same patient.

    """

    order: int
    model: str
    case: str
    slice: int
    class_value: int
    reading: Reading
    patient_trained: bool
    overlap: Overlap


def standing(finished: Iterable[Finished]) -> tuple[Finished, ...]:
    """The one measurement that counts of each model, slice and class, in their order.

    The latest; but what was blind stays: once a slice is done the model's mask is shown, and a second look is led.
    """
    kept: dict[tuple[str, str, int, int], Finished] = {}
    for one in sorted(finished, key=lambda one: one.order):
        key = (one.model, one.case, one.slice, one.class_value)
        if key in kept and not kept[key].reading.assisted and one.reading.assisted:
            continue
        kept[key] = one
    return tuple(sorted(kept.values(), key=lambda one: (one.order, one.slice, one.class_value)))


@dataclass(frozen=True)
class SliceMean:
    """Mean 2D Dice of one class.

    Attributes:
        dice: mean over the slices that have the class in either mask; NaN where none has.
        slices: how many those are.

    """

    dice: float
    slices: int


@dataclass(frozen=True)
class Group:
    """Slices that were finished in one way.

    Attributes:
        slices: how many.
        classes: class value to mean.
        wrong: voxels that were missed or too many, over all classes.
        final: voxels of the finished masks.

    """

    slices: int
    classes: dict[int, SliceMean]
    wrong: int
    final: int

    @property
    def dice(self) -> float:
        """Mean over classes; NaN where no class is anywhere."""
        known = [mean.dice for mean in self.classes.values() if not math.isnan(mean.dice)]
        return sum(known) / len(known) if known else math.nan


@dataclass(frozen=True)
class Round:
    """What one model's masks were worth before they were corrected.

    Attributes:
        model: run id.
        blind: slices of patients it never learned from, painted without a model's mask in sight.
        assisted: the same, where the reader was led by one.
        known_patients: slices of patients of whom it learned from other slices: optimistic, never a result.

    """

    model: str
    blind: Group
    assisted: Group
    known_patients: Group


def trend(finished: Iterable[Finished], models: Sequence[str], class_values: Sequence[int]) -> tuple[Round, ...]:
    """One round for each model of which a slice was measured, in the order of the models.

    Args:
        finished: measurements that stand.
        models: run ids, oldest first.
        class_values: the project's classes; what was measured of others (removed ones) does not count.

    """
    asked = frozenset(class_values)
    by_model: dict[str, list[Finished]] = {}
    for one in finished:
        if one.class_value in asked:
            by_model.setdefault(one.model, []).append(one)
    rounds = []
    for model in models:
        all_of_it = by_model.get(model, [])
        new = [one for one in all_of_it if not one.patient_trained]
        if all_of_it:
            rounds.append(
                Round(
                    model,
                    _group([one for one in new if not one.reading.assisted], class_values),
                    _group([one for one in new if one.reading.assisted], class_values),
                    _group([one for one in all_of_it if one.patient_trained], class_values),
                )
            )
    return tuple(rounds)


def largest_error(overlaps: Mapping[int, Overlap]) -> int | None:
    """The slice with the most voxels missed or too many, of two the one with the lower Dice; None if all are right.

    The lowest Dice would lead to the ends of a structure, where a handful of voxels decides it.
    """
    wrong = {index: one for index, one in overlaps.items() if one.wrong}
    return max(wrong, key=lambda index: (wrong[index].wrong, -wrong[index].dice, -index), default=None)


def _group(finished: Sequence[Finished], class_values: Sequence[int]) -> Group:
    return Group(
        slices=len({(one.case, one.slice) for one in finished}),
        classes={
            value: _mean([one.overlap.dice for one in finished if one.class_value == value]) for value in class_values
        },
        wrong=sum(one.overlap.wrong for one in finished),
        final=sum(one.overlap.final for one in finished),
    )


def _mean(values: Sequence[float]) -> SliceMean:
    known = [value for value in values if not math.isnan(value)]
    return SliceMean(sum(known) / len(known) if known else math.nan, len(known))
