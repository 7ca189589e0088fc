"""What is measured of a case, and what is said about a result that flatters."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pytest
from job_kit import FINETUNE, REGRESSION, run_to_end
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core import metrics
from slicelab.core.errors import JobError
from slicelab.core.labels import SliceState, make_classes
from slicelab.data.run_folder import RunFolder
from slicelab.data.store.records import CaseRecord, RunCase, RunRecord
from slicelab.engine.evaluating import Reference, score_case
from slicelab.engine.lineage import Seen, kept_apart, seen_by
from slicelab.engine.measures import measures_table
from slicelab.engine.session import Session
from slicelab.jobs.specs import FinetuneJob

SPACING = (6.0, 1.5, 1.5)
CLASSES = make_classes(["liver", "spleen", "left kidney"])


def masks() -> tuple[np.ndarray, np.ndarray]:
    """A liver that is predicted two rows too low, a spleen that is missed, and no kidney at all."""
    reference = np.zeros((6, 32, 32), np.uint8)
    reference[1:5, 4:20, 4:20] = 1
    reference[2:4, 24:30, 24:30] = 2
    prediction = np.zeros_like(reference)
    prediction[1:5, 6:22, 4:20] = 1
    return prediction, reference


def test_a_case_known_throughout_has_distances_and_volumes() -> None:
    prediction, reference = masks()
    scores = score_case(prediction, Reference(reference, np.ones((6, 3), bool)), CLASSES, SPACING)
    liver = scores["liver"]
    assert liver.dice == pytest.approx(14 / 16)
    assert liver.hd95_mm == metrics.hd95(prediction == 1, reference == 1, SPACING) == pytest.approx(3.0)
    assert liver.assd_mm == metrics.assd(prediction == 1, reference == 1, SPACING)
    assert 0 < liver.assd_mm < 3.0
    assert liver.volume_ml == liver.reference_volume_ml == pytest.approx(4 * 16 * 16 * 13.5 / 1000)
    assert liver.volume_difference_ml == 0.0


def test_a_missed_structure_scores_0_has_no_distance_and_lacks_its_whole_volume() -> None:
    prediction, reference = masks()
    spleen = score_case(prediction, Reference(reference, np.ones((6, 3), bool)), CLASSES, SPACING)["spleen"]
    assert spleen.dice == 0.0
    assert math.isnan(spleen.hd95_mm)
    assert math.isnan(spleen.assd_mm)
    assert spleen.volume_difference_ml == pytest.approx(-2 * 6 * 6 * 13.5 / 1000)


def test_a_structure_in_neither_mask_is_not_applicable() -> None:
    prediction, reference = masks()
    kidney = score_case(prediction, Reference(reference, np.ones((6, 3), bool)), CLASSES, SPACING)["left kidney"]
    assert math.isnan(kidney.dice)
    assert math.isnan(kidney.hd95_mm)
    assert math.isnan(kidney.assd_mm)
    assert kidney.volume_difference_ml == 0.0


def test_of_a_case_known_in_part_only_the_dice_of_its_known_slices_is_told() -> None:
    prediction, reference = masks()
    known = np.ones((6, 3), bool)
    known[0, 0] = False  # a single slice of the liver is enough
    known[:, 2] = False
    prediction[0] = 1  # and what is predicted there does not count
    scores = score_case(prediction, Reference(reference, known), CLASSES, SPACING)
    assert scores["liver"].dice == pytest.approx(14 / 16)
    for value in ("reference_volume_ml", "volume_difference_ml", "hd95_mm", "assd_mm"):
        assert math.isnan(getattr(scores["liver"], value)), value
    assert not math.isnan(scores["spleen"].reference_volume_ml)
    assert "left kidney" not in scores


def test_a_test_patient_in_the_pool_is_said_in_words_wherever_its_figures_are(labelled: Session, study: Path) -> None:
    """In the job that validates on it, in the report, in its JSON and on stderr; and not where there is none."""
    pretraining = labelled.jobs.start_pretrain("regression", exclude=["phantom_04"], steps=1, overrides=REGRESSION)
    run_to_end(labelled, pretraining)
    labelled.labels.label_from_mask(labelled.find(["phantom_03"])[0].id, study / "labelsTr" / "phantom_03.nii.gz")
    model = labelled.jobs.start_finetune(
        pretraining, train=["phantom_01"], val=["phantom_02"], steps=1, overrides={"finetune.batch": 2}
    )
    tests, validation = run_to_end(labelled, model).alarms
    assert "1 of 1 patients with labels that this training leaves for testing" in tests
    assert "1 of 1 validation patients" in validation
    assert "phantom" not in tests + validation

    run_to_end(labelled, labelled.jobs.start_predict(model, cases=["phantom_03", "phantom_04"]))
    (warning,) = labelled.evaluate(model, against=study / "labelsTr").warnings
    assert "1 of 2 cases" in warning
    assert labelled.evaluate(model, ["phantom_04"], study / "labelsTr").warnings == ()

    folder = labelled.folder
    labelled.close()
    asked = ["evaluate", str(folder), "--run", model, "--against", str(study / "labelsTr")]
    told = CliRunner().invoke(app, [*asked, "--json"])
    assert json.loads(told.stdout)["warnings"] == [warning]
    assert json.loads(told.stdout)["protocol"] == "transductive"
    assert warning in told.stderr
    classes = json.loads(told.stdout)["cases"][0]["classes"]["liver"]
    assert set(classes) == {
        "dice", "volume_ml", "reference_volume_ml", "volume_difference_ml", "hd95_mm", "assd_mm",
    }  # fmt: skip
    plain = CliRunner().invoke(app, asked)
    assert warning in plain.stderr
    assert "Transductive" in plain.stdout
    assert "Synthetic volumes (phantoms)" in plain.stdout
    assert [case["synthetic"] for case in json.loads(told.stdout)["cases"]] == [True, True]
    clean = CliRunner().invoke(app, [*asked, "--cases", "phantom_04", "--json"])
    assert json.loads(clean.stdout)["warnings"] == []
    assert clean.stderr == ""


def test_images_a_finetuning_learnt_from_without_labels_make_a_result_transductive(
    labelled: Session, study: Path
) -> None:
    """The pool: all cases but the excluded ones, the validating ones, and what the pretraining left out unasked."""
    labelled.labels.mark(labelled.find(["phantom_01"])[0].id, [0, 1, 2], SliceState.DRAFT).result()
    pretraining = labelled.jobs.start_pretrain(
        "regression", exclude=["phantom_03", "phantom_04"], steps=1, overrides=REGRESSION
    )
    run_to_end(labelled, pretraining)
    semi = {"finetune.semi.on": True, "finetune.batch": 2}
    model = labelled.jobs.start_finetune(
        pretraining, val=["phantom_02"], exclude=["phantom_06"], steps=1, overrides=semi
    )
    job = RunFolder(labelled.folder / "runs" / model).read_job()
    assert isinstance(job, FinetuneJob)
    names = {case.id: case.name for case in labelled.cases()}
    assert {names[case.case] for case in job.unlabelled} == {"phantom_01", "phantom_05"}
    run_to_end(labelled, model)
    told = labelled.runs()[1]
    assert (told.cases, told.slices, told.unlabelled) == (1, 7, 3 + 10)
    assert (told.validation_cases, told.validation_slices) == (1, 10)
    run_to_end(labelled, labelled.jobs.start_predict(model, cases=["phantom_01", "phantom_04"]))
    measured = labelled.evaluate(model, None, study / "labelsTr").cases
    marks = {case.case: (case.trained_on, case.in_pretraining_pool) for case in measured}
    assert marks == {"phantom_01": (True, True), "phantom_04": (False, False)}
    assert labelled.evaluate(model, ["phantom_04"], study / "labelsTr").protocol == "inductive"


def test_a_patient_that_an_ancestor_learned_from_is_trained_on_even_where_it_validates_now(labelled: Session) -> None:
    """In what is measured, in what is remembered of it, and in the spreadsheet."""
    first = labelled.jobs.start_finetune(None, train=["phantom_01"], steps=1, overrides=FINETUNE)
    run_to_end(labelled, first)
    batch = {"finetune.batch": 2}
    model = labelled.jobs.start_finetune(first, train=["phantom_02"], val=["phantom_01"], steps=1, overrides=batch)
    run_to_end(labelled, model)
    run_to_end(labelled, labelled.jobs.start_predict(model, cases=["phantom_01"]))
    (measured,) = labelled.evaluate(model).cases
    kept = labelled.remembered(model)
    assert kept is not None
    (remembered,) = kept.evaluation.cases
    assert (measured.trained_on, measured.used_for_validation, measured.apart) == (True, True, "trained on")
    assert (remembered.trained_on, remembered.used_for_validation, remembered.apart) == (True, True, "trained on")
    row = next(csv.DictReader(measures_table(labelled, model).splitlines()))
    assert (row["case"], row["patient_was_trained_on"]) == ("phantom_01", "yes")
    assert row["patient_was_used_for_validation"] == "yes"


def run_of(number: int, kind: str, created: float, init: str | None = None) -> RunRecord:
    return RunRecord(f"r{number}", kind, created, "finished", "fast", init, None, "", created, None)


def test_what_a_finetuning_saw_without_labels_is_in_the_pool_of_all_that_come_from_it() -> None:
    chain = (run_of(2, "finetune", 2.0, "r1"), run_of(1, "finetune", 1.0))
    used = {
        "r1": [RunCase("r1", "c1", "train", 3), RunCase("r1", "c1", "pool", 7), RunCase("r1", "c2", "pool", 10)],
        "r2": [RunCase("r2", "c3", "train", 10)],
    }
    assert seen_by(chain, used) == Seen(trained=frozenset({"c1", "c3"}), pool=frozenset({"c1", "c2"}))


def test_a_patient_is_kept_apart_if_a_pretraining_could_have_seen_it_and_did_not() -> None:
    """One that came later was left out by nobody; a second case of a patient that was seen is no test case."""
    cases = [CaseRecord(f"c{k}", patient, f"case {k}", created, False, False, "", None) for k, patient, created in
             ((1, "p1", 1.0), (2, "p2", 1.0), (3, "p1", 1.0), (4, "p4", 9.0))]  # fmt: skip
    chain = (run_of(2, "finetune", 10.0, "r1"), run_of(1, "pretrain", 5.0))
    used = {"r1": [RunCase("r1", "c1", "pool", 4)], "r2": []}
    assert kept_apart(chain, used, cases) == {"p2"}
    assert kept_apart(chain[:1], used, cases) == frozenset()


def test_a_case_is_not_learnt_from_and_excluded_at_once(labelled: Session) -> None:
    with pytest.raises(JobError, match="phantom_01 is excluded"):
        labelled.jobs.start_finetune(None, train=["phantom_01"], exclude=["phantom_01"], steps=1)
    assert labelled.runs() == ()


def test_without_a_slice_left_a_semi_supervised_finetuning_says_so_before_it_starts(labelled: Session) -> None:
    others = [f"phantom_{k:02d}" for k in range(3, 7)]
    with pytest.raises(JobError, match="no slice without labels"):
        labelled.jobs.start_finetune(None, exclude=others, steps=1, overrides={"finetune.semi.on": True})
    assert labelled.runs() == ()
