"""Metrics against brute force, SimpleITK and MONAI, and every combination of empty masks."""

from __future__ import annotations

import math

import numpy as np
import pytest
import SimpleITK as sitk
import torch
from monai.metrics import compute_average_surface_distance, compute_dice, compute_hausdorff_distance
from scipy import ndimage
from scipy.spatial.distance import cdist

from slicelab.core import metrics

SPACINGS = [(1.0, 1.0, 1.0), (3.5, 0.7, 0.7), (8.0, 0.6, 1.3)]
Mask = np.ndarray
Spacing = tuple[float, ...]


def scatter(seed: int) -> tuple[Mask, Mask]:
    """Two sprinkled masks of one random small shape, thin in some axes; now and then one is empty or full."""
    rng = np.random.default_rng(seed)
    shape = rng.integers(1, 8, 3)
    a = rng.random(shape) < rng.choice([0.0, 0.03, 0.3, 0.7, 1.0], p=[0.05, 0.3, 0.3, 0.3, 0.05])
    other = rng.random(shape) < rng.choice([0.0, 0.03, 0.3, 0.7])
    return a, np.where(rng.random(shape) < 0.6, a, other)


def blobs(seed: int) -> tuple[Mask, Mask]:
    """Two smooth, overlapping shapes that reach the edge of the volume."""
    rng = np.random.default_rng(seed)
    field, other = (ndimage.gaussian_filter(rng.normal(size=(14, 24, 22)), 2.0) for _ in range(2))
    return field > 0.02, field + 0.6 * other > 0.03


def surface_by_hand(mask: Mask) -> Mask:
    """Positions of mask voxels with a neighbour outside, by looking at the six neighbours of each."""
    inside = {tuple(p) for p in np.argwhere(mask).tolist()}
    steps = [(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)]
    return np.array(
        [p for p in sorted(inside) if any((p[0] + i, p[1] + j, p[2] + k) not in inside for i, j, k in steps)]
    )


def brute_force(a: Mask, b: Mask, spacing: Spacing) -> tuple[float, float, float]:
    """Dice, HD95 and ASSD over all pairs of voxels."""
    first, second = ({tuple(p) for p in np.argwhere(mask).tolist()} for mask in (a, b))
    if not first or not second:
        return (0.0 if first or second else math.nan), math.nan, math.nan
    dice = 2 * len(first & second) / (len(first) + len(second))
    apart = cdist(surface_by_hand(a) * np.array(spacing), surface_by_hand(b) * np.array(spacing))
    there, back = apart.min(axis=1), apart.min(axis=0)
    hd95 = max(np.percentile(there, 95), np.percentile(back, 95))
    return dice, float(hd95), float((there.sum() + back.sum()) / (len(there) + len(back)))


def test_a_thousand_random_pairs_equal_brute_force() -> None:
    for seed in range(1000):
        a, b = scatter(seed)
        spacing = SPACINGS[seed % 3]
        expected = brute_force(a, b, spacing)
        found = metrics.dice(a, b), metrics.hd95(a, b, spacing), metrics.assd(a, b, spacing)
        assert found == pytest.approx(expected, abs=1e-9, nan_ok=True), seed
        mirrored = metrics.dice(b, a), metrics.hd95(b, a, spacing), metrics.assd(b, a, spacing)
        assert mirrored == pytest.approx(expected, abs=1e-9, nan_ok=True), seed


def itk_distances(mask: Mask, other: Mask, spacing: Spacing) -> Mask:
    """Distances from the surface of a mask to that of another, all by SimpleITK: erosion and Maurer's distance map."""

    def image(m: Mask) -> sitk.Image:
        made = sitk.GetImageFromArray(np.pad(m, 1).astype(np.uint8))
        made.SetSpacing(spacing[::-1])
        return made

    def surface(m: Mask) -> sitk.Image:
        return sitk.Subtract(image(m), sitk.BinaryErode(image(m), (1, 1, 1), sitk.sitkCross))

    away = sitk.SignedMaurerDistanceMap(surface(other), squaredDistance=False, useImageSpacing=True)
    return np.abs(sitk.GetArrayFromImage(away))[sitk.GetArrayFromImage(surface(mask)) > 0]


@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("seed", range(5))
def test_surface_distances_agree_with_simpleitk(seed: int, spacing: Spacing) -> None:
    """To a thousandth of a mm: SimpleITK's distance map is single precision."""
    a, b = blobs(seed)
    there, back = itk_distances(a, b, spacing), itk_distances(b, a, spacing)
    ours = metrics.surface_distances(a, b, spacing)
    assert np.sort(ours.to_reference) == pytest.approx(np.sort(there), abs=1e-3)
    assert np.sort(ours.to_prediction) == pytest.approx(np.sort(back), abs=1e-3)
    assert ours.hd95_mm == pytest.approx(max(np.percentile(there, 95), np.percentile(back, 95)), abs=1e-3)
    assert ours.assd_mm == pytest.approx(np.concatenate([there, back]).mean(), abs=1e-3)


@pytest.mark.filterwarnings("ignore:monai.metrics.utils get_mask_edges:FutureWarning")  # MONAI warns of itself
@pytest.mark.parametrize("spacing", SPACINGS)
@pytest.mark.parametrize("seed", range(5))
def test_dice_hd95_and_assd_agree_with_monai(seed: int, spacing: Spacing) -> None:
    a, b = blobs(seed)
    one, two = (torch.from_numpy(m)[None, None] for m in (a, b))
    assert metrics.dice(a, b) == pytest.approx(compute_dice(one, two).item(), abs=1e-6)
    hd95 = compute_hausdorff_distance(one, two, include_background=True, percentile=95, spacing=spacing)
    assd = compute_average_surface_distance(one, two, include_background=True, symmetric=True, spacing=spacing)
    assert metrics.hd95(a, b, spacing) == pytest.approx(hd95.item(), abs=1e-4)
    assert metrics.assd(a, b, spacing) == pytest.approx(assd.item(), abs=1e-4)


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
    assert metrics.assd(some, some, (1, 1, 1)) == 0.0
    assert metrics.volume_ml(none, (1, 1, 1)) == 0.0


def test_hd95_takes_the_worse_direction() -> None:
    """A speck far away that only the prediction has: pooled, the reference's many voxels would hide it."""
    reference = np.zeros((1, 40, 40), bool)
    reference[0, 2:32, 2:32] = True
    prediction = np.zeros_like(reference)
    prediction[0, 2:4, 2:4] = True
    prediction[0, 38, 38] = True
    there = metrics.surface_distances(prediction, reference, (1, 1, 1))
    assert np.percentile(there.to_reference, 95) < np.percentile(there.to_prediction, 95) == there.hd95_mm
    back = metrics.surface_distances(reference, prediction, (1, 1, 1))
    assert back.hd95_mm == there.hd95_mm


def test_a_shift_by_one_slice_is_measured_in_millimetres() -> None:
    a = np.zeros((6, 8, 8), bool)
    a[2, 2:6, 2:6] = True
    b = np.roll(a, 1, axis=0)
    assert metrics.hd95(a, b, (7.7, 1.0, 1.0)) == pytest.approx(7.7)
    assert metrics.assd(a, b, (7.7, 1.0, 1.0)) == pytest.approx(7.7)


def test_a_volume_is_voxels_times_their_size() -> None:
    mask = np.zeros((4, 10, 10), np.uint8)
    mask[1:3, :5] = 1
    assert metrics.volume_ml(mask, (5.0, 2.0, 2.0)) == pytest.approx(100 * 20 / 1000)


def test_masks_touching_the_edge_have_a_surface_there() -> None:
    full = np.ones((3, 3, 3), bool)
    assert metrics.surface_distances(full, full, (1, 1, 1)).to_reference.size == 26


def test_masks_of_different_shapes_are_refused() -> None:
    for measure in (metrics.dice, lambda a, b: metrics.hd95(a, b, (1, 1))):
        with pytest.raises(ValueError, match="different shapes"):
            measure(np.zeros((2, 2), bool), np.zeros((2, 3), bool))
