"""One picture: a napari canvas showing one plane of a volume, with gestures and a sheet of words and lines above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slicelab.app.canvas.gestures import Gestures
from slicelab.app.canvas.napari_setup import CanvasViewer, DirectLabelColormap, Image, MaskLayer, ViewerModel
from slicelab.app.canvas.outlines import outlines
from slicelab.app.canvas.overlay import Camera, Outline, PictureOverlay
from slicelab.app.canvas.tools import MaskLook, Tool

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.app.canvas.planes import Picture, Plane
    from slicelab.core.labels import LabelClass

_MODES = {
    Tool.ERASE: "erase",
    Tool.PAINT: "paint",
    Tool.FILL: "fill",
    Tool.PICK: "pan_zoom",
    Tool.PAN: "pan_zoom",
}
_OUTLINE_DELAY_MS = 30
_OUT_OF_SIGHT = (-1000, -1000)


class PlaneCanvas(QWidget):
    """Shows one plane; announces strokes, steps, clicks. Holds no opinion about cases or saving."""

    painted = Signal()
    scrolled = Signal(int)
    clicked = Signal(tuple)
    hovered = Signal(object)
    windowed = Signal(QPointF)
    maximised = Signal()
    peeked = Signal(bool)

    def __init__(self, *, small: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = ViewerModel()
        self.viewer = CanvasViewer(self.model)
        self.native: QWidget = self.viewer.canvas.native
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.viewer)
        self.overlay = PictureOverlay(self.native, small=small)
        self.gestures = Gestures(self.native)
        self.plane: Plane | None = None
        self._image: Any = None
        self._mask: Any = None
        self._prediction: npt.NDArray[np.uint8] | None = None
        self._classes: tuple[LabelClass, ...] = ()
        self._colours: dict[int | None, Any] = {}
        self._look = MaskLook()
        self._tool = Tool.PAINT
        self._fitted = True
        self._outline_timer = QTimer(self, singleShot=True, interval=_OUTLINE_DELAY_MS)
        self._outline_timer.timeout.connect(self.update_outlines)
        self._connect_gestures()
        self.model.mouse_over_canvas = False
        # Until the mouse moves, napari would draw its brush ring in the corner of the picture.
        self.model.canvas.overlays["_brush_circle"].position = _OUT_OF_SIGHT
        self.native.installEventFilter(self)
        camera = self.model.scene.camera
        camera.events.center.connect(self._follow_camera)
        camera.events.zoom.connect(self._follow_camera)
        camera.mouse_pan = False
        camera.mouse_zoom = False

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_picture(self, picture: Picture, plane: Plane) -> None:
        """Show another volume, or another plane of it; layers are kept and given new data (no canvas is re-created)."""
        self.plane = plane
        image = plane.view(picture.image, picture.axis)
        labels = plane.view(picture.labels, picture.axis)
        scale = plane.spacing(picture.spacing)
        self._prediction = None
        self._put_layers(image, labels, scale, picture)
        self._colour()
        self.set_tool(self._tool)
        self.overlay.state.letters = plane.letters
        self.overlay.state.pixel_mm = (scale[1], scale[2])
        self.fit()

    def clear(self) -> None:
        """Show nothing."""
        if self._image is not None:
            self._image.visible = self._mask.visible = False
        self.plane = self._prediction = None
        self.overlay.state = type(self.overlay.state)()
        self.overlay.update()

    def set_slice(self, index: int) -> None:
        """Go to a slice of this plane."""
        if self._mask is None or index == self.slice:
            return
        self.model.dims.set_current_step(0, index)
        self.update_outlines()

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
            self._mask.opacity = look.fill
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

    # -- tools --------------------------------------------------------------------------------------------------

    def set_tool(self, tool: Tool) -> None:
        """What the left button does."""
        self._tool = tool
        self.gestures.painting = tool.paints
        if self._mask is not None:
            self._mask.mode = _MODES[tool]

    def set_class(self, value: int) -> None:
        """The class painted with."""
        if self._mask is not None:
            self._mask.selected_label = value

    def set_brush(self, voxels: int) -> None:
        """Diameter of brush and eraser, in voxels of the picture."""
        if self._mask is not None:
            self._mask.brush_size = voxels

    # -- camera -------------------------------------------------------------------------------------------------

    def fit(self) -> None:
        """The whole picture, centred."""
        if self._mask is None:
            return
        self.model.fit_to_view(margin=0.02)
        self._fitted = True
        self._follow_camera()

    def voxel_at(self, position: QPointF) -> tuple[int, int] | None:
        """Row and column under a place of the widget, None outside the picture."""
        if self._mask is None:
            return None
        camera, (row_mm, column_mm) = self.overlay.state.camera, self.overlay.state.pixel_mm
        x = camera.column_mm + (position.x() - self.native.width() / 2) / camera.zoom
        y = camera.row_mm + (position.y() - self.native.height() / 2) / camera.zoom
        row, column = round(y / row_mm), round(x / column_mm)
        inside = 0 <= row < self._mask.data.shape[1] and 0 <= column < self._mask.data.shape[2]
        return (row, column) if inside else None

    def position_of(self, row: float, column: float) -> QPointF:
        """The place of the widget where a voxel's centre is drawn."""
        row_mm, column_mm = self.overlay.state.pixel_mm
        return self.overlay.state.camera.to_pixel(
            row * row_mm, column * column_mm, self.native.width(), self.native.height()
        )

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The sheet is as large as the canvas; a picture that was fitted stays fitted."""
        if event.type() == QEvent.Type.Resize:
            self.overlay.resize(self.native.size())
            if self._fitted:
                QTimer.singleShot(0, self.fit)
        return False

    # -- inside -------------------------------------------------------------------------------------------------

    def _put_layers(self, image: Any, labels: Any, scale: tuple[float, float, float], picture: Picture) -> None:
        """Give the layers new data. They are made once: a new layer costs 400 ms of shaders, new data 20 ms."""
        limits = _range_of(picture)
        if self._image is None:
            self._image = Image(image, scale=scale, colormap="gray", interpolation2d="linear", name="image")
            self._mask = MaskLayer(labels, scale=scale, name="mask")
            self._mask.n_edit_dimensions = 2
            self._mask.events.paint.connect(self._on_paint)
            self._mask.events.labels_update.connect(self._outlines_soon)
            self.model.layers.extend([self._image, self._mask])
            self.model.layers.selection.active = self._mask
        else:
            for layer, data in ((self._image, image), (self._mask, labels)):
                layer.data = data
                layer.scale = scale
        self._image.visible = self._mask.visible = True
        self._image.contrast_limits_range = limits
        self._image.contrast_limits = picture.window

    def _connect_gestures(self) -> None:
        gestures = self.gestures
        gestures.scrolled.connect(self.scrolled)
        gestures.windowed.connect(self.windowed)
        gestures.maximised.connect(self.maximised)
        gestures.peeked.connect(self.peeked)
        gestures.zoomed.connect(self._zoom)
        gestures.panned.connect(self._pan)
        gestures.grabbing.connect(self._grab)
        gestures.hovered.connect(lambda at: self.hovered.emit(self.voxel_at(at)))
        gestures.left.connect(lambda: self.hovered.emit(None))
        gestures.pressed.connect(self._press)
        gestures.settling.connect(self.viewer.finish_moves)

    def _press(self, position: QPointF) -> None:
        voxel = self.voxel_at(position)
        if voxel is not None:
            self.clicked.emit(voxel)

    def _grab(self, held: bool) -> None:
        if self._mask is not None:
            self._mask.mode = "pan_zoom" if held else _MODES[self._tool]
        self.native.setCursor(Qt.CursorShape.OpenHandCursor if held else Qt.CursorShape.ArrowCursor)

    def _zoom(self, factor: float, at: QPointF) -> None:
        """Zoom about the cursor."""
        camera, model = self.overlay.state.camera, self.model.scene.camera
        dx, dy = at.x() - self.native.width() / 2, at.y() - self.native.height() / 2
        keep = (1 - 1 / factor) / camera.zoom
        self._fitted = False
        model.center = (0.0, camera.row_mm + dy * keep, camera.column_mm + dx * keep)
        model.zoom = camera.zoom * factor

    def _pan(self, moved: QPointF) -> None:
        camera = self.overlay.state.camera
        self._fitted = False
        self.model.scene.camera.center = (
            0.0,
            camera.row_mm - moved.y() / camera.zoom,
            camera.column_mm - moved.x() / camera.zoom,
        )

    def _follow_camera(self, _event: object = None) -> None:
        camera = self.model.scene.camera
        self.overlay.state.camera = Camera(float(camera.center[-2]), float(camera.center[-1]), float(camera.zoom))
        self.overlay.update()

    def _colour(self) -> None:
        if self._mask is None:
            return
        colours: dict[int | None, Any] = {None: (0, 0, 0, 0), 0: (0, 0, 0, 0)}
        for item in self._classes:
            colours[item.value] = (0, 0, 0, 0) if item.value in self._look.hidden else item.colour
        if colours != self._colours:
            self._colours = colours
            self._mask.colormap = DirectLabelColormap(color_dict=colours)
        self._mask.opacity = self._look.fill

    def _on_paint(self, _event: object) -> None:
        self.painted.emit()
        self._outlines_soon()

    def _outlines_soon(self, _event: object = None) -> None:
        if not self._outline_timer.isActive():
            self._outline_timer.start()

    def update_outlines(self) -> None:
        """Outlines of the slice shown: labels solid, prediction dashed."""
        drawn: list[Outline] = []
        look, at = self._look, self.slice
        shown = [item for item in self._classes if item.value not in look.hidden]
        if self._prediction is not None and look.prediction:
            mask = np.ascontiguousarray(self._prediction[at])
            drawn += [Outline(outlines(mask, item.value), item.colour, dashed=True) for item in shown]
        if self._mask is not None and look.shown and look.style != "fill":
            mask = np.ascontiguousarray(self._mask.data[at])
            drawn += [Outline(outlines(mask, item.value), item.colour) for item in shown]
        self.overlay.state.outlines = tuple(one for one in drawn if one.lines)
        self.overlay.update()


def _range_of(picture: Picture) -> tuple[float, float]:
    """Where the window may go: the image's own range, and the window itself."""
    low, high = float(np.min(picture.image)), float(np.max(picture.image))
    low, high = min(low, picture.window[0]), max(high, picture.window[1])
    return (low, high) if high > low else (low, low + 1.0)
