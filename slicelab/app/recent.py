"""What the window remembers between starts: recent projects and their cases, its size and place, how one looks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from slicelab.app.folders import config_folder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_LIMIT = 6
_MOST_READERS = 200
"""Projects in which somebody chose whom to label as."""


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


def last_case(folder: Path) -> str | None:
    """Id of the case of a project that was open last; None where that is not known."""
    return _stored("cases").get(str(folder.resolve()))


def remember_case(folder: Path, case_id: str) -> None:
    """Keep which case of a project is open; projects that are no longer among the recent ones are forgotten."""
    place = str(folder.resolve())
    known = {str(path) for path in recent_projects()} | {place}
    kept = {there: case for there, case in _stored("cases").items() if there in known}
    settings().setValue("cases", json.dumps({**kept, place: case_id}))


def last_slice(folder: Path, case_id: str) -> int | None:
    """At which slice a project's case was left; None where that is not known, as of any other case."""
    case, _, at = _stored("slices").get(str(folder.resolve()), "").rpartition(" ")
    return int(at) if case == case_id and at.isdecimal() else None


def remember_slice(folder: Path, case_id: str, at: int) -> None:
    """Keep at which slice of a project's open case one is; of projects that are recent, as with their cases."""
    place = str(folder.resolve())
    known = {str(path) for path in recent_projects()} | {place}
    kept = {there: where for there, where in _stored("slices").items() if there in known}
    settings().setValue("slices", json.dumps({**kept, place: f"{case_id} {at}"}))


def _stored(what: str) -> dict[str, str]:
    """By project, what is remembered of each."""
    try:
        stored = json.loads(str(settings().value(what, "{}")))
    except ValueError:
        return {}
    return {str(there): str(case) for there, case in stored.items()} if isinstance(stored, dict) else {}


def last_reader(folder: Path) -> str | None:
    """Whom the person chose to label as in a project; None where they never did."""
    return _stored("readers").get(str(folder.resolve()))


def remember_reader(folder: Path, name: str) -> None:
    """Keep whom the person labels as in a project, be it long ago or on a drive that is away: it is not asked twice."""
    place = str(folder.resolve())
    kept = [entry for entry in _stored("readers").items() if entry[0] != place][1 - _MOST_READERS :]
    settings().setValue("readers", json.dumps(dict([*kept, (place, name)])))


def remember_window(window: QWidget) -> None:
    """Keep the window's size and place."""
    settings().setValue("geometry", window.saveGeometry())


def restore_window(window: QWidget) -> bool:
    """Give the window the size and place it had; whether there was one."""
    stored = settings().value("geometry")
    return bool(stored) and window.restoreGeometry(stored)


def classes_height() -> int | None:
    """How high a person has made the panel of classes, design pixels; None where it is as high as its classes need."""
    stored = str(settings().value("left/classes", ""))
    return int(stored) if stored.isdecimal() else None


def remember_classes_height(height: int | None) -> None:
    """Keep how high the panel of classes was made, design pixels; None: as high as its classes need."""
    settings().setValue("left/classes", "" if height is None else height)


def view_choice(name: str) -> bool:
    """Whether something about pictures was switched on when last asked; what is no word for yes is no."""
    return str(settings().value(f"view/{name}", "")).lower() == "true"


def remember_view_choice(name: str, on: bool) -> None:
    """Keep what was switched on or off."""
    settings().setValue(f"view/{name}", on)
