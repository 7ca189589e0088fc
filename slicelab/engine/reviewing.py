"""What a review looks at: a model's masks slice by slice against the reader's, and what they were worth before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.correction import Overlap, largest_error, overlap
from slicelab.core.labels import Origin
from slicelab.core.slices import done_classes
from slicelab.engine.budgeting import Budgeting
from slicelab.engine.comparing import Comparing
from slicelab.engine.correcting import Corrections
from slicelab.engine.expecting import Expecting
from slicelab.engine.report_facts import gather

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.data.store.project import ProjectStore
    from slicelab.engine.label_book import LabelBook
    from slicelab.engine.predictions import Predictions
    from slicelab.engine.report_facts import ProjectFacts


@dataclass(frozen=True)
class CaseReview:
    """A model's mask of a case against its done slices, slice by slice.

    Attributes:
        case: case id.
        model: run id.
        trained_on: the model learned from the case's patient: nothing is measured.
        overlaps: class value to slice (from 0) to overlap, of slices whose class is done and that the model's mask was
            not taken over into unchanged.

    """

    case: str
    model: str
    trained_on: bool
    overlaps: dict[int, dict[int, Overlap]]

    def worst(self, class_value: int) -> int | None:
        """The slice with the largest error of a class, from 0; None where there is none."""
        return largest_error(self.overlaps.get(class_value, {}))


class Review:
    """Calls about reviewing, on an open project.

    Attributes:
        corrections: Dice before correction, and blind slices.
        budget: what labelling has brought, and what more of it would.
        expected: expected Dice of cases without labels.
        comparing: two models' masks of one case.

    """

    def __init__(self, store: ProjectStore, book: LabelBook, predictions: Predictions, reader_id: int) -> None:
        self._store = store
        self._book = book
        self._predictions = predictions
        self._reader = reader_id
        self.corrections = Corrections(store, book, predictions, reader_id)
        self.budget = Budgeting(store, self.corrections, reader_id)
        self.comparing = Comparing(store, predictions, self.corrections)
        self.expected = Expecting(store, predictions, self.corrections, self.uncertainty, reader_id)

    def of_case(self, case_id: str, model: str) -> CaseReview | None:
        """A model's mask of a case, slice by slice; None if there is no such mask.

        Raises:
            UnreadableFileError: the mask is damaged.

        """
        lessons = self.corrections.lessons(model)
        if self._store.case(case_id).patient_id in lessons.patients:
            return CaseReview(case_id, model, True, {})
        mask = self._predictions.load(model, case_id)
        if mask is None:
            return None
        labels = self._store.slice_labels(case_id, self._reader)
        own = [one for one in labels if (one.origin, one.origin_run) != (Origin.ACCEPTED, model)]
        values = [c.value for c in self._store.classes() if c.value in lessons.classes]
        return CaseReview(
            case_id,
            model,
            False,
            {
                value: {
                    one.slice: overlap(mask[one.slice], one.mask, value)
                    for one in own
                    if value in done_classes(one.states)
                }
                for value in values
            },
        )

    def uncertainty(self, case_id: str, model: str) -> npt.NDArray[np.uint8] | None:
        """How unsure a model was of each voxel of a case, None where that was not kept.

        Returns:
            ``(slice, row, column)`` uint8: entropy over the classes, 0 for none and 255 for all classes even.

        """
        return self._predictions.uncertainty(model, case_id)

    def facts(self) -> ProjectFacts:
        """What a report says of cases, labels and runs."""
        return gather(self._store, self._reader)
