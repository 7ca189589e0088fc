"""From tissues to an image: T2-weighted contrast of a scanner, texture, coil shading, blur and Rician noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.ndimage import gaussian_filter1d

from slicelab.data.phantoms.anatomy import Tissue
from slicelab.data.phantoms.fields import SmoothField, draw_field

if TYPE_CHECKING:
    from slicelab.data.phantoms.fields import Float

Kind = Literal["abdomen", "pelvis"]

# Proton density (water = 1), T2 in ms at 1.5 to 3 T (rounded from the ranges that textbooks give), and how much
# the tissue's signal varies within it (fine and patchy texture, fraction of the signal).
_TISSUES: dict[Tissue, tuple[float, float, float, float]] = {
    Tissue.AIR: (0.0, 50, 0, 0),
    Tissue.FAT: (0.9, 110, 0.04, 0.05),
    Tissue.VISCERAL_FAT: (0.85, 105, 0.07, 0.1),
    Tissue.MUSCLE: (0.8, 38, 0.13, 0.16),
    Tissue.BONE: (0.3, 30, 0.1, 0.1),
    Tissue.MARROW: (0.75, 82, 0.14, 0.14),
    Tissue.FLUID: (1.0, 900, 0.02, 0.04),
    Tissue.CORD: (0.75, 85, 0.05, 0.05),
    Tissue.DISC: (0.7, 80, 0.1, 0.2),
    Tissue.BLOOD: (0.12, 60, 0.2, 0.3),
    Tissue.LUNG: (0.12, 40, 0.3, 0.4),
    Tissue.HEART: (0.7, 48, 0.2, 0.3),
    Tissue.GUT_WALL: (0.8, 58, 0.1, 0.15),
    Tissue.GUT_BRIGHT: (0.95, 170, 0.1, 0.22),
    Tissue.GUT_GREY: (0.85, 72, 0.12, 0.25),
    Tissue.GUT_DARK: (0.75, 44, 0.12, 0.25),
    Tissue.GAS: (0.02, 40, 0, 0),
    Tissue.GLAND: (0.8, 62, 0.14, 0.16),
    Tissue.LIVER: (0.8, 50, 0.06, 0.09),
    Tissue.VESSEL: (0.95, 150, 0.05, 0.1),
    Tissue.LESION: (0.85, 75, 0.1, 0.2),
    Tissue.CYST: (1.0, 500, 0.02, 0.03),
    Tissue.CORTEX: (0.88, 95, 0.06, 0.09),
    Tissue.MEDULLA: (0.9, 135, 0.06, 0.09),
    Tissue.SPLEEN: (0.86, 82, 0.05, 0.08),
    Tissue.CENTRAL: (0.82, 72, 0.14, 0.2),
    Tissue.NODULE_BRIGHT: (0.9, 125, 0.12, 0.15),
    Tissue.NODULE_DARK: (0.78, 55, 0.1, 0.12),
    Tissue.STROMA: (0.75, 46, 0.08, 0.1),
    Tissue.PERIPHERAL: (0.9, 125, 0.1, 0.17),
    Tissue.CAPSULE: (0.7, 45, 0.05, 0.1),
    Tissue.TUMOUR: (0.82, 68, 0.08, 0.1),
    Tissue.URINE: (1.0, 700, 0.02, 0.05),
    Tissue.BLADDER_WALL: (0.78, 52, 0.06, 0.1),
    Tissue.SEMINAL: (0.92, 150, 0.15, 0.3),
    Tissue.VEINS: (0.9, 140, 0.18, 0.3),
    Tissue.COIL: (0.0, 50, 0, 0),
}
_FATTY = (Tissue.FAT, Tissue.VISCERAL_FAT, Tissue.MARROW)

_VARIES = {"abdomen": (0.1, 0.06), "pelvis": (0.2, 0.14)}
"""How much each tissue's T2 and its signal differ between subjects, standard deviation of the logarithm. In the pelvis
more: with less, one labelled volume teaches nearly as much as eight."""

_FAT_SUPPRESSED = {"abdomen": 0.9, "pelvis": 0.0}
"""How often fat is suppressed: most abdominal T2 is, prostate T2 is not."""


@dataclass(frozen=True, eq=False)
class Scan:
    """One subject's acquisition, drawn but not yet applied.

    Attributes:
        tissue: signal of each tissue, index = tissue value, float32, before shading; about [0, 1].
        texture: fraction of the signal that varies finely and in patches, ``(tissue, 2)`` float32.
        fine: field of the fine texture.
        patchy: field of the patchy texture.
        shading: field of the logarithm of the coil's sensitivity.
        shading_depth: its standard deviation.
        coil: where a surface coil lies (x, y mm) and its gain, or None.
        blur: in-plane point spread, standard deviation, voxels.
        noise: standard deviation of the complex noise, each part, as a fraction of the brightest tissues' signal.
        gain: from signal to stored numbers.

    """

    tissue: Float
    texture: Float
    fine: SmoothField
    patchy: SmoothField
    shading: SmoothField
    shading_depth: float
    coil: tuple[float, float, float] | None
    blur: float
    noise: float
    gain: float


def draw_scan(
    rng: np.random.Generator,
    kind: Kind,
    half: tuple[float, float, float],
    spacing: tuple[float, float, float],
    coil_at: tuple[float, float] | None = None,
) -> Scan:
    """Draw the contrast and the imperfections of one acquisition.

    Args:
        rng: source of all draws.
        kind: region of the body.
        half: half the field of view along x, y, z, mm.
        spacing: voxel sizes, mm.
        coil_at: x, y of an endorectal coil, mm, where the subject has one.

    """
    echo = float(rng.uniform(70, 115))
    of_t2, of_signal = _VARIES[kind]
    subject = np.exp(of_t2 * np.clip(rng.standard_normal(len(Tissue)), -2, 2))
    density, t2, fine, patchy = (np.array([_TISSUES[t][k] for t in Tissue]) for k in range(4))
    signal = density * np.exp(-echo / (t2 * subject)) * np.exp(of_signal * rng.standard_normal(len(Tissue)))
    if rng.random() < _FAT_SUPPRESSED[kind]:
        signal[list(_FATTY)] *= rng.uniform(0.06, 0.26)
    # Scanners compress the range differently; liver and muscle stay well above the noise in practice.
    signal = (signal / 0.85) ** rng.uniform(0.62, 0.9)
    low, high = [-h for h in half], list(half)
    through = max(2.0, spacing[2] * 0.8)
    scale = 1.0 if kind == "abdomen" else 0.55
    return Scan(
        tissue=signal.astype(np.float32),
        texture=np.stack([fine, patchy], axis=1).astype(np.float32),
        fine=draw_field(rng, low, high, (3.2 * scale, 3.2 * scale, through)),
        patchy=draw_field(rng, low, high, (11.0 * scale, 11.0 * scale, max(through, 11.0 * scale))),
        shading=draw_field(rng, (-260.0,) * 3, (260.0,) * 3, 95.0 * (1.0 if kind == "abdomen" else 0.8)),
        shading_depth=float(rng.uniform(0.1, 0.3)),
        coil=None if coil_at is None else (*coil_at, float(rng.uniform(2.0, 5.0))),
        blur=float(rng.uniform(0.4, 0.7)),
        noise=float(np.exp(rng.uniform(np.log(0.008), np.log(0.028)))),
        gain=float(np.exp(rng.normal(np.log(900), 0.5))),
    )


def emitted(
    scan: Scan, tissue: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], axes: tuple[Float, Float, Float]
) -> Float:
    """Signal at fine sample points, ``(x, y, z)`` float32, texture included."""
    fine, patchy = scan.texture[:, 0][tissue], scan.texture[:, 1][tissue]
    fine *= scan.fine.on(axes)
    patchy *= scan.patchy.on(axes)
    fine += patchy
    fine += np.float32(1.0)
    np.maximum(fine, 0, out=fine)
    fine *= scan.tissue[tissue]
    return fine


def received(rng: np.random.Generator, scan: Scan, signal: Float, axes: tuple[Float, Float, Float]) -> Float:
    """What the scanner stores of voxel averages: blurred, shaded, with Rician noise, ``(x, y, z)`` float32."""
    for axis in (0, 1):
        signal = gaussian_filter1d(signal, scan.blur, axis=axis, mode="nearest")
    shaded = signal * np.exp(np.float32(scan.shading_depth) * scan.shading.on(axes))
    if scan.coil is not None:
        x, y, gain = scan.coil
        square = (axes[0] - np.float32(x))[:, None] ** 2 + (axes[1] - np.float32(y))[None, :] ** 2
        shaded = shaded * (np.float32(0.45) + np.float32(gain) / (1 + square / np.float32(500.0)))[:, :, None]
    real = shaded + np.float32(scan.noise) * rng.standard_normal(shaded.shape, dtype=np.float32)
    imaginary = np.float32(scan.noise) * rng.standard_normal(shaded.shape, dtype=np.float32)
    return np.asarray(np.float32(scan.gain) * np.sqrt(real * real + imaginary * imaginary), dtype=np.float32)
