"""What the window remembers between starts: recent projects, its size and place, how pictures are shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from slicelab.app.folders import config_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LIMIT = 6


def settings() -> QSettings:
    """The file of what the window remembers."""
    return QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)


def recent_projects() -> tuple[Path, ...]:
    """Projects opened before that are still there, latest first."""
    stored = settings().value("recent", [])
    listed = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    return tuple(path for path in map(Path, listed) if (path / "project.db").is_file())


def remember_project(folder: Path) -> None:
    """Put a project first."""
    folder = folder.resolve()
    others = [path for path in recent_projects() if path != folder]
    settings().setValue("recent", [str(path) for path in (folder, *others)][:_LIMIT])


def remember_window(window: QWidget) -> None:
    """Keep the window's size and place."""
    settings().setValue("geometry", window.saveGeometry())


def restore_window(window: QWidget) -> bool:
    """Give the window the size and place it had; whether there was one."""
    stored = settings().value("geometry")
    return bool(stored) and window.restoreGeometry(stored)


def view_choice(name: str) -> bool:
    """Whether something about pictures was switched on when last asked; what is no word for yes is no."""
    return str(settings().value(f"view/{name}", "")).lower() == "true"


def remember_view_choice(name: str, on: bool) -> None:
    """Keep what was switched on or off."""
    settings().setValue(f"view/{name}", on)
