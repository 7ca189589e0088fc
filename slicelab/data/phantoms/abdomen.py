"""The abdomen: liver with vessels, kidneys and spleen among the organs that look like them."""

from __future__ import annotations

import numpy as np

from slicelab.data.phantoms.anatomy import (
    Anatomy,
    Stroke,
    Tissue,
    chain,
    draw_roughness,
    draw_tree,
    draw_warp,
    grow,
    jitter,
    tilt,
)
from slicelab.data.phantoms.solids import (
    Column,
    Cut,
    Ellipsoid,
    Grown,
    HalfSpace,
    Joined,
    Rough,
    Shared,
    Solid,
    Tube,
    Vector,
)

LIVER, RIGHT_KIDNEY, LEFT_KIDNEY, SPLEEN = 1, 2, 3, 4
CLASS_NAMES = ("liver", "right kidney", "left kidney", "spleen")

_GUT = (
    Tissue.VISCERAL_FAT,
    Tissue.GUT_WALL,
    Tissue.GUT_BRIGHT,
    Tissue.GUT_GREY,
    Tissue.GUT_DARK,
    Tissue.GAS,
)
"""What loops of bowel may lie over."""


def draw_abdomen(rng: np.random.Generator) -> Anatomy:
    """Draw one subject's abdomen.

    Positions are given in the half width and half depth of the space within the muscle wall, so that organs
    keep their neighbours in slim and in stout subjects.
    """
    warp = draw_warp(rng, jitter(rng, (0, 0, 0), 9.0), float(rng.normal(0, 3.5)))
    rough = draw_roughness(rng)
    frame = _Frame(rng)
    strokes = [*_wall(rng, frame), *_gut(rng, frame)]
    strokes += [*_liver(rng, frame), *_spleen(rng, frame), *_stomach(rng, frame)]
    strokes += [*_spine(rng, frame)]
    for side, label in ((1.0, RIGHT_KIDNEY), (-1.0, LEFT_KIDNEY)):
        strokes += _kidney(rng, frame, side, label)
    strokes += _great_vessels(rng, frame)
    return Anatomy(CLASS_NAMES, tuple(strokes), warp, rough, frame.shared)


class _Frame:
    """The sizes that all organs share."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.fat = float(rng.uniform(7, 24))
        self.width = float(np.clip(rng.normal(128, 9), 108, 146))
        self.depth = float(np.clip(rng.normal(88, 8), 72, 104))
        self.top = float(rng.normal(92, 11))
        self.body = Column((0, 0), (self.width + self.fat * 1.1, self.depth + self.fat), boxy=0.35)
        self.muscle = Column((0, 0), (self.width, self.depth), boxy=0.35)
        wall = float(rng.uniform(8, 14))
        cavity = Column((0, 7), (self.width - wall, self.depth - wall - 4), boxy=0.35)
        low = -70.0
        domes = tuple(
            Ellipsoid(self.at(side * 0.46, 0.0, low), (0.66 * self.width, 1.12 * self.depth, top - low), boxy=0.35)
            for side, top in ((1, self.top), (-1, self.top - rng.uniform(2, 18)))
        )
        self.shared: tuple[Solid, ...] = (cavity, Joined(domes, 12.0))

    def cavity(self, by: float = 0.0) -> Shared:
        """The space within the muscle wall, grown by ``by`` mm."""
        return Shared(0, Grown(self.shared[0], by).bounds, by)

    def domes(self, by: float = 0.0) -> Shared:
        """The space under the diaphragm, grown by ``by`` mm."""
        return Shared(1, Grown(self.shared[1], by).bounds, by)

    def at(self, x: float, y: float, z: float) -> Vector:
        """A position from fractions of the half width and depth, z in mm."""
        return x * self.width, y * self.depth, z

    def spot(self, rng: np.random.Generator, x: float, y: float, z: float, sd: float = 5.0) -> Vector:
        """The same, moved at random by ``sd`` mm."""
        return jitter(rng, self.at(x, y, z), sd)


def _wall(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
    strokes = [
        Stroke(Tissue.FAT, Rough(f.body, (1.2, 0, 0))),
        Stroke(Tissue.MUSCLE, Rough(f.muscle, (1.0, 0.6, 0))),
        Stroke(Tissue.VISCERAL_FAT, Rough(f.cavity(), (1.5, 0.5, 0))),
    ]
    for side in (-1, 1):
        back = Column(f.at(side * 0.3, -0.86, 0)[:2], (0.24 * f.width, 0.2 * f.depth), boxy=0.35)
        strokes.append(Stroke(Tissue.MUSCLE, Rough(back, (2, 1, 0))))
    for z in np.arange(-10, 130, 24) + rng.uniform(0, 24):
        for side in (-1, 1):
            for angle in (-35, 10, 55):
                a = np.radians(angle)
                place = (side * 0.96 * f.width * np.cos(a), 0.96 * f.depth * np.sin(a), float(z) - 12 * np.sin(a))
                rib = Ellipsoid((float(place[0]), float(place[1]), float(place[2])), (5, 11, 6), (0, 0, side * angle))
                strokes.append(Stroke(Tissue.MARROW, rib))
    lungs = Cut((f.cavity(3.0), HalfSpace((0, 0, 0), (0, 0, -1))), (f.domes(4.0),))
    diaphragm = Cut((f.cavity(), HalfSpace((0, 0, 10), (0, 0, -1))), (f.domes(),))
    strokes += [Stroke(Tissue.MUSCLE, diaphragm), Stroke(Tissue.LUNG, lungs)]
    heart = Ellipsoid(f.spot(rng, -0.12, 0.3, f.top + 22), grow(rng, (58, 44, 34)), tilt(rng, (0, 15, -25)))
    strokes.append(Stroke(Tissue.HEART, Rough(Cut((heart, f.cavity(-4.0))), (2, 1, 0))))
    return strokes


def _gut(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
    """Loops of bowel: bright, grey and dark contents, as bright as kidneys or as dark as liver."""
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


def _liver(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
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
    under = HalfSpace(f.spot(rng, 0.5, 0, -62 + low), (-0.55, 0.1, -1.0))
    shape = Rough(Cut((Joined((right, middle, left), 40.0),), (hilum,)), (3.0, 1.8, 0.5))
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


def _spleen(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
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


def _stomach(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
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


def _spine(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
    y = -0.5 * f.depth
    size = float(rng.uniform(0.88, 1.12))
    body = Column((0, y), (22 * size, 17 * size), boxy=0.35)
    strokes: list[Stroke] = []
    for side in (-1, 1):
        psoas = Tube((side * 27 * size, y, 10), (side * 42 * size, y + 6, -150), 9 * size, 22 * size)
        strokes.append(Stroke(Tissue.MUSCLE, Rough(psoas, (1, 1, 0))))
    arch = Column((0, y - 29 * size), (17 * size, 14 * size))
    strokes += [
        Stroke(Tissue.BONE, arch),
        Stroke(Tissue.BONE, Column((0, y - 45 * size), (4, 12 * size))),
        Stroke(Tissue.BONE, Column((0, y - 30 * size), (32 * size, 5))),
        Stroke(Tissue.BONE, body, core=Tissue.MARROW, wall=2.0),
    ]
    start = float(rng.uniform(0, 34))
    for z in np.arange(-170, 170, 34.0) + start:
        disc = Cut((Grown(body, 1.0), HalfSpace((0, 0, z + 4), (0, 0, 1)), HalfSpace((0, 0, z - 4), (0, 0, -1))))
        strokes.append(Stroke(Tissue.DISC, disc))
    canal = Column((0, y - 25 * size), (10 * size, 8 * size))
    strokes += [Stroke(Tissue.FLUID, canal), Stroke(Tissue.CORD, Column((0, y - 26 * size), (5 * size, 4 * size)))]
    return strokes


def _kidney(rng: np.random.Generator, f: _Frame, side: float, label: int) -> list[Stroke]:
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


def _great_vessels(rng: np.random.Generator, f: _Frame) -> list[Stroke]:
    y = -0.5 * f.depth
    aorta = Rough(Column((-13, y + 27), (9, 9), (0.03, 0.02)), (0.8, 0, 0))
    cava = Rough(Column((19, y + 28), (12, float(rng.uniform(6, 11))), (0.04, 0.05)), (0.8, 0.5, 0))
    slow = Tissue.BLOOD if rng.random() < 0.6 else Tissue.VESSEL
    solids: list[tuple[Tissue, Solid]] = [
        (Tissue.BLOOD, aorta),
        (slow, cava),
        (Tissue.VESSEL, Tube(f.at(0.02, 0.02, -18), f.at(0.2, 0.05, 14), 6.0, 6.0)),
    ]
    return [Stroke(tissue, solid) for tissue, solid in solids]


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
