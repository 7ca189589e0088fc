"""The headless application: what the window and the command line can do with a project."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from psygnal import Signal

from slicelab.core.drawing.rule import NOTHING_LOCKED, among, repainted
from slicelab.core.errors import JobError, ProjectLockedError, ReadOnlyProjectError, SlicelabError
from slicelab.core.geometry import PLANE_NAMES, stack_letters, stack_spacing, to_stack
from slicelab.core.labels import Origin, SliceState, make_classes
from slicelab.core.naturalsort import natural_key
from slicelab.core.slices import LedgerCount, after_mask, overall
from slicelab.core.thumbnails import small_grey
from slicelab.data.model_files import copy_model
from slicelab.data.readers import VolumeReader, label_names_near
from slicelab.data.store.project import ProjectStore
from slicelab.data.writers import read_own_volume
from slicelab.engine.advising import Advice
from slicelab.engine.agenda import Agenda
from slicelab.engine.busy import with_the_job
from slicelab.engine.class_marks import ClassMarks
from slicelab.engine.crossvalidating import CrossValidating, wished
from slicelab.engine.drawing import anchors, copy_neighbour, interpolate_slices, mend_slices
from slicelab.engine.evaluating import Evaluator, leaks_of
from slicelab.engine.exporting import MaskToExport, export_masks, require_outside
from slicelab.engine.importing import Importer, map_mask
from slicelab.engine.job_board import JobBoard
from slicelab.engine.job_builder import JobOptions, overrides_of
from slicelab.engine.job_starter import JobStarter
from slicelab.engine.label_book import LabelBook
from slicelab.engine.lineage import known_to, model_of
from slicelab.engine.names import find_cases, find_class, find_run
from slicelab.engine.predictions import Predictions
from slicelab.engine.remembering import remembered
from slicelab.engine.reviewing import Review
from slicelab.engine.sequences import Sequences
from slicelab.engine.series import several
from slicelab.engine.upkeep import Upkeep
from slicelab.engine.views import CaseSummary, CaseView, RunSummary, SlicePictures
from slicelab.jobs.specs import bf16_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from concurrent.futures import Future
    from types import TracebackType
    from typing import Any, Literal

    import numpy.typing as npt

    from slicelab.core.drawing.mend import Mend
    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.evaluation import Evaluation
    from slicelab.core.labels import LabelClass
    from slicelab.core.splits import Leak
    from slicelab.data.readers import Discovery, Source
    from slicelab.data.store.records import CaseRecord, EditRecord, ImageRecord, MetricRecord, RunRecord, RunStatus
    from slicelab.engine.agenda import Wish
    from slicelab.engine.drawing import Drawing
    from slicelab.engine.exporting import ExportReport
    from slicelab.engine.importing import ImportReport, LabelWish, MappedMask
    from slicelab.engine.label_book import CaseSheet, Drawn, UndoResult
    from slicelab.engine.remembering import Remembered
    from slicelab.engine.series import VolumeWish
    from slicelab.engine.status import JobStatus
    from slicelab.engine.suggesting import Suggestion
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import Device, Method, Precision


SAVE_PATIENCE_S = 10.0
"""How long a command waits for a disk that takes nothing. A window waits for ever: its person goes on painting."""

_CHOSEN = "model_in_use"


def _no_progress(done: int, total: int, name: str) -> None:
    """Nobody watches."""


class Session:
    """One open project.

    What concerns reviewing hangs on :attr:`review`; what a network makes of slices and which to label, on
    :attr:`advice`; what is removed, restored, flagged and measured of the disk is in
    :attr:`upkeep`; what is to run next is in :attr:`agenda`; further images of cases are in :attr:`sequences`,
    which classes are locked and hidden in :attr:`marks`; cross-validation is in :attr:`cross`.

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
        readers = store.readers()
        chosen = next((r for r in readers if r.name == reader), None) if reader else readers[0]
        if chosen is None:
            chosen = store.add_reader(str(reader)).result()
        self.reader = chosen
        self._classes = store.classes()  # kept: reading them would wait behind queued saves
        self._book = LabelBook(store, chosen.id)
        self._board = JobBoard(store)
        self._starter = JobStarter(store, self._board, chosen.id)
        self.cross = CrossValidating(store, self._board, self._starter, chosen.id)
        self.agenda = Agenda(store)
        self._predictions = Predictions(store)
        self.review = Review(store, self._book, self._predictions, chosen.id)
        self.advice = Advice(
            store, self._book, self._starter, self._predictions, self.review, chosen.id, lambda: self.runs()
        )
        self._reader, self._picture_reader = VolumeReader(), VolumeReader()
        self._importer = Importer(store, self._book, self._reader)
        self._pending: deque[Callable[[], None]] = deque()
        self.upkeep = Upkeep(store, chosen.id, lambda: self._board.running, self._after_upkeep)
        self.marks = ClassMarks(store, chosen.id)
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
            SlicelabError: the folder is not a project.

        """
        try:
            store = ProjectStore.open(folder, read_only=read_only, patience=patience)
        except ProjectLockedError as error:
            raise with_the_job(error, folder) from error
        return cls(store, reader)

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
        self._require_write()
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
        self._require_write()
        made = self._store.rename_class(value, name).result()
        self._after_upkeep()
        return made

    # Cases ------------------------------------------------------------------------------------------------------

    def cases(self) -> tuple[CaseSummary, ...]:
        """All cases, in the order of their names."""
        ledger = self._store.ledger(self.reader.id)
        values = tuple(c.value for c in self.classes)
        models: dict[str, dict[str, None]] = {}
        for prediction in self._predictions.records():
            models.setdefault(prediction.case_id, {})[prediction.model_run] = None
        summaries = []
        seconds, further = self._store.labelling_seconds(self.reader.id), self.sequences.names()
        for case in self._store.cases():
            geometry = self._store.images(case.id)[0].geometry
            states = ledger.get(case.id, {})
            count = LedgerCount()
            for index in range(geometry.stack_shape[0]):
                count = count.plus(overall(states.get(index, {}), values))
            summaries.append(
                CaseSummary(
                    id=case.id,
                    name=case.name,
                    patient=case.patient_id,
                    count=count,
                    flagged=case.flagged,
                    models=tuple(models.get(case.id, ())),
                    plane=PLANE_NAMES[geometry.acquisition_axis],
                    notes=case.notes,
                    seconds=seconds.get(case.id, 0.0),
                    sequences=further.get(case.id, ()),
                )
            )
        return tuple(sorted(summaries, key=lambda summary: natural_key(summary.name)))

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
        case, image = self._store.case(case_id), self._store.images(case_id)[0]
        geometry = image.geometry
        stack, window = self._seen(case, image)
        sheet = self._book.sheet(case_id)
        return CaseView(
            id=case.id,
            name=case.name,
            image=stack,
            labels=sheet.masks,
            states=sheet.states,
            spacing=stack_spacing(geometry.spacing, geometry.acquisition_axis),
            plane=PLANE_NAMES[geometry.acquisition_axis],
            letters=stack_letters(geometry.acquisition_axis),
            geometry=geometry,
            window=window,
            notes=image.notes,
        )

    def thumbnail(self, case_id: str, side: int) -> npt.NDArray[np.uint8]:
        """The case's middle slice in grey, ``(row, column)`` uint8, at most about ``side`` pixels along each edge."""
        image = self._store.images(case_id)[0]
        axis = image.geometry.acquisition_axis
        stack = to_stack(read_own_volume(self.folder / image.path, mmap=False).voxels, axis)
        return small_grey(stack[stack.shape[0] // 2], side)

    def slice_pictures(self, case_id: str, side: int) -> SlicePictures:
        """Every slice of a case small and grey, in the case's window, as the viewer shows it in the radiological view.

        Raises:
            UnreadableFileError: its volume is damaged or gone.

        """
        image = self._store.images(case_id)[0]
        stack, window = self._seen(self._store.case(case_id), image)
        axis = image.geometry.acquisition_axis
        _, down, across = stack_spacing(image.geometry.spacing, axis)
        grey = np.stack([small_grey(one, side, window) for one in stack])
        return SlicePictures(grey, down / across, PLANE_NAMES[axis])

    def _seen(self, case: CaseRecord, image: ImageRecord) -> tuple[npt.NDArray[Any], tuple[float, float]]:
        """A case's image as a stack ``(slice, row, column)``, and the (low, high) it is shown with."""
        volume = read_own_volume(self.folder / image.path, mmap=False)
        stack = np.ascontiguousarray(to_stack(volume.voxels, image.geometry.acquisition_axis))
        low, high = case.window or np.percentile(stack[:, ::2, ::2], (1.0, 99.0)).tolist()
        return stack, (float(low), float(high) if high > low else float(low) + 1.0)

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
        self._require_write()
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
        self._require_write()
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

    # Labels -----------------------------------------------------------------------------------------------------

    def label_stack(self, case_id: str) -> npt.NDArray[np.uint8]:
        """The case's labels ``(slice, row, column)``: the session's own array."""
        return self._book.sheet(case_id).masks

    def states(self, case_id: str) -> list[dict[int, SliceState]]:
        """Per slice, class value to state: the session's own list."""
        return self._book.sheet(case_id).states

    def edit_slices(
        self,
        case_id: str,
        masks: Mapping[int, npt.NDArray[np.uint8]],
        action: str,
        *,
        seconds: float = 0.0,
        origin: Origin = Origin.PAINTED,
        origin_run: str | None = None,
        silent_on: Collection[int] | Mapping[int, Collection[int]] = (),
        before: Mapping[int, npt.NDArray[np.uint8]] | None = None,
    ) -> Future[EditRecord]:
        """Put new masks on slices, as drafts, in one undo step. Returns at once; the future says when it is on disk.

        Args:
            case_id: the case.
            masks: slice index (from 0) to the whole slice's new mask ``(row, column)`` uint8.
            action: one word for the history, such as brush.
            seconds: labelling time spent on it.
            origin: where the masks came from.
            origin_run: the run, if accepted from one.
            silent_on: classes that the masks say nothing of, on all slices or slice by slice: where their voxels stay,
                what is known of them does, and so does that nothing is. What is painted says nothing of an unknown
                class whose voxels it leaves, unless nothing is known of the whole slice.
            before: what the slices were when the masks were made: only what differs from it is put on, so that what
                came in meanwhile (a mask that was imported) stays. None: the masks as they are.

        """
        self._require_write()
        with self._book.held:
            if before is not None:
                masks = repainted(self._book.sheet(case_id).masks, before, masks)
            future = self._book.edit(
                case_id, masks, action, origin=origin, origin_run=origin_run, silent_on=silent_on, seconds=seconds
            )
        if origin_run is not None:
            self.review.corrections.saw(case_id, tuple(masks), origin_run)
        self._tell_slices(case_id, tuple(masks))
        return future

    def mark(
        self,
        case_id: str,
        slices: Sequence[int],
        state: SliceState,
        class_values: Sequence[int] | None = None,
        *,
        seconds: float = 0.0,
    ) -> Future[EditRecord]:
        """Set the state of slices (for all classes, or the given ones); undoable like any edit.

        Slices that become done are measured against the newest model's mask of them, see :class:`Corrections`; and how
        they came to be labelled is noted, see :meth:`Advice.follow`.
        """
        self._require_write()
        values = tuple(c.value for c in self.classes) if class_values is None else class_values
        future = self._book.mark(case_id, slices, state, values, seconds=seconds)
        if state is SliceState.DONE:
            self._finished(case_id, slices, future)
        self._tell_slices(case_id, tuple(slices))
        return future

    def confirm(self, case_id: str, *, seconds: float = 0.0) -> tuple[tuple[int, ...], Future[EditRecord] | None]:
        """Every draft of a case becomes done, each for the classes that are drafts on its slice; one undo step.

        A class of which nothing is known on a slice stays unknown there, also when others were painted or mended since:
        nobody has looked for it.

        Returns:
            The slices (from 0), and when they are on disk; none and None where there is no draft.

        """
        self._require_write()
        slices, future = self._book.confirm(case_id, self._values, seconds=seconds)
        if future is not None:
            self._finished(case_id, slices, future)
            self._tell_slices(case_id, slices)
        return slices, future

    def anchors(self, case_id: str) -> tuple[bool, ...]:
        """Per slice, whether it is labelled by more than an interpolation; see :meth:`interpolate`."""
        return anchors(self._book.sheet(case_id), self._values)

    def mend(
        self,
        case_id: str,
        class_value: int,
        mend: Mend,
        *,
        mm: float = 1.0,
        slices: Sequence[int] | None = None,
        rule: DrawRule = NOTHING_LOCKED,
        seconds: float = 0.0,
    ) -> Drawn:
        """Smooth, grow or shrink a class, fill its holes, remove its islands; within each slice, as one undo step.

        Args:
            case_id: the case.
            class_value: the class.
            mend: what to do.
            mm: how far to smooth, grow or shrink.
            slices: on which slices (from 0); None: on all that have the class. The changed ones become drafts.
            rule: what may be painted over.
            seconds: labelling time spent on it.

        Raises:
            SlicelabError: the class is locked or is not there, or nothing about it changes.

        """
        item = next(c for c in self.classes if c.value == class_value)
        spacing = self.spacing(case_id)
        return self._draw(case_id, lambda s: mend_slices(s, item, mend, mm, spacing, rule, slices), seconds)

    def copy_slice(
        self,
        case_id: str,
        target: int,
        source: int,
        *,
        rule: DrawRule = NOTHING_LOCKED,
        seconds: float = 0.0,
    ) -> Drawn:
        """Put the outlines of one slice on another, which becomes a draft. Slices count from 0.

        Raises:
            SlicelabError: there is nothing to copy, or nothing changes by it.

        """
        return self._draw(case_id, lambda s: copy_neighbour(s, target, source, rule, self._values), seconds)

    def interpolate(self, case_id: str, at: int | None = None, *, seconds: float = 0.0) -> Drawn:
        """Fill the unlabelled slices between labelled ones from the outlines at both ends, as drafts.

        Drafts that an earlier interpolation left, and nobody touched since, are made anew.

        Args:
            case_id: the case.
            at: a slice (from 0) of the gap to fill; None: every gap of the case.
            seconds: labelling time spent on it.

        Raises:
            SlicelabError: there is no such gap.

        """
        spacing = self.spacing(case_id)
        return self._draw(case_id, lambda s: interpolate_slices(s, spacing, self._values, at), seconds)

    def set_window(self, case_id: str, low: float, high: float) -> Future[CaseRecord]:
        """Keep the window (intensities shown black and white) a case is looked at with."""
        self._require_write()
        return self._store.update_case(case_id, window=(low, high))

    def undo(self, case_id: str) -> UndoResult | None:
        """Take back the last change of the case."""
        return self._after_undo(case_id, self._book.undo(case_id))

    def redo(self, case_id: str) -> UndoResult | None:
        """Do again what was taken back."""
        return self._after_undo(case_id, self._book.redo(case_id))

    def undo_text(self, case_id: str) -> str | None:
        """What undo would take back, such as "brush, slice 12"."""
        return self._book.next_text(case_id, back=True)

    def redo_text(self, case_id: str) -> str | None:
        """What redo would do again."""
        return self._book.next_text(case_id, back=False)

    def read_mask(self, case_id: str, path: Path, mask_class: str | None = None, *, whole: bool = False) -> MappedMask:
        """A mask file in the project's classes; nothing is changed.

        Where no ``dataset.json`` names its structures, class k is value k, and it speaks of the classes it holds: see
        :func:`slicelab.engine.importing.map_mask`.

        Args:
            case_id: the case.
            path: the mask file, on the grid of the case's image.
            mask_class: the class that its one value means.
            whole: whether it speaks of every class, so that what it does not show is not there.

        Raises:
            GeometryMismatchError: the mask does not lie on the image's grid.
            SlicelabError: it holds no class of the project, or several values where one class is named.
            UnknownNameError: the project has no such class.

        """
        meant = self._class_named(mask_class)
        with VolumeReader() as reader:
            read = reader.read(path, mask=True)
        grid = self._store.images(case_id)[0].native_geometry
        mapped = map_mask(read, grid, label_names_near(path.parent), self.classes, meant, present_alone=not whole)
        return replace(mapped, known=self._values) if whole else mapped

    def label_from_mask(self, case_id: str, mask: Path | MappedMask, slices: Sequence[int] | None = None) -> MappedMask:
        """Take slices of a case's labels from a mask; they become done for the classes the mask speaks of.

        Args:
            case_id: the case.
            mask: the mask file, or what :meth:`read_mask` made of it.
            slices: slice indices from 0; None for all.

        Raises:
            GeometryMismatchError: the mask does not lie on the image's grid.
            SlicelabError: it holds no class of the project, or a slice the case does not have.

        """
        self._require_write()
        mapped = self.read_mask(case_id, mask) if isinstance(mask, Path) else mask
        count = mapped.stack.shape[0]
        wanted = list(range(count)) if slices is None else list(dict.fromkeys(slices))
        outside = [index for index in wanted if not 0 <= index < count]
        if outside:
            raise SlicelabError(f"The case has slices 1 to {count}; slice {outside[0] + 1} is not among them.")
        with self._book.held:  # a stroke painted while the file was read is kept
            sheet = self._book.sheet(case_id)
            merged = {i: _merge(sheet.masks[i], mapped.stack[i], mapped.known) for i in wanted}
            masks = {i: among(self._values, sheet.masks[i], merged[i]) for i in wanted}
            states = {
                i: after_mask(sheet.states[i], mapped.known, _taken_from(sheet.masks[i], masks[i])) for i in wanted
            }
            saved = self._book.edit(case_id, masks, "import", states=states, origin=Origin.IMPORTED)
        saved.result()
        self._tell_slices(case_id, tuple(wanted))
        return mapped

    # Jobs -------------------------------------------------------------------------------------------------------

    def start_pretrain(
        self,
        method: Method = "contrastive",
        *,
        exclude: Sequence[str] = (),
        preset: str = "fast",
        steps: int | None = None,
        seed: int = 0,
        device: Device = "auto",
        precision: Precision = "auto",
        overrides: Mapping[str, object] | None = None,
        processes: int | None = 1,
    ) -> str:
        """Start to learn from the unlabelled pool; see :meth:`JobStarter.pretrain`. Returns the run's id."""
        self._require_write()
        options = JobOptions(preset, steps, seed, device, bf16=bf16_of(precision), overrides=overrides or {})
        return self._starter.pretrain(method, self.find(exclude), options, processes)

    def start_finetune(
        self,
        init: str | None = None,
        *,
        train: Sequence[str] | None = None,
        val: Sequence[str] = (),
        exclude: Sequence[str] = (),
        preset: str = "fast",
        steps: int | None = None,
        seed: int = 0,
        device: Device = "auto",
        precision: Precision = "auto",
        overrides: Mapping[str, object] | None = None,
        preview: Sequence[str] = (),
    ) -> str:
        """Start to learn from the slices that are done; see :meth:`JobStarter.finetune`. Returns the run's id."""
        self._require_write()
        chosen = None if train is None else self.find(train)
        shown = [case for case in self._store.cases() if case.id in preview]  # by id alone: a name may look like one
        options = JobOptions(preset, steps, seed, device, bf16=bf16_of(precision), overrides=overrides or {})
        return self._starter.finetune(init, chosen, self.find(val), options, self.find(exclude), shown)

    def start_predict(
        self,
        model: str,
        *,
        cases: Sequence[str] | None = None,
        first: str | None = None,
        preset: str | None = None,
        seed: int = 0,
        device: Device = "auto",
        precision: Precision = "auto",
        overrides: Mapping[str, object] | None = None,
    ) -> str:
        """Start to segment cases (None: all), the one of the id ``first`` before the others, if it is among them.

        See :meth:`JobStarter.predict`. Returns the run's id.
        """
        self._require_write()
        chosen = None if cases is None else self.find(cases)
        if first is not None:
            chosen = tuple(sorted(self._store.cases() if chosen is None else chosen, key=lambda case: case.id != first))
        options = JobOptions(preset, None, seed, device, bf16=bf16_of(precision), overrides=overrides or {})
        return self._starter.predict(model, chosen, options)

    def start(self, wish: Wish, *, first: str | None = None, device: Device = "auto") -> str | None:
        """Start a job that was asked for, with the labels and runs there are now; returns the run's id.

        None where there is nothing left to do: the network has looked at every slice already.
        A training promises a prediction: see :meth:`start_promised`.

        Args:
            wish: the job.
            first: of a prediction, the case (id) before the others.
            device: where to compute.

        Raises:
            JobError: it cannot be started, or another job runs.
            UnknownNameError: the run it was to start from is gone.

        """
        out = [case.id for case in self._store.cases() if case.id in wish.exclude]  # others were removed since
        if wish.kind == "pretrain":
            return self.start_pretrain(wish.method or "contrastive", exclude=out, steps=wish.steps, device=device)
        if wish.kind == "embed":
            return self.start_embed(wish.init, device=device)
        if wish.kind == "finetune":
            run = self.start_finetune(wish.init, exclude=out, steps=wish.steps, preview=wish.preview, device=device)
            self.agenda.promise(run, next(iter(wish.preview), None))
            return run
        if wish.cases:
            chosen = [case for case in self._store.cases() if case.id in wish.cases]  # by id alone, as above
            return self._starter.predict(wish.init or "", chosen, JobOptions(preset=None, device=device))
        if wish.kind == "compare" or wish.kind == "crossvalidate":
            return self.cross.start(wished(wish, device))
        return self.start_predict(wish.init or "", first=first, device=device)

    def start_promised(self, *, first: str | None = None, device: Device = "auto") -> str | None:
        """Start the prediction that follows a training which has finished, if one is due; returns the run's id.

        Args:
            first: the case (id) before the others; None takes the one that was open when the training began.
            device: where to compute.

        Raises:
            JobError: it cannot be started, or another job runs; it stays due.

        """
        finished = [run.id for run in self.runs() if run.status == "finished"]
        due = self.agenda.due(finished)
        if due is None:
            return None
        run = self.start_predict(due[0], first=first or due[1], device=device)
        self.agenda.withdraw(*finished)
        self._store.set_setting(_CHOSEN, "").result()  # from now on the new model is in use
        return run

    @property
    def chosen_model(self) -> str | None:
        """The model that a person chose to use; None where none was, or one that was trained since takes its place."""
        finished = [run.id for run in self.runs() if run.status == "finished"]
        return None if self.agenda.due(finished) is not None else self._store.setting(_CHOSEN) or None

    def choose_model(self, model: str) -> None:
        """Use a model until another one is chosen, or a training that is followed by its prediction has finished.

        Raises:
            ReadOnlyProjectError: the project is open for reading only.

        """
        self._require_write()
        self._store.set_setting(_CHOSEN, model).result()

    def start_embed(
        self, run_id: str | None = None, *, device: Device = "auto", precision: Precision = "auto"
    ) -> str | None:
        """Start to have a run's network look at every slice, which :meth:`suggest` needs; None if it has already.

        Args:
            run_id: a pretraining or finetuning; None takes the latest pretraining, or else the latest finetuning.
            device: where to compute.
            precision: number format of the network.

        Raises:
            JobError: no run holds weights, no case is left, or another job runs.

        """
        self._require_write()
        return self.advice.start_embed(run_id, JobOptions(device=device, bf16=bf16_of(precision)))

    def suggest(
        self, count: int, *, slices: int = 0, run_id: str | None = None, exclude: Sequence[str] = (), seed: int = 0
    ) -> Suggestion:
        """The cases (and slices of them) that stand best for all; see :func:`slicelab.engine.suggesting.choose`.

        Args:
            count: cases.
            slices: slices of each; 0 for none.
            run_id: as in :meth:`start_embed`, which comes first.
            exclude: cases to leave out, with their patients. Those a pretraining left out are, without being named.
            seed: of the search, where it is not exact.

        Raises:
            JobError: no run holds weights, or its network has not looked at the slices yet.
            SlicelabError: there are fewer patients left to choose from.

        """
        return self.advice.suggest(count, slices=slices, run_id=run_id, exclude=exclude, seed=seed)

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

    def status(self, run_id: str) -> JobStatus:
        """A run as a person sees it."""
        return self._board.status(run_id)

    @property
    def running(self) -> tuple[str, ...]:
        """Runs that have not ended."""
        return self._board.running

    def stop(self, run_id: str) -> None:
        """Ask a job to save what it has and end."""
        self._board.wish(run_id, "stop")

    def pause(self, run_id: str) -> None:
        """Ask a job to hold still."""
        self._board.wish(run_id, "pause")

    def resume(self, run_id: str, device: Device | None = None, processes: int = 1) -> int | None:
        """Let a job go on: one that is paused, or one that failed or was stopped, from its last checkpoint.

        Args:
            run_id: the run.
            device: where to compute from now on, for a job that ended; None leaves it as it was.
            processes: how many share each batch of a pretraining from now on, for a job that ended.

        Returns:
            The step (for a prediction, the number of cases) it goes on from; None if it starts from the beginning.

        Raises:
            UnknownNameError: the project has no such run.
            JobError: it has finished, another job is running, its process cannot be started, or it is running and
                another device is asked for.

        """
        self._require_write()
        self._board.poll()
        if run_id in self._board.running:
            if device is not None:
                raise JobError(f"Run {run_id} is running and stays where it computes.", "Stop it first.")
            self._board.wish(run_id, "go")
            return self.status(run_id).step
        step = self._board.go_on(find_run(run_id, self._store.runs()).id, device, processes)
        self.run_changed.emit(run_id)
        return step

    def checkpoint(self, run_id: str) -> int | None:
        """Step that a run which ended early would go on from; None if it would start from the beginning."""
        return self._board.checkpoint(run_id)

    def let_go_on(self, run_id: str) -> None:
        """Let a running job go on when this process is gone; whoever opens the project next follows it."""
        self._board.let_go_on(run_id)

    def kill(self, run_id: str) -> None:
        """End a job that does not listen."""
        self._board.kill(run_id)

    def runs(self) -> tuple[RunSummary, ...]:
        """All runs that were not removed, oldest first."""
        hidden = self._store.removed_runs()
        return tuple(self._summarise(run) for run in self._store.runs() if run.id not in hidden)

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
        """What was last measured of a model against the project's own labels."""
        return tuple(one for one in self._store.metrics(model) if one.reference == "project")

    def remembered(self, model: str) -> Remembered | None:
        """What was last measured of a model, with how many slices changed since; nothing is measured for it."""
        return remembered(self._store, self.reader.id, model)

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
        require_outside(out, self.folder)
        masks = []
        runs = {run.id: run for run in self._store.runs()}
        model = model_of(find_run(run_id, list(runs.values())), runs).id if run_id is not None else None
        for case in self._store.cases():
            image = self._store.images(case.id)[0]
            if model is not None:
                stack = self._predictions.load(model, case.id)
                if stack is not None:
                    doubt = self._predictions.uncertainty(model, case.id) if uncertainty else None
                    masks.append(MaskToExport(case, image, stack, uncertainty=doubt))
            elif any(self.states(case.id)):
                masks.append(MaskToExport(case, image, self.label_stack(case.id), self.states(case.id)))
        known = frozenset[int]() if model is None else known_to(runs[model])
        # Of a class the model does not know its masks say nothing; where it is not on record what it knows, all stay.
        return export_masks(out, masks, [c for c in self.classes if not known or c.value in known], progress)

    def export_model(self, run_id: str, out: Path) -> RunRecord:
        """Copy a run's model, and nothing else of the run, into a folder that can be handed on; returns the run.

        Raises:
            ModelFileError: the run left no model.
            SlicelabError: there is no such run, or the folder holds something.
            StorageError: the folder cannot be written.

        """
        require_outside(out, self.folder)
        runs = {run.id: run for run in self._store.runs()}
        record = model_of(find_run(run_id, list(runs.values())), runs)
        if out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise SlicelabError("The folder for the model is not empty.", "Choose an empty one; nothing is replaced.")
        copy_model(self.folder / "runs" / record.id, out)
        return record

    # ------------------------------------------------------------------------------------------------------------

    def _after_upkeep(self) -> None:
        """Classes and cases may be others now."""
        self._classes = self._store.classes()
        self._book.set_classes(self._values)
        self.review.corrections.set_classes(self._values)
        self._pending.append(self.cases_changed.emit)

    def _require_write(self) -> None:
        if self.read_only:
            raise ReadOnlyProjectError(
                self._store.notice or "The project is open for reading only.",
                "" if self._store.notice else "Close it elsewhere, then open it again.",
            )

    def _class_named(self, name: str | None) -> LabelClass | None:
        return None if name is None else find_class(name, self.classes)

    @property
    def _values(self) -> tuple[int, ...]:
        return tuple(c.value for c in self.classes)

    def spacing(self, case_id: str) -> tuple[float, float, float]:
        """Voxel sizes along (slice, row, column), mm."""
        geometry = self._store.images(case_id)[0].geometry
        return stack_spacing(geometry.spacing, geometry.acquisition_axis)

    def _draw(self, case_id: str, call: Callable[[CaseSheet], Drawing], seconds: float) -> Drawn:
        """Draw, once it is known which of the new outlines come from a model's mask, by way of other slices."""
        self._require_write()

        def made(sheet: CaseSheet) -> Drawing:
            drawing = call(sheet)
            self.review.corrections.made_from(case_id, drawing.sources)
            return drawing

        drawn = self._book.draw(case_id, made, seconds=seconds)
        self._tell_slices(case_id, drawn.slices)
        return drawn

    def _finished(self, case_id: str, slices: Sequence[int], saved: Future[EditRecord]) -> None:
        """Slices are done: what is noted about that."""
        self.review.corrections.finished(case_id, slices, saved)
        self.advice.finished(case_id, slices, saved)

    def _tell_slices(self, case_id: str, slices: Sequence[int]) -> None:
        for index in slices:
            self.slice_changed.emit(case_id, index)
        self.case_changed.emit(case_id)

    def _after_undo(self, case_id: str, result: UndoResult | None) -> UndoResult | None:
        if result is not None:
            self._tell_slices(case_id, result.slices)
        return result

    def _on_saving(self, pending: int, problem: str | None) -> None:
        self.saving.emit(pending, problem)

    def _status_word(self, run: RunRecord) -> RunStatus:
        """How the run ended; one that may only be read about may have ended without anybody noting it."""
        if run.status != "running" or not self.read_only:
            return run.status
        state = self._board.status(run.id).state
        return state if state == "finished" or state == "cancelled" or state == "failed" else run.status

    def _summarise(self, run: RunRecord) -> RunSummary:
        entries = self._store.run_cases(run.id)
        beside = ("val", "pool") if run.kind == "finetune" else ()
        used = [entry for entry in entries if entry.role not in beside]
        chosen_by = [entry for entry in entries if entry.role == "val"]
        pool = [entry for entry in entries if entry.role == "pool" and beside]
        return RunSummary(
            id=run.id,
            kind=run.kind,
            status=self._status_word(run),
            preset=run.preset,
            overrides=overrides_of(run),
            method=run.method,
            init=run.init,
            created=run.created,
            finished=run.finished,
            cases=len(used),
            slices=sum(entry.slices for entry in used),
            unlabelled=sum(entry.slices for entry in pool),
            validation_cases=len(chosen_by),
            validation_slices=sum(entry.slices for entry in chosen_by),
            has_weights=self._board.has_weights(run.id),
            message=run.message,
        )


def _merge(present: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8], known: Sequence[int]) -> npt.NDArray[np.uint8]:
    """The mask's classes over what is there; classes the mask does not speak of keep their voxels."""
    kept = np.where(np.isin(present, known), 0, present)
    return np.where(mask > 0, mask, kept).astype(np.uint8)


def _taken_from(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> tuple[int, ...]:
    """Class values that had voxels which are another's, or nothing's, now."""
    return tuple(int(value) for value in np.unique(before[before != after]) if value)
