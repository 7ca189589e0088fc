"""The open project: opened, closed, its cases listed and read, files brought in. All of it off the window's thread."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from slicelab.app.window_presets import presets
from slicelab.core.class_volumes import ClassVolumes
from slicelab.core.errors import ProjectLockedError
from slicelab.engine.demo import prepare_demo
from slicelab.engine.series import of_study, several
from slicelab.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from slicelab.app.tasks import Tasks
    from slicelab.core.labels import SliceState
    from slicelab.data.readers import Discovery, Source
    from slicelab.engine.class_marks import Marks
    from slicelab.engine.importing import ImportReport
    from slicelab.engine.series import VolumeWish
    from slicelab.engine.views import CaseView

Opened = tuple[Session, ProjectLockedError | None]
"""A project, and who holds it where it is open for reading because of that."""
_THUMBNAIL, _VOLUME = 96, 160
"""Pixels along an edge of the small pictures of a case, and of a volume to choose."""


@dataclass(frozen=True, eq=False)
class OpenCase:
    """A case ready to be shown.

    Attributes:
        view: what the session gave.
        labels: the window's own copy of the labels, painted in place; ``(slice, row, column)`` uint8.
        states: per slice, class value to state, as it was when opened.
        windows: names of window presets to (low, high).
        volumes: how much of the case each class fills.

    """

    view: CaseView
    labels: npt.NDArray[np.uint8]
    states: tuple[dict[int, SliceState], ...]
    windows: dict[str, tuple[float, float]]
    volumes: ClassVolumes


class ProjectDesk(QObject):
    """Owns the session."""

    opened = Signal()
    closing = Signal()
    closed = Signal()
    locked = Signal(object)
    cases_listed = Signal(tuple)
    case_opened = Signal(object)
    picture_ready = Signal(str, object)
    import_progress = Signal(int, int)
    demo_progress = Signal(int, int)
    demo_stopped = Signal()
    series_wanted = Signal(object, bool)
    volumes_wanted = Signal(object, bool)
    """What was found and is to be chosen of, and whether what is probably a mask becomes a case."""
    volumes_pictured = Signal(object, object)
    import_ended = Signal(object)
    exported = Signal(object)
    failed = Signal(object)
    _progressed = Signal(int, int)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._stop_import = threading.Event()
        self._stop_demo = threading.Event()
        self._session: Session | None = None
        self._untaken: Session | None = None
        """Opened, and not handed over yet; of the thread that opens alone until then."""
        self.reader = ""
        self._progressed.connect(self.import_progress)

    @property
    def session(self) -> Session | None:
        """The open project, if one is."""
        return self._session

    def open(self, folder: Path, reader: str | None = None) -> None:
        """Open a project in a reader's name, or else in the person's own, whichever is one of the project's readers.

        One that somebody else holds is opened for reading.
        """
        self.close()
        names = (reader or "", self.reader)
        self._bring(lambda: _open(folder, names))

    def create(self, folder: Path, classes: list[str], name: str, files: Sequence[Path] = ()) -> None:
        """Make a project and open it; then bring files in."""
        self.close()
        self._bring(lambda: (Session.create(folder, classes, name, patience=None), None), files)

    def open_demo(self, out: Path, reader: str | None = None) -> None:
        """Open the demo in a folder, as :meth:`open` does; it is made there the first time."""
        self.close()
        names = (reader or "", self.reader)
        stop = self._stop_demo = threading.Event()

        def opened() -> Opened | None:
            project = prepare_demo(out, self.demo_progress.emit, should_stop=stop.is_set)
            return None if project is None else _open(project, names)

        self._bring(opened)

    def _bring(self, opened: Callable[[], Opened | None], files: Sequence[Path] = ()) -> None:
        """Open a project off the window's thread and take it, unless another one was asked for meanwhile."""

        def call() -> Opened | None:
            answer = opened()
            self._untaken = None if answer is None else answer[0]
            return answer

        def done(answer: Opened | None) -> None:
            if answer is None:
                self.demo_stopped.emit()
                return
            self._take(*answer)
            if files:
                self.bring_in(files)

        self._tasks.run("reads", call, done, self.failed.emit, lane="project")

    def stop_demo(self) -> None:
        """Make the demo no further; what is half made is removed."""
        self._stop_demo.set()

    def _let_go_of_untaken(self) -> None:
        """Close, where it was opened, a project that nobody waits for any more: it would stay locked by this window."""
        session, self._untaken = self._untaken, None
        if session is not None:
            session.close()

    def _take(self, session: Session, lock: ProjectLockedError | None) -> None:
        self._session, self._untaken = session, None
        self.sign()
        self.opened.emit()
        if lock is not None:
            self.locked.emit(lock)
        self.list_cases()

    def close(self) -> None:
        """Let go of the project; everything queued is saved first."""
        if self._session is not None:
            self.closing.emit()
        session, self._session = self._session, None
        for lane in ("project", "cases", "case"):
            self._tasks.forget(lane)
        self._tasks.run("reads", self._let_go_of_untaken, None, lambda _error: None)  # after what is being opened
        self._stop_import.set()
        self._stop_demo.set()
        if session is not None:
            self._tasks.drain()
            session.close()
            self.closed.emit()

    def sign(self) -> None:
        """Note the person's name in a project whose reader has none yet."""
        session, name = self._session, self.reader
        if session is not None and name and not session.read_only:
            self._tasks.run("edits", lambda: session.upkeep.sign(name), None, self.failed.emit)

    def list_cases(self) -> None:
        """Read the summaries of all cases."""
        session = self._session
        if session is not None:
            self._tasks.run("reads", session.cases, self.cases_listed.emit, lane="cases")

    def open_case(self, case_id: str) -> None:
        """Read a case: its voxels first, then its labels after every edit that is still on its way."""
        session = self._session
        if session is None:
            return

        def with_labels(answer: tuple[CaseView, dict[str, tuple[float, float]]]) -> None:
            view, windows = answer

            def labelled() -> OpenCase:
                labels = session.labels.stack(case_id).copy()
                states = tuple(dict(known) for known in session.labels.states(case_id))
                return OpenCase(view, labels, states, windows, ClassVolumes(labels, view.geometry.voxel_ml))

            self._tasks.run("edits", labelled, self.case_opened.emit, lane="case")

        def read() -> tuple[CaseView, dict[str, tuple[float, float]]]:
            view = session.open_case(case_id)
            return view, presets(view.image, view.window, view.windows)

        self._tasks.run("reads", read, with_labels, lane="case")

    def keep_window(self, case_id: str, low: float, high: float) -> None:
        """Remember the window the person chose for a case."""
        session = self._session
        if session is not None and not session.read_only:
            self._tasks.run("edits", lambda: session.set_window(case_id, low, high), None, self.failed.emit)

    def keep_preset(self, case_id: str, name: str) -> None:
        """Remember which window of several a case is looked at with."""
        session = self._session
        if session is not None and not session.read_only:
            self._tasks.run("edits", lambda: session.set_window_preset(case_id, name), None, self.failed.emit)

    def keep_marks(self, marks: Marks) -> None:
        """Remember which classes are locked and hidden."""
        session = self._session
        if session is not None and not session.read_only:
            self._tasks.run("edits", lambda: session.marks.keep(marks), None, self.failed.emit)

    def want_picture(self, case_id: str) -> None:
        """Read the small picture of a case."""
        session = self._session
        if session is not None:

            def done(picture: object) -> None:
                if self._session is session:  # another project has a case of the same id
                    self.picture_ready.emit(case_id, picture)

            self._tasks.run(
                "pictures",
                lambda: session.thumbnail(case_id, _THUMBNAIL),
                done,
                lambda _error: None,  # a damaged volume is told of when its case is opened
            )

    def bring_in(self, paths: Sequence[Path], *, masks_as_cases: bool = False) -> None:
        """Look for images in files and folders, and import them; asks first where a study or series needs a choice.

        What is probably a mask becomes a case only where ``masks_as_cases`` says so.
        """
        session = self._session
        if session is None:
            return
        self._stop_import.clear()
        self.import_progress.emit(0, 0)

        def done(found: Discovery) -> None:
            if self._session is not session:
                return
            if self._stop_import.is_set():
                self.import_found(found, {}, masks_as_cases=masks_as_cases)
            elif len(of_study(found.sources)) > 1:
                self.series_wanted.emit(found, masks_as_cases)
            else:
                self.take_found(found, masks_as_cases=masks_as_cases)

        self._tasks.run("imports", lambda: session.look(list(paths)), done, self._import_failed(session))

    def take_found(self, found: Discovery, *, masks_as_cases: bool = False) -> None:
        """Import what was found; asks first which volumes to take, where a series has several."""
        if several(found.sources):
            self.volumes_wanted.emit(found, masks_as_cases)
        else:
            self.import_found(found, {}, masks_as_cases=masks_as_cases)

    def import_found(
        self, found: Discovery, volumes: Mapping[str, VolumeWish], *, masks_as_cases: bool = False
    ) -> None:
        """Import what was found, with progress; of series the volumes that were chosen."""
        session = self._session
        if session is None:
            return

        def call() -> ImportReport:
            return session.import_found(
                found,
                labels="all",
                volumes=volumes,
                masks_as_cases=masks_as_cases,
                progress=lambda done, total, _name: self._progressed.emit(done, total),
                should_stop=self._stop_import.is_set,
            )

        def done(report: ImportReport) -> None:
            if self._session is session:
                self.import_ended.emit(report)
                self.list_cases()

        self._tasks.run("imports", call, done, self._import_failed(session))

    def _import_failed(self, session: Session) -> Callable[[BaseException], None]:
        def failed(error: BaseException) -> None:
            if self._session is session:
                self.import_ended.emit(None)
                self.failed.emit(error)

        return failed

    def want_volume_pictures(self, source: Source) -> None:
        """Read the small pictures of a series' volumes."""
        session = self._session
        if session is not None:
            self._tasks.run(
                "pictures",
                lambda: session.volume_pictures(source, _VOLUME),
                lambda pictures: self.volumes_pictured.emit(source, pictures),
                lambda _error: self.volumes_pictured.emit(source, None),  # the import says why
            )

    def give_up_volume_pictures(self) -> None:
        """Nobody waits for the pictures any more."""
        if self._session is not None:
            self._session.give_up_volume_pictures()

    def export(self, out: Path, run: str | None) -> None:
        """Write the labels, or a run's predictions, as masks into a folder."""
        session = self._session
        if session is not None:
            self._tasks.drain()  # strokes on their way belong to what is exported
            # Told also where the project was closed meanwhile: a folder that is not whole must not be taken for one.
            call = partial(session.export, out, run)
            self._tasks.run("exports", call, self.exported.emit, self.failed.emit, lasting=True)

    def stop_import(self) -> None:
        """End the import after the file it reads."""
        self._stop_import.set()


def _open(folder: Path, wanted: Sequence[str]) -> Opened:
    """A project, in the first of the names wanted that it has; for reading, with the reason, if somebody holds it."""
    locked: ProjectLockedError | None = None
    try:
        session = Session.open(folder, patience=None)
    except ProjectLockedError as error:
        locked, session = error, Session.open(folder, read_only=True)
    there = session.readers.names()
    reader = next((name for name in wanted if name in there), session.reader.name)
    if reader != session.reader.name:
        session.close()
        session = Session.open(folder, read_only=locked is not None, reader=reader, patience=None)
    return session, locked
