"""Keeps the 3D view in step with the planes: what is shown, worked out in a thread, and only while it is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QTimer

from slicelab.app.canvas.solid_view import SolidView, mesh_of
from slicelab.app.canvas.surfaces import Coarse, coarse, surfaces
from slicelab.app.language import tr

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.app.canvas.linked import LinkedCanvases
    from slicelab.app.canvas.napari_setup import MeshData
    from slicelab.app.tasks import Tasks

_REST_MS = 350
"""Strokes follow each other: surfaces are made once the hand rests."""
_WHOSE = {"labels": "Labelled slices", "prediction": "The model's masks"}


class SolidLink(QObject):
    """Owns the 3D view. Without a mask of the person's in sight, the model's are shown."""

    def __init__(self, planes: LinkedCanvases, tasks: Tasks) -> None:
        super().__init__(planes)
        self.view: SolidView | None = None
        self._planes = planes
        self._tasks = tasks
        self._on = self._volume_on = self._neurological = False
        self._revision = 0  # of the masks
        self._wanted: tuple[object, ...] = ()
        self._image_of: object = None
        self._soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._soon.timeout.connect(self._update)
        planes.completed.connect(self._make)
        planes.case_changed.connect(self._on_case)
        planes.masks_changed.connect(self._on_masks)
        planes.look_changed.connect(self._on_look)
        planes.moved.connect(self._on_move)
        planes.fitted.connect(self._on_fit)

    def show(self, *, on: bool) -> None:
        """Show the view, or take it away; it is made when it is first asked for."""
        self._on = on
        if self.view is not None:
            self._planes.views.show_tile(self.view, on=on)
        elif self._planes.complete:
            self._make()

    def show_volume(self, *, on: bool) -> None:
        """The image behind the surfaces, or not."""
        self._volume_on = on
        self._update_volume()

    def set_convention(self, *, neurological: bool) -> None:
        """From behind (neurological) or from the front."""
        self._neurological = neurological
        if self.view is not None:
            self.view.face(neurological=neurological)

    # -- inside -------------------------------------------------------------------------------------------------

    def _make(self) -> None:
        if self.view is not None or not self._on:
            return
        view = self.view = SolidView()
        view.maximised.connect(lambda: self._planes.views.enlarge(view))
        view.entered.connect(lambda: self._planes.views.enter(view))
        view.shown.connect(self._soon.start)
        view.face(neurological=self._neurological)
        self._on_case()
        self._planes.views.show_tile(view, on=True)

    def _on_case(self) -> None:
        """Another case, or none."""
        self._revision += 1
        self._wanted, self._image_of = (), None
        for lane in ("solid", "solid image"):
            self._tasks.forget(lane)
        picture = self._planes.picture
        if self.view is not None:
            size = (1.0, 1.0, 1.0)
            if picture is not None:
                x, y, z = (n * mm for n, mm in zip(picture.shape, picture.spacing, strict=True))
                size = (x, y, z)
            self.view.show_case(size)
            self._on_move()
        self._soon.start()

    def _on_masks(self) -> None:
        self._revision += 1
        self._soon.start()

    def _on_look(self) -> None:
        self._update()
        if self.view is not None and self._planes.window_ is not None:
            self.view.set_window(*self._planes.window_)

    def _on_move(self) -> None:
        picture = self._planes.picture
        if self.view is not None and picture is not None:
            middle = (np.array(picture.shape) - 1) / 2
            self.view.set_place((np.array(self._planes.place) - middle) * np.array(picture.spacing))

    def _on_fit(self) -> None:
        if self.view is not None:
            self.view.face()
            self.view.fit()

    def _update(self) -> None:
        """Ask for what should be seen, if that is not what is seen or on its way already."""
        picture, view = self._planes.picture, self.view
        if picture is None or view is None or not view.isVisible():
            return
        self._update_volume()
        source, stack = self._source()
        look = self._planes.shown_look
        colours = {item.value: item.colour for item in self._planes.classes if item.value not in look.hidden}
        wanted = (self._revision, source, tuple(colours.items()))
        if wanted == self._wanted:
            return
        self._wanted = wanted
        if stack is None:
            self._tasks.forget("solid")
            view.show_mesh(None, "", "No masks yet" if look.shown or look.prediction else "")
            return
        masks, axis, spacing = stack.copy(), picture.axis, picture.spacing  # painted on while the thread looks at it

        def call() -> MeshData | None:
            return mesh_of(surfaces(masks, axis, spacing, colours), colours)

        self._tasks.run("solids", call, lambda mesh: view.show_mesh(mesh, tr(_WHOSE[source])), lane="solid")

    def _source(self) -> tuple[str, npt.NDArray[np.uint8] | None]:
        """Whose masks are shown: the person's, or the model's where the person's are none or not drawn."""
        picture, look, prediction = self._planes.picture, self._planes.shown_look, self._planes.prediction
        if picture is not None and look.shown and picture.labels.any():
            return "labels", picture.labels
        if look.prediction and prediction is not None:
            return "prediction", prediction
        return "", None

    def _update_volume(self) -> None:
        picture, view = self._planes.picture, self.view
        wanted = picture if self._volume_on else None
        if view is None or wanted is self._image_of or not view.isVisible():
            return
        self._image_of = wanted
        window = self._planes.window_ or (0.0, 1.0)
        if wanted is None:
            self._tasks.forget("solid image")
            view.show_volume(None, window)
            return

        def call() -> Coarse:
            return coarse(wanted.image, wanted.axis, wanted.spacing)

        def done(made: Coarse) -> None:
            view.show_volume(made, self._planes.window_ or window)

        self._tasks.run("solids", call, done, lane="solid image")
