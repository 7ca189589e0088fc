"""In-plane resampling between two centred pixel grids as two small matrices, with anti-aliasing, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Weights = npt.NDArray[np.float32]
FloatStack = npt.NDArray[np.float32]
MaskStack = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Frame:
    """How the pixels of one volume's slices lie over the pixels of its pool slices; the centres coincide.

    Attributes:
        native: rows and columns of the volume's slices.
        spacing: their height and width, mm.
        pixel_mm: side of a pool pixel, mm.
        pool: rows and columns of the pool slices; they hold the whole field of view.

    """

    native: tuple[int, int]
    spacing: tuple[float, float]
    pixel_mm: float
    pool: tuple[int, int]

    def to_pool(self, stack: npt.NDArray[np.generic]) -> FloatStack:
        """Native ``(slice, row, column)`` to pool ``(slice, row, column)``, float32; outside the field of view 0."""
        rows = _weights(self.native[0], self.spacing[0], self.pool[0], self.pixel_mm, outside_zero=True)
        columns = _weights(self.native[1], self.spacing[1], self.pool[1], self.pixel_mm, outside_zero=True)
        out: FloatStack = np.matmul(rows, stack.astype(np.float32, copy=False)) @ columns.T
        return out

    def native_weights(self) -> tuple[Weights, Weights]:
        """What takes a pool picture to the volume's pixels, ``rows @ picture @ columns.T``; edges are continued.

        Returns:
            rows ``(native row, pool row)`` and columns ``(native column, pool column)``, float32.

        """
        return (
            _weights(self.pool[0], self.pixel_mm, self.native[0], self.spacing[0], outside_zero=False),
            _weights(self.pool[1], self.pixel_mm, self.native[1], self.spacing[1], outside_zero=False),
        )

    def mask_to_pool(self, masks: MaskStack) -> MaskStack:
        """Native masks to pool masks: every value is resampled as a 0/1 image and the largest wins."""
        values = np.unique(masks)
        best = np.zeros((len(masks), *self.pool), np.float32)
        out = np.zeros(best.shape, np.uint8)
        for value in values:
            share = self.to_pool(masks == value)
            wins = share > best
            out[wins], best[wins] = value, share[wins]
        return out

    def inside(self) -> npt.NDArray[np.bool_]:
        """Pool pixels ``(row, column)`` whose centre lies in the field of view."""
        rows, columns = (
            np.abs(_centres(self.pool[a], self.pixel_mm)) <= self.native[a] * self.spacing[a] / 2 for a in (0, 1)
        )
        covered: npt.NDArray[np.bool_] = rows[:, None] & columns[None, :]
        return covered


def frame_for(native: tuple[int, int], spacing: tuple[float, float], pixel_mm: float, multiple: int) -> Frame:
    """The smallest frame of ``pixel_mm`` pixels that holds the field of view, rows and columns of the multiple."""
    # A hundredth of a pixel is forgiven: 320.0001 mm must not cost 32 rows.
    pool = tuple(
        multiple * max(1, int(np.ceil((n * mm / pixel_mm - 0.01) / multiple)))
        for n, mm in zip(native, spacing, strict=True)
    )
    return Frame(native, spacing, pixel_mm, (pool[0], pool[1]))


def _centres(count: int, size: float) -> npt.NDArray[np.float64]:
    """Pixel centres in mm from the middle of the grid."""
    return np.asarray((np.arange(count) - (count - 1) / 2.0) * size, dtype=np.float64)


def _weights(source: int, source_mm: float, target: int, target_mm: float, *, outside_zero: bool) -> Weights:
    """Linear resampling of one axis as a matrix ``(target, source)`` whose rows add up to 1.

    The kernel is a triangle as wide as the coarser of the two pixels, so that shrinking averages instead of skipping
    (anti-aliasing) and enlarging interpolates.
    """
    at, from_ = _centres(target, target_mm), _centres(source, source_mm)
    half = source * source_mm / 2.0
    inside = np.abs(at) <= half + 1e-6 * target_mm
    at = np.clip(at, from_[0], from_[-1])
    weights = np.maximum(0.0, 1.0 - np.abs(at[:, None] - from_[None, :]) / max(source_mm, target_mm))
    weights /= weights.sum(axis=1, keepdims=True)
    if outside_zero:
        weights[~inside] = 0.0
    return weights.astype(np.float32)
