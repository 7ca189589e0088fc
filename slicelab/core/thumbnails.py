"""Small pictures of slices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_SHOWN_PERCENT = (1.0, 99.0)


def small_grey(
    picture: npt.NDArray[Any], side: int, window: tuple[float, float] | None = None
) -> npt.NDArray[np.uint8]:
    """A slice small and grey, ``(row, column)`` uint8, at most about ``side`` pixels along each edge.

    Args:
        picture: ``(row, column)``, finite intensities of any real dtype.
        side: pixels.
        window: intensities that become black and white; None takes the 1st and 99th percentile.

    """
    small = thinned(picture, side).astype(np.float64)
    low, high = np.percentile(small, _SHOWN_PERCENT) if window is None else window
    grey = np.clip((small - low) * (255.0 / max(high - low, 1e-9)), 0, 255)
    return np.asarray(grey, dtype=np.uint8)


def thinned(picture: npt.NDArray[Any], side: int) -> npt.NDArray[Any]:
    """Every so many-th pixel of a picture ``(row, column)``, at most about ``side`` along each edge."""
    step = max(1, -(-max(picture.shape) // side))
    return picture[::step, ::step]
