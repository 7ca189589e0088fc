"""Further images of the open case: listed, read, added, and their windows kept; all of it off the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.seen import Seen
from slicelab.app.window_presets import first_choice, presets
from slicelab.engine.sequences import SeveralVolumesError

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.app.tasks import Tasks
    from slicelab.engine.sequences import SequenceItem
    from slicelab.engine.session import Session


class SequenceDesk(QObject):
    """Hands what concerns sequences to the session, and tells what became of it."""

    listed = Signal(str, tuple)
    loaded = Signal(str, object)
    added = Signal(str, object)
    volume_wanted = Signal(str, object, object)
    looked_at = Signal(str, object, bool)
    failed = Signal(object)

    def __init__(self, session: Session, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._tasks = tasks

    def list_of(self, case_id: str) -> None:
        """Which sequences a case has."""
        sequences = self._session.sequences
        self._tasks.run(
            "sequences",
            lambda: sequences.of(case_id),
            lambda found: self.listed.emit(case_id, found),
            self.failed.emit,
            lane="sequences",
        )

    def load(self, case_id: str, item: SequenceItem) -> None:
        """Read one, on the voxels of the image that is labelled."""
        sequences = self._session.sequences

        def read() -> Seen:
            view = sequences.load(case_id, item.id)
            windows = presets(view.image, view.window, view.windows)
            return Seen(view.image, windows, first_choice(windows, view.windows.preset), item.name, item.id)

        self._tasks.run(
            "sequences", read, lambda seen: self.loaded.emit(case_id, seen), self.failed.emit, lane="sequence"
        )

    def add(self, case_id: str, path: Path, volume: int | None = None) -> None:
        """Copy a further image of a case into the project; ``volume`` (from 0): of a file that holds several."""
        sequences = self._session.sequences

        def fail(error: object) -> None:
            if isinstance(error, SeveralVolumesError):
                self.volume_wanted.emit(case_id, path, error.source)
            else:
                self.failed.emit(error)

        self._tasks.run(
            "imports",
            lambda: sequences.add(case_id, path, volume=volume),
            lambda item: self.added.emit(case_id, item),
            fail,
        )

    def look_at(self, case_id: str, path: Path) -> None:
        """Tell from what a file holds whether it is probably a mask."""
        sequences = self._session.sequences
        self._tasks.run(
            "imports",
            lambda: path.is_file() and sequences.looks_like_mask(path),
            lambda mask: self.looked_at.emit(case_id, path, mask),
            self.failed.emit,
        )

    def keep_window(self, sequence: int, low: float, high: float) -> None:
        """Remember the window the person chose for a sequence."""
        session = self._session
        if not session.read_only:
            self._tasks.run("edits", lambda: session.sequences.set_window(sequence, low, high), None, self.failed.emit)

    def keep_preset(self, sequence: int, name: str) -> None:
        """Remember which window of several a sequence is looked at with."""
        session = self._session
        if not session.read_only:
            sequences = session.sequences
            self._tasks.run("edits", lambda: sequences.set_window_preset(sequence, name), None, self.failed.emit)
