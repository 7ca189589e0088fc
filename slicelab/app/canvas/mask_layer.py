"""napari's Labels layer with a brush in millimetres, and without a history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.app.canvas.napari_setup import Labels
from slicelab.core.drawing.intensity import within

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    Box = tuple[slice, ...]
    Part = Callable[[Box, npt.NDArray[np.uint8], npt.NDArray[np.bool_], int, tuple[int, ...] | None], Any]


class MaskLayer(Labels):
    """Undo belongs to the session, and 100 strokes a layer would stay in memory: there is no history.

    Everything painted goes through ``part``: it is given the box, the class values there, what was painted, the value
    and the middle of the brush, and says which voxels take it. `paint` is emitted after each stroke as always.
    """

    _history_limit = 0

    def __init__(self, data: Any, part: Part, **options: Any) -> None:
        self.brush_mm = 1.0
        self._part = part
        self._middle: tuple[int, ...] | None = None
        super().__init__(data, **options)
        # Shaders of 0.1 s a canvas for gestures of napari's that no mouse button reaches.
        for overlay in ("polygon", "brush_stroke"):
            self._overlays[overlay].visible = False

    def set_brush_mm(self, mm: float) -> None:
        """Diameter of brush and eraser, mm; a voxel belongs to the brush if its centre does."""
        self.brush_mm = mm
        # napari's own number is left with one meaning: how far apart the dabs of a quick stroke may lie, in voxels.
        self._brush_size = max(mm / float(np.max(np.abs(self.scale))), 1.0)
        self.cursor_size = self._calculate_cursor_size()
        self.events.brush_size()

    def put(self, at: int, mask: npt.NDArray[np.bool_]) -> None:
        """Paint a set of voxels ``(row, column)`` of one slice with the selected class."""
        self.put_box((at, 0, 0), mask[None])

    def put_box(self, corner: tuple[int, int, int], mask: npt.NDArray[np.bool_]) -> None:
        """Paint a set of voxels ``(slice, row, column)`` with the selected class; the box begins at ``corner``."""
        if not mask.any():
            return
        spans = [np.flatnonzero(mask.any(axis=tuple(d for d in range(3) if d != axis))) for axis in range(3)]
        box = tuple(slice(int(span[0]), int(span[-1]) + 1) for span in spans)
        place = tuple(slice(part.start + c, part.stop + c) for part, c in zip(box, corner, strict=True))
        self._middle = None
        self._paint_region_with_mask(place, mask[box], self.selected_label, [0, 1, 2])

    def paint(self, coord: Sequence[float], new_label: int, refresh: bool = True) -> None:
        """One dab."""
        self._middle = tuple(int(np.round(c)) for c in coord)
        try:
            super().paint(coord, new_label, refresh)
        finally:
            self._middle = None

    @property
    def features(self) -> Any:
        """None: napari asks at every selection, and would import pandas for the answer."""
        raise AttributeError("features")

    def _make_label_index(self) -> dict[int, int]:
        """Nothing is known of a label but its value."""
        return {}

    def _update_thumbnail(self) -> None:
        """Nobody sees napari's list of layers."""

    def _calculate_cursor_size(self) -> float:
        return self.brush_mm

    def _get_brush_mask_and_bbox(self, coord: Any, dims_to_paint: list[int], shape: list[int]) -> Any:
        """The brush's voxels in the smallest box, and the box's first and last-but-one indices."""
        sizes = np.abs(np.array([self.scale[d] for d in dims_to_paint], dtype=float))
        middle = np.round([coord[d] for d in dims_to_paint]).astype(int)
        reach = (self.brush_mm / 2 / sizes + 1e-9).astype(int)
        low, high = np.maximum(middle - reach, 0), np.minimum(middle + reach + 1, shape)
        if np.any(low >= high):
            return None
        mask = within(tuple(high - low), tuple(middle - low), self.brush_mm / 2, tuple(sizes))
        return (mask, low, high) if mask.any() else None

    def _apply_mask_to_data(self, data: Any, mask: Any, new_label: int, volume_slice: Any) -> Any:
        middle = self._middle
        if middle is not None:
            middle = tuple(m - part.start for m, part in zip(middle, volume_slice, strict=True))
            if any(not 0 <= m < n for m, n in zip(middle, mask.shape, strict=True)):
                middle = None
        part = self._part(volume_slice, data, mask, new_label, middle)
        return super()._apply_mask_to_data(data, part, new_label, volume_slice)
