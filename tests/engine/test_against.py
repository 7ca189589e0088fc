"""Reference masks from a folder, and what is left out of the means; predictions are put in place, not computed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import from_stack, to_stack
from slicelab.data.store.records import PredictionRecord, RunMember
from slicelab.data.writers import write_mask
from slicelab.engine.session import Session
from slicelab.jobs.settings import FinetuneSettings, NetworkSettings, PoolSettings
from slicelab.jobs.specs import ClassInput, FinetuneJob


def truth(study: Path, name: str) -> np.ndarray:
    """A case's reference as a stack, in the project's class values (which are the study's)."""
    mask = nib.as_closest_canonical(nib.load(study / "labelsTr" / f"{name}.nii.gz"))
    return to_stack(np.asarray(mask.dataobj), 2)


def run_with_predictions(session: Session, masks: dict[str, np.ndarray]) -> str:
    """A finetuned run on phantom_01 that had pretrained on phantom_02, with the given masks as its predictions."""
    store = session._store
    ids = {case.name: case.id for case in session.cases()}
    pretrained = store.start_run(
        "pretrain", "fast", None, "blocks", [RunMember(ids["phantom_02"], "pool", 10)]
    ).result()
    trained = store.start_run(
        "finetune", "fast", pretrained.id, None, [RunMember(ids["phantom_01"], "train", 10)]
    ).result()
    job = FinetuneJob(
        run=trained.id, preset="fast", pool=PoolSettings(), network=NetworkSettings(), settings=FinetuneSettings(),
        classes=tuple(ClassInput(value=c.value, name=c.name) for c in session.classes), init=pretrained.id, train=(),
    )  # fmt: skip
    store.set_run_job(trained.id, job.model_dump_json()).result()
    for run in (pretrained, trained):
        store.finish_run(run.id, "finished").result()
    for name, mask in masks.items():
        image = store.images(ids[name])[0]
        path = session.folder / "predictions" / trained.id / f"{ids[name]}.nii.gz"
        path.parent.mkdir(exist_ok=True)
        write_mask(path, from_stack(mask, image.acquisition_axis), image.geometry)
        made = PredictionRecord(
            run_id=trained.id, model_run=trained.id, case_id=ids[name], path=str(path.relative_to(session.folder)),
            sha256="", at=0.0,
        )  # fmt: skip
        store.add_prediction(made).result()
    return trained.id


@pytest.fixture
def measured(session: Session, study: Path) -> tuple[Session, str]:
    """Three cases predicted: 1 (trained on) perfectly, 2 (in the pool) too, 3 without its liver."""
    masks = {f"phantom_0{k}": truth(study, f"phantom_0{k}") for k in (1, 2, 3)}
    masks["phantom_03"] = np.where(masks["phantom_03"] == 1, 0, masks["phantom_03"])
    return session, run_with_predictions(session, masks)


def test_the_answer_has_the_form_that_was_promised(measured: tuple[Session, str], study: Path) -> None:
    session, run = measured
    folder = session.folder
    session.close()
    shown = CliRunner().invoke(
        app, ["evaluate", str(folder), "--run", run, "--against", str(study / "labelsTr"), "--json"]
    )
    assert shown.exit_code == 0, shown.stderr
    answer = json.loads(shown.stdout)
    assert (answer["run"], answer["protocol"]) == (run, "transductive")
    by_name = {case["case"]: case for case in answer["cases"]}
    assert {name: case["trained_on"] for name, case in by_name.items()} == {
        "phantom_01": True, "phantom_02": False, "phantom_03": False,
    }  # fmt: skip
    assert {name: case["in_pretraining_pool"] for name, case in by_name.items()} == {
        "phantom_01": False, "phantom_02": True, "phantom_03": False,
    }  # fmt: skip
    assert {(case["slices"], case["of"]) for case in answer["cases"]} == {(10, 10)}
    assert set(by_name["phantom_03"]["classes"]) == {"liver", "right kidney", "left kidney", "spleen"}
    assert {"dice", "volume_ml"} <= set(by_name["phantom_03"]["classes"]["liver"])
    assert by_name["phantom_03"]["classes"]["liver"]["dice"] == 0.0
    assert by_name["phantom_03"]["classes"]["spleen"]["dice"] == 1.0
    assert answer["mean"]["liver"] == {"dice": 0.5}  # of 2 and 3: 1 was trained on
    assert answer["mean_dice"] == pytest.approx((0.5 + 3 * 1.0) / 4)


def test_a_case_outside_the_pool_is_inductive(measured: tuple[Session, str], study: Path) -> None:
    session, run = measured
    assert session.evaluate(run, ["phantom_03"], study / "labelsTr").protocol == "inductive"
    alone = session.evaluate(run, ["phantom_01"], study / "labelsTr")
    assert alone.averaged == 0
    assert np.isnan(alone.mean_dice)


@pytest.mark.parametrize("where", ["beside", "above", "nowhere"])
def test_structures_are_matched_by_name_where_a_description_stands_and_else_by_value(
    measured: tuple[Session, str], study: Path, where: str, tmp_path: Path
) -> None:
    session, run = measured
    folder = tmp_path / "references" / "masks"
    folder.mkdir(parents=True)
    theirs = nib.load(study / "labelsTr" / "phantom_02.nii.gz")
    swapped = np.array([0, 4, 2, 3, 1], np.uint8)[np.asarray(theirs.dataobj)]  # liver is 4, spleen is 1
    nib.save(nib.Nifti1Image(swapped, theirs.affine), folder / "phantom_02.nii.gz")
    names = {"background": 0, "spleen": 1, "right kidney": 2, "left kidney": 3, "Liver": 4, "gallbladder": 5}
    if where != "nowhere":
        place = folder if where == "beside" else folder.parent
        (place / "dataset.json").write_text(json.dumps({"labels": names}))
    (case,) = session.evaluate(run, ["phantom_02"], folder).cases
    expected = 0.0 if where == "nowhere" else 1.0
    assert case.scores["liver"].dice == expected
    assert case.scores["right kidney"].dice == 1.0


def test_a_structure_that_the_references_do_not_speak_of_is_not_measured(
    measured: tuple[Session, str], study: Path, tmp_path: Path
) -> None:
    session, run = measured
    shutil.copy(study / "labelsTr" / "phantom_02.nii.gz", tmp_path)
    (tmp_path / "dataset.json").write_text(json.dumps({"labels": {"1": "liver", "4": "stomach"}}))
    evaluation = session.evaluate(run, None, tmp_path)
    (case,) = evaluation.cases
    assert set(case.scores) == {"liver"}
    assert np.isnan(evaluation.mean["spleen"])
    assert evaluation.mean_dice == 1.0


def test_a_folder_without_the_masks_says_so(measured: tuple[Session, str], study: Path, tmp_path: Path) -> None:
    session, run = measured
    with pytest.raises(SlicelabError, match="no mask named like phantom_02"):
        session.evaluate(run, ["phantom_02"], tmp_path)
    with pytest.raises(SlicelabError, match="holds no mask named like a case"):
        session.evaluate(run, None, tmp_path)
    with pytest.raises(SlicelabError, match=r"phantom_02\.nii\.gz is a file"):
        session.evaluate(run, None, study / "labelsTr" / "phantom_02.nii.gz")
    with pytest.raises(SlicelabError, match="no prediction"):
        session.evaluate(run, ["phantom_04"], study / "labelsTr")
    with pytest.raises(SlicelabError, match="does not exist"):
        session.evaluate(run, None, tmp_path / "missing")
