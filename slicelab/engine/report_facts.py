"""What a report says of a project's cases, labels and runs: no names of patients, cases or files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.geometry import PLANE_NAMES, stack_spacing
from slicelab.core.labels import Origin
from slicelab.core.slices import done_classes
from slicelab.data.dataset_folders import is_synthetic

if TYPE_CHECKING:
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, PredictionRecord, RunCase, RunRecord

CORRECTED = "began as a model's mask, corrected"


@dataclass(frozen=True)
class CaseFacts:
    """A case.

    Attributes:
        id: case id.
        patient: patient id.
        plane: axial, coronal or sagittal.
        shape: (slices, rows, columns).
        spacing: mm along (slice, row, column).
        format: of the file it came from.
        synthetic: whether it is a phantom.
        done: slices with at least one class done.
        origins: words for where done slices' masks came from, to how many.
        seconds: labelling time.

    """

    id: str
    patient: str
    plane: str
    shape: tuple[int, int, int]
    spacing: tuple[float, float, float]
    format: str
    synthetic: bool
    done: int
    origins: dict[str, int]
    seconds: float


@dataclass(frozen=True)
class RunFacts:
    """A run, and the cases it used."""

    record: RunRecord
    members: tuple[RunCase, ...]


@dataclass(frozen=True)
class ProjectFacts:
    """A project.

    Attributes:
        cases: by id.
        runs: oldest first; removed ones too, since others descend from them.
        predictions: masks that are there, oldest first; not those of removed models.

    """

    cases: tuple[CaseFacts, ...]
    runs: tuple[RunFacts, ...]
    predictions: tuple[PredictionRecord, ...]


def gather(store: ProjectStore, reader_id: int) -> ProjectFacts:
    """Read what a report needs, of one reader's labels."""
    cases = store.cases()
    runs = [RunFacts(run, store.run_cases(run.id)) for run in store.runs()]
    there, gone = {case.id for case in cases}, store.removed_runs()
    predictions = tuple(
        made
        for made in store.predictions()
        if made.case_id in there and made.run_id not in gone and made.model_run not in gone
    )
    return ProjectFacts(tuple(_case(store, case, reader_id) for case in cases), tuple(runs), predictions)


def _case(store: ProjectStore, case: CaseRecord, reader_id: int) -> CaseFacts:
    image = store.images(case.id)[0]
    geometry = image.geometry
    accepted = store.accepted_slices(case.id, reader_id)
    origins: Counter[str] = Counter()
    seconds = 0.0
    for label in store.slice_labels(case.id, reader_id):
        seconds += label.seconds
        if done_classes(label.states):
            corrected = label.origin is Origin.PAINTED and label.slice in accepted
            origins[CORRECTED if corrected else _origin_words(label.origin, label.origin_run)] += 1
    return CaseFacts(
        id=case.id,
        patient=case.patient_id,
        plane=PLANE_NAMES[geometry.acquisition_axis],
        shape=geometry.stack_shape,
        spacing=stack_spacing(geometry.spacing, geometry.acquisition_axis),
        format=image.source_format,
        synthetic=is_synthetic(image.notes, image.source_path),
        done=sum(origins.values()),
        origins=dict(origins),
        seconds=seconds,
    )


def _origin_words(origin: Origin, run: str | None) -> str:
    if origin is Origin.ACCEPTED:
        return f"accepted unchanged from {run}"
    return {Origin.PHANTOM: "phantom's own mask"}.get(origin, origin.value)
