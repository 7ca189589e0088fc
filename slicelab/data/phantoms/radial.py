"""A multi-coil radial scan of a phantom slice, with or without a peripheral source of streaks: synthetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from slicelab.data.phantoms.subject import make_phantom
from slicelab.data.radial.gridding import Gridding, sample_radii

if TYPE_CHECKING:
    from collections.abc import Sequence

Complex = npt.NDArray[np.complex64]
Float = npt.NDArray[np.float64]

FIELD_OF_VIEW_MM = 400.0
_COIL_RING = 1.12
_COIL_RADIUS = 0.42
_SOURCE_POINTS = 24
_GOLDEN = np.pi * (np.sqrt(5.0) - 1) / 2


@dataclass(frozen=True, eq=False)
class RadialScan:
    """A radial scan of one slice; the signals add up to what a scanner would have measured.

    Attributes:
        body: ``(coil, spoke, sample)`` complex64, the anatomy's k-space.
        streaks: the same shape, the k-space of the mis-encoded peripheral sources alone.
        noise: the same shape, the receivers' noise.
        angles: ``(spoke,)`` radians.
        matrix: rows and columns of the image; spokes have twice as many samples.
        pixel_mm: size of a pixel.
        streaking: the coils nearest to the sources, from 0.

    """

    body: Complex
    streaks: Complex
    noise: Complex
    angles: Float
    matrix: int
    pixel_mm: float
    streaking: tuple[int, ...]

    @property
    def kspace(self) -> Complex:
        """``(coil, spoke, sample)`` complex64, all signals together."""
        return np.asarray(self.body + self.streaks + self.noise)

    @property
    def clean(self) -> Complex:
        """The same scan without the sources of streaks."""
        return np.asarray(self.body + self.noise)


def make_radial_scan(
    seed: int,
    *,
    coils: int = 8,
    matrix: int = 96,
    spokes: int = 96,
    streaking: int = 1,
    strength: float = 0.01,
    golden: bool = False,
) -> RadialScan:
    """Scan an abdomen phantom's middle slice with a ring of coils.

    Streaks come from a small bright cluster near the edge of the field of view, as an arm whose signal is piled up
    where the gradients bend: its place along each spoke is off by up to some pixels, differently for each spoke, so
    that its projections do not fit together. Only the nearest coils receive much of it.

    Args:
        seed: of anatomy, coils, sources and noise.
        coils: receivers, in a ring around the body.
        matrix: rows and columns of the image.
        spokes: over half a turn.
        streaking: how many sources, each before a coil of its own.
        strength: signal of each source, as a share of the body's.
        golden: golden-angle order instead of uniform angles.

    """
    coil_rng, source_rng, noise_rng = (
        np.random.default_rng(s) for s in np.random.SeedSequence([seed, matrix, coils, 7]).spawn(3)
    )
    pixel = FIELD_OF_VIEW_MM / matrix
    anatomy = _anatomy(seed, matrix, pixel)
    place = (np.arange(matrix) - matrix // 2) / (matrix / 2)
    columns, rows = np.meshgrid(place, place)
    receivers = _Receivers.drawn(coil_rng, coils)
    phase = np.exp(1j * (0.6 * columns - 0.4 * rows + 0.5 * columns * rows))
    angles = np.arange(spokes) * (_GOLDEN if golden else np.pi / spokes)
    wide = np.pad(receivers.at(columns, rows) * (anatomy * phase), ((0, 0), *[(matrix - matrix // 2, matrix // 2)] * 2))
    body = Gridding.of(angles, 2 * matrix).kspace(wide)
    chosen = _apart(source_rng, coils, streaking)
    streaks = np.zeros_like(body)
    for coil in chosen:
        streaks += _source(source_rng, receivers, coil, angles, matrix, strength * float(anatomy.sum()))
    level = 0.002 * float(anatomy.sum()) / matrix
    noise = level * (noise_rng.standard_normal((2, *body.shape))).astype(np.float32)
    return RadialScan(
        body, streaks, (noise[0] + 1j * noise[1]).astype(np.complex64), angles, matrix, pixel, tuple(sorted(chosen))
    )


@dataclass(frozen=True, eq=False)
class _Receivers:
    """Coils on an ellipse around the body; positions in half fields of view."""

    columns: Float
    rows: Float
    gains: npt.NDArray[np.complex128]

    @classmethod
    def drawn(cls, rng: np.random.Generator, count: int) -> _Receivers:
        turn = 2 * np.pi * (np.arange(count) + rng.uniform(-0.15, 0.15, count) + 0.5) / count
        gains = rng.uniform(0.8, 1.2, count) * np.exp(2j * np.pi * rng.uniform(size=count))
        return cls(_COIL_RING * np.cos(turn), 0.9 * _COIL_RING * np.sin(turn), gains)

    def at(self, columns: Float, rows: Float) -> npt.NDArray[np.complex128]:
        """Sensitivities ``(coil, ...)``: they fall with the cube of the distance, as a loop's on its axis."""
        shape = (-1,) + (1,) * columns.ndim
        across = columns - self.columns.reshape(shape)
        down = rows - self.rows.reshape(shape)
        distance = across**2 + down**2
        turn = np.exp(1j * (across + 0.5 * down) * np.cos(np.arange(len(self.gains))).reshape(shape))
        return np.asarray(self.gains.reshape(shape) * (1 + distance / _COIL_RADIUS**2) ** -1.5 * turn)


def _anatomy(seed: int, matrix: int, pixel: float) -> Float:
    """A slice ``(row, column)`` of an abdomen, about 0 to 1, exactly 0 in the air around it."""
    phantom = make_phantom("abdomen", seed, 0, shape=(matrix, matrix, 1), spacing=(pixel, pixel, 8.0))
    signal = phantom.image.stack()[0].astype(np.float64)
    signal /= np.percentile(signal, 99)
    pieces, _ = ndimage.label(ndimage.gaussian_filter(signal, 1.0) > 0.08)
    body = ndimage.binary_fill_holes(pieces == np.argmax(np.bincount(pieces.ravel())[1:]) + 1)
    return np.asarray(signal * body)


def _source(
    rng: np.random.Generator, receivers: _Receivers, coil: int, angles: Float, matrix: int, signal: float
) -> Complex:
    """K-space of one mis-encoded cluster between the body and a coil."""
    middle = 0.86 * np.array([receivers.columns[coil], receivers.rows[coil]])
    across, down = middle[:, None] + rng.normal(0, 0.04, (2, _SOURCE_POINTS))
    seen = receivers.at(across, down)
    wobble = ndimage.gaussian_filter1d(rng.standard_normal(len(angles)), 2.0, mode="wrap")
    off = 1.5 * wobble / wobble.std() + rng.normal(0, 0.7, len(angles))
    gain = 1 + 0.2 * rng.standard_normal(len(angles))
    radii = sample_radii(2 * matrix)
    along = (np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * down) * matrix / 2 + off[:, None]
    waves = np.exp(-2j * np.pi * along[:, :, None] * radii) * gain[:, None, None]
    brightness = rng.uniform(0.5, 1.5, _SOURCE_POINTS) * signal / _SOURCE_POINTS
    return np.asarray(np.einsum("cp,spk->csk", seen * brightness, waves, optimize=True), dtype=np.complex64)


def _apart(rng: np.random.Generator, coils: int, count: int) -> Sequence[int]:
    """Coils that are spread around the ring."""
    first = int(rng.integers(coils))
    return [(first + k * coils // max(count, 1)) % coils for k in range(count)]
