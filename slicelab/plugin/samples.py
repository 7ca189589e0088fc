"""Sample data for napari: synthetic MR volumes with exact labels. No patient was ever in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.geometry import stack_letters, stack_spacing
from slicelab.core.labels import make_classes
from slicelab.data.phantoms import make_phantom
from slicelab.plugin.layers import LayerData, image_layer, labels_layer

if TYPE_CHECKING:
    from slicelab.data.phantoms import Kind

SEED = 20261


def abdomen() -> list[LayerData]:
    """An abdomen: liver, kidneys, spleen."""
    return phantom("abdomen")


def pelvis() -> list[LayerData]:
    """A pelvis: central gland and peripheral zone of the prostate."""
    return phantom("pelvis")


def phantom(kind: Kind) -> list[LayerData]:
    """One phantom as an image and its labels, ``(slice, row, column)``."""
    made = make_phantom(kind, SEED, 0)
    geometry = made.image.geometry
    axis = geometry.acquisition_axis
    spacing = stack_spacing(geometry.spacing, axis)
    image, mask = np.ascontiguousarray(made.image.stack()), np.ascontiguousarray(made.mask.stack())
    low, high = np.percentile(image, (1.0, 99.0)).tolist()
    facts = {"phantom": kind, "letters": stack_letters(axis), "affine": geometry.affine.tolist()}
    return [
        image_layer(f"{kind} phantom", image, spacing, (low, high), facts),
        labels_layer(f"{kind} phantom labels", mask, spacing, make_classes(list(made.class_names)), facts),
    ]
