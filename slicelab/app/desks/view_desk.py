"""How pictures are shown, whichever case is open: convention, 3D view. Remembered between starts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from slicelab.app import recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.app.actions import ActionSet
    from slicelab.app.canvas.solid_link import SolidLink
    from slicelab.app.tasks import Tasks
    from slicelab.app.workspace import Workspace

_SWITCHES = ("neurological", "crosshair", "solid", "volume")


class ViewDesk(QObject):
    """Carries the switches of the View menu to the pictures, once these are made."""

    def __init__(self, work: Workspace, actions: ActionSet, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._actions = actions
        self._tasks = tasks
        self.solid: SolidLink | None = None
        for name in _SWITCHES:
            actions[f"view.{name}"].setChecked(recent.view_choice(name))
        work.canvas_made.connect(self._apply)

    def commands(self) -> dict[str, Callable[[], object]]:
        """Actions that concern no case."""
        return {
            **{f"view.{name}": partial(self._switched, name) for name in _SWITCHES},
            "view.enlarge": self._enlarge,
        }

    def _on(self, name: str) -> bool:
        return self._actions[f"view.{name}"].isChecked()

    def _switched(self, name: str) -> None:
        recent.remember_view_choice(name, self._on(name))
        self._apply()

    def _apply(self) -> None:
        canvas = self._work.canvas
        if canvas is None:
            return
        canvas.set_convention(neurological=self._on("neurological"))
        canvas.set_crosshair(on=self._on("crosshair"))
        if self.solid is None and self._on("solid"):
            # Not before it is asked for: its imports would make the window start later.
            from slicelab.app.canvas.solid_link import SolidLink

            self.solid = SolidLink(canvas, self._tasks)
        if self.solid is not None:
            self.solid.set_convention(neurological=self._on("neurological"))
            self.solid.show_volume(on=self._on("volume"))
            self.solid.show(on=self._on("solid"))

    def _enlarge(self) -> None:
        if self._work.canvas is not None:
            self._work.canvas.views.enlarge_under()
