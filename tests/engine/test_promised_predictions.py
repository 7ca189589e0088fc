"""A training that was asked for is followed by a prediction, whoever is there when it ends."""

from __future__ import annotations

import pytest
from job_kit import FINETUNE, run_to_end, wait_for

from slicelab.core.errors import ReadOnlyProjectError
from slicelab.engine.session import Session


def test_a_training_is_followed_by_its_prediction_also_where_the_project_was_closed_and_opened_meanwhile(
    labelled: Session,
) -> None:
    cases = [case.id for case in labelled.cases()]
    run = labelled.jobs.start_finetune(steps=2, overrides=FINETUNE)
    labelled.agenda.promise(run, cases[-1])
    assert labelled.agenda.promised == (run,)
    assert labelled.jobs.start_promised() is None, "it has not ended"
    labelled.jobs.let_go_on(run)
    labelled.close()
    with Session.open(labelled.folder) as reopened:
        assert reopened.agenda.promised == (run,)
        wait_for(lambda: not reopened.jobs.running, reopened, 180.0)
        predicting = reopened.jobs.start_promised()
        assert predicting is not None
        run_to_end(reopened, predicting)
        assert [case.models for case in reopened.cases()] == [(run,)] * len(cases)
        order = [one.case_id for one in reopened._store.predictions()]
        assert order[0] == cases[-1], "the case that was open comes first"
        assert sorted(order) == sorted(cases)
        assert reopened.agenda.promised == ()
        assert reopened.jobs.start_promised() is None
    with Session.open(labelled.folder) as once_more:
        assert once_more.agenda.promised == ()


def test_a_training_that_was_stopped_or_not_asked_for_with_a_prediction_is_followed_by_none(labelled: Session) -> None:
    run = labelled.jobs.start_finetune(steps=1, overrides=FINETUNE)
    assert labelled.agenda.promised == ()
    labelled.jobs.stop(run)
    wait_for(lambda: not labelled.jobs.running, labelled)
    stopped = labelled.jobs.start_finetune(steps=400, overrides=FINETUNE)
    labelled.agenda.promise(stopped, None)
    labelled.jobs.stop(stopped)
    wait_for(lambda: not labelled.jobs.running, labelled)
    assert labelled.jobs.status(stopped).state == "cancelled"
    assert labelled.jobs.start_promised() is None
    assert labelled.agenda.promised == (stopped,), "it may still go on"


def test_a_model_that_was_chosen_gives_way_to_one_that_is_trained_with_its_prediction_later(labelled: Session) -> None:
    assert labelled.jobs.chosen_model is None
    first = labelled.jobs.start_finetune(steps=1, overrides=FINETUNE)
    run_to_end(labelled, first)
    labelled.jobs.choose_model(first)
    other = labelled.jobs.start_finetune(steps=1, overrides=FINETUNE)
    run_to_end(labelled, other)
    assert labelled.jobs.chosen_model == first, "nobody asked for that one's masks"
    labelled.agenda.promise(other, None)
    assert labelled.jobs.chosen_model is None, "its prediction is due"
    predicting = labelled.jobs.start_promised()
    assert predicting is not None
    run_to_end(labelled, predicting)
    assert labelled.jobs.chosen_model is None
    labelled.jobs.choose_model(first)
    labelled.close()
    with Session.open(labelled.folder, read_only=True) as reopened:
        assert reopened.jobs.chosen_model == first
        with pytest.raises(ReadOnlyProjectError):
            reopened.jobs.choose_model(other)


def test_of_several_trainings_the_newest_is_predicted_and_unreadable_promises_are_none(labelled: Session) -> None:
    labelled.agenda.promise("r0001", None)
    labelled.agenda.promise("r0002", "c0002")
    assert labelled.agenda.due(["r0001", "r0002"]) == ("r0002", "c0002")
    assert labelled.agenda.due(["r0001"]) == ("r0001", None)
    assert labelled.agenda.due([]) is None
    labelled.agenda.withdraw("r0001", "r0002")
    assert labelled.agenda.promised == ()
    labelled._store.set_setting("predict_after", '["by another version"]').result()
    labelled.close()
    with Session.open(labelled.folder) as reopened:
        assert reopened.agenda.promised == ()
