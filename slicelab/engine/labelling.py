"""Labels of an open project: what is painted, mended, marked, taken back, and read from mask files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.drawing.rule import NOTHING_LOCKED, among, repainted
from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import stack_spacing
from slicelab.core.labels import Origin, SliceState
from slicelab.core.slices import after_mask
from slicelab.data.readers import VolumeReader, label_names_near
from slicelab.engine.drawing import anchors, copy_neighbour, interpolate_slices, mend_slices
from slicelab.engine.importing import map_mask
from slicelab.engine.names import find_class
from slicelab.engine.permission import require_write

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from concurrent.futures import Future

    import numpy.typing as npt

    from slicelab.core.drawing.mend import Mend
    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.labels import LabelClass
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import EditRecord
    from slicelab.engine.advising import Advice
    from slicelab.engine.correcting import Corrections
    from slicelab.engine.drawing import Drawing
    from slicelab.engine.importing import MappedMask
    from slicelab.engine.label_book import CaseSheet, Drawn, LabelBook, UndoResult


class Labelling:
    """Calls about labels, on an open project: each change is saved, noted where that is due, and told.

    Args:
        store: the project.
        book: the labels of the reader.
        corrections: told which masks were taken over from a model, and which slices are done.
        advice: told which slices are done.
        tell: called with a case and its slices (from 0) whose labels are others now.

    Every call that changes something raises ReadOnlyProjectError where the project is open for reading only.

    """

    def __init__(
        self,
        store: ProjectStore,
        book: LabelBook,
        corrections: Corrections,
        advice: Advice,
        tell: Callable[[str, Sequence[int]], None],
    ) -> None:
        self._store = store
        self._book = book
        self._corrections = corrections
        self._advice = advice
        self._tell = tell
        self._classes = store.classes()  # kept: reading them would wait behind queued saves

    def set_classes(self, classes: tuple[LabelClass, ...]) -> None:
        """The project's classes are others now."""
        self._classes = classes
        self._book.set_classes(self._values)

    def stack(self, case_id: str) -> npt.NDArray[np.uint8]:
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
        require_write(self._store)
        with self._book.held:
            if before is not None:
                masks = repainted(self._book.sheet(case_id).masks, before, masks)
            future = self._book.edit(
                case_id, masks, action, origin=origin, origin_run=origin_run, silent_on=silent_on, seconds=seconds
            )
        if origin_run is not None:
            self._corrections.saw(case_id, tuple(masks), origin_run)
        self._tell(case_id, tuple(masks))
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
        require_write(self._store)
        values = tuple(c.value for c in self._classes) if class_values is None else class_values
        future = self._book.mark(case_id, slices, state, values, seconds=seconds)
        if state is SliceState.DONE:
            self._finished(case_id, slices, future)
        self._tell(case_id, tuple(slices))
        return future

    def confirm(self, case_id: str, *, seconds: float = 0.0) -> tuple[tuple[int, ...], Future[EditRecord] | None]:
        """Every draft of a case becomes done, each for the classes that are drafts on its slice; one undo step.

        A class of which nothing is known on a slice stays unknown there, also when others were painted or mended since:
        nobody has looked for it.

        Returns:
            The slices (from 0), and when they are on disk; none and None where there is no draft.

        """
        require_write(self._store)
        slices, future = self._book.confirm(case_id, self._values, seconds=seconds)
        if future is not None:
            self._finished(case_id, slices, future)
            self._tell(case_id, slices)
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
        item = next(c for c in self._classes if c.value == class_value)
        spacing = self._spacing(case_id)
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
        spacing = self._spacing(case_id)
        return self._draw(case_id, lambda s: interpolate_slices(s, spacing, self._values, at), seconds)

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
        meant = None if mask_class is None else find_class(mask_class, self._classes)
        with VolumeReader() as reader:
            read = reader.read(path, mask=True)
        grid = self._store.images(case_id)[0].native_geometry
        mapped = map_mask(read, grid, label_names_near(path.parent), self._classes, meant, present_alone=not whole)
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
        require_write(self._store)
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
        self._tell(case_id, tuple(wanted))
        return mapped

    # ------------------------------------------------------------------------------------------------------------

    @property
    def _values(self) -> tuple[int, ...]:
        return tuple(c.value for c in self._classes)

    def _spacing(self, case_id: str) -> tuple[float, float, float]:
        """Voxel sizes along (slice, row, column), mm."""
        geometry = self._store.images(case_id)[0].geometry
        return stack_spacing(geometry.spacing, geometry.acquisition_axis)

    def _draw(self, case_id: str, call: Callable[[CaseSheet], Drawing], seconds: float) -> Drawn:
        """Draw, once it is known which of the new outlines come from a model's mask, by way of other slices."""
        require_write(self._store)

        def made(sheet: CaseSheet) -> Drawing:
            drawing = call(sheet)
            self._corrections.made_from(case_id, drawing.sources)
            return drawing

        drawn = self._book.draw(case_id, made, seconds=seconds)
        self._tell(case_id, drawn.slices)
        return drawn

    def _finished(self, case_id: str, slices: Sequence[int], saved: Future[EditRecord]) -> None:
        """Slices are done: what is noted about that."""
        self._corrections.finished(case_id, slices, saved)
        self._advice.finished(case_id, slices, saved)

    def _after_undo(self, case_id: str, result: UndoResult | None) -> UndoResult | None:
        if result is not None:
            self._tell(case_id, result.slices)
        return result


def _merge(present: npt.NDArray[np.uint8], mask: npt.NDArray[np.uint8], known: Sequence[int]) -> npt.NDArray[np.uint8]:
    """The mask's classes over what is there; classes the mask does not speak of keep their voxels."""
    kept = np.where(np.isin(present, known), 0, present)
    return np.where(mask > 0, mask, kept).astype(np.uint8)


def _taken_from(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> tuple[int, ...]:
    """Class values that had voxels which are another's, or nothing's, now."""
    return tuple(int(value) for value in np.unique(before[before != after]) if value)
