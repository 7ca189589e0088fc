"""The labels of the cases in hand: in memory at once, on disk through the store, undo by the store's history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.drawing.rule import among
from slicelab.core.labels import Origin, SliceState
from slicelab.core.slices import (
    Overall,
    after_confirming,
    after_edit,
    done_classes,
    overall,
    state_of,
    unlooked_for,
)
from slicelab.data.store.records import SliceChange

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from concurrent.futures import Future

    import numpy.typing as npt

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import EditRecord
    from slicelab.engine.drawing import Drawing


@dataclass(eq=False)
class CaseSheet:
    """One case's labels as a stack ``(slice, row, column)`` uint8 and the states of each slice."""

    masks: npt.NDArray[np.uint8]
    states: list[dict[int, SliceState]]
    stored: list[bool]  # whether the store has a row for the slice
    origins: list[Origin | None]  # where each slice's mask came from; None where there is none
    done: list[str]  # what undo would take back, in words, the last one next
    undone: list[str]  # what redo would do again, the last one next


@dataclass(frozen=True)
class UndoResult:
    """What an undo or redo touched.

    Attributes:
        text: what was undone, such as "brush, slice 12".
        slices: slice indices, from 0.

    """

    text: str
    slices: tuple[int, ...]


@dataclass(frozen=True)
class Drawn:
    """A change that was made, and is being saved.

    Attributes:
        slices: slice indices, from 0.
        saved: done when it is on disk.

    """

    slices: tuple[int, ...]
    saved: Future[EditRecord]


class LabelBook:
    """Loads, changes and undoes labels of one reader. Every change is one transaction and one undo step."""

    def __init__(self, store: ProjectStore, reader_id: int) -> None:
        self._store = store
        self._reader = reader_id
        self._class_values = tuple(c.value for c in store.classes())
        self._sheets: dict[str, CaseSheet] = {}
        self._lock = RLock()

    def sheet(self, case_id: str) -> CaseSheet:
        """The case's labels, read from the store the first time."""
        with self._lock:
            if case_id not in self._sheets:
                self._sheets[case_id] = self._load(case_id)
            return self._sheets[case_id]

    @property
    def held(self) -> RLock:
        """Held, nobody else changes labels: for changes that are worked out from what is there."""
        return self._lock

    def set_classes(self, values: tuple[int, ...]) -> None:
        """The project's classes are others now."""
        with self._lock:
            self._class_values = values

    def forget(self, case_id: str) -> None:
        """Read the case anew the next time (its labels were changed elsewhere)."""
        with self._lock:
            self._sheets.pop(case_id, None)

    def edit(
        self,
        case_id: str,
        masks: Mapping[int, npt.NDArray[np.uint8]],
        action: str,
        *,
        states: Mapping[int, dict[int, SliceState]] | None = None,
        origin: Origin = Origin.PAINTED,
        origin_run: str | None = None,
        origins: Mapping[int, tuple[Origin, str | None]] | None = None,
        silent_on: Collection[int] | Mapping[int, Collection[int]] = (),
        seconds: float = 0.0,
    ) -> Future[EditRecord]:
        """Put masks on slices. Without ``states`` every class that the masks speak of becomes a draft there.

        What is painted speaks of a class of which nothing is known only where it changes its voxels, unless nothing is
        known of the whole slice. An accepted mask that changes no voxel where something stays done leaves the origin.
        Removed classes are left as they are, voxels and states, so that they can come back true.

        Args:
            case_id: the case.
            masks: slice index to the slice's whole new mask ``(row, column)``, uint8.
            action: one word for the history, such as brush.
            states: slice index to its states after the edit.
            origin: where the masks came from.
            origin_run: the run, if they were accepted from one.
            origins: slice index to origin and run, for slices whose masks came from elsewhere than the others.
            silent_on: without ``states``, classes that the masks say nothing of, on all slices or slice by slice:
                where their voxels stay, their states do.
            seconds: labelling time spent on it.

        """
        with self._lock:
            sheet = self.sheet(case_id)
            changes = []
            for index, mask in masks.items():
                after = among(self._class_values, sheet.masks[index], np.asarray(mask, dtype=np.uint8))
                came_from = (origins or {}).get(index, (origin, origin_run))
                known, moved = sheet.states[index], _moved(sheet.masks[index], after)
                silent = silent_on.get(index) if isinstance(silent_on, Mapping) else silent_on or None
                if silent is None:
                    silent = unlooked_for(known, self._class_values) if origin is Origin.PAINTED else ()
                new_states = dict(states[index]) if states else after_edit(known, self._class_values, silent, moved)
                if states is None and origin is Origin.ACCEPTED and not moved and done_classes(new_states):
                    came_from = self._origins(case_id).get(index, came_from)
                changes.append(
                    SliceChange(
                        slice=index,
                        mask_before=sheet.masks[index].copy() if sheet.stored[index] else None,
                        mask_after=after.copy(),
                        states_before=dict(sheet.states[index]),
                        states_after=new_states,
                        origin=came_from[0],
                        origin_run=came_from[1],
                    )
                )
                self._put(sheet, index, after, new_states, came_from[0])
            sheet.done.append(describe(action, tuple(masks)))
            sheet.undone.clear()
            return self._store.save_edit(case_id, self._reader, action, changes, seconds=seconds)

    def draw(self, case_id: str, call: Callable[[CaseSheet], Drawing], *, seconds: float = 0.0) -> Drawn:
        """Change a case by what ``call`` makes of its labels as they are then; drafts, and one undo step.

        Raises:
            SlicelabError: what ``call`` raises; nothing is changed.

        """
        with self._lock:
            sheet = self.sheet(case_id)
            made = call(sheet)
            silent = {
                index: [v for v in self._class_values if _unknown_on(sheet, others, v)]
                for index, others in made.sources.items()
            }
            saved = self.edit(case_id, made.masks, made.action, origin=made.origin, silent_on=silent, seconds=seconds)
        return Drawn(tuple(made.masks), saved)

    def mark(
        self,
        case_id: str,
        slices: Sequence[int],
        state: SliceState,
        class_values: Sequence[int],
        *,
        seconds: float = 0.0,
    ) -> Future[EditRecord]:
        """Set the state of classes on slices; marking a slice unlabelled also clears those classes' voxels."""
        sheet = self.sheet(case_id)
        masks = {index: sheet.masks[index].copy() for index in slices}
        states = {index: {**sheet.states[index], **dict.fromkeys(class_values, state)} for index in slices}
        if state is SliceState.UNLABELLED:
            for mask in masks.values():
                mask[np.isin(mask, class_values)] = 0
        action = {SliceState.DONE: "done", SliceState.DRAFT: "reopened", SliceState.UNLABELLED: "cleared"}[state]
        kept = self._origins(case_id) if state is not SliceState.UNLABELLED else {}
        return self.edit(case_id, masks, action, states=states, origins=kept, seconds=seconds)

    def confirm(
        self, case_id: str, class_values: Collection[int], *, seconds: float = 0.0
    ) -> tuple[tuple[int, ...], Future[EditRecord] | None]:
        """Drafts become done, on each slice for the classes that are drafts there; see :meth:`Labelling.confirm`."""
        with self._lock:
            sheet = self.sheet(case_id)
            values = tuple(class_values)
            slices = tuple(at for at, known in enumerate(sheet.states) if overall(known, values) is Overall.DRAFT)
            if not slices:
                return (), None
            states = {at: after_confirming(sheet.states[at], values) for at in slices}
            masks = {at: sheet.masks[at].copy() for at in slices}
            kept = self._origins(case_id)
            return slices, self.edit(case_id, masks, "done", states=states, origins=kept, seconds=seconds)

    def undo(self, case_id: str) -> UndoResult | None:
        """Take back the last change of a case; None if there is none."""
        return self._step(case_id, back=True)

    def redo(self, case_id: str) -> UndoResult | None:
        """Do again what was last taken back; None if there is nothing."""
        return self._step(case_id, back=False)

    def next_text(self, case_id: str, *, back: bool) -> str | None:
        """What undo (``back``) or redo would do next, in words."""
        sheet = self.sheet(case_id)
        texts = sheet.done if back else sheet.undone
        return texts[-1] if texts else None

    def _origins(self, case_id: str) -> dict[int, tuple[Origin, str | None]]:
        """Where slices' masks came from: confirming one does not make it anybody's own."""
        stored = self._store.slice_labels(case_id, self._reader)
        return {label.slice: (label.origin, label.origin_run) for label in stored}

    def _step(self, case_id: str, *, back: bool) -> UndoResult | None:
        with self._lock:
            sheet = self.sheet(case_id)
            step = (self._store.undo if back else self._store.redo)(case_id, self._reader).result()
            if step is None:
                return None
            for index, mask in step.masks.items():
                blank = np.zeros_like(sheet.masks[index])
                label = self._store.slice_label(case_id, index, self._reader)
                origin = None if label is None else label.origin
                self._put(sheet, index, blank if mask is None else mask, dict(step.states[index]), origin)
            text = describe(step.record.action, step.record.slices)
            (sheet.done if back else sheet.undone).pop()
            (sheet.undone if back else sheet.done).append(text)
            return UndoResult(text, step.record.slices)

    def _put(
        self,
        sheet: CaseSheet,
        index: int,
        mask: npt.NDArray[np.uint8],
        states: dict[int, SliceState],
        origin: Origin | None,
    ) -> None:
        sheet.masks[index] = mask
        sheet.states[index] = states
        sheet.stored[index] = origin is not None
        sheet.origins[index] = origin

    def _load(self, case_id: str) -> CaseSheet:
        grid = self._store.images(case_id)[0].geometry.stack_shape
        edits = self._store.edits(case_id, self._reader)
        sheet = CaseSheet(
            masks=np.zeros(grid, dtype=np.uint8),
            states=[{} for _ in range(grid[0])],
            stored=[False] * grid[0],
            origins=[None] * grid[0],
            done=[describe(edit.action, edit.slices) for edit in edits if not edit.undone],
            undone=[describe(edit.action, edit.slices) for edit in reversed(edits) if edit.undone],
        )
        for label in self._store.slice_labels(case_id, self._reader):
            self._put(sheet, label.slice, label.mask, dict(label.states), label.origin)
        return sheet


def _moved(before: npt.NDArray[np.uint8], after: npt.NDArray[np.uint8]) -> frozenset[int]:
    """Class values that gained or lost voxels of a slice."""
    where = before != after
    return frozenset(np.unique([before[where], after[where]]).tolist()) - {0}


def _unknown_on(sheet: CaseSheet, slices: Sequence[int], class_value: int) -> bool:
    """Whether nothing is known of a class on one of the slices: what is made from them says nothing of it then."""
    return any(state_of(sheet.states[at], class_value) is SliceState.UNLABELLED for at in slices)


_SPOKEN = {"done": "marking done", "reopened": "reopening", "cleared": "clearing", "accept": "accepting"}
"""Words of the history that read wrongly behind "Undo"."""


def describe(action: str, slices: Sequence[int]) -> str:
    """An edit in words a person recognises behind "Undo": slices are counted from 1."""
    numbers = [index + 1 for index in slices]
    first, _, rest = action.partition(" ")
    said = f"{_SPOKEN.get(first, first)} {rest}".strip()
    if len(numbers) == 1:
        return f"{said}, slice {numbers[0]}"
    return f"{said}, slices {min(numbers)}-{max(numbers)}" if numbers else said
