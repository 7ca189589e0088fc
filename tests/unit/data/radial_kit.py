"""Simulated radial scans for the tests, reconstructed, and how near an image is to the streak-free one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from skimage.metrics import structural_similarity

from slicelab.data.phantoms.radial import RadialScan, make_radial_scan
from slicelab.data.radial.combine import sum_of_squares
from slicelab.data.radial.gridding import Gridding, centre_crop
from slicelab.data.radial.regions import body_of, low_resolution


@dataclass(frozen=True, eq=False)
class Scanned:
    """A scan with its per-coil images, with streaks and without, and the true body."""

    scan: RadialScan
    images: np.ndarray
    clean: np.ndarray
    body: np.ndarray


@cache
def scanned(
    seed: int, streaking: int = 1, strength: float = 0.01, coils: int = 8, golden: bool = False, spokes: int = 96
) -> Scanned:
    scan = make_radial_scan(
        seed, streaking=streaking, strength=strength, coils=coils, golden=golden, matrix=96, spokes=spokes
    )
    gridding = Gridding.of(scan.angles, 192)
    images, clean = (np.ascontiguousarray(centre_crop(gridding.images(k), (96, 96))) for k in (scan.kspace, scan.clean))
    return Scanned(scan, images, clean, body_of(low_resolution(clean)))


def streak_energy(image: np.ndarray, streak_free: np.ndarray, body: np.ndarray) -> float:
    """What streaks add in the body: squared differences to the streak-free image of the same combination."""
    return float(np.sum((image - streak_free)[body].astype(np.float64) ** 2))


def similarity(image: np.ndarray, reference: np.ndarray, body: np.ndarray) -> float:
    """SSIM, mean over the body, on the reference's own scale."""
    scale = np.percentile(reference, 99.5)
    _, each = structural_similarity(image / scale, reference / scale, data_range=1.0, full=True)
    return float(each[body].mean())


def before(one: Scanned) -> float:
    """Streak energy when nothing is done: sum of squares of all coils."""
    return streak_energy(sum_of_squares(one.images), sum_of_squares(one.clean), one.body)
