"""Brings napari in: with settings of our own, without plug-ins, and without its undo and its keys."""

from __future__ import annotations

import os
import warnings
from typing import Any

from slicelab.app.folders import config_folder

# Without a settings file of ours, a person's own napari settings (asynchronous slicing, shortcuts) would change our
# canvases. napari reads the variable when it is imported.
os.environ["NAPARI_CONFIG"] = str(config_folder() / "canvas.yaml")

with warnings.catch_warnings():
    # napari and its dependencies deprecate things of their own while being imported; nothing we could change.
    warnings.simplefilter("ignore")
    from napari.components import ViewerModel
    from napari.layers import Image, Labels
    from napari.qt import QtViewer
    from napari.settings import get_settings
    from napari.utils.colormaps import DirectLabelColormap
    from vispy.geometry import MeshData
    from vispy.scene import SceneCanvas, visuals
    from vispy.visuals import transforms

    # Four samples a pixel cost a software renderer most of its frame, and our sharp lines are drawn by Qt.
    get_settings().advanced.multisampling = False
    # No key ever reaches napari (see CanvasViewer); binding its hundred shortcuts would cost each canvas 50 ms.
    get_settings().shortcuts.shortcuts = {}

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
        self.setAcceptDrops(False)
        self.dims.hide()
        self.dims.setMaximumHeight(0)

    def finish_moves(self) -> None:
        """Hand napari the last mouse move now.

        It throttles moves to one in 5 ms and takes the last one late: a button released before that would cut off
        the end of a stroke, and one pressed before that would start it where the mouse came from.
        """
        for callback in self.canvas._scene_canvas.events.mouse_move.callbacks:  # noqa: SLF001  # there is no other way
            flush = getattr(callback, "flush", None)
            if flush is not None:
                flush(restart_timer=False)

    def keyPressEvent(self, event: Any) -> None:
        """Not ours: on to the window."""
        event.ignore()

    def keyReleaseEvent(self, event: Any) -> None:
        """Not ours: on to the window."""
        event.ignore()
