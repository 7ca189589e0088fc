"""A map of slices: many feature vectors as points of a plane, by their two principal components. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.covering import directions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_TINY = 1e-9


def plane_of(features: Sequence[npt.NDArray[np.float32]]) -> list[Floats]:
    """Where slices lie on the map, case by case; the same vectors always give the same map.

    Principal components of the vectors as :func:`slicelab.core.covering.directions` makes them comparable. The sign of
    a component, which is free, is chosen so that the first axis grows along the stacks and the second has its largest
    loading positive.

    Args:
        features: per case ``(slice, channel)``.

    Returns:
        Per case ``(slice, 2)``: x and y, 0 to 1 along the longer side of what they fill, centred; both axes alike.

    """
    shown = directions(features)
    every = np.concatenate(shown)
    if every.shape[1] < 2:
        every = np.pad(every, ((0, 0), (0, 2 - every.shape[1])))
    centred = every - every.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    along, across = axes[:, -1], axes[:, -2]
    across = across * (1.0 if across[np.abs(across).argmax()] >= 0 else -1.0)
    place = np.concatenate([np.arange(len(one)) / max(len(one) - 1, 1) for one in shown])
    rise = float((centred @ along) @ (place - place.mean()))
    turned = rise < -_TINY or (abs(rise) <= _TINY and along[np.abs(along).argmax()] < 0)
    points = np.stack([centred @ (-along if turned else along), centred @ across], axis=1)
    low, high = points.min(axis=0), points.max(axis=0)
    side = max(float((high - low).max()), _TINY)
    points = (points - (low + high) / 2) / side + 0.5
    return np.split(points, np.cumsum([len(one) for one in shown])[:-1])
