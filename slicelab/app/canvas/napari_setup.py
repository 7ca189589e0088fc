"""Brings napari in: with settings of our own, without plug-ins, and without its undo and its keys."""

from __future__ import annotations

import os
import warnings
import weakref
from typing import Any

import numpy as np

from slicelab.app.collecting import keep_imported
from slicelab.app.folders import config_folder

# Without a settings file of ours, a person's own napari settings (asynchronous slicing, shortcuts) would change our
# canvases. napari reads the variable when it is imported.
os.environ["NAPARI_CONFIG"] = str(config_folder() / "canvas.yaml")

with warnings.catch_warnings():
    # napari and its dependencies deprecate things of their own while being imported; nothing we could change.
    warnings.simplefilter("ignore")
    import pint
    from napari.components import ViewerModel
    from napari.layers import Image, Labels
    from napari.layers.labels import labels as _labels_module
    from napari.layers.utils.layer_utils import _FeatureTable
    from napari.qt import QtViewer
    from napari.settings import get_settings
    from napari.utils.colormaps import CyclicLabelColormap, DirectLabelColormap
    from vispy.geometry import MeshData
    from vispy.scene import SceneCanvas, visuals
    from vispy.visuals import transforms

    # Four samples a pixel cost a software renderer most of its frame, and our sharp lines are drawn by Qt.
    get_settings().advanced.multisampling = False

    # napari reads a thousand units at its first layer, 0.1 s long; ours stay in its own, the pixel.
    _units: pint.UnitRegistry[float] = pint.UnitRegistry(None)
    _units.define("pixel = [printing_unit] = _ = dot = pel = picture_element")
    pint.set_application_registry(_units)


class _LateFeatures(_FeatureTable):
    """napari's table of what is known of each label, made when it is asked for.

    It is a pandas table, which takes 0.3 s to import before the first picture, and nothing is ever put in.
    """

    def __init__(self, values: Any = None, *, num_data: int | None = None, defaults: Any = None) -> None:
        self._given = (values, num_data, defaults)

    def __getattr__(self, name: str) -> Any:
        if name not in ("_values", "_defaults"):
            raise AttributeError(name)
        values, num_data, defaults = self._given
        super().__init__(values, num_data=num_data, defaults=defaults)
        return self.__dict__[name]


def _greys(count: int, seed: float = 0.5, background_value: int = 0) -> CyclicLabelColormap:
    """Colours for labels without one, of which there are none; napari's take 0.2 s, for a library of colour spaces."""
    levels = np.linspace(0.0, 1.0, count + 1, dtype=np.float32)
    colours = np.stack([levels, levels, levels, np.ones_like(levels)], axis=1)
    return CyclicLabelColormap(name="greys", colors=colours, seed=seed, background_value=background_value)


# Labels makes both whenever it is made itself, by these names, and asks nobody.
vars(_labels_module).update(_FeatureTable=_LateFeatures, label_colormap=_greys)
keep_imported()

__all__ = [
    "CanvasViewer",
    "DirectLabelColormap",
    "Image",
    "Labels",
    "MeshData",
    "SceneCanvas",
    "ViewerModel",
    "transforms",
    "visuals",
]


class CanvasViewer(QtViewer):
    """napari's canvas widget without its keys, drops and sliders: all of these are the window's."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, show_welcome_screen=False, tips=())
        self._model = model
        self.setAcceptDrops(False)
        self.dims.hide()
        self.dims.setMaximumHeight(0)
        # Sliders that nobody sees would follow each slice, and set it a second time.
        model.dims.events.current_step.disconnect((weakref.ref(self.dims), "_update_slider"))

        # After each frame napari looks where the canvas lies in every layer: 2 ms, and nothing new as long as it stays.
        self._seen: tuple[object, ...] = ()
        self._scene.events.draw.disconnect(self.canvas.on_draw)
        self._scene.events.draw.connect(self._on_draw, position="last")

        # No visual takes the mouse; looking which one lies below it is a frame of its own, before each stroke.
        self._scene.visual_at = lambda _position: None

    @property
    def _scene(self) -> Any:
        return self.canvas._scene_canvas  # noqa: SLF001  # there is no other way

    def _on_draw(self, event: Any) -> None:
        """A frame is drawn: follow the camera, if it is another."""
        camera = self._model.scene.camera
        seen = (camera.center, camera.zoom, camera.angles, self.canvas.size, len(self._model.layers))
        if seen != self._seen:
            self._seen = seen
            self.canvas.on_draw(event)

    def finish_moves(self) -> None:
        """Hand napari the last mouse move now.

        It throttles moves to one in 5 ms and takes the last one late: a button released before that would cut off
        the end of a stroke, and one pressed before that would start it where the mouse came from.
        """
        for callback in self._scene.events.mouse_move.callbacks:
            flush = getattr(callback, "flush", None)
            if flush is not None:
                flush(restart_timer=False)

    def _bind_shortcuts(self) -> None:
        """No key ever reaches napari; binding its hundred shortcuts would cost each canvas 30 ms."""

    def keyPressEvent(self, event: Any) -> None:
        """Not ours: on to the window."""
        event.ignore()

    def keyReleaseEvent(self, event: Any) -> None:
        """Not ours: on to the window."""
        event.ignore()
