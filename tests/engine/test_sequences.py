"""Further images of a case: on any grid, over the labelled image by their place in the scanner; removed, restored."""

from __future__ import annotations

import shutil
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest

from slicelab.core.errors import GeometryMismatchError, SlicelabError
from slicelab.engine.sequences import SeveralVolumesError
from slicelab.engine.session import Session
from slicelab.plugin.reader import read

SHAPE = (20, 24, 8)
GRID = np.diag([2.0, 2.0, 5.0, 1.0])


def place(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """An intensity that says where in the scanner a voxel lies; linear, so that interpolation is exact."""
    return 100 + 3 * x + 5 * y + 7 * z


def saved(path: Path, affine: np.ndarray, shape: tuple[int, int, int] = SHAPE) -> Path:
    """A volume whose intensities say where they lie."""
    index = np.stack(np.meshgrid(*(np.arange(n) for n in shape), indexing="ij"), axis=-1)
    mm = index @ affine[:3, :3].T + affine[:3, 3]
    nib.save(nib.Nifti1Image(place(*np.moveaxis(mm, -1, 0)).astype(np.float32), affine), path)
    return path


@pytest.fixture
def opened(tmp_path: Path):
    with Session.create(tmp_path / "project", ["liver"]) as made:
        made.import_paths([saved(tmp_path / "first.nii", GRID)])
        yield made


def turned() -> np.ndarray:
    """Another grid over the same place: oblique, finer, sagittal, its axes running to the left and to the feet."""
    angle = np.deg2rad(10)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.array([[0, 0, -1.5], [1.1, 0, 0], [0, -1.3, 0]])
    affine[:3, 3] = np.array([19.0, 23.0, 17.5]) - affine[:3, :3] @ (np.array([70, 60, 50]) - 1) / 2
    return affine


def test_a_sequence_on_another_grid_lies_where_the_scanner_had_it(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    made = opened.sequences.add(case.id, saved(tmp_path / "T1.nii.gz", turned(), (70, 60, 50)))
    assert made.name == "T1"
    seen = opened.sequences.load(case.id, made.id).image
    primary = opened.open_case(case.id).image
    assert seen.shape == primary.shape
    np.testing.assert_allclose(seen, primary, atol=0.01)
    assert opened.cases()[0].sequences == ("T1",)


def test_the_labelled_image_stays_the_one_that_is_learned_from_and_labelled(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    before = opened.open_case(case.id)
    opened.sequences.add(case.id, saved(tmp_path / "T1.nii", turned(), (70, 60, 50)))
    after = opened.open_case(case.id)
    assert after.labels is before.labels
    np.testing.assert_array_equal(after.image, before.image)


def test_what_lies_elsewhere_in_the_scanner_is_refused_and_leaves_nothing(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    away = GRID.copy()
    away[0, 3] = 500.0
    with pytest.raises(GeometryMismatchError, match="does not overlap the case"):
        opened.sequences.add(case.id, saved(tmp_path / "far.nii", away))
    assert opened.sequences.of(case.id) == ()
    assert [path.name for path in (opened.folder / "volumes").iterdir()] == ["c0001.nii"]


def test_a_part_is_black_around_and_said_to_be_one(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    shifted = GRID.copy()
    shifted[2, 3] = 20.0  # four slices up
    made = opened.sequences.add(case.id, saved(tmp_path / "upper.nii", shifted))
    assert made.notes == ("It covers 50% of the labelled image.",)
    seen = opened.sequences.load(case.id, made.id).image
    primary = opened.open_case(case.id).image
    np.testing.assert_allclose(seen[4:], primary[4:], rtol=1e-5)
    assert np.unique(seen[:4]).tolist() == [seen.min()]


def test_the_same_image_twice_several_images_and_another_patient_are_refused(
    opened: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (case,) = opened.cases()
    with pytest.raises(SlicelabError, match="that is labelled"):
        opened.sequences.add(case.id, tmp_path / "first.nii")
    second = saved(tmp_path / "T1.nii", turned(), (70, 60, 50))
    opened.sequences.add(case.id, second)
    with pytest.raises(SlicelabError, match="has this image already, as T1"):
        opened.sequences.add(case.id, second)
    with pytest.raises(SlicelabError, match="There are 2 images there"):
        opened.sequences.add(case.id, tmp_path)
    with pytest.raises(SlicelabError, match=r"No MR volume|cannot be|not"):
        opened.sequences.add(case.id, tmp_path / "nowhere.nii")
    shutil.copy(second, tmp_path / "T1 again.nii")
    report = opened.import_paths([tmp_path / "T1 again.nii"])
    assert report.already == (case.name,), "a sequence of a case is in the project already"


def test_of_a_file_that_holds_several_volumes_one_is_chosen_and_named_by_its_number(
    opened: Session, tmp_path: Path
) -> None:
    (case,) = opened.cases()
    one = nib.load(saved(tmp_path / "one.nii", turned(), (70, 60, 50)))
    series, voxels = tmp_path / "dynamic.nii", np.asarray(one.dataobj)
    nib.save(nib.Nifti1Image(np.stack([voxels, voxels + 50], axis=-1), one.affine), series)
    with pytest.raises(SeveralVolumesError) as refused:
        opened.sequences.add(case.id, series)
    assert refused.value.source.frames == 2
    assert opened.sequences.of(case.id) == ()
    made = [opened.sequences.add(case.id, series, volume=at) for at in (1, 0)]
    assert [one.name for one in made] == ["dynamic, volume 2", "dynamic, volume 1"]
    brighter, darker = (opened.sequences.load(case.id, one.id).image for one in made)
    seen = darker != 0
    np.testing.assert_allclose(brighter[seen] - darker[seen], 50, atol=1)


def test_names_are_told_apart_and_windows_kept_for_each(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    (tmp_path / "other").mkdir()
    first = opened.sequences.add(case.id, saved(tmp_path / "T1.nii", turned(), (70, 60, 50)))
    second = opened.sequences.add(case.id, saved(tmp_path / "other" / "T1.nii", turned(), (69, 60, 50)))
    assert [one.name for one in opened.sequences.of(case.id)] == ["T1", "T1 2"]
    opened.sequences.set_window(second.id, 10.0, 90.0).result()
    with_window, without = (opened.sequences.load(case.id, one.id).window for one in (second, first))
    assert with_window == (10.0, 90.0)
    assert without != with_window
    opened.set_window(case.id, 1.0, 2.0).result()
    assert opened.sequences.load(case.id, second.id).window == (10.0, 90.0)


def test_a_removed_sequence_comes_back_and_one_deleted_for_good_frees_its_file(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    made = opened.sequences.add(case.id, saved(tmp_path / "T1.nii", turned(), (70, 60, 50)))
    removed = opened.upkeep.remove("sequence", str(made.id))
    assert (removed.name, removed.bytes > 0) == ("T1 (first)", True)
    assert opened.sequences.of(case.id) == ()
    assert opened.upkeep.removed() == (removed,)
    with pytest.raises(SlicelabError, match="among the removed items"):
        opened.sequences.add(case.id, tmp_path / "T1.nii")
    with pytest.raises(SlicelabError, match="no such sequence any more"):
        opened.sequences.load(case.id, made.id)
    opened.upkeep.restore("sequence", str(made.id))
    assert opened.sequences.of(case.id) == (made,)
    with pytest.raises(SlicelabError, match="Only what was removed"):
        opened.upkeep.delete_for_good([removed])
    opened.upkeep.remove("sequence", str(made.id))
    assert opened.upkeep.delete_for_good([removed]) == removed.bytes
    assert opened.upkeep.removed() == ()
    assert [path.name for path in (opened.folder / "volumes").iterdir()] == ["c0001.nii"]
    again = opened.sequences.add(case.id, tmp_path / "T1.nii")
    assert (again.name, again.id != made.id) == ("T1", True)


def test_sequences_go_and_come_back_with_their_case_and_tell_its_patient(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    made = opened.sequences.add(case.id, saved(tmp_path / "T1.nii", turned(), (70, 60, 50)))
    opened.upkeep.remove("case", case.id)
    assert [one.kind for one in opened.upkeep.removed()] == ["case"]
    opened.upkeep.restore("case", case.id)
    assert opened.sequences.of(case.id) == (made,)
    opened.upkeep.remove("sequence", str(made.id))
    assert opened.import_paths([tmp_path / "T1.nii"]).imported == ("T1",)
    assert {one.patient for one in opened.cases()} == {case.patient}, "a leak between the two is still found"
    opened.upkeep.remove("case", case.id)
    opened.upkeep.delete_for_good(opened.upkeep.removed())
    assert "T1" not in {one.name for one in opened._store.sequences(removed=True)}


def test_napari_shows_a_sequence_below_the_labelled_image(opened: Session, tmp_path: Path) -> None:
    (case,) = opened.cases()
    opened.sequences.add(case.id, saved(tmp_path / "T1.nii", turned(), (70, 60, 50)))
    layers = read(str(opened.folder / "volumes" / "c0001-2.nii"))
    assert [settings["name"] for _, settings, _ in layers] == ["first T1", "first", "first labels"]
    assert layers[0][0].shape == layers[1][0].shape


def test_masks_are_told_from_images_by_what_they_hold(opened: Session, tmp_path: Path, study: Path) -> None:
    assert opened.sequences.looks_like_mask(study / "labelsTr" / "phantom_01.nii.gz")
    assert not opened.sequences.looks_like_mask(study / "imagesTr" / "phantom_01_0000.nii.gz")
    assert not opened.sequences.looks_like_mask(tmp_path / "nowhere.nii")
