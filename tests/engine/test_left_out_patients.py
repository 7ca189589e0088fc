"""Patients are kept for testing, not cases: none of theirs is learned from, whatever was removed of them."""

from __future__ import annotations

import json

import pytest
from job_kit import wait_for

from slicelab.core.errors import JobError
from slicelab.data.run_folder import RunFolder
from slicelab.engine.agenda import Wish
from slicelab.engine.session import Session
from slicelab.engine.still_apart import require_apart
from slicelab.jobs.specs import CrossValidationJob, FinetuneJob

LEARNING = [
    (Wish(kind="pretrain", method="regression", steps=1), ("cases",)),
    (Wish(kind="finetune", steps=1), ("train", "val", "unlabelled")),
]


def learned_from(session: Session, wish: Wish, roles: tuple[str, ...]) -> set[str]:
    """Names of the cases that a job would learn from, by the job as it was written; it is ended at once."""
    run = session.jobs.start(wish)
    assert run is not None
    session.jobs.kill(run)
    job = json.loads((session.folder / "runs" / run / "job.json").read_text())
    ids = {one["case"] for role in roles for one in job[role]}
    return {case.name for case in session.cases() if case.id in ids}


@pytest.mark.parametrize(("wish", "roles"), LEARNING, ids=["pretrain", "finetune"])
def test_a_case_that_was_removed_keeps_its_patient_out_of_what_learns(
    labelled: Session, wish: Wish, roles: tuple[str, ...]
) -> None:
    first, third = labelled.find(["phantom_01", "phantom_03"])
    for case in (first, third):
        labelled._store.update_case(case.id, patient_key="the same").result()
    labelled.agenda.set_left_out((third.id,))
    labelled.upkeep.remove("case", third.id)
    learned = learned_from(labelled, wish.model_copy(update={"exclude": (third.id,)}), roles)
    assert "phantom_02" in learned
    assert "phantom_01" not in learned


@pytest.mark.parametrize(("wish", "roles"), LEARNING, ids=["pretrain", "finetune"])
def test_who_is_kept_for_testing_is_left_out_though_whoever_asks_has_not_heard_of_it(
    labelled: Session, wish: Wish, roles: tuple[str, ...]
) -> None:
    """As when a project was just opened, and a button is pressed at once."""
    labelled.agenda.set_left_out((labelled.find(["phantom_01"])[0].id,))
    learned = learned_from(labelled, wish, roles)
    assert "phantom_02" in learned
    assert "phantom_01" not in learned


@pytest.mark.parametrize(("wish", "roles"), LEARNING, ids=["pretrain", "finetune"])
def test_another_case_that_is_named_as_the_id_of_the_one_left_out_is_not_taken_for_it(
    labelled: Session, wish: Wish, roles: tuple[str, ...]
) -> None:
    first, second = labelled.find(["phantom_01", "phantom_02"])
    labelled._store.update_case(second.id, name=first.id).result()
    learned = learned_from(labelled, wish.model_copy(update={"exclude": (first.id,)}), roles)
    assert first.id in learned, "the other case, by its name"
    assert "phantom_01" not in learned


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (LEARNING[0][0], "This pretraining began with phantom_01, which is left out"),
        (LEARNING[1][0], "This training began with phantom_01, which is left out"),
    ],
    ids=["pretrain", "finetune"],
)
def test_a_run_that_began_with_a_case_left_out_since_goes_on_once_it_is_learned_from_again(
    labelled: Session, wish: Wish, words: str
) -> None:
    first, third, fifth = (case.id for case in labelled.find(["phantom_01", "phantom_03", "phantom_05"]))
    labelled.agenda.set_left_out((fifth,))
    run = labelled.jobs.start(wish.model_copy(update={"steps": 400}))
    assert run is not None
    labelled.jobs.kill(run)
    wait_for(lambda: not labelled.jobs.running, labelled)
    labelled.agenda.set_left_out((fifth, first))
    with pytest.raises(JobError, match=words) as told:
        labelled.jobs.resume(run)
    assert told.value.remedy.startswith("Start anew")
    assert not labelled.jobs.running
    assert next(one.status for one in labelled.runs() if one.id == run) in ("failed", "cancelled")
    labelled._store.update_case(third, patient_key="the same").result()
    labelled._store.update_case(first, patient_key="the same").result()
    labelled.agenda.set_left_out((fifth, third))
    with pytest.raises(JobError, match=words.partition(" phantom")[0]):
        labelled.jobs.resume(run)
    labelled.agenda.set_left_out((fifth,))
    labelled.jobs.resume(run)
    assert labelled.jobs.running == (run,)
    labelled.jobs.kill(run)


def test_whatever_a_job_does_with_a_case_that_is_left_out_now_it_does_not_go_on(labelled: Session) -> None:
    run = labelled.jobs.start(Wish(kind="finetune", steps=1))
    assert run is not None
    labelled.jobs.kill(run)
    job = RunFolder(labelled.folder / "runs" / run).read_job()
    assert isinstance(job, FinetuneJob)
    met, out = job.train, labelled.find([case.name for case in labelled._store.cases() if case.id == job.train[0].case])
    nothing = job.model_copy(update={"train": (), "val": (), "unlabelled": ()})
    require_apart(nothing, out)
    for role in ("train", "val", "unlabelled"):
        with pytest.raises(JobError, match="This training began with"):
            require_apart(nothing.model_copy(update={role: met}), out)
    for role in ("cases", "unlabelled"):
        folds = CrossValidationJob.model_construct(kind="compare", **{"cases": (), "unlabelled": (), role: met})
        with pytest.raises(JobError, match="This comparison began with"):
            require_apart(folds, out)
