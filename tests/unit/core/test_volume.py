"""A volume turns without losing or moving a voxel."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np
import pytest

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import Geometry
from slicelab.core.volume import Volume

SHAPE = (7, 6, 5)


def volumes():
    rng = np.random.default_rng(0)
    for axes in permutations(range(3)):
        for signs in product((1.0, -1.0), repeat=3):
            matrix = np.eye(4)
            matrix[:3, :3] = 0
            matrix[list(axes), range(3)] = np.array(signs) * (0.7, 0.8, 4.0)
            yield Volume(rng.integers(0, 200, SHAPE).astype(np.uint8), Geometry(SHAPE, matrix, 2))


def test_mask_drawn_on_the_stack_comes_back_on_the_native_grid_voxel_exact():
    for volume in volumes():
        canonical = volume.canonical()
        stack = canonical.stack()
        assert stack.shape[0] == SHAPE[2]  # the acquired slices, whatever the orientation
        again = canonical.with_stack(np.ascontiguousarray(stack))
        native = volume.geometry.orientation.undo(again.voxels)
        np.testing.assert_array_equal(native, volume.voxels)
        assert native.shape == SHAPE


def test_turning_shares_memory_and_is_idempotent():
    for volume in volumes():
        canonical = volume.canonical()
        assert np.shares_memory(canonical.voxels, volume.voxels)
        np.testing.assert_array_equal(canonical.canonical().voxels, canonical.voxels)
        np.testing.assert_allclose(canonical.canonical().geometry.affine, canonical.geometry.affine)


def test_voxels_and_grid_must_have_one_shape():
    with pytest.raises(SlicelabError, match="shape"):
        Volume(np.zeros((2, 3, 4)), Geometry((2, 3, 5), np.eye(4), 2))


def test_with_stack_keeps_the_grid():
    volume = Volume(np.zeros(SHAPE, np.uint8), Geometry(SHAPE, np.eye(4), 2)).canonical()
    stack = np.zeros(volume.stack().shape, np.uint8)
    stack[0, 0, 0] = 3  # inferior, anterior, patient's right
    assert volume.with_stack(stack).voxels[-1, -1, 0] == 3
