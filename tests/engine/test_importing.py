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
from slicelab.data.readers import Source
from slicelab.data.writers import read_own_volume
from slicelab.engine.series import alike
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
    ours = empty.labels.stack(empty.find(["phantom_01"])[0].id)
    np.testing.assert_array_equal(ours, to_stack(np.where(truth <= 2, truth, 0), 2))


def test_a_file_of_several_volumes_is_refused_with_the_way_to_choose_one(empty: Session, tmp_path: Path) -> None:
    report = empty.import_paths([series(tmp_path / "dynamic.nii")])
    assert report.imported == ()
    (refused,) = report.refused
    assert "3 volumes" in refused.message
    assert "1 to 3" in refused.remedy
    assert "--volume" in refused.remedy


def volume_of(session: Session, case: str) -> np.ndarray:
    """The case's own file, read past the session, ``(x, y, z)``."""
    return read_own_volume(session.folder / "volumes" / f"{session.find([case])[0].id}.nii", mmap=False).voxels


def test_the_chosen_volume_of_several_is_imported_and_plain_files_are_as_ever(
    empty: Session, study: Path, tmp_path: Path
) -> None:
    plain = study / "imagesTr" / "phantom_01.nii.gz"
    report = empty.import_paths([series(tmp_path / "dynamic.nii"), plain], volume=2)
    assert report.imported == ("dynamic", "phantom_01")
    assert set(np.unique(volume_of(empty, "dynamic"))) == {2, 100}
    assert report.notes["dynamic"] == ("This is volume 3 of the 3 that the series holds.",)
    (refused,) = empty.import_paths([series(tmp_path / "short.nii", 2)], volume=2).refused
    assert "no volume 3" in refused.message


def test_another_volume_of_the_same_file_is_another_case_of_the_same_patient(empty: Session, tmp_path: Path) -> None:
    path = series(tmp_path / "dynamic.nii")
    assert empty.import_paths([path], volume=0).imported == ("dynamic",)
    assert empty.import_paths([path], volume=0).already == ("dynamic",)
    assert empty.import_paths([path], volume=2).imported == ("dynamic volume 3",)
    assert set(np.unique(volume_of(empty, "dynamic volume 3"))) == {2, 100}
    assert len({case.patient for case in empty.cases()}) == 1, "or one patient would be on both sides of a split"


def test_each_volume_can_become_a_case_of_one_patient(empty: Session, tmp_path: Path) -> None:
    report = empty.import_paths([series(tmp_path / "dynamic.nii"), series(tmp_path / "other.nii", 2)], volume="each")
    assert report.imported == (*(f"dynamic volume {n}" for n in (1, 2, 3)), "other volume 1", "other volume 2")
    for frame in range(3):
        assert set(np.unique(volume_of(empty, f"dynamic volume {frame + 1}"))) == {frame, 100}
    patients = {case.name: case.patient for case in empty.cases()}
    assert len({patient for name, patient in patients.items() if name.startswith("dynamic")}) == 1
    assert len(set(patients.values())) == 2


def test_what_is_found_can_be_looked_at_and_chosen_from_file_by_file(empty: Session, tmp_path: Path) -> None:
    paths = [series(tmp_path / "a.nii"), series(tmp_path / "b.nii"), series(tmp_path / "c.nii"), tmp_path / "none.nii"]
    found = empty.look(paths)
    assert [(source.name, source.frames) for source in found.sources] == [("a", 3), ("b", 3), ("c", 3)]
    pictures = empty.volume_pictures(found.sources[0], 8)
    assert pictures.shape == (3, 5, 6)
    report = empty.import_found(found, volumes={"a": 1, "b": None})
    assert report.imported == ("a",)
    assert set(np.unique(volume_of(empty, "a"))) == {1, 100}
    said = {refused.name: refused.message for refused in report.refused}
    assert "none was chosen" in said["b"], "left out"
    assert "3 volumes" in said["c"], "nobody was asked about it"
    assert "not there" in said["none.nii"]


def test_pictures_that_nobody_waits_for_any_more_are_given_up_at_once(empty: Session, tmp_path: Path) -> None:
    found = empty.look([series(tmp_path / "a.nii")])
    empty.volume_pictures(found.sources[0], 8)
    reader = empty._picture_reader._process
    empty.give_up_volume_pictures()
    assert not reader.alive
    assert not reader.folder.exists()
    assert empty.volume_pictures(found.sources[0], 8).shape == (3, 5, 6), "they can be asked for again"


def test_series_with_as_many_volumes_are_asked_about_together() -> None:
    def source(name: str, frames: int) -> Source:
        return Source(name, Path(name), frames=frames)

    groups = alike([source("a", 3), source("b", 1), source("c", 2), source("d", 3)])
    assert [[s.name for s in group] for group in groups] == [["a", "d"], ["c"]]
