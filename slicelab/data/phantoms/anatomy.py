"""What a phantom's body is made of: tissues, solids painted in order, and the warp that sets subjects apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from slicelab.data.phantoms.fields import SmoothField, draw_field
from slicelab.data.phantoms.solids import Solid, Tube, Vector

if TYPE_CHECKING:
    from collections.abc import Sequence

REACH_MM = 260.0
"""Half the side of the cube in which warps are drawn: larger than any field of view."""

_WARP = ((95.0, 7.5), (36.0, 2.4))
"""Correlation length and standard deviation of the two warps, mm: gradients stay near 0.2, so nothing folds."""
_ROUGH_STEPS = (26.0, 14.0, 8.0)
"""Correlation lengths of the fields that roughen surfaces, mm."""


class Tissue(IntEnum):
    """What a point of the body is made of."""

    AIR = 0
    FAT = 1
    VISCERAL_FAT = 2
    MUSCLE = 3
    BONE = 4
    MARROW = 5
    FLUID = 6
    CORD = 7
    DISC = 8
    BLOOD = 9
    LUNG = 10
    HEART = 11
    GUT_WALL = 12
    GUT_BRIGHT = 13
    GUT_GREY = 14
    GUT_DARK = 15
    GAS = 16
    GLAND = 17
    LIVER = 18
    VESSEL = 19
    LESION = 20
    CYST = 21
    CORTEX = 22
    MEDULLA = 23
    SPLEEN = 24
    CENTRAL = 25
    NODULE_BRIGHT = 26
    NODULE_DARK = 27
    STROMA = 28
    PERIPHERAL = 29
    CAPSULE = 30
    TUMOUR = 31
    URINE = 32
    BLADDER_WALL = 33
    SEMINAL = 34
    VEINS = 35
    COIL = 36


@dataclass(frozen=True)
class Stroke:
    """One solid painted over what was there.

    Attributes:
        tissue: what it is made of.
        solid: where it is.
        label: the class value inside it; None leaves the labels as they are.
        inside: where given, it is painted within the class of this value alone.
        over: where given, it is painted over these tissues alone.
        core: what it is made of deeper than ``wall`` mm, where that differs.
        wall: thickness of the outer tissue, mm; used with ``core``.

    """

    tissue: Tissue
    solid: Solid
    label: int | None = 0
    inside: int | None = None
    over: tuple[Tissue, ...] = ()
    core: Tissue | None = None
    wall: float = 0.0


@dataclass(frozen=True, eq=False)
class Warp:
    """A smooth displacement, mm, on top of a shift and a turn about the long axis.

    Attributes:
        fields: ``(amplitude mm, fields for x, y, z)`` for each scale.
        shift: the subject's position in the field of view, mm.
        turn: the subject's turn about z, degrees.

    """

    fields: tuple[tuple[float, tuple[SmoothField, SmoothField, SmoothField]], ...]
    shift: Vector
    turn: float


@dataclass(frozen=True, eq=False)
class Anatomy:
    """A subject, drawn but not yet rendered: positions in mm, x to the right, y anterior, z superior.

    Attributes:
        class_names: names of the class values 1, 2, ...
        strokes: painted in this order on air.
        warp: from scanner positions to the frame of the solids.
        rough: fields that roughen surfaces.
        shared: solids that many strokes refer to (:class:`~slicelab.data.phantoms.solids.Shared`).

    """

    class_names: tuple[str, ...]
    strokes: tuple[Stroke, ...]
    warp: Warp
    rough: tuple[SmoothField, ...]
    shared: tuple[Solid, ...] = ()


def draw_warp(rng: np.random.Generator, shift: Vector, turn: float, scale: float = 1.0) -> Warp:
    """A subject's displacement: ``scale`` shrinks lengths and amplitudes for smaller anatomy."""
    low, high = (-REACH_MM,) * 3, (REACH_MM,) * 3
    fields = []
    for step, amplitude in _WARP:
        x, y, z = (draw_field(rng, low, high, step * scale) for _ in range(3))
        fields.append((amplitude * scale, (x, y, z)))
    return Warp(tuple(fields), shift, turn)


def draw_roughness(rng: np.random.Generator, scale: float = 1.0) -> tuple[SmoothField, ...]:
    """The fields that roughen surfaces, coarse to fine."""
    low, high = (-REACH_MM * scale,) * 3, (REACH_MM * scale,) * 3
    return tuple(draw_field(rng, low, high, step * scale) for step in _ROUGH_STEPS)


def jitter(rng: np.random.Generator, center: Sequence[float], sd: float) -> Vector:
    """A position moved by a normal offset of ``sd`` mm along each axis, at most two standard deviations."""
    x, y, z = np.asarray(center, dtype=np.float64) + sd * np.clip(rng.standard_normal(3), -2, 2)
    return float(x), float(y), float(z)


def grow(rng: np.random.Generator, radii: Sequence[float], sd: float = 0.12) -> Vector:
    """Radii times one log-normal size and a smaller one for each axis."""
    size = np.exp(sd * np.clip(rng.standard_normal(), -2, 2))
    each = np.exp(0.5 * sd * np.clip(rng.standard_normal(3), -2, 2))
    x, y, z = np.asarray(radii, dtype=np.float64) * size * each
    return float(x), float(y), float(z)


def tilt(rng: np.random.Generator, base: Sequence[float], sd: float = 8.0) -> Vector:
    """Angles in degrees around ``base``."""
    return jitter(rng, base, sd)


def chain(points: Sequence[Sequence[float]], radii: Sequence[float]) -> tuple[Tube, ...]:
    """Tubes through points, with a radius at each, mm."""
    joints = [(float(p[0]), float(p[1]), float(p[2])) for p in points]
    return tuple(
        Tube(a, b, float(ra), float(rb)) for (a, b), (ra, rb) in zip(pairwise(joints), pairwise(radii), strict=True)
    )


def draw_tree(
    rng: np.random.Generator, root: Vector, toward: Vector, length: float, radius: float, depth: int
) -> tuple[Tube, ...]:
    """A branching vessel: each piece splits into two thinner ones at 25 to 55 degrees.

    Args:
        rng: source of angles and lengths.
        root: where it starts, mm.
        toward: its direction.
        length: of the first piece, mm.
        radius: at the root, mm.
        depth: how many times it branches.

    """
    direction = np.asarray(toward) / np.linalg.norm(toward)
    tip = np.asarray(root) + direction * length
    end = (float(tip[0]), float(tip[1]), float(tip[2]))
    tubes: tuple[Tube, ...] = (Tube(root, end, radius, radius * 0.82),)
    if depth == 0:
        return tubes
    side = np.cross(direction, rng.standard_normal(3))
    side /= np.linalg.norm(side)
    for sign in (-1.0, 1.0):
        angle = np.radians(rng.uniform(22, 50)) * sign
        bent = np.cos(angle) * direction + np.sin(angle) * side
        tubes += draw_tree(
            rng,
            end,
            (float(bent[0]), float(bent[1]), float(bent[2])),
            length * rng.uniform(0.65, 0.9),
            radius * rng.uniform(0.62, 0.8),
            depth - 1,
        )
    return tubes
