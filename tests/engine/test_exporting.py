"""Masks out of a project: the grid of the file it came from, under a name that every disk takes."""

from __future__ import annotations

from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
import SimpleITK as sitk
from dicom_kit import dicom_series

from slicelab.core.errors import SlicelabError
from slicelab.core.labels import SliceState
from slicelab.engine.evaluating import mask_of
from slicelab.engine.session import Session

SHAPE, SPACING, ORIGIN = (9, 8, 5), (1.5, 1.25, 6.0), (-20.0, 31.0, 7.0)
DIRECTIONS = {
    "axial": (1, 0, 0, 0, 1, 0, 0, 0, 1),
    "axial, upside down": (-1, 0, 0, 0, -1, 0, 0, 0, 1),
    "coronal": (1, 0, 0, 0, 0, 1, 0, -1, 0),
    "sagittal": (0, 0, -1, 1, 0, 0, 0, -1, 0),
}


def image(plane: str) -> sitk.Image:
    """Voxels that are all different on a grid in the plane."""
    voxels = np.random.default_rng(0).permutation(int(np.prod(SHAPE))).reshape(SHAPE[::-1]).astype(np.int16)
    made = sitk.GetImageFromArray(voxels)
    made.SetSpacing(SPACING)
    made.SetOrigin(ORIGIN)
    made.SetDirection([float(d) for d in DIRECTIONS[plane]])
    return made


def in_every_format(folder: Path, made: sitk.Image) -> list[Path]:
    """The image as files of all formats that are read."""
    files = [folder / f"case.{kind}" for kind in ("nrrd", "mha", "nii.gz")]
    for file in files:
        sitk.WriteImage(made, str(file))
    return [*files, dicom_series(folder / "series", made)]


@pytest.mark.parametrize("plane", DIRECTIONS)
def test_a_mask_lies_on_the_voxels_that_were_painted_in_the_file_it_came_from(plane: str, tmp_path: Path) -> None:
    source = image(plane)
    with Session.create(tmp_path / "project", ["liver"]) as session:
        report = session.import_paths(in_every_format(tmp_path, source))
        assert report.imported == ("case", "case (2)", "case (3)", "t2")
        for case in session.cases():
            bright = (session.open_case(case.id).image > 180).astype(np.uint8)  # where that is, the source tells
            session.labels.edit_slices(case.id, dict(enumerate(bright)), "brush")
        session.export(tmp_path / "out")
    for name in report.imported:
        ours = sitk.ReadImage(str(tmp_path / "out" / f"{name}.nii.gz"))
        np.testing.assert_array_equal(sitk.GetArrayFromImage(ours), sitk.GetArrayFromImage(source) > 180)
        np.testing.assert_allclose(ours.GetDirection(), source.GetDirection(), atol=1e-5)
        np.testing.assert_allclose(ours.GetOrigin(), source.GetOrigin(), atol=1e-4)
        np.testing.assert_allclose(ours.GetSpacing(), source.GetSpacing(), atol=1e-5)


def test_every_case_has_a_file_of_its_own_whatever_its_name(session: Session, tmp_path: Path) -> None:
    names = ["knee: left", "knee? left", "KNEE_ LEFT", "漢" * 200, "a" * 200, "Ä B.c"]
    for case, name in zip(session.cases(), names, strict=True):
        session._store.update_case(case.id, name=name).result()
    shape = session.labels.stack(session.cases()[0].id).shape[1:]
    for value, case in enumerate(session.cases(), start=1):
        mask = np.zeros(shape, np.uint8)
        mask[0, :value] = 1
        session.labels.edit_slices(case.id, {0: mask}, "brush").result()
    masks = [name for name in session.export(tmp_path / "out").files if name.endswith(".nii.gz")]
    assert len(set(masks)) == 6
    found = {int(np.asarray(nib.load(tmp_path / "out" / name).dataobj).sum()) for name in masks}
    assert found == {1, 2, 3, 4, 5, 6}
    for name in ("漢" * 200, "a" * 200, "Ä B.c"):  # what was exported can be measured against
        assert mask_of(name, tmp_path / "out") is not None


@pytest.mark.parametrize("ending", [".nii", ".NII.GZ", ".mha", ".nrrd"])
def test_a_reference_mask_is_found_by_the_name_of_its_case(ending: str, tmp_path: Path) -> None:
    (tmp_path / f"case 1{ending}").touch()
    (tmp_path / "case 11.nii.gz").touch()
    assert mask_of("case 1", tmp_path) == tmp_path / f"case 1{ending}"
    assert mask_of("case", tmp_path) is None
    assert mask_of("../case 1", tmp_path) is None


def test_nothing_is_exported_onto_a_file_or_into_the_project(session: Session, tmp_path: Path) -> None:
    case = session.cases()[0]
    session.labels.mark(case.id, [0], SliceState.DONE).result()
    (tmp_path / "notes.txt").write_text("mine")
    inside = {path: path.stat().st_mtime_ns for path in session.folder.rglob("*") if path.suffix == ".gz"}
    with pytest.raises(SlicelabError, match=r"notes\.txt is a file"):
        session.export(tmp_path / "notes.txt")
    for place in (session.folder, session.folder / "masks"):
        with pytest.raises(SlicelabError, match="part of the project"):
            session.export(place)
        with pytest.raises(SlicelabError, match="part of the project"):
            session.export_model("r0001", place)
    assert (tmp_path / "notes.txt").read_text() == "mine"
    assert {path: path.stat().st_mtime_ns for path in session.folder.rglob("*") if path.suffix == ".gz"} == inside
    assert not (session.folder / "masks").exists()
