"""Whether an open project may be changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.errors import ReadOnlyProjectError

if TYPE_CHECKING:
    from slicelab.data.store.project import ProjectStore


def require_write(store: ProjectStore) -> None:
    """Refuse a change before it is begun.

    Raises:
        ReadOnlyProjectError: the project is open for reading only.

    """
    if store.read_only:
        raise ReadOnlyProjectError(
            store.notice or "The project is open for reading only.",
            "" if store.notice else "Close it elsewhere, then open it again.",
        )
