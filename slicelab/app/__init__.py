"""The window: PySide6 around napari's canvas. Nothing heavy is imported here; see :func:`slicelab.app.main`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def main(project: Path | None = None, screenshot: Path | None = None) -> int:
    """Open the window, on a project if one is given.

    Args:
        project: a project's folder.
        screenshot: render the window on the project to this PNG, then end.

    Returns:
        The exit code.

    """
    from slicelab.app.application import run

    return run(project, screenshot)


__all__ = ["main"]
