"""The headless application: what the window and the command line can do with a project."""

from __future__ import annotations

from collections import deque
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from psygnal import Signal

from slicelab.core.errors import ProjectLockedError
from slicelab.core.geometry import stack_spacing
from slicelab.core.labels import make_classes
from slicelab.data.readers import VolumeReader
from slicelab.data.store.project import ProjectStore
from slicelab.engine import windows
from slicelab.engine.advising import Advice
from slicelab.engine.agenda import Agenda
from slicelab.engine.busy import with_the_job
from slicelab.engine.class_marks import ClassMarks
from slicelab.engine.crossvalidating import CrossValidating
from slicelab.engine.evaluating import Evaluator, leaks_of
from slicelab.engine.handing_on import export_labels, export_model, export_predictions
from slicelab.engine.importing import Importer
from slicelab.engine.job_board import JobBoard
from slicelab.engine.job_calls import Jobs
from slicelab.engine.job_starter import JobStarter
from slicelab.engine.label_book import LabelBook
from slicelab.engine.labelling import Labelling
from slicelab.engine.names import find_cases, find_class, find_reader, find_run
from slicelab.engine.on_the_way import on_the_way, way_of
from slicelab.engine.outlook import outlook
from slicelab.engine.people import Readers
from slicelab.engine.permission import require_write
from slicelab.engine.predictions import Predictions
from slicelab.engine.remembering import remembered
from slicelab.engine.reviewing import Review
from slicelab.engine.sequences import Sequences
from slicelab.engine.series import several
from slicelab.engine.shown import case_summaries, case_view, run_summaries, slice_pictures, thumbnail
from slicelab.engine.upkeep import Upkeep

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType
    from typing import Literal

    import numpy as np
    import numpy.typing as npt

    from slicelab.core.evaluation import Evaluation
    from slicelab.core.labels import LabelClass
    from slicelab.core.splits import Leak
    from slicelab.data.readers import Discovery, Source
    from slicelab.data.store.records import CaseRecord, MetricRecord, RunRecord
    from slicelab.engine.exporting import ExportReport
    from slicelab.engine.importing import ImportReport, LabelWish
    from slicelab.engine.on_the_way import OnTheWay
    from slicelab.engine.outlook import Outlook
    from slicelab.engine.remembering import Remembered
    from slicelab.engine.series import VolumeWish
    from slicelab.engine.views import CaseSummary, CaseView, RunSummary, SlicePictures
    from slicelab.jobs.events import AnyEvent


SAVE_PATIENCE_S = 10.0
"""How long a command waits for a disk that takes nothing. A window waits for ever: its person goes on painting."""


def _no_progress(done: int, total: int, name: str) -> None:
    """Nobody watches."""


class Session:
    """One open project: its cases, the import of more, its runs and their results.

    What else there is to do hangs on it: labels are changed through :attr:`labels`, jobs started and stopped through
    :attr:`jobs`, and what is to run next is in :attr:`agenda`. What concerns reviewing is in :attr:`review`;
    what a network makes of slices and which to label, in :attr:`advice`; what is removed, restored, flagged and
    measured of the disk, in :attr:`upkeep`; further images of cases are in :attr:`sequences`, which classes are
    locked and hidden in :attr:`marks`; who else labels, in :attr:`readers`; cross-validation is in :attr:`cross`.

    Signals are emitted from :meth:`poll` or from the call that caused them, in the caller's thread; ``saving`` comes
    from the store's writer thread. An import may run in another thread: what it changes is told at the next poll.
    """

    cases_changed: ClassVar[Signal] = Signal()
    case_changed: ClassVar[Signal] = Signal(str)
    slice_changed: ClassVar[Signal] = Signal(str, int)
    run_changed: ClassVar[Signal] = Signal(str)
    saving: ClassVar[Signal] = Signal(int, object)

    def __init__(self, store: ProjectStore, reader: str | None = None) -> None:
        self._store = store
        readers, wanted = store.readers(), " ".join((reader or "").split())
        chosen = readers[0] if reader is None else next((r for r in readers if r.name == wanted), None)
        if chosen is None:
            chosen = find_reader(wanted, readers) if store.read_only else store.add_reader(wanted).result()
        self.reader = chosen
        self._classes = store.classes()  # kept: reading them would wait behind queued saves
        self._book = LabelBook(store, chosen.id)
        self._board = JobBoard(store)
        self._starter = JobStarter(store, self._board, chosen.id)
        runs = partial(run_summaries, store, self._board, chosen.id)
        self.cross = CrossValidating(store, self._board, self._starter, chosen.id)
        self.agenda = Agenda(store)
        self._predictions = Predictions(store)
        self.review = Review(store, self._book, self._predictions, chosen.id)
        self.advice = Advice(
            store, self._book, self._starter, self._predictions, self.review, chosen.id, runs, self.agenda
        )
        self.labels = Labelling(store, self._book, self.review.corrections, self.advice, self._tell_slices)
        self.jobs = Jobs(
            store, self._board, self._starter, self.agenda, self.cross, self.advice, runs, self.run_changed.emit
        )
        self._reader, self._picture_reader = VolumeReader(), VolumeReader()
        self._importer = Importer(store, self._book, self._reader)
        self._pending: deque[Callable[[], None]] = deque()
        self.upkeep = Upkeep(store, chosen.id, lambda: self._board.running, self._after_upkeep)
        self.marks = ClassMarks(store, chosen.id)
        self.readers = Readers(store, chosen)
        self.sequences = Sequences(store, self._after_upkeep)
        store.saving.connect(self._on_saving)

    @classmethod
    def create(
        cls,
        folder: Path,
        class_names: list[str],
        name: str | None = None,
        *,
        patience: float | None = SAVE_PATIENCE_S,
    ) -> Session:
        """Make a project folder.

        Raises:
            SlicelabError: the classes are not usable, or the folder exists and is not empty.
            StorageError: the folder cannot be written.

        """
        classes = make_classes(class_names)
        return cls(ProjectStore.create(folder, name or folder.resolve().name, classes, patience=patience))

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        read_only: bool = False,
        reader: str | None = None,
        patience: float | None = SAVE_PATIENCE_S,
    ) -> Session:
        """Open a project.

        Args:
            folder: the project's folder.
            read_only: change nothing.
            reader: who labels; the project's first reader if None.
            patience: seconds after which a change that the disk does not take fails; None: it is tried for ever.

        Raises:
            ProjectLockedError: another window or command holds it; it says which job runs there, if one does.
            ProjectVersionError: a newer slicelab wrote it.
            SlicelabError: the folder is not a project, or the reader has no name.
            UnknownNameError: a further reader in a project that is open for reading only.

        """
        try:
            store = ProjectStore.open(folder, read_only=read_only, patience=patience)
        except ProjectLockedError as error:
            raise with_the_job(error, folder) from error
        try:
            return cls(store, reader)
        except BaseException:
            store.close()  # or it would stay locked
            raise

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Save what waits to be saved, and let go of the project."""
        self._board.close()
        self._picture_reader.close()
        self._reader.close()
        self._store.saving.disconnect(self._on_saving)
        self._store.close()

    @property
    def folder(self) -> Path:
        """The project's folder."""
        return self._store.folder

    @property
    def name(self) -> str:
        """The project's name."""
        return self._store.name

    @property
    def read_only(self) -> bool:
        """Whether nothing can be changed."""
        return self._store.read_only

    @property
    def classes(self) -> tuple[LabelClass, ...]:
        """The structures to segment."""
        return self._classes

    def add_class(self, name: str) -> LabelClass:
        """A further class, of which nothing is known on the slices labelled so far.

        It is neither learned nor measured there, and models that were trained before do not know it. It is taken out
        again by :attr:`upkeep`.

        Raises:
            SlicelabError: the name is not usable or taken, or there are 250 classes.
            ReadOnlyProjectError: the project is open for reading only.

        """
        require_write(self._store)
        made = self._store.add_class(name).result()
        self._after_upkeep()
        return made

    def rename_class(self, value: int, name: str) -> LabelClass:
        """Give a class another name; its value, labels and figures stay.

        Raises:
            UnknownNameError: there is no such class.
            SlicelabError: the name is not usable, or another class has it.
            ReadOnlyProjectError: the project is open for reading only.

        """
        require_write(self._store)
        made = self._store.rename_class(value, name).result()
        self._after_upkeep()
        return made

    # Cases ------------------------------------------------------------------------------------------------------

    def cases(self) -> tuple[CaseSummary, ...]:
        """All cases, in the order of their names."""
        return case_summaries(
            self._store, self.reader.id, self.classes, self._predictions.records(), self.sequences.names()
        )

    def find(self, names: Sequence[str]) -> tuple[CaseRecord, ...]:
        """Cases by name or id.

        Raises:
            UnknownNameError: a name that no case has.

        """
        return find_cases(names, self._store.cases())

    def open_case(self, case_id: str) -> CaseView:
        """A case read into memory.

        Raises:
            UnreadableFileError: its volume is damaged or gone.

        """
        return case_view(self._store, self._book.sheet(case_id), case_id)

    def thumbnail(self, case_id: str, side: int) -> npt.NDArray[np.uint8]:
        """The case's middle slice in grey, ``(row, column)`` uint8, at most about ``side`` pixels along each edge."""
        return thumbnail(self._store, case_id, side)

    def slice_pictures(self, case_id: str, side: int) -> SlicePictures:
        """Every slice of a case small and grey, in the case's window, as the viewer shows it in the radiological view.

        Raises:
            UnreadableFileError: its volume is damaged or gone.

        """
        return slice_pictures(self._store, case_id, side)

    def spacing(self, case_id: str) -> tuple[float, float, float]:
        """Voxel sizes along (slice, row, column), mm."""
        geometry = self._store.images(case_id)[0].geometry
        return stack_spacing(geometry.spacing, geometry.acquisition_axis)

    def set_window(self, case_id: str, low: float, high: float) -> Future[CaseRecord]:
        """Keep the window (intensities shown black and white) a case is looked at with."""
        require_write(self._store)
        windows.set_aside(self._store, windows.case_key(case_id), self._store.case(case_id).window)
        return self._store.update_case(case_id, window=(low, high))

    def set_window_preset(self, case_id: str, name: str) -> Future[None]:
        """Keep by what name the person chose a case's window, among those a window offers."""
        require_write(self._store)
        return windows.choose(self._store, windows.case_key(case_id), self._store.case(case_id).window, name)

    # Import -----------------------------------------------------------------------------------------------------

    def import_paths(
        self,
        paths: Sequence[Path],
        *,
        labels: LabelWish = "none",
        only: Sequence[str] | None = None,
        volume: int | Literal["each"] | None = None,
        masks_as_cases: bool = False,
        mask_class: str | None = None,
        progress: Callable[[int, int, str], None] = _no_progress,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> ImportReport:
        """Import files and folders; see :class:`Importer`. May be called from another thread.

        Of files that hold several volumes ``volume`` is taken, counted from 0, or each; without it they are refused.
        To choose for each file, use :meth:`look` and :meth:`import_found`. ``mask_class`` names the class that masks of
        one value are of.
        """
        found = self.look(paths)
        volumes = {} if volume is None else dict.fromkeys((s.name for s in several(found.sources)), volume)
        return self.import_found(
            found,
            labels=labels,
            only=only,
            volumes=volumes,
            masks_as_cases=masks_as_cases,
            mask_class=mask_class,
            progress=progress,
            should_stop=should_stop,
        )

    def look(self, paths: Sequence[Path]) -> Discovery:
        """What files and folders hold, from headers alone: the first half of an import.

        The reader process stays for the second half, :meth:`import_found`.

        Raises:
            SlicelabError: there is nothing at all.

        """
        require_write(self._store)
        try:
            return self._importer.look(paths)
        except BaseException:
            self._reader.close()
            raise

    def volume_pictures(self, source: Source, side: int) -> npt.NDArray[np.uint8]:
        """The middle slice of each volume of a source, small and grey, to choose by.

        Read in a process of its own, which :meth:`import_found` ends: the choice has been made by then.

        Returns:
            ``(volume, row, column)`` uint8, at most about ``side`` pixels along each edge.

        Raises:
            UnreadableFileError: the source cannot be read.

        """
        return self._picture_reader.pictures(source.image, side, series=source.series)

    def give_up_volume_pictures(self) -> None:
        """End a :meth:`volume_pictures` that runs in another thread; it raises there. Takes no time."""
        self._picture_reader.close()

    def import_found(
        self,
        found: Discovery,
        *,
        labels: LabelWish = "none",
        only: Sequence[str] | None = None,
        volumes: Mapping[str, VolumeWish] = MappingProxyType({}),
        masks_as_cases: bool = False,
        mask_class: str | None = None,
        progress: Callable[[int, int, str], None] = _no_progress,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> ImportReport:
        """Import what was found; see :meth:`Importer.run`. May be called from another thread."""
        require_write(self._store)
        self.give_up_volume_pictures()
        try:
            report = self._importer.run(
                found,
                labels=labels,
                only=only,
                volumes=volumes,
                masks_as_cases=masks_as_cases,
                mask_class=self._class_named(mask_class),
                progress=progress,
                should_stop=should_stop,
            )
        finally:
            self._reader.close()
        self._pending.append(self.cases_changed.emit)
        return report

    # Runs -------------------------------------------------------------------------------------------------------

    def poll(self) -> tuple[tuple[str, tuple[AnyEvent, ...]], ...]:
        """Read what jobs reported, write it into the project, and tell. Call about ten times a second.

        Returns:
            Run id and its new events, for the runs that have any.

        """
        while self._pending:
            self._pending.popleft()()
        news = self._board.poll()
        for run_id, _ in news:
            self.run_changed.emit(run_id)
        return news

    def runs(self) -> tuple[RunSummary, ...]:
        """All runs that were not removed, oldest first."""
        return run_summaries(self._store, self._board, self.reader.id)

    # Results ----------------------------------------------------------------------------------------------------

    def models_for(self, case_id: str) -> tuple[str, ...]:
        """Models that have predicted the case, latest last."""
        return self._predictions.models_for(case_id)

    def prediction(self, case_id: str, model: str | None = None) -> npt.NDArray[np.uint8] | None:
        """A model's (by default the latest's) mask of a case, ``(slice, row, column)`` uint8, if there is one."""
        models = self._predictions.models_for(case_id)
        if not models:
            return None
        return self._predictions.load(model or models[-1], case_id)

    def preview(self, run_id: str, case_id: str) -> npt.NDArray[np.uint8] | None:
        """What a training last made of a case on its way, ``(slice, row, column)`` uint8; None before it has."""
        return self._predictions.preview(run_id, case_id)

    def on_the_way(self, run_id: str, previewed: Mapping[str, int]) -> OnTheWay | None:
        """Dice of a training on its way on cases it does not learn from; see :func:`on_the_way`."""
        return on_the_way(self._store, self._predictions, self.reader.id, run_id, previewed)

    def way_of(self, run_id: str) -> tuple[OnTheWay, ...]:
        """What was kept of a training's Dice on its way; see :func:`way_of`."""
        return way_of(self._store, run_id, self.reader.id)

    def evaluate(
        self,
        run_id: str,
        cases: Sequence[str] | None = None,
        against: Path | None = None,
        mask_class: str | None = None,
        progress: Callable[[int, int, str], None] = _no_progress,
    ) -> Evaluation:
        """Measure a model's predictions against the project's done slices or a folder of masks.

        ``mask_class`` names the class that masks of one value are of.
        """
        record = find_run(run_id, self._store.runs())
        chosen = None if cases is None else self.find(cases)
        meant = self._class_named(mask_class)
        return Evaluator(self._store, self._predictions, self.reader.id).run(record, chosen, against, meant, progress)

    def measured(self, model: str) -> tuple[MetricRecord, ...]:
        """What was last measured of a model against this reader's own labels."""
        return tuple(
            one for one in self._store.metrics(model) if one.reference == "project" and one.reader_id == self.reader.id
        )

    def remembered(self, model: str) -> Remembered | None:
        """What was last measured of a model, with how many slices changed since; nothing is measured for it."""
        return remembered(self._store, self.reader.id, model)

    def outlook(self, init: str | None, left_out: Collection[str]) -> Outlook:
        """What a training from ``init`` would learn from if cases (ids) are left out; see :func:`outlook`."""
        return outlook(self._store, self.reader.id, init, left_out)

    def leaks(self, model: str) -> dict[str, Leak]:
        """What a model, or one it descends from, met of each case's patient; by case id."""
        return leaks_of(self._store, find_run(model, self._store.runs()), [case.id for case in self._store.cases()])

    def export(
        self,
        out: Path,
        run_id: str | None = None,
        *,
        uncertainty: bool = False,
        progress: Callable[[int, int, str], None] = _no_progress,
    ) -> ExportReport:
        """Write the labels, or a run's predictions (with their uncertainty), as NIfTI on the volumes' own grids."""
        if run_id is None:
            return export_labels(self._store, self._book, out, progress)
        return export_predictions(
            self._store, self._predictions, run_id, out, uncertainty=uncertainty, progress=progress
        )

    def export_model(self, run_id: str, out: Path) -> RunRecord:
        """Copy a run's model, and nothing else of the run, into a folder that can be handed on; returns the run.

        Raises:
            ModelFileError: the run left no model.
            SlicelabError: there is no such run, or the folder holds something.
            StorageError: the folder cannot be written.

        """
        return export_model(self._store, run_id, out)

    # ------------------------------------------------------------------------------------------------------------

    def _after_upkeep(self) -> None:
        """Classes and cases may be others now."""
        self._classes = self._store.classes()
        self.labels.set_classes(self._classes)
        self.review.corrections.set_classes(tuple(c.value for c in self._classes))
        self._pending.append(self.cases_changed.emit)

    def _class_named(self, name: str | None) -> LabelClass | None:
        return None if name is None else find_class(name, self.classes)

    def _tell_slices(self, case_id: str, slices: Sequence[int]) -> None:
        for index in slices:
            self.slice_changed.emit(case_id, index)
        self.case_changed.emit(case_id)

    def _on_saving(self, pending: int, problem: str | None) -> None:
        self.saving.emit(pending, problem)
