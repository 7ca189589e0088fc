"""Smooth random fields: drawn once as knots in millimetres, evaluated on any grid, with the same bytes every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

Float = npt.NDArray[np.float32]

_SPREAD = (151.0 / 315.0) ** 1.5
"""Standard deviation of a cubic B-spline field with unit normal knots: the square integral of B3, in three axes."""


@dataclass(frozen=True, eq=False)
class SmoothField:
    """A cubic B-spline over a lattice of random knots.

    Attributes:
        knots: ``(x, y, z)`` float32, unit standard deviation of the field.
        origin: position of knot 0 along x, y, z, mm.
        step: distance of the knots along x, y, z, mm: the field's correlation length.

    """

    knots: Float
    origin: tuple[float, float, float]
    step: tuple[float, float, float]

    def on(self, axes: Sequence[Float]) -> Float:
        """The field on the grid spanned by three 1-D coordinate arrays in mm: ``(x, y, z)`` float32."""
        values = self.knots
        # The thinnest axis first, so that only the last product touches the full grid. Sparse products run in
        # one thread in a fixed order: the same bytes whatever the machine's core count.
        for axis in (2, 1, 0):
            weights = _spline_weights(axes[axis], self.origin[axis], self.step[axis], values.shape[axis])
            moved = np.moveaxis(values, axis, 0)
            flat = weights @ np.ascontiguousarray(moved).reshape(moved.shape[0], -1)
            values = np.moveaxis(flat.reshape(-1, *moved.shape[1:]), 0, axis)
        return np.ascontiguousarray(values)


def draw_field(
    rng: np.random.Generator,
    low: Sequence[float],
    high: Sequence[float],
    step: float | Sequence[float],
) -> SmoothField:
    """Draw a field of unit standard deviation that covers the box from ``low`` to ``high`` mm.

    Args:
        rng: source of the knots.
        low: lowest x, y, z, mm.
        high: highest x, y, z, mm.
        step: correlation length, mm, one number or one per axis.

    """
    steps = np.broadcast_to(np.asarray(step, dtype=np.float64), (3,))
    counts = [int(np.ceil((h - b) / s)) + 4 for b, h, s in zip(low, high, steps, strict=True)]
    knots = rng.standard_normal(counts, dtype=np.float32) / np.float32(_SPREAD)
    origin = [b - s for b, s in zip(low, steps, strict=True)]
    return SmoothField(
        knots,
        (float(origin[0]), float(origin[1]), float(origin[2])),
        (float(steps[0]), float(steps[1]), float(steps[2])),
    )


def _spline_weights(points: Float, origin: float, step: float, count: int) -> sparse.csr_matrix:
    """Cubic B-spline weights ``(points, knots)``; points outside the lattice take the nearest inner value."""
    place = np.clip((points.astype(np.float64) - origin) / step, 1.0, count - 2.000001)
    base = np.floor(place).astype(np.int64)
    t = place - base
    taps = np.stack([(1 - t) ** 3, 3 * t**3 - 6 * t**2 + 4, -3 * t**3 + 3 * t**2 + 3 * t + 1, t**3], axis=1) / 6.0
    columns = base[:, None] + np.arange(-1, 3)
    rows = np.arange(len(points) + 1) * 4
    return sparse.csr_matrix((taps.astype(np.float32).ravel(), columns.ravel(), rows), shape=(len(points), count))
