"""Splits by patient, never by slice, and the audit that catches leaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Leak:
    """A test case whose patient was seen before.

    Attributes:
        case: the test case.
        trained_on: its patient is among the labelled training cases.
        in_pool: its patient is in the pretraining pool.
        validated: its patient is among the validation cases.

    """

    case: str
    trained_on: bool
    in_pool: bool
    validated: bool = False


def audit(
    test: Iterable[str],
    *,
    trained: Iterable[str],
    pool: Iterable[str],
    patient_of: Mapping[str, str],
    validated: Iterable[str] = (),
) -> tuple[Leak, ...]:
    """The leaks of a split, one per test case (with all flags false where it is clean).

    Args:
        test: cases a result is wanted for.
        trained: cases whose labels the model learned from.
        pool: cases whose images were learnt from without labels, by a pretraining or a semi-supervised finetuning.
        patient_of: case to patient; two cases of one patient are never apart.
        validated: cases whose labels chose the learning rate or the best state.

    """
    of_trained, of_pool, of_validated = ({patient_of[case] for case in met} for met in (trained, pool, validated))
    return tuple(
        Leak(case, patient in of_trained, patient in of_pool, patient in of_validated)
        for case, patient in ((case, patient_of[case]) for case in test)
    )


def folds(patients: Sequence[str], count: int, seed: int) -> tuple[tuple[str, ...], ...]:
    """Patients dealt into ``count`` folds of nearly equal size by a seeded shuffle; each sorted."""
    if not 2 <= count <= len(set(patients)):
        raise ValueError(f"cannot make {count} folds of {len(set(patients))} patients")
    unique = sorted(set(patients))
    order = np.random.default_rng(seed).permutation(len(unique))
    return tuple(tuple(sorted(unique[i] for i in order[k::count])) for k in range(count))


def draw(cases: Sequence[str], count: int, seed: int) -> tuple[str, ...]:
    """``count`` cases drawn without replacement by seed, in sorted order."""
    unique = sorted(set(cases))
    if not 0 < count <= len(unique):
        raise ValueError(f"cannot draw {count} of {len(unique)} cases")
    return tuple(sorted(np.random.default_rng(seed).choice(unique, size=count, replace=False).tolist()))
