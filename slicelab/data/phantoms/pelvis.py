"""The male pelvis: the prostate's two zones between bladder, rectum, muscle, bone and fat."""

from __future__ import annotations

import numpy as np

from slicelab.data.phantoms.anatomy import Anatomy, Stroke, Tissue, chain, draw_roughness, draw_warp, grow, jitter, tilt
from slicelab.data.phantoms.combined import Cut, Grown, Joined, Rough
from slicelab.data.phantoms.solids import Column, Ellipsoid, HalfSpace, Solid, Tube, Vector

CENTRAL, PERIPHERAL = 1, 2
CLASS_NAMES = ("central gland", "peripheral zone")

_COIL_CHANCE = 0.25


def draw_pelvis(rng: np.random.Generator) -> tuple[Anatomy, tuple[float, float] | None]:
    """Draw one subject's pelvis, and where its endorectal coil lies (x, y in mm), if it has one."""
    shift = jitter(rng, (0, 2, 0), 8.0)
    turn = float(rng.normal(0, 3.5))
    warp = draw_warp(rng, shift, turn, 0.8)
    rough = draw_roughness(rng, 0.5)
    size = grow(rng, (25, 19, 22), 0.2)
    coil = bool(rng.random() < _COIL_CHANCE)
    behind = -size[1]
    strokes = [*_surroundings(rng), *_bladder(rng, size)]
    rectum, place = _rectum(rng, behind, coil)
    strokes += [*_seminal(rng, size), *rectum, *_prostate(rng, size)]
    angle = np.radians(turn)
    seen = (place[0] * np.cos(angle) - place[1] * np.sin(angle), place[0] * np.sin(angle) + place[1] * np.cos(angle))
    at = (float(seen[0]) + shift[0], float(seen[1]) + shift[1]) if coil else None
    return Anatomy(CLASS_NAMES, tuple(strokes), warp, rough), at


def _surroundings(rng: np.random.Generator) -> list[Stroke]:
    """Body, buttocks, obturator muscles, femoral heads, pubic bone, coccyx and the pelvic floor."""
    s = float(rng.uniform(0.92, 1.1))
    strokes = [
        Stroke(Tissue.FAT, Column((0, -8), (178 * s, 112 * s), boxy=0.4)),
    ]
    muscles: list[Solid] = []
    for side in (-1, 1):
        muscles += [
            Ellipsoid(jitter(rng, (side * 62 * s, -62, 0), 4), grow(rng, (52, 20, 90)), (0, 0, side * 28)),
            Ellipsoid(
                jitter(rng, (side * 50 * s, 6, 4), 2),
                grow(rng, (9, 34, 50), 0.1),
                tilt(rng, (0, side * 6, -side * 12), 3),
            ),
            Ellipsoid(jitter(rng, (side * 62 * s, 52, -16), 4), grow(rng, (24, 15, 60)), (0, 0, -side * 25)),
            Ellipsoid(jitter(rng, (side * 22, 66, 18), 3), grow(rng, (20, 9, 50)), (0, 0, -side * 8)),
        ]
    strokes += [Stroke(Tissue.MUSCLE, Rough(m, (1.5, 1.2, 0.4))) for m in muscles]
    for side in (-1, 1):
        head = Ellipsoid(jitter(rng, (side * 84 * s, 6, 16), 2), (24 * s, 24 * s, 24 * s))
        socket = Ellipsoid(jitter(rng, (side * 70 * s, 2, 20), 2), (13, 36, 30), (0, 0, -side * 10))
        ischium = Ellipsoid(jitter(rng, (side * 60 * s, -28, -28), 3), grow(rng, (13, 17, 34)))
        ramus = Joined(chain([(side * 12, 44, -12), (side * 34, 42, -4), (side * 62 * s, 26, 8)], (11, 9, 12)), 5.0)
        for bone in (socket, ischium, ramus):
            shape = Rough(bone, (0.5, 0.5, 0.3))
            strokes.append(Stroke(Tissue.BONE, shape, core=Tissue.MARROW, wall=1.1))
        strokes.append(Stroke(Tissue.BONE, head, core=Tissue.MARROW, wall=1.1))
    symphysis = Ellipsoid((0, 44, -12), (3.5, 12, 19))
    strokes.append(Stroke(Tissue.MUSCLE, symphysis))
    coccyx = Joined(chain([(0, -66, 40), (0, -74, 12), (0, -68, -10)], (12, 8, 5)), 6.0)
    strokes.append(Stroke(Tissue.BONE, coccyx, core=Tissue.MARROW, wall=1.1))
    for side in (-1, 1):
        for _ in range(int(rng.integers(5, 10))):
            start = (side * float(rng.uniform(27, 42)), float(rng.uniform(-22, 34)), float(rng.uniform(-30, 45)))
            strokes.append(Stroke(Tissue.VEINS, Tube(start, jitter(rng, start, 7), 2.6, 1.6)))
    levator = Rough(Ellipsoid((0, -16, -26), (25, 34, 44)), (1.0, 0.8, 0.3))
    sling = Cut(
        (levator, HalfSpace((0, 26, 0), (0, 1, 0)), HalfSpace((0, 0, 6), (0, 0, 1))),
        (Grown(levator, -float(rng.uniform(1.8, 3.2))),),
    )
    return [*strokes, Stroke(Tissue.MUSCLE, sling)]


def _bladder(rng: np.random.Generator, size: Vector) -> list[Stroke]:
    fill = float(rng.uniform(0.65, 1.3))
    radii = grow(rng, (34 * fill, 26 * fill, 24 * fill), 0.12)
    place = jitter(rng, (0, 14, size[2] * 0.9 + radii[2] * 0.8), 4)
    outer = Rough(Ellipsoid(place, radii, tilt(rng, (0, 0, 0), 6)), (1.5, 0.8, 0.2))
    wall = float(rng.uniform(2.0, 4.5))
    return [Stroke(Tissue.BLADDER_WALL, outer, core=Tissue.URINE, wall=wall)]


def _rectum(rng: np.random.Generator, behind: float, coil: bool) -> tuple[list[Stroke], Vector]:
    radius = float(rng.uniform(16, 20)) if coil else float(rng.uniform(9, 16))
    y = behind - radius * 0.92 - 3
    bends = [
        jitter(rng, p, 1.5)
        for p in (
            (0, y - 6, -60),
            (0, y + 1, -24),
            (0, y, 2),
            (rng.normal(0, 5), y - 5, 34),
            (rng.normal(0, 8), y - 16, 70),
        )
    ]
    radii = [radius * k for k in (0.45, 0.8, 1.0, float(rng.uniform(0.8, 1.2)), float(rng.uniform(0.9, 1.4)))]
    tube = Rough(Joined(chain(bends, radii), 5.0), (0.8, 0.8, 0.4))
    wall = float(rng.uniform(2.0, 4.0))
    if coil:
        content = Tissue.COIL
    else:
        kinds = (Tissue.GAS, Tissue.GUT_GREY, Tissue.GUT_DARK, Tissue.GUT_BRIGHT)
        content = kinds[int(rng.choice(4, p=(0.3, 0.35, 0.2, 0.15)))]
    strokes = [Stroke(Tissue.BLADDER_WALL, tube, core=content, wall=wall)]
    if content in (Tissue.GUT_GREY, Tissue.GUT_DARK, Tissue.GUT_BRIGHT) and rng.random() < 0.4:
        level = HalfSpace((0, bends[2][1] + 2, 0), (0, -1, 0))
        strokes.append(Stroke(Tissue.GAS, Cut((Grown(tube, -wall), level)), over=(content,)))
    if coil:
        strokes.append(Stroke(Tissue.GUT_WALL, Tube(bends[1], bends[3], 2.5, 2.5)))
    return strokes, bends[2]


def _seminal(rng: np.random.Generator, size: Vector) -> list[Stroke]:
    strokes: list[Stroke] = []
    for side in (-1, 1):
        at = np.array([side * 5.0, -size[1] * 0.75, size[2] * 0.85])
        for _ in range(int(rng.integers(7, 12))):
            to = at + rng.normal((side * 3.6, -0.8, 1.0), (1.5, 2.6, 3.0))
            ends = [(float(p[0]), float(p[1]), float(p[2])) for p in (at, to)]
            lobe = Tube(ends[0], ends[1], 3.2, 3.2)
            strokes.append(Stroke(Tissue.CAPSULE, Grown(lobe, 0.9), core=Tissue.SEMINAL, wall=0.9))
            at = to
    return strokes


def _prostate(rng: np.random.Generator, size: Vector) -> list[Stroke]:
    turn = tilt(rng, (-12, 0, 0), 5)
    gland = Rough(Ellipsoid((0, 0, 0), size, turn, boxy=0.25), (1.4, 0.9, 0.3))
    share = float(rng.uniform(0.58, 0.78))
    inner = Ellipsoid(
        jitter(rng, (0, size[1] * (0.95 - share) * 0.8, size[2] * 0.14), 0.8),
        (size[0] * share, size[1] * share * 1.04, size[2] * min(0.96, share * 1.12)),
        turn,
    )
    front = HalfSpace((0, size[1] * float(rng.uniform(0.2, 0.5)), 0), (0, -1, 0))
    central = Cut((Grown(gland, -0.6), Joined((Rough(inner, (1.0, 1.0, 0.5)), front), 2.0)))
    strokes = [
        Stroke(Tissue.CAPSULE, Grown(gland, 0.9)),
        Stroke(Tissue.PERIPHERAL, gland, PERIPHERAL),
        Stroke(Tissue.CAPSULE, central, CENTRAL, core=Tissue.CENTRAL, wall=0.7),
    ]
    for _ in range(int(rng.integers(6, 16))):
        spot = np.asarray(size) * share * rng.uniform(-0.75, 0.75, 3) + (0, size[1] * 0.15, 1)
        radius = float(rng.uniform(2.5, 7.5))
        ball = Rough(
            Ellipsoid((float(spot[0]), float(spot[1]), float(spot[2])), grow(rng, (radius,) * 3)), (0.3, 0.5, 0.4)
        )
        kind = Tissue.NODULE_BRIGHT if rng.random() < 0.5 else Tissue.NODULE_DARK
        strokes.append(Stroke(Tissue.CAPSULE, Grown(ball, 0.7), None, CENTRAL, core=kind, wall=0.7))
    stroma = Ellipsoid((0, size[1] * 0.95, 0), (size[0] * 0.55, size[1] * float(rng.uniform(0.2, 0.42)), size[2] * 0.9))
    strokes.append(Stroke(Tissue.STROMA, Rough(stroma, (0, 1, 0.5)), None, CENTRAL))
    strokes.append(Stroke(Tissue.FLUID, Tube((0, 2, 2), (0, 3, size[2]), 1.2, 2.0), None, CENTRAL))
    if rng.random() < 0.5:
        side = float(rng.choice((-1.0, 1.0)))
        spot2 = (
            side * size[0] * float(rng.uniform(0.3, 0.75)),
            -size[1] * float(rng.uniform(0.45, 0.7)),
            float(rng.normal(-4, 6)),
        )
        strokes.append(
            Stroke(Tissue.TUMOUR, Rough(Ellipsoid(spot2, grow(rng, (7, 5, 7), 0.2)), (0, 0.8, 0.5)), None, PERIPHERAL)
        )
    return strokes
