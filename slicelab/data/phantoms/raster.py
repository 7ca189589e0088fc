"""An anatomy on a grid: tissues and class values at fine sample points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from slicelab.data.phantoms.solids import Points

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.data.phantoms.anatomy import Anatomy, Stroke, Warp
    from slicelab.data.phantoms.fields import Float
    from slicelab.data.phantoms.solids import Bounds

Labels = npt.NDArray[np.uint8]
Box = tuple[slice, slice, slice]

_COARSE_MM = 10.0
"""Distance of the points at which the canvas looks where a solid lies."""
_STRETCH = 1.8
"""More than a warp stretches a length (its gradients stay near 0.2)."""


class Canvas:
    """Paints one anatomy on grids that are parts of one field of view.

    Each solid is asked only near where it lies: found once, on a coarse grid over the whole field of view.

    Args:
        anatomy: the subject.
        half: half the field of view along x, y, z, mm.

    """

    def __init__(self, anatomy: Anatomy, half: Sequence[float]) -> None:
        self._anatomy = anatomy
        self._nodes = [_nodes(h) for h in half]
        self._places = displaced(anatomy.warp, self._nodes)
        self._spans = [self._span(stroke.solid.bounds) for stroke in anatomy.strokes]

    def paint(self, axes: Sequence[Float]) -> tuple[Labels, Labels]:
        """Tissue and class value, both ``(x, y, z)`` uint8, at the points spanned by three axes in mm, ascending."""
        anatomy = self._anatomy
        points = Points(*displaced(anatomy.warp, axes), tuple(field.on(axes) for field in anatomy.rough))
        points = Points(points.x, points.y, points.z, points.rough, tuple(s.at(points) for s in anatomy.shared))
        tissue = np.zeros(points.x.shape, np.uint8)
        label = np.zeros(points.x.shape, np.uint8)
        for stroke, span in zip(anatomy.strokes, self._spans, strict=True):
            box = None if span is None else _inside(span, axes)
            if box is not None:
                _apply(stroke, points.part(box), tissue[box], label[box])
        return tissue, label

    def _span(self, bounds: Bounds) -> tuple[tuple[float, float], ...] | None:
        """Lowest and highest position along each axis, mm, where a solid can be; None: outside the field of view."""
        slack = 0.5 * _COARSE_MM * _STRETCH
        near = np.ones(self._places[0].shape, bool)
        for place, low, high in zip(self._places, *bounds, strict=True):
            near &= (place >= low - slack) & (place <= high + slack)
        spans = []
        for axis, nodes in enumerate(self._nodes):
            hits = np.flatnonzero(near.any(axis=tuple(a for a in range(3) if a != axis)))
            if not hits.size:
                return None
            reach = 0.5 * _COARSE_MM
            spans.append((float(nodes[hits[0]]) - reach, float(nodes[hits[-1]]) + reach))
        return tuple(spans)


def displaced(warp: Warp, axes: Sequence[Float]) -> tuple[Float, Float, Float]:
    """Where the grid's points lie in the frame of the solids: three ``(x, y, z)`` float32 arrays, mm."""
    x, y, z = (
        (axis - np.float32(shift)).reshape(shape)
        for axis, shift, shape in zip(axes, warp.shift, ((-1, 1, 1), (1, -1, 1), (1, 1, -1)), strict=True)
    )
    angle = np.radians(warp.turn)
    c, s = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    moved = []
    for axis, base in enumerate((c * x + s * y, c * y - s * x, z)):
        offset = sum(np.float32(amplitude) * fields[axis].on(axes) for amplitude, fields in warp.fields)
        moved.append(np.asarray(base + offset, dtype=np.float32))
    return moved[0], moved[1], moved[2]


def _apply(stroke: Stroke, points: Points, tissue: Labels, label: Labels) -> None:
    """Paint one stroke into views of the canvas."""
    depth = stroke.solid.at(points)
    hit = depth < 0
    if stroke.inside is not None:
        hit &= label == stroke.inside
    if stroke.over:
        among = np.zeros(256, bool)
        among[list(stroke.over)] = True
        hit &= among[tissue]
    tissue[hit] = stroke.tissue
    if stroke.core is not None:
        tissue[hit & (depth < -stroke.wall)] = stroke.core
    if stroke.label is not None:
        label[hit] = stroke.label


def _nodes(half: float) -> Float:
    """Points from ``-half`` to ``half`` at most :data:`_COARSE_MM` apart."""
    return np.linspace(-half, half, int(np.ceil(2 * half / _COARSE_MM)) + 1).astype(np.float32)


def _inside(span: tuple[tuple[float, float], ...], axes: Sequence[Float]) -> Box | None:
    """The part of a grid within a span of positions; None where there is none."""
    parts = [
        slice(int(np.searchsorted(axis, low)), int(np.searchsorted(axis, high, "right")))
        for axis, (low, high) in zip(axes, span, strict=True)
    ]
    if any(part.start >= part.stop for part in parts):
        return None
    return parts[0], parts[1], parts[2]
