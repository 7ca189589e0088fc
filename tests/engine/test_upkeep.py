"""Removing, restoring, deleting for good; flags, notes, time, the disk and the table of measures."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from job_kit import run_to_end

from slicelab.core.errors import JobError, SlicelabError, StorageError, UnknownNameError
from slicelab.core.labels import SliceState
from slicelab.data.run_folder import RunFolder
from slicelab.engine.measures import measures_table
from slicelab.engine.session import Session
from slicelab.engine.upkeep import Upkeep
from slicelab.jobs.specs import JobAdapter


@pytest.fixture
def predicted(tmp_path: Path, predicted_template: Path) -> Iterator[Session]:
    """An open project: a model learned from three slices of the first case and has predicted every case."""
    with Session.open(Path(shutil.copytree(predicted_template, tmp_path / "project"))) as opened:
        yield opened


def case_id(session: Session, name: str) -> str:
    return session.find([name])[0].id


def test_a_removed_case_comes_back_with_its_labels(labelled: Session) -> None:
    case = case_id(labelled, "phantom_01")
    before = labelled.labels.stack(case).copy()
    removed = labelled.upkeep.remove("case", case)
    assert removed.name == "phantom_01"
    assert "phantom_01" not in {one.name for one in labelled.cases()}
    with pytest.raises(UnknownNameError):
        labelled.find(["phantom_01"])
    assert labelled.upkeep.removed() == (removed,)
    labelled.upkeep.restore("case", case)
    assert labelled.upkeep.removed() == ()
    np.testing.assert_array_equal(labelled.labels.stack(case), before)


def test_a_patient_is_removed_and_restored_with_all_cases(session: Session) -> None:
    names = ("phantom_01", "phantom_02")
    for name in names:
        session._store.update_case(case_id(session, name), patient_key="one person").result()
    patient = session.find(["phantom_01"])[0].patient_id
    session.upkeep.remove("patient", patient)
    assert not {one.name for one in session.cases()} & set(names)
    assert [(one.kind, one.name) for one in session.upkeep.removed()] == [
        ("patient", "phantom_01, phantom_02"),
        ("case", "phantom_01"),
        ("case", "phantom_02"),
    ]
    session.upkeep.restore("patient", patient)
    assert {one.name for one in session.cases()} >= set(names)


def test_a_removed_class_is_no_longer_asked_for_and_comes_back_with_its_voxels(labelled: Session) -> None:
    case = case_id(labelled, "phantom_01")
    liver = next(one for one in labelled.classes if one.name == "liver")
    voxels = int((labelled.labels.stack(case) == liver.value).sum())
    labelled.upkeep.remove("class", str(liver.value))
    assert "liver" not in {one.name for one in labelled.classes}
    third = case_id(labelled, "phantom_03")
    labelled.labels.edit_slices(third, {0: np.full((64, 64), 2, np.uint8)}, "brush").result()
    assert liver.value not in labelled.labels.states(third)[0]
    labelled.upkeep.restore("class", str(liver.value))
    assert labelled.classes[0] == liver
    assert int((labelled.labels.stack(case) == liver.value).sum()) == voxels


def test_what_is_done_for_a_removed_class_stays_true_whatever_is_done_meanwhile(labelled: Session, study: Path) -> None:
    case, spleen = case_id(labelled, "phantom_01"), 4
    before = labelled.labels.stack(case) == spleen
    there = [k for k in range(10) if before[k].any()]
    labelled.upkeep.remove("class", str(spleen))
    everywhere = {k: np.full((64, 64), 1, np.uint8) for k in there}
    labelled.labels.edit_slices(case, everywhere, "accept").result(10)
    labelled.labels.mark(case, there, SliceState.DONE).result(10)
    labelled.labels.mark(case, there[:1], SliceState.UNLABELLED).result(10)
    labelled.labels.label_from_mask(case, study / "labelsTr" / "phantom_02.nii.gz")
    labelled.upkeep.restore("class", str(spleen))
    np.testing.assert_array_equal(labelled.labels.stack(case) == spleen, before)
    assert {labelled.labels.states(case)[k][spleen] for k in there} == {SliceState.DONE}


def test_a_models_mask_brings_no_voxels_of_a_removed_class_into_the_labels(labelled: Session) -> None:
    case = case_id(labelled, "phantom_03")
    labelled.upkeep.remove("class", "4")
    mask = np.full((64, 64), 4, np.uint8)
    mask[:20] = 1
    labelled.labels.edit_slices(case, {3: mask}, "accept").result(10)
    labelled.upkeep.restore("class", "4")
    assert np.unique(labelled.labels.stack(case)[3]).tolist() == [0, 1]
    assert 4 not in labelled.labels.states(case)[3]


def test_undo_after_a_class_was_removed_and_restored_puts_both_voxels_and_states_back(labelled: Session) -> None:
    case = case_id(labelled, "phantom_01")
    before, states = labelled.labels.stack(case).copy(), [dict(one) for one in labelled.labels.states(case)]
    labelled.upkeep.remove("class", "4")
    labelled.labels.edit_slices(case, {4: np.full((64, 64), 1, np.uint8)}, "brush").result(10)
    labelled.upkeep.restore("class", "4")
    labelled.labels.undo(case)
    np.testing.assert_array_equal(labelled.labels.stack(case), before)
    assert labelled.labels.states(case) == states


def test_voxels_of_a_removed_class_are_not_exported(labelled: Session, tmp_path: Path) -> None:
    import nibabel

    labelled.upkeep.remove("class", "1")
    labelled.export(tmp_path / "out")
    mask = np.asarray(nibabel.load(tmp_path / "out" / "phantom_01.nii.gz").dataobj)
    assert set(np.unique(mask)) == {0, 2, 3, 4}


def test_the_last_class_stays(tmp_path: Path) -> None:
    with Session.create(tmp_path / "one", ["liver"]) as session:
        with pytest.raises(SlicelabError):
            session.upkeep.remove("class", "1")
        assert len(session.classes) == 1


def test_only_deleting_for_good_frees_the_disk_and_only_of_what_was_removed(labelled: Session) -> None:
    case = case_id(labelled, "phantom_01")
    file = labelled.folder / "volumes" / f"{case}.nii"
    before = labelled.upkeep.disk_use()
    removed = labelled.upkeep.remove("case", case)
    assert file.is_file()
    hidden = labelled.upkeep.disk_use()
    assert hidden.volumes == before.volumes
    assert hidden.removed == removed.bytes == file.stat().st_size
    labelled.upkeep.restore("case", case)
    with pytest.raises(SlicelabError):
        labelled.upkeep.delete_for_good([removed])
    assert file.is_file()
    labelled.upkeep.remove("case", case)
    assert labelled.upkeep.delete_for_good([removed]) == removed.bytes
    assert not file.exists()
    assert labelled.upkeep.disk_use().volumes == before.volumes - removed.bytes
    assert labelled.upkeep.removed() == ()
    with pytest.raises(SlicelabError):
        labelled.upkeep.restore("case", case)


def test_a_deleted_case_leaves_no_name_no_label_and_its_id_to_nobody(labelled: Session, study: Path) -> None:
    last = case_id(labelled, "phantom_06")
    labelled.labels.edit_slices(last, {0: np.ones((64, 64), np.uint8)}, "brush").result()
    removed = labelled.upkeep.remove("case", last)
    labelled.upkeep.delete_for_good([removed])
    store = labelled._store
    gone = store.case(last)
    assert (gone.deleted, gone.name, gone.notes) == (True, last, "")
    assert store.images(last)[0].source_path == ""
    assert store.slice_labels(last, labelled.reader.id) == ()
    assert store.edits(last, labelled.reader.id) == ()
    report = labelled.import_paths([study])
    assert report.imported == ("phantom_06",)
    assert case_id(labelled, "phantom_06") != last


def test_a_volume_among_the_removed_items_is_not_imported_twice(labelled: Session, study: Path) -> None:
    case = case_id(labelled, "phantom_01")
    labelled.upkeep.remove("case", case)
    report = labelled.import_paths([study])
    assert report.imported == ()
    (refused,) = report.refused
    assert refused.name == "phantom_01"
    assert "among the removed items" in refused.message
    assert "Restore" in refused.remedy
    labelled.upkeep.restore("case", case)
    assert labelled.import_paths([study]).refused == ()


def test_a_volume_deleted_and_imported_again_is_still_the_patient_a_model_learned_from(
    predicted: Session, study: Path
) -> None:
    model, before = predicted.runs()[0].id, predicted.find(["phantom_01"])[0]
    removed = predicted.upkeep.remove("case", before.id)
    predicted.upkeep.delete_for_good([removed])
    assert predicted.import_paths([study]).imported == ("phantom_01",)
    again = predicted.find(["phantom_01"])[0]
    assert again.id != before.id
    assert again.patient_id == before.patient_id
    run_to_end(predicted, predicted.jobs.start_predict(model, cases=["phantom_01"]))
    predicted.labels.label_from_mask(again.id, study / "labelsTr" / "phantom_01.nii.gz")
    (score,) = predicted.evaluate(model, ["phantom_01"]).cases
    assert score.trained_on
    review = predicted.review.of_case(again.id, model)
    assert review is not None
    assert review.trained_on


def test_a_case_deleted_for_good_leaves_no_file_of_its_own_and_a_run_no_folder(predicted: Session) -> None:
    model, case = predicted.runs()[0].id, case_id(predicted, "phantom_03")
    preview = RunFolder(predicted.folder / "runs" / model).preview_of(case)
    preview.parent.mkdir()
    shutil.copy(predicted.folder / "predictions" / model / f"{case}.nii.gz", preview)
    endings = {path.name.removeprefix(case) for path in predicted.folder.rglob(f"{case}*")}
    assert endings == {".nii", ".npy", ".json", ".nii.gz", ".uncertainty.npy"}
    shutil.copy(preview, preview.with_name("c0001.nii.gz"))
    predicted.upkeep.delete_for_good([predicted.upkeep.remove("case", case)])
    assert list(predicted.folder.rglob(f"{case}*")) == []
    predicted.upkeep.delete_for_good([predicted.upkeep.remove("run", model)])
    assert not (predicted.folder / "runs" / model).exists()
    assert (predicted.folder / "runs").is_dir()


def test_a_removed_run_hides_its_predictions_and_is_deleted_with_them(labelled: Session) -> None:
    store, case = labelled._store, case_id(labelled, "phantom_03")
    model = store.start_run("finetune", "fast").result().id
    store.finish_run(model, "finished").result()
    predicting = store.start_run("predict", "fast", init=model).result().id
    store.finish_run(predicting, "finished").result()
    weights = labelled.folder / "runs" / model / "weights.safetensors"
    mask = labelled.folder / "predictions" / predicting / f"{case}.nii.gz"
    for path in (weights, mask):
        path.parent.mkdir(parents=True)
        path.write_bytes(b"x" * 1000)
    from slicelab.data.store.records import PredictionRecord

    path = f"predictions/{predicting}/{case}.nii.gz"
    store.add_prediction(PredictionRecord(predicting, model, case, path, "0", 1.0)).result()
    assert next(one for one in labelled.cases() if one.id == case).models == (model,)
    assert [one.id for one in labelled.upkeep.runs()] == [model]
    removed = labelled.upkeep.remove("run", model)
    assert removed.bytes == 2000
    assert labelled.runs() == ()
    assert labelled.models_for(case) == ()
    assert next(one for one in labelled.cases() if one.id == case).models == ()
    labelled.upkeep.restore("run", model)
    assert labelled.models_for(case) == (model,)
    labelled.upkeep.remove("run", model)
    assert labelled.upkeep.delete_for_good([removed]) == 2000
    assert not weights.parent.exists()
    assert not mask.parent.exists()
    assert store.start_run("finetune", "fast").result().id not in (model, predicting)


def test_flags_notes_and_time_are_in_the_list_and_on_the_disk(session: Session) -> None:
    case = case_id(session, "phantom_02")
    session.upkeep.flag(case, True)
    session.upkeep.note(case, "motion in slice 4")
    session.labels.edit_slices(case, {1: np.ones((64, 64), np.uint8)}, "brush", seconds=12.5).result()
    session.labels.undo(case)
    session.labels.edit_slices(case, {2: np.ones((64, 64), np.uint8)}, "brush", seconds=7.5).result()
    session.labels.mark(case, [2], SliceState.DONE, seconds=4.0).result()
    session.upkeep.spend(case, 6.0)
    found = next(one for one in session.cases() if one.id == case)
    assert (found.flagged, found.notes, found.seconds) == (True, "motion in slice 4", 30.0)
    folder = session.folder
    session.close()
    with Session.open(folder) as again:
        assert next(one for one in again.cases() if one.id == case) == found


def test_a_flag_a_note_and_time_wait_for_a_disk_that_takes_nothing_without_holding_up_what_follows(
    session: Session,
) -> None:
    case = case_id(session, "phantom_02")
    with closing(sqlite3.connect(session.folder / "project.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        saved = [
            session.upkeep.flag(case, True),
            session.upkeep.note(case, "motion"),
            session.upkeep.spend(case, 6.0),
        ]
        assert not any(one.done() for one in saved)
        other.execute("ROLLBACK")
    for one in saved:
        one.result(30)
    found = next(one for one in session.cases() if one.id == case)
    assert (found.flagged, found.notes, found.seconds) == (True, "motion", 6.0)


def test_the_table_of_measures_says_what_is_complete(labelled: Session) -> None:
    rows = list(csv.DictReader(io.StringIO(measures_table(labelled, None))))
    assert len(rows) == len(labelled.cases()) * len(labelled.classes)
    first = next(row for row in rows if (row["case"], row["class"]) == ("phantom_01", "liver"))
    stack = labelled.labels.stack(case_id(labelled, "phantom_01"))
    millilitres = int((stack == 1).sum()) * 5.6 * 5.6 * 18.0 / 1000
    assert float(first["volume_ml"]) == pytest.approx(millilitres, abs=0.01)
    assert (first["done"], first["volume_is_complete"], first["dice"]) == ("10", "yes", "")
    other = next(row for row in rows if row["case"] == "phantom_03")
    assert (other["volume_ml"], other["volume_is_complete"]) == ("", "no")


def test_a_model_is_not_removed_while_it_predicts(session: Session) -> None:
    store = session._store
    model = store.start_run("finetune", "fast").result().id
    predicting = store.start_run("predict", "fast", init=model).result().id
    upkeep = Upkeep(store, session.reader.id, lambda: (predicting,), lambda: None)
    with pytest.raises(JobError):
        upkeep.remove("run", model)
    assert store.removed_runs() == {}


def test_a_name_that_another_reader_has_is_not_taken_and_is_no_error(session: Session) -> None:
    session._store.add_reader("Ms Miller").result()
    assert not session.upkeep.sign("Ms  Miller")
    assert not session.upkeep.sign("Mr Jones"), "where several label, the nameless one may be somebody else"
    assert [one.name for one in session._store.readers()] == ["Reader 1", "Ms Miller"]


def test_the_one_reader_of_a_project_takes_the_persons_name_once(session: Session) -> None:
    assert not session.upkeep.sign("  ")
    assert session.upkeep.sign("Mr  Jones")
    assert not session.upkeep.sign("Ms Miller")
    assert session.readers.names() == ("Mr Jones",)
    assert (session.readers.mine, session.readers.unsigned) == ("Mr Jones", False)


def test_a_file_the_disk_does_not_delete_leaves_the_case_deleted_and_listed_to_try_again(
    labelled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = case_id(labelled, "phantom_01")
    item = labelled.upkeep.remove("case", case)

    def refuse(_path: Path) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", refuse)
        with pytest.raises(StorageError):
            labelled.upkeep.delete_for_good([item])
    assert labelled._store.case(case).deleted
    (left,) = labelled.upkeep.removed()
    assert left.bytes == item.bytes
    with pytest.raises(SlicelabError):
        labelled.upkeep.restore("case", case)
    assert labelled.upkeep.delete_for_good([left]) == item.bytes
    assert labelled.upkeep.removed() == ()


def test_a_case_named_like_an_id_is_not_taken_for_it_and_a_case_that_is_gone_stops_no_prediction(
    predicted: Session,
) -> None:
    model = predicted.runs()[0].id
    predicted._store.update_case("c0001", name="c0002").result()
    run = predicted.jobs.start_predict(model, first="c0002")
    assert JobAdapter.validate_json(predicted._store.run(run).job).cases[0].case == "c0002"
    run_to_end(predicted, run)
    predicted.upkeep.remove("case", "c0003")
    run_to_end(predicted, predicted.jobs.start_predict(model, first="c0003"))
