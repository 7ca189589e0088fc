"""What a sixth trial stumbled over and was left for later: models that got worse or were stopped, messages, lists."""

from __future__ import annotations

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from story import ended, newest, small_jobs

from slicelab.core.evaluation import CaseScore, ClassScore, successor, summarise
from slicelab.core.labels import SliceState
from slicelab.engine.session import Session

pytestmark = pytest.mark.window


def measured(run: str, dice: float, **more: bool) -> CaseScore:
    scores = {"liver": ClassScore(dice, 10.0), "left kidney": ClassScore(dice / 2, 10.0)}
    seen = {"trained_on": False, "in_pretraining_pool": False, **more}
    return CaseScore(run, scores, 4, 4, **seen)


def test_two_models_are_compared_on_cases_that_neither_met_alone() -> None:
    classes = ["liver", "left kidney"]
    before = summarise("r1", [measured("a", 0.8), measured("b", 0.6, trained_on=True), measured("c", 0.1)], classes)
    met = measured("c", 0.9, in_pretraining_pool=True)
    now = summarise("r2", [measured("a", 0.4), measured("b", 0.9), met], classes)
    found = successor(before, now)
    assert found is not None
    assert (found.cases, round(found.before, 2), round(found.now, 2), found.worse) == (1, 0.6, 0.3, True)
    assert not successor(now, now).worse
    assert successor(summarise("r1", [measured("b", 0.6)], classes), now).cases == 1
    assert successor(summarise("r1", [measured("c", 0.6)], classes), now) is None


def train(person: Person, steps: int, beyond: int) -> str:
    """Train for so many steps, wait for the prediction and what it was measured to be; the model's run."""
    person.set_steps("train", steps)
    person.until(person.button("Train").isEnabled, what="something to learn from")
    person.press("Train")
    model = newest(person, "finetune", beyond)
    ended(person, model)
    ended(person, newest(person, "predict", beyond))
    measures = person.window.learning.measures
    person.until(lambda: model in measures.evaluations, what="measured")
    return model


def teach(session: Session, case: str, value: int) -> None:
    """Two slices of a case are done, and of one class throughout."""
    rows, columns = session.labels.stack(case).shape[1:]
    slices = dict.fromkeys((3, 6), np.full((rows, columns), value, np.uint8))
    session.labels.edit_slices(case, slices, "brush").result()
    for at in slices:
        session.labels.mark(case, (at,), SliceState.DONE).result()


def test_a_model_worse_than_the_one_before_it_says_so_and_is_one_press_from_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    window, session = person.window, person.window.desk.session
    ids = {name: case for case, name in person.rows("SELECT id, name FROM cases")}
    person.leave_out("phantom_01")
    teach(session, ids["phantom_02"], 1)
    person.tab("train")
    first = train(person, 4, 0)
    # The case that is left out is now what the first model makes of it, and the second learns the contrary.
    mask = session.prediction(ids["phantom_01"], first)
    assert np.count_nonzero(mask == 1) > mask.size / 2
    session.labels.edit_slices(ids["phantom_01"], dict(enumerate(mask)), "brush").result()
    session.labels.confirm(ids["phantom_01"])[1].result()
    teach(session, ids["phantom_02"], 2)
    second = train(person, 4, 1)
    person.until(lambda: "Model 2 is worse than Model 1: Dice" in person.notice, what="that it is worse")
    assert "after 1.00, on 1 case that neither learned from." in person.notice
    assert window.learning.in_use == second, "which one is used is for the person to say"
    person.press("Go back to Model 1")
    assert window.learning.in_use == first
    person.until(lambda: not person.notice, what="the message gone")


def test_a_training_that_was_stopped_offers_its_prediction_at_once(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    work, jobs = person.window.work, person.window.jobs
    person.tab("train")
    person.until(lambda: "after Stop you choose" in said(work.train), what="what follows a training")
    person.set_steps("train", 5000)
    person.press("Train")
    model = newest(person, "finetune")
    person.until(lambda: jobs.status is not None and jobs.status.step >= 2, what="steps")
    person.press("Stop")
    ended(person, model, "cancelled")
    person.until(lambda: "Training was stopped at step" in person.notice, what="what became of it")
    assert f"at step {jobs.status.step:,} of 5,000. Model 1 is" in person.notice
    QTest.mouseClick(work.notice.offered, Qt.MouseButton.LeftButton)
    run = newest(person, "predict")
    assert not person.notice
    ended(person, run)
    assert person.window.learning.in_use == model


def said(widget: QWidget) -> str:
    """All labels of a widget that are in sight."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())
