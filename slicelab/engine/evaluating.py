"""A model's predictions against references, on the native grid, with every leak marked."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np

from slicelab.core import metrics
from slicelab.core.errors import SlicelabError
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.geometry import stack_spacing
from slicelab.core.labels import Origin
from slicelab.core.slices import done_classes
from slicelab.core.splits import audit
from slicelab.data.dataset_folders import is_synthetic
from slicelab.data.readers import VolumeReader, label_names_near
from slicelab.data.store.records import MetricRecord
from slicelab.engine.exporting import safe_name
from slicelab.engine.importing import map_mask
from slicelab.engine.lineage import ancestors, known_to, model_of, seen_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.core.evaluation import Evaluation
    from slicelab.core.labels import LabelClass
    from slicelab.core.splits import Leak
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, ImageRecord, RunRecord
    from slicelab.data.store.records import Reference as ReferenceKind
    from slicelab.engine.predictions import Predictions

_ENDINGS = (".nii.gz", ".nii", ".nrrd", ".mha", ".mhd", ".nhdr")


@dataclass(frozen=True, eq=False)
class Reference:
    """What is known of a case: masks ``(slice, row, column)`` and ``known[slice, class]``."""

    stack: npt.NDArray[np.uint8]
    known: npt.NDArray[np.bool_]


def score_case(
    prediction: npt.NDArray[np.uint8],
    reference: Reference,
    classes: Sequence[LabelClass],
    spacing: tuple[float, float, float],
) -> dict[str, ClassScore]:
    """Each class over the slices on which it is known. Distances and reference volume only where all slices are.

    Args:
        prediction: ``(slice, row, column)`` uint8 class values.
        reference: what is known of the case.
        classes: the project's classes, in the order of ``reference.known``.
        spacing: mm along (slice, row, column).

    """
    scores = {}
    for column, label_class in enumerate(classes):
        known = reference.known[:, column]
        if not known.any():
            continue
        ours, theirs = prediction == label_class.value, reference.stack == label_class.value
        whole = bool(known.all())
        surfaces = metrics.surface_distances(ours, theirs, spacing) if whole else None
        scores[label_class.name] = ClassScore(
            dice=metrics.dice(ours[known], theirs[known]),
            volume_ml=metrics.volume_ml(ours, spacing),
            reference_volume_ml=metrics.volume_ml(theirs, spacing) if whole else math.nan,
            hd95_mm=surfaces.hd95_mm if surfaces else math.nan,
            assd_mm=surfaces.assd_mm if surfaces else math.nan,
        )
    return scores


def leaks_of(store: ProjectStore, run: RunRecord, cases: Sequence[str]) -> dict[str, Leak]:
    """What a model, or one it descends from, met of the patients of cases: case id to that."""
    runs = {record.id: record for record in store.runs()}
    chain = ancestors(model_of(run, runs).id, runs)
    seen = seen_by(chain, {record.id: store.run_cases(record.id) for record in chain})
    patient_of = {case.id: case.patient_id for case in store.cases(removed=True)}
    leaks = audit(cases, trained=seen.trained, pool=seen.pool, validated=seen.validated, patient_of=patient_of)
    return {leak.case: leak for leak in leaks}


class Evaluator:
    """Measures a run's predictions and keeps the figures."""

    def __init__(self, store: ProjectStore, predictions: Predictions, reader_id: int) -> None:
        self._store = store
        self._predictions = predictions
        self._reader_id = reader_id

    def run(
        self,
        run: RunRecord,
        cases: Sequence[CaseRecord] | None,
        against: Path | None,
        mask_class: LabelClass | None,
        progress: Callable[[int, int, str], None],
    ) -> Evaluation:
        """Measure every case that has a prediction and a reference, or exactly the given ones.

        Args:
            run: a finetuned run, or a prediction of one.
            cases: the cases to measure; None takes all that can be.
            against: a folder of masks named like the cases; None takes the project's own done slices.
            mask_class: the class that masks of one value are of.
            progress: called before each case with how many were measured, of how many, and its name.

        Raises:
            SlicelabError: a case asked for has no prediction or no reference, or there is nothing to measure.

        """
        runs = {record.id: record for record in self._store.runs()}
        model = model_of(run, runs)
        every = self._store.classes()
        classes = self._classes_of(model, every)
        at = time.time()  # what is changed while the labels are read counts as changed since
        chosen = cases if cases is not None else self._store.cases()
        scored = []
        with VolumeReader() as reader:
            for case in chosen:
                prediction = self._predictions.load(model.id, case.id)
                reference = None
                if prediction is not None:
                    reference = self._reference(case, model.id, classes, against, reader, mask_class)
                if prediction is not None and reference is not None:
                    scored.append((case, prediction, reference))
                elif cases is not None:
                    raise self._nothing_to_measure(case, model, against, predicted=prediction is not None)
        if not scored and against is not None and self._predictions.cases_of(model.id):
            raise SlicelabError(
                f"The folder {against.name} holds no mask named like a case that {model.id} has predicted.",
                "Name masks like the cases, with the ending of their format.",
            )
        if not scored:
            there = set(self._predictions.cases_of(model.id)) if against is None else set()
            unknown = self._unknown_to(model, [case for case in chosen if case.id in there])
            if unknown:
                raise _not_known(f"Nothing can be measured: {model.id} does not know", unknown)
            raise SlicelabError(
                f"Nothing can be measured: no case has both a prediction by {model.id} and a reference.",
                "Predict cases first, and mark slices of them as done.",
                typed="Reference masks elsewhere are named with --against FOLDER.",
            )
        leaks = leaks_of(self._store, model, [case.id for case, _, _ in scored])
        results = []
        for done, (case, prediction, reference) in enumerate(scored):
            progress(done, len(scored), case.name)
            image, leak = self._store.images(case.id)[0], leaks[case.id]
            spacing = stack_spacing(image.geometry.spacing, image.acquisition_axis)
            results.append(
                CaseScore(
                    case=case.name,
                    scores=score_case(prediction, reference, classes, spacing),
                    slices=int(reference.known.any(axis=1).sum()),
                    of=prediction.shape[0],
                    trained_on=leak.trained_on,
                    in_pretraining_pool=leak.in_pool,
                    used_for_validation=leak.validated,
                    synthetic=is_synthetic(image.notes, image.source_path),
                )
            )
        if not self._store.read_only:
            self._keep(model, [case for case, _, _ in scored], results, classes, "folder" if against else "project", at)
        return summarise(model.id, results, [c.name for c in every])

    def _classes_of(self, model: RunRecord, every: Sequence[LabelClass]) -> tuple[LabelClass, ...]:
        """The project's classes that a model knows: one that was added later is not missed in its masks, but n/a."""
        known = known_to(model)
        return tuple(one for one in every if one.value in known)

    def _reference(
        self,
        case: CaseRecord,
        model_id: str,
        classes: Sequence[LabelClass],
        against: Path | None,
        reader: VolumeReader,
        mask_class: LabelClass | None,
    ) -> Reference | None:
        image = self._store.images(case.id)[0]
        if against is not None:
            return self._from_folder(case, image, classes, against, reader, mask_class)
        stack = np.zeros(image.geometry.stack_shape, dtype=np.uint8)
        known = np.zeros((stack.shape[0], len(classes)), dtype=bool)
        beside = self._store.kept_beside(case.id, self._reader_id, model_id)
        for label in self._store.slice_labels(case.id, self._reader_id):
            done = frozenset(done_classes(label.states))
            if label.origin is Origin.ACCEPTED and label.origin_run == model_id:
                # The model's own mask, taken over unchanged, would be measured against itself: what stayed is not its.
                done &= beside.get(label.slice, frozenset())
            stack[label.slice] = label.mask
            known[label.slice] = [c.value in done for c in classes]
        return Reference(stack, known) if known.any() else None

    def _from_folder(
        self,
        case: CaseRecord,
        image: ImageRecord,
        classes: Sequence[LabelClass],
        folder: Path,
        reader: VolumeReader,
        mask_class: LabelClass | None,
    ) -> Reference | None:
        if folder.is_file():
            raise SlicelabError(f"{folder.name} is a file.", "Name with --against the folder that holds the masks.")
        if not folder.is_dir():
            raise SlicelabError("The folder of reference masks does not exist.", "Check --against.")
        path = mask_of(case.name, folder)
        if path is None:
            return None
        read = reader.read(path, mask=True)
        mapped = map_mask(read, image.native_geometry, label_names_near(folder), self._store.classes(), mask_class)
        known = np.tile([c.value in mapped.known for c in classes], (mapped.stack.shape[0], 1))
        return Reference(mapped.stack, known) if known.any() else None

    def _nothing_to_measure(
        self, case: CaseRecord, model: RunRecord, against: Path | None, *, predicted: bool
    ) -> SlicelabError:
        if not predicted:
            return SlicelabError(f"{case.name} has no prediction by {model.id}.", "Run predict for it first.")
        if against is not None:
            return SlicelabError(f"The folder holds no mask named like {case.name}.", "Name masks like the cases.")
        unknown = self._unknown_to(model, [case])
        if unknown:
            return _not_known(f"{case.name} cannot be measured: {model.id} does not know", unknown)
        return SlicelabError(
            f"{case.name} has no slice marked done.", "Mark slices done.", typed="Or use --against FOLDER."
        )

    def _unknown_to(self, model: RunRecord, cases: Sequence[CaseRecord]) -> tuple[str, ...]:
        """Names of the classes that slices of these cases are done for, if the model knows none of them."""
        labels = [label for case in cases for label in self._store.slice_labels(case.id, self._reader_id)]
        done = {value for label in labels for value in done_classes(label.states)}
        if done & known_to(model):
            return ()
        return tuple(one.name for one in self._store.classes() if one.value in done)

    def _keep(
        self,
        model: RunRecord,
        cases: Sequence[CaseRecord],
        results: Sequence[CaseScore],
        classes: Sequence[LabelClass],
        kind: ReferenceKind,
        at: float,
    ) -> None:
        """Write the figures down, under the names the classes had when the measurement began."""
        values = {one.name: one.value for one in classes}
        rows = []
        for case, result in zip(cases, results, strict=True):
            rows += [
                MetricRecord(
                    run_id=model.id,
                    case_id=case.id,
                    class_value=values[name],
                    dice=_or_none(score.dice),
                    hd95_mm=_or_none(score.hd95_mm),
                    assd_mm=_or_none(score.assd_mm),
                    volume_ml=score.volume_ml,
                    reference_volume_ml=_or_none(score.reference_volume_ml),
                    slices=result.slices,
                    of=result.of,
                    trained_on=not result.is_result,
                    in_pool=result.in_pretraining_pool,
                    reference=kind,
                    at=at,
                    reader_id=self._reader_id,
                )
                for name, score in result.scores.items()
            ]
        self._store.add_metrics(rows).result()


def mask_of(name: str, folder: Path) -> Path | None:
    """The mask file named like a case, or as an export would name it."""
    there: dict[str, Path] = {}
    for ending in reversed(_ENDINGS):  # where there are several, the first of these counts
        there |= {
            normalize("NFC", path.name[: -len(ending)]): path
            for path in folder.iterdir()
            if path.name.lower().endswith(ending)
        }
    return there.get(normalize("NFC", name)) or there.get(normalize("NFC", safe_name(name)))


def _not_known(said: str, names: Sequence[str]) -> SlicelabError:
    return SlicelabError(
        f"{said} {' and '.join(names)}, and no slice there is done for another class.",
        "Measure a model that was trained since, or mark slices done for a class that this one knows.",
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
