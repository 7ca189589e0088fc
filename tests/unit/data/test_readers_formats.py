"""NIfTI, NRRD and MetaImage: right voxels in the right place, odd but legal input, everything else refused."""

from __future__ import annotations

import gzip
import os
import struct

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from foreign_kit import FORMATS, SHAPE, affine_of, orientations, rotation, voxels, write, write_itk, write_nifti

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers.load import load, middle_slices


def assert_same_place(read, array, affine):
    """Voxel-exact on its own axes, or (formats that reorder axes) in canonical orientation; affine to 1e-4 mm."""
    assert read.volume.voxels.shape == array.shape
    np.testing.assert_array_equal(read.volume.voxels, array)
    np.testing.assert_allclose(read.volume.geometry.affine, affine, atol=1e-4)


@pytest.mark.parametrize("format_name", ["nii", "nii.gz", "nrrd", "mha"])
def test_48_orientations_arrive_voxel_exact(format_name, tmp_path):
    for number, directions in enumerate(orientations()):
        affine = affine_of(directions)
        array = voxels(seed=number)
        path = write(tmp_path / str(number), format_name, array, affine)
        assert_same_place(load(path), array, affine)


def test_48_orientations_of_a_dicom_series_arrive_voxel_exact(tmp_path):
    """DICOM slices are put in the order of their normal, so a left-handed grid comes back with its slices reversed."""
    for number, directions in enumerate(orientations()):
        affine, array = affine_of(directions), voxels(seed=number, dtype=np.uint16)
        read = load(write(tmp_path / str(number), "dicom", array, affine))
        if np.linalg.det(directions) < 0:
            array = array[:, :, ::-1]
            affine = affine @ np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, -1, SHAPE[2] - 1], [0, 0, 0, 1]])
        assert_same_place(read, array, affine)


@pytest.mark.parametrize("format_name", FORMATS)
def test_oblique_volumes_arrive_voxel_exact_and_the_tilt_is_said(format_name, tmp_path):
    for seed in range(12):
        affine, array = affine_of(rotation(seed)), voxels(seed=seed, dtype=np.uint16)
        read = load(write(tmp_path / str(seed), format_name, array, affine))
        assert_same_place(read, array, affine)
        assert any("tilted" in note for note in read.notes)


@pytest.mark.parametrize("ending", ["nrrd", "mha", "nhdr", "mhd"])
@pytest.mark.parametrize("compress", [False, True])
@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.float32, np.float64])
def test_nrrd_and_metaimage_agree_with_simpleitk(ending, compress, dtype, tmp_path):
    path = write_itk(tmp_path / f"v.{ending}", voxels(dtype=dtype), affine_of(rotation(3)), compress=compress)
    oracle = sitk.ReadImage(str(path))
    read = load(path)
    np.testing.assert_array_equal(read.volume.voxels, sitk.GetArrayFromImage(oracle).T)
    corner = oracle.TransformIndexToPhysicalPoint([3, 2, 4])
    np.testing.assert_allclose(read.volume.geometry.to_mm([3, 2, 4]), np.array(corner) * [-1, -1, 1], atol=1e-4)


@pytest.mark.parametrize("kind", [nibabel.Nifti1Image, nibabel.Nifti2Image])
@pytest.mark.parametrize("ending", ["nii", "nii.gz"])
@pytest.mark.parametrize("big_endian", [False, True])
def test_nifti_1_and_2_of_both_byte_orders(kind, ending, big_endian, tmp_path):
    header = kind.header_class(endianness=">" if big_endian else "<")
    header.set_data_dtype(np.dtype(np.int16).newbyteorder(">" if big_endian else "<"))
    image = kind(voxels(), affine_of(), header)
    nibabel.save(image, tmp_path / f"v.{ending}")
    read = load(tmp_path / f"v.{ending}")
    assert_same_place(read, voxels(), affine_of())
    assert read.volume.voxels.dtype == np.int16
    assert read.volume.voxels.dtype.isnative


@pytest.mark.parametrize("kind", [nibabel.Nifti1Pair, nibabel.Nifti2Pair])
def test_a_pair_is_read_from_either_file(kind, tmp_path):
    nibabel.save(kind(voxels(), affine_of()), tmp_path / "v.hdr")
    for name in ("v.hdr", "v.img"):
        assert_same_place(load(tmp_path / name), voxels(), affine_of())
    assert load(tmp_path / "v.hdr").sha256 == load(tmp_path / "v.img").sha256


def test_slope_and_intercept_are_applied(tmp_path):
    image = nibabel.Nifti1Image(voxels(), affine_of())
    image.header.set_slope_inter(0.5, -100)
    nibabel.save(image, tmp_path / "v.nii")
    raw = bytearray((tmp_path / "v.nii").read_bytes())
    struct.pack_into("<2f", raw, 112, 0.5, -100)
    (tmp_path / "v.nii").write_bytes(raw)
    expected = nibabel.load(tmp_path / "v.nii").get_fdata()
    assert expected.min() < 0
    np.testing.assert_allclose(load(tmp_path / "v.nii").volume.voxels, expected)


def test_sform_is_used_and_a_qform_elsewhere_is_said(tmp_path):
    image = nibabel.Nifti1Image(voxels(), affine_of())
    image.set_sform(affine_of(), 1)
    image.set_qform(affine_of(origin=(0, 20.25, 33)), 1)
    nibabel.save(image, tmp_path / "v.nii")
    read = load(tmp_path / "v.nii")
    np.testing.assert_allclose(read.volume.geometry.affine, affine_of(), atol=1e-5)
    assert any("two positions" in note and "12.8 voxels" in note for note in read.notes)


def test_missing_position_is_said_and_nibabels_assumption_is_used(tmp_path):
    image = nibabel.Nifti1Image(voxels(), None)
    nibabel.save(image, tmp_path / "v.nii")
    read = load(tmp_path / "v.nii")
    np.testing.assert_allclose(read.volume.geometry.affine, nibabel.load(tmp_path / "v.nii").affine)
    assert any("please check" in note for note in read.notes)


@pytest.mark.parametrize("format_name", ["nii.gz", "nrrd", "mha"])
def test_of_4d_one_volume_has_to_be_picked(format_name, tmp_path):
    array = np.arange(7 * 6 * 5 * 3, dtype=np.int16).reshape(7, 6, 5, 3)
    path = tmp_path / f"v.{format_name}"
    if format_name == "nii.gz":
        write_nifti(path, array, affine_of())
    else:
        image = sitk.JoinSeries([sitk.GetImageFromArray(np.ascontiguousarray(array[..., t].T)) for t in range(3)])
        sitk.WriteImage(image, str(path))
    with pytest.raises(UnreadableFileError, match=r"3 volumes.*[Pp]ick a volume"):
        load(path)
    with pytest.raises(UnreadableFileError, match="no volume 4"):
        load(path, frame=3)
    np.testing.assert_array_equal(load(path, frame=2).volume.voxels, array[..., 2])


@pytest.mark.parametrize("format_name", ["nii.gz", "nrrd", "mha"])
def test_of_4d_the_middle_slice_of_each_volume_is_pictured_as_it_is_shown(format_name, tmp_path):
    """RAS and LPS hold the rows the other way round; the pictures are in the orientation of the screen."""
    array = np.zeros((7, 6, 5, 3), np.int16)
    for t in range(3):
        array[t, 1, 2, t] = 100  # the middle slice
        array[:, :, 0, t] = 300
    path = tmp_path / f"v.{format_name}"
    if format_name == "nii.gz":
        write_nifti(path, array, affine_of())
    else:
        image = sitk.JoinSeries([sitk.GetImageFromArray(np.ascontiguousarray(array[..., t].T)) for t in range(3)])
        sitk.WriteImage(image, str(path))
    pictures = middle_slices(path, 96)
    for t in range(3):
        stack = load(path, frame=t).volume.canonical().stack()
        np.testing.assert_array_equal(pictures[t] > 0, stack[2] > 0)
        assert pictures[t].sum() == 255
    assert middle_slices(path, 3).shape == (3, *stack[2, ::3, ::3].shape)


def test_a_volume_without_a_finite_voxel_is_black_among_the_pictures(tmp_path):
    array = np.random.default_rng(0).normal(size=(7, 6, 5, 2)).astype(np.float32)
    array[..., 1] = np.nan
    pictures = middle_slices(write_nifti(tmp_path / "v.nii", array, affine_of()), 96)
    assert pictures[0].any()
    assert not pictures[1].any()


@pytest.mark.parametrize("format_name", ["nii", "nrrd", "mha"])
def test_single_slices_and_flat_files_are_volumes(format_name, tmp_path):
    array = voxels((7, 6, 1))
    assert_same_place(load(write(tmp_path, format_name, array, affine_of())), array, affine_of())
    flat = tmp_path / f"flat.{format_name}"
    if format_name == "nii":
        nibabel.save(nibabel.Nifti1Image(array[:, :, 0], affine_of()), flat)
    else:
        sitk.WriteImage(sitk.GetImageFromArray(np.ascontiguousarray(array[:, :, 0].T)), str(flat))
    np.testing.assert_array_equal(load(flat).volume.voxels, array)


@pytest.mark.parametrize("format_name", ["nii", "nrrd", "mha"])
def test_colours_become_grey_for_images_and_are_refused_for_masks(format_name, tmp_path):
    rgb = np.zeros((7, 6, 5, 3), np.uint8)
    rgb[..., 1] = 200
    path = tmp_path / f"v.{format_name}"
    if format_name == "nii":
        kind = np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")])
        nibabel.save(nibabel.Nifti1Image(rgb.view(kind)[..., 0], affine_of()), path)
    else:
        sitk.WriteImage(sitk.GetImageFromArray(rgb.transpose(2, 1, 0, 3), isVector=True), str(path))
    read = load(path)
    assert read.volume.voxels.shape == (7, 6, 5)
    assert set(np.unique(read.volume.voxels)) == {117}
    assert any("grey" in note for note in read.notes)
    with pytest.raises(UnreadableFileError, match="colour"):
        load(path, mask=True)


def test_voxels_without_a_value_get_the_lowest_one_and_it_is_said(tmp_path):
    array = voxels(dtype=np.float32) - 50
    array[0, 0, 0], array[1, 1, 1], array[2, 2, 2] = np.nan, np.inf, -np.inf
    finite = np.isfinite(array)
    read = load(write_nifti(tmp_path / "v.nii.gz", array, affine_of()))
    np.testing.assert_array_equal(read.volume.voxels, np.where(finite, array, array[finite].min()))
    assert any(note.startswith("3 voxels") for note in read.notes)
    with pytest.raises(UnreadableFileError, match="finite"):
        load(write_nifti(tmp_path / "n.nii", np.full(SHAPE, np.nan, np.float32), affine_of()))


def test_constant_images_are_read_with_a_remark(tmp_path):
    read = load(write_nifti(tmp_path / "v.nii", np.full(SHAPE, 7, np.int16), affine_of()))
    assert any("same value" in note for note in read.notes)


@pytest.mark.parametrize(
    ("dtype", "kept"),
    [("i1", "i2"), ("u1", "u1"), ("u2", "u2"), ("i4", "i4"), ("u4", "i4"), ("i8", "i4"), ("f8", "f4"), ("c8", "f4")],
)
def test_all_number_kinds_arrive_as_plain_ones_with_their_values(dtype, kept, tmp_path):
    array = (voxels() % 100).astype(dtype)
    read = load(write_nifti(tmp_path / "v.nii", array, affine_of()))
    assert read.volume.voxels.dtype == np.dtype(kept)
    np.testing.assert_array_equal(read.volume.voxels, np.abs(array))


def test_more_than_1000_slices(tmp_path):
    array = voxels((3, 2, 1200), dtype=np.int16)
    assert_same_place(load(write_nifti(tmp_path / "v.nii.gz", array, affine_of())), array, affine_of())


@pytest.mark.parametrize("name", ["with spaces", "Ünïcödé 肝臓", "n" * 200])
def test_any_name_works(name, tmp_path):
    assert load(write_nifti(tmp_path / f"{name}.nii.gz", voxels(), affine_of())).volume.voxels.shape == SHAPE


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32, np.float64])
def test_masks_of_any_number_kind_become_uint8(dtype, tmp_path):
    array = (voxels() % 5).astype(dtype)
    read = load(write_nifti(tmp_path / "m.nii.gz", array, affine_of()), mask=True)
    assert read.volume.voxels.dtype == np.uint8
    np.testing.assert_array_equal(read.volume.voxels, array)


@pytest.mark.parametrize("value", [-1, 256, 0.5, np.nan])
def test_masks_with_other_than_class_values_are_refused(value, tmp_path):
    array = np.zeros(SHAPE, np.float32)
    array[3, 3, 3] = value
    with pytest.raises(UnreadableFileError, match="mask"):
        load(write_nifti(tmp_path / "m.nii", array, affine_of()), mask=True)


@pytest.mark.parametrize("format_name", FORMATS)
def test_truncated_files_are_refused_wherever_they_end(format_name, tmp_path):
    path = write(tmp_path, format_name, voxels((16, 16, 4), dtype=np.uint16), affine_of())
    file = sorted(path.iterdir())[0] if path.is_dir() else path
    whole = file.read_bytes()
    for cut in np.linspace(0, len(whole) - 1, 25).astype(int):
        file.write_bytes(whole[:cut])
        with pytest.raises(UnreadableFileError):
            load(path)


@pytest.mark.parametrize("format_name", ["nii.gz", "nrrd", "mha"])
def test_flipped_bits_in_packed_voxels_are_refused(format_name, tmp_path):
    path = write(tmp_path, format_name, voxels((16, 16, 4)), affine_of())
    whole = path.read_bytes()
    packed_from = {"nii.gz": 30, "nrrd": whole.find(b"\x1f\x8b") + 12, "mha": whole.find(b"LOCAL\n") + 8}[format_name]
    rng = np.random.default_rng(0)
    for _ in range(40):
        damaged = bytearray(whole)
        damaged[rng.integers(packed_from, len(whole))] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        with pytest.raises(UnreadableFileError):
            load(path)


def nifti_header(shape, datatype=4, bits=16):
    header = nibabel.Nifti1Header()
    header.set_data_dtype(np.int16)
    raw = bytearray(header.binaryblock)
    struct.pack_into("<8h", raw, 40, len(shape), *shape, *[1] * (7 - len(shape)))
    struct.pack_into("<2h", raw, 70, datatype, bits)
    struct.pack_into("<f", raw, 108, 352)
    raw[344:348] = b"n+1\0"
    return bytes(raw) + bytes(4)


@pytest.mark.parametrize(
    "shape", [(32767, 32767, 32767), (2000, 2000, 2000), (-5, 5, 5), (0, 5, 5), (5, 5, 5, 5, 5, 32767, 32767)]
)
def test_absurd_nifti_sizes_are_refused_before_anything_is_allocated(shape, tmp_path):
    (tmp_path / "v.nii").write_bytes(nifti_header(shape))
    with pytest.raises(UnreadableFileError, match=r"impossible size|more than can be read|truncated"):
        load(tmp_path / "v.nii")


@pytest.mark.parametrize("sizes", ["100000 100000 100000", "-1 2 3", "4294967296 4294967296 1", "1e9 1 1"])
def test_absurd_text_header_sizes_are_refused(sizes, tmp_path):
    (tmp_path / "v.nrrd").write_text(f"NRRD0004\ntype: short\ndimension: 3\nsizes: {sizes}\nencoding: raw\n\n1234")
    (tmp_path / "v.mha").write_text(
        f"ObjectType = Image\nNDims = 3\nDimSize = {sizes}\nElementType = MET_SHORT\nElementDataFile = LOCAL\n1234"
    )
    for name in ("v.nrrd", "v.mha"):
        with pytest.raises(UnreadableFileError):
            load(tmp_path / name)


def test_gzip_bombs_are_refused_without_unpacking_them(tmp_path):
    """More than is declared: stopped at a small slack. Less than is declared, but declared huge: never allocated."""
    content = nifti_header((10, 10, 10)) + bytes(100_000_000)
    (tmp_path / "more.nii.gz").write_bytes(gzip.compress(content, 1))
    with pytest.raises(UnreadableFileError, match="far more"):
        load(tmp_path / "more.nii.gz")
    (tmp_path / "less.nii.gz").write_bytes(gzip.compress(nifti_header((1000, 1000, 900)), 9))
    with pytest.raises(UnreadableFileError, match="truncated"):
        load(tmp_path / "less.nii.gz")


def detached(folder, target, kind):
    if kind == "nhdr":
        text = f"NRRD0004\ntype: uchar\ndimension: 3\nsizes: 2 2 2\nencoding: raw\ndata file: {target}\n"
    else:
        text = f"ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementType = MET_UCHAR\nElementDataFile = {target}\n"
    (folder / f"v.{kind}").write_text(text)
    return folder / f"v.{kind}"


@pytest.mark.parametrize("kind", ["nhdr", "mhd"])
def test_detached_headers_are_followed_inside_their_own_folder_alone(kind, tmp_path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    (inside / "sub").mkdir(parents=True)
    outside.mkdir()
    for place in (inside / "data.raw", inside / "sub" / "data.raw", outside / "secret.raw"):
        place.write_bytes(bytes(range(8)))
    os.mkfifo(inside / "pipe.raw")
    (inside / "link.raw").symlink_to(outside / "secret.raw")
    (inside / "device.raw").symlink_to("/dev/zero")
    assert load(detached(inside, "data.raw", kind)).volume.voxels.shape == (2, 2, 2)
    targets = [
        outside / "secret.raw", "../outside/secret.raw", "./../outside/secret.raw", "sub/../../outside/secret.raw",
        "sub/data.raw", "link.raw", "device.raw", "/dev/zero", "/dev/stdin", "/etc/passwd", "pipe.raw", "..", ".",
        "sub", "LIST", "LIST 2", "%03d.raw 1 2 1", "missing.raw", "C:\\secret.raw", "..\\secret.raw",
    ]  # fmt: skip
    for target in targets:
        with pytest.raises(UnreadableFileError):
            load(detached(inside, target, kind))


@pytest.mark.parametrize("kind", ["nrrd", "mha"])
def test_a_header_that_says_a_thing_twice_is_refused(kind, tmp_path):
    path = write_itk(tmp_path / f"v.{kind}", voxels(), affine_of())
    raw = path.read_bytes()
    line = b"dimension: 3\n" if kind == "nrrd" else b"NDims = 3\n"
    assert line in raw
    path.write_bytes(raw.replace(line, line * 2))
    with pytest.raises(UnreadableFileError, match="damaged"):
        load(path)


def test_special_files_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.nii")
    for path in (tmp_path / "pipe.nii", tmp_path / "missing.nii", tmp_path):
        with pytest.raises(UnreadableFileError):
            load(path)


def test_content_decides_and_not_the_ending(tmp_path):
    path = write_nifti(tmp_path / "v.nii.gz", voxels(), affine_of())
    assert load(path.rename(tmp_path / "v.mha")).format == "nifti"
    (tmp_path / "text.nii").write_text("no image at all " * 100)
    with pytest.raises(UnreadableFileError, match="not an image"):
        load(tmp_path / "text.nii")


def test_the_digest_is_that_of_the_file(tmp_path):
    import hashlib

    path = write_nifti(tmp_path / "v.nii.gz", voxels(), affine_of())
    assert load(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("space", ["right-anterior-superior", "left-posterior-superior", "LAS", "RAS"])
def test_nrrd_spaces_are_told_apart(space, tmp_path):
    path = tmp_path / "v.nrrd"
    path.write_bytes(
        f"NRRD0004\ntype: uchar\ndimension: 3\nspace: {space}\nsizes: 2 2 2\n"
        "space directions: (1,0,0) (0,2,0) (0,0,3)\nencoding: raw\nspace origin: (10,20,30)\n\n".encode()
        + bytes(range(8))
    )
    flips = {"right-anterior-superior": (1, 1), "RAS": (1, 1), "LAS": (-1, 1)}.get(space, (-1, -1))
    expected = np.diag([*flips, 1, 1]) @ np.array([[1, 0, 0, 10], [0, 2, 0, 20], [0, 0, 3, 30], [0, 0, 0, 1]])
    np.testing.assert_allclose(load(path).volume.geometry.affine, expected)


def test_text_encodings_are_read(tmp_path):
    numbers = " ".join(str(n) for n in range(8))
    (tmp_path / "v.nrrd").write_text(
        f"NRRD0001\ntype: short\ndimension: 3\nsizes: 2 2 2\nencoding: text\n\n{numbers}\n"
    )
    (tmp_path / "v.mha").write_text(
        f"NDims = 3\nDimSize = 2 2 2\nBinaryData = False\nElementType = MET_SHORT\nElementDataFile = LOCAL\n{numbers}\n"
    )
    for name in ("v.nrrd", "v.mha"):
        np.testing.assert_array_equal(load(tmp_path / name).volume.voxels.ravel(order="F"), range(8))


@pytest.mark.parametrize(
    ("said", "window"),
    [((20, 50), (20, 50)), ((0, 0), None), ((50, 20), None), ((np.nan, 3), None), ((-np.inf, 3), None)],
)
def test_the_window_of_a_nifti_file_is_read_where_it_says_one(tmp_path, said, window):
    image = nibabel.Nifti1Image(np.arange(60, dtype=np.int16).reshape(3, 4, 5), np.eye(4))
    image.header["cal_min"], image.header["cal_max"] = said
    nibabel.save(image, tmp_path / "v.nii")
    assert load(tmp_path / "v.nii").window == window


@pytest.mark.parametrize("said", [(0, 3000), (-500, -100), (70, 80), (0.0, 0.5)])
def test_a_window_of_voxels_that_a_nifti_file_no_longer_holds_is_none(tmp_path, said):
    """As where a tool scaled the voxels and kept the header: by such a window all is black, white, or one grey."""
    voxels = np.linspace(0, 59, 1000, dtype=np.float32).reshape(10, 10, 10)
    voxels[0, 0, :2] = np.nan, np.inf
    image = nibabel.Nifti1Image(voxels, np.eye(4))
    image.header["cal_min"], image.header["cal_max"] = said
    nibabel.save(image, tmp_path / "v.nii")
    assert load(tmp_path / "v.nii").window is None
    image.header["cal_min"], image.header["cal_max"] = 10, 300
    nibabel.save(image, tmp_path / "v.nii")
    assert load(tmp_path / "v.nii").window == (10, 300)


def test_the_window_of_a_picture_that_is_nearly_empty_is_kept(tmp_path):
    voxels = np.zeros((20, 20, 20), np.int16)
    voxels[10, 10, 10] = 400
    image = nibabel.Nifti1Image(voxels, np.eye(4))
    image.header["cal_min"], image.header["cal_max"] = 50, 350
    nibabel.save(image, tmp_path / "v.nii")
    assert load(tmp_path / "v.nii").window == (50, 350)


def test_the_window_of_the_widest_of_integers_is_kept(tmp_path):
    voxels = np.linspace(-32768, 32767, 1000).astype(np.int16).reshape(10, 10, 10)
    image = nibabel.Nifti1Image(voxels, np.eye(4))
    image.header["cal_min"], image.header["cal_max"] = -40000, 40000
    nibabel.save(image, tmp_path / "v.nii")
    assert load(tmp_path / "v.nii").window == (-40000, 40000)
