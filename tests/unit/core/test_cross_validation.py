"""Cross-validated Dice and the worth of a pretraining, from held-out figures."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from slicelab.core.cross_validation import HeldOut, compared, cross_validated, deal, fold_count


def rows(
    dice: Callable[[str | None, int, int], float], *, patients: int = 6, seeds: int = 2, folds: int = 3
) -> list[HeldOut]:
    """One class, one case a patient; ``dice(start, seed, patient)``."""
    return [
        HeldOut(patient % folds, seed, start, f"c{patient}", f"p{patient}", 1, dice(start, seed, patient), shown=True)
        for start in (None, "r0001")
        for seed in range(seeds)
        for patient in range(patients)
    ]


def test_a_difference_is_established_only_where_its_interval_leaves_out_zero() -> None:
    rng = np.random.default_rng(3)
    small = rng.normal(0.0, 0.01, (2, 2, 6))
    large = rng.normal(0.0, 0.2, (2, 2, 6))
    gain = {None: 0.0, "r0001": 0.2}

    def steady(start: str | None, seed: int, patient: int) -> float:
        return 0.6 + gain[start] + float(small[int(start is None), seed, patient])

    better = compared(rows(steady))
    assert better is not None
    assert better.verdict == "better"
    assert 0.0 < better.difference.low < better.difference.mean < better.difference.high
    assert better.difference.mean == pytest.approx(better.pretrained - better.random)
    worse = compared(rows(lambda start, seed, patient: 1.0 - steady(start, seed, patient)))
    assert worse is not None
    assert worse.verdict == "worse"
    noisy = compared(
        rows(lambda start, seed, patient: 0.6 + gain[start] + float(large[int(start is None), seed, patient]))
    )
    assert noisy is not None
    assert noisy.verdict == "not established"
    assert noisy.difference.low < 0.0 < noisy.difference.high


@pytest.mark.parametrize(("patients", "seeds"), [(3, 2), (6, 1)])
def test_with_one_patient_a_fold_or_one_repeat_there_is_no_interval_and_nothing_is_established(
    patients: int, seeds: int
) -> None:
    found = compared(rows(lambda start, seed, patient: 0.9 if start else 0.1, patients=patients, seeds=seeds))
    assert found is not None
    assert found.difference.mean == pytest.approx(0.8)
    assert math.isnan(found.difference.low)
    assert found.verdict == "not established"


def test_figures_that_do_not_vary_at_all_establish_nothing() -> None:
    alike = rows(lambda start, seed, patient: 0.5 if start else 0.25)
    found, crossed = compared(alike), cross_validated([row for row in alike if row.start])
    assert found is not None
    assert crossed is not None
    assert (found.verdict, found.difference.mean) == ("not established", pytest.approx(0.25))
    assert math.isnan(found.difference.low)
    assert not crossed.dice.told


def test_cases_of_one_patient_count_as_one() -> None:
    once = rows(lambda start, seed, patient: 0.5 + 0.05 * patient * (start is not None))
    twice = [*once, *(HeldOut(r.fold, r.seed, r.start, f"{r.case}b", r.patient, 1, r.dice, r.shown) for r in once)]
    one, two = compared(once), compared(twice)
    assert one is not None
    assert two is not None
    assert two.difference == one.difference
    assert (two.patients, two.cases) == (6, 12)


def test_a_class_the_reference_does_not_show_is_no_part_of_the_comparison() -> None:
    shown = rows(lambda start, seed, patient: 0.5 + 0.05 * patient * (start is not None))
    absent = [
        HeldOut(row.fold, row.seed, row.start, row.case, row.patient, 2, math.nan if row.start else 0.0, shown=False)
        for row in shown
    ]
    assert compared([*shown, *absent]) == compared(shown)
    assert compared(absent) is None


def test_cross_validated_dice_leaves_out_what_is_not_defined_and_counts_voxels_that_are_not_there_as_wrong() -> None:
    def one(patient: int, value: int, dice: float, *, shown: bool = True) -> HeldOut:
        return HeldOut(0, 0, None, f"c{patient}", f"p{patient}", value, dice, shown)

    found = cross_validated(
        [one(1, 1, 0.8), one(2, 1, 0.6), one(3, 1, 0.7), one(1, 2, math.nan, shown=False), one(2, 2, 0.0, shown=False)]
    )
    assert found is not None
    assert found.classes[1].mean == pytest.approx(0.7)
    assert found.classes[2].mean == 0.0
    assert (found.classes[2].patients, found.classes[2].told) == (1, False)
    assert found.dice.mean == pytest.approx((0.8 + 0.3 + 0.7) / 3)
    assert 0.0 <= found.dice.low < found.dice.mean < found.dice.high <= 1.0
    assert cross_validated([one(1, 1, math.nan)]) is None


def test_folds_hold_two_patients_where_a_difference_shall_have_an_interval() -> None:
    assert [fold_count(n, paired=True) for n in (3, 4, 5, 6, 20)] == [3, 2, 2, 3, 3]
    assert [fold_count(n, paired=False) for n in (3, 4, 20)] == [3, 3, 3]
    made = deal([f"p{n}" for n in range(5)], 2, 0)
    assert sorted(len(one) for one in made) == [2, 3]
