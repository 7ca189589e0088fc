"""Every orientation question, against nibabel as the oracle."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest
from nibabel.affines import voxel_sizes
from nibabel.orientations import aff2axcodes, apply_orientation, inv_ornt_aff, io_orientation

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import (
    PLANE_NAMES,
    Geometry,
    acquisition_axis_of,
    from_stack,
    stack_letters,
    stack_spacing,
    to_stack,
)

SHAPE = (7, 6, 5)


def signed_permutations():
    for axes in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            matrix = np.zeros((3, 3))
            matrix[list(axes), range(3)] = signs
            yield matrix


def random_rotation(rng):
    q, r = np.linalg.qr(rng.normal(size=(3, 3)))
    return q * np.sign(np.diag(r))


def affine(directions, spacing=(0.9, 1.1, 3.3), origin=(-11.5, 20.25, 33.0)):
    matrix = np.eye(4)
    matrix[:3, :3] = directions * np.array(spacing)
    matrix[:3, 3] = origin
    return matrix


def voxels(shape=SHAPE):
    return np.arange(np.prod(shape)).reshape(shape)


@pytest.mark.parametrize("directions", list(signed_permutations()))
def test_each_of_48_orientations_goes_to_ras_and_back_exactly(directions):
    native = Geometry(SHAPE, affine(directions), 2)
    turn, canonical = native.orientation, native.canonical()
    array = voxels()
    turned = turn.apply(array)
    assert canonical.axis_codes == "RAS"
    assert turned.shape == canonical.shape
    assert native.axis_codes == "".join(aff2axcodes(native.affine))
    np.testing.assert_array_equal(turned, apply_orientation(array, io_orientation(native.affine)))
    expected = native.affine @ inv_ornt_aff(io_orientation(native.affine), SHAPE)
    np.testing.assert_allclose(canonical.affine, expected, atol=1e-12)
    np.testing.assert_array_equal(turn.undo(turned), array)
    assert canonical.orientation.axes == (0, 1, 2)
    assert canonical.orientation.flips == (False, False, False)


def test_200_oblique_grids_keep_every_voxel_where_it_is_in_the_patient():
    rng = np.random.default_rng(0)
    for _ in range(200):
        native = Geometry(SHAPE, affine(random_rotation(rng), rng.uniform(0.3, 8, 3), rng.uniform(-200, 200, 3)), 2)
        canonical, turn = native.canonical(), native.orientation
        where = np.stack(np.meshgrid(*map(np.arange, SHAPE), indexing="ij"), axis=-1)
        native_mm = native.to_mm(where)
        np.testing.assert_allclose(
            turn.apply(native_mm), canonical.to_mm(np.indices(canonical.shape).transpose(1, 2, 3, 0)), atol=1e-9
        )
        np.testing.assert_array_equal(turn.undo(turn.apply(where)), where)
        np.testing.assert_allclose(native.to_index(native_mm), where, atol=1e-9)
        np.testing.assert_allclose(native.spacing, voxel_sizes(native.affine))
        assert np.isclose(canonical.voxel_ml, native.voxel_ml)


def test_oblique_grids_up_to_40_degrees_are_turned_as_nibabel_turns_them():
    from scipy.spatial.transform import Rotation

    rng = np.random.default_rng(1)
    for base in signed_permutations():
        for _ in range(4):
            axis = rng.normal(size=3)
            tilt = rng.uniform(0, 40)
            turned = Rotation.from_rotvec(axis / np.linalg.norm(axis) * np.radians(tilt)).as_matrix() @ base
            native = Geometry(SHAPE, affine(turned), 2)
            expected = apply_orientation(voxels(), io_orientation(native.affine))
            np.testing.assert_array_equal(native.orientation.apply(voxels()), expected)
            assert native.obliquity_degrees <= tilt + 1e-6


def test_obliquity_is_the_tilt_about_one_axis():
    c, s = np.cos(np.radians(18)), np.sin(np.radians(18))
    tilted = Geometry(SHAPE, affine(np.array([[1, 0, 0], [0, c, -s], [0, s, c]])), 2)
    assert tilted.obliquity_degrees == pytest.approx(18)
    assert Geometry(SHAPE, affine(np.eye(3)), 2).obliquity_degrees == pytest.approx(0, abs=1e-5)


@pytest.mark.parametrize("directions", list(signed_permutations()))
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_acquisition_axis_stays_the_same_direction_in_the_patient(directions, axis):
    native = Geometry(SHAPE, affine(directions), axis)
    canonical = native.canonical()
    before = native.affine[:3, axis]
    after = canonical.affine[:3, canonical.acquisition_axis]
    np.testing.assert_allclose(np.abs(before), np.abs(after))
    assert canonical.shape[canonical.acquisition_axis] == SHAPE[axis]


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_stack_is_undone_exactly(axis):
    array = voxels()
    np.testing.assert_array_equal(from_stack(to_stack(array, axis), axis), array)


@pytest.mark.parametrize(
    ("axis", "plane", "left", "top", "first"),
    [(2, "axial", "R", "A", "I"), (1, "coronal", "R", "S", "P"), (0, "sagittal", "A", "S", "L")],
)
def test_pictures_follow_radiological_convention(axis, plane, left, top, first):
    """The voxel furthest in a direction is found at the edge that carries its letter."""
    letters = stack_letters(axis)
    assert PLANE_NAMES[axis] == plane
    assert (letters["left"], letters["top"], letters["first"]) == (left, top, first)
    directions = {"R": (0, -1), "L": (0, 0), "A": (1, -1), "P": (1, 0), "S": (2, -1), "I": (2, 0)}
    edges = {"left": (2, 0), "right": (2, -1), "top": (1, 0), "bottom": (1, -1), "first": (0, 0), "last": (0, -1)}
    for edge, (stack_axis, end) in edges.items():
        array_axis, array_end = directions[letters[edge]]
        array = np.zeros(SHAPE)
        np.moveaxis(array, array_axis, 0)[array_end] = 1
        assert np.moveaxis(to_stack(array, axis), stack_axis, 0)[end].all()


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_stack_spacing_goes_with_the_axes(axis):
    shape = (3, 5, 8)
    spacing = (3.0, 5.0, 8.0)
    assert stack_spacing(spacing, axis) == tuple(float(n) for n in to_stack(np.zeros(shape), axis).shape)


def test_acquisition_axis_is_the_one_with_thick_slices_or_the_files_own():
    assert acquisition_axis_of((0.6, 3.6, 0.6)) == 1
    assert acquisition_axis_of((5.0, 0.8, 0.8)) == 0
    assert acquisition_axis_of((1.0, 1.0, 1.1)) == 2
    assert acquisition_axis_of((1.0, 1.0, 1.0), file_slice_axis=0) == 0
    assert acquisition_axis_of((2.0, 2.0, 1.0)) == 2  # thin slices: no axis stands out as the thick one


def test_misfit_is_measured_at_the_far_corner_in_voxels():
    grid = Geometry((10, 10, 10), np.eye(4), 2)
    shifted = np.eye(4)
    shifted[0, 3] = 0.25
    assert grid.misfit_voxels(Geometry((10, 10, 10), shifted, 2)) == pytest.approx(0.25)
    assert grid.misfit_voxels(Geometry((10, 10, 10), np.diag([1.1, 1, 1, 1]), 2)) == pytest.approx(0.9)
    assert grid.misfit_voxels(Geometry((10, 10, 11), np.eye(4), 2)) == float("inf")


@pytest.mark.parametrize(
    ("shape", "matrix"),
    [
        ((2, 2, 2), np.zeros((4, 4))),
        ((2, 2, 2), np.diag([1, 1, np.nan, 1])),
        ((2, 2, 2), np.diag([1, 1, np.inf, 1])),
        ((0, 2, 2), np.eye(4)),
        ((2, 2), np.eye(4)),
        ((2, 2, 2), np.eye(3)),
    ],
)
def test_impossible_grids_are_refused(shape, matrix):
    with pytest.raises(SlicelabError):
        Geometry(shape, matrix, 2)


def test_a_grid_cannot_be_changed():
    source = np.eye(4)
    grid = Geometry((2, 2, 2), source, 2)
    source[0, 0] = 5
    assert grid.affine[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        grid.affine[0, 0] = 2


def test_small_voxels_in_metres_are_not_called_singular():
    assert Geometry((2, 2, 2), np.diag([5e-4, 5e-4, 5e-4, 1]), 2).spacing == pytest.approx((5e-4,) * 3)


def test_a_single_slice_and_a_single_voxel_are_grids():
    for shape in [(5, 4, 1), (1, 1, 1)]:
        grid = Geometry(shape, affine(np.eye(3)), 2)
        assert grid.canonical().shape == shape
        assert grid.misfit_voxels(grid) == pytest.approx(0)
