"""napari's Image layer without its thumbnail."""

from __future__ import annotations

from slicelab.app.canvas.napari_setup import Image


class ImageLayer(Image):
    """An image of a case, labelled or only looked at."""

    def _update_thumbnail(self) -> None:
        """Nobody sees napari's list of layers, for which each slice and each intensity window would be drawn again."""
