"""Per-coil images to one magnitude image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt
from scipy import ndimage

if TYPE_CHECKING:
    from slicelab.data.radial.regions import Images

Combination = Literal["sum-of-squares", "adaptive"]
Magnitude = npt.NDArray[np.float32]

_ROUNDS = 4
_NEIGHBOURHOOD = 1.5


def combined(images: Images, how: Combination) -> Magnitude:
    """One magnitude image ``(row, column)`` float32 of ``(coil, row, column)`` complex64."""
    return sum_of_squares(images) if how == "sum-of-squares" else adaptive(images)


def sum_of_squares(images: Images) -> Magnitude:
    """Root of the sum of squared magnitudes: needs no sensitivities, and adds up noise in the air."""
    return np.asarray(np.sqrt(np.sum(np.abs(images) ** 2, axis=0)), dtype=np.float32)


def adaptive(images: Images) -> Magnitude:
    """Matched filter with sensitivities estimated from the images themselves.

    After Walsh, Gmitro and Marcellin (Magn Reson Med 43, 2000): the weights at a pixel are the strongest direction of
    the coil covariance around it. Found by power iteration on products smoothed with a Gaussian of 1.5 pixels, which
    needs no covariance matrix in memory.
    """
    picture = sum_of_squares(images).astype(np.complex64)
    for _ in range(_ROUNDS):
        weights = _smooth(images * picture.conj())
        weights /= np.maximum(np.sqrt(np.sum(np.abs(weights) ** 2, axis=0)), np.finfo(np.float32).tiny)
        picture = np.sum(weights.conj() * images, axis=0)
    return np.asarray(np.abs(picture), dtype=np.float32)


def _smooth(images: Images) -> Images:
    sigma = (0, _NEIGHBOURHOOD, _NEIGHBOURHOOD)
    real, imaginary = ndimage.gaussian_filter(images.real, sigma), ndimage.gaussian_filter(images.imag, sigma)
    return np.asarray(real + 1j * imaginary, dtype=np.complex64)
