"""A mask of one value that nothing names is of one class: the one that was named, and of the others it says nothing."""

from __future__ import annotations

import json
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from test_against import run_with_predictions, truth
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.labels import SliceState
from slicelab.engine.session import Session


def ask(*words: str | Path) -> tuple[int, dict]:
    shown = CliRunner().invoke(app, [*map(str, words), "--json"])
    return shown.exit_code, json.loads(shown.stdout)


@pytest.fixture
def folder(tmp_path: Path, study: Path) -> Path:
    """A data set whose description names no structure; its mask is a spleen, with value 1."""
    made = tmp_path / "nameless"
    for name in ("imagesTr", "labelsTr"):
        (made / name).mkdir(parents=True)
    image = nib.load(study / "imagesTr" / "phantom_02.nii.gz")
    nib.save(image, made / "imagesTr" / "one.nii.gz")
    mask = nib.load(study / "labelsTr" / "phantom_02.nii.gz")
    spleen = (np.asarray(mask.dataobj) == 4).astype(np.uint8)
    nib.save(nib.Nifti1Image(spleen, mask.affine), made / "labelsTr" / "one.nii.gz")
    entry = {"image": "./imagesTr/one.nii.gz", "label": "./labelsTr/one.nii.gz"}
    (made / "dataset.json").write_text(json.dumps({"training": [entry]}))
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    with Session.create(tmp_path / "empty", ["liver", "right kidney", "left kidney", "spleen"]) as made:
        return made.folder


def known(project: Path) -> tuple[set[int], set[int]]:
    """Classes that slices are done for, and values in the masks."""
    with Session.open(project, read_only=True) as session:
        (case,) = session.cases()
        states = session.labels.states(case.id)
        done = {value for one in states for value, state in one.items() if state is SliceState.DONE}
        return done, set(np.unique(session.labels.stack(case.id)).tolist())


def test_an_imported_mask_is_of_the_class_that_was_named_and_the_rest_stays_unknown(folder: Path, empty: Path) -> None:
    code, said = ask("import", empty, folder, "--labels", "all", "--class", "Spleen")
    assert (code, said["labelled"], said["spoken"], said["label_folders"]) == (0, ["one"], ["spleen"], ["labelsTr"])
    assert known(empty) == ({4}, {0, 4})


def test_without_a_name_an_imported_mask_is_of_the_class_of_its_value_and_it_is_said(folder: Path, empty: Path) -> None:
    code, said = ask("import", empty, folder, "--labels", "all")
    assert (code, said["spoken"]) == (0, ["liver"])
    assert "one value" in said["notes"]["one"][0]
    assert known(empty) == ({1}, {0, 1}), "of kidneys and spleen it says nothing: they are not verified empty"


def test_a_value_that_is_no_class_is_refused_unless_the_class_is_named(folder: Path, empty: Path) -> None:
    path = folder / "labelsTr" / "one.nii.gz"
    mask = nib.load(path)
    nib.save(nib.Nifti1Image(np.asarray(mask.dataobj) * np.uint8(255), mask.affine), path)
    code, said = ask("import", empty, folder, "--labels", "all")
    assert code == 1
    assert "--class" in said["refused"][0]["remedy"]
    assert ask("import", empty, folder, "--labels", "all", "--class", "spleen")[0] == 0
    assert known(empty) == ({4}, {0, 4})


def test_a_class_that_is_not_there_or_a_mask_of_several_values_changes_nothing(
    folder: Path, empty: Path, study: Path
) -> None:
    code, said = ask("import", empty, folder, "--labels", "all", "--class", "heart")
    assert code == 1
    assert "heart" in said["error"]
    with Session.open(empty) as session:
        session.import_paths([folder])
    several = study / "labelsTr" / "phantom_02.nii.gz"
    code, said = ask("label", empty, "one", "--from", several, "--class", "spleen")
    assert code == 1
    assert "several values" in said["error"]
    assert known(empty) == (set(), {0})


def test_references_of_one_value_measure_one_class(session: Session, study: Path, tmp_path: Path) -> None:
    whole = truth(study, "phantom_02")
    run = run_with_predictions(session, {"phantom_02": whole})
    mask = nib.load(study / "labelsTr" / "phantom_02.nii.gz")
    references = tmp_path / "references"
    references.mkdir()
    spleen = (np.asarray(mask.dataobj) == 4).astype(np.uint8)
    nib.save(nib.Nifti1Image(spleen, mask.affine), references / "phantom_02.nii.gz")
    session.close()
    code, said = ask("evaluate", session.folder, "--run", run, "--against", references, "--class", "spleen")
    assert code == 0
    assert {name: one["dice"] for name, one in said["cases"][0]["classes"].items()} == {"spleen": 1.0}
    code, said = ask("evaluate", session.folder, "--run", run, "--against", references)
    assert set(said["cases"][0]["classes"]) == {"liver"}, "the value says so; the others are not called missed"


def test_a_mask_that_speaks_of_every_class_also_says_what_is_not_there(folder: Path, empty: Path) -> None:
    """With ``--all-classes`` its slices are done for all; an empty mask then verifies them empty."""
    with Session.open(empty) as session:
        session.import_paths([folder])
    mask = nib.load(folder / "labelsTr" / "one.nii.gz")
    (folder / "alone").mkdir()
    nib.save(mask, folder / "alone" / "one.nii.gz")
    nib.save(nib.Nifti1Image(np.zeros(mask.shape, np.uint8), mask.affine), folder / "alone" / "none.nii.gz")
    code, said = ask("label", empty, "one", "--from", folder / "alone" / "one.nii.gz", "--slices", "2-3")
    assert (code, said["labelled"], said["done"], said["partly_done"]) == (0, 2, 0, 2)
    plain = CliRunner().invoke(app, ["label", str(empty), "one", "--from", str(folder / "alone" / "one.nii.gz")])
    assert "done, 10 for some classes" in plain.stdout
    assert "--all-classes" in plain.stdout
    assert ask("label", empty, "one", "--from", folder / "alone" / "none.nii.gz")[0] == 1
    code, said = ask("label", empty, "one", "--from", folder / "alone" / "none.nii.gz", "--all-classes")
    assert (code, said["done"], said["partly_done"], len(said["classes"])) == (0, said["slices"], 0, 4)
    assert known(empty) == ({1, 2, 3, 4}, {0})
