"""Which classes a reader has locked and hidden: kept with the project, so that a lock holds when it is opened again."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from concurrent.futures import Future

    from slicelab.data.store.project import ProjectStore


@dataclass(frozen=True)
class Marks:
    """What a reader has said of classes; their values.

    Attributes:
        locked: no tool changes them.
        hidden: not drawn.

    """

    locked: frozenset[int] = field(default_factory=frozenset)
    hidden: frozenset[int] = field(default_factory=frozenset)


class ClassMarks:
    """Marks of one reader in one project."""

    def __init__(self, store: ProjectStore, reader_id: int) -> None:
        self._store = store
        self._key = f"class marks {reader_id}"

    def read(self) -> Marks:
        """What was kept; nothing is marked where nothing was, or where it makes no sense."""
        try:
            stored = json.loads(self._store.setting(self._key) or "{}")
            return Marks(frozenset(map(int, stored.get("locked", ()))), frozenset(map(int, stored.get("hidden", ()))))
        except (ValueError, TypeError, AttributeError):
            return Marks()

    def keep(self, marks: Marks) -> Future[None]:
        """Keep marks in place of those there are. Returns at once; the future says when they are on disk.

        Raises:
            ReadOnlyProjectError: the project is open for reading only.

        """
        stored = {"locked": sorted(marks.locked), "hidden": sorted(marks.hidden)}
        return self._store.set_setting(self._key, json.dumps(stored))
