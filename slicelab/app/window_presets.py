"""The windows (intensities shown as black and white) a volume can be looked at with. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.engine.windows import ImageWindows

PERCENTILES = {"1–99 %": (1.0, 99.0), "0.5–99.5 %": (0.5, 99.5)}
USUAL = "1–99 %"
FILE = "From file"
"""What the image's file says, where it says something."""
OWN = "This case"
"""What the person last set for it by hand."""

TIPS = {
    "1–99 %": "The darkest 1 % of the volume's voxels are black, the brightest 1 % white (1st to 99th percentile)",
    "0.5–99.5 %": "As 1–99 %, but half a percent each: bright spots keep their detail (0.5th to 99.5th percentile)",
    FILE: "What the image's file says (DICOM window centre and width, NIfTI cal_min and cal_max)",
    OWN: "What you last set for this image by right drag",
}
"""What each choice means, in the order they are offered."""

Window = tuple[float, float]


def presets(image: npt.NDArray[Any], shown: Window, known: ImageWindows) -> dict[str, Window]:
    """Name to (low, high), in the volume's intensities; without those that the image has not.

    Args:
        image: ``(slice, row, column)``, any real dtype; every second row and column is looked at.
        shown: what the image is shown with where nothing else is known.
        known: what its file says, and what a person set.

    """
    some = image[:, ::2, ::2]
    found = {}
    for name, shares in PERCENTILES.items():
        low, high = (float(value) for value in np.percentile(some, shares))
        found[name] = (low, high if high > low else low + 1.0)
    if known.file is None and known.own is None:
        found[USUAL] = shown
    of_its_own = {FILE: known.file, OWN: known.own}
    return {**found, **{name: window for name, window in of_its_own.items() if window is not None}}


def first_choice(windows: dict[str, Window], chosen: str | None = None) -> str:
    """The preset an image opens with: the one chosen for it last, or one of its own where that is not the usual one."""
    if chosen in windows:
        return str(chosen)
    unusual = (name for name in (OWN, FILE) if name in windows and not np.allclose(windows[name], windows[USUAL]))
    return next(unusual, USUAL)
