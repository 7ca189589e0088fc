"""Metrics against brute force and SimpleITK, and every combination of empty masks."""

from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
from scipy.spatial.distance import cdist

from slicelab.core import metrics


def blobs(seed: int, shape: tuple[int, ...] = (7, 11, 9)) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    density = rng.uniform(0.02, 0.6)
    a = rng.random(shape) < density
    return a, np.where(rng.random(shape) < 0.8, a, rng.random(shape) < density)


def boundary_points(mask: np.ndarray, spacing: tuple[float, ...]) -> np.ndarray:
    padded = np.pad(mask, 1)
    inner = padded.copy()
    for axis in range(mask.ndim):
        inner &= np.roll(padded, 1, axis) & np.roll(padded, -1, axis)
    return (np.argwhere(padded & ~inner) - 1) * np.array(spacing)


@pytest.mark.parametrize("seed", range(25))
def test_dice_hd95_and_assd_equal_brute_force_over_all_pairs_of_boundary_voxels(seed: int) -> None:
    spacing = (3.5, 0.7, 1.2)
    a, b = blobs(seed)
    both, total = 0, 0
    for x, y in zip(a.flat, b.flat, strict=True):
        both += x and y
        total += int(x) + int(y)
    assert metrics.dice(a, b) == pytest.approx(2 * both / total)
    distances = cdist(boundary_points(a, spacing), boundary_points(b, spacing))
    pooled = np.concatenate([distances.min(axis=1), distances.min(axis=0)])
    assert metrics.hd95(a, b, spacing) == pytest.approx(np.percentile(pooled, 95))
    assert metrics.assd(a, b, spacing) == pytest.approx(pooled.mean())


@pytest.mark.parametrize("seed", range(5))
def test_dice_agrees_with_simpleitk(seed: int) -> None:
    a, b = blobs(seed)
    measure = sitk.LabelOverlapMeasuresImageFilter()
    measure.Execute(sitk.GetImageFromArray(a.astype(np.uint8)), sitk.GetImageFromArray(b.astype(np.uint8)))
    assert metrics.dice(a, b) == pytest.approx(measure.GetDiceCoefficient(1))


def test_every_combination_of_empty_masks_is_defined() -> None:
    some, none = np.zeros((3, 4, 4), bool), np.zeros((3, 4, 4), bool)
    some[1, 1:3, 1:3] = True
    assert math.isnan(metrics.dice(none, none))
    assert metrics.dice(none, some) == 0.0
    assert metrics.dice(some, none) == 0.0
    assert metrics.dice(some, some) == 1.0
    for a, b in ((none, none), (none, some), (some, none)):
        assert math.isnan(metrics.hd95(a, b, (1, 1, 1)))
        assert math.isnan(metrics.assd(a, b, (1, 1, 1)))
    assert metrics.hd95(some, some, (1, 1, 1)) == 0.0


def test_a_shift_by_one_slice_is_measured_in_millimetres() -> None:
    a = np.zeros((6, 8, 8), bool)
    a[2, 2:6, 2:6] = True
    b = np.roll(a, 1, axis=0)
    assert metrics.hd95(a, b, (7.7, 1.0, 1.0)) == pytest.approx(7.7)
    assert metrics.assd(a, b, (7.7, 1.0, 1.0)) == pytest.approx(7.7)


def test_masks_touching_the_edge_have_a_boundary_there() -> None:
    full = np.ones((2, 3, 3), bool)
    assert metrics.surface_distances(full, full, (1, 1, 1)).size > 0


def test_masks_of_different_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="different shapes"):
        metrics.dice(np.zeros((2, 2), bool), np.zeros((2, 3), bool))
