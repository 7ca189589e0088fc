"""Radial k-space to per-coil images: ramp density compensation and Kaiser-Bessel gridding.

Kernel and its width parameter after Beatty, Nishimura and Pauly, "Rapid gridding reconstruction with a minimal
oversampling ratio", IEEE Trans Med Imaging 24, 2005. The matrix of kernel weights is made once and used for all coils
and slices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import fft, sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

Float = npt.NDArray[np.float64]
Images = npt.NDArray[np.complex64]

_OVERSAMPLING = 1.5
_KERNEL_WIDTH = 5
_KERNEL_BETA = np.pi * np.sqrt((_KERNEL_WIDTH / _OVERSAMPLING) ** 2 * (_OVERSAMPLING - 0.5) ** 2 - 0.8)


def sample_radii(samples: int) -> Float:
    """Signed distances from the centre of k-space along a spoke, ``(sample,)``, cycles per pixel, -0.5 to 0.5.

    The centre is sample ``samples // 2``.
    """
    return (np.arange(samples) - samples // 2) / samples


def density(angles: Float, samples: int) -> Float:
    """Area of k-space that each sample stands for, ``(spoke, sample)``, (cycles per pixel)².

    A ramp along the spoke times the angle between the neighbouring spokes (modulo half a turn), so that uniform and
    golden-angle orders are both weighted. The centre has 2/pi² of a step, which is what the ramp's kernel cut to one
    field of view leaves there (Kak and Slaney, chapter 3); without it the picture would have an offset.

    Args:
        angles: ``(spoke,)`` radians, in any order.
        samples: per spoke.

    """
    step = 1.0 / samples
    ramp = np.abs(sample_radii(samples))
    ramp[samples // 2] = 2 * step / np.pi**2
    turned = np.mod(angles, np.pi)
    order = np.argsort(turned, kind="stable")
    ring = turned[order]
    before, after = np.roll(ring, 1), np.roll(ring, -1)
    before[0] -= np.pi
    after[-1] += np.pi
    widths = np.empty_like(turned)
    widths[order] = (after - before) / 2
    return widths[:, None] * (ramp * step)[None, :]


@dataclass(frozen=True, eq=False)
class Gridding:
    """The way from one radial trajectory to square images.

    Attributes:
        size: rows and columns of the images, pixels.
        grid: rows and columns of the oversampled grid.
        spokes: number of spokes, each of ``size`` samples.
        kernel: ``(grid * grid, spoke * sample)`` sparse float32.
        weights: ``(spoke * sample,)`` density, see :func:`density`.
        rolloff: ``(size,)`` what the kernel's own transform leaves along one image axis.

    """

    size: int
    grid: int
    spokes: int
    kernel: sparse.csr_array
    weights: npt.NDArray[np.float32]
    rolloff: npt.NDArray[np.float32]

    @classmethod
    def of(cls, angles: Float, samples: int) -> Gridding:
        """Prepare for spokes of ``samples`` samples at ``angles`` (radians); images get ``samples`` pixels a side.

        A spoke at angle t runs along (column, row) = (cos t, sin t).
        """
        grid = fft.next_fast_len(int(np.ceil(samples * _OVERSAMPLING / 2))) * 2
        radii = sample_radii(samples)
        columns = (np.cos(angles)[:, None] * radii).ravel() * grid
        rows = (np.sin(angles)[:, None] * radii).ravel() * grid
        at_row, row_weight = _kernel_at(rows, grid)
        at_column, column_weight = _kernel_at(columns, grid)
        places = (at_row[:, :, None] * grid + at_column[:, None, :]).astype(np.int32)
        values = (row_weight[:, :, None] * column_weight[:, None, :]).astype(np.float32)
        which = np.repeat(np.arange(rows.size, dtype=np.int32), _KERNEL_WIDTH**2)
        kernel = sparse.csr_array((values.ravel(), (places.ravel(), which)), shape=(grid * grid, rows.size))
        weights = density(angles, samples).ravel().astype(np.float32)
        return cls(samples, grid, len(angles), kernel, weights, _rolloff(samples, grid).astype(np.float32))

    def images(self, kspace: npt.NDArray[np.complexfloating]) -> Images:
        """Per-coil images ``(coil, size, size)`` complex64 of ``(coil, spoke, sample)`` k-space, one coil at a time."""
        made = np.empty((len(kspace), self.size, self.size), np.complex64)
        correction = np.outer(self.rolloff, self.rolloff)
        for coil, samples in enumerate(kspace):
            spread = self.kernel @ (samples.ravel().astype(np.complex64) * self.weights)
            wide = fft.fftshift(fft.ifft2(spread.reshape(self.grid, self.grid), norm="forward"))
            made[coil] = wide[self._inside] / correction
        return made

    def kspace(self, images: npt.NDArray[np.complexfloating]) -> Images:
        """What a scan along the same spokes measures: ``(coil, spoke, sample)`` of ``(coil, size, size)`` images."""
        measured = np.empty((len(images), self.spokes, self.size), np.complex64)
        correction = np.outer(self.rolloff, self.rolloff)
        for coil, image in enumerate(images):
            wide = np.zeros((self.grid, self.grid), np.complex64)
            wide[self._inside] = image / correction
            transform = fft.fft2(fft.ifftshift(wide))
            measured[coil] = (transform.ravel() @ self.kernel).reshape(self.spokes, self.size)
        return measured

    @property
    def _inside(self) -> tuple[slice, slice]:
        first = self.grid // 2 - self.size // 2
        return slice(first, first + self.size), slice(first, first + self.size)


def centre_crop(images: npt.NDArray[np.complex64], shape: Sequence[int]) -> Images:
    """The middle ``shape`` (rows, columns) of ``(..., row, column)`` images; position 0 stays in the middle."""
    rows, columns = (n // 2 - m // 2 for n, m in zip(images.shape[-2:], shape, strict=True))
    return images[..., rows : rows + shape[0], columns : columns + shape[1]]


def _kernel_at(position: Float, grid: int) -> tuple[npt.NDArray[np.int64], Float]:
    """Grid lines near each position and the kernel's weights there, both ``(sample, width)``; lines wrap around."""
    first = np.ceil(position - _KERNEL_WIDTH / 2).astype(np.int64)
    lines = first[:, None] + np.arange(_KERNEL_WIDTH)
    offset = 2 * (lines - position[:, None]) / _KERNEL_WIDTH
    weights = np.i0(_KERNEL_BETA * np.sqrt(np.clip(1 - offset**2, 0, None))) / _KERNEL_WIDTH
    return np.mod(lines, grid), weights


def _rolloff(size: int, grid: int) -> Float:
    """The kernel's Fourier transform at the image's pixels."""
    place = (np.arange(size) - size // 2) / grid
    root = np.sqrt((_KERNEL_BETA**2 - (np.pi * _KERNEL_WIDTH * place) ** 2).astype(np.complex128))
    return np.asarray((np.sinh(root) / root).real, dtype=np.float64)
