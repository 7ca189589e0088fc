"""From measured cases to a mean that can be believed: what the model met the labels of never counts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

SYNTHETIC_FIGURES = "Synthetic volumes (phantoms) are marked as such: figures on them say nothing about patients."
"""What stands beside measurements of phantoms."""
Protocol = Literal["inductive", "transductive"]


@dataclass(frozen=True)
class ClassScore:
    """One class of one case against its reference.

    Attributes:
        dice: 3D Dice, NaN where the class is absent from both masks.
        volume_ml: predicted volume.
        reference_volume_ml: reference volume; NaN unless every slice of the case has a reference.
        hd95_mm: 95th percentile Hausdorff distance; NaN where either mask is empty, and as the reference volume.
        assd_mm: average symmetric surface distance; NaN where either mask is empty, and as the reference volume.

    """

    dice: float
    volume_ml: float
    reference_volume_ml: float = math.nan
    hd95_mm: float = math.nan
    assd_mm: float = math.nan

    @property
    def volume_difference_ml(self) -> float:
        """Predicted minus reference volume; NaN unless every slice of the case has a reference."""
        return self.volume_ml - self.reference_volume_ml


@dataclass(frozen=True)
class CaseScore:
    """One case: scores per class name, and what the model had seen of it.

    Attributes:
        case: the case's name.
        scores: class name to score; a class with no known slice is missing.
        slices: slices measured (those with a reference).
        of: slices the case has.
        trained_on: labels of the case's patient were learned from: never a result.
        in_pretraining_pool: the case's patient was in the pretraining pool, or learnt from without labels by a
            semi-supervised finetuning: optimistic (transductive).
        used_for_validation: the case's patient chose the learning rate or the best state: never a result either.
        synthetic: the volume was computed (a phantom), not acquired: its figures say nothing about patients.

    """

    case: str
    scores: dict[str, ClassScore]
    slices: int
    of: int
    trained_on: bool
    in_pretraining_pool: bool
    used_for_validation: bool = False
    synthetic: bool = False

    @property
    def is_result(self) -> bool:
        """Whether the model met no label of the patient on its way, so that the figures say something of it."""
        return not (self.trained_on or self.used_for_validation)

    @property
    def apart(self) -> str:
        """Why the figures are no result, in words for a table: "trained on", "validation", or nothing."""
        return "trained on" if self.trained_on else "validation" if self.used_for_validation else ""


@dataclass(frozen=True)
class Evaluation:
    """Cases measured against references, and the means over those the model never saw.

    Attributes:
        mean: class name to mean Dice over cases that are results and have the class; NaN if there is none.
        mean_dice: mean over classes of :attr:`mean`, NaN if there is none.
        protocol: ``transductive`` as soon as one averaged case was in the pretraining pool.
        averaged: how many cases the means are over; one where no class is in either mask is not among them.

    """

    run: str
    protocol: Protocol
    cases: tuple[CaseScore, ...]
    mean: dict[str, float]
    mean_dice: float
    averaged: int

    @property
    def over(self) -> str:
        """Which classes :attr:`mean_dice` leaves out, such as "over 1 of 2 classes"; empty where it counts them all.

        Means over different classes do not compare two models.
        """
        counted = sum(not math.isnan(dice) for dice in self.mean.values())
        return f"over {counted} of {len(self.mean)} classes" if 0 < counted < len(self.mean) else ""

    @property
    def in_part(self) -> str:
        """How many cases of the means are measured on some of their slices alone, in a sentence; or nothing."""
        parts = [case for case in self.cases if case.is_result and case.slices < case.of and _defined(case)]
        if not parts:
            return ""
        least = min(parts, key=lambda case: case.slices / case.of)
        return (
            f"Measured on some of their slices only: {len(parts)} of {self.averaged} cases in these means, at least "
            f"{least.slices} of {least.of} slices. Each counts as much as a case measured whole."
        )

    @property
    def synthetic(self) -> int:
        """How many of the measured cases are phantoms."""
        return sum(case.synthetic for case in self.cases)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know before believing the means, in words."""
        seen = sum(case.in_pretraining_pool for case in self.cases if case.is_result)
        if not seen:
            return ()
        return (
            "Test patients in the pool (transductive): the pretraining, or a semi-supervised finetuning, saw images, "
            f"without labels, of the patients of {seen} of {self.averaged} cases in these means. On new patients the "
            "model may do worse. For a figure that holds for them, pretrain and finetune with these cases left out.",
        )


def summarise(run: str, cases: Sequence[CaseScore], class_names: Sequence[str]) -> Evaluation:
    """Means over the cases that are results, with the protocol they deserve."""
    unseen = [case for case in cases if case.is_result]
    mean = {name: _mean([case.scores[name].dice for case in unseen if name in case.scores]) for name in class_names}
    judged = unseen or cases  # without a result, what would have to be said of one
    protocol: Protocol = "transductive" if any(case.in_pretraining_pool for case in judged) else "inductive"
    counted = sum(_defined(case) for case in unseen)
    return Evaluation(run, protocol, tuple(cases), mean, _mean(list(mean.values())), counted)


@dataclass(frozen=True)
class Successor:
    """How a model does where another one was measured too, on cases whose labels neither learned from.

    Attributes:
        before: mean Dice of the other: over classes, of each over the cases.
        now: the same of the model.
        cases: how many cases these are over.

    """

    before: float
    now: float
    cases: int

    @property
    def worse(self) -> bool:
        """Whether it is, as far as the two digits say that are shown."""
        return round(self.now, 2) < round(self.before, 2)


def successor(before: Evaluation, now: Evaluation) -> Successor | None:
    """Compare a model with the one before it; None where they have no case and class in common.

    Counted are cases that are results of both, on as many slices, and whose patient was in the pool of both or of
    neither, so that one has no advantage over the other; and of these the classes that both have a Dice of.
    """
    others = {(case.case, case.in_pretraining_pool): case for case in before.cases if case.is_result}
    alike = [(others.get((case.case, case.in_pretraining_pool)), case) for case in now.cases if case.is_result]
    pairs = [(one, other) for one, other in alike if one is not None]
    dices: dict[str, list[tuple[float, float]]] = {}
    judged = 0
    for one, other in pairs:
        shared = sorted(one.scores.keys() & other.scores.keys())
        found = {name: (one.scores[name].dice, other.scores[name].dice) for name in shared}
        known = {name: both for name, both in found.items() if not any(map(math.isnan, both))}
        if one.slices != other.slices or not known:
            continue
        judged += 1
        for name, both in known.items():
            dices.setdefault(name, []).append(both)
    if not judged:
        return None
    was = _mean([_mean([one for one, _ in found]) for found in dices.values()])
    now_is = _mean([_mean([other for _, other in found]) for found in dices.values()])
    return Successor(was, now_is, judged)


def _defined(case: CaseScore) -> bool:
    """Whether any class is in either mask."""
    return any(not math.isnan(score.dice) for score in case.scores.values())


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return sum(known) / len(known) if known else math.nan
