"""DICOM series: ordered by position, irregularities said, everything else refused in plain words."""

from __future__ import annotations

import numpy as np
import pytest
from foreign_kit import affine_of, dicom_slice, save, voxels, write_dicom

from slicelab.core.errors import UnreadableFileError
from slicelab.core.thumbnails import small_grey
from slicelab.data.readers.discovery import discover
from slicelab.data.readers.load import load, middle_slices

SAGITTAL = (0, 1, 0, 0, 0, -1)


def slices(folder, places, *, series="1.2.3.4", orientation=(1, 0, 0, 0, 1, 0), **more):
    """One picture a place along z; each picture's pixels say its running number."""
    folder.mkdir(exist_ok=True)
    for number, place in enumerate(places):
        pixels = np.full((4, 5), number, np.uint16)
        extra = {key: value[number] if isinstance(value, list) else value for key, value in more.items()}
        ds = dicom_slice(
            pixels, position=(0, 0, place), orientation=orientation, number=number + 1, series=series, **extra
        )
        save(ds, folder / f"{series[-1]}_{(number * 7) % 101:03d}")
    return folder


def order(read):
    return read.volume.voxels[0, 0, :].tolist()


def test_slices_are_sorted_by_position_and_not_by_name_or_number(tmp_path):
    read = load(slices(tmp_path / "s", [6, 0, 9, 3]))
    assert order(read) == [1, 3, 0, 2]
    assert read.volume.geometry.spacing == pytest.approx((1, 1, 3))
    assert read.notes == ()


def test_header_gives_description_window_and_a_patient_key_that_names_nobody(tmp_path):
    read = load(write_dicom(tmp_path / "s", voxels(dtype=np.uint16), affine_of()))
    assert read.description == "t2_tse_tra"
    assert read.window == (60, 140)
    assert read.patient_key.startswith("dicom-")
    assert "4711" not in read.patient_key
    assert "Planted" not in repr(read)


def test_pixels_are_rescaled_to_their_real_values(tmp_path):
    folder = slices(tmp_path / "s", [0, 1, 2], RescaleSlope=[2, 3, 4], RescaleIntercept=-1)
    assert order(load(folder)) == [-1, 2, 7]


def test_a_gap_is_said_and_the_spacing_is_the_usual_one(tmp_path):
    read = load(slices(tmp_path / "s", [0, 3, 6, 12, 15]))
    assert read.volume.geometry.spacing[2] == pytest.approx(3)
    assert any("between slices 3 and 4 (6.0 mm)" in note for note in read.notes)


def test_copies_of_a_file_are_left_out(tmp_path):
    folder = slices(tmp_path / "s", [0, 3, 6])
    for file in list(folder.iterdir()):
        (folder / f"copy of {file.name}").write_bytes(file.read_bytes())
    read = load(folder)
    assert order(read) == [0, 1, 2]
    assert any("3 files were copies" in note for note in read.notes)


def test_a_position_recorded_twice_is_said_and_the_first_is_used(tmp_path):
    read = load(slices(tmp_path / "s", [0, 3, 3, 6]))
    assert order(read) == [0, 1, 3]
    assert any("1 of 3 positions" in note for note in read.notes)


def test_repeated_positions_are_volumes_in_the_order_of_their_weighting(tmp_path):
    places = [0, 3, 6] * 3
    weights = [800.0] * 3 + [0.0] * 3 + [400.0] * 3
    folder = slices(tmp_path / "s", places, DiffusionBValue=weights)
    with pytest.raises(UnreadableFileError, match=r"3 volumes.*Pick a volume"):
        load(folder)
    assert [order(load(folder, frame=f)) for f in range(3)] == [[3, 4, 5], [6, 7, 8], [0, 1, 2]]
    (source,) = discover([folder]).sources
    assert (source.frames, source.slices) == (3, 3)
    for frame, picture in enumerate(middle_slices(folder, 96)):
        np.testing.assert_array_equal(picture, small_grey(load(folder, frame=frame).volume.canonical().stack()[1], 96))


def test_mixed_directions_are_refused(tmp_path):
    slices(tmp_path / "s", [0, 3])
    slices(tmp_path / "s", [10, 20], orientation=SAGITTAL, SOPInstanceUID=["9.1", "9.2"])
    (tmp_path / "s" / "x").write_bytes((tmp_path / "s" / "4_000").read_bytes())
    for number, orientation in enumerate([(1, 0, 0, 0, 1, 0), SAGITTAL]):
        save(
            dicom_slice(np.zeros((4, 5), np.uint16), position=(0, 0, 0), orientation=orientation, number=number),
            tmp_path / "s" / f"m{number}",
        )
    with pytest.raises(UnreadableFileError, match="2 directions"):
        load(tmp_path / "s")
    found = discover([tmp_path])
    assert not found.sources
    assert "2 directions" in found.refused[0].message


def test_slices_of_different_sizes_are_refused(tmp_path):
    folder = slices(tmp_path / "s", [0, 3])
    save(dicom_slice(np.zeros((6, 6), np.uint16), position=(0, 0, 6), number=3), folder / "other")
    with pytest.raises(UnreadableFileError, match="different sizes"):
        load(folder)


def test_several_series_in_a_folder_are_several_cases(tmp_path):
    slices(tmp_path / "s", [0, 3, 6], series="1.2.3.4", SeriesNumber=10)
    slices(tmp_path / "s", [0, 3], series="1.2.3.5", SeriesNumber=2)
    found = discover([tmp_path])
    assert [(s.name, s.slices) for s in found.sources] == [("2 t2_tse_tra", 2), ("10 t2_tse_tra", 3)]
    assert found.sources[0].patient == found.sources[1].patient
    with pytest.raises(UnreadableFileError, match="2 series"):
        load(tmp_path / "s")
    for source in found.sources:
        assert load(source.image, series=source.series).volume.geometry.shape[2] == source.slices


def test_a_series_spread_over_folders_is_one_case(tmp_path):
    (tmp_path / "study").mkdir()
    slices(tmp_path / "study" / "a", [0, 3])
    slices(tmp_path / "study" / "b", [6, 9], SOPInstanceUID=["9.1", "9.2"])
    (source,) = discover([tmp_path]).sources
    assert source.image == tmp_path / "study"
    assert load(source.image, series=source.series).volume.geometry.shape[2] == 4


def test_one_file_brings_its_series(tmp_path):
    folder = slices(tmp_path / "s", [0, 3, 6])
    one = next(folder.iterdir())
    assert load(one).volume.geometry.shape == (5, 4, 3)
    (source,) = discover([one]).sources
    assert (source.slices, source.image) == (3, folder)


def test_a_single_picture_is_a_volume(tmp_path):
    read = load(slices(tmp_path / "s", [5]))
    assert read.volume.geometry.shape == (5, 4, 1)
    assert read.volume.geometry.spacing[2] == pytest.approx(3.3)


def test_pictures_without_a_position_are_ordered_by_number_and_it_is_said(tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    for number in (2, 0, 1):
        ds = dicom_slice(np.full((4, 5), number, np.uint16), position=(0, 0, 0), number=number)
        del ds.ImagePositionPatient, ds.ImageOrientationPatient
        save(ds, folder / f"{5 - number}")
    read = load(folder)
    assert order(read) == [0, 1, 2]
    assert any("please check" in note for note in read.notes)


def test_enhanced_multi_frame_files_are_sorted_by_frame_position(tmp_path):
    from pydicom.dataset import Dataset
    from pydicom.sequence import Sequence

    frames = np.stack([np.full((4, 5), n, np.uint16) for n in range(3)])
    ds = dicom_slice(frames[0], position=(0, 0, 0))
    del ds.ImagePositionPatient, ds.ImageOrientationPatient, ds.PixelSpacing, ds.SliceThickness
    ds.SOPClassUID = ds.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.4.1"
    ds.NumberOfFrames, ds.PixelData = 3, frames.tobytes()

    def group(name, **values):
        inner = Dataset()
        for key, value in values.items():
            setattr(inner, key, value)
        outer = Dataset()
        setattr(outer, name, Sequence([inner]))
        return outer

    shared = group("PixelMeasuresSequence", PixelSpacing=[2, 2], SliceThickness=3)
    shared.update(group("PlaneOrientationSequence", ImageOrientationPatient=[1, 0, 0, 0, 1, 0]))
    ds.SharedFunctionalGroupsSequence = Sequence([shared])
    ds.PerFrameFunctionalGroupsSequence = Sequence(
        [group("PlanePositionSequence", ImagePositionPatient=[0, 0, z]) for z in (6, 0, 3)]
    )
    save(ds, tmp_path / "enhanced.dcm")
    read = load(tmp_path / "enhanced.dcm")
    assert order(read) == [1, 2, 0]
    assert read.volume.geometry.spacing == pytest.approx((2, 2, 3))


def test_one_truncated_file_refuses_its_series_even_where_gdcm_would_not(tmp_path):
    folder = slices(tmp_path / "s", [0, 3, 6])
    file = next(folder.iterdir())
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(UnreadableFileError, match="truncated"):
        load(folder)


def test_dicom_files_without_a_picture_are_listed_and_the_rest_is_found(tmp_path):
    folder = slices(tmp_path / "s", [0, 3])
    report = dicom_slice(np.zeros((2, 2), np.uint16), position=(0, 0, 0), series="1.2.3.9")
    del report.PixelData, report.Rows, report.Columns
    save(report, folder / "report.dcm")
    found = discover([folder])
    assert len(found.sources) == 1
    assert [r.path.name for r in found.refused] == ["report.dcm"]


def test_the_digest_does_not_depend_on_file_names(tmp_path):
    first = write_dicom(tmp_path / "a", voxels(dtype=np.uint16), affine_of(), shuffle=0)
    second = write_dicom(tmp_path / "b", voxels(dtype=np.uint16), affine_of(), shuffle=1)
    assert load(first).sha256 == load(second).sha256


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.5"])
def test_compressed_transfer_syntaxes_are_read_and_refused_when_truncated(syntax, tmp_path):
    import pydicom
    import SimpleITK as sitk

    array = voxels((16, 16, 1), dtype=np.uint16)
    plain = write_dicom(tmp_path / "plain", array, affine_of())
    image = sitk.ReadImage(str(next(plain.iterdir())))
    kinds = {"1.2.840.10008.1.2.4.70": "JPEG", "1.2.840.10008.1.2.4.90": "JPEG2000"}
    path = tmp_path / "packed" / "1.dcm"
    path.parent.mkdir()
    if syntax in kinds:
        writer = sitk.ImageFileWriter()
        writer.SetImageIO("GDCMImageIO")
        writer.KeepOriginalImageUIDOn()
        writer.SetUseCompression(True)
        writer.SetCompressor(kinds[syntax])
        writer.SetFileName(str(path))
        writer.Execute(image)
    else:
        ds = pydicom.dcmread(next(plain.iterdir()))
        ds.compress(pydicom.uid.RLELossless)
        ds.save_as(path)
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == syntax
    np.testing.assert_array_equal(load(path).volume.voxels, array)
    whole = path.read_bytes()
    for keep in (0.5, 0.9, 0.97):
        path.write_bytes(whole[: int(keep * len(whole))])
        with pytest.raises(UnreadableFileError):
            load(path)
