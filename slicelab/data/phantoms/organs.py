"""The labelled organs of the abdomen: liver with vessels, spleen, kidneys, and what may grow in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.data.phantoms.anatomy import (
    Stroke,
    Tissue,
    draw_tree,
    grow,
    tilt,
)
from slicelab.data.phantoms.combined import Cut, Grown, Joined, Rough
from slicelab.data.phantoms.solids import Ellipsoid, HalfSpace, Tube, Vector

if TYPE_CHECKING:
    from slicelab.data.phantoms.trunk import Frame

LIVER, RIGHT_KIDNEY, LEFT_KIDNEY, SPLEEN = 1, 2, 3, 4
CLASS_NAMES = ("liver", "right kidney", "left kidney", "spleen")


def draw_liver(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw the liver with its vessels, sometimes lesions, and the gallbladder."""
    s = float(np.exp(rng.normal(0, 0.1)))
    low = float(rng.normal(0, 16))
    right = Ellipsoid(
        f.spot(rng, 0.54, 0.0, 12 + low * 0.5),
        grow(rng, (0.58 * f.width * s, 0.9 * f.depth, 88 * s)),
        tilt(rng, (0, 6, 0)),
    )
    left = Ellipsoid(
        f.spot(rng, rng.uniform(-0.12, 0.12), 0.46, 48),
        grow(rng, (0.62 * f.width * s, 0.4 * f.depth, 38 * s), 0.18),
        tilt(rng, (0, 18, 0)),
    )
    middle = Ellipsoid(f.spot(rng, 0.3, 0.48, 36), grow(rng, (0.3 * f.width, 0.36 * f.depth, 46 * s)))
    hilum = Ellipsoid(
        f.spot(rng, 0.02, -0.1, 0), grow(rng, (0.36 * f.width, 0.5 * f.depth, 46)), tilt(rng, (0, -25, 0))
    )
    behind = Ellipsoid(f.spot(rng, 0.4, -0.8, -34), grow(rng, (0.42 * f.width, 0.52 * f.depth, 66)))
    under = HalfSpace(f.spot(rng, 0.5, 0, -62 + low), (-0.55, 0.1, -1.0))
    shape = Rough(Cut((Joined((right, middle, left), 40.0),), (hilum, behind)), (3.0, 1.8, 0.5))
    liver = Cut((shape, f.cavity(-1.5), f.domes(-2.0), under))
    strokes = [Stroke(Tissue.LIVER, liver, LIVER)]
    porta = f.spot(rng, 0.2, 0.05, 14, 6)
    trees = [
        *draw_tree(rng, porta, (1.0, 0.05, 0.1), 28, 7.5, 5),
        *draw_tree(rng, porta, (-0.5, 0.9, 0.6), 28, 6.0, 4),
        *draw_tree(rng, f.spot(rng, 0.16, -0.3, f.top - 24, 5), (1.0, 0.1, -0.5), 32, 6.5, 4),
        *draw_tree(rng, f.spot(rng, 0.16, -0.3, f.top - 24, 5), (0.4, 0.9, -0.5), 32, 6.0, 4),
    ]
    strokes += [Stroke(Tissue.VESSEL, tube, None, LIVER) for tube in trees]
    strokes += _lesions(rng, LIVER, f.at(0.5, 0.05, 30), (0.4 * f.width, 0.5 * f.depth, 50), 0.4)
    if rng.random() < 0.85:
        bladder = Ellipsoid(f.spot(rng, 0.34, 0.36, -8), grow(rng, (13, 17, 26), 0.2), tilt(rng, (20, 10, 0), 14))
        strokes.append(Stroke(Tissue.FLUID, Rough(bladder, (0.5, 1, 0.5))))
    return strokes


def draw_spleen(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw the spleen: a crescent that hugs the wall behind the stomach."""
    size = grow(rng, (46, 56, 56), 0.16)
    place = f.spot(rng, -0.7, -0.28, 34, 5)
    bed = Ellipsoid(
        (
            place[0] + size[0] * float(rng.uniform(0.95, 1.2)),
            place[1] + size[1] * float(rng.uniform(0.35, 0.6)),
            place[2],
        ),
        (size[0], size[1] * 0.9, size[2] * 1.2),
    )
    whole = Ellipsoid(place, size, tilt(rng, (-20, 0, 15)))
    shape = Cut((Rough(whole, (2.0, 1.5, 0.5)), f.cavity(-1.5), f.domes(-2.0)), (bed,))
    strokes = [Stroke(Tissue.SPLEEN, shape, SPLEEN)]
    strokes += _lesions(rng, SPLEEN, place, (20, 25, 25), 0.12)
    return strokes


def draw_kidney(rng: np.random.Generator, f: Frame, side: float, label: int) -> list[Stroke]:
    """Draw a kidney in its fat: ``side`` is 1 on the patient's right, -1 on the left."""
    size = grow(rng, (26, 25, 51), 0.13)
    place = f.spot(rng, side * 0.45, -0.36, -24 - 7 * side, 7)
    turn = tilt(rng, (-12, side * 9, -side * 25), 6)
    whole = Ellipsoid(place, size, turn, boxy=0.35)
    medial = (place[0] - side * size[0] * 1.0, place[1] + size[1] * 0.45, place[2])
    notch = Ellipsoid(medial, (size[0] * 0.5, size[1] * 0.45, size[2] * 0.28))
    kidney = Cut((Rough(whole, (1.0, 1.2, 0.8)),), (notch,))
    strokes = [
        Stroke(Tissue.VISCERAL_FAT, Grown(whole, float(rng.uniform(2, 7)))),
        Stroke(Tissue.CORTEX, kidney, label),
    ]
    ring = int(rng.integers(5, 8))
    for level in (-0.62, -0.25, 0.2, 0.58):
        reach = 0.55 * np.sqrt(1 - level**2)
        for k in range(ring):
            a = 2 * np.pi * (k + rng.uniform(-0.2, 0.2)) / ring
            spot = (
                place[0] + size[0] * reach * np.cos(a),
                place[1] + size[1] * reach * np.sin(a),
                place[2] + size[2] * level,
            )
            pyramid = Ellipsoid((float(spot[0]), float(spot[1]), float(spot[2])), grow(rng, (5.0, 5.0, 7.5), 0.15))
            strokes.append(Stroke(Tissue.MEDULLA, pyramid, None, label))
    sinus = Ellipsoid(
        (place[0] - side * size[0] * 0.35, place[1] + size[1] * 0.15, place[2]),
        (size[0] * 0.42, size[1] * 0.32, size[2] * 0.5),
        turn,
    )
    strokes.append(Stroke(Tissue.VISCERAL_FAT, Rough(sinus, (0, 1, 1.5)), None, label))
    pelvis = Tube(place, medial, 4.0, 5.5)
    strokes.append(Stroke(Tissue.FLUID, pelvis, None))
    strokes += _lesions(rng, label, place, (size[0] * 0.7, size[1] * 0.7, size[2] * 0.6), 0.3)
    return strokes


def _lesions(rng: np.random.Generator, label: int, place: Vector, spread: Vector, chance: float) -> list[Stroke]:
    """Sometimes cysts or other lesions, part of the organ they lie in."""
    if rng.random() >= chance:
        return []
    strokes = []
    for _ in range(int(rng.integers(1, 4))):
        spot = np.asarray(place) + np.asarray(spread) * rng.uniform(-1, 1, 3)
        radius = float(rng.uniform(4, 13))
        ball = Ellipsoid((float(spot[0]), float(spot[1]), float(spot[2])), grow(rng, (radius,) * 3))
        kind = Tissue.CYST if rng.random() < 0.5 else Tissue.LESION
        strokes.append(Stroke(kind, Rough(ball, (0.5, 0.8, 0.5)), None, label))
    return strokes
