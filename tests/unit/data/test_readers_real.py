"""Real MR files: everything there is opened, through the child, and is read or refused in plain words."""

from __future__ import annotations

import os
from pathlib import Path

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk

from slicelab.core.errors import UnreadableFileError
from slicelab.data.grids import check_same_grid
from slicelab.data.readers import VolumeReader

ROOT = Path(os.environ.get("SLICELAB_TEST_DATA", "/nonexistent"))
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not ROOT.is_dir(), reason="SLICELAB_TEST_DATA does not name a folder of real volumes"),
]
STUDY = ROOT / "formats" / "dicom_prostatex_0000"


@pytest.fixture(scope="module")
def reader():
    with VolumeReader() as reader:
        yield reader


@pytest.mark.parametrize(("name", "cases", "labelled"), [("liver_chaos_t2", 12, 12), ("prostate_promise12", 53, 24)])
def test_decathlon_sets_are_found_and_masks_lie_on_their_images(name, cases, labelled, reader):
    found = reader.discover([ROOT / name])
    assert len(found.sources) == cases
    assert found.refused == ()
    with_mask = [source for source in found.sources if source.label]
    assert len(with_mask) == labelled
    for source in with_mask[::4]:
        image, mask = reader.read(source.image), reader.read(source.label, mask=True)
        check_same_grid(image.volume.geometry, mask.volume.geometry)
        oracle = nibabel.load(source.image)
        np.testing.assert_array_equal(image.volume.voxels, np.asanyarray(oracle.dataobj))
        np.testing.assert_allclose(image.volume.geometry.affine, oracle.affine, atol=1e-4)
        canonical = nibabel.as_closest_canonical(oracle)
        np.testing.assert_array_equal(image.volume.canonical().voxels, np.asanyarray(canonical.dataobj))
        assert image.volume.geometry.shape[image.volume.geometry.acquisition_axis] == source.slices


def test_a_study_gives_its_series_and_each_agrees_with_simpleitk(reader):
    found = reader.discover([STUDY])
    assert len(found.sources) == 7
    assert found.refused == ()
    assert len({source.patient for source in found.sources}) == 1
    for source in found.sources:
        if source.frames > 1:
            assert (source.frames, source.slices) == (3, 19)
            continue
        read = reader.read(source.image, series=source.series)
        series = sitk.ImageSeriesReader()
        series.SetFileNames(series.GetGDCMSeriesFileNames(str(source.image), source.series))
        oracle = series.Execute()
        np.testing.assert_array_equal(read.volume.voxels, sitk.GetArrayFromImage(oracle).T)
        for index in ([0, 0, 0], [5, 7, 11]):
            mm = np.array(oracle.TransformIndexToPhysicalPoint(index)) * [-1, -1, 1]
            np.testing.assert_allclose(read.volume.geometry.to_mm(index), mm, atol=1e-3)


def test_the_same_volume_as_dicom_and_as_metaimage_is_the_same_and_its_masks_fit(reader):
    (source,) = [s for s in reader.discover([STUDY]).sources if "t2_tse_tra" in s.name]
    dicom = reader.read(source.image, series=source.series)
    folder = ROOT / "formats" / "prostatex_0000_labels"
    meta = reader.read(folder / "ProstateX-0000_07-07-2011_t2w.mha")
    np.testing.assert_array_equal(dicom.volume.canonical().voxels, meta.volume.canonical().voxels)
    for file in sorted(folder.glob("*.nii.gz")):
        check_same_grid(dicom.volume.geometry, reader.read(file, mask=True).volume.geometry)


def test_repeated_positions_are_read_as_volumes(reader):
    (source,) = [s for s in reader.discover([STUDY]).sources if s.frames > 1]
    with pytest.raises(UnreadableFileError, match="3 volumes"):
        reader.read(source.image, series=source.series)
    means = [reader.read(source.image, series=source.series, frame=f).volume.voxels.mean() for f in range(3)]
    assert means == sorted(means, reverse=True)  # the signal falls with the b-value


def outcome(reader, path):
    """A finite volume, or the refusal."""
    try:
        return reader.read(path, frame=0)
    except UnreadableFileError as refusal:
        return refusal


def test_every_file_there_is_read_or_refused_in_plain_words(reader):
    for path in sorted((ROOT / "formats").rglob("*")):
        if not path.is_file() or STUDY in path.parents:
            continue
        found = outcome(reader, path)
        if isinstance(found, UnreadableFileError):
            assert found.remedy
            assert path.name not in str(found)
        else:
            assert np.isfinite(found.volume.voxels).all()
    assert reader.restarts == 0


def test_everything_odd_agrees_with_nibabel(reader):
    for path in sorted((ROOT / "formats").rglob("*.nii*")):
        oracle = nibabel.load(path)
        values = np.asanyarray(oracle.dataobj)
        values = values.reshape(*values.shape[:3], -1)[..., 0]
        read = reader.read(path, frame=0)
        finite = np.isfinite(values)
        np.testing.assert_allclose(read.volume.voxels[finite], values[finite], rtol=1e-6)
        np.testing.assert_allclose(read.volume.geometry.affine, oracle.affine, atol=1e-4)
