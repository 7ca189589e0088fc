"""The 3D view: masks as surfaces, the image as a volume behind them; turned with the mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slicelab.app.canvas.napari_setup import MeshData, SceneCanvas, transforms, visuals
from slicelab.app.canvas.overlay import Camera, PictureOverlay

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from PySide6.QtGui import QEnterEvent, QShowEvent

    from slicelab.app.canvas.surfaces import Coarse, Surface

_BACKGROUND = "#0B0D10"
_LETTERS = (("L", "R"), ("P", "A"), ("I", "S"))
_VOLUME_WINDOW = 1.8
_LEAST_COSINE = 0.7
_MARGIN = 0.9  # of the diagonal of the masks' box: nothing fills it to the corners
_AROUND = 1.1  # of the volume's longest edge
_SPECK = (np.eye(3, dtype=np.float32), np.array([[0, 1, 2]], dtype=np.uint32))
"""vispy cannot light a mesh without a triangle; it is not shown."""


def mesh_of(found: tuple[Surface, ...], colours: Mapping[int, str]) -> MeshData | None:
    """Every surface in its class's colour as one mesh, with its normals: to be made off the window's thread."""
    if not found:
        return None
    starts = np.cumsum([0, *(len(one.points) for one in found[:-1])])
    faces = np.concatenate([one.faces + np.uint32(start) for one, start in zip(found, starts, strict=True)])
    colour = np.concatenate([np.tile(_rgba(colours[one.value]), (len(one.points), 1)) for one in found])
    mesh = MeshData(np.concatenate([one.points for one in found]), faces, vertex_colors=colour)
    mesh.get_vertex_normals(indexed="faces")  # kept in the mesh
    return mesh


class SolidView(QWidget):
    """Shows what it is given. Left drag turns, wheel zooms, Shift and left drag moves, double click enlarges."""

    maximised = Signal()
    entered = Signal()
    shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = SceneCanvas(keys=None, bgcolor=_BACKGROUND, show=False)
        self.native: QWidget = self._scene.native
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.native)
        self.overlay = PictureOverlay(self.native, small=True)
        self._view = self._scene.central_widget.add_view(camera="turntable")
        self.camera = self._view.camera
        self.camera.fov = 0.0  # no perspective: one scale bar holds everywhere
        self.camera.elevation = 0.0
        self._mesh = visuals.Mesh(meshdata=MeshData(*_SPECK), parent=self._view.scene, shading="smooth")
        self._mesh.shading_filter.ambient_light = (1, 1, 1, 0.35)
        self._mesh.shading_filter.specular_light = (1, 1, 1, 0.12)
        self._mesh.visible = False
        self._volume: visuals.Volume | None = None
        self._marks = visuals.Line(parent=self._view.scene, connect="segments", color=(1, 1, 1, 0.5))
        self._marks.visible = False
        self._placed = False
        self._size = np.ones(3)
        self._bounds: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None = None
        self._fitted = False
        self._neurological = False
        self.native.installEventFilter(self)
        self.native.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._view.scene.transform.changed.connect(self._follow_camera)
        self.face()

    # -- what is shown ------------------------------------------------------------------------------------------

    def show_case(self, size_mm: tuple[float, float, float]) -> None:
        """Another case: nothing of the one before stays; the view is fitted to what comes."""
        self._size = np.asarray(size_mm)
        self._mesh.visible = self._placed = False
        self._show_marks()
        self._bounds = None
        self.show_volume(None, (0.0, 1.0))
        self._fitted = False
        self.face()

    def show_mesh(self, mesh: MeshData | None, whose: str, empty: str = "") -> None:
        """The surfaces, see :func:`mesh_of`, and words on whose they are; without any, words to say so."""
        self._mesh.visible = mesh is not None
        self._bounds = None
        if mesh is not None:
            self._mesh.set_data(meshdata=mesh)
            points = mesh.get_vertices()
            self._bounds = (points.min(axis=0), points.max(axis=0))
        self._show_marks()
        state = self.overlay.state
        state.title, state.subtitle = "3D", whose
        state.middle = "" if mesh is not None or self._shows_volume else empty
        if not self._fitted:
            self.fit()
        self.overlay.update()
        self._scene.update()

    def show_volume(self, image: Coarse | None, window: tuple[float, float]) -> None:
        """The image as its brightest voxels along each line of sight (maximum intensity), behind the surfaces."""
        if image is None:
            if self._volume is not None:
                self._volume.visible = False
        else:
            data = np.ascontiguousarray(image.voxels.T)
            if self._volume is None:
                self._volume = visuals.Volume(data, parent=self._view.scene, clim=window, method="mip", cmap="grays")
                self._volume.order = -1
                self._volume.set_gl_state("translucent", depth_test=False)
            else:
                self._volume.set_data(data)
            spacing = np.asarray(image.spacing)
            middle = (np.array(image.voxels.shape) - 1) / 2
            self._volume.transform = transforms.STTransform(scale=spacing, translate=-middle * spacing)
            self._volume.visible = True
            self.overlay.state.middle = ""
            self.set_window(*window)
        self._show_marks()
        self._scene.update()

    def set_window(self, low: float, high: float) -> None:
        """Intensities of the volume shown as black and white."""
        if self._volume is not None:
            # A line of sight meets many voxels, and the brightest counts: with the planes' window all would be white.
            self._volume.clim = (low, low + _VOLUME_WINDOW * (high - low))

    def set_place(self, place_mm: npt.NDArray[np.float64]) -> None:
        """The crosshair's place, mm along the canonical axes from the volume's middle."""
        ends = np.repeat(place_mm[None], 6, axis=0)
        for axis in range(3):
            ends[2 * axis, axis], ends[2 * axis + 1, axis] = -self._size[axis] / 2, self._size[axis] / 2
        self._marks.set_data(ends.astype(np.float32))
        self._placed = True
        self._show_marks()
        self._scene.update()

    def _show_marks(self) -> None:
        """The crosshair, where there is something that it could point at."""
        self._marks.visible = self._placed and (self._mesh.visible or self._shows_volume)

    def face(self, *, neurological: bool | None = None) -> None:
        """Look at the patient from the front (radiological) or from behind (neurological)."""
        self._neurological = self._neurological if neurological is None else neurological
        self.camera.azimuth = 0.0 if self._neurological else 180.0
        self.camera.elevation = 0.0
        self._follow_camera()

    def fit(self) -> None:
        """All there is, in the middle."""
        if self._bounds is not None and not self._shows_volume:
            low, high = self._bounds
            across = float(np.linalg.norm(high - low)) * _MARGIN
            # From the front nothing lies under the two lines of words.
            wide, tall = self.native.width(), self.native.height()
            room = max(tall - 2 * self._caption_px, 0.4 * tall)
            across = max(across, float(high[2] - low[2]) * min(wide, tall) / room)
            self._fitted = True
        else:
            low, high = (-self._size / 2).astype(np.float32), (self._size / 2).astype(np.float32)
            across = float(self._size.max()) * _AROUND
        self.camera.center = tuple((low + high) / 2)
        self.camera.scale_factor = across
        self._follow_camera()

    # -- inside -------------------------------------------------------------------------------------------------

    @property
    def _caption_px(self) -> float:
        return 12 + 2 * (self.overlay.fontMetrics().height() + 2)

    @property
    def _shows_volume(self) -> bool:
        return self._volume is not None and bool(self._volume.visible)

    def _follow_camera(self, _event: object = None) -> None:
        """Light comes from the eye; letters, scale bar and words follow."""
        toward, up = _looking(self.camera.azimuth, self.camera.elevation)
        # vispy wants the way the light goes, in the scene
        self._mesh.shading_filter.light_dir = tuple(toward + 0.35 * np.cross(toward, up) - 0.35 * up)
        side = np.cross(toward, up)
        state = self.overlay.state
        state.letters = {
            "left": _letter(-side), "right": _letter(side), "top": _letter(up), "bottom": _letter(-up),
        }  # fmt: skip
        least = min(self.native.width(), self.native.height())
        state.camera = Camera(zoom=least / (self.camera.scale_factor or 1.0))
        self.overlay.update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """The sheet is as large as the canvas; a double click enlarges."""
        if event.type() == QEvent.Type.Resize:
            self.overlay.resize(self.native.size())
            self._follow_camera()
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.maximised.emit()
            return True
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse came in."""
        super().enterEvent(event)
        self.entered.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """It came into sight: what was put off is due."""
        super().showEvent(event)
        self.shown.emit()


def _looking(azimuth: float, elevation: float) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Unit vectors of a turntable (degrees): the way one looks, and up on the screen."""
    a, e = np.radians(azimuth), np.radians(elevation)
    toward = np.array([-np.sin(a) * np.cos(e), np.cos(a) * np.cos(e), -np.sin(e)])
    up = np.array([-np.sin(a) * np.sin(e), np.cos(a) * np.sin(e), np.cos(e)])
    return toward, up


def _letter(direction: npt.NDArray[np.float64]) -> str:
    """The side of the patient a direction points to; nothing where it is between two."""
    axis = int(np.argmax(np.abs(direction)))
    if abs(direction[axis]) < _LEAST_COSINE:
        return ""
    return _LETTERS[axis][int(direction[axis] > 0)]


def _rgba(colour: str) -> tuple[float, float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, 1.0
