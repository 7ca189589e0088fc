"""What waits for the job that runs: a few, each kind once, still known after reopening; and when training follows."""

from __future__ import annotations

import pytest

from slicelab.core.errors import JobError
from slicelab.core.slices import LedgerCount, newly_finished
from slicelab.engine.agenda import MOST, Wish
from slicelab.engine.session import Session

TRAIN, LEARN, PREDICT = Wish(kind="finetune", steps=7), Wish(kind="pretrain", method="blocks"), Wish(kind="predict")
COMPARE = Wish(kind="compare")


def test_what_waits_keeps_its_order_and_survives_reopening(session: Session) -> None:
    agenda = session.agenda
    assert agenda.waiting == ()
    assert agenda.take() is None
    agenda.add(TRAIN)
    agenda.add(LEARN)
    again = TRAIN.model_copy(update={"steps": 9})
    assert agenda.add(again) == (again, LEARN), "one of each kind, in its place, with the newest settings"
    session.close()
    with Session.open(session.folder) as reopened:
        assert reopened.agenda.waiting == (again, LEARN)
        assert reopened.agenda.take() == again
        assert reopened.agenda.cancel("pretrain") == ()
        reopened.close()
    with Session.open(session.folder) as once_more:
        assert once_more.agenda.waiting == ()


def test_no_more_wait_than_a_person_remembers(session: Session) -> None:
    for wish in (TRAIN, LEARN, PREDICT):
        session.agenda.add(wish)
    assert len(session.agenda.waiting) == MOST == 3
    session.agenda.add(TRAIN)
    session.agenda._waiting = (*session.agenda.waiting[:2], LEARN)  # three wait, none of them a prediction
    with pytest.raises(JobError, match="wait already"):
        session.agenda.add(PREDICT)


def test_training_again_is_off_until_chosen_and_both_it_and_the_last_settings_are_the_projects(
    session: Session,
) -> None:
    assert session.agenda.train_again is False
    assert session.agenda.last_training is None
    session.agenda.set_train_again(True)
    session.agenda.remember(TRAIN)
    session.close()
    with Session.open(session.folder, read_only=True) as reopened:
        assert reopened.agenda.train_again is True
        assert reopened.agenda.last_training == TRAIN


def test_cases_kept_for_testing_are_the_projects_and_what_waits_heeds_them(session: Session) -> None:
    assert session.agenda.left_out == ()
    session.agenda.add(LEARN)
    session.agenda.add(PREDICT)
    session.agenda.add(COMPARE)
    session.agenda.set_left_out(("c0001",))
    out = {"exclude": ("c0001",)}
    assert session.agenda.waiting == (LEARN.model_copy(update=out), PREDICT, COMPARE.model_copy(update=out))
    session.close()
    with Session.open(session.folder, read_only=True) as reopened:
        assert reopened.agenda.left_out == ("c0001",)


def test_patients_are_kept_for_testing_with_every_case_of_theirs_removed_or_brought_in_later(session: Session) -> None:
    first, second, other, alone = session.find(["phantom_01", "phantom_02", "phantom_03", "phantom_04"])
    session.agenda.add(LEARN)
    session._store.update_case(first.id, patient_key="the same").result()
    assert session.agenda.set_left_out((first.id, alone.id)) == (first.id, alone.id)
    session._store.update_case(second.id, patient_key="the same").result()
    assert session.agenda.left_out == (first.id, second.id, alone.id), "a case of a patient who is left out already"
    for case in (first, alone):
        session.upkeep.remove("case", case.id)
    assert session.agenda.left_out == (first.id, second.id, alone.id)

    kept = (first.id, second.id, other.id, alone.id)
    assert session.agenda.set_left_out((second.id, other.id)) == kept, "a removed case keeps its patient out"
    assert session.agenda.waiting[0].exclude == kept
    assert session.agenda.set_left_out(()) == (alone.id,), "who is there again may be learned from, removed cases too"
    session.upkeep.restore("case", alone.id)
    assert session.agenda.set_left_out(()) == ()


def test_what_another_version_kept_is_no_obstacle(session: Session) -> None:
    session._store.set_setting("jobs_waiting", '[{"kind": "fly"}]').result()
    session._store.set_setting("last_training", "{").result()
    session.close()
    with Session.open(session.folder) as reopened:
        assert reopened.agenda.waiting == ()
        assert reopened.agenda.last_training is None


def test_a_case_is_finished_when_all_is_done_or_the_person_says_so_of_the_case() -> None:
    some, more, drafted, every = (LedgerCount(10, *counts) for counts in ((3, 0), (5, 0), (5, 1), (10, 0)))
    assert newly_finished(more, every, meant=False)
    assert newly_finished(some, more, meant=True)
    assert not newly_finished(some, more, meant=False), "a slice is no case"
    assert not newly_finished(some, drafted, meant=True), "drafts are left"
    assert not newly_finished(every, every, meant=True), "it was finished before"
