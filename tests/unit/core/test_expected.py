"""An expected Dice is believed only where it held on patients that were left out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from slicelab.core.expected import Sample, calibrate, certainty

SPACING = (5.0, 1.0, 1.0)


def square() -> tuple[np.ndarray, np.ndarray]:
    mask = np.zeros((3, 60, 60), np.uint8)
    mask[1, 20:40, 20:40] = 1
    return mask, np.zeros_like(mask)


def test_a_mask_nobody_doubts_is_certain_and_doubt_lowers_it_inside_and_near_but_not_far_away() -> None:
    mask, doubt = square()
    assert certainty(mask, doubt, 1, SPACING) == 1.0
    doubt[1, 20:40, 20:30] = 255
    inside = certainty(mask, doubt, 1, SPACING)
    assert inside == pytest.approx(2 * 200 / (400 + 200))
    doubt[1, 40:45, 20:40] = 255
    assert certainty(mask, doubt, 1, SPACING) == pytest.approx(2 * 200 / (400 + 200 + 100))
    doubt[1, 0:4, 0:4] = 255
    assert certainty(mask, doubt, 1, SPACING) == pytest.approx(2 * 200 / (400 + 200 + 100))
    assert math.isnan(certainty(mask, doubt, 2, SPACING))


def samples(patients: int, noise: float, seed: int = 0) -> list[Sample]:
    rng = np.random.default_rng(seed)
    made = []
    for k in range(patients):
        sure = rng.uniform(0.6, 0.95, 4)
        made += [Sample(f"p{k}", float(s), float(1.6 * s - 0.6 + rng.normal(0, noise))) for s in sure]
    return made


def test_a_line_that_holds_on_patients_left_out_is_reliable_and_gives_their_dice() -> None:
    line = calibrate(samples(8, 0.01))
    assert line is not None
    assert line.reliable
    assert line.patients == 8
    assert line.error < 0.02
    assert line.expect(0.8) == pytest.approx(1.6 * 0.8 - 0.6, abs=0.02)
    assert line.expect(2.0) == 1.0
    assert math.isnan(line.expect(math.nan))


def test_every_case_is_held_against_what_was_expected_of_it_without_its_patient() -> None:
    known = [Sample(f"p{k}", 0.5 + 0.1 * k, 0.4 + 0.1 * k, f"c{k}") for k in range(4)]
    known += [Sample("p3", 0.9, 0.2, "c9"), Sample("p3", 0.7, 0.6, "c9"), Sample("p0", math.nan, 0.3, "c0")]
    line = calibrate(known)
    assert line is not None
    held = {one.case: one for one in line.held}
    assert set(held) == {"c0", "c1", "c2", "c3", "c9"}
    assert held["c9"].measured == pytest.approx(0.4)
    assert held["c9"].expected == pytest.approx(0.7), "by the line of the others, which is dice = certainty - 0.1"
    assert held["c3"].expected == pytest.approx(0.7)
    assert np.mean([abs(held[c].expected - held[c].measured) for c in held]) <= line.error + 1e-9


def test_noise_few_patients_and_certainty_that_says_nothing_are_not_reliable() -> None:
    noisy = calibrate(samples(8, 0.3))
    assert noisy is not None
    assert not noisy.reliable
    few = calibrate(samples(4, 0.01))
    assert few is not None
    assert not few.reliable
    assert calibrate(samples(2, 0.01)) is None
    level = calibrate([Sample(f"p{k}", 0.8, 0.7 + 0.02 * k) for k in range(6)])
    assert level is not None
    assert not level.reliable


def test_the_error_is_that_of_patients_left_out_not_of_those_the_line_was_drawn_through() -> None:
    """One patient whose model is sure and wrong: with it the line bends towards it, without it it does not."""
    odd = [*samples(5, 0.0), Sample("odd", 0.95, 0.1)]
    line = calibrate(odd)
    assert line is not None
    fitted = np.mean([abs(line.expect(one.certainty) - one.dice) for one in odd])
    assert line.error > fitted
