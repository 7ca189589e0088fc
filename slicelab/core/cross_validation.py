"""What the trainings of a cross-validation say: Dice with its interval, and whether a pretraining was worth it. Pure.

A patient is the unit of everything: cases of one patient are no independent samples, and a patient is held out in one
fold alone. A patient's Dice is the mean over the cases' means over classes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import scipy  # its parts are imported at first use

from slicelab.core.crossed import Difference, crossed_difference
from slicelab.core.splits import folds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

LEAST_PATIENTS = 3
"""With two, each training would learn from one patient and be measured on one other: that says nothing of a third."""
FOLDS = 3
"""Folds, where there are patients enough."""
_PAIRED = 2
"""Patients that every fold must hold for the interval of a difference."""

Verdict = Literal["better", "worse", "not established"]


@dataclass(frozen=True)
class HeldOut:
    """One class of one case, measured by a training that did not see its patient.

    Attributes:
        fold: place of the fold.
        seed: of the training.
        start: run it started from; None for random weights.
        case: case id.
        patient: patient id.
        class_value: the class.
        dice: 3D Dice on the slices that are done; NaN where the class is in neither mask.
        shown: whether the reference shows the class there.

    """

    fold: int
    seed: int
    start: str | None
    case: str
    patient: str
    class_value: int
    dice: float
    shown: bool


@dataclass(frozen=True)
class Interval:
    """A mean over patients, and its 95 % interval (NaN where it cannot be told)."""

    mean: float
    low: float
    high: float
    patients: int

    @property
    def told(self) -> bool:
        """Whether there is an interval."""
        return not math.isnan(self.low)


@dataclass(frozen=True)
class CrossValidated:
    """Dice of cases that a training did not see.

    Attributes:
        dice: mean over patients.
        classes: class value to the mean over the patients who have it.
        cases: how many were measured.
        repeats: seeds.

    """

    dice: Interval
    classes: dict[int, Interval]
    cases: int
    repeats: int


@dataclass(frozen=True)
class Compared:
    """A pretraining against random weights, on the same folds with the same seeds.

    Attributes:
        difference: pretrained minus random, in Dice, over patients and seeds as crossed random effects.
        classes: class value to the same of that class.
        pretrained: mean Dice of the trainings that started from the pretraining.
        random: of the others.
        patients: that both were measured on.
        cases: theirs.
        repeats: seeds.

    """

    difference: Difference
    classes: dict[int, Difference]
    pretrained: float
    random: float
    patients: int
    cases: int
    repeats: int

    @property
    def verdict(self) -> Verdict:
        """What may be said: something is established only where the interval leaves out 0."""
        if not self.difference.established:
            return "not established"
        return "better" if self.difference.mean > 0.0 else "worse"


def fold_count(patients: int, *, paired: bool) -> int:
    """Folds to make of so many patients where nobody asks for a number.

    For the interval of a difference each fold must hold two patients; where that leaves fewer than two folds, each
    patient is a fold, and there is no interval.
    """
    if paired and patients >= 2 * _PAIRED:
        return min(FOLDS, patients // _PAIRED)
    return min(FOLDS, patients)


def deal(patients: Iterable[str], count: int, seed: int) -> tuple[tuple[str, ...], ...]:
    """Patients dealt into folds; see :func:`slicelab.core.splits.folds`."""
    return folds(sorted(set(patients)), count, seed)


def cross_validated(rows: Sequence[HeldOut]) -> CrossValidated | None:
    """Mean Dice over patients with a t interval; None where nothing is defined.

    The interval takes patients as independent, which trainings on each other's labels are not quite: there is no
    unbiased estimate of the variance of a cross-validation (Bengio and Grandvalet, JMLR 2004).
    """
    known = [row for row in rows if not math.isnan(row.dice)]
    if not known:
        return None
    values = sorted({row.class_value for row in known})
    return CrossValidated(
        _over_patients(known),
        {value: _over_patients([row for row in known if row.class_value == value]) for value in values},
        len({row.case for row in known}),
        len({row.seed for row in known}),
    )


def compared(rows: Sequence[HeldOut]) -> Compared | None:
    """Paired differences of the two starts; None where no class that a reference shows was measured by both.

    Only classes that the reference shows count: elsewhere Dice is defined for one start and not for the other, as it
    happens. Draws are the seeds, cases the patients of a fold.
    """
    rows = [row for row in rows if row.shown]
    starts = {row.start for row in rows}
    if len(starts) != 2 or None not in starts:
        return None
    values = sorted({row.class_value for row in rows})
    return Compared(
        _difference(rows),
        {value: _difference([row for row in rows if row.class_value == value]) for value in values},
        _over_patients([row for row in rows if row.start is not None]).mean,
        _over_patients([row for row in rows if row.start is None]).mean,
        len({row.patient for row in rows}),
        len({row.case for row in rows}),
        len({row.seed for row in rows}),
    )


def _difference(rows: Sequence[HeldOut]) -> Difference:
    tables = []
    for fold in sorted({row.fold for row in rows}):
        here = [row for row in rows if row.fold == fold]
        patients = sorted({row.patient for row in here})
        seeds = sorted({row.seed for row in here})
        tables.append(np.array([[_gap(here, seed, patient) for patient in patients] for seed in seeds], np.float64))
    found = crossed_difference(tables)
    if found.low < found.high:
        return found
    return Difference(found.mean, math.nan, math.nan, math.nan, math.nan)  # figures that do not vary tell no interval


def _gap(rows: Sequence[HeldOut], seed: int, patient: str) -> float:
    own = [row for row in rows if row.seed == seed and row.patient == patient]
    return _of_patient([row for row in own if row.start is not None]) - _of_patient(
        [row for row in own if row.start is None]
    )


def _over_patients(rows: Sequence[HeldOut]) -> Interval:
    each = np.array(list(_by(rows, lambda row: row.patient, _of_patient).values()))
    mean, count = float(each.mean()), len(each)
    spread = float(each.std(ddof=1)) if count >= LEAST_PATIENTS else 0.0
    if spread <= 0.0:  # figures that do not vary tell no interval
        return Interval(mean, math.nan, math.nan, count)
    reach = float(scipy.special.stdtrit(count - 1, 0.975)) * spread / math.sqrt(count)
    return Interval(mean, max(mean - reach, 0.0), min(mean + reach, 1.0), count)


def _of_patient(rows: Sequence[HeldOut]) -> float:
    """Mean over seeds and cases of the means over classes."""
    return float(np.mean(list(_by(rows, lambda row: f"{row.seed} {row.case} {row.start}", _mean_dice).values())))


def _mean_dice(rows: Sequence[HeldOut]) -> float:
    return float(np.mean([row.dice for row in rows]))


def _by(
    rows: Sequence[HeldOut], key: Callable[[HeldOut], str], value: Callable[[Sequence[HeldOut]], float]
) -> dict[str, float]:
    groups: dict[str, list[HeldOut]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return {name: value(group) for name, group in groups.items()}
