"""Order in the open project: flags, notes, removing and restoring, the disk, masks for a case, measures for a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.engine.measures import write_measures

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from slicelab.app.tasks import Tasks
    from slicelab.core.labels import LabelClass
    from slicelab.data.store.records import CaseRecord
    from slicelab.engine.importing import MappedMask
    from slicelab.engine.session import Session
    from slicelab.engine.upkeep import DiskUse, Item, Kind


@dataclass(frozen=True)
class Storage:
    """What the project takes on the disk, and what of it can be removed or restored."""

    use: DiskUse
    runs: tuple[Item, ...]
    removed: tuple[Item, ...]


@dataclass(frozen=True, eq=False)
class ReadMask:
    """A mask file that was read.

    Attributes:
        mask: it.
        classes: names of the classes it speaks of.
        left: names of those it does not.
        choices: class values and names, where the mask has one value and nothing says which class that means.

    """

    mask: MappedMask
    classes: tuple[str, ...]
    left: tuple[str, ...]
    choices: tuple[tuple[int, str], ...] = ()


class UpkeepDesk(QObject):
    """Hands what concerns the order of the project to the session, and tells what became of it."""

    changed = Signal()
    noted = Signal()
    removed = Signal(object)
    restored = Signal(object)
    class_added = Signal(object)
    freed = Signal(object)
    listed = Signal(object)
    measures_written = Signal(object)
    mask_read = Signal(str, object)
    mask_taken = Signal(str, object)
    mask_refused = Signal(str, object, object)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks

    def flag(self, case_id: str, flagged: bool) -> None:
        """Mark a case, or take the mark off."""
        upkeep = self._session.upkeep
        self._note(lambda: upkeep.flag(case_id, flagged))

    def note(self, case_id: str, words: str) -> None:
        """Keep the remarks of a case."""
        upkeep = self._session.upkeep
        self._note(lambda: upkeep.note(case_id, words))

    def remove(self, kind: Kind, item_id: str) -> None:
        """Take something out of the project; nothing is deleted."""

        def done(item: Item) -> None:
            self.removed.emit(item)
            self.changed.emit()

        self._tasks.run("edits", lambda: self._session.upkeep.remove(kind, item_id), done, self.failed.emit)

    def add_class(self, name: str) -> None:
        """A further class."""

        def done(made: LabelClass) -> None:
            self.changed.emit()
            self.class_added.emit(made)

        self._tasks.run("edits", lambda: self._session.add_class(name), done, self.failed.emit)

    def rename_class(self, value: int, name: str) -> None:
        """Another name for a class."""
        self._tasks.run(
            "edits",
            lambda: self._session.rename_class(value, name),
            lambda _made: self.changed.emit(),
            self.failed.emit,
        )

    def remove_all(self, items: Sequence[Item]) -> None:
        """Take several things out, one after the other."""
        for item in items:
            self.remove(item.kind, item.id)

    def restore(self, items: Sequence[Item]) -> None:
        """Take things back in; a patient first, since its cases come with it."""

        def work() -> None:
            upkeep = self._session.upkeep
            for item in items:
                if item in upkeep.removed():
                    upkeep.restore(item.kind, item.id)

        def done(_nothing: None) -> None:
            self.restored.emit(tuple(items))
            self.changed.emit()

        self._tasks.run("edits", work, done, self.failed.emit)

    def delete_for_good(self, items: Sequence[Item]) -> None:
        """Free the disk; the person has confirmed it."""

        def done(freed: int) -> None:
            self.freed.emit(freed)
            self.changed.emit()

        def failed(error: BaseException) -> None:
            self.failed.emit(error)
            self.changed.emit()  # part of it may be gone

        self._tasks.run("edits", lambda: self._session.upkeep.delete_for_good(items), done, failed)

    def list_storage(self) -> None:
        """Look at the disk."""
        upkeep = self._session.upkeep
        self._tasks.run(
            "exports",
            lambda: Storage(upkeep.disk_use(), upkeep.runs(), upkeep.removed()),
            self.listed.emit,
            self.failed.emit,
            lane="storage",
        )

    def read_mask(self, case_id: str, path: Path) -> None:
        """Read a mask file for a case; nothing is changed before :meth:`take_mask`."""

        def done(mapped: MappedMask) -> None:
            known = [c.name for c in self._session.classes if c.value in mapped.known]
            left = [c.name for c in self._session.classes if c.value not in mapped.known]
            choices = [(c.value, c.name) for c in self._session.classes] if mapped.guessed else []
            self.mask_read.emit(case_id, ReadMask(mapped, tuple(known), tuple(left), tuple(choices)))

        self._tasks.run(
            "imports",
            lambda: self._session.labels.read_mask(case_id, path),
            done,
            lambda error: self.mask_refused.emit(case_id, path, error),
        )

    def take_mask(self, case_id: str, mask: MappedMask) -> None:
        """Put a mask into the labels of a case; its slices become done for the classes it speaks of."""

        def done(mapped: MappedMask) -> None:
            self.mask_taken.emit(case_id, mapped)
            self.changed.emit()

        self._tasks.drain()  # strokes on their way come before the mask, and undo in that order
        self._tasks.run("imports", lambda: self._session.labels.label_from_mask(case_id, mask), done, self.failed.emit)

    def write_measures(self, out: Path, model: str | None) -> None:
        """Write the table of measures."""
        self._tasks.drain()
        self._tasks.run(
            "exports",
            lambda: write_measures(out, self._session, model),
            self.measures_written.emit,
            self.failed.emit,
        )

    def _note(self, call: Callable[[], Future[CaseRecord]]) -> None:
        """Hand a remark in after the edits before it, and wait for the disk where no edit waits behind it."""

        def handed_in(saved: Future[CaseRecord]) -> None:
            self._tasks.run("saves", saved.result, lambda _case: self.noted.emit(), self.failed.emit)

        self._tasks.run("edits", call, handed_in, self.failed.emit)
