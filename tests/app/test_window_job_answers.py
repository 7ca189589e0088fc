"""What is answered at once when a job is asked for, while it starts, and when it cannot be done."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from story import ended, newest, small_jobs

from slicelab.app import language, words
from slicelab.app.mask_choice import Choice
from slicelab.app.notice import Message
from slicelab.engine.job_calls import Jobs
from slicelab.engine.status import JobStatus
from slicelab.engine.views import RunSummary


def waiting_on_disk(person: Person) -> str:
    return "".join(value for (value,) in person.rows("SELECT value FROM meta WHERE key = 'setting.jobs_waiting'"))


@pytest.mark.window
@pytest.mark.timeout(600)
def test_a_press_is_answered_at_once_and_a_second_one_queues_nothing_but_another_job_may_wait(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    start, may_start = Jobs.start_finetune, threading.Event()

    def slowly(self: Jobs, *given: Any, **more: Any) -> str:
        assert may_start.wait(60)
        return start(self, *given, **more)

    monkeypatch.setattr(Jobs, "start_finetune", slowly)
    work, jobs = person.window.work, person.window.jobs
    person.tab("train")
    person.set_steps("train", 5000)
    button = person.button("Train")
    for _ in range(2):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        person.pause(0.3)
        assert (button.text(), button.isEnabled()) == ("Starting …", False)
    assert work.strip._title.text() == "Training is starting"
    asked: list[str] = []

    def stay(box: QMessageBox) -> None:
        asked.append(box.text())
        QTest.keyClick(box, Qt.Key.Key_Escape)

    person.answer(QMessageBox, stay)
    person.key(Qt.Key.Key_Q, ctrl=True)
    person.until(lambda: asked == ["Training is starting."], what="asked about the job that starts")
    person.tab("pretrain")
    person.press("Learn from all volumes")
    may_start.set()
    person.until(lambda: "pretrain" in waiting_on_disk(person), what="another job on the list")
    run = newest(person, "finetune")
    person.until(lambda: jobs.status is not None and jobs.status.run == run, what="followed")
    assert jobs.status.kind == "finetune", "what it is, is known before its process says so"
    assert not button.isEnabled()
    assert "finetune" not in waiting_on_disk(person)
    person.tab("train")
    person.press("Stop")
    person.until(lambda: jobs.status.asked == "stop" or jobs.status.ended, what="the answer to Stop")
    ended(person, run, "cancelled")
    assert len(person.rows("SELECT id FROM runs")) == 1
    person.until(lambda: button.text() == "Train", what="the button as before")


@pytest.mark.parametrize("kind", ["pretrain", "finetune", "predict", "embed", "compare", "crossvalidate"])
def test_a_job_that_starts_or_runs_has_a_name_in_every_sentence_about_it(kind: str) -> None:
    assert words.starting(kind) == f"{words.subject(kind)} is starting"
    assert words.subject(kind)[0].isupper()
    assert "?" not in words.subject(kind)
    assert words.begins(kind)


def model(run: str, status: str = "finished") -> RunSummary:
    return RunSummary(
        id=run, kind="finetune", status=status, preset="fast", method=None, init=None, created=0.0, finished=60.0,
        cases=1, slices=5, has_weights=True, message=None,
    )  # fmt: skip


@pytest.mark.window
def test_a_notice_calls_runs_by_the_names_they_have_in_the_window(person: Person) -> None:
    person.window.jobs._runs = (model("r0003"), model("r0005"))
    person.window.say(Message("Nothing can be measured: r0005 does not know liver.", remedy="Or stop run r0003."))
    assert person.notice == "Nothing can be measured: Model 2 does not know liver. Or stop Model 1."


@pytest.mark.window
def test_in_a_german_window_the_model_of_a_prediction_has_its_german_name(qapp: QApplication) -> None:
    language.install(qapp, "de")
    shown = Choice("r0003", (model("r0003"),)).of("c0001", ("r0003",))
    language.install(qapp, "en")
    assert shown is not None
    assert shown.words == "Vorhersage von Modell 1"


def test_a_preview_takes_no_finished_prediction_away() -> None:
    learning = JobStatus("r0005", "running", "finetune", steps=40, previewed={"c0001": 5})
    shown = Choice("r0003", (model("r0003"),), learning).of("c0001", ("r0003",))
    assert shown is not None
    assert (shown.run, shown.kind, shown.final) == ("r0003", "prediction", True)
    assert shown.words == "Prediction of Model 1 (the next model still learns)"
    first = Choice(None, (), learning).of("c0001", ())
    assert first is not None
    assert (first.run, first.kind, first.words) == ("r0005", "preview", "Preview after 5 of 40 steps")


def test_the_prediction_of_the_model_before_stays_until_the_new_one_has_predicted_the_case() -> None:
    runs = (model("r0003"), model("r0005"))
    until = Choice("r0005", runs, predicting=True).of("c0001", ("r0003",))
    assert until is not None
    assert (until.run, until.final) == ("r0003", False)
    assert until.words == "Prediction of Model 1 (Model 2 has not predicted this case yet)"
    then = Choice("r0005", runs, predicting=True).of("c0001", ("r0003", "r0005"))
    assert then is not None
    assert (then.run, then.words, then.final) == ("r0005", "Prediction of Model 2", True)
    asked_for = Choice("r0005", runs).of("c0001", ("r0003",))
    assert asked_for is not None
    assert asked_for.words == "Preview of Model 2, before it had ended", "whoever chose it sees what there is of it"
