"""Starts the window, or draws it once into a file."""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication

from slicelab.app import collecting, language, preferences, recent, theme

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.app.window import MainWindow

_log = logging.getLogger(__name__)
_SIZE = (1600, 1000)
_PICTURE_LIMIT_MS = 60_000
_SETTLE_MS = 1500


def application() -> QApplication:
    """The Qt application, made once."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    # napari asks for this too; set before the first window, style sheets then reach every child.
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    # A software renderer would otherwise take every core, also those a training job needs. No effect on real GPUs.
    os.environ.setdefault("LP_NUM_THREADS", "2")
    app = QApplication(["slicelab"])
    app.setApplicationName("slicelab")
    app.setDesktopFileName("slicelab")
    return app


_FRAME = (12, 40)
"""What a window manager adds around a window, at most; nothing of it may lie below the edge of the screen."""


def make_window(project: Path | None, theme_name: theme.ThemeName | None = None) -> MainWindow:
    """A window as the person set it; the project is opened once it has been drawn."""
    collecting.pause()
    from slicelab.app.window import MainWindow

    app = application()
    chosen = preferences.load()
    language.install(app, chosen.language)
    window = MainWindow(theme.install(app, theme_name or chosen.theme, chosen.scale), chosen)
    collecting.go_on_once_shown(window)
    if not recent.restore_window(window):
        screen = window.screen().availableGeometry()
        window.resize(min(_SIZE[0], screen.width() - _FRAME[0]), min(_SIZE[1], screen.height() - _FRAME[1]))
    if project is not None:
        QTimer.singleShot(0, lambda: window.open_project(project))
    return window


def run(project: Path | None, screenshot: Path | None) -> int:
    """The window until it is closed, or one picture of it."""
    app = application()
    window = make_window(project)
    if screenshot is not None:
        return _picture(app, window, project, screenshot)
    window.show_tour_once()
    signal.signal(signal.SIGINT, lambda *_: window.close_unasked())
    window.show()
    code = app.exec()
    return code


def _picture(app: QApplication, window: MainWindow, project: Path | None, out: Path) -> int:
    """Draw the window into a file once its case (or the start page) is there."""
    window.resize(*_SIZE)
    window.show()
    failed = [1]

    def draw() -> None:
        picture = window.grab()
        failed[0] = 0 if picture.save(str(out)) else 1
        window.close_unasked()
        app.exit(failed[0])

    if project is None:
        QTimer.singleShot(_SETTLE_MS, draw)
    else:
        window.case_shown.connect(lambda _case: QTimer.singleShot(_SETTLE_MS, draw))

    def give_up() -> None:
        window.close_unasked()
        app.exit(1)

    QTimer.singleShot(_PICTURE_LIMIT_MS, give_up)
    app.exec()
    if failed[0]:
        _log.error("the window's picture could not be made")
        sys.stderr.write("The picture of the window could not be made.\n")
    return failed[0]
