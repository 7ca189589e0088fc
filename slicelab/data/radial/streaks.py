"""How much of each coil's signal is streaks, and which coils to leave out for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slicelab.data.radial.regions import Images, Mask, background_of, body_of, low_resolution

if TYPE_CHECKING:
    from collections.abc import Sequence

Matrix = npt.NDArray[np.complex128]
Float = npt.NDArray[np.float64]

NEGLIGIBLE = 0.02
"""Streaks below this share of a coil's body signal (as amplitudes) are never acted upon."""
DEFAULT_THRESHOLD = 2.5
"""A coil is left out when its score exceeds this many times the lower quartile of all coils' scores."""

_LEAST_AIR = 0.02
_BRIGHTEST = 0.1
_MEDIAN_TO_RMS = 1 / np.sqrt(np.log(2))
"""Root mean square over median of a Rayleigh distributed magnitude."""


@dataclass(frozen=True, eq=False)
class Measured:
    """What a slice says about signal and streaks; covariances are ``(coil, coil)``, means over pixels of y yᴴ.

    Attributes:
        body: covariance of the low-resolution signal in the body.
        calm: covariance of the background without its brightest tenth of pixels, where a piece of the body
            that was missed would be.
        background: covariance of the whole background.
        streak: ``(coil,)`` typical amplitude in the background, from its median, so that it says how strong
            streaks are all over the picture and not how bright one spot is.

    """

    body: Matrix
    calm: Matrix
    background: Matrix
    streak: Float

    def without(self, coils: Sequence[int]) -> Measured:
        """The same, as if these coils (from 0) did not exist."""
        kept = np.setdiff1d(np.arange(len(self.streak)), np.asarray(coils, dtype=np.int64))
        both = np.ix_(kept, kept)
        return Measured(self.body[both], self.calm[both], self.background[both], self.streak[kept])


def measure(images: Images, region: Mask | None = None) -> Measured | None:
    """Measure one slice.

    Args:
        images: ``(coil, row, column)`` complex64; magnitudes as complex numbers without imaginary part.
        region: ``(row, column)`` where there is interference and nothing else; by default the air around the body.

    Returns:
        None where there is no body, or too little background (2% of the pixels, or four pixels a coil) to measure.

    """
    low = low_resolution(images)
    body = body_of(low)
    background = background_of(body, images) if region is None else region & images.any(axis=0)
    if not body.any() or background.sum() < max(_LEAST_AIR * background.size, 4 * len(images)):
        return None
    air = images[:, background].astype(np.complex128)
    calm = air
    if region is None:
        strength = np.sum(np.abs(air) ** 2, axis=0)
        calm = air[:, strength <= np.quantile(strength, 1 - _BRIGHTEST)]
    return Measured(
        body=_covariance(low[:, body].astype(np.complex128)),
        calm=_covariance(calm),
        background=_covariance(air),
        streak=np.median(np.abs(air), axis=1) * _MEDIAN_TO_RMS,
    )


def streak_scores(slices: Sequence[Measured]) -> Float:
    """One score a coil for a whole stack, ``(coil,)``: streak amplitude over body signal, both root mean squares.

    A ratio of what does not belong to what does, as the streak ratio of Xue et al. (Magn Reson Med 67, 2012), but
    with the air around the body in place of the difference to a low-resolution image. A coil without signal in the
    body has the score NaN.
    """
    streak = np.mean([one.streak**2 for one in slices], axis=0)
    body = np.mean([_diagonal(one.body) for one in slices], axis=0)
    seen = body > 1e-8 * body.max()
    return np.asarray(np.sqrt(np.divide(streak, body, where=seen, out=np.full(len(body), np.nan))))


def cut_of(scores: Float, threshold: float = DEFAULT_THRESHOLD) -> float:
    """The score above which a coil is left out."""
    return max(threshold * float(np.nanquantile(scores, 0.25)), NEGLIGIBLE)


def streaking_coils(scores: Float, threshold: float = DEFAULT_THRESHOLD) -> tuple[int, ...]:
    """Coils (from 0) to leave out: those above :func:`cut_of`, the worst half of all coils at most."""
    order = np.argsort(-np.nan_to_num(scores), kind="stable")[: len(scores) // 2]
    cut = cut_of(scores, threshold)
    return tuple(sorted(int(coil) for coil in order if scores[coil] > cut))


def streak_energy(slices: Sequence[Measured]) -> float:
    """Mean square of the background over mean square of the body, in the sum of squares of all coils."""
    background = sum(float(_diagonal(one.background).sum()) for one in slices)
    return background / sum(float(_diagonal(one.body).sum()) for one in slices)


def _covariance(samples: Matrix) -> Matrix:
    return np.asarray(samples @ samples.conj().T / samples.shape[1], dtype=np.complex128)


def _diagonal(covariance: Matrix) -> Float:
    return np.asarray(np.diagonal(covariance).real, dtype=np.float64)
