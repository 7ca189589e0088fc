"""An outline is drawn: corner by corner, by hand, or along edges; and what it encloses is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPointF, Signal

from slicelab.app.canvas.lasso import Lasso, Point
from slicelab.app.canvas.overlay import Sketch
from slicelab.app.canvas.tools import Hand, Tool
from slicelab.core.drawing.live_wire import Wire, live_wire

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from slicelab.app.canvas.gestures import Gestures
    from slicelab.app.canvas.overlay import PictureOverlay
    from slicelab.app.canvas.plane_camera import PlaneCamera

_NEAR_PX = 8.0  # a click so near to the first corner closes the outline
_LIFTED_NEAR_PX = 16.0  # a freehand line that is let go so near to where it began does too: hands tremble


class OutlineTool(QObject):
    """Follows the gestures of outlining on one plane.

    Args:
        gestures: what the mouse does.
        overlay: where the line is drawn.
        camera: from places of the widget to voxels.
        picture: the slice shown, ``(row, column)``, whose edges a line may follow; None where there is none.

    """

    begun = Signal()
    closed = Signal(tuple)
    """The line, closed by its own first point: ``(row, column)`` in voxels."""
    closed_already = Signal()
    """Enter was pressed to close a line that had closed itself; nothing was done."""

    def __init__(
        self,
        gestures: Gestures,
        overlay: PictureOverlay,
        camera: PlaneCamera,
        picture: Callable[[], npt.NDArray[Any] | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._gestures = gestures
        self._overlay = overlay
        self._camera = camera
        self._picture = picture
        self._hand = Hand()
        self._colour = ""
        self._lasso = Lasso()
        self._wire: Wire | None = None
        gestures.cornered.connect(self._corner)
        gestures.drawn.connect(lambda at: self._show(self._lasso.drag(camera.place(at))))
        gestures.led.connect(self._lead)
        gestures.lifted.connect(self._lift)
        gestures.closed.connect(self._close)
        gestures.given_up.connect(self.drop)
        gestures.stepped_back.connect(self._step_back)
        gestures.closed_already.connect(self.closed_already)

    @property
    def lasso(self) -> Lasso:
        """The line so far."""
        return self._lasso

    def hold(self, hand: Hand, colour: str) -> None:
        """Another hand, which leaves this colour; a line is given up with its tool."""
        if hand.tool is not Tool.POLYGON:
            self.drop()
            self.forget_closing()
        self._hand, self._colour = hand, colour

    def drop(self) -> None:
        """Give up the line there is."""
        self._show(Lasso())

    def drop_beginning(self) -> None:
        """Give up a line that encloses nothing yet."""
        if not self._lasso.closable:
            self.drop()

    def _corner(self, at: QPointF) -> None:
        """A corner of an outline, or its end if it is where it began."""
        if self._hand.barred:
            return
        if self._lasso.closable:
            if self._to_start(at) < _NEAR_PX:
                self._close()
                return
        if not self._lasso.open:
            self.begun.emit()
        # Where the button went down, not where the last move was seen: a quick hand is ahead of its moves.
        self._show(self._lasso.click(self._way_to(at)))
        self._lay_wire()

    def _lift(self, at: QPointF) -> None:
        """The button is let go: a line drawn by hand that came back to where it began is closed."""
        if self._lasso.freehand and self._to_start(at) < _LIFTED_NEAR_PX:
            self._close()
            self._gestures.closed_itself = True

    def forget_closing(self) -> None:
        """Something else was done since a line closed itself: Enter means what it always means."""
        self._gestures.closed_itself = False

    def _to_start(self, at: QPointF) -> float:
        return (self._camera.position_of(*self._lasso.points[0]) - at).manhattanLength()

    def _lead(self, at: QPointF) -> None:
        """The mouse moves on without its button: the line follows, along edges if that is wished."""
        self._show(self._lasso.look(self._way_to(at)))

    def _way_to(self, at: QPointF) -> tuple[Point, ...]:
        place = self._camera.place(at)
        along = self._wire.way_to(place)[1:] if self._wire is not None else ()
        return along or (place,)

    def _lay_wire(self) -> None:
        """Find the ways along edges from the last corner; ahead of the mouse, which must not wait for them."""
        self._wire = None
        picture = self._picture() if self._hand.wire and self._lasso.open else None
        if picture is not None:
            row, column = (
                min(max(round(place), 0), n - 1) for place, n in zip(self._lasso.points[-1], picture.shape, strict=True)
            )
            self._wire = live_wire(picture, (row, column), self._overlay.state.pixel_mm)

    def _step_back(self) -> None:
        self._show(self._lasso.back())
        self._lay_wire()

    def _close(self) -> None:
        lasso = self._lasso
        self.drop()
        if lasso.closable:
            self.closed.emit(lasso.points)

    def _show(self, lasso: Lasso) -> None:
        if lasso == self._lasso:
            return
        self._lasso = lasso
        self._gestures.outline_open = lasso.open
        if not lasso.open:
            self._wire = None
        self._overlay.state.sketch = Sketch(lasso.points, lasso.ahead, self._colour) if lasso.open else None
        self._overlay.update()
