"""What a person has set for the window: its look, language, name and keys. One bad value never blocks the start."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from slicelab.app.recent import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slicelab.app.leaving import Leaving
    from slicelab.app.theme import ThemeName
    from slicelab.jobs.specs import Device

DeviceChoice = Literal["auto", "graphics", "processor"]
SCALES = (80, 90, 100, 110, 125, 150, 175, 200)
"""Sizes of the text, per cent of the system's."""


@dataclass(frozen=True)
class Preferences:
    """A person's settings.

    Attributes:
        theme: dark or light.
        scale: size of the text and all that goes with it, per cent of the system's.
        language: one of :data:`slicelab.app.language.LANGUAGES`.
        device: where jobs started from the window compute.
        reader: the name new projects note with labels; "" for the default one.
        on_close: what becomes of a running job on closing, see :mod:`slicelab.app.leaving`.
        toured: whether the first-run tour was shown.
        keys: ids of actions to their keys, where they are others than the table's; () for none.

    """

    theme: ThemeName = "dark"
    scale: int = 100
    language: str = "en"
    device: DeviceChoice = "auto"
    reader: str = ""
    on_close: Leaving = "ask"
    toured: bool = False
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def device_of(choice: DeviceChoice) -> Device:
    """The device that a job is asked to compute on."""
    if choice == "graphics":
        return "mps" if sys.platform == "darwin" else "cuda"
    return "cpu" if choice == "processor" else "auto"


def load() -> Preferences:
    """The settings kept; of a value that makes no sense, the default."""
    try:
        stored = json.loads(str(settings().value("preferences", "{}")))
    except ValueError:
        stored = {}
    return from_stored(stored if isinstance(stored, dict) else {})


def save(preferences: Preferences) -> None:
    """Keep settings."""
    kept = settings()
    kept.setValue("preferences", json.dumps(asdict(preferences)))
    kept.sync()


def from_stored(stored: Mapping[str, Any]) -> Preferences:
    """Settings from what was read, value by value. Pure."""
    plain = Preferences()
    theme, scale, language = stored.get("theme"), stored.get("scale"), stored.get("language")
    keys, leaving, device = stored.get("keys"), stored.get("on_close"), stored.get("device")
    return Preferences(
        theme="light" if theme == "light" else "dark",
        scale=scale if scale in SCALES else plain.scale,
        language=language if language in ("en", "de") else plain.language,
        device="graphics" if device == "graphics" else "processor" if device == "processor" else "auto",
        reader=str(stored.get("reader", "")).strip(),
        on_close="go_on" if leaving == "go_on" else "stop" if leaving == "stop" else "ask",
        toured=stored.get("toured") is True,
        keys={
            str(name): tuple(map(str, given))
            for name, given in (keys.items() if isinstance(keys, dict) else ())
            if isinstance(given, list)
        },
    )
