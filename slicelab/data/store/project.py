"""The project store: the one door to ``project.db`` and to the volume files that belong to its rows."""

from __future__ import annotations

import uuid
import weakref
from functools import partial
from typing import TYPE_CHECKING, Self, TypeVar

from psygnal import Signal

from slicelab.core.errors import ReadOnlyProjectError, StorageError
from slicelab.data.store import cases, choices, corrections, edits, labels, runs, sequences
from slicelab.data.store.connection import DATABASE, open_checked, read_header
from slicelab.data.store.create import create_project
from slicelab.data.store.lock import ProjectLock
from slicelab.data.store.records import (
    UNSET,
    CaseRecord,
    CorrectionRecord,
    Edit,
    EditRecord,
    ImageRecord,
    LabelBefore,
    LabelStamp,
    MetricRecord,
    NewCorrection,
    NewImage,
    PatientRecord,
    PredictionRecord,
    ReaderRecord,
    RunCase,
    RunMember,
    RunRecord,
    SequenceRecord,
    SliceChange,
    SliceLabel,
    TimeRecord,
    Unset,
    Window,
)
from slicelab.data.store.writer import Transaction, Writer

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from slicelab.core.choices import Choice, Chosen
    from slicelab.core.labels import LabelClass
    from slicelab.data.store.labels import Ledger
    from slicelab.data.store.records import RunStatus

T = TypeVar("T")
_CLOSE_SECONDS = 10.0
_NEWER = "The project was written by a newer slicelab. It is open for reading only; update slicelab to change it."


class ProjectStore:
    """An open project. Made by :meth:`create` or :meth:`open`; a context manager that closes itself.

    Reads block until all that was queued before is saved and then answer. Writes return at once with a Future: its
    result says that the change is safely on the disk. A write that is wrong (an unknown id, a taken name) puts its
    SlicelabError or sqlite3.IntegrityError into the Future; one that the disk refuses is kept and tried again.

    Attributes:
        saving: ``(writes not yet saved, problem in plain words or None)``, emitted from the writer's thread.
        folder: the project's folder.
        name: the project's name.
        read_only: whether changes are refused.
        notice: why a project that was opened for writing is open for reading only, None otherwise.

    """

    saving = Signal(int, object)

    def __init__(
        self,
        folder: Path,
        *,
        read_only: bool,
        notice: str | None,
        lock: ProjectLock | None,
        patience: float | None = None,
    ) -> None:
        """Use :meth:`create` or :meth:`open`."""
        self.folder = folder
        self.read_only = read_only
        self.notice = notice
        reference = weakref.ref(self)

        def tell(pending: int, problem: str | None) -> None:
            store = reference()
            if store is not None:
                store.saving.emit(pending, problem)

        end = lock.release if lock else lambda: None
        self._writer = Writer(_Connector(folder, read_only=read_only), tell, end, patience)
        self._finalizer = weakref.finalize(self, self._writer.close, _CLOSE_SECONDS)
        try:
            self.name = self._writer.read(_project_name)
        except BaseException:
            self.close()
            raise

    @classmethod
    def create(
        cls, folder: Path, name: str, classes: tuple[LabelClass, ...], *, patience: float | None = None
    ) -> ProjectStore:
        """Make a project and open it.

        Raises:
            SlicelabError: the place is a file, or a folder with something in it; nothing was changed.
            StorageError: the disk refuses; nothing is left behind.

        """
        create_project(folder, name, classes)
        return cls.open(folder, patience=patience)

    @classmethod
    def open(cls, folder: Path, *, read_only: bool = False, patience: float | None = None) -> ProjectStore:
        """Open a project.

        For writing it takes the lock, brings an older database forward (keeping a copy) and removes what an
        interrupted import left. A project of a newer slicelab that can still be read is opened for reading only;
        :attr:`notice` says so.

        Args:
            folder: the project's folder.
            read_only: change nothing.
            patience: seconds after which a write that the disk does not take fails; None: it is tried for ever.

        Raises:
            SlicelabError: the folder is not a slicelab project.
            ProjectLockedError: somebody else has it open for writing.
            ProjectVersionError: it is so new, or for reading only so old, that it cannot even be read.
            StorageError: the database is damaged, or the disk refuses.

        """
        # Closing a plain file handle drops the locks SQLite holds on that file in the same process (POSIX), so the
        # header is not read where this process is writing; the database is known then.
        notice = None if ProjectLock.held_here(folder) or not read_header(folder).newer else _NEWER
        if read_only or notice:
            return cls(folder, read_only=True, notice=None if read_only else notice, lock=None)
        lock = ProjectLock.take(folder)
        try:
            store = cls(folder, read_only=False, notice=None, lock=lock, patience=patience)
        except BaseException:
            lock.release()
            raise
        cases.clean_staged(folder)
        return store

    def close(self, limit: float = _CLOSE_SECONDS) -> None:
        """Save all that is queued and release the lock; closing twice is fine.

        A window that wants to offer "try again" looks at :attr:`pending` and :attr:`saving` before it closes: what
        could not be saved within the limit is lost with this object.

        Args:
            limit: seconds to wait without any change getting through.

        Raises:
            StorageError: the disk did not take some changes; says how many.

        """
        if self._finalizer.detach():
            self._writer.close(limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pending(self) -> int:
        """Writes not yet saved."""
        return self._writer.pending

    # Reads.

    def classes(self) -> tuple[LabelClass, ...]:
        """The classes in use, by value."""
        return self._read(labels.classes)

    def removed_classes(self) -> tuple[LabelClass, ...]:
        """The classes taken out of use, by value."""
        return self._read(labels.removed_classes)

    def readers(self) -> tuple[ReaderRecord, ...]:
        """All readers, the default one first."""
        return self._read(labels.readers)

    def patients(self) -> tuple[PatientRecord, ...]:
        """All patients by id."""
        return self._read(cases.patients)

    def cases(self, *, removed: bool = False) -> tuple[CaseRecord, ...]:
        """Cases by id; with ``removed`` those too that were taken out, deleted ones among them."""
        return self._read(partial(cases.cases, removed=removed))

    def case(self, case_id: str) -> CaseRecord:
        """One case, also a removed one. Raises UnknownNameError."""
        return self._read(lambda c: cases.case(c, case_id))

    def images(self, case_id: str) -> tuple[ImageRecord, ...]:
        """The images of a case, the primary one first. Raises UnknownNameError."""
        return self._read(lambda c: cases.images(c, case_id))

    def sequences(self, *, removed: bool = False) -> tuple[SequenceRecord, ...]:
        """Further images of all cases, in the order they were added; with ``removed`` those taken out too."""
        return self._read(partial(sequences.sequences, removed=removed))

    def slice_labels(self, case_id: str, reader_id: int) -> tuple[SliceLabel, ...]:
        """All labels of a case by one reader, by slice."""
        return self._read(lambda c: labels.slice_labels(c, case_id, reader_id))

    def slice_label(self, case_id: str, index: int, reader_id: int) -> SliceLabel | None:
        """One label, None if the slice has none."""
        return self._read(lambda c: labels.slice_label(c, case_id, index, reader_id))

    def label_stamps(self, reader_id: int) -> tuple[LabelStamp, ...]:
        """When each label of a reader was changed last; no mask is read."""
        return self._read(lambda c: labels.label_stamps(c, reader_id))

    def ledger(self, reader_id: int) -> Ledger:
        """Case id to slice to class value to state, of all labelled slices of cases that are not removed."""
        return self._read(lambda c: labels.ledger(c, reader_id))

    def edits(self, case_id: str, reader_id: int) -> tuple[EditRecord, ...]:
        """The undo history, oldest first, with those at its end that were undone."""
        return self._read(lambda c: edits.edits(c, case_id, reader_id))

    def labels_before(self, case_id: str, reader_id: int, since: float) -> dict[int, LabelBefore]:
        """Slice to what its label was before the first edit after a time; no mask is read."""
        return self._read(lambda c: edits.labels_before(c, case_id, reader_id, since))

    def runs(self) -> tuple[RunRecord, ...]:
        """All runs, oldest first."""
        return self._read(runs.runs)

    def removed_runs(self) -> dict[str, bool]:
        """Ids of the runs that were taken out, and whether their files are gone for good."""
        return self._read(runs.removed_runs)

    def run(self, run_id: str) -> RunRecord:
        """One run. Raises UnknownNameError."""
        return self._read(lambda c: runs.run(c, run_id))

    def run_cases(self, run_id: str) -> tuple[RunCase, ...]:
        """The cases a run used."""
        return self._read(lambda c: runs.run_cases(c, run_id))

    def metrics(self, run_id: str | None = None) -> tuple[MetricRecord, ...]:
        """What was measured, of one run or of all."""
        return self._read(lambda c: runs.metrics(c, run_id))

    def predictions(self, run_id: str | None = None) -> tuple[PredictionRecord, ...]:
        """Predicted masks, of one predicting run or of all, oldest first."""
        return self._read(lambda c: runs.predictions(c, run_id))

    def time_spent(self, case_id: str | None = None) -> tuple[TimeRecord, ...]:
        """Seconds by case and reader; of one case, or of all."""
        return self._read(lambda c: labels.time_spent(c, case_id))

    def corrections(self, reader_id: int) -> tuple[CorrectionRecord, ...]:
        """Finished slices against the masks that models had made of them, in the order they were finished."""
        return self._read(lambda c: corrections.corrections(c, reader_id))

    def predictions_seen(self, case_id: str, reader_id: int) -> frozenset[int]:
        """Slices of a case on which a model's mask was shown to the reader."""
        return self._read(lambda c: corrections.seen(c, case_id, reader_id))

    def accepted_slices(self, case_id: str, reader_id: int) -> frozenset[int]:
        """Slices of a case whose label was, at any time, a model's mask."""
        return self._read(lambda c: corrections.accepted(c, case_id, reader_id))

    def accepted_classes(self, case_id: str, reader_id: int) -> dict[int, frozenset[int]]:
        """Per slice of a case that was, at any time, a model's mask, the class values that were taken of it."""
        return self._read(lambda c: corrections.accepted_classes(c, case_id, reader_id))

    def kept_beside(self, case_id: str, reader_id: int, model_run: str) -> dict[int, frozenset[int]]:
        """Per slice of a case that took a model's mask, the classes that stayed done: their voxels are not its."""
        return self._read(lambda c: corrections.kept_beside(c, case_id, reader_id, model_run))

    def led_slices(self, case_id: str, reader_id: int) -> dict[int, str]:
        """Slices of a case on which a model's mask was shown or taken, and that model."""
        return self._read(lambda c: corrections.led(c, case_id, reader_id))

    def suggestions_followed(self, case_id: str, reader_id: int) -> dict[int, tuple[Choice, str]]:
        """Slices of a case a reader went to by a suggestion: which, and its reason in one word."""
        return self._read(lambda c: choices.followed(c, case_id, reader_id))

    def chosen(self, reader_id: int) -> tuple[Chosen, ...]:
        """How each slice that a reader finished came to be labelled."""
        return self._read(lambda c: choices.chosen(c, reader_id))

    def setting(self, key: str) -> str | None:
        """A setting of the project, None where it was never set."""
        return self._read(lambda c: corrections.setting(c, key))

    @property
    def project_key(self) -> str:
        """A random word that tells this project from all others."""
        return self._read(corrections.project_key)

    def labelling_seconds(self, reader_id: int) -> dict[str, float]:
        """Case id to the seconds a reader spent on it, with those that edits carry."""
        return self._read(lambda c: labels.labelling_seconds(c, reader_id))

    def labelling_seconds_until(self, reader_id: int, at: float) -> float:
        """Seconds a reader had spent on labelling by a time (seconds since 1970), on all cases."""
        return self._read(lambda c: labels.labelling_seconds_until(c, reader_id, at))

    # Writes.

    def staging_path(self) -> Path:
        """A free name in ``volumes/`` to write a volume to before :meth:`add_case`; left-overs are removed on open."""
        self._refuse_read_only()
        return self.folder / cases.VOLUMES / f"{cases.STAGED}{uuid.uuid4().hex}.nii"

    def add_case(
        self, name: str, patient_key: str | None, images: Sequence[NewImage], *, patient_id: str | None = None
    ) -> Future[CaseRecord]:
        """Add a case with its images; the id is given out here, and the staged files become the project's own.

        A patient key that is known adds to that patient; None makes a patient of its own. Where ``patient_id`` is
        given, it adds to that patient, whatever the key.
        """
        new = tuple(images)
        return self._write(lambda t: cases.add_case(t, self.folder, name, patient_key, new, patient_id))

    def update_case(
        self,
        case_id: str,
        *,
        name: str | None = None,
        flagged: bool | None = None,
        notes: str | None = None,
        window: Window | Unset | None = UNSET,
        patient_key: str | None = None,
    ) -> Future[CaseRecord]:
        """Change what is given; ``window=None`` means automatic."""
        return self._write(lambda t: cases.update_case(t, case_id, name, flagged, notes, window, patient_key))

    def remove_case(self, case_id: str) -> Future[CaseRecord]:
        """Take a case out of the project; its rows and files stay, its name becomes free."""
        return self._write(lambda t: cases.set_removed(t, case_id, removed=True))

    def restore_case(self, case_id: str) -> Future[CaseRecord]:
        """Take a removed case back in."""
        return self._write(lambda t: cases.set_removed(t, case_id, removed=False))

    def delete_case(self, case_id: str) -> Future[CaseRecord]:
        """Forget a removed case's labels, history and names; its id is never given out again."""
        return self._write(lambda t: cases.delete_case(t, case_id))

    def add_sequence(self, case_id: str, name: str, image: NewImage) -> Future[SequenceRecord]:
        """Put a further image to a case; its staged file becomes the project's own, its role is given out here."""
        return self._write(lambda t: sequences.add(t, self.folder, case_id, name, image))

    def set_sequence_window(self, image_id: int, window: Window | None) -> Future[SequenceRecord]:
        """Keep the window a further image is looked at with; None for automatic."""
        return self._write(lambda t: sequences.set_window(t, image_id, window))

    def set_sequence_removed(self, image_id: int, *, removed: bool) -> Future[SequenceRecord]:
        """Take a further image out of its case, or back in; nothing is deleted."""
        return self._write(lambda t: sequences.set_removed(t, image_id, removed=removed))

    def delete_sequence(self, image_id: int) -> Future[SequenceRecord]:
        """Forget a removed further image's name and where it came from; its file is the caller's to delete."""
        return self._write(lambda t: sequences.delete(t, image_id))

    def add_class(self, name: str) -> Future[LabelClass]:
        """A new class, unknown on every slice labelled so far."""
        return self._write(lambda t: labels.add_class(t, name))

    def rename_class(self, value: int, name: str) -> Future[LabelClass]:
        """Give a class another name; its value and labels stay."""
        return self._write(lambda t: labels.rename_class(t, value, name))

    def remove_class(self, value: int) -> Future[None]:
        """Take a class out of use; its voxels and states stay in the labels, its value is never used again."""
        return self._write(lambda t: labels.remove_class(t, value))

    def restore_class(self, value: int) -> Future[None]:
        """Take a removed class into use again, with the labels it had."""
        return self._write(lambda t: labels.restore_class(t, value))

    def add_reader(self, name: str) -> Future[ReaderRecord]:
        """A new reader."""
        return self._write(lambda t: labels.add_reader(t, name))

    def rename_reader(self, reader_id: int, name: str) -> Future[ReaderRecord]:
        """Give a reader another name; the labels stay that reader's."""
        return self._write(lambda t: labels.rename_reader(t, reader_id, name))

    def save_edit(
        self, case_id: str, reader_id: int, action: str, changes: Sequence[SliceChange], seconds: float = 0.0
    ) -> Future[EditRecord]:
        """Save one undoable step; what was undone before can no longer be redone.

        Masks are copied and compressed before this returns (under 1 ms a slice). The before-side of the history is
        what the database holds when the step is saved, not ``mask_before``. ``seconds`` are counted to the slices
        in equal shares; they are not added to :meth:`time_spent`.
        """
        packed = [edits.pack_change(change) for change in changes]
        return self._write(lambda t: edits.save_edit(t, case_id, reader_id, action, packed, seconds))

    def undo(self, case_id: str, reader_id: int) -> Future[Edit | None]:
        """Take back the newest edit that stands; None if there is none."""
        return self._write(lambda t: edits.undo(t, case_id, reader_id))

    def redo(self, case_id: str, reader_id: int) -> Future[Edit | None]:
        """Do the oldest undone edit again; None if there is none."""
        return self._write(lambda t: edits.redo(t, case_id, reader_id))

    def start_run(
        self,
        kind: str,
        preset: str,
        init: str | None = None,
        method: str | None = None,
        members: Sequence[RunMember] = (),
    ) -> Future[RunRecord]:
        """Give out a run's id and note the cases it will use."""
        listed = tuple(members)
        return self._write(lambda t: runs.start_run(t, kind, preset, init, method, listed))

    def set_run_job(self, run_id: str, job: str) -> Future[RunRecord]:
        """Note a run's job as JSON."""
        return self._write(lambda t: runs.set_run_job(t, run_id, job))

    def finish_run(self, run_id: str, status: RunStatus, message: str | None = None) -> Future[RunRecord]:
        """Note how a run ended."""
        return self._write(lambda t: runs.finish_run(t, run_id, status, message))

    def set_runs_removed(self, run_ids: Sequence[str], *, removed: bool) -> Future[None]:
        """Take runs out of the lists, or back in."""
        listed = tuple(run_ids)
        return self._write(lambda t: runs.set_removed(t, listed, removed=removed))

    def delete_run(self, run_id: str) -> Future[None]:
        """Forget what a removed run predicted; its id is never given out again."""
        return self._write(lambda t: runs.delete_run(t, run_id))

    def add_metrics(self, measured: Sequence[MetricRecord]) -> Future[None]:
        """Write measurements; newer ones replace older ones of the same run, case, class and kind of reference."""
        listed = tuple(measured)
        return self._write(lambda t: runs.add_metrics(t, listed))

    def add_prediction(self, made: PredictionRecord) -> Future[None]:
        """Note a predicted mask."""
        return self._write(lambda t: runs.add_prediction(t, made))

    def add_corrections(self, saved: Future[EditRecord], measured: Sequence[NewCorrection]) -> Future[None]:
        """Note what a model's masks were worth on slices that an edit finished; they go with that edit.

        Args:
            saved: of the edit, queued before; if it fails, so does this.
            measured: one for each class of each slice.

        """
        listed = tuple(measured)
        return self._write(lambda t: corrections.add(t, saved.result(), listed))

    def add_predictions_seen(self, case_id: str, reader_id: int, slices: Sequence[int], model_run: str) -> Future[None]:
        """Note that a model's mask of these slices was shown to the reader; the first time counts."""
        listed = tuple(slices)
        return self._write(lambda t: corrections.add_seen(t, case_id, reader_id, listed, model_run))

    def follow_suggestion(self, case_id: str, reader_id: int, index: int, choice: Choice, why: str) -> Future[None]:
        """Note that a reader went to a slice by a suggestion; the first one counts."""
        return self._write(lambda t: choices.follow(t, case_id, reader_id, index, choice, why))

    def add_choices(
        self, saved: Future[EditRecord], slices: Sequence[int], known: Mapping[int, tuple[Choice, str]]
    ) -> Future[None]:
        """Note how slices that an edit finished came to be labelled; it goes with that edit.

        Args:
            saved: of the edit, queued before; if it fails, so does this.
            slices: those that became done.
            known: of those a suggestion led to, which one; the others are the reader's own choice.

        """
        listed, led = tuple(slices), dict(known)
        return self._write(lambda t: choices.add(t, saved.result(), listed, led))

    def set_setting(self, key: str, value: str) -> Future[None]:
        """Set a setting of the project."""
        return self._write(lambda t: corrections.set_setting(t, key, value))

    def add_time(self, case_id: str, reader_id: int, seconds: float) -> Future[None]:
        """Note time spent on a case."""
        return self._write(lambda t: labels.add_time(t, case_id, reader_id, seconds))

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        return self._writer.read(work)

    def _write(self, work: Callable[[Transaction], T]) -> Future[T]:
        self._refuse_read_only()
        return self._writer.write(work)

    def _refuse_read_only(self) -> None:
        if self.read_only:
            raise ReadOnlyProjectError(
                "The project is open for reading only.", self.notice or "Close it elsewhere, then open it again."
            )


class _Connector:
    """Opens the database, the first time with all checks, and after a failure only if it is still the same project."""

    def __init__(self, folder: Path, *, read_only: bool) -> None:
        self._path = folder / DATABASE
        self._read_only = read_only
        self._project: str | None = None

    def __call__(self) -> sqlite3.Connection:
        connection = open_checked(self._path, read_only=self._read_only)
        try:
            (found,) = connection.execute("SELECT value FROM meta WHERE key = 'project'").fetchone()
            if self._project not in (None, found):
                raise StorageError("Another project lies in this project's place.", "Put the project's folder back.")
        except BaseException:
            connection.close()
            raise
        self._project = found
        return connection


def _project_name(connection: sqlite3.Connection) -> str:
    (name,) = connection.execute("SELECT value FROM meta WHERE key = 'name'").fetchone()
    return str(name)
