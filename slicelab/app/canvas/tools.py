"""The paint tools, and how masks are shown: words shared by canvas and panels."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Tool(StrEnum):
    """What the left button does on a picture."""

    ERASE = "erase"
    PAINT = "brush"
    FILL = "fill"
    PICK = "pick"
    PAN = "pan"

    @property
    def paints(self) -> bool:
        """Whether it changes the mask."""
        return self in (Tool.ERASE, Tool.PAINT, Tool.FILL)


class MaskStyle(StrEnum):
    """How masks are drawn."""

    FILL = "fill"
    CONTOUR = "contour"
    BOTH = "both"


@dataclass(frozen=True)
class MaskLook:
    """Everything about how masks look.

    Attributes:
        style: filled, outlined or both.
        opacity: 0-100, the slider's value; the fill is lighter than that, since it lies over anatomy.
        shown: whether labels are drawn at all.
        prediction: whether the prediction is drawn.
        hidden: class values not drawn.

    """

    style: MaskStyle = MaskStyle.BOTH
    opacity: int = 35
    shown: bool = True
    prediction: bool = True
    hidden: frozenset[int] = field(default_factory=frozenset)

    @property
    def fill(self) -> float:
        """Opacity of the fill, 0-1: 22 % at the slider's 35."""
        if not self.shown or self.style is MaskStyle.CONTOUR:
            return 0.0
        share = self.opacity / 100
        return share * 0.63 if share <= 0.35 else 0.22 + (share - 0.35) * 1.2
