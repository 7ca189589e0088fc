"""What the next training learns from, and cross-validation: what was measured, and what measuring would take now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.core.errors import SlicelabError
from slicelab.engine.agenda import Wish
from slicelab.engine.crossvalidating import Standing, wished

if TYPE_CHECKING:
    from slicelab.app.tasks import Tasks
    from slicelab.engine.crossvalidating import Plan
    from slicelab.engine.outlook import Outlook
    from slicelab.engine.session import Session
    from slicelab.jobs.specs import CrossKind

KINDS: tuple[CrossKind, ...] = ("crossvalidate", "compare")


@dataclass(frozen=True)
class CrossShown:
    """What there is to show.

    Attributes:
        standing: the newest results.
        plans: kind to what would be done, or why it cannot be.
        outlook: what a training with these settings would learn from.

    """

    standing: Standing = field(default_factory=Standing)
    plans: dict[CrossKind, Plan | SlicelabError] = field(default_factory=dict)
    outlook: Outlook | None = None


class CrossDesk(QObject):
    """Asks the session, off the window's thread."""

    ready = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks

    def refresh(self, init: str | None, steps: int | None, left_out: tuple[str, ...] = ()) -> None:
        """Look again at the results, and at what a measurement with these settings would take.

        Args:
            init: pretraining to start from; None for random weights.
            steps: of one training; None for those of the last one.
            left_out: cases (ids) that are kept for testing.

        """
        session, cross = self._session, self._session.cross

        def plan(kind: CrossKind) -> Plan | SlicelabError:
            try:
                return cross.plan(wished(Wish(kind=kind, init=init, steps=steps, exclude=left_out)))
            except SlicelabError as error:
                return error

        def look() -> CrossShown:
            return CrossShown(cross.standing(), {kind: plan(kind) for kind in KINDS}, session.outlook(init, left_out))

        # After the edits that were handed in before: they may change the labels.
        self._tasks.run("edits", look, self.ready.emit, self.failed.emit, lane="cross-validation")
