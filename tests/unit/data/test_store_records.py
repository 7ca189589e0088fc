"""Patients, cases, classes, runs and what was measured."""

from __future__ import annotations

import math
import sqlite3
from typing import TYPE_CHECKING

import pytest
from store_kit import SLICES, add_case, new_project, staged_image

from slicelab.core.errors import SlicelabError, UnknownNameError
from slicelab.data.store import MetricRecord, PredictionRecord, ProjectStore, RunMember

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def store(tmp_path: Path):
    with new_project(tmp_path / "study") as opened:
        yield opened


def test_cases_of_one_patient_share_it_and_others_get_their_own(store: ProjectStore) -> None:
    patients = [
        store.case(add_case(store, name, key)).patient_id
        for name, key in [("a", "ID 7"), ("b", None), ("c", "ID 7"), ("d", None)]
    ]
    assert patients == ["p0001", "p0002", "p0001", "p0003"]
    assert [(p.id, p.key) for p in store.patients()] == [("p0001", "ID 7"), ("p0002", None), ("p0003", None)]


def test_case_names_are_unique_among_cases_that_are_not_removed(store: ProjectStore) -> None:
    first = add_case(store, "scan")
    with pytest.raises(SlicelabError, match="already has a case") as caught:
        add_case(store, "scan")
    assert "scan" not in str(caught.value)
    store.remove_case(first)
    second = add_case(store, "scan")
    assert [c.id for c in store.cases()] == [second]
    assert [c.id for c in store.cases(removed=True)] == [first, second]
    with pytest.raises(SlicelabError, match="already has a case"):
        store.restore_case(first).result(10)
    store.update_case(second, name="other")
    assert not store.restore_case(first).result(10).removed
    with pytest.raises(SlicelabError, match="already has a case"):
        store.update_case(second, name="scan").result(10)
    with pytest.raises(SlicelabError, match="needs a name"):
        store.update_case(second, name=" ").result(10)


def test_ids_are_never_given_out_twice(store: ProjectStore) -> None:
    first = add_case(store, "a")
    store.remove_case(first)
    assert add_case(store, "b") == "c0002"


def test_case_is_updated_field_by_field(store: ProjectStore) -> None:
    case_id = add_case(store, "a")
    case = store.update_case(case_id, flagged=True, notes="look again", window=(10.0, 300.5)).result(10)
    assert (case.name, case.flagged, case.notes, case.window) == ("a", True, "look again", (10.0, 300.5))
    assert store.update_case(case_id, flagged=False).result(10).window == (10.0, 300.5)
    assert store.update_case(case_id, window=None).result(10).window is None
    assert store.update_case(case_id, patient_key="ID 9").result(10).patient_id == "p0002"
    assert store.update_case(case_id).result(10).notes == "look again"


@pytest.mark.parametrize("ask", ["case", "images", "run"])
def test_unknown_ids_are_named(store: ProjectStore, ask: str) -> None:
    with pytest.raises(UnknownNameError, match="x0042"):
        getattr(store, ask)("x0042")


@pytest.mark.parametrize("ask", ["remove_case", "update_case"])
def test_unknown_ids_are_named_by_writes_too(store: ProjectStore, ask: str) -> None:
    with pytest.raises(UnknownNameError, match="x0042"):
        getattr(store, ask)("x0042").result(10)


def test_class_names_are_unique_and_values_never_used_again(store: ProjectStore) -> None:
    with pytest.raises(SlicelabError, match="already has a class"):
        store.add_class("LIVER").result(10)
    store.remove_class(2).result(10)
    assert [c.value for c in store.classes()] == [1]
    assert store.add_class("spleen").result(10).value == 3
    with pytest.raises(UnknownNameError):
        store.remove_class(2).result(10)
    with pytest.raises(SlicelabError, match="reader of this name"):
        store.add_reader("Reader 1").result(10)


def test_run_is_followed_from_start_to_end(store: ProjectStore) -> None:
    case_id = add_case(store)
    first = store.start_run("pretrain", "fast", None, "contrastive", [RunMember(case_id, "pool", SLICES)]).result(10)
    assert (first.id, first.status, first.job, first.finished) == ("r0001", "running", "", None)
    assert store.set_run_job(first.id, '{"steps": 3}').result(10).job == '{"steps": 3}'
    done = store.finish_run(first.id, "failed", "The disk is full.").result(10)
    assert (done.status, done.message) == ("failed", "The disk is full.")
    assert done.finished is not None
    second = store.start_run("finetune", "fast", first.id, members=[RunMember(case_id, "train", 4)]).result(10)
    assert [r.id for r in store.runs()] == ["r0001", "r0002"]
    assert store.run(second.id).init == "r0001"
    assert [(c.case_id, c.role, c.slices) for c in store.run_cases(second.id)] == [(case_id, "train", 4)]
    with pytest.raises(UnknownNameError, match="r0099"):
        store.start_run("finetune", "fast", "r0099").result(10)
    with pytest.raises(sqlite3.IntegrityError):
        store.start_run("finetune", "fast", members=[RunMember("c0099", "train", 4)]).result(10)
    assert len(store.runs()) == 2


def metric(run: str, case_id: str, dice: float | None, at: float = 1.0, reader: int = 1) -> MetricRecord:
    return MetricRecord(run, case_id, 1, dice, None, 2.5, 140.25, None, 3, SLICES, True, False, "project", at, reader)


def test_newer_measurement_replaces_the_older(store: ProjectStore) -> None:
    case_id = add_case(store)
    run = store.start_run("predict", "fast").result(10)
    store.add_metrics([metric(run.id, case_id, 0.5)])
    store.add_metrics([metric(run.id, case_id, 0.75, at=2.0)])
    assert store.metrics(run.id) == (metric(run.id, case_id, 0.75, at=2.0),)
    other = store.add_reader("CD").result(10).id
    store.add_metrics([metric(run.id, case_id, 0.25, reader=other)])
    assert [(one.reader_id, one.dice) for one in store.metrics()] == [(1, 0.75), (other, 0.25)]
    store.add_metrics([metric(run.id, case_id, math.nan)])
    assert store.metrics()[0].dice is None
    assert store.metrics("r0099") == ()


def test_predictions_and_time_are_kept(store: ProjectStore) -> None:
    case_id = add_case(store)
    model = store.start_run("finetune", "fast").result(10)
    run = store.start_run("predict", "fast", model.id).result(10)
    made = PredictionRecord(run.id, model.id, case_id, f"predictions/{run.id}/{case_id}.nii.gz", "abc", 5.0)
    store.add_prediction(made)
    store.add_prediction(made)
    assert store.predictions() == store.predictions(run.id) == (made,)
    store.add_time(case_id, 1, 20.0)
    store.add_time(case_id, 1, 12.5)
    (spent,) = store.time_spent(case_id)
    assert (spent.case_id, spent.reader_id, spent.seconds) == (case_id, 1, 32.5)
    assert store.time_spent("c0099") == ()


def test_a_model_that_goes_on_is_another_one_and_its_old_masks_and_measures_are_forgotten(store: ProjectStore) -> None:
    case_id = add_case(store)
    model, other = (store.start_run("finetune", "fast").result(10) for _ in range(2))
    run = store.start_run("predict", "fast", model.id).result(10)
    made = [PredictionRecord(run.id, model.id, case_id, "predictions/a.nii.gz", "abc", 5.0)]
    made.append(PredictionRecord(other.id, other.id, case_id, "predictions/b.nii.gz", "abc", 6.0))
    for one in made:
        store.finish_run(one.model_run, "cancelled").result(10)
        store.add_prediction(one)
        store.add_metrics([metric(one.model_run, case_id, 0.5)])
    store.finish_run(run.id, "cancelled").result(10)
    store.finish_run(run.id, "running").result(10)
    assert len(store.predictions()) == len(store.metrics()) == 2
    store.finish_run(model.id, "running").result(10)
    assert store.predictions() == (made[1],)
    assert store.metrics() == (metric(other.id, case_id, 0.5),)


def test_private_names_lie_in_the_database_alone(store: ProjectStore) -> None:
    store.add_case("Jane Doe 1970", "MRN 555", [staged_image(store)]).result(10)
    store.close()
    for path in store.folder.rglob("*"):
        assert "Doe" not in path.name
        if path.is_file() and path.name != "project.db":
            assert b"Doe" not in path.read_bytes()


def test_the_name_of_a_case_deleted_for_good_is_nowhere_in_the_database_file(store: ProjectStore) -> None:
    for number in range(40):
        case_id = add_case(store, f"Ms Miller {number:02d}")
        store.update_case(case_id, notes=f"knows Mr Jones {number:02d}").result(10)
    for case in store.cases()[5:30]:
        store.remove_case(case.id).result(10)
        store.delete_case(case.id).result(10)
    store.close()
    left = (store.folder / "project.db").read_bytes()
    assert b"Ms Miller 04" in left
    for number in range(5, 30):
        assert f"Ms Miller {number:02d}".encode() not in left
        assert f"Mr Jones {number:02d}".encode() not in left
