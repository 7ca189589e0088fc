"""Leaks are marked, and what was trained on never enters a mean."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.splits import audit, draw, folds


def case(name: str, dice: float | None, *, trained: bool = False, pool: bool = False) -> CaseScore:
    scores = {} if dice is None else {"liver": ClassScore(dice, 10.0)}
    return CaseScore(name, scores, 4, 4, trained, pool)


def test_a_second_case_of_a_trained_patient_is_a_leak() -> None:
    patients = {"c1": "p1", "c2": "p1", "c3": "p2", "c4": "p2"}
    leaks = audit(["c2", "c4"], trained=["c1"], pool=["c3"], patient_of=patients)
    assert [(leak.trained_on, leak.in_pool) for leak in leaks] == [(True, False), (False, True)]


def test_cases_trained_on_are_left_out_of_the_mean() -> None:
    result = summarise("r1", [case("a", 1.0, trained=True), case("b", 0.5), case("c", 0.7)], ["liver"])
    assert result.mean == {"liver": pytest.approx(0.6)}
    assert result.averaged == 2
    assert result.protocol == "inductive"


def test_a_mean_over_pool_cases_is_marked_transductive() -> None:
    assert summarise("r1", [case("a", 0.5, pool=True), case("b", 0.5)], ["liver"]).protocol == "transductive"
    assert summarise("r1", [case("a", 0.5, pool=True, trained=True), case("b", 0.5)], ["liver"]).protocol == "inductive"


def test_a_mean_that_flatters_is_said_to_in_words_and_with_its_share() -> None:
    seen = [case("a", 0.5, pool=True), case("b", 0.5), case("c", 0.9, pool=True, trained=True)]
    (warning,) = summarise("r1", seen, ["liver"]).warnings
    assert "1 of 2 cases" in warning
    assert "On new patients the model may do worse" in warning
    assert summarise("r1", seen[1:], ["liver"]).warnings == ()


def test_cases_measured_on_some_of_their_slices_are_counted_in_words_beside_the_mean() -> None:
    whole, part, least = case("a", 0.5), case("b", 0.5), case("c", 0.7)
    part, least = replace(part, slices=6, of=10), replace(least, slices=1, of=20)
    known = replace(case("d", 0.9, trained=True), slices=1, of=40)
    empty = replace(case("e", math.nan), slices=1, of=40)
    said = summarise("r1", [whole, part, least, known, empty], ["liver"]).in_part
    assert "2 of 3 cases in these means, at least 1 of 20 slices" in said
    assert summarise("r1", [whole, known, empty], ["liver"]).in_part == ""


def test_a_volume_difference_needs_a_whole_reference() -> None:
    assert ClassScore(0.5, 12.0, 10.0).volume_difference_ml == pytest.approx(2.0)
    assert math.isnan(ClassScore(0.5, 12.0).volume_difference_ml)


def test_without_an_unseen_case_there_is_no_mean() -> None:
    result = summarise("r1", [case("a", 1.0, trained=True)], ["liver"])
    assert math.isnan(result.mean["liver"])
    assert math.isnan(result.mean_dice)


def test_an_undefined_dice_neither_counts_as_one_nor_as_zero() -> None:
    result = summarise("r1", [case("a", math.nan), case("b", 0.5), case("c", None)], ["liver"])
    assert result.mean["liver"] == pytest.approx(0.5)


def test_a_mean_over_some_of_the_classes_says_over_how_many() -> None:
    assert summarise("r1", [case("a", 0.95)], ["liver", "spleen"]).over == "over 1 of 2 classes"
    assert summarise("r1", [case("a", 0.95)], ["liver"]).over == ""
    assert summarise("r1", [case("a", 0.95, trained=True)], ["liver", "spleen"]).over == ""


def test_folds_hold_every_patient_once_and_depend_on_the_seed_alone() -> None:
    patients = [f"p{i:02d}" for i in range(24)]
    dealt = folds(patients, 3, seed=1)
    assert sorted(p for fold in dealt for p in fold) == patients
    assert [len(fold) for fold in dealt] == [8, 8, 8]
    assert dealt == folds(patients[::-1], 3, seed=1)
    assert dealt != folds(patients, 3, seed=2)


def test_a_draw_is_without_replacement_and_repeatable() -> None:
    cases = [f"c{i}" for i in range(16)]
    assert len(set(draw(cases, 4, 3))) == 4
    assert draw(cases, 4, 3) == draw(cases[::-1], 4, 3)
    with pytest.raises(ValueError, match="cannot draw"):
        draw(cases, 17, 0)
