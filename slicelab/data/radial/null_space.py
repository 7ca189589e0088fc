"""Interference null space: the directions of coil space that streaks come from, and the images without them.

A spot that is encoded wrongly spreads over the whole picture as streaks, but the coils see all of its streaks with the
one set of sensitivities that they have at that spot. So the streaks of a few spots lie in a few directions of coil
space, whereas the body, which lies where the sensitivities are others, lies mostly outside them. Projecting every
pixel's coil values on what is orthogonal to these directions removes the streaks. In the spirit of CACTUS (Fu, Johnson,
Altbach, Bilgin, Magn Reson Med); docs/destreaking.md says what is taken from where.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from slicelab.data.radial.regions import Images, body_of, low_resolution
from slicelab.data.radial.streaks import NEGLIGIBLE

if TYPE_CHECKING:
    from slicelab.data.radial.streaks import Matrix, Measured

_LOADING = 0.05
_STANDS_OUT = 12.0
_MOST_GAIN = 4.0


def interference(measured: Measured) -> Matrix:
    """Orthonormal directions of coil space that hold interference, ``(coil, rank)``; rank 0 where there is none.

    Background and body covariance are compared in coordinates in which the body is the same in all directions
    (with 5% of its mean added on the diagonal). Directions whose background stands out 12 times, as energies, above
    the (lower) median direction's are interference, half of all directions at most. Undersampling of the body itself
    leaves a background in all directions alike and does not stand out.
    """
    coils = len(measured.streak)
    mean = float(np.trace(measured.body).real) / coils
    values, vectors = np.linalg.eigh(measured.body + _LOADING * mean * np.eye(coils))
    shrink = (vectors / np.sqrt(values)) @ vectors.conj().T
    grow = (vectors * np.sqrt(values)) @ vectors.conj().T
    energies, directions = np.linalg.eigh(shrink @ measured.calm @ shrink)
    level = max(_STANDS_OUT * float(energies[(coils - 1) // 2]), NEGLIGIBLE**2)
    rank = min(int(np.sum(energies > level)), coils // 2)
    basis, _ = np.linalg.qr(grow @ directions[:, coils - rank :])
    return np.asarray(basis, dtype=np.complex128)


def null_images(images: Images, basis: Matrix) -> Images:
    """Per-coil images ``(coil, row, column)`` without the directions of ``basis``."""
    inside = np.tensordot(basis.conj().T, images, axes=1)
    return np.asarray(images - np.tensordot(basis, inside, axes=1), dtype=np.complex64)


def null_measured(measured: Measured, basis: Matrix) -> Measured:
    """What is left of body and background after the projection."""
    keep = np.eye(len(basis)) - basis @ basis.conj().T
    body, background = keep @ measured.body @ keep, keep @ measured.background @ keep
    return replace(measured, body=body, background=background)


def lost_brightness(images: Images, basis: Matrix) -> npt.NDArray[np.float32]:
    """By how much the projection darkened the body, ``(row, column)`` float32, 1 to 4; 1 in the air.

    Near a source of streaks the body's own coil values resemble the source's and are removed with them. The ratio of
    the low-resolution sums of squares before and after says how much went; multiplying by it gives the brightness
    back, and the noise with it.
    """
    low = low_resolution(images)
    before, after = _root_sum(low), _root_sum(null_images(low, basis))
    gain = np.clip(before / np.maximum(after, np.finfo(np.float32).tiny), 1.0, _MOST_GAIN)
    inside = ndimage.gaussian_filter(body_of(low).astype(np.float32), 1.0)
    return np.asarray(1.0 + (gain - 1.0) * inside, dtype=np.float32)


def _root_sum(images: Images) -> npt.NDArray[np.float64]:
    return np.asarray(np.sqrt(np.sum(np.abs(images) ** 2, axis=0)), dtype=np.float64)
