"""Pictures of every screen, made by driving the window: ``python tests/app/screens.py PROJECT OUT [--light]``.

The project should be the demo's (`slicelab demo --no-window`): it has labels, a model and predictions.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QApplication

    from slicelab.app.window import MainWindow

SIZE = (1600, 1000)


class Photographer:
    """Waits until a screen is as it should be, then keeps its picture."""

    def __init__(self, app: QApplication, window: MainWindow, out: Path) -> None:
        self._app = app
        self._window = window
        self._out = out
        out.mkdir(parents=True, exist_ok=True)

    def live(self, seconds: float) -> None:
        """Let the window live."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._app.processEvents()
            time.sleep(0.01)

    def until(self, condition: Callable[[], object], seconds: float = 120.0) -> None:
        """Let the window live until something is so."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            self.live(0.05)

    def keep(self, name: str) -> None:
        """Keep the picture of the window as it is now."""
        self.live(0.6)
        path = self._out / f"{name}.png"
        self._window.grab().save(str(path))
        print(path)  # noqa: T201  # the script's answer


def main() -> None:
    """Make the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("project", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--light", action="store_true")
    chosen = options.parse_args()
    os.environ["SLICELAB_CONFIG"] = tempfile.mkdtemp()
    from slicelab.app.application import application, make_window

    app = application()
    window = make_window(None, "light" if chosen.light else "dark")
    window.resize(*SIZE)
    window.show()
    photographer = Photographer(app, window, chosen.out)
    from slicelab.app import recent

    recent.remember_project(chosen.project)
    window.start.show_recent(recent.recent_projects())
    photographer.keep("start")
    window.open_project(chosen.project)
    photographer.until(lambda: window.screen_.case_id is not None)
    photographer.live(1.0)
    for tab in ("label", "data", "pretrain", "train"):
        window.work.show_tab(tab)
        photographer.keep(tab)
    if window.jobs is not None and window.jobs.in_use is not None:
        window.actions_["job.measure"].trigger()
        photographer.until(lambda: window.jobs is None or window.jobs.evaluations)
        photographer.keep("review")
    window.work.show_tab("train")
    window.actions_["job.train"].trigger()
    photographer.until(lambda: window.jobs is None or (window.jobs.status is not None and window.jobs.status.step > 40))
    photographer.keep("train-running")
    window.actions_["job.stop"].trigger()
    photographer.until(lambda: window.jobs is None or not window.jobs.running)
    photographer.keep("train-stopped")
    window.actions_["help.keys"].trigger()
    photographer.live(0.5)
    dialog = app.activeModalWidget()
    if dialog is not None:
        dialog.grab().save(str(chosen.out / "keys.png"))
        dialog.close()
    window.resize(1280, 800)
    window.work.show_tab("label")
    photographer.keep("small")
    window.close()


if __name__ == "__main__":
    main()
