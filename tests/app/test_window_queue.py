"""Jobs that wait, and training again after each finished case, by the buttons of a real window."""

from __future__ import annotations

import os
import signal

import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from story import JOB_PATIENCE_S, ended, newest, small_jobs, state_of

from slicelab.data.run_folder import RunFolder

pytestmark = [pytest.mark.window, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    small_jobs(monkeypatch)


def waiting_on_disk(person: Person) -> str:
    return "".join(value for (value,) in person.rows("SELECT value FROM meta WHERE key = 'setting.jobs_waiting'"))


def learn_for_long(person: Person) -> str:
    """A pretraining that goes on until it is stopped."""
    person.tab("pretrain")
    person.set_steps("pretrain", 50_000)
    person.press("Learn from all volumes")
    run = newest(person, "pretrain")
    person.until(lambda: person.window.jobs.status is not None and person.window.jobs.status.step > 0, JOB_PATIENCE_S)
    return run


def let_train_wait(person: Person) -> None:
    person.tab("train")
    person.set_steps("train", 3)
    person.until(person.button("Train").isEnabled, what="a training can be asked for")
    person.press("Train")
    person.until(lambda: "finetune" in waiting_on_disk(person), what="the training on the list")
    person.until(lambda: "Next: Train" in shown_queue(person), what="the list on the card")


def shown_queue(person: Person) -> str:
    from PySide6.QtWidgets import QLabel

    labels = person.window.work.train.job.queue.findChildren(QLabel)
    return " ".join(label.text() for label in labels if label.isVisible())


def test_a_job_asked_for_while_another_runs_waits_is_cancelled_and_is_held_when_the_other_is_stopped(
    person: Person,
) -> None:
    learning = learn_for_long(person)
    let_train_wait(person)
    assert person.rows("SELECT id FROM runs WHERE kind = 'finetune'") == []
    assert not person.window.actions_["job.train"].isEnabled(), "it waits already"
    person.press("Cancel")
    person.until(lambda: waiting_on_disk(person) == "[]", what="taken off the list")
    let_train_wait(person)
    person.press("Stop")
    ended(person, learning, "cancelled")
    person.until(lambda: "Waits: Train" in shown_queue(person), what="held: who stops wants nothing to start")
    person.window.desk.close()
    person.open_project(person.project)
    person.tab("train")
    person.until(lambda: "Waits: Train" in shown_queue(person), what="still there after reopening")
    assert person.rows("SELECT id FROM runs WHERE kind = 'finetune'") == []
    person.press("Start now")
    ended(person, newest(person, "finetune"))
    ended(person, newest(person, "predict"))
    person.until(lambda: waiting_on_disk(person) == "[]", what="nothing waits")
    assert shown_queue(person) == ""


def test_a_job_asked_for_while_another_is_stopping_starts_once_it_has_stopped(person: Person) -> None:
    learning = learn_for_long(person)
    person.tab("train")
    person.set_steps("train", 3)
    person.until(person.button("Train").isEnabled, what="a training can be asked for")
    person.press("Stop")
    person.press("Train")
    ended(person, learning, "cancelled")
    ended(person, newest(person, "finetune"))
    ended(person, newest(person, "predict"))


def test_a_finished_case_trains_again_by_itself_once_the_running_job_is_done_and_only_where_chosen(
    person: Person,
) -> None:
    person.open_case("phantom_01")
    person.tab("train")
    box = person.window.work.train.findChild(QCheckBox)
    assert not box.isChecked(), "off as delivered"

    def finish_a_case(name: str, row: int = 30) -> None:
        person.open_case(name)
        person.key(Qt.Key.Key_2)
        before = len(person.edits(name))
        person.stroke((row, 24), (row, 36))
        person.until(lambda: len(person.edits(name)) == before + 1, what="a stroke on disk")
        person.key(Qt.Key.Key_Return, ctrl=True)
        person.until(lambda: person.edits(name)[-1:] == ["done"], what="the case done")

    finish_a_case("phantom_02")
    person.pause(0.5)
    assert person.rows("SELECT id FROM runs") == []
    person.set_steps("train", 3)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    person.until(
        lambda: person.rows("SELECT value FROM meta WHERE key = 'setting.train_again'") == [("1",)], what="the choice"
    )
    session = person.window.desk.session
    assert session is not None
    session.agenda.set_left_out((session.find(["phantom_02"])[0].id,))
    finish_a_case("phantom_02", 40)
    person.pause(0.5)
    assert person.rows("SELECT id FROM runs") == [], "from a case that is left out for testing nothing new is learnt"
    session.agenda.set_left_out(())
    finish_a_case("phantom_03")
    first = newest(person, "finetune")
    finish_a_case("phantom_02", 45)  # while it trains, or predicts
    second = newest(person, "finetune", 1)
    ended(person, second)
    assert state_of(person, first) == "finished"
    person.until(lambda: len(person.rows("SELECT id FROM runs WHERE kind = 'predict'")) == 2, JOB_PATIENCE_S)
    ended(person, newest(person, "predict", 1))


def test_a_killed_job_is_reported_with_continue_and_nothing_that_waits_starts(person: Person) -> None:
    learning = learn_for_long(person)
    let_train_wait(person)
    pid = RunFolder(person.project / "runs" / learning).pid("process")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    person.until(lambda: "ended from outside" in person.notice, what="a word about it")
    assert state_of(person, learning) == "failed"
    person.until(lambda: "Waits: Train" in shown_queue(person), what="what waited is held")
    person.tab("pretrain")
    assert person.button("Continue").isEnabled()
    person.press("Continue")
    person.until(lambda: state_of(person, learning) == "running", what="it goes on")
    person.until(lambda: person.button("Stop").isEnabled(), what="followed again")
    person.press("Stop")
    ended(person, learning, "cancelled")


@pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")  # the job is let go of while it runs: that is meant
def test_a_job_that_runs_is_found_again_when_the_project_is_opened_again(person: Person) -> None:
    learning = learn_for_long(person)
    pid = RunFolder(person.project / "runs" / learning).pid("process")
    person.window.desk.close()
    person.window.work.pretrain._steps.setValue(0)
    person.open_project(person.project)
    person.until(lambda: person.window.jobs.running, what="the running job found")
    person.until(lambda: person.window.work.pretrain.steps == 50_000, what="the steps that were asked for")
    assert person.window.jobs.status.run == learning
    assert RunFolder(person.project / "runs" / learning).pid("process") == pid, "the same process"
    step = person.window.jobs.status.step
    person.until(lambda: person.window.jobs.status.step > step, JOB_PATIENCE_S, "its steps")
    person.tab("pretrain")
    start = person.window.work.pretrain._start
    person.press("Pause")
    person.until(lambda: start.text() in ("Pausing …", "Paused"), what="an answer to Pause")
    person.until(lambda: start.text() == "Paused", JOB_PATIENCE_S, "the job held still")
    assert not person.window.actions_["job.continue"].isVisible(), "one command of that name"
    person.press("Continue")
    person.until(lambda: start.text().startswith("Learning ·"), JOB_PATIENCE_S, "it goes on")
    person.press("Stop")
    ended(person, learning, "cancelled")


@pytest.mark.filterwarnings("ignore:subprocess:ResourceWarning")  # the job is let go of while it runs: that is meant
def test_a_training_that_is_found_again_is_followed_by_its_prediction(person: Person) -> None:
    person.open_case("phantom_03")
    person.tab("train")
    person.set_steps("train", 25)
    person.press("Train")
    run = newest(person, "finetune")
    promised = "SELECT value FROM meta WHERE key = 'setting.predict_after'"
    person.until(lambda: person.rows(promised) and run in person.rows(promised)[0][0], what="the promise on disk")
    person.window.desk.close()
    person.open_project(person.project)
    made = "SELECT case_id FROM predictions WHERE model_run = ?"
    person.until(lambda: len(person.rows(made, run)) == 3, JOB_PATIENCE_S, "every case predicted")
    person.until(lambda: person.window.screen_.mask.acceptable, what="its mask in the picture")
    assert person.rows(promised) == [("{}",)]
    assert person.window.jobs.in_use == run
