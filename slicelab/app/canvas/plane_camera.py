"""Which part of a plane is in sight, and how large: fitted, zoomed, moved; the sheet above the picture follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app.canvas.overlay import Camera

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF
    from PySide6.QtWidgets import QWidget

    from slicelab.app.canvas.lasso import Point
    from slicelab.app.canvas.napari_setup import ViewerModel
    from slicelab.app.canvas.overlay import PictureOverlay


class PlaneCamera:
    """Moves napari's camera over one plane.

    Args:
        model: napari's viewer.
        overlay: the sheet above the picture; its pixel size is the plane's.
        native: the widget that is drawn on.

    """

    def __init__(self, model: ViewerModel, overlay: PictureOverlay, native: QWidget) -> None:
        self._model = model
        self._overlay = overlay
        self._native = native
        self._fitted = True
        camera = model.scene.camera
        camera.events.center.connect(self._follow)
        camera.events.zoom.connect(self._follow)
        camera.mouse_pan = False
        camera.mouse_zoom = False

    @property
    def fitted(self) -> bool:
        """Whether the whole picture is shown, and should stay so."""
        return self._fitted

    def fit(self) -> None:
        """The whole picture, centred."""
        self._fitted = True  # before it moves: a camera that looks like this one takes it over
        self._model.fit_to_view(margin=0.02)
        self._follow()

    def go(self, row_mm: float, column_mm: float, zoom: float) -> None:
        """A place of the picture in the middle, so large."""
        self._fitted = False
        self._model.scene.camera.center = (0.0, row_mm, column_mm)
        self._model.scene.camera.zoom = zoom

    def look_like(self, other: PlaneCamera) -> None:
        """The same part of the picture as another camera, and as large; what is fitted there, is fitted here."""
        there, camera = other._model.scene.camera, self._model.scene.camera
        self._fitted = other._fitted
        camera.center, camera.zoom = there.center, there.zoom

    def zoom(self, factor: float, at: QPointF) -> None:
        """Zoom about the cursor."""
        camera = self._overlay.state.camera
        dx, dy = at.x() - self._native.width() / 2, at.y() - self._native.height() / 2
        keep = (1 - 1 / factor) / camera.zoom
        self.go(camera.row_mm + dy * keep, camera.column_mm + dx * keep, camera.zoom * factor)

    def pan(self, moved: QPointF) -> None:
        """Move the picture with the mouse."""
        camera = self._overlay.state.camera
        self._fitted = False
        self._model.scene.camera.center = (
            0.0,
            camera.row_mm - moved.y() / camera.zoom,
            camera.column_mm - moved.x() / camera.zoom,
        )

    def place(self, position: QPointF) -> Point:
        """Row and column under a place of the widget, between voxels and outside the picture too."""
        camera, (row_mm, column_mm) = self._overlay.state.camera, self._overlay.state.pixel_mm
        x = camera.column_mm + (position.x() - self._native.width() / 2) / camera.zoom
        y = camera.row_mm + (position.y() - self._native.height() / 2) / camera.zoom
        return y / row_mm, x / column_mm

    def position_of(self, row: float, column: float) -> QPointF:
        """The place of the widget where a voxel's centre is drawn."""
        row_mm, column_mm = self._overlay.state.pixel_mm
        return self._overlay.state.camera.to_pixel(
            row * row_mm, column * column_mm, self._native.width(), self._native.height()
        )

    def _follow(self, _event: object = None) -> None:
        camera = self._model.scene.camera
        self._overlay.state.camera = Camera(float(camera.center[-2]), float(camera.center[-1]), float(camera.zoom))
        self._overlay.update()
