"""Which cases a model has probably got wrong: expected Dice of predicted cases, lowest first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core import metrics
from slicelab.core.expected import Sample, calibrate, certainty
from slicelab.core.geometry import stack_spacing
from slicelab.core.slices import done_classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from slicelab.core.expected import Calibration
    from slicelab.core.labels import LabelClass
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord
    from slicelab.engine.correcting import Corrections
    from slicelab.engine.predictions import Predictions

_FEWEST_SLICES = 3


@dataclass(frozen=True)
class ExpectedCase:
    """A predicted case on which nothing is done.

    Attributes:
        id: case id.
        name: its name.
        certainty: class name to certainty of the mask; a class without a mask is missing.
        dice: class name to expected Dice; empty where nothing is calibrated.

    """

    id: str
    name: str
    certainty: dict[str, float]
    dice: dict[str, float]

    @property
    def mean(self) -> float:
        """Mean expected Dice over classes; NaN where nothing is calibrated."""
        return _mean(list(self.dice.values()))

    @property
    def doubtful(self) -> str:
        """The class the model is least sure of; empty where it found none."""
        return min(self.certainty, key=lambda name: self.certainty[name], default="")


@dataclass(frozen=True)
class HeldCase:
    """A labelled case: what was expected of it without its patient, and what was measured.

    Attributes:
        id: case id.
        name: its name.
        expected, measured: mean Dice over its classes.

    """

    id: str
    name: str
    expected: float
    measured: float


@dataclass(frozen=True)
class Expectation:
    """What a model's masks are probably worth on cases without labels.

    Attributes:
        model: run id.
        calibration: None as long as fewer than three labelled patients are left that it did not learn from.
        cases: lowest first; before them those on which the model found no class at all, the likeliest failures.
        held: how it held on labelled cases; none where nothing is calibrated.

    """

    model: str
    calibration: Calibration | None
    cases: tuple[ExpectedCase, ...]
    held: tuple[HeldCase, ...] = ()


class Expecting:
    """Calibrates and expects."""

    def __init__(
        self,
        store: ProjectStore,
        predictions: Predictions,
        corrections: Corrections,
        uncertainty: Callable[[str, str], npt.NDArray[np.uint8] | None],
        reader_id: int,
    ) -> None:
        self._store = store
        self._predictions = predictions
        self._corrections = corrections
        self._uncertainty = uncertainty
        self._reader = reader_id

    def of(self, model: str) -> Expectation:
        """Every case the model predicted and whose patient it never learned labels of.

        Takes seconds for dozens of cases.

        Raises:
            UnreadableFileError: a mask is damaged.

        """
        lessons = self._corrections.lessons(model)
        classes = [c for c in self._store.classes() if c.value in lessons.classes]
        samples: list[Sample] = []
        sure: list[tuple[CaseRecord, dict[str, float]]] = []
        for case in self._store.cases():
            if case.patient_id in lessons.patients:
                continue
            mask, doubt = self._predictions.load(model, case.id), self._uncertainty(case.id, model)
            if mask is None or doubt is None:
                continue
            image = self._store.images(case.id)[0]
            spacing = stack_spacing(image.geometry.spacing, image.acquisition_axis)
            labels = self._store.slice_labels(case.id, self._reader)
            samples += self._samples(case, mask, doubt, spacing, classes)
            if not any(done_classes(one.states) for one in labels):
                found = {c.name: certainty(mask, doubt, c.value, spacing) for c in classes}
                sure.append((case, {name: value for name, value in found.items() if not math.isnan(value)}))
        line = calibrate(samples)
        cases = [
            ExpectedCase(
                case.id,
                case.name,
                found,
                {name: line.expect(value) for name, value in found.items()} if line is not None else {},
            )
            for case, found in sure
        ]
        names = {case.id: case.name for case in self._store.cases()}
        held = [HeldCase(one.case, names[one.case], one.expected, one.measured) for one in (line.held if line else ())]
        ordered = sorted(cases, key=lambda one: _mean(list(one.certainty.values()), -1.0))
        return Expectation(model, line, tuple(ordered), tuple(held))

    def _samples(
        self,
        case: CaseRecord,
        mask: npt.NDArray[np.uint8],
        doubt: npt.NDArray[np.uint8],
        spacing: tuple[float, float, float],
        classes: Sequence[LabelClass],
    ) -> Iterator[Sample]:
        """Each class that the model knows, over the slices on which it is done, where those are at least three.

        Without slices on which the class was ever taken from a model's mask. Those painted with one in sight are in.
        """
        accepted = self._store.accepted_classes(case.id, self._reader)
        labels = self._store.slice_labels(case.id, self._reader)
        for item in classes:
            done = [
                one
                for one in labels
                if item.value in done_classes(one.states) and item.value not in accepted.get(one.slice, ())
            ]
            if len(done) >= _FEWEST_SLICES:
                there = [one.slice for one in done]
                ours, theirs = mask[there], np.stack([one.mask for one in done])
                sure = certainty(ours, doubt[there], item.value, spacing)
                yield Sample(case.patient_id, sure, metrics.dice(ours == item.value, theirs == item.value), case.id)


def _mean(values: list[float], empty: float = math.nan) -> float:
    return sum(values) / len(values) if values else empty
