"""Dice of a training on its way: only of patients whose labels no part of it has met, and of all of them alike."""

from __future__ import annotations

import numpy as np
import pytest

from slicelab.core.labels import SliceState
from slicelab.data.run_folder import RunFolder
from slicelab.data.store.project import ProjectStore
from slicelab.data.store.records import CaseRecord, RunMember, RunRecord
from slicelab.data.writers import write_mask
from slicelab.engine.job_builder import JobBuilder, JobOptions
from slicelab.engine.on_the_way import OnTheWay, watched, way_of
from slicelab.engine.session import Session

STEP = 8


@pytest.fixture
def cases(labelled: Session) -> tuple[CaseRecord, ...]:
    """Four cases; all but the last have slices done."""
    found = labelled.find([f"phantom_{number:02d}" for number in (1, 2, 3, 4)])
    third = found[2].id
    mask = labelled.labels.stack(found[0].id)[4]
    labelled.labels.edit_slices(third, {4: mask}, "brush").result()
    labelled.labels.mark(third, [4], SliceState.DONE).result()
    return found


def trained(
    session: Session,
    case: CaseRecord,
    init: RunRecord | None = None,
    val: tuple[CaseRecord, ...] = (),
    tests: tuple[CaseRecord, ...] | None = None,
) -> RunRecord:
    """A training of which only the job is there, with an empty mask of every case on its way.

    Labelled when it began were ``tests``, beside what it learns from; None: every case.
    """
    store: ProjectStore = session._store
    members = [RunMember(case.id, "train", 10), *(RunMember(one.id, "val", 10) for one in val)]
    run = store.start_run("finetune", "fast", init.id if init else None, members=members).result()
    every = store.cases()
    kept = [one.patient_id for one in (every if tests is None else tests)]
    job = JobBuilder(store).finetune(run.id, None, [case], val, JobOptions(), preview=every, test_patients=kept)
    folder = RunFolder(session.folder / "runs" / run.id)
    folder.path.mkdir(parents=True)
    folder.write_job(job)
    for one in every:
        geometry = store.images(one.id)[0].geometry
        folder.preview_of(one.id).parent.mkdir(exist_ok=True)
        write_mask(folder.preview_of(one.id), np.zeros(geometry.shape, np.uint8), geometry)
    return run


def test_no_dice_is_told_of_what_an_earlier_training_or_a_choice_has_met(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    first, second, third, _ = cases
    everywhere = dict.fromkeys((case.id for case in labelled._store.cases()), STEP)
    begun = trained(labelled, first)
    assert labelled.on_the_way(begun.id, everywhere) == OnTheWay(STEP, 0.0, 2)
    onwards = trained(labelled, second, begun)
    assert labelled.on_the_way(onwards.id, everywhere) == OnTheWay(STEP, 0.0, 1), (
        "what it starts from learned the first"
    )
    chosen = trained(labelled, second, begun, (third,))
    assert labelled.on_the_way(chosen.id, everywhere) is None
    labelled._store.update_case(first.id, patient_key="one").result()
    labelled._store.update_case(third.id, patient_key="one").result()
    assert labelled.on_the_way(onwards.id, everywhere) is None, "the patient of both turned out to be one"


def test_a_figure_that_was_kept_is_only_told_to_the_reader_whose_labels_it_was_measured_against(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    store = labelled._store
    run = trained(labelled, cases[0])
    point = labelled.on_the_way(run.id, dict.fromkeys((case.id for case in store.cases()), STEP))
    assert labelled.way_of(run.id) == (point,)
    other = store.add_reader("CD").result().id
    assert way_of(store, run.id, other) == ()
    everywhere, folder = dict.fromkeys((case.id for case in store.cases()), 2 * STEP), labelled.folder
    labelled.close()
    with Session.open(folder, read_only=True) as reading:
        assert reading.on_the_way(run.id, everywhere) == OnTheWay(2 * STEP, 0.0, 2)
        assert reading.way_of(run.id) == (point,), "nothing is written where one only reads"


def test_a_case_that_is_labelled_while_one_looks_at_what_the_training_makes_of_it_is_no_test(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    first, second, third, _ = cases
    everywhere = dict.fromkeys((case.id for case in labelled._store.cases()), STEP)
    run = trained(labelled, first, tests=(second,))
    assert labelled.on_the_way(run.id, everywhere) == OnTheWay(STEP, 0.0, 1), f"{third.name} was labelled since"
    assert labelled.on_the_way(trained(labelled, first, tests=()).id, everywhere) is None


def test_figures_of_fewer_cases_than_before_are_not_put_beside_them(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    first, second, third, _ = cases
    run = trained(labelled, first)
    assert labelled.on_the_way(run.id, {second.id: STEP, third.id: STEP}) == OnTheWay(STEP, 0.0, 2)
    assert labelled.on_the_way(run.id, {second.id: 2 * STEP, third.id: STEP}) is None, "the other one is still to come"
    assert labelled.on_the_way(run.id, {second.id: STEP}) is None
    assert labelled.on_the_way(run.id, {}) is None


def test_the_cases_with_the_most_slices_done_are_watched_two_at_most(
    labelled: Session, cases: tuple[CaseRecord, ...]
) -> None:
    first, second, third, fourth = cases
    store, reader = labelled._store, labelled.reader.id
    assert watched(store, reader, [third, fourth]) == (third.id,)
    assert watched(store, reader, cases) == (first.id, second.id)
    store.remove_case(first.id).result()
    assert watched(store, reader, cases) == (second.id, third.id)
