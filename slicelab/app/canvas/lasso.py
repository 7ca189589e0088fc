"""An outline while it is being drawn: corners, freehand, and how it is closed. A frozen value."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

Point = tuple[float, float]
"""``(row, column)`` in voxels; a voxel's centre has whole numbers."""

_ROUND = 8  # points of a freehand line that may be a loop
_NEAR_FREEHAND = 0.5  # voxels between the points of a freehand line


@dataclass(frozen=True)
class Lasso:
    """Corners so far, and where the mouse is.

    Attributes:
        points: the line drawn so far.
        corners: how many of the points each step back takes away, oldest first.
        ahead: from the last point to the mouse: the mouse itself, or an edge that leads there.

    """

    points: tuple[Point, ...] = ()
    corners: tuple[int, ...] = ()
    ahead: tuple[Point, ...] = ()

    @property
    def open(self) -> bool:
        """Whether anything has been drawn."""
        return bool(self.points)

    @property
    def closable(self) -> bool:
        """Whether it encloses anything."""
        return len(self.points) > 2

    @property
    def freehand(self) -> bool:
        """Whether its last part was drawn by hand, round something: not a click that trembled."""
        return bool(self.corners) and self.corners[-1] >= _ROUND

    def click(self, way: tuple[Point, ...]) -> Lasso:
        """A corner, and the line that leads to it (its last point is the corner)."""
        return Lasso((*self.points, *way), (*self.corners, len(way)), ())

    def drag(self, at: Point) -> Lasso:
        """The mouse is moved with its button held: a freehand line, part of the last corner."""
        if not self.open or math.dist(self.points[-1], at) < _NEAR_FREEHAND:
            return self
        return Lasso((*self.points, at), (*self.corners[:-1], self.corners[-1] + 1), ())

    def look(self, ahead: tuple[Point, ...]) -> Lasso:
        """The mouse is moved without its button."""
        return replace(self, ahead=ahead) if self.open else self

    def back(self) -> Lasso:
        """Without the last corner and the line to it."""
        if not self.corners:
            return self
        return Lasso(self.points[: -self.corners[-1]], self.corners[:-1], ())
