"""A model's outline of one class, taken over into a reader's mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def one_class(before: npt.NDArray[np.uint8], predicted: npt.NDArray[np.uint8], value: int) -> npt.NDArray[np.uint8]:
    """The mask with one class as predicted: its old voxels go, its new ones lie over other classes.

    Args:
        before: class values, any shape.
        predicted: class values, the same shape.
        value: the class.

    """
    rest = np.where(before == value, 0, before)
    return np.where(predicted == value, value, rest).astype(np.uint8)
