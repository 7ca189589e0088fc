"""The boxes of cross-validation: their words in each state, in English and in German."""

from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from slicelab.app import language
from slicelab.app.actions import ActionSet
from slicelab.app.desks.cross_desk import CrossShown
from slicelab.app.panels.cross_box import CrossBox
from slicelab.app.theme import THEMES, Theme
from slicelab.core.cross_validation import HeldOut, compared, cross_validated
from slicelab.core.errors import JobError
from slicelab.engine.crossvalidating import CrossResult, Standing
from slicelab.engine.status import JobStatus

pytestmark = pytest.mark.window


@pytest.fixture
def window(qapp: QApplication) -> QWidget:
    return QWidget()


@pytest.fixture
def actions(window: QWidget) -> ActionSet:
    return ActionSet(window, Theme("dark", THEMES["dark"], 13), {})


def found(
    *, patients: int = 6, gain: float = 0.2, in_pool: int = 0, changed: int = 0, led: int = 0, left_out: int = 0
) -> CrossResult:
    rows = tuple(
        HeldOut(patient % 3, seed, start, f"c{patient}", f"p{patient}", 1, dice, shown=True)
        for start in (None, "r0001")
        for seed in range(2)
        for patient in range(patients)
        for dice in [0.5 + gain * (start is not None) + 0.01 * math.sin(7 * patient + seed + 3 * (start is None))]
    )
    return CrossResult(
        "r0002", "compare", "r0001", 0.0, 3, 12, patients, patients, in_pool, led, 40, changed, left_out,
        cross_validated([row for row in rows if row.start]), compared(rows), {1: "liver"}, rows,
    )  # fmt: skip


def boxes(actions: ActionSet, result: CrossResult) -> tuple[str, str]:
    """What the two boxes say: cross-validated Dice, and whether pretraining was worth it."""
    shown = CrossShown(Standing(result, result))
    crossed, worth = CrossBox("crossvalidate", actions), CrossBox("compare", actions)
    for box in (crossed, worth):
        box.show_found(shown)
    return crossed.words, worth.words


def test_an_established_gain_says_so_and_one_that_is_not_does_not(actions: ActionSet) -> None:
    crossed, worth = boxes(actions, found())
    assert crossed.startswith("0.70 (95 % interval 0.70 to 0.71; 6 patients)")
    assert "(3 folds)" in crossed
    assert "ransductive" not in crossed + worth
    assert worth.startswith("Pretraining: +")
    assert "; 6 patients, 2 repeats): worth it on your labels Mean held-out Dice 0.70 from the pretraining" in worth
    assert "worse than from scratch on your labels" in boxes(actions, found(gain=-0.2))[1]
    unclear = boxes(actions, found(gain=0.0))[1]
    assert "not established on your labels" in unclear
    assert "95 % interval −" in unclear


def test_what_flatters_or_is_out_of_date_is_marked(actions: ActionSet) -> None:
    crossed, worth = boxes(actions, found(in_pool=4, changed=3, led=7))
    for words in (crossed, worth):
        assert "; transductive)" in words
        assert "saw images, without labels, of 4 of 6 held-out patients" in words
        assert "7 of 40 slices are a model's mask taken over unchanged" in words
        assert "The labels changed since: 3 slices. Measure again." in words


@pytest.mark.parametrize(
    ("count", "english", "german"),
    [
        (1, "1 case is left out for testing, and in no fold.", "1 Fall ist zum Testen ausgelassen"),
        (2, "2 cases are left out for testing, and in no fold.", "2 Fälle sind zum Testen ausgelassen"),
    ],
)
def test_cases_left_out_for_testing_are_counted_beside_the_figure(
    count: int, english: str, german: str, qapp: QApplication, actions: ActionSet
) -> None:
    for words in boxes(actions, found()):
        assert "left out" not in words
    for words in boxes(actions, found(left_out=count)):
        assert english in words
    language.install(qapp, "de")
    try:
        for words in boxes(actions, found(left_out=count)):
            assert german in words
    finally:
        language.install(qapp, "en")


def test_three_patients_have_no_interval_and_are_told_how_to_get_one(actions: ActionSet) -> None:
    worth = boxes(actions, found(patients=3))[1]
    assert "(no interval; 3 patients, 2 repeats): not established" in worth
    assert "label four patients or more" in worth


def test_before_a_result_the_box_says_what_it_is_for_and_why_it_cannot_be(actions: ActionSet) -> None:
    box = CrossBox("compare", actions)
    assert box.words.startswith("Trains on your labels both ways")
    box.show_found(CrossShown(plans={"compare": JobError("There is no pretraining.", "Learn first.")}))
    assert box.words.endswith("There is no pretraining. Learn first.")
    box.show_job(JobStatus("r0003", "running", "compare", phase="training 2 of 12", step=7, steps=24))
    assert box.words.endswith("Training 2 of 12 · Step 7 of 24")
    box.show_job(JobStatus("r0004", "running", "predict"))
    assert box.words.endswith("Step 7 of 24"), "another job is not its own"
    box.show_job(JobStatus("r0003", "cancelled", "compare", checkpoint=7))
    assert "Stopped. Continue goes on from step 7." in box.words


@pytest.mark.usefixtures("german")
def test_the_boxes_speak_german(actions: ActionSet) -> None:
    crossed, worth = boxes(actions, found(in_pool=4, changed=3, led=7))
    assert "; 6 Patienten; transduktiv) Jeder Patient wurde mit einem Lernen aus den anderen gemessen" in crossed
    assert worth.startswith("Vorlernen: +")
    assert "6 Patienten, 2 Wiederholungen; transduktiv): lohnt sich auf Ihren Masken" in worth
    for words in (crossed, worth):
        assert "Messen Sie noch einmal." in words
    others = [found(patients=3), found(gain=-0.2), found(gain=0.0, changed=1), found(patients=12)]
    for words in (crossed, worth, *(said for one in others for said in boxes(actions, one))):
        for english in ("label", "interval ", "patients", "since", "optimistic", "training", "established", "seeds"):
            assert english not in words
