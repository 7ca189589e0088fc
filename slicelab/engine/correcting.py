"""Dice before correction, kept: each slice a reader finishes is measured against the newest model's mask of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.correction import Finished, hidden, kept_blind, overlap, reading_of, standing, trend
from slicelab.core.defects import outline
from slicelab.core.errors import SlicelabError
from slicelab.core.slices import Overall, done_classes, overall
from slicelab.data.run_folder import RunFolder
from slicelab.data.snapshot import load_snapshot
from slicelab.data.store.records import NewCorrection
from slicelab.engine.lineage import ancestors, known_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from concurrent.futures import Future

    import numpy as np
    import numpy.typing as npt

    from slicelab.core.correction import Round
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import EditRecord
    from slicelab.engine.label_book import LabelBook
    from slicelab.engine.predictions import Predictions

_LOG = logging.getLogger(__name__)
_SHARE = "blind_share"
LARGEST_SHARE = 0.5
"""More than half of the slices without a prediction would leave little help."""


@dataclass(frozen=True)
class Lessons:
    """What a model, and those it descends from, learned labels of.

    Attributes:
        slices: case id to the slices; a case whose label snapshot is gone counts with all its slices.
        whole: cases of which no snapshot says which slices.
        patients: patients of those cases.
        classes: class values it can predict.

    """

    slices: dict[str, frozenset[int]]
    whole: frozenset[str]
    patients: frozenset[str]
    classes: frozenset[int]

    def include(self, case_id: str, index: int) -> bool:
        """Whether the slice was learned from, or chose the best state."""
        return case_id in self.whole or index in self.slices.get(case_id, ())


class Corrections:
    """Measures finished slices, and knows which predictions a reader has seen."""

    def __init__(self, store: ProjectStore, book: LabelBook, predictions: Predictions, reader_id: int) -> None:
        self._store = store
        self._book = book
        self._predictions = predictions
        self._reader = reader_id
        self._values = tuple(c.value for c in store.classes())
        self._lessons: dict[str, Lessons] = {}
        self._seen: dict[str, frozenset[int]] = {}
        self._share: float | None = None

    def set_classes(self, values: tuple[int, ...]) -> None:
        """The project's classes are others now."""
        self._values = values

    # -- blind slices -------------------------------------------------------------------------------------------

    @property
    def blind_share(self) -> float:
        """Share of the slices that are kept blind, 0 to 1."""
        if self._share is None:
            said = self._store.setting(_SHARE)
            self._share = float(said) if said is not None else 0.0
        return self._share

    def keep_blind(self, share: float) -> Future[None]:
        """Hide the model's mask on this share of the slices until they are done.

        Raises:
            SlicelabError: the share is not from 0 to 0.5.

        """
        if not 0.0 <= share <= LARGEST_SHARE:
            raise SlicelabError("The share of blind slices must be from 0 to 50 %.", "Choose one in between.")
        saved = self._store.set_setting(_SHARE, repr(float(share)))
        self._share = float(share)
        return saved

    def hidden(self, case_id: str) -> frozenset[int]:
        """Slices of a case on which no model's mask may be shown now, from 0."""
        share = self.blind_share
        if not share:
            return frozenset()
        states = self._book.sheet(case_id).states
        key = self._store.project_key
        chosen = {index for index in range(len(states)) if kept_blind(key, case_id, index, share)}
        done = {index for index in chosen if overall(states[index], self._values) is Overall.DONE}
        return hidden(chosen, done, self.seen(case_id))

    def seen(self, case_id: str) -> frozenset[int]:
        """Slices of a case on which a model's mask has been shown to the reader."""
        if case_id not in self._seen:
            self._seen[case_id] = self._store.predictions_seen(case_id, self._reader)
        return self._seen[case_id]

    def saw(self, case_id: str, slices: Sequence[int], model: str) -> None:
        """A model's mask of these slices was shown to the reader; kept, so that it is known after reopening."""
        new = sorted(set(slices) - self.seen(case_id))
        if new and not self._store.read_only:
            self._seen[case_id] = self.seen(case_id) | set(new)
            self._store.add_predictions_seen(case_id, self._reader, new, model)

    def made_from(self, case_id: str, sources: Mapping[int, Sequence[int]]) -> None:
        """Slices get outlines made from other slices: whoever saw a model's mask there was led by it here.

        Args:
            case_id: the case.
            sources: slice to those that it is made from, by interpolating or copying.

        """
        if not sources:
            return
        led = self._store.led_slices(case_id, self._reader)
        for index, others in sources.items():
            model = next((led[at] for at in others if at in led), None)
            if model is not None:
                self.saw(case_id, [index], model)

    # -- measuring ----------------------------------------------------------------------------------------------

    def finished(self, case_id: str, slices: Sequence[int], saved: Future[EditRecord]) -> Future[None] | None:
        """Slices were marked done: measure the newest model's mask of those that it did not learn from.

        A mask that cannot be read costs the figure, never the label.

        Args:
            case_id: the case.
            slices: those that were marked.
            saved: of the edit that marked them.

        Returns:
            When the figures are on disk; None where there is nothing to measure.

        """
        try:
            measured = self._measure(case_id, slices)
        except (SlicelabError, OSError, ValueError) as error:
            _LOG.warning("a finished slice could not be measured: %s", outline(error))
            return None
        return self._store.add_corrections(saved, measured) if measured else None

    def trend(self) -> tuple[Round, ...]:
        """What each model's masks were worth before correction, oldest model first; of slices that are done now.

        Models that were removed are left out.
        """
        gone = self._store.removed_runs()
        models = [run.id for run in self._store.runs() if run.kind == "finetune" and run.id not in gone]
        return trend(self.standing(), models, self._values)

    def standing(self) -> tuple[Finished, ...]:
        """The one measurement that counts of each model, slice and class, of what is done now."""
        ledger = self._store.ledger(self._reader)
        done = {
            (case, index, value)
            for case, slices in ledger.items()
            for index, states in slices.items()
            for value in done_classes(states)
        }
        finished = [
            Finished(
                order=one.edit_id,
                model=one.model_run,
                case=one.case_id,
                slice=one.slice,
                class_value=one.class_value,
                reading=one.reading,
                patient_trained=one.patient_trained,
                overlap=one.overlap,
            )
            for one in self._store.corrections(self._reader)
            if (one.case_id, one.slice, one.class_value) in done
        ]
        return standing(one for one in finished if one.class_value in self._values)

    def lessons(self, model: str) -> Lessons:
        """What a model learned from; a finished run's never change."""
        if model not in self._lessons:
            self._lessons[model] = self._read_lessons(model)
        return self._lessons[model]

    def known_to(self, model: str) -> frozenset[int]:
        """Class values a training learned, or learns."""
        return known_to(self._store.run(model))

    def newest_model(self, case_id: str) -> str | None:
        """The newest model that has a mask of the case."""
        there = set(self._predictions.models_for(case_id))
        return next((run.id for run in reversed(self._store.runs()) if run.id in there), None)

    def _measure(self, case_id: str, slices: Sequence[int]) -> list[NewCorrection]:
        model = self.newest_model(case_id)
        if model is None:
            return []
        lessons = self.lessons(model)
        new = [index for index in slices if not lessons.include(case_id, index)]
        mask = self._predictions.load(model, case_id) if new else None
        if mask is None:
            return []
        trained = self._store.case(case_id).patient_id in lessons.patients
        accepted, seen = self._store.accepted_classes(case_id, self._reader), self.seen(case_id)
        sheet = self._book.sheet(case_id)
        return [
            NewCorrection(
                slice=index,
                class_value=value,
                model_run=model,
                reading=reading_of(accepted=value in accepted.get(index, ()), seen=index in seen or index in accepted),
                patient_trained=trained,
                overlap=overlap(mask[index], sheet.masks[index], value),
            )
            for index in new
            for value in done_classes(sheet.states[index])
            if value in lessons.classes and value in self._values
        ]

    def _read_lessons(self, model: str) -> Lessons:
        runs = {run.id: run for run in self._store.runs()}
        slices: dict[str, frozenset[int]] = {}
        whole: set[str] = set()
        for run in ancestors(model, runs):
            taught = {entry.case_id for entry in self._store.run_cases(run.id) if entry.role in ("train", "val")}
            if not taught:
                continue
            try:
                labels = load_snapshot(RunFolder(self._store.folder / "runs" / run.id).snapshot_path)
            except SlicelabError:
                labels = {}
            for case in taught:
                if case in labels:
                    slices[case] = slices.get(case, frozenset()) | frozenset(labels[case].slices.tolist())
                else:
                    whole.add(case)
        patients = {case.id: case.patient_id for case in self._store.cases(removed=True)}
        return Lessons(
            slices, frozenset(whole), frozenset(patients[c] for c in (*slices, *whole)), known_to(runs[model])
        )


def blanked(stack: npt.NDArray[np.uint8], slices: frozenset[int]) -> npt.NDArray[np.uint8]:
    """A copy of a mask ``(slice, row, column)`` with nothing on some slices, or the mask itself where that is none."""
    if not slices:
        return stack
    out = stack.copy()
    out[sorted(slices)] = 0
    return out
