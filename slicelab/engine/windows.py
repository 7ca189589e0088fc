"""The windows (intensities shown black and white) of an image: what its file said, what a person set, which is chosen.

A record has one window: the file's, until a person sets another. Then the file's is set aside, once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import Window

_CHOSEN = "window preset {}"
_OF_FILE = "window of the file {}"
_NONE = "none"


@dataclass(frozen=True)
class ImageWindows:
    """What is known of the windows of an image, each ``(low, high)`` in its intensities.

    Attributes:
        file: what its file says; None where it says nothing.
        own: what a person set last; None where nobody did.
        preset: by what name the person chose the window last; None where they never did.

    """

    file: Window | None = None
    own: Window | None = None
    preset: str | None = None


def case_key(case_id: str) -> str:
    """What the windows of a case's labelled image are kept under."""
    return case_id


def sequence_key(image_id: int) -> str:
    """What the windows of a further image are kept under."""
    return f"of sequence {image_id}"


def windows_of(store: ProjectStore, key: str, now: Window | None) -> ImageWindows:
    """The windows of an image whose record has ``now``."""
    aside, preset = store.setting(_OF_FILE.format(key)), store.setting(_CHOSEN.format(key))
    if aside is not None:
        of_file = _read(aside)
        return ImageWindows(of_file, None if now == of_file else now, preset)  # a preset alone sets no other
    if preset is None:
        return ImageWindows(now, None, None)
    return ImageWindows(None, now, preset)  # chosen before files' windows were set aside: it may be either


def set_aside(store: ProjectStore, key: str, now: Window | None) -> None:
    """Before a person's window takes the place of ``now``: keep what the file said, or that it said nothing."""
    if store.setting(_OF_FILE.format(key)) is None:
        of_file = windows_of(store, key, now).file
        store.set_setting(_OF_FILE.format(key), _NONE if of_file is None else f"{of_file[0]!r} {of_file[1]!r}")


def choose(store: ProjectStore, key: str, now: Window | None, name: str) -> Future[None]:
    """Keep by what name a person chose the window of an image whose record has ``now``."""
    set_aside(store, key, now)
    return store.set_setting(_CHOSEN.format(key), name)


def _read(kept: str) -> Window | None:
    if kept == _NONE:
        return None
    low, high = map(float, kept.split())
    return low, high
