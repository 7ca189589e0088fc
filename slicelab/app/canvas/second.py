"""A further image of the case above the labelled one, in every plane: flipped to, or blended over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.app.canvas.plane_canvas import PlaneCanvas

_SEEN = 0.5


@dataclass(eq=False)
class Second:
    """What lies above the labelled image.

    Attributes:
        name: what a person calls it.
        first: what the labelled image is called beside it.
        image: ``(slice, row, column)`` on the labelled image's stack.
        window: intensities shown as black and as white, its own.
        share: how much of it is seen, 0 (nothing) to 1 (it alone).
        range: the window it came with: what a drag of the mouse is measured by.

    """

    name: str
    first: str
    image: npt.NDArray[Any]
    window: tuple[float, float]
    share: float = 0.0
    range: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        self.range = self.window

    @property
    def seen(self) -> bool:
        """Whether it, more than the labelled image, is what one looks at."""
        return self.share >= _SEEN

    @property
    def words(self) -> str:
        """Which image is seen, for the line over the picture."""
        if self.share in (0.0, 1.0):
            return self.name if self.share else self.first
        return f"{self.first} + {self.share:.0%} {self.name}"

    @property
    def short(self) -> str:
        """The same where there is little room."""
        return self.words if self.share in (0.0, 1.0) else f"{self.share:.0%} {self.name}"

    def tune(self, canvas: PlaneCanvas) -> None:
        """Show it in one plane as it is to be seen."""
        canvas.tune_second(self.window, self.share)
        canvas.overlay.state.seen, canvas.overlay.state.seen_short = self.words, self.short
        canvas.overlay.update()
