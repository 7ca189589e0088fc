"""What is written comes back voxel-exact, on the same grid, and says nothing else."""

from __future__ import annotations

import gzip
import tracemalloc

import nibabel
import numpy as np
import pytest
import SimpleITK as sitk
from foreign_kit import SHAPE, affine_of, orientations, rotation, voxels

from slicelab.core.errors import GeometryMismatchError, StorageError, UnreadableFileError
from slicelab.core.geometry import Geometry
from slicelab.core.volume import Volume
from slicelab.data import atomic
from slicelab.data.atomic import sha256_of
from slicelab.data.readers.load import load
from slicelab.data.writers import read_own_volume, write_mask, write_volume


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    """What is tested here is content; hundreds of flushes to disk would take most of the time."""
    monkeypatch.setattr(atomic.os, "fsync", lambda handle: None)


def mask(seed=0, shape=SHAPE):
    return np.random.default_rng(seed).integers(0, 5, shape).astype(np.uint8)


@pytest.mark.parametrize("ending", ["nii", "nii.gz"])
def test_masks_on_48_orientations_come_back_voxel_exact(ending, tmp_path):
    for number, directions in enumerate(orientations()):
        grid = Geometry(SHAPE, affine_of(directions), 2)
        canonical = Volume(mask(number), grid).canonical()
        edited = canonical.with_stack(np.ascontiguousarray(canonical.stack()))
        write_mask(tmp_path / f"m.{ending}", grid.orientation.undo(edited.voxels), grid)
        read = load(tmp_path / f"m.{ending}", mask=True)
        np.testing.assert_array_equal(read.volume.voxels, mask(number))
        np.testing.assert_allclose(read.volume.geometry.affine, grid.affine, atol=1e-4)
        assert not any("two positions" in note for note in read.notes)


def test_200_oblique_grids_come_back_within_a_ten_thousandth_of_a_mm(tmp_path):
    rng = np.random.default_rng(0)
    for seed in range(200):
        spacing, origin = rng.uniform(0.3, 8, 3), rng.uniform(-200, 200, 3)
        grid = Geometry(SHAPE, affine_of(rotation(seed), spacing, origin), 2)
        write_mask(tmp_path / "m.nii", mask(seed), grid)
        read = load(tmp_path / "m.nii", mask=True)
        np.testing.assert_array_equal(read.volume.voxels, mask(seed))
        np.testing.assert_allclose(read.volume.geometry.affine, grid.affine, atol=1e-4)


def test_simpleitk_sees_the_mask_in_the_same_place(tmp_path):
    """It goes by the qform where nibabel goes by the sform."""
    for seed in range(10):
        grid = Geometry(SHAPE, affine_of(rotation(seed)), 2)
        write_mask(tmp_path / "m.nii.gz", mask(seed), grid)
        image = sitk.ReadImage(str(tmp_path / "m.nii.gz"))
        np.testing.assert_array_equal(sitk.GetArrayFromImage(image).T, mask(seed))
        corner = np.array(image.TransformIndexToPhysicalPoint([6, 5, 4])) * [-1, -1, 1]
        np.testing.assert_allclose(corner, grid.to_mm([6, 5, 4]), atol=1e-3)


def test_sheared_grids_carry_no_qform_that_would_be_untrue(tmp_path):
    affine = affine_of()
    affine[0, 2] = 0.5
    write_mask(tmp_path / "m.nii", mask(), Geometry(SHAPE, affine, 2))
    header = nibabel.load(tmp_path / "m.nii").header
    assert (int(header["qform_code"]), int(header["sform_code"])) == (0, 1)
    np.testing.assert_allclose(header.get_best_affine(), affine, atol=1e-5)


def test_headers_say_nothing_but_the_grid(tmp_path):
    write_mask(tmp_path / "m.nii", mask(), Geometry(SHAPE, affine_of(), 2))
    header = nibabel.load(tmp_path / "m.nii").header
    for field in ("descrip", "aux_file", "db_name", "intent_name"):
        assert bytes(header[field]).strip(b"\0") == b""
    assert len(header.extensions) == 0


def test_the_same_mask_gives_the_same_bytes(tmp_path):
    for name in ("a.nii.gz", "b.nii.gz"):
        write_mask(tmp_path / name, mask(), Geometry(SHAPE, affine_of(), 2))
    assert (tmp_path / "a.nii.gz").read_bytes() == (tmp_path / "b.nii.gz").read_bytes()


@pytest.mark.parametrize("dtype", ["u1", "i2", "u2", "i4", "f4", ">i2"])
@pytest.mark.parametrize("mmap", [False, True])
def test_project_volumes_keep_dtype_voxels_grid_and_acquisition_axis(dtype, mmap, tmp_path):
    for axis in range(3):
        volume = Volume(voxels(dtype=dtype), Geometry(SHAPE, affine_of(rotation(1)), axis)).canonical()
        digest = write_volume(tmp_path / "v.nii", volume)
        assert digest == sha256_of(tmp_path / "v.nii")
        again = read_own_volume(tmp_path / "v.nii", mmap=mmap)
        np.testing.assert_array_equal(again.voxels, volume.voxels)
        assert again.voxels.dtype == np.dtype(dtype).newbyteorder("=")
        np.testing.assert_allclose(again.geometry.affine, volume.geometry.affine, atol=1e-4)
        assert again.geometry.acquisition_axis == volume.geometry.acquisition_axis
        assert isinstance(again.voxels, np.memmap) is mmap
        del again


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8", "f4", "f8"])
def test_project_volumes_are_read_as_nibabel_reads_them(dtype, tmp_path):
    given, kind = voxels(dtype=dtype), np.dtype(dtype)
    limits = np.finfo(kind) if kind.kind == "f" else np.iinfo(kind)
    given[0, 0, :2] = limits.min, limits.max
    for axis in range(3):
        write_volume(tmp_path / "v.nii", Volume(given, Geometry(SHAPE, affine_of(rotation(2)), axis)))
        theirs, ours = nibabel.load(tmp_path / "v.nii"), read_own_volume(tmp_path / "v.nii", mmap=False)
        np.testing.assert_array_equal(ours.voxels, np.asanyarray(theirs.dataobj))
        np.testing.assert_array_equal(ours.geometry.affine, theirs.affine)
        assert ours.voxels.flags.f_contiguous
        assert ours.geometry.acquisition_axis == theirs.header.get_dim_info()[2] == axis


@pytest.mark.parametrize("name", ["m.nii", "m.nii.gz"])
def test_masks_are_read_as_they_were_written_and_a_damaged_one_is_refused(name, tmp_path):
    for axis in range(3):
        grid = Geometry(SHAPE, affine_of(rotation(3)), axis)
        write_mask(tmp_path / name, mask(), grid)
        again = read_own_volume(tmp_path / name, mmap=False)
        np.testing.assert_array_equal(again.voxels, mask())
        np.testing.assert_allclose(again.geometry.affine, grid.affine, atol=1e-4)
        assert again.geometry.acquisition_axis == axis
        again.voxels[0, 0, 0] = 1  # it is the reader's own
    whole = (tmp_path / name).read_bytes()
    for broken in (b"", whole[:10], whole[: len(whole) // 2], whole[:-9], whole[:20] + bytes(len(whole) - 20)):
        (tmp_path / name).write_bytes(broken)
        with pytest.raises(UnreadableFileError):
            read_own_volume(tmp_path / name, mmap=False)


@pytest.mark.parametrize(
    ("at", "byte"),
    [(0, 1), (40, 4), (42, 0), (44, 2), (70, 128), (109, 128), (110, 128), (111, 195), (111, 127), (254, 0), (344, 0)],
)
def test_a_project_volume_whose_header_was_damaged_is_refused(at, byte, tmp_path):
    write_volume(tmp_path / "v.nii", Volume(voxels(), Geometry(SHAPE, affine_of(), 2)))
    whole = bytearray((tmp_path / "v.nii").read_bytes())
    whole[at] = byte
    (tmp_path / "v.nii").write_bytes(whole)
    (tmp_path / "v.nii.gz").write_bytes(gzip.compress(whole))
    for name, mmap in (("v.nii", True), ("v.nii", False), ("v.nii.gz", False)):
        with pytest.raises(UnreadableFileError):
            read_own_volume(tmp_path / name, mmap=mmap)


def test_a_volume_that_says_nothing_of_its_acquisition_has_the_axis_of_its_thickest_voxels(tmp_path):
    for axis in range(3):
        spacing = [1.0, 1.1, 1.2]
        spacing[axis] = 4.0
        write_volume(tmp_path / "v.nii", Volume(voxels(), Geometry(SHAPE, np.diag([*spacing, 1.0]), 2)))
        whole = bytearray((tmp_path / "v.nii").read_bytes())
        whole[39] = 0
        (tmp_path / "v.nii").write_bytes(whole)
        assert read_own_volume(tmp_path / "v.nii", mmap=True).geometry.acquisition_axis == axis


def test_a_header_whose_offset_is_no_number_is_refused(tmp_path):
    write_volume(tmp_path / "v.nii", Volume(voxels(), Geometry(SHAPE, affine_of(), 2)))
    whole = bytearray((tmp_path / "v.nii").read_bytes())
    for offset in (np.inf, -np.inf, np.nan, 1e30):
        whole[108:112] = np.float32(offset).tobytes()
        (tmp_path / "v.nii").write_bytes(whole)
        with pytest.raises(UnreadableFileError):
            read_own_volume(tmp_path / "v.nii", mmap=True)


def test_no_more_of_a_packed_mask_is_unpacked_than_it_speaks_of(tmp_path):
    write_mask(tmp_path / "m.nii.gz", mask(), Geometry(SHAPE, affine_of(), 2))
    own = gzip.decompress((tmp_path / "m.nii.gz").read_bytes())
    (tmp_path / "m.nii.gz").write_bytes(gzip.compress(own + bytes(50_000_000)))
    tracemalloc.start()
    with pytest.raises(UnreadableFileError):
        read_own_volume(tmp_path / "m.nii.gz", mmap=False)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_a_packed_mask_with_a_flipped_byte_is_refused(tmp_path):
    write_mask(tmp_path / "m.nii.gz", mask(), Geometry(SHAPE, affine_of(), 2))
    whole = bytearray((tmp_path / "m.nii.gz").read_bytes())
    whole[-6] ^= 1  # of the checksum
    (tmp_path / "m.nii.gz").write_bytes(whole)
    with pytest.raises(UnreadableFileError):
        read_own_volume(tmp_path / "m.nii.gz", mmap=False)


def test_a_mask_of_another_shape_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(GeometryMismatchError):
        write_mask(tmp_path / "m.nii", mask(shape=(3, 3, 3)), Geometry(SHAPE, affine_of(), 2))
    with pytest.raises(StorageError):
        write_mask(tmp_path / "m.png", mask(), Geometry(SHAPE, affine_of(), 2))
    assert list(tmp_path.iterdir()) == []


def test_damaged_project_volumes_are_refused_in_plain_words(tmp_path):
    write_volume(tmp_path / "v.nii", Volume(voxels(), Geometry(SHAPE, affine_of(), 2)))
    whole = (tmp_path / "v.nii").read_bytes()
    for cut in (0, 100, 400, len(whole) - 1):
        (tmp_path / "v.nii").write_bytes(whole[:cut])
        for mmap in (False, True):
            with pytest.raises(UnreadableFileError):
                read_own_volume(tmp_path / "v.nii", mmap=mmap)
    with pytest.raises(UnreadableFileError):
        read_own_volume(tmp_path / "missing.nii", mmap=False)
