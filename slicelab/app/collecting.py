"""When Python looks for garbage: not while the window starts, and never again among what was imported for it.

Looking again and again through all that napari brings took a tenth of the start, and would go on in the middle of a
stroke.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer

if TYPE_CHECKING:
    from slicelab.app.window import MainWindow

_LONGEST_MS = 10_000


def pause() -> None:
    """Collect nothing for now."""
    gc.disable()


def go_on_once_shown(window: MainWindow) -> None:
    """Collect again once a case is on the screen, or after a while, where none was asked for."""
    window.case_shown.connect(gc.enable, Qt.ConnectionType.SingleShotConnection)
    QTimer.singleShot(_LONGEST_MS, gc.enable)


def keep_imported() -> None:
    """Modules and classes stay for good: what there is now is left out of every search to come."""
    gc.freeze()
