"""Where the window keeps the person's settings, and where the person keeps documents."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QStandardPaths


def config_folder() -> Path:
    """The person's settings; `SLICELAB_CONFIG` names another folder (tests, kiosks)."""
    chosen = os.environ.get("SLICELAB_CONFIG")
    base = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    folder = Path(chosen) if chosen else Path(base) / "slicelab"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def documents_folder() -> Path:
    """The person's documents; their home where there is no such folder."""
    found = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(found) if found and Path(found).is_dir() else Path.home()
