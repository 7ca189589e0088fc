"""The windows (intensities shown as black and white) a volume can be looked at with. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

PERCENTILES = {"1–99 %": (1.0, 99.0), "0.5–99.5 %": (0.5, 99.5)}
USUAL = "1–99 %"
OWN = "This case"
"""What the case's file says, or what the person last set for it by hand."""

TIPS = {
    "1–99 %": "The darkest 1 % of the volume's voxels are black, the brightest 1 % white (1st to 99th percentile)",
    "0.5–99.5 %": "As 1–99 %, but half a percent each: bright spots keep their detail (0.5th to 99.5th percentile)",
    OWN: "What this case's file says, or what you last set for it by right drag",
}
"""What each choice means, in the order they are offered."""

Window = tuple[float, float]


def presets(image: npt.NDArray[Any], own: Window) -> dict[str, Window]:
    """Name to (low, high), in the volume's intensities.

    Args:
        image: ``(slice, row, column)``, any real dtype; every second row and column is looked at.
        own: the case's own window.

    """
    some = image[:, ::2, ::2]
    found = {}
    for name, shares in PERCENTILES.items():
        low, high = (float(value) for value in np.percentile(some, shares))
        found[name] = (low, high if high > low else low + 1.0)
    return {**found, OWN: own}


def first_choice(windows: dict[str, Window], chosen: str | None = None) -> str:
    """The preset a case opens with: the one chosen for it last, or its own window where that is not the usual one."""
    if chosen in windows:
        return str(chosen)
    return USUAL if np.allclose(windows[OWN], windows[USUAL]) else OWN
