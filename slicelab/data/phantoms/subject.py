"""One synthetic subject: drawn from a seed, rendered on a fine grid, averaged to thick slices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.geometry import Geometry, acquisition_axis_of
from slicelab.core.volume import Volume
from slicelab.data.phantoms.abdomen import draw_abdomen
from slicelab.data.phantoms.pelvis import draw_pelvis
from slicelab.data.phantoms.raster import Canvas
from slicelab.data.phantoms.signal import Kind, draw_scan, emitted, received

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.data.phantoms.fields import Float

Shape = tuple[int, int, int]
Spacing = tuple[float, float, float]

FIELD_OF_VIEW: dict[Kind, Spacing] = {"abdomen": (340.0, 340.0, 240.0), "pelvis": (140.0, 140.0, 84.0)}
"""Extent along x, y, z in mm that a phantom covers where no spacing is asked for."""

_KIND_NUMBER: dict[Kind, int] = {"abdomen": 1, "pelvis": 2}
_FINE_IN_PLANE = {"abdomen": 1.4, "pelvis": 0.75}
_FINE_THROUGH = {"abdomen": 4.0, "pelvis": 1.8}
_SLAB_POINTS = 600000


@dataclass(frozen=True, eq=False)
class Phantom:
    """A synthetic MR volume and its exact labels.

    Attributes:
        image: canonical (RAS+), int16.
        mask: the same grid, uint8, class value k for ``class_names[k - 1]``, 0 background.
        class_names: the structures' names.

    """

    image: Volume
    mask: Volume
    class_names: tuple[str, ...]


def make_phantom(
    kind: Kind,
    seed: int,
    subject: int,
    *,
    shape: Shape = (128, 128, 24),
    spacing: Spacing | None = None,
) -> Phantom:
    """Draw and render one synthetic subject: the same bytes for the same arguments, in whatever order.

    Args:
        kind: ``"abdomen"`` (liver, right kidney, left kidney, spleen) or ``"pelvis"`` (central gland, peripheral zone).
        seed: of the study.
        subject: number of the subject in the study, from 0.
        shape: voxels along x, y, z.
        spacing: voxel sizes, mm; by default what covers :data:`FIELD_OF_VIEW`.

    Raises:
        ValueError: a negative seed or subject, or a shape or spacing that is not positive.

    """
    if min(seed, subject) < 0:
        raise ValueError("seed and subject must not be negative")
    if min(shape) < 1 or (spacing is not None and min(spacing) <= 0):
        raise ValueError(f"a phantom needs a positive shape and spacing, not {shape} and {spacing}")
    if spacing is None:
        x, y, z = (extent / n for extent, n in zip(FIELD_OF_VIEW[kind], shape, strict=True))
        spacing = (x, y, z)
    streams = np.random.SeedSequence([seed, subject, _KIND_NUMBER[kind]]).spawn(3)
    anatomy_rng, scan_rng, noise_rng = (np.random.default_rng(stream) for stream in streams)
    anatomy, coil = draw_abdomen(anatomy_rng), None
    if kind == "pelvis":
        anatomy, coil = draw_pelvis(anatomy_rng)
    half = (shape[0] * spacing[0] / 2, shape[1] * spacing[1] / 2, shape[2] * spacing[2] / 2)
    scan = draw_scan(scan_rng, kind, half, spacing, coil)
    canvas = Canvas(anatomy, half)
    signal = np.empty(shape, np.float32)
    mask = np.empty(shape, np.uint8)
    parts = _parts(kind, spacing)
    thick = max(1, _SLAB_POINTS // (shape[0] * shape[1] * parts[0] * parts[1] * parts[2]))
    for start in range(0, shape[2], thick):
        stop = min(start + thick, shape[2])
        fine = _axes(shape, spacing, parts, start, stop)
        tissue, label = canvas.paint(fine)
        signal[:, :, start:stop] = _averaged(emitted(scan, tissue, fine), parts)
        mask[:, :, start:stop] = _majority(label, parts, len(anatomy.class_names))
    stored = received(noise_rng, scan, signal, _axes(shape, spacing, (1, 1, 1), 0, shape[2]))
    image = np.clip(np.rint(stored), 0, 32767).astype(np.int16)
    geometry = _geometry(shape, spacing)
    return Phantom(Volume(image, geometry), Volume(mask, geometry), anatomy.class_names)


def _parts(kind: Kind, spacing: Spacing) -> Shape:
    """How many sample points a voxel is divided into along each axis."""
    x, y = (int(np.clip(round(s / _FINE_IN_PLANE[kind]), 1, 2)) for s in spacing[:2])
    return x, y, int(np.clip(round(spacing[2] / _FINE_THROUGH[kind]), 1, 4))


def _axes(shape: Shape, spacing: Spacing, parts: Shape, start: int, stop: int) -> tuple[Float, Float, Float]:
    """Coordinates of the sample points along x, y and, for slices ``start`` to ``stop``, z; the centre is 0 mm."""
    axes = []
    for axis, (n, size, count) in enumerate(zip(shape, spacing, parts, strict=True)):
        first, last = (start, stop) if axis == 2 else (0, n)
        inner = (np.arange(first * count, last * count) + 0.5) / count
        axes.append(((inner - n / 2) * size).astype(np.float32))
    return axes[0], axes[1], axes[2]


def _averaged(fine: Float, parts: Shape) -> Float:
    """Means over the sample points of each voxel, ``(x, y, z)`` float32."""
    return np.asarray(_summed(fine, parts) / np.float32(parts[0] * parts[1] * parts[2]), dtype=np.float32)


def _majority(fine: npt.NDArray[np.uint8], parts: Shape, classes: int) -> npt.NDArray[np.uint8]:
    """The class value that most of a voxel's sample points have (the lower one of two equals)."""
    best = _summed((fine == 0).view(np.uint8), parts)
    chosen = np.zeros(best.shape, np.uint8)
    for value in range(1, classes + 1):
        count = _summed((fine == value).view(np.uint8), parts)
        more = count > best
        chosen[more] = value
        best[more] = count[more]
    return chosen


def _summed(fine: npt.NDArray[Any], parts: Shape) -> npt.NDArray[Any]:
    """Sums over the sample points of each voxel; at most 255 of them, so that counts fit their bytes."""
    for axis, count in enumerate(parts):
        lines = np.moveaxis(fine, axis, 0)
        total = lines[0::count].copy()
        for k in range(1, count):
            total += lines[k::count]
        fine = np.moveaxis(total, 0, axis)
    return fine


def _geometry(shape: Shape, spacing: Spacing) -> Geometry:
    """RAS+ with the field of view's centre at 0 mm."""
    affine = np.diag([*spacing, 1.0])
    affine[:3, 3] = [-(n - 1) / 2 * size for n, size in zip(shape, spacing, strict=True)]
    return Geometry(shape, affine, acquisition_axis_of(spacing))
