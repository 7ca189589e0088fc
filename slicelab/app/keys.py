"""Keys of actions: the table's, and those a person chose instead. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.app.commands.table import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

Keys = dict[str, tuple[str, ...]]
"""Id of an action to its keys, in Qt's portable words such as ``Ctrl+B``."""


def keys_in_use(chosen: Mapping[str, tuple[str, ...]]) -> Keys:
    """Every action's keys; what was chosen for an action that no longer exists is passed over."""
    return {spec.id: tuple(chosen.get(spec.id, spec.keys)) for spec in ACTIONS}


def owner(key: str, keys: Mapping[str, tuple[str, ...]]) -> str | None:
    """The action that has a key, None if it is free."""
    return next((name for name, given in keys.items() if key.casefold() in (one.casefold() for one in given)), None)


def give(key: str, name: str, keys: Mapping[str, tuple[str, ...]]) -> Keys:
    """All keys after an action got a key as its only one; whoever had it loses it."""
    left = {other: tuple(one for one in given if one.casefold() != key.casefold()) for other, given in keys.items()}
    return {**left, name: (key,) if key else ()}


def chosen(keys: Mapping[str, tuple[str, ...]]) -> Keys:
    """What of all keys is to be kept: those that are not the table's."""
    usual = {spec.id: spec.keys for spec in ACTIONS}
    return {name: tuple(given) for name, given in keys.items() if tuple(given) != usual.get(name)}
