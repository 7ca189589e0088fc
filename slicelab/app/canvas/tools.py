"""The paint tools, and how masks are shown: words shared by canvas and panels."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from slicelab.core.drawing.rule import DrawRule


class Tool(StrEnum):
    """What the left button does on a picture."""

    ERASE = "erase"
    PAINT = "brush"
    POLYGON = "polygon"
    FILL = "fill"
    PICK = "pick"
    GROW = "grow"
    PAN = "pan"

    @property
    def paints(self) -> bool:
        """Whether it changes the mask."""
        return self not in (Tool.PICK, Tool.PAN)

    @property
    def strokes(self) -> bool:
        """Whether napari paints with it while the mouse is dragged."""
        return self in (Tool.ERASE, Tool.PAINT, Tool.FILL)


@dataclass(frozen=True)
class Hand:
    """What the person holds: the tool and everything that decides what it leaves.

    Attributes:
        tool: what the left button does.
        value: class painted with.
        brush_mm: diameter of brush and eraser, mm.
        ball: whether brush, eraser and growing reach into other slices.
        limits: intensities that take paint; None for all.
        adaptive: whether the brush stops at edges.
        wire: whether outlines cling to edges.
        spread: how far intensities may lie from the seed's to grow into, as a share of the shown window.
        reach_mm: how far from the seed growing goes, mm.
        rule: what may be painted over.

    """

    tool: Tool = Tool.PAINT
    value: int = 1
    brush_mm: float = 10.0
    ball: bool = False
    limits: tuple[float, float] | None = None
    adaptive: bool = False
    wire: bool = False
    spread: float = 0.1
    reach_mm: float = 40.0
    rule: DrawRule = field(default_factory=DrawRule)

    @property
    def deep(self) -> bool:
        """Whether the tool changes other slices than the one shown."""
        return self.ball and self.tool in (Tool.ERASE, Tool.PAINT, Tool.GROW)

    @property
    def far_mm(self) -> float:
        """How far into other slices it may reach, mm."""
        return (self.reach_mm if self.tool is Tool.GROW else self.brush_mm / 2) if self.deep else 0.0

    @property
    def barred(self) -> bool:
        """Whether it would paint a class that is locked."""
        return self.tool.paints and self.tool is not Tool.ERASE and self.value in self.rule.kept


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
        difference: whether what the prediction misses of the selected class, and has too much, is marked.
        uncertainty: whether it is marked how unsure the model was.

    """

    style: MaskStyle = MaskStyle.BOTH
    opacity: int = 35
    shown: bool = True
    prediction: bool = True
    hidden: frozenset[int] = field(default_factory=frozenset)
    difference: bool = False
    uncertainty: bool = False

    @property
    def fill(self) -> float:
        """Opacity of the fill, 0-1: 22 % at the slider's 35."""
        if not self.shown or self.difference or self.uncertainty or self.style is MaskStyle.CONTOUR:
            return 0.0
        share = self.opacity / 100
        return share * 0.63 if share <= 0.35 else 0.22 + (share - 0.35) * 1.2
