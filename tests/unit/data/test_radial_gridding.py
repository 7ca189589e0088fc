"""Radial k-space to images: against sums done by hand, and against what was scanned."""

from __future__ import annotations

import numpy as np
import pytest
from radial_kit import scanned

from slicelab.data.radial.gridding import Gridding, centre_crop, density, sample_radii

GOLDEN = np.pi * (np.sqrt(5) - 1) / 2


def direct_image(kspace: np.ndarray, angles: np.ndarray, size: int) -> np.ndarray:
    """The image as the plain weighted sum over all samples."""
    radii = sample_radii(kspace.shape[1])
    place = np.arange(size) - size // 2
    image = np.zeros((size, size), np.complex128)
    weights = density(angles, kspace.shape[1])
    for spoke, angle in enumerate(angles):
        across = np.exp(2j * np.pi * np.outer(place, radii * np.cos(angle)))
        down = np.exp(2j * np.pi * np.outer(place, radii * np.sin(angle)))
        image += (down * (weights[spoke] * kspace[spoke])) @ across.T
    return image


def direct_kspace(image: np.ndarray, angles: np.ndarray) -> np.ndarray:
    size = len(image)
    place = np.arange(size) - size // 2
    radii = sample_radii(size)
    spokes = []
    for angle in angles:
        across = np.exp(-2j * np.pi * np.outer(place, radii * np.cos(angle)))
        down = np.exp(-2j * np.pi * np.outer(place, radii * np.sin(angle)))
        spokes.append(((image @ across) * down).sum(axis=0))
    return np.array(spokes)


@pytest.mark.parametrize("size", [32, 33])
@pytest.mark.parametrize("angles", [np.arange(20) * np.pi / 20, np.arange(21) * GOLDEN], ids=["uniform", "golden"])
def test_gridding_agrees_with_direct_sums(rng: np.random.Generator, size: int, angles: np.ndarray) -> None:
    kspace = rng.normal(size=(2, len(angles), size)) + 1j * rng.normal(size=(2, len(angles), size))
    gridding = Gridding.of(angles, size)
    for made, samples in zip(gridding.images(kspace), kspace, strict=True):
        wanted = direct_image(samples, angles, size)
        assert np.abs(made - wanted).max() < 2e-3 * np.abs(wanted).max()


def test_simulated_scan_agrees_with_direct_sums(rng: np.random.Generator) -> None:
    angles = np.arange(15) * GOLDEN
    image = rng.normal(size=(24, 24)) + 1j * rng.normal(size=(24, 24))
    wanted = direct_kspace(image, angles)
    assert np.abs(Gridding.of(angles, 24).kspace(image[None])[0] - wanted).max() < 2e-3 * np.abs(wanted).max()


@pytest.mark.parametrize("order", ["uniform", "golden", "shuffled, turned by half a turn and doubled"])
def test_weights_cover_the_disc_of_k_space_once(rng: np.random.Generator, order: str) -> None:
    angles = np.arange(55) * (GOLDEN if order == "golden" else np.pi / 55)
    if order.startswith("shuffled"):
        angles = np.repeat(rng.permutation(angles) + np.pi * rng.integers(-2, 3, 55), 2)
    weights = density(angles, 64)
    assert weights.sum() == pytest.approx(np.pi / 4, rel=0.02)
    assert (weights >= 0).all()


@pytest.mark.parametrize("order", [0.0, 1.0], ids=["uniform", "golden"])
def test_a_smooth_object_keeps_its_place_size_and_brightness(order: float) -> None:
    rows, columns = np.mgrid[:64, :64] - 32
    thing = np.exp(-((rows - 6) ** 2 / 50 + (columns + 9) ** 2 / 20)) * (1 + 0.5j)
    angles = np.arange(110) * (GOLDEN if order else np.pi / 110)
    gridding = Gridding.of(angles, 64)
    [seen] = gridding.images(gridding.kspace(thing[None]))
    within = np.hypot(rows, columns) < 32  # what a spoke's own field of view holds
    assert np.abs(seen - thing)[within].max() < 0.015
    assert seen[within].sum() == pytest.approx(thing[within].sum(), rel=0.02)


def test_crop_keeps_position_zero_in_the_middle() -> None:
    for size in (6, 7):
        wide = np.zeros((1, 12, 13), np.complex64)
        wide[0, 6, 6] = 1
        assert centre_crop(wide, (size, size))[0, size // 2, size // 2] == 1


def test_a_clean_scan_looks_like_the_scanned_anatomy() -> None:
    one = scanned(0)
    assert 0.2 < one.body.mean() < 0.6
    inside, outside = (np.abs(one.clean[:, mask]).mean() for mask in (one.body, ~one.body))
    assert inside > 8 * outside
