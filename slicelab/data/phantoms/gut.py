"""Stomach, bowel and pancreas: distractors as bright as kidneys or as dark as liver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.data.phantoms.anatomy import (
    Stroke,
    Tissue,
    chain,
)
from slicelab.data.phantoms.combined import Cut, Grown, Joined, Rough
from slicelab.data.phantoms.solids import HalfSpace, Vector

if TYPE_CHECKING:
    from slicelab.data.phantoms.trunk import Frame

_GUT = (
    Tissue.VISCERAL_FAT,
    Tissue.GUT_WALL,
    Tissue.GUT_BRIGHT,
    Tissue.GUT_GREY,
    Tissue.GUT_DARK,
    Tissue.GAS,
)
"""What loops of bowel may lie over."""


def draw_gut(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw the pancreas and loops of bowel with bright, grey, dark or no contents."""
    strokes: list[Stroke] = []
    contents = (Tissue.GUT_BRIGHT, Tissue.GUT_GREY, Tissue.GUT_DARK, Tissue.GAS)
    colon: list[tuple[tuple[Vector, ...], float]] = [
        (tuple(f.spot(rng, 0.74, -0.05 + 0.1 * k, -125 + 38 * k, 4) for k in range(4)), 19.0),
        (tuple(f.spot(rng, -0.8, -0.12, -125 + 36 * k, 4) for k in range(5)), 15.0),
        (tuple(f.spot(rng, 0.6 - 0.4 * k, 0.55, -30 + 9 * k, 6) for k in range(4)), 16.0),
    ]
    for _ in range(int(rng.integers(26, 40))):
        start = f.at(rng.uniform(-0.65, 0.6), rng.uniform(-0.2, 0.62), rng.uniform(-150, 2))
        bends = [np.asarray(start)]
        for _ in range(3):
            bends.append(bends[-1] + rng.normal(0, 1, 3) * (22, 14, 10))
        colon.append((tuple((float(p[0]), float(p[1]), float(p[2])) for p in bends), float(rng.uniform(8, 14))))
    for points, radius in colon:
        radii = [radius * float(rng.uniform(0.7, 1.2)) for _ in points]
        loop = Rough(Joined(chain(points, radii), 4.0), (1.0, 1.2, 0.8))
        wall = float(rng.uniform(1.5, 2.8))
        kind = contents[int(rng.choice(4, p=(0.4, 0.32, 0.2, 0.08)))]
        strokes.append(Stroke(Tissue.GUT_WALL, loop, over=_GUT, core=kind, wall=wall))
        if kind is not Tissue.GAS and rng.random() < 0.3:
            level = HalfSpace((0, points[1][1] + 3, 0), (0, -1, 0))
            strokes.append(Stroke(Tissue.GAS, Cut((Grown(loop, -wall), level)), over=(kind,)))
    head = [
        f.spot(rng, x, y, z, 4) for x, y, z in ((0.2, 0.0, -22), (0.08, 0.12, 0), (-0.2, 0.1, 12), (-0.5, -0.1, 26))
    ]
    strokes.append(Stroke(Tissue.GLAND, Rough(Joined(chain(head, (15, 11, 9, 8)), 6.0), (1.0, 1.0, 1.5))))
    return strokes


def draw_stomach(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw the stomach: it gives way to every organ painted before it."""
    bends = [
        f.spot(rng, x, y, z, 8) for x, y, z in ((-0.42, -0.05, 62), (-0.5, 0.3, 34), (-0.3, 0.5, 8), (0.1, 0.35, -2))
    ]
    size = float(rng.uniform(0.7, 1.25))
    stomach = Cut(
        (Rough(Joined(chain(bends, (30 * size, 27 * size, 18 * size, 11)), 10.0), (2.0, 1.5, 1.0)), f.cavity(-5.0)),
    )
    stomach = Cut((stomach, f.domes(-4.0)))
    wall = float(rng.uniform(2.5, 5))
    kind = (Tissue.GUT_BRIGHT, Tissue.GUT_GREY, Tissue.GUT_DARK)[int(rng.choice(3, p=(0.45, 0.35, 0.2)))]
    strokes = [Stroke(Tissue.GUT_WALL, stomach, None, 0, core=kind, wall=wall)]
    if rng.random() < 0.6:
        level = HalfSpace((0, bends[1][1] + float(rng.uniform(0, 22)), 0), (0, -1, 0))
        strokes.append(Stroke(Tissue.GAS, Cut((Grown(stomach, -wall), level)), None, 0))
    return strokes
