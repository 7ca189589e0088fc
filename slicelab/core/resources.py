"""Where the files that ship with slicelab lie: icons, fonts, style sheets."""

from __future__ import annotations

from pathlib import Path

from slicelab.core.errors import SlicelabError

_PACKAGE = Path(__file__).resolve().parents[1]
# A wheel carries them inside the package; a checkout (and an editable installation) has them beside it.
_PLACES = (_PACKAGE / "resources", _PACKAGE.parent / "resources")


def resource(name: str) -> Path:
    """The path of a built-in file or folder.

    Args:
        name: its path below ``resources/`` with forward slashes, e.g. ``"style/dark.qss"``.

    Raises:
        SlicelabError: if the installation lacks it.

    """
    for place in _PLACES:
        path = place / name
        if path.exists():
            return path
    raise SlicelabError(
        f"The file {name} that belongs to slicelab is missing.",
        "The installation is incomplete: install slicelab again.",
    )
