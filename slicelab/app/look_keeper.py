"""How masks are drawn: the person's look, cut to what the view bar lets through of labels and prediction."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from slicelab.app.canvas.tools import MaskLook, MaskStyle

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.workspace import Workspace

_STYLES = (MaskStyle.FILL, MaskStyle.CONTOUR, MaskStyle.BOTH)
_STEP = 10
"""Of opacity, by a key."""


class LookKeeper(QObject):
    """Connects eyes, view bar and keys to the look of the masks in the picture."""

    applied = Signal()
    drawn_changed = Signal()
    eyes_changed = Signal()
    """The person closed or opened a class's eye, or moved the opacity beside it."""

    def __init__(self, work: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._look = MaskLook()
        self._drawn = self._chosen = "both"
        self._predicted = False
        self._smooth = True
        work.classes.look_changed.connect(self._set)
        work.view_bar.drawn_chosen.connect(self._choose)

    @property
    def hidden(self) -> frozenset[int]:
        """Values of the classes whose eye is closed."""
        return self._look.hidden

    @property
    def drawn(self) -> str:
        """What the view bar lets through: labels, prediction, both, difference or uncertainty."""
        return self._drawn

    @property
    def smooth(self) -> bool:
        """Whether the picture is interpolated between voxels."""
        return self._smooth

    @property
    def effective(self) -> MaskLook:
        """The person's look, cut to what the view bar lets through."""
        look = self._look
        return replace(
            look,
            shown=look.shown and self._drawn != "prediction",
            prediction=look.prediction and self._drawn != "labels",
            difference=look.prediction and self._drawn == "difference",
            uncertainty=look.prediction and self._drawn == "uncertainty",
        )

    def begin(self, hidden: frozenset[int]) -> None:
        """Another project is open, with the eyes of these classes (values) closed."""
        self._look = replace(self._look, hidden=hidden)

    def change(self, **changes: Any) -> None:
        """Change fields of the person's look."""
        self._look = replace(self._look, **changes)
        self._work.classes.show_look(self._look)
        self.apply()

    def apply(self) -> None:
        """Draw masks as they are to look."""
        if self._work.canvas is not None:
            self._work.canvas.set_look(self.effective)
            self.applied.emit()

    def forget_choice(self) -> None:
        """Another case is shown, of which no prediction is there yet."""
        self._chosen = "both"
        self.allow_prediction(False)

    def allow_prediction(self, there: bool) -> None:
        """Draw a prediction that has come as was chosen in this case: who chose labels alone is not led by the next."""
        self._predicted = there
        self._drawn = self._chosen if there else "labels"
        self._work.view_bar.show_prediction(there, self._drawn)

    def toggle_smooth(self) -> None:
        """Interpolate between voxels, or show them as they are."""
        self._smooth = not self._smooth
        if self._work.canvas is not None:
            self._work.canvas.set_smooth(self._smooth)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions on the look."""
        return {
            "view.overlay": lambda: self.change(shown=not self._look.shown, prediction=not self._look.shown),
            "view.lighter": lambda: self.change(opacity=max(self._look.opacity - _STEP, 0)),
            "view.darker": lambda: self.change(opacity=min(self._look.opacity + _STEP, 100)),
            "view.style": self._next_style,
            "view.smooth": self.toggle_smooth,
        }

    def _set(self, look: MaskLook) -> None:
        self._look = replace(look, shown=self._look.shown, prediction=self._look.prediction)
        self.apply()
        self.eyes_changed.emit()

    def _next_style(self) -> None:
        self.change(style=_STYLES[(_STYLES.index(self._look.style) + 1) % len(_STYLES)])

    def _choose(self, key: str) -> None:
        self._drawn = key
        if self._predicted:
            self._chosen = key
        self.drawn_changed.emit()
        self.apply()
