"""What an import takes, what it leaves alone, and what it says about it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import to_stack
from slicelab.data.writers import read_own_volume
from slicelab.engine.session import Session


@pytest.fixture
def empty(tmp_path: Path):
    with Session.create(tmp_path / "new", ["liver", "spleen"]) as made:
        yield made


def series(path: Path, volumes: int = 3) -> Path:
    """A file with several volumes; volume k (from 0) holds k everywhere but in one corner."""
    voxels = np.broadcast_to(np.arange(volumes, dtype=np.int16), (12, 10, 6, volumes)).copy()
    voxels[0, 0, 0] = 100
    nib.save(nib.Nifti1Image(voxels, np.diag([1.0, 1.0, 4.0, 1.0])), path)
    return path


def test_projects_in_a_folder_are_passed_over(empty: Session, template: Path, study: Path, tmp_path: Path) -> None:
    shutil.copytree(study, tmp_path / "volumes from the scanner")
    shutil.copytree(template, tmp_path / "another project")
    report = empty.import_paths([tmp_path])
    assert [name[:7] for name in report.imported] == ["phantom"] * 6
    assert report.refused == ()


def test_a_project_is_no_folder_of_images(empty: Session, template: Path) -> None:
    report = empty.import_paths([template, empty.folder])
    assert report.imported == ()
    assert ["slicelab project" in refused.message for refused in report.refused] == [True, True]


def test_labels_for_a_case_without_a_mask_are_refused_before_anything_is_imported(empty: Session, study: Path) -> None:
    with pytest.raises(SlicelabError, match="no mask for phantom_05"):
        empty.import_paths([study], labels=("phantom_01", "phantom_05"))
    assert empty.cases() == ()


def test_labels_that_were_kept_are_mentioned(session: Session, study: Path) -> None:
    session.import_paths([study], labels=("phantom_02",))
    report = session.import_paths([study], labels="all")
    assert report.labelled == ("phantom_01", "phantom_03", "phantom_04")
    assert report.notes == {"phantom_02": ("It has labels already; they were kept.",)}


def test_a_data_set_that_names_no_structures_is_taken_by_value(empty: Session, study: Path, tmp_path: Path) -> None:
    nameless = shutil.copytree(study, tmp_path / "nameless")
    description = json.loads((nameless / "dataset.json").read_text())
    del description["labels"]
    (nameless / "dataset.json").write_text(json.dumps(description))
    report = empty.import_paths([nameless], labels=("phantom_01",))
    assert report.labelled == ("phantom_01",)
    assert report.unmapped == ("value 3", "value 4")
    truth = np.asarray(nib.as_closest_canonical(nib.load(study / "labelsTr" / "phantom_01.nii.gz")).dataobj)
    ours = empty.label_stack(empty.find(["phantom_01"])[0].id)
    np.testing.assert_array_equal(ours, to_stack(np.where(truth <= 2, truth, 0), 2))


def test_a_file_of_several_volumes_is_refused_with_the_way_to_choose_one(empty: Session, tmp_path: Path) -> None:
    report = empty.import_paths([series(tmp_path / "dynamic.nii")])
    assert report.imported == ()
    (refused,) = report.refused
    assert "3 volumes" in refused.message
    assert "1 to 3" in refused.remedy
    assert "--volume" in refused.remedy


def test_the_chosen_volume_of_several_is_imported_and_plain_files_are_as_ever(
    empty: Session, study: Path, tmp_path: Path
) -> None:
    plain = study / "imagesTr" / "phantom_01.nii.gz"
    report = empty.import_paths([series(tmp_path / "dynamic.nii"), plain], volume=2)
    assert report.imported == ("dynamic", "phantom_01")
    voxels = read_own_volume(empty.folder / "volumes" / f"{empty.find(['dynamic'])[0].id}.nii", mmap=False).voxels
    assert set(np.unique(voxels)) == {2, 100}
    (refused,) = empty.import_paths([series(tmp_path / "short.nii", 2)], volume=2).refused
    assert "no volume 3" in refused.message
