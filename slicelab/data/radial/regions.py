"""Where the body is in per-coil images, and where there should be nothing but streaks and noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import ndimage

Images = npt.NDArray[np.complex64]
Mask = npt.NDArray[np.bool_]

_LOW_PASS = 1 / 40
_CALM_SHARE = 0.5
_BODY_LEVEL = 0.1
_SMALLEST_PART = 0.01
_MARGIN = 1 / 24


def low_resolution(images: Images) -> Images:
    """Per-coil images ``(coil, row, column)`` smoothed with a Gaussian of 1/40 of the longer side.

    The centre of radial k-space is sampled densely, so streaks all but vanish at low resolution while the body and
    the coils' sensitivities stay.
    """
    sigma = max(images.shape[-2:]) * _LOW_PASS
    return np.asarray(_smooth(images.real, sigma) + 1j * _smooth(images.imag, sigma), dtype=np.complex64)


def body_of(low: Images) -> Mask:
    """The body ``(row, column)``, from low-resolution images.

    Each coil is brought to the same mean square; at each pixel only the half of the coils that show least there
    counts, since a source of streaks is bright in few coils and the body is seen by many. What exceeds a tenth of that
    picture's 95th percentile, in pieces of at least a hundredth of the picture, is body.
    """
    strength = np.abs(low)
    level = np.sqrt(np.mean(strength**2, axis=(1, 2), keepdims=True))
    seen = level[:, 0, 0] > 0
    calm = np.sort(strength[seen] / level[seen], axis=0)[: max(1, int(np.ceil(seen.sum() * _CALM_SHARE)))]
    picture = np.sqrt(np.mean(calm**2, axis=0))
    mask = ndimage.binary_opening(picture > _BODY_LEVEL * np.percentile(picture, 95), iterations=2)
    pieces, _ = ndimage.label(ndimage.binary_fill_holes(mask))
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    return np.asarray(np.isin(pieces, np.flatnonzero(sizes >= _SMALLEST_PART * mask.size)), dtype=np.bool_)


def background_of(body: Mask, images: Images) -> Mask:
    """The air: at least 1/24 of the longer side away from the body, and not blanked by a reconstruction."""
    away = ndimage.binary_dilation(body, iterations=max(2, round(max(body.shape) * _MARGIN)))
    return np.asarray(~away & images.any(axis=0), dtype=np.bool_)


def _smooth(plane: npt.NDArray[Any], sigma: float) -> npt.NDArray[Any]:
    return np.asarray(ndimage.gaussian_filter(plane, (0, sigma, sigma), mode="constant"))
