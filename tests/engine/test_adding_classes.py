"""A class that is added after slices were done: unknown where nobody has looked for it, in every place that counts."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from slicelab.cli.learn_commands import evaluation_words
from slicelab.core.drawing.mend import Mend
from slicelab.core.drawing.rule import NOTHING_LOCKED
from slicelab.core.errors import ReadOnlyProjectError, SlicelabError
from slicelab.core.labels import Origin, SliceState, make_classes
from slicelab.data.phantoms import write_study
from slicelab.data.snapshot import load_snapshot
from slicelab.engine.accepting import Proposal, take_class_over, take_over
from slicelab.engine.follow import follow
from slicelab.engine.measures import measures_table
from slicelab.engine.report import methods_report
from slicelab.engine.report_page import page
from slicelab.engine.session import Session
from slicelab.jobs.specs import FinetuneJob, JobAdapter

SMALL = {"network.channels": "8,8,16,16,16", "network.bottleneck": 16, "pool.matrix": 64, "finetune.batch": 2}
DONE, DRAFT, U = SliceState.DONE, SliceState.DRAFT, SliceState.UNLABELLED


@pytest.fixture(scope="module")
def two_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed project of two labelled cases; copied, never opened."""
    place = tmp_path_factory.mktemp("two cases")
    study = write_study(
        place / "study", "abdomen", labelled=2, unlabelled=0, seed=5, shape=(64, 64, 6), spacing=(5.6, 5.6, 30.0)
    )
    with Session.create(place / "project", ["liver", "spleen"]) as made:
        made.import_paths([study], labels="all")
    return place / "project"


@pytest.fixture
def session(tmp_path: Path, two_cases: Path) -> Iterator[Session]:
    shutil.copytree(two_cases, tmp_path / "project")
    with Session.open(tmp_path / "project") as opened:
        yield opened


def run_to_end(session: Session, run: str) -> tuple[str, ...]:
    status = follow(session, run, lambda _status: None, poll_s=0.05)
    assert status.state == "finished", status.message
    return status.alarms


def trained(session: Session, train: str) -> tuple[str, tuple[str, ...]]:
    model = session.jobs.start_finetune(None, train=[train], steps=1, overrides=SMALL)
    alarms = run_to_end(session, model)
    run_to_end(session, session.jobs.start_predict(model))
    return model, alarms


def job_of(session: Session, run: str) -> FinetuneJob:
    job = JobAdapter.validate_json((session.folder / "runs" / run / "job.json").read_text())
    assert isinstance(job, FinetuneJob)
    return job


def test_slices_done_before_teach_the_old_classes_alone_and_count_as_done_in_part(session: Session) -> None:
    case = session.find(["phantom_01"])[0].id
    made = session.add_class("  Left   kidney ")
    assert (made.value, made.name) == (3, "Left kidney")
    count = next(c.count for c in session.cases() if c.id == case)
    assert (count.done, count.partly, count.draft) == (0, 6, 0)
    slices, saved = session.labels.confirm(case)
    assert (slices, saved) == ((), None), "nothing is confirmed of a class nobody has looked for"
    assert session.labels.states(case)[2].get(3, U) is U


def test_classes_added_one_by_one_have_the_colours_of_classes_created_together(session: Session) -> None:
    names = [f"part {k}" for k in range(3, 15)]
    added = [session.add_class(name).colour for name in names]
    assert added == [item.colour for item in make_classes(["liver", "spleen", *names])][2:]
    assert len({"#D55E00", "#56B4E9", *added}) == 14


def test_names_are_refused_that_are_taken_or_empty_and_so_is_a_project_that_may_only_be_read(
    session: Session,
) -> None:
    for name in ("LIVER", " ", "background"):
        with pytest.raises(SlicelabError):
            session.add_class(name)
    with pytest.raises(SlicelabError, match="already has"):
        session.rename_class(2, "liver")
    assert session.rename_class(2, "Spleen").name == "Spleen"
    assert [c.name for c in session.classes] == ["liver", "Spleen"]
    with Session.open(session.folder, read_only=True) as reading:
        with pytest.raises(ReadOnlyProjectError):
            reading.add_class("bladder")


def test_a_new_class_is_removed_and_comes_back_by_upkeep(session: Session) -> None:
    made = session.add_class("bladder")
    session.upkeep.remove("class", str(made.value))
    assert [c.name for c in session.classes] == ["liver", "spleen"]
    session.upkeep.restore("class", str(made.value))
    assert session.classes[-1] == made


def test_case_done_confirms_drafts_of_each_class_and_says_nothing_of_a_class_added_since(session: Session) -> None:
    case = session.find(["phantom_01"])[0].id
    mask = session.labels.stack(case)[1].copy()
    mask[:3, :3] = 1
    session.labels.edit_slices(case, {1: mask}, "brush").result()
    session.add_class("bladder")
    slices, saved = session.labels.confirm(case)
    assert slices == (1,)
    saved.result()
    assert session.labels.states(case)[1] == {1: DONE, 2: DONE}
    assert session.labels.undo_text(case) == "marking done, slice 2"
    mask[3:6, :3] = 2
    session.labels.edit_slices(case, {1: mask}, "brush").result()
    assert session.labels.states(case)[1] == {1: DRAFT, 2: DRAFT}, "a stroke of the spleen says nothing of the bladder"
    session.labels.confirm(case)[1].result()
    assert session.labels.states(case)[1] == {1: DONE, 2: DONE}
    mask[5:8, 5:8] = 3
    session.labels.edit_slices(case, {1: mask}, "brush").result()
    session.labels.confirm(case)[1].result()
    assert session.labels.states(case)[1] == {1: DONE, 2: DONE, 3: DONE}


def test_mending_a_class_over_the_case_says_nothing_of_one_added_since(session: Session) -> None:
    case = session.find(["phantom_01"])[0].id
    added = session.add_class("bladder").value
    grown = session.labels.mend(case, 1, Mend.GROW, mm=10.0)
    grown.saved.result()
    assert grown.slices
    slices, saved = session.labels.confirm(case)
    assert slices == grown.slices
    saved.result()
    assert {session.labels.states(case)[at].get(added, U) for at in range(6)} == {U}
    session.labels.mark(case, [0], U).result()
    blank = np.zeros_like(session.labels.stack(case)[0])
    blank[:3, :3] = 1
    session.labels.edit_slices(case, {0: blank}, "brush").result()
    assert session.labels.states(case)[0][added] is DRAFT, "of a blank slice all is looked at"


def test_accepting_masks_leaves_what_is_confirmed_done_and_whose_it_is(session: Session) -> None:
    case = session.find(["phantom_02"])[0].id
    added = session.add_class("bladder").value
    labels, values = session.labels.stack(case), tuple(c.value for c in session.classes)
    model = "finetune-01"
    predicted = np.zeros_like(labels)

    def proposal(known: set[int]) -> Proposal:
        return Proposal(model, predicted, known, labels, session.labels.states(case), values, NOTHING_LOCKED)

    old = take_over(proposal({1, 2}), range(6))
    assert not old.masks, "a model that does not know the bladder changes nothing here"
    predicted[2, :4, :4] = added
    new = take_over(proposal(set(values)), range(6))
    assert set(new.masks) == set(range(6)), "it says that there is no bladder on the others"
    assert new.silent_on == {at: frozenset({1, 2}) for at in range(6)}
    one = take_class_over(proposal(set(values)), added, "accept bladder", [2])
    assert one.silent_on == {2: frozenset({1, 2})}


def test_accepting_one_class_on_a_blank_slice_says_nothing_of_the_others(session: Session) -> None:
    model, _ = trained(session, "phantom_01")
    case = session.find(["phantom_02"])[0].id
    session.labels.mark(case, range(6), U).result()
    labels, values = session.labels.stack(case), tuple(c.value for c in session.classes)
    predicted = np.zeros_like(labels)
    predicted[1:4, :4, :4] = 1
    predicted[1:4, 5:9, 5:9] = 2
    proposal = Proposal(model, predicted, set(values), labels, session.labels.states(case), values, NOTHING_LOCKED)
    taken = take_class_over(proposal, 1, "accept liver", range(6))
    session.labels.edit_slices(
        case, taken.masks, taken.action, origin=Origin.ACCEPTED, origin_run=taken.run, silent_on=taken.silent_on
    ).result()
    assert [{value: session.labels.states(case)[at].get(value, U) for value in values} for at in (0, 2)] == [
        {1: U, 2: U},
        {1: DRAFT, 2: U},
    ]
    session.labels.confirm(case)[1].result()
    assert [session.labels.states(case)[2].get(value, U) for value in values] == [DONE, U], (
        "nobody has looked for the spleen: it is not verified empty there"
    )
    taken_of = session._store.accepted_classes(case, session.reader.id)
    assert taken_of == {1: {1}, 2: {1}, 3: {1}}, "a spleen painted beside it is the reader's own"


def test_what_stays_done_beside_an_accepted_mask_keeps_its_state_and_its_origin(session: Session) -> None:
    model, _ = trained(session, "phantom_01")
    case = session.find(["phantom_02"])[0].id
    added = session.add_class("bladder").value
    before = session.labels.stack(case).copy()
    predicted, values = before.copy(), tuple(c.value for c in session.classes)
    free = np.argwhere(before[2] == 0)[0]
    predicted[2][tuple(free)] = added
    predicted[3][before[3] == 1] = added
    session.labels.mark(case, [3], DRAFT, [1]).result()
    labels = session.labels.stack(case)
    taken = take_over(
        Proposal(model, predicted, set(values), labels, session.labels.states(case), values, NOTHING_LOCKED), range(6)
    )
    session.labels.edit_slices(
        case, taken.masks, taken.action, origin=Origin.ACCEPTED, origin_run=model, silent_on=taken.silent_on
    ).result()
    assert [session.labels.states(case)[at] for at in (0, 1, 2, 4, 5)] == [{1: DONE, 2: DONE, added: DRAFT}] * 5
    assert session.labels.states(case)[3] == {1: DRAFT, 2: DONE, added: DRAFT}
    session.labels.confirm(case)[1].result()
    measured = next(one for one in session.evaluate(model).cases if one.case == "phantom_02")
    assert measured.slices == 6, "what stayed done is measured beside what was taken of the model"
    assert not np.isnan(measured.scores["spleen"].reference_volume_ml), "the spleen was never the model's"
    assert np.isnan(measured.scores["liver"].reference_volume_ml), "of one slice its own mask is the liver"
    nothing = np.zeros_like(before)
    taken = take_over(
        Proposal(model, nothing, {1}, session.labels.stack(case), session.labels.states(case), values, NOTHING_LOCKED),
        [0],
    )
    session.labels.edit_slices(
        case, taken.masks, taken.action, origin=Origin.ACCEPTED, origin_run=model, silent_on=taken.silent_on
    ).result()
    assert session.labels.states(case)[0] == {1: DRAFT, 2: DONE, added: DONE}, (
        "asked for on a done slice, it takes what it knows"
    )


def test_interpolated_slices_say_nothing_of_a_class_their_ends_say_nothing_of(session: Session) -> None:
    case = session.find(["phantom_02"])[0].id
    session.labels.mark(case, [1, 2, 3], U).result()
    session.add_class("bladder")
    session.labels.interpolate(case).saved.result()
    assert [session.labels.states(case)[2].get(value, U) for value in (1, 2, 3)] == [DRAFT, DRAFT, U]


def test_a_model_trained_before_is_not_measured_on_the_new_class_and_its_masks_leave_it_alone(
    session: Session, tmp_path: Path
) -> None:
    model, _ = trained(session, "phantom_01")
    added = session.add_class("bladder")
    other = session.find(["phantom_02"])[0].id
    session.labels.mark(other, range(6), U).result()
    mask = session.labels.stack(other)[2].copy()
    mask[40:50, 40:50] = added.value
    session.labels.edit_slices(other, {2: mask}, "brush").result()
    session.labels.mark(other, [2], DONE, [added.value]).result()
    for cases in (["phantom_02"], None):
        if cases is None:
            session.labels.mark(session.find(["phantom_01"])[0].id, range(6), U).result()
        with pytest.raises(SlicelabError, match="does not know bladder"):
            session.evaluate(model, cases)
    session.labels.undo(session.find(["phantom_01"])[0].id)
    for _ in range(3):
        session.labels.undo(other)
    mask = session.labels.stack(other)[2].copy()
    mask[40:50, 40:50] = added.value
    session.labels.edit_slices(other, {2: mask}, "brush").result()
    session.labels.mark(other, [2], DONE).result()
    evaluation = session.evaluate(model)
    assert all(added.name not in case.scores for case in evaluation.cases), "n/a, not 0"
    assert np.isnan(evaluation.mean[added.name])
    assert not np.isnan(evaluation.mean_dice)
    assert evaluation.over == "over 2 of 3 classes"
    told = "\n".join(str(line) for line in evaluation_words(evaluation, [c.name for c in session.classes]))
    assert "Mean Dice over 2 of 3 classes: " in told
    assert f"{evaluation.mean_dice:.3f} over 2 of 3 classes, over 1 case" in page(methods_report(session, model))
    assert set(session.review.of_case(other, model).overlaps) == {1, 2}
    assert session.review.expected.of(model).model == model
    assert session.review.corrections.known_to(model) == {1, 2}
    rows = [row for row in csv.DictReader(io.StringIO(measures_table(session, model))) if row["case"] == "phantom_02"]
    dice = {row["class"]: row["dice"] for row in rows}
    assert {name for name, value in dice.items() if value} == {"liver", "spleen"}
    predicted = session.prediction(other, model)
    assert predicted is not None
    session.export(tmp_path / "out", model)
    named = json.loads((tmp_path / "out" / "dataset.json").read_text())["labels"]
    assert named == {"background": 0, "liver": 1, "spleen": 2}, "0 is not the model's word on the bladder"
    values, labels = tuple(c.value for c in session.classes), session.labels.stack(other)
    knows = session.review.corrections.known_to(model)
    taken = take_over(
        Proposal(model, predicted, knows, labels, session.labels.states(other), values, NOTHING_LOCKED), range(6)
    )
    assert set(taken.masks) == {2}, "only what was done for every class is asked again"
    before = session.labels.stack(other)[2].copy()
    session.labels.edit_slices(
        other, taken.masks, taken.action, origin=Origin.ACCEPTED, origin_run=model, silent_on=taken.silent_on
    ).result()
    assert (session.labels.stack(other)[2] == added.value).sum() == (before == added.value).sum() == 100
    assert session.labels.states(other)[2] == {1: DRAFT, 2: DRAFT, added.value: DONE}


def test_finetuning_ignores_the_new_class_where_it_is_unknown_and_leaves_it_out_where_no_slice_is_done_for_it(
    session: Session,
) -> None:
    added = session.add_class("bladder")
    model, alarms = trained(session, "phantom_01")
    job = job_of(session, model)
    assert [c.name for c in job.classes] == ["liver", "spleen"]
    assert [c.name for c in job.left_out] == ["bladder"]
    assert any("No slice learned from is done for bladder" in said and "will not know" in said for said in alarms)
    case = session.find(["phantom_01"])[0].id
    mask = session.labels.stack(case)[2].copy()
    mask[40:50, 40:50] = added.value
    session.labels.edit_slices(case, {2: mask}, "brush").result()
    session.labels.confirm(case)[1].result()
    second, alarms = trained(session, "phantom_01")
    assert [c.name for c in job_of(session, second).classes] == ["liver", "spleen", "bladder"]
    assert not any("will not know" in said for said in alarms)
    known = load_snapshot(session.folder / "runs" / second / "labels.npz")[case]
    assert known.slices.tolist() == [0, 1, 2, 3, 4, 5]
    assert known.known[:, 2].tolist() == [False, False, True, False, False, False]
    assert known.known[:, :2].all()


def test_what_to_label_first_is_none_of_the_cases_labelled_before_a_class_was_added(session: Session) -> None:
    model = session.jobs.start_finetune(None, train=["phantom_01"], steps=1, overrides=SMALL)
    run_to_end(session, model)
    run = session.jobs.start_embed(model)
    assert run is not None
    run_to_end(session, run)
    session.add_class("bladder")
    first, second = (session.find([name])[0].id for name in ("phantom_01", "phantom_02"))
    session.labels.mark(second, [1, 2, 3], U).result()
    found = session.advice.suggest(1, slices=6)
    assert [one.case for one in found.cases] == [second]
    assert found.finished == 1, "the first one counts as labelled"
    assert [one.index for one in found.cases[0].slices] == [1, 2, 3]
    session.labels.mark(first, [0], U).result()
    assert session.advice.suggest(1).finished == 0
