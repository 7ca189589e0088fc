"""Black and white of the image one looks at: chosen by name, moved by hand, kept once the hand rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from slicelab.app.window_presets import OWN

if TYPE_CHECKING:
    from slicelab.app.seen import Seen
    from slicelab.app.workspace import Workspace

_REST_MS = 400


class WindowLevel(QObject):
    """Connects view bar, histogram and picture to the windows of the image that is seen."""

    changed = Signal()
    kept = Signal(str, float, float)
    preset_kept = Signal(str, str)
    sequence_kept = Signal(int, float, float)
    sequence_preset_kept = Signal(int, str)

    def __init__(self, work: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._case: str | None = None
        self._seen: Seen | None = None
        self._dragged = False
        self._keep_soon = QTimer(self, singleShot=True, interval=_REST_MS)
        self._keep_soon.timeout.connect(self.keep)
        work.view_bar.preset_chosen.connect(self._choose)
        work.window_panel.window_wanted.connect(self.set)
        self.changed.connect(lambda: work.window_panel.show_seen(self._seen))

    @property
    def seen(self) -> Seen | None:
        """The image one looks at."""
        return self._seen

    def begin(self, case_id: str, seen: Seen) -> None:
        """Another case is about to be shown; what was moved in the one before it is kept by now (:meth:`keep`)."""
        self._case, self._seen = case_id, seen

    def look_at(self, seen: Seen) -> None:
        """Another image of the case is seen from now on."""
        self.keep()
        self._seen = seen
        self.tell()

    def tell(self) -> None:
        """Say which image is seen, and by which window."""
        if self._seen is not None:
            self._work.view_bar.offer_presets(self._seen.windows)
            self._work.view_bar.show_preset(self._seen.preset)
        self.changed.emit()

    def drop(self) -> None:
        """No case is shown, and its project is gone already: nothing is kept."""
        self._dragged = False
        self._case = self._seen = None
        self.changed.emit()

    def set(self, low: float, high: float) -> None:
        """The person moves black and white: shown at once, kept for this image when the hand rests."""
        if self._work.canvas is None or self._seen is None:
            return
        self._seen.windows[OWN] = (low, high)
        self._seen.preset = OWN
        self._show()
        self._work.view_bar.offer_presets(self._seen.windows)
        self._work.view_bar.show_preset(OWN)
        self._dragged = True
        self._keep_soon.start()

    def keep(self) -> None:
        """Have the window kept that was moved last, if one was."""
        self._keep_soon.stop()
        seen = self._seen
        if self._case is not None and seen is not None and self._dragged:
            self._dragged = False
            if seen.sequence is None:
                self.kept.emit(self._case, *seen.windows[OWN])
                self.preset_kept.emit(self._case, OWN)
            else:
                self.sequence_kept.emit(seen.sequence, *seen.windows[OWN])
                self.sequence_preset_kept.emit(seen.sequence, OWN)

    def _choose(self, name: str) -> None:
        if self._seen is not None and name in self._seen.windows:
            self.keep()
            self._seen.preset = name
            self._show()
            if self._seen.sequence is not None:
                self.sequence_preset_kept.emit(self._seen.sequence, name)
            elif self._case is not None:
                self.preset_kept.emit(self._case, name)

    def _show(self) -> None:
        canvas = self._work.canvas
        if canvas is not None and self._seen is not None:
            show = canvas.set_window if self._seen.sequence is None else canvas.set_second_window
            show(*self._seen.windows[self._seen.preset], self._seen.preset)
            self.changed.emit()
