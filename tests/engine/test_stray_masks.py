"""Masks among the images of an import: none becomes a patient of its own unasked, and no image is taken for one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.mask_likeness import looks_like_mask, without_mask_word
from slicelab.engine.session import Session


@pytest.fixture
def empty(tmp_path: Path):
    with Session.create(tmp_path / "new", ["liver", "spleen"]) as made:
        yield made


@pytest.fixture
def files(study: Path, tmp_path: Path) -> Path:
    """Two images and a mask of the second one, in no data set; the mask's name sorts first."""
    folder = tmp_path / "files"
    folder.mkdir()
    for number in (1, 2):
        name = f"phantom_{number:02d}.nii.gz"
        image = nib.load(study / "imagesTr" / name)
        affine = image.affine.copy()
        affine[:3, 3] += number  # as no two patients lie on one grid
        nib.save(nib.Nifti1Image(np.asarray(image.dataobj), affine), folder / name)
        mask = np.asarray(nib.load(study / "labelsTr" / name).dataobj).astype(np.uint8)
        if number == 2:
            nib.save(nib.Nifti1Image(np.where(mask == 1, 1, 0).astype(np.uint8), affine), folder / "a mask.nii.gz")
    return folder


def test_a_mask_among_images_is_no_case_and_is_known_for_whose_it_is(empty: Session, files: Path) -> None:
    report = empty.import_paths([files])
    assert report.imported == ("phantom_01", "phantom_02")
    (mask,) = report.masks
    assert (mask.name, mask.case, mask.path) == ("a mask", "phantom_02", files / "a mask.nii.gz")
    assert {case.name for case in empty.cases()} == {"phantom_01", "phantom_02"}


def test_a_mask_that_comes_later_is_known_for_whose_it_is_and_is_a_case_where_that_is_asked_for(
    empty: Session, files: Path
) -> None:
    empty.import_paths([files / "phantom_01.nii.gz", files / "phantom_02.nii.gz"])
    report = empty.import_paths([files / "a mask.nii.gz"])
    assert report.imported == ()
    assert [mask.case for mask in report.masks] == ["phantom_02"]
    assert empty.import_paths([files / "a mask.nii.gz"], masks_as_cases=True).imported == ("a mask",)
    assert empty.import_paths([files / "a mask.nii.gz"]).already == ("a mask",)


def test_a_mask_on_the_voxels_of_several_cases_is_left_for_the_person(empty: Session, files: Path) -> None:
    image = nib.load(files / "phantom_02.nii.gz")
    other = np.asarray(image.dataobj)[::-1]
    nib.save(nib.Nifti1Image(other, image.affine), files / "other.nii.gz")
    (mask,) = empty.import_paths([files]).masks
    assert (mask.case_id, mask.case) == ("", "")
    shutil.copy(files / "a mask.nii.gz", files / "other_seg.nii.gz")
    assert {mask.case for mask in empty.import_paths([files / "other_seg.nii.gz"]).masks} == {"other"}


@pytest.mark.parametrize(
    "kind", ["float", "signed", "many grey values", "two grey values alone", "two grey values elsewhere"]
)
def test_an_image_is_never_taken_for_a_mask(empty: Session, files: Path, tmp_path: Path, kind: str) -> None:
    image = nib.load(files / "phantom_02.nii.gz")
    voxels = np.asarray(nib.load(files / "a mask.nii.gz").dataobj)
    affine = image.affine.copy()
    if kind == "float":
        voxels = voxels.astype(np.float32) * 0.5
    elif kind == "signed":
        voxels = voxels.astype(np.int16) * -1
    elif kind == "many grey values":
        voxels = (np.asarray(image.dataobj) % 100).astype(np.uint8)
    elif kind == "two grey values elsewhere":
        affine[:3, 3] += 40
    nib.save(nib.Nifti1Image(voxels, affine), tmp_path / "real.nii.gz")
    paths = [tmp_path / "real.nii.gz"] if kind == "two grey values alone" else [files, tmp_path / "real.nii.gz"]
    report = empty.import_paths(paths)
    assert "real" in report.imported
    assert "real" not in {mask.name for mask in report.masks}


def test_images_of_few_values_on_one_grid_are_no_masks_of_one_another(empty: Session, files: Path) -> None:
    for name in ("b", "c"):
        voxels = np.asarray(nib.load(files / "a mask.nii.gz").dataobj).copy()
        voxels[0, 0, 0] = ord(name) % 50
        nib.save(nib.Nifti1Image(voxels, np.eye(4)), files / f"{name}.nii.gz")
    assert empty.import_paths([files / "b.nii.gz"]).imported == ("b",)
    assert empty.import_paths([files / "c.nii.gz"]).imported == ("c",)


def test_the_command_line_refuses_a_mask_in_words_with_what_to_type(empty: Session, files: Path) -> None:
    empty.import_paths([files / "phantom_02.nii.gz"])
    project = empty.folder
    empty.close()
    words = ["import", str(project), str(files / "a mask.nii.gz")]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 1
    assert "looks like a mask of phantom_02" in said.output
    assert f"slicelab label {project} phantom_02 --from '{files / 'a mask.nii.gz'}'" in said.output
    facts = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert [mask["case"] for mask in facts["masks"]] == ["phantom_02"]
    taken = ["label", str(project), "phantom_02", "--from", str(files / "a mask.nii.gz")]
    assert CliRunner().invoke(app, taken).exit_code == 0
    assert CliRunner().invoke(app, [*words, "--masks-as-cases"]).exit_code == 0
    with Session.open(project, read_only=True) as again:
        assert {case.name for case in again.cases()} == {"phantom_02", "a mask"}


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("Pat_19_seg", "Pat_19"),
        ("Pat 19 Mask", "Pat 19"),
        ("labels-7", "7"),
        ("T2", None),
        ("mask", None),
        ("gto", None),
    ],
)
def test_the_name_of_a_mask_says_whose_it_is(name: str, image: str | None) -> None:
    assert without_mask_word(name) == image


def test_what_masks_hold_is_few_whole_numbers() -> None:
    rng = np.random.default_rng(0)
    assert looks_like_mask(rng.integers(0, 5, (40, 40, 9)).astype(np.float64))
    assert not looks_like_mask(rng.integers(0, 200, (40, 40, 9)))
    late = np.zeros((80, 80, 9))
    late[1, 1, 1] = 0.5  # between the voxels that are looked at first
    assert not looks_like_mask(late)
