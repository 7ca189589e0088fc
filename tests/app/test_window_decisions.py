"""What the window decides without Qt: what is possible, what is said of a model's mask, what is marked as different."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from slicelab.app import words
from slicelab.app.canvas.marks import drawn_outlines, missed_and_extra
from slicelab.app.canvas.tools import MaskLook
from slicelab.app.commands.spec import Need
from slicelab.app.legend import OnSlice, comparable, legend
from slicelab.app.possible import possible
from slicelab.app.shown_mask import ShownMask
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.labels import SliceState, make_classes

LIVER, SPLEEN = make_classes(["liver", "spleen"])
DONE, DRAFT = SliceState.DONE, SliceState.DRAFT


def mask(*, final: bool = True, classes: frozenset[int] = frozenset({1, 2})) -> ShownMask:
    return ShownMask(
        np.zeros((1, 2, 2), np.uint8), "Prediction of Model 1", "Model 1", "r1", frozenset(), final, classes
    )


def here(states: dict[int, SliceState] | None, **more: Any) -> OnSlice:
    return OnSlice(states, (1, 2), **{"item": LIVER, "blind": False, "unsure": False, **more})


def nothing_runs(**more: Any) -> Any:
    return SimpleNamespace(running=False, unfinished=None, runs=(), in_use=None, may=lambda _kind: True, **more)


def test_without_a_project_nothing_that_needs_one_is_possible() -> None:
    assert possible(writable=None, jobs=None, cases=False, case=False, sequence=False, predicted=False) == set()


def test_a_project_that_is_read_allows_no_change_and_a_written_one_does() -> None:
    there = {"jobs": None, "cases": True, "case": True, "sequence": False, "predicted": False}
    assert possible(writable=False, **there) == {Need.PROJECT, Need.CASES, Need.CASE}
    assert Need.WRITABLE in possible(writable=True, **there)


def test_jobs_say_what_may_be_asked_for_and_which_one_can_go_on() -> None:
    there = {"writable": True, "cases": False, "case": False, "sequence": False, "predicted": False}
    jobs = nothing_runs()
    given = possible(jobs=jobs, **there)
    assert {Need.IDLE, Need.MAY_TRAIN} <= given
    assert not given & {Need.JOB, Need.UNFINISHED, Need.MODEL, Need.NETWORK, Need.TWO_MODELS}
    jobs.unfinished = SimpleNamespace(offers_cpu=True)
    assert {Need.UNFINISHED, Need.CPU_OFFER} <= possible(jobs=jobs, **there)


def test_of_a_mask_on_an_unlabelled_slice_it_is_said_that_nobody_took_it_over() -> None:
    assert legend(mask(), "both", here({})) == ("Prediction of Model 1, not accepted", "Model 1, not accepted")
    assert legend(mask(final=False), "both", here({})) == ("Prediction of Model 1", "Model 1")
    assert legend(mask(), "both", here({1: DONE})) == ("Prediction of Model 1", "Model 1")


@pytest.mark.parametrize("drawn", ["both", "difference", "uncertainty"])
def test_where_a_slice_is_kept_blind_that_is_said_whatever_is_drawn(drawn: str) -> None:
    assert "kept blind" in legend(mask(), drawn, here({1: DONE}, blind=True))[0]


def test_why_there_is_no_difference_is_said() -> None:
    assert legend(mask(), "difference", here({}))[1] == "no label here: no difference"
    assert legend(mask(), "difference", here({2: DONE}))[1] == "liver: not labelled here"
    assert legend(mask(classes=frozenset({2})), "difference", here({1: DONE}))[1] == "liver: not known to it"
    assert legend(mask(), "difference", here({1: DRAFT})) == ("Prediction of Model 1", "Model 1")


def test_it_is_said_where_unsureness_is_not_known() -> None:
    assert legend(mask(), "uncertainty", here({1: DONE}))[1] == "unsureness not known"
    assert legend(mask(), "uncertainty", here({1: DONE}, unsure=True))[1] == "bright: unsure"


def test_slices_are_compared_where_the_class_is_known_and_nothing_is_hidden() -> None:
    states = [{1: DONE}, {}, {1: DRAFT, 2: DONE}, {2: DONE}]
    assert comparable(states, 1, None, ()) == [True, False, True, False]
    assert comparable(states, 1, {1}, {0}) == [False, False, True, False]
    assert comparable(states, 1, {2}, ()) == [False] * 4


def test_what_is_missed_and_what_is_extra_is_marked_only_where_labels_are_known() -> None:
    labels, predicted = np.array([[1, 1, 0, 0]], np.uint8), np.array([[0, 1, 1, 2]], np.uint8)
    missed, extra = missed_and_extra(labels, predicted, None, 1, (LIVER, SPLEEN))
    assert (missed.where.tolist(), extra.where.tolist()) == (
        [[True, False, False, False]],
        [[False, False, True, False]],
    )
    known = np.array([[True, True, False, False]])
    missed, extra = missed_and_extra(labels, predicted, known, 1, (LIVER, SPLEEN))
    assert (int(missed.where.sum()), int(extra.where.sum())) == (1, 0)
    assert missed_and_extra(labels, predicted, ~known & False, 1, (LIVER, SPLEEN)) == ()


def test_outlines_are_of_classes_that_are_shown_and_a_models_are_dashed() -> None:
    square = np.zeros((6, 6), np.uint8)
    square[1:3, 1:3], square[4:, 4:] = 1, 2
    drawn = drawn_outlines(square, square, MaskLook(hidden=frozenset({2})), (LIVER, SPLEEN))
    assert [(one.colour, one.style) for one in drawn] == [(LIVER.colour, "dashed"), (LIVER.colour, "solid")]
    assert drawn_outlines(square, None, MaskLook(shown=False), (LIVER, SPLEEN)) == ()


@pytest.mark.parametrize(
    ("trained_on", "said"),
    [(True, "Measured: no case is left to judge the model by"), (False, "Measured: mean Dice 0.80, 1 case")],
)
def test_a_measurement_without_a_case_to_judge_by_says_that_and_no_figure(trained_on: bool, said: str) -> None:
    found = summarise("r1", [CaseScore("a", {"liver": ClassScore(0.8, 10.0)}, 5, 5, trained_on, False)], ["liver"])
    assert words.measured(found) == said
