"""What becomes of a desk once its project is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QObject


def let_go(*desks: QObject | None) -> None:
    """Silence desks of a project that is closed, and let them end, so that nothing of it stays in memory.

    They end once nothing of the window runs: whoever closed the project may be a call of theirs. Answers that were on
    their way to them are dropped by :meth:`slicelab.app.tasks.Tasks.forget_all`.
    """
    for desk in desks:
        if desk is not None:
            desk.blockSignals(True)  # a late answer is none to the next project
            desk.deleteLater()
