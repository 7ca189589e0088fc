"""Two models' masks of one case, to be looked at side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.agreement import agreement

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.core.agreement import Agreement
    from slicelab.data.store.project import ProjectStore
    from slicelab.engine.correcting import Corrections
    from slicelab.engine.predictions import Predictions


@dataclass(frozen=True, eq=False)
class Compared:
    """What a second model makes of a case, and how far the first one agrees with it.

    Attributes:
        case: case id.
        first: run id of the one model.
        second: run id of the other.
        mask: the second's ``(slice, row, column)`` uint8; None where it has not predicted the case.
        uncertainty: how unsure it was, likewise; None where that was not kept.
        classes: class values the second knows.
        agreement: of the classes that both know, slices that are kept blind left out; None where one mask is missing.

    """

    case: str
    first: str
    second: str
    mask: npt.NDArray[np.uint8] | None
    uncertainty: npt.NDArray[np.uint8] | None
    classes: frozenset[int]
    agreement: Agreement | None


class Comparing:
    """Reads two models' masks."""

    def __init__(self, store: ProjectStore, predictions: Predictions, corrections: Corrections) -> None:
        self._store = store
        self._predictions = predictions
        self._corrections = corrections

    def of_case(self, case_id: str, first: str, second: str) -> Compared:
        """Two models' masks of a case.

        Args:
            case_id: the case.
            first: run id of the one model.
            second: run id of the other.

        Raises:
            UnknownNameError: there is no such case or run.
            UnreadableFileError: a mask is damaged or gone.

        """
        case = self._store.case(case_id).id
        known = {run: self._corrections.known_to(run) for run in (first, second)}
        # The first one's mask last: it is kept for whoever asks for it next.
        mask = self._predictions.load(second, case)
        ours = self._predictions.load(first, case) if mask is not None else None
        both = None
        if mask is not None and ours is not None:
            values = [c.value for c in self._store.classes() if all(c.value in classes for classes in known.values())]
            both = agreement(ours, mask, values, self._corrections.hidden(case))
        unsure = self._predictions.uncertainty(second, case) if mask is not None else None
        return Compared(case, first, second, mask, unsure, known[second], both)
