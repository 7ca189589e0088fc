"""Solids as implicit functions: about the distance to the surface in mm, negative inside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Protocol

import numpy as np
import numpy.typing as npt

Float = npt.NDArray[np.float32]
Vector = tuple[float, float, float]
Bounds = tuple[Vector, Vector]

EVERYWHERE: Bounds = ((-1e6, -1e6, -1e6), (1e6, 1e6, 1e6))


@dataclass(frozen=True, eq=False)
class Points:
    """Positions in the subject's own frame where solids are asked.

    Attributes:
        x, y, z: ``(x, y, z)`` float32, mm towards the right, anterior and superior.
        rough: ``(x, y, z)`` float32 smooth fields of unit standard deviation, which roughen surfaces.
        shared: distances to the anatomy's shared solids, computed once.

    """

    x: Float
    y: Float
    z: Float
    rough: tuple[Float, ...]
    shared: tuple[Float, ...] = ()

    def part(self, box: tuple[slice, slice, slice]) -> Points:
        """The points of a box of the grid; views."""
        return Points(
            self.x[box],
            self.y[box],
            self.z[box],
            tuple(field[box] for field in self.rough),
            tuple(field[box] for field in self.shared),
        )


class Solid(Protocol):
    """A region of space: where it can be at most, and a function that is negative inside it."""

    @property
    def bounds(self) -> Bounds:
        """Lowest and highest corner, mm."""
        ...

    def at(self, p: Points) -> Float:
        """About the distance to the surface, mm, negative inside; the shape of ``p.x``."""
        ...


@dataclass(frozen=True)
class Ellipsoid:
    """An ellipsoid, more or less boxy, turned by angles about x, y and z (degrees, in that order).

    ``boxy`` mixes the level of the fourth-power superellipsoid into that of the ellipsoid (0 none, 1 all).
    """

    center: Vector
    radii: Vector
    turn: Vector = (0.0, 0.0, 0.0)
    boxy: float = 0.0

    @property
    def bounds(self) -> Bounds:
        """A ball around the centre, tightened to the box where the solid is not turned."""
        reach = self.radii if self.turn == (0.0, 0.0, 0.0) else (max(self.radii) * 1.25,) * 3
        return _around(self.center, reach)

    def at(self, p: Points) -> Float:
        """First-order distance: exact on the surface and in sign."""
        u, v, w = _turned(p, self.center, self.turn)
        a, b, c = (np.float32(1.0 / r) for r in self.radii)
        u, v, w = u * a, v * b, w * c
        return (_level((u, v, w), self.boxy) - np.float32(1.0)) * np.float32(min(self.radii))


@dataclass(frozen=True)
class Tube:
    """A piece of vessel or bowel: the hull of two balls."""

    start: Vector
    end: Vector
    start_radius: float
    end_radius: float

    @property
    def bounds(self) -> Bounds:
        """The box around both balls."""
        r = max(self.start_radius, self.end_radius)
        low = [min(a, b) - r for a, b in zip(self.start, self.end, strict=True)]
        high = [max(a, b) + r for a, b in zip(self.start, self.end, strict=True)]
        return (low[0], low[1], low[2]), (high[0], high[1], high[2])

    def at(self, p: Points) -> Float:
        """Distance to the axis less the radius there."""
        axis = np.subtract(self.end, self.start).astype(np.float32)
        dx, dy, dz = (q - np.float32(s) for q, s in zip((p.x, p.y, p.z), self.start, strict=True))
        length = np.float32(max(float(axis @ axis), 1e-6))
        t = np.clip((dx * axis[0] + dy * axis[1] + dz * axis[2]) / length, 0, 1)
        dx, dy, dz = dx - t * axis[0], dy - t * axis[1], dz - t * axis[2]
        radius = np.float32(self.start_radius) + t * np.float32(self.end_radius - self.start_radius)
        distance: Float = np.sqrt(dx * dx + dy * dy + dz * dz) - radius
        return distance


@dataclass(frozen=True)
class Column:
    """An endless elliptic cylinder along z, its axis leaning by ``lean`` mm per mm along x and y."""

    center: tuple[float, float]
    radii: tuple[float, float]
    lean: tuple[float, float] = (0.0, 0.0)
    boxy: float = 0.0

    @property
    def bounds(self) -> Bounds:
        """Bounded in plane only where it stands upright."""
        if self.lean != (0.0, 0.0):
            return EVERYWHERE
        (x, y), (a, b) = self.center, self.radii
        return (x - a, y - b, -1e6), (x + a, y + b, 1e6)

    def at(self, p: Points) -> Float:
        """First-order distance in plane."""
        u = p.x - np.float32(self.center[0])
        v = p.y - np.float32(self.center[1])
        if self.lean != (0.0, 0.0):
            u = u - p.z * np.float32(self.lean[0])
            v = v - p.z * np.float32(self.lean[1])
        scaled = u * np.float32(1 / self.radii[0]), v * np.float32(1 / self.radii[1])
        return (_level(scaled, self.boxy) - np.float32(1)) * np.float32(min(self.radii))


@dataclass(frozen=True)
class HalfSpace:
    """The side of a plane that its normal points away from."""

    point: Vector
    normal: Vector

    @property
    def bounds(self) -> Bounds:
        """Unbounded."""
        return EVERYWHERE

    def at(self, p: Points) -> Float:
        """Signed distance to the plane."""
        n = np.asarray(self.normal) / np.linalg.norm(self.normal)
        offset = float(n @ np.asarray(self.point))
        x, y, z = (np.float32(part) for part in n)
        height: Float = p.x * x + p.y * y + p.z * z - np.float32(offset)
        return height


def _level(scaled: tuple[Float, ...], boxy: float) -> Float:
    """Distance from the centre in radii: 1 on the surface."""
    squares = [u * u for u in scaled]
    level: Float = np.sqrt(reduce(np.add, squares))
    if boxy == 0.0:
        return level
    square: Float = np.sqrt(np.sqrt(reduce(np.add, [s * s for s in squares])))
    return level * np.float32(1 - boxy) + square * np.float32(boxy)


def _around(center: Vector, reach: Vector) -> Bounds:
    low = tuple(c - r for c, r in zip(center, reach, strict=True))
    high = tuple(c + r for c, r in zip(center, reach, strict=True))
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _turned(p: Points, center: Vector, turn: Vector) -> tuple[Float, Float, Float]:
    """Positions relative to ``center`` along the solid's own axes."""
    d = [q - np.float32(c) for q, c in zip((p.x, p.y, p.z), center, strict=True)]
    if turn == (0.0, 0.0, 0.0):
        return d[0], d[1], d[2]
    r = rotation(turn).T.astype(np.float32)
    u, v, w = (r[i, 0] * d[0] + r[i, 1] * d[1] + r[i, 2] * d[2] for i in range(3))
    return u, v, w


def rotation(degrees: Vector) -> npt.NDArray[np.float64]:
    """The matrix that turns about x, then y, then z."""
    a, b, c = np.radians(degrees)
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    turned: npt.NDArray[np.float64] = rz @ ry @ rx
    return turned
