"""Commands that are imported when they are called: all of them together take longer than most of them run."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from typer.core import DEFAULT_MARKUP_MODE
from typer.main import get_command_from_info
from typer.models import CommandInfo


class LateCommands(MutableMapping[str, Any]):
    """The commands of a group by name, in order; each is imported when it is looked at.

    Args:
        places: ``module:function`` of each command.

    """

    def __init__(self, places: Mapping[str, str]) -> None:
        self._places = dict(places)
        self._there: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._there:
            module, _, function = self._places[name].partition(":")
            info = CommandInfo(name=name, callback=getattr(importlib.import_module(module), function))
            self._there[name] = get_command_from_info(
                info, pretty_exceptions_short=True, rich_markup_mode=DEFAULT_MARKUP_MODE
            )
        return self._there[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._places.setdefault(name, "")
        self._there[name] = command

    def __delitem__(self, name: str) -> None:
        del self._places[name]
        self._there.pop(name, None)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
