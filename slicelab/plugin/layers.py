"""A case as layers of napari: image, labels, the latest model's prediction. All are copies, for looking at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from slicelab.core.labels import LabelClass

LayerData = tuple["npt.NDArray[Any]", dict[str, Any], Literal["image", "labels"]]
"""Data, settings of the layer, and its type, as napari takes them from a plug-in."""


def image_layer(
    name: str,
    stack: npt.NDArray[Any],
    spacing: tuple[float, float, float],
    window: tuple[float, float],
    facts: Mapping[str, Any],
) -> LayerData:
    """A volume as a grey image.

    Args:
        name: the case's.
        stack: ``(slice, row, column)``.
        spacing: mm along (slice, row, column).
        window: intensities shown black and white.
        facts: what else is known of the case, for the layer's ``metadata``.

    """
    settings = {
        "name": name,
        "scale": spacing,
        "units": ("mm", "mm", "mm"),
        "contrast_limits": window,
        "colormap": "gray",
        "metadata": {"slicelab": dict(facts)},
    }
    return stack, settings, "image"


def labels_layer(
    name: str,
    stack: npt.NDArray[Any],
    spacing: tuple[float, float, float],
    classes: Sequence[LabelClass],
    facts: Mapping[str, Any],
    *,
    opacity: float = 0.5,
) -> LayerData:
    """A mask in the classes' colours; the name of the class under the cursor stands in napari's status bar."""
    colours: dict[int | None, str] = {None: "#00000000", 0: "#00000000"}
    colours |= {item.value: item.colour for item in classes}
    settings = {
        "name": name,
        "scale": spacing,
        "units": ("mm", "mm", "mm"),
        "opacity": opacity,
        "colormap": colours,
        "features": {
            "index": [0, *(item.value for item in classes)],
            "class": ["background", *(item.name for item in classes)],
        },
        "metadata": {"slicelab": dict(facts)},
    }
    return stack, settings, "labels"
