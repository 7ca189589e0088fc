"""The acquisition plane once more, beside the large one and led by it: another model's masks of the same slices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from slicelab.app.canvas.difference import Versus
from slicelab.app.canvas.plane_canvas import PlaneCanvas
from slicelab.app.canvas.planes import Picture, Plane
from slicelab.app.canvas.tools import Tool

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slicelab.app.canvas.linked import LinkedCanvases
    from slicelab.app.canvas.tools import Hand

Heading = tuple[tuple[str, ...], ...]
"""Lines above a picture; of each line its forms, from long to short."""


class LookingCanvas(PlaneCanvas):
    """A plane that nothing is painted in, whatever is in the hand."""

    def set_hand(self, hand: Hand) -> None:
        """Take the class, and no tool."""
        super().set_hand(replace(hand, tool=Tool.PAN))


@dataclass(frozen=True, eq=False)
class SecondMasks:
    """What the second picture shows of its model, in the acquisition plane.

    Attributes:
        prediction: ``(slice, row, column)`` uint8 class values.
        uncertainty: likewise, how unsure the model was; None where that is not known.
        compared: per slice, whether the prediction can be compared with a label there.
        words: what is said of it at the edge.

    """

    prediction: npt.NDArray[np.uint8]
    uncertainty: npt.NDArray[np.uint8] | None
    compared: Sequence[bool]
    words: str


class SecondPicture(QObject):
    """Owns the second canvas, which is made when it is first asked for and kept."""

    not_painted_here = Signal()

    def __init__(self, planes: LinkedCanvases) -> None:
        super().__init__(planes)
        self._planes = planes
        self._canvas: LookingCanvas | None = None
        self._masks: SecondMasks | None = None
        self._words: tuple[str, str] | None = None
        self._middle = ""
        self._following = False
        self._ours: npt.NDArray[np.uint8] | None = None
        planes.masks_changed.connect(self._on_masks)

    @property
    def canvas(self) -> PlaneCanvas:
        """The canvas."""
        if self._canvas is None:
            made = self._canvas = LookingCanvas(small=False)
            made.clicked.connect(self._on_click)
            for leader, follower in ((self._planes.main, made), (made, self._planes.main)):
                camera = leader.model.scene.camera
                for event in (camera.events.center, camera.events.zoom):
                    event.connect(lambda _event, a=leader, b=follower: self._follow(a, b))
        return self._canvas

    @property
    def on(self) -> bool:
        """Whether it is in the window."""
        return self._planes.twin is self

    def show(self, *, on: bool) -> None:
        """Put the second picture beside the large one, or take it away and bring the views back as they were."""
        if on is self.on:
            return
        self._masks, self._middle = None, ""
        self.mark_difference(None)
        self.set_headings((), ())
        self._planes.show_twin(self if on else None)
        if on:
            self._follow(self._planes.main, self.canvas)
        else:
            self._let_go()

    def show_masks(self, masks: SecondMasks | None, middle: str = "") -> None:
        """Another model's masks; where there are none, words in the middle say why."""
        self._masks, self._middle = masks, middle
        if self.on:
            self.dress()

    def say_of_masks(self, words: str, short: str) -> None:
        """What is said of its masks on the slice shown, and the same where there is little room."""
        state = self.canvas.overlay.state
        if (words, short) != (state.legend, state.legend_short):
            state.legend, state.legend_short = words, short
            self.canvas.overlay.update()

    def mark_difference(self, words: tuple[str, str] | None) -> None:
        """Mark where the two pictures' models differ, with these words for the legend; None: mark nothing."""
        self._words = words
        self._show_versus()

    def set_headings(self, left: Heading, right: Heading) -> None:
        """What stands over the two pictures."""
        pictures = [(self._planes.main, left)]
        if self._canvas is not None:
            pictures.append((self._canvas, right))
        for canvas, heading in pictures:
            if canvas.overlay.state.heading != heading:
                canvas.overlay.state.heading = heading
                canvas.overlay.update()

    def dress(self) -> None:
        """Show the masks again: the canvas was given another picture, or there are other masks."""
        picture, canvas = self._planes.picture, self.canvas
        plane = canvas.plane
        if picture is None or plane is None:
            return
        masks, axis = self._masks, picture.axis
        if masks is not None and masks.prediction.shape != picture.image.shape:
            masks = None  # of the case before
        state = canvas.overlay.state
        state.middle = self._middle if masks is None else ""
        if masks is None:
            self.say_of_masks("", "")
        elif not state.legend:
            self.say_of_masks(masks.words, masks.words)
        canvas.set_prediction(None if masks is None else plane.view(masks.prediction, axis))
        unsure = None if masks is None else masks.uncertainty
        canvas.set_uncertainty(None if unsure is None else plane.view(unsure, axis))
        known = np.array(masks.compared if masks is not None else [False] * picture.image.shape[0], bool)
        canvas.set_compared(plane.view(np.broadcast_to(known[:, None, None], picture.image.shape), axis))
        self._show_versus()

    # -- inside -------------------------------------------------------------------------------------------------

    def _on_masks(self) -> None:
        """The first model's mask is another; not after a stroke, which leaves it."""
        if self.on and self._planes.prediction is not self._ours:
            self._show_versus()

    def _show_versus(self) -> None:
        """Mark in both pictures where the models differ."""
        self._ours = self._planes.prediction if self.on else None
        for canvas in (self._planes.main, self._canvas):
            if canvas is not None:
                canvas.set_versus(self._versus_in(canvas))

    def _versus_in(self, canvas: PlaneCanvas) -> Versus | None:
        picture, ours, masks, words = self._planes.picture, self._ours, self._masks, self._words
        if picture is None or ours is None or masks is None or words is None or canvas.plane is None:
            return None
        if ours.shape != masks.prediction.shape:
            return None  # of the case before
        plane, axis = canvas.plane, picture.axis
        return Versus(plane.view(ours, axis), plane.view(masks.prediction, axis), words)

    def _follow(self, leader: PlaneCanvas, follower: PlaneCanvas) -> None:
        """Look at the same place, as near."""
        if not self.on or self._following:
            return
        self._following = True
        try:
            follower.camera.look_like(leader.camera)
        finally:
            self._following = False

    def _on_click(self, _voxel: tuple[int, int]) -> None:
        if self._planes.hand.tool.paints:
            self.not_painted_here.emit()

    def _let_go(self) -> None:
        """Hold no volume while it is away: the next case may be a large one."""
        blank = np.zeros((1, 1, 1), np.uint8)
        self.canvas.show_picture(Picture("", blank, blank.copy(), (1.0, 1.0, 1.0), 0, (0.0, 1.0)), Plane(0))
        self.canvas.clear()
