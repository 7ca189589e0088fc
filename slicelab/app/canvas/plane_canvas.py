"""One picture: a napari canvas showing one plane of a volume, with gestures and a sheet of words and lines above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from slicelab.app.canvas.gestures import Gestures
from slicelab.app.canvas.image_layer import ImageLayer
from slicelab.app.canvas.limits import painted_part
from slicelab.app.canvas.marks import drawn_outlines, missed_and_extra
from slicelab.app.canvas.mask_layer import MaskLayer
from slicelab.app.canvas.napari_setup import CanvasViewer, DirectLabelColormap, ViewerModel
from slicelab.app.canvas.outline_tool import OutlineTool
from slicelab.app.canvas.overlay import Heat, Patch, PictureOverlay, Ring, Tint
from slicelab.app.canvas.plane_camera import PlaneCamera
from slicelab.app.canvas.tools import Hand, MaskLook, Tool
from slicelab.core.drawing.intensity import in_range, region_grown
from slicelab.core.drawing.polygon import filled_polygon

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.app.canvas.difference import Versus
    from slicelab.app.canvas.lasso import Point
    from slicelab.app.canvas.planes import Picture, Plane
    from slicelab.core.labels import LabelClass

_MODES = {
    Tool.ERASE: "erase",
    Tool.PAINT: "paint",
    Tool.FILL: "fill",
}
_NO_MODE = "pan_zoom"  # napari leaves the mouse alone
_OUTLINE_DELAY_MS = 30
_SPOT = 1  # voxels: growing found nothing around the place that was clicked
_NOTHING = np.zeros((1, 1, 1), np.uint8)


class PlaneCanvas(QWidget):
    """Shows one plane; announces strokes, steps, clicks. Holds no opinion about cases or saving."""

    painted = Signal()
    scrolled = Signal(int)
    clicked = Signal(tuple)
    hovered = Signal(object)
    windowed = Signal(QPointF)
    maximised = Signal()
    painted_twice = Signal()
    peeked = Signal(bool)
    turned = Signal(bool)
    refused = Signal(int)
    grew_nothing = Signal()
    drawn = Signal()
    """A frame is on the screen."""

    def __init__(self, *, small: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ViewerModel()
        self.viewer = CanvasViewer(self.model)
        self.native: QWidget = self.viewer.canvas.native
        self.viewer.canvas.native.frameSwapped.connect(self.drawn)
        # Or else all that it stands in would be painted below it, each time a word above it changes.
        self.native.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.viewer)
        self.overlay = PictureOverlay(self.native, small=small)
        self.gestures = Gestures(self.native)
        self.camera = PlaneCamera(self.model, self.overlay, self.native)
        self.outline = OutlineTool(self.gestures, self.overlay, self.camera, self._slice_image, self)
        self.plane: Plane | None = None
        self._image: Any = None
        self._mask: Any = None
        self._second: Any = None
        self._further: npt.NDArray[Any] | None = None
        self._prediction: npt.NDArray[np.uint8] | None = None
        self._other: npt.NDArray[np.uint8] | None = None
        self._compared: npt.NDArray[np.bool_] | None = None
        self._uncertainty: npt.NDArray[np.uint8] | None = None
        self._versus: Versus | None = None
        self._classes: tuple[LabelClass, ...] = ()
        self._colours: dict[int | None, Any] = {}
        self._look = MaskLook()
        self._hand = Hand()
        self._outline_timer = QTimer(self, singleShot=True, interval=_OUTLINE_DELAY_MS)
        self._outline_timer.timeout.connect(self.update_outlines)
        self._connect_gestures()
        self.model.mouse_over_canvas = False
        # The brush's ring is drawn by the overlay: napari would draw the whole picture anew for each move of it.
        self._ring_at: QPointF | None = None
        self._napari_ring = self.model.canvas.overlays["_brush_circle"]
        self._napari_ring.events.visible.connect(self._hide_napari_ring)
        self._napari_ring.events.size.connect(self._show_ring)
        self.native.installEventFilter(self)

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_picture(self, picture: Picture, plane: Plane) -> None:
        """Show another volume, or another plane of it; layers are kept and given new data (no canvas is re-created)."""
        self.plane = plane
        image = plane.view(picture.image, picture.axis)
        labels = plane.view(picture.labels, picture.axis)
        scale = plane.spacing(picture.spacing)
        self._prediction = self._compared = self._uncertainty = self._versus = self._other = None
        self._put_layers(image, labels, scale, picture)
        self._colour()
        self.outline.drop()
        self.set_hand(self._hand)
        self.overlay.state.letters = plane.letters
        self.overlay.state.pixel_mm = (scale[1], scale[2])
        self.fit()

    def flip(self, picture: Picture, plane: Plane) -> None:
        """Show the same picture from the other side, where and as large as it was."""
        there, fitted = self.overlay.state.camera, self.camera.fitted
        self.show_picture(picture, plane)
        if not fitted:
            wide = (self._mask.data.shape[2] - 1) * self.overlay.state.pixel_mm[1]
            self.camera.go(there.row_mm, wide - there.column_mm, there.zoom)

    def clear(self) -> None:
        """Show nothing."""
        if self._image is not None:
            self._image.visible = self._mask.visible = False
        self.show_second(None)
        self.plane = self._prediction = self._compared = self._uncertainty = self._versus = self._other = None
        self.overlay.state = type(self.overlay.state)()
        self.overlay.update()

    def show_second(self, image: npt.NDArray[Any] | None) -> None:
        """A further image, ``(slice, row, column)`` of this plane, voxel by voxel over the picture; None: no other."""
        before, self._further = self._further, image
        if self._second is not None and (image is not None or before is not None):
            self._second.visible = False
            self._put_second(_NOTHING if image is None else image)  # lets go of the other's memory

    def tune_second(self, window: tuple[float, float], share: float) -> None:
        """How the further image is seen.

        Args:
            window: intensities shown as black and as white.
            share: how much of it is seen above the picture, 0 to 1.

        """
        if self._further is None or (self._second is None and not share):
            return  # a layer costs 400 ms of shaders: not before it is looked at
        if self._second is None:
            self._second = ImageLayer(self._further, colormap="gray", name="second")
            self._put_second(self._further)
            self.model.layers.insert(1, self._second)
            self.model.layers.selection.active = self._mask
        self._second.interpolation2d = self._image.interpolation2d
        self._second.contrast_limits = window
        self._second.opacity = share
        self._second.visible = share > 0

    def _put_second(self, image: npt.NDArray[Any]) -> None:
        self._second.data = image
        self._second.scale = self._image.scale
        low, high = float(np.min(image)), float(np.max(image))
        self._second.contrast_limits_range = (low, high if high > low else low + 1.0)

    def set_slice(self, index: int) -> None:
        """Go to a slice of this plane."""
        if self._mask is None or index == self.slice:
            return
        self.model.dims.set_current_step(0, index)
        self.update_outlines()
        self._show_tint()

    @property
    def slice(self) -> int:
        """The slice shown."""
        return int(self.model.dims.current_step[0])

    @property
    def slices(self) -> int:
        """Slices of this plane."""
        return 0 if self.plane is None else int(self._mask.data.shape[0])

    def set_prediction(self, stack: npt.NDArray[np.uint8] | None) -> None:
        """A model's mask, drawn dashed beside the labels; ``(slice, row, column)`` of this plane."""
        self._prediction = stack
        self.update_outlines()

    def set_other(self, stack: npt.NDArray[np.uint8] | None) -> None:
        """Another reader's labels, outlined; ``(slice, row, column)`` of this plane."""
        if stack is not self._other:
            self._other = stack
            self.update_outlines()

    def set_uncertainty(self, stack: npt.NDArray[np.uint8] | None) -> None:
        """How unsure the model was, ``(slice, row, column)`` uint8 of this plane."""
        self._uncertainty = stack
        if self._look.uncertainty:
            self.update_outlines()

    def set_compared(self, where: npt.NDArray[np.bool_]) -> None:
        """Where prediction and labels can be compared, ``(slice, row, column)`` of this plane."""
        self._compared = where
        if self._look.difference:
            self.update_outlines()

    def set_versus(self, versus: Versus | None) -> None:
        """Two models' masks in this plane: where they differ is marked instead of what differs from the labels."""
        if versus is not self._versus:
            self._versus = versus
            self.set_look(self._look)

    def refresh(self) -> None:
        """Draw again after the mask's memory was changed from outside."""
        if self._mask is not None:
            self._mask.refresh(extent=False, thumbnail=False)
            self.update_outlines()

    # -- looks --------------------------------------------------------------------------------------------------

    def set_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """Classes and their colours."""
        self._classes = classes
        self._colour()

    def set_look(self, look: MaskLook) -> None:
        """How masks are drawn."""
        recolour = look.hidden != self._look.hidden
        self._look = look
        if self._mask is not None:
            self._mask.opacity = self._fill
            if recolour:
                self._colour()
        self.update_outlines()

    def set_window(self, low: float, high: float) -> None:
        """Intensities shown as black and white."""
        if self._image is not None:
            self._image.contrast_limits = (low, high)

    def set_smooth(self, smooth: bool) -> None:
        """Interpolate between voxels, or show them as they are."""
        if self._image is not None:
            self._image.interpolation2d = "linear" if smooth else "nearest"
        if self._second is not None:
            self._second.interpolation2d = self._image.interpolation2d

    # -- tools --------------------------------------------------------------------------------------------------

    def set_hand(self, hand: Hand) -> None:
        """What the left button does, and what it leaves."""
        self._hand = hand
        self.outline.hold(hand, self._class_colour)
        self.gestures.painting = hand.tool.paints
        self.gestures.outlining = hand.tool is Tool.POLYGON and self._mask is not None
        if self._mask is not None:
            self._mask.mode = _MODES.get(hand.tool, _NO_MODE)
            self._mask.selected_label = hand.value
            self._mask.n_edit_dimensions = 3 if hand.deep else 2
            self._mask.set_brush_mm(hand.brush_mm)
        if self._look.difference or self._versus is not None:
            self.update_outlines()
        self._show_tint()

    def _show_tint(self) -> None:
        """Tint what the range of intensities lets through, as long as there is one."""
        hand, shown = self._hand, None
        if hand.limits is not None and hand.tool.paints and hand.tool is not Tool.ERASE and self.plane is not None:
            picture = np.asarray(self._image.data[self.slice])
            shown = Tint(in_range(np.ones(picture.shape, bool), picture, *hand.limits), self._class_colour)
        if shown is not None or self.overlay.state.tint is not None:
            self.overlay.state.tint = shown
            self.overlay.update()

    @property
    def _class_colour(self) -> str:
        return next((item.colour for item in self._classes if item.value == self._hand.value), "#FFFFFF")

    # -- camera -------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """The whole picture, centred."""
        if self._mask is not None:
            self.camera.fit()

    def voxel_at(self, position: QPointF) -> tuple[int, int] | None:
        """Row and column under a place of the widget, None outside the picture."""
        if self._mask is None:
            return None
        row, column = (round(place) for place in self.camera.place(position))
        inside = 0 <= row < self._mask.data.shape[1] and 0 <= column < self._mask.data.shape[2]
        return (row, column) if inside else None

    def position_of(self, row: float, column: float) -> QPointF:
        """The place of the widget where a voxel's centre is drawn."""
        return self.camera.position_of(row, column)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The sheet is as large as the canvas; a picture that was fitted stays fitted."""
        if event.type() == QEvent.Type.Resize:
            self.overlay.resize(self.native.size())
            if self.camera.fitted:
                QTimer.singleShot(0, self.fit)
        elif event.type() == QEvent.Type.CursorChange:
            self._show_ring()
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.overlay.whole_words(QPointF(event.pos())), self.native)
            return True
        return False

    # -- outlines and growing -----------------------------------------------------------------------------------

    def _slice_image(self) -> npt.NDArray[Any] | None:
        return None if self._image is None else np.asarray(self._image.data[self.slice])

    def _fill_outline(self, points: tuple[Point, ...]) -> None:
        """Paint what the outline encloses."""
        if self._mask is not None:
            self._mask.put(self.slice, filled_polygon(points, self._mask.data.shape[1:]))
            self._on_paint()

    def _grow(self, voxel: tuple[int, int]) -> None:
        """Paint what hangs together with a voxel and looks like it, in this slice or in all."""
        hand, at = self._hand, self.slice
        here = slice(None) if hand.deep else slice(at, at + 1)
        low, high = self._image.contrast_limits
        seed = (at if hand.deep else 0, *voxel)
        region = region_grown(
            self._image.data[here], seed, hand.spread * (high - low), hand.reach_mm, tuple(self._image.scale)
        )
        self._mask.put_box((0 if hand.deep else at, 0, 0), region)
        self._on_paint()
        if np.count_nonzero(region) <= _SPOT:
            self.grew_nothing.emit()

    def _part(self, box: Any, before: Any, painted: Any, value: int, middle: Any) -> Any:
        """What of a dab takes the paint (see :func:`painted_part`)."""
        window = self._image.contrast_limits
        return painted_part(self._hand, before, painted, value, np.asarray(self._image.data[box]), window, middle)

    # -- inside -------------------------------------------------------------------------------------------------

    def _put_layers(self, image: Any, labels: Any, scale: tuple[float, float, float], picture: Picture) -> None:
        """Give the layers new data. They are made once: a new layer costs 400 ms of shaders, new data 20 ms."""
        limits = _range_of(picture)
        if self._image is None:
            self._image = ImageLayer(image, scale=scale, colormap="gray", interpolation2d="linear", name="image")
            self._mask = MaskLayer(labels, self._part, scale=scale, name="mask")
            self._mask.events.paint.connect(self._on_paint)
            self._mask.events.labels_update.connect(self._outlines_soon)
            self.model.layers.extend([self._image, self._mask])
            self.model.layers.selection.active = self._mask
        else:
            self.show_second(None)
            # The further image too, though it is not in sight: napari steps by the finest of all layers.
            further = [(self._second, self._second.data)] if self._second is not None else []
            for layer, data in (*further, (self._image, image), (self._mask, labels)):
                layer.data = data
                if not np.array_equal(layer.scale, scale):  # it slices everything anew
                    layer.scale = scale
        for layer in (self._image, self._mask):
            if not layer.visible:  # napari draws all anew, whether it was or not
                layer.visible = True
        self._image.contrast_limits_range = limits
        self._image.contrast_limits = picture.window

    def _connect_gestures(self) -> None:
        gestures = self.gestures
        gestures.scrolled.connect(self.scrolled)
        gestures.windowed.connect(self.windowed)
        gestures.maximised.connect(self.maximised)
        gestures.painted_twice.connect(self.painted_twice)
        gestures.peeked.connect(self.peeked)
        gestures.turned.connect(self.turned)
        gestures.zoomed.connect(self.camera.zoom)
        gestures.panned.connect(self.camera.pan)
        gestures.grabbing.connect(self._grab)
        gestures.hovered.connect(self._move_ring)
        gestures.hovered.connect(lambda at: self.hovered.emit(self.voxel_at(at)))
        gestures.left.connect(lambda: self.hovered.emit(None))
        gestures.left.connect(self._put_ring_away)
        gestures.pressed.connect(self._press)
        gestures.settling.connect(self.viewer.finish_moves)
        self.outline.closed.connect(self._fill_outline)

    def _move_ring(self, at: QPointF) -> None:
        self._ring_at = at
        self._show_ring()

    def _put_ring_away(self) -> None:
        self._ring_at = None
        self._show_ring()

    def _hide_napari_ring(self, _event: object = None) -> None:
        if self._napari_ring.visible:
            self._napari_ring.visible = False

    def _show_ring(self, _event: object = None) -> None:
        """Where the mouse is, as long as napari hides the mouse itself: with a brush that fits into the picture."""
        hidden = self.native.cursor().shape() == Qt.CursorShape.BlankCursor
        ring = None if self._ring_at is None or not hidden else Ring(self._ring_at, float(self._napari_ring.size))
        self.overlay.show_ring(ring)

    def _press(self, position: QPointF) -> None:
        voxel = self.voxel_at(position)
        if voxel is None:
            return
        self.clicked.emit(voxel)
        if self._hand.barred:
            self.refused.emit(self._hand.value)
        elif self._hand.tool is Tool.GROW:
            self._grow(voxel)

    def _grab(self, held: bool) -> None:
        if self._mask is not None and held:
            self._mask.mode = _NO_MODE
        self.native.setCursor(Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.ArrowCursor)
        if self._mask is not None and not held:
            self._mask.mode = _MODES.get(self._hand.tool, _NO_MODE)  # last: with it comes the mouse of the tool

    def _colour(self) -> None:
        if self._mask is None:
            return
        colours: dict[int | None, Any] = {None: (0, 0, 0, 0), 0: (0, 0, 0, 0)}
        for item in self._classes:
            colours[item.value] = (0, 0, 0, 0) if item.value in self._look.hidden else item.colour
        if colours != self._colours:
            self._colours = colours
            self._mask.colormap = DirectLabelColormap(color_dict=colours)
        self._mask.opacity = self._fill

    @property
    def _fill(self) -> float:
        """How strongly labels are filled; not at all under what marks a difference."""
        return self._look.fill if self._versus is None else 0.0

    def _on_paint(self, _event: object = None) -> None:
        """A stroke is over: its outline in the frame of its last voxels."""
        self.painted.emit()
        self._outline_timer.stop()
        self.update_outlines()

    def _outlines_soon(self, _event: object = None) -> None:
        if not self._outline_timer.isActive():
            self._outline_timer.start()

    def update_outlines(self) -> None:
        """Outlines of the slice shown: labels solid, prediction dashed."""
        look, at = self._look, self.slice
        labels = None if self.plane is None else self._mask.data[at]  # the layer keeps the last case's mask
        prediction = None if self._prediction is None else self._prediction[at]
        other = None if self._other is None else self._other[at]
        self.overlay.state.outlines = drawn_outlines(labels, prediction, look, self._classes, other)
        self.overlay.state.patches = self._patches(at)
        unsure = self._uncertainty if look.uncertainty else None
        self.overlay.state.heat = None if unsure is None else Heat(np.ascontiguousarray(unsure[at]))
        self.overlay.update()

    def _patches(self, at: int) -> tuple[Patch, ...]:
        """What the prediction misses of the selected class on a slice, and has too much; or where two models differ."""
        value = self._hand.value
        if self._versus is not None:
            there = self._look.prediction and value
            colours = tuple(item.colour for item in self._classes)
            return self._versus.patches(at, value, colours) if there else ()
        if not self._look.difference or self._prediction is None or self._mask is None or not value:
            return ()
        compared = None if self._compared is None else self._compared[at]
        labels = np.asarray(self._mask.data[at])
        return missed_and_extra(labels, self._prediction[at], compared, value, self._classes)


def _range_of(picture: Picture) -> tuple[float, float]:
    """Where the window may go: the image's own range, and the window itself."""
    low, high = float(np.min(picture.image)), float(np.max(picture.image))
    low, high = min(low, picture.window[0]), max(high, picture.window[1])
    return (low, high) if high > low else (low, low + 1.0)
