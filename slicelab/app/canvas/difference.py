"""Colours of what a prediction misses and has too much: unlike those of the classes in use, for every colour vision."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

import numpy as np
import numpy.typing as npt

from slicelab.app.canvas.overlay import Patch

_CANDIDATES = ("#56B4E9", "#E69F00", "#FFFFFF", "#8A63FF", "#00E5FF", "#FF4DFF", "#B6FF3D", "#0072B2", "#D55E00")
"""The usual pair first; it is taken as long as no class has colours like them."""
_FAR = 24.0
"""CIE76 difference from which two colours are told apart at a glance, also as patches on grey."""
_VISIONS = (
    np.eye(3),
    # Full protanopia, deuteranopia and tritanopia on linear RGB (Machado et al. 2009, severity 1.0).
    np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
)
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _TO_XYZ.sum(axis=1)


@dataclass(frozen=True, eq=False)
class Versus:
    """Two models' masks of one case, to mark where they differ.

    Attributes:
        one: ``(slice, row, column)`` uint8 class values.
        other: the other's.
        words: what the legend says of voxels that only the one has, and of those that only the other has.

    """

    one: npt.NDArray[np.uint8]
    other: npt.NDArray[np.uint8]
    words: tuple[str, str]

    def patches(self, at: int, value: int, class_colours: tuple[str, ...]) -> tuple[Patch, ...]:
        """Where they differ about a class on a slice; colours as for missed and extra."""
        ours, theirs = self.one[at] == value, self.other[at] == value
        first, second = difference_colours(class_colours)
        return (
            Patch(ours & ~theirs, first, True, self.words[0]),
            Patch(theirs & ~ours, second, False, self.words[1]),
        )


@lru_cache(maxsize=16)
def difference_colours(class_colours: tuple[str, ...]) -> tuple[str, str]:
    """Colours for missed and extra: the first pair that is far from every class and from each other, else the farthest.

    Args:
        class_colours: ``#RRGGBB`` of the classes in use.

    """

    def room(pair: tuple[str, str]) -> float:
        others = [least_difference(one, other) for one in pair for other in class_colours]
        return min([least_difference(*pair), *others])

    pairs = list(permutations(_CANDIDATES, 2))
    return next((pair for pair in pairs if room(pair) >= _FAR), max(pairs, key=room))


def least_difference(one: str, other: str) -> float:
    """CIE76 difference of two colours for the vision, usual or dichromatic, that sees least of it."""
    return min(float(np.linalg.norm(_lab(one, vision) - _lab(other, vision))) for vision in _VISIONS)


def _lab(colour: str, vision: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """CIELAB (D65) of an sRGB colour as a vision sees it."""
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    x, y, z = _TO_XYZ @ np.clip(vision @ linear, 0.0, 1.0) / _WHITE
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])
