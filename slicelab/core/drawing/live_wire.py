"""An outline that clings to edges: the cheapest way from a corner to the mouse (live-wire)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy  # its parts are imported at first use

if TYPE_CHECKING:
    import numpy.typing as npt

REACH = 64
"""Voxels around the corner that the wire reaches; the ways to all of them take some tens of milliseconds."""

_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1))
_FLAT = 0.02  # cost of a step along the strongest edge: the wire takes no detours through it


@dataclass(frozen=True, eq=False)
class Wire:
    """All cheapest ways from one voxel.

    Attributes:
        start: ``(row, column)`` they begin at.
        corner: row and column of the searched window's first voxel.
        shape: rows and columns of the window.
        came_from: for each voxel of the window (flat), the one before it on its way.

    """

    start: tuple[int, int]
    corner: tuple[int, int]
    shape: tuple[int, int]
    came_from: npt.NDArray[np.int32]

    def way_to(self, end: tuple[float, float]) -> tuple[tuple[int, int], ...]:
        """The voxels from the start to the one at, or nearest to, ``end``; ``(row, column)``, both ends included."""
        row, column = (
            min(max(round(place) - first, 0), count - 1)
            for place, first, count in zip(end, self.corner, self.shape, strict=True)
        )
        at = row * self.shape[1] + column
        way = []
        while at >= 0:
            way.append((at // self.shape[1] + self.corner[0], at % self.shape[1] + self.corner[1]))
            at = int(self.came_from[at])
        return tuple(reversed(way))


def live_wire(
    picture: npt.NDArray[Any], start: tuple[int, int], pixel: tuple[float, float], reach: int = REACH
) -> Wire:
    """Find the cheapest ways from a voxel: a step costs its length in mm, much less along strong gradients.

    Source: Barrett & Mortensen 1997, "Interactive live-wire boundary extraction", Medical Image Analysis 1(4),
    331-341, with the gradient's magnitude as the only feature.

    Args:
        picture: one slice ``(row, column)``.
        start: the last corner; inside the picture.
        pixel: mm along (row, column).
        reach: voxels that the window extends to each side.

    """
    corner = (max(start[0] - reach, 0), max(start[1] - reach, 0))
    window = picture[corner[0] : start[0] + reach + 1, corner[1] : start[1] + reach + 1].astype(np.float64)
    shape = (window.shape[0], window.shape[1])
    number = np.arange(window.size, dtype=np.int32).reshape(shape)
    cost = _cost(window, pixel)
    froms, tos, weights = [], [], []
    for down, right in _STEPS:
        a, b = _pairs(number, down, right)
        froms.append(a)
        tos.append(b)
        weights.append(np.hypot(down * pixel[0], right * pixel[1]) * (cost.flat[a] + cost.flat[b]) / 2)
    ways = scipy.sparse.coo_array(
        (np.concatenate(weights), (np.concatenate(froms), np.concatenate(tos))), shape=(window.size, window.size)
    ).tocsr()
    first = int(number[start[0] - corner[0], start[1] - corner[1]])
    _, came_from = scipy.sparse.csgraph.dijkstra(ways, directed=False, indices=first, return_predecessors=True)
    return Wire(start, corner, shape, np.asarray(came_from, dtype=np.int32))


def _cost(window: npt.NDArray[np.float64], pixel: tuple[float, float]) -> npt.NDArray[np.float64]:
    """1 where the picture is flat, nearly 0 on the strongest edges (95th percentile and above)."""
    smooth = scipy.ndimage.gaussian_filter(window, 1.0, mode="nearest")
    if min(smooth.shape) < 2:
        return np.ones(window.shape)
    down, right = np.gradient(smooth, *pixel)
    edge = np.hypot(down, right)
    strong = float(np.percentile(edge, 95)) or float(edge.max())
    share = np.clip(edge / strong, 0.0, 1.0) if strong > 0 else np.zeros(window.shape)
    return np.asarray(_FLAT + (1 - _FLAT) * (1 - share) ** 2)


def _pairs(number: npt.NDArray[np.int32], down: int, right: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Voxels and their neighbours in one direction, flat."""
    rows, columns = number.shape
    a = number[: rows - down, max(-right, 0) : columns - max(right, 0)]
    b = number[down:, max(right, 0) : columns + min(right, 0)]
    return a.ravel(), b.ravel()
