"""The image one looks at: the labelled one of a case, or a further sequence of it, each with windows of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(eq=False)
class Seen:
    """What is seen.

    Attributes:
        image: ``(slice, row, column)`` on the labelled image's stack, its own intensities.
        windows: names of window presets to (low, high); the person's own is changed in place.
        preset: the one it is shown with.
        name: what a sequence is called; "" for the labelled image.
        sequence: its number in the project; None for the labelled image.

    """

    image: npt.NDArray[Any]
    windows: dict[str, tuple[float, float]]
    preset: str
    name: str = ""
    sequence: int | None = None
