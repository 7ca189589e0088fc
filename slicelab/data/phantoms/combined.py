"""Solids made of solids: grown, roughened, joined and cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from slicelab.data.phantoms.solids import Bounds, Float, Points, Solid


@dataclass(frozen=True)
class Shared:
    """One of the anatomy's shared solids, by number, moved outwards by ``by`` mm: asked often, computed once."""

    number: int
    bounds: Bounds
    by: float = 0.0

    def at(self, p: Points) -> Float:
        """The distance computed before, less ``by``."""
        return p.shared[self.number] - np.float32(self.by)


@dataclass(frozen=True)
class Grown:
    """A solid with its surface moved outwards by ``by`` mm (inwards where negative)."""

    solid: Solid
    by: float

    @property
    def bounds(self) -> Bounds:
        """The solid's box, moved as far."""
        low, high = self.solid.bounds
        by = max(self.by, 0.0) * 1.5
        return (low[0] - by, low[1] - by, low[2] - by), (high[0] + by, high[1] + by, high[2] + by)

    def at(self, p: Points) -> Float:
        """The solid's distance less ``by``."""
        return self.solid.at(p) - np.float32(self.by)


@dataclass(frozen=True)
class Rough:
    """A solid with a lobulated surface: moved by a mixture of the rough fields, ``weights`` in mm."""

    solid: Solid
    weights: tuple[float, ...]

    @property
    def bounds(self) -> Bounds:
        """The solid's box and three standard deviations of the surface."""
        return Grown(self.solid, 2.0 * float(np.linalg.norm(self.weights))).bounds

    def at(self, p: Points) -> Float:
        """The solid's distance plus the fields."""
        value = self.solid.at(p)
        for weight, field in zip(self.weights, p.rough, strict=True):
            value = value + np.float32(weight) * field
        return value


@dataclass(frozen=True)
class Joined:
    """The union of solids, with fillets of about ``blend`` mm where they meet."""

    solids: tuple[Solid, ...]
    blend: float = 0.0

    @property
    def bounds(self) -> Bounds:
        """The box around all."""
        lows, highs = zip(*(s.bounds for s in self.solids), strict=True)
        low, high = np.min(lows, axis=0) - self.blend, np.max(highs, axis=0) + self.blend
        return (float(low[0]), float(low[1]), float(low[2])), (float(high[0]), float(high[1]), float(high[2]))

    def at(self, p: Points) -> Float:
        """The polynomial smooth minimum."""
        value = self.solids[0].at(p)
        for solid in self.solids[1:]:
            other = solid.at(p)
            if self.blend > 0:
                k = np.float32(self.blend)
                h = np.maximum(k - np.abs(value - other), 0) / k
                value = np.minimum(value, other) - h * h * k * np.float32(0.25)
            else:
                value = np.minimum(value, other)
        return value


@dataclass(frozen=True)
class Cut:
    """What all of ``within`` share, less all of ``without``; the first of ``within`` gives the box."""

    within: tuple[Solid, ...]
    without: tuple[Solid, ...] = ()

    @property
    def bounds(self) -> Bounds:
        """The smallest box that holds what all share."""
        lows, highs = zip(*(s.bounds for s in self.within), strict=True)
        low, high = np.max(lows, axis=0), np.min(highs, axis=0)
        return (float(low[0]), float(low[1]), float(low[2])), (float(high[0]), float(high[1]), float(high[2]))

    def at(self, p: Points) -> Float:
        """The largest of the distances, those of ``without`` negated."""
        value = self.within[0].at(p)
        for solid in self.within[1:]:
            value = np.maximum(value, solid.at(p))
        for solid in self.without:
            value = np.maximum(value, -solid.at(p))
        return value
