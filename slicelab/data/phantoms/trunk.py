"""The trunk: the frame that abdominal organs share, the body wall, the diaphragm and the spine."""

from __future__ import annotations

import numpy as np

from slicelab.data.phantoms.anatomy import (
    Stroke,
    Tissue,
    grow,
    jitter,
    tilt,
)
from slicelab.data.phantoms.combined import Cut, Grown, Joined, Rough, Shared
from slicelab.data.phantoms.solids import Column, Ellipsoid, HalfSpace, Solid, Tube, Vector


class Frame:
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
        domes = [
            Ellipsoid(self.at(side * 0.46, 0.0, low), (0.66 * self.width, 1.12 * self.depth, top - low), boxy=0.35)
            for side, top in ((1, self.top), (-1, self.top - rng.uniform(2, 18)))
        ]
        tendon = Ellipsoid(self.at(0, 0.1, low), (0.7 * self.width, 1.05 * self.depth, self.top - 16 - low))
        self.shared: tuple[Solid, ...] = (cavity, Joined((*domes, tendon), 20.0))

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


def draw_wall(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw skin to cavity: fat, muscle, ribs, diaphragm, lungs and heart."""
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


def draw_spine(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw vertebrae, discs, canal and the psoas muscles."""
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


def draw_great_vessels(rng: np.random.Generator, f: Frame) -> list[Stroke]:
    """Draw aorta, vena cava and the trunk of the portal vein."""
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
