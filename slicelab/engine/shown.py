"""What lists and canvases show of cases and runs, put together from the store as it is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.geometry import PLANE_NAMES, stack_letters, stack_spacing, to_stack
from slicelab.core.naturalsort import natural_key
from slicelab.core.slices import LedgerCount, overall
from slicelab.core.thumbnails import small_grey
from slicelab.data.writers import read_own_volume
from slicelab.engine.job_builder import job_of
from slicelab.engine.views import CaseSummary, CaseView, RunSummary, SlicePictures
from slicelab.engine.windows import case_key, windows_of
from slicelab.jobs.specs import CrossValidationJob, FinetuneJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    import numpy.typing as npt

    from slicelab.core.labels import LabelClass
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, ImageRecord, PredictionRecord, RunRecord, RunStatus
    from slicelab.engine.job_board import JobBoard
    from slicelab.engine.label_book import CaseSheet


def case_summaries(
    store: ProjectStore,
    reader_id: int,
    classes: Sequence[LabelClass],
    predictions: Sequence[PredictionRecord],
    further: Mapping[str, tuple[str, ...]],
) -> tuple[CaseSummary, ...]:
    """All cases, in the order of their names.

    Args:
        store: the project.
        reader_id: whose labels are counted.
        classes: the project's classes.
        predictions: the masks that models made.
        further: case id to the names of its further images.

    """
    ledger, seconds = store.ledger(reader_id), store.labelling_seconds(reader_id)
    values = tuple(c.value for c in classes)
    models: dict[str, dict[str, None]] = {}
    for prediction in predictions:
        models.setdefault(prediction.case_id, {})[prediction.model_run] = None
    summaries = []
    for case in store.cases():
        geometry = store.images(case.id)[0].geometry
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


def case_view(store: ProjectStore, sheet: CaseSheet, case_id: str) -> CaseView:
    """A case read into memory, with the labels of ``sheet``.

    Raises:
        UnreadableFileError: its volume is damaged or gone.

    """
    case, image = store.case(case_id), store.images(case_id)[0]
    geometry = image.geometry
    stack, window = _seen(store, case, image)
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
        windows=windows_of(store, case_key(case.id), case.window),
    )


def thumbnail(store: ProjectStore, case_id: str, side: int) -> npt.NDArray[np.uint8]:
    """The case's middle slice in grey, ``(row, column)`` uint8, at most about ``side`` pixels along each edge."""
    image = store.images(case_id)[0]
    stack = to_stack(read_own_volume(store.folder / image.path, mmap=False).voxels, image.geometry.acquisition_axis)
    return small_grey(stack[stack.shape[0] // 2], side)


def slice_pictures(store: ProjectStore, case_id: str, side: int) -> SlicePictures:
    """Every slice of a case small and grey, in the case's window, as the viewer shows it in the radiological view.

    Raises:
        UnreadableFileError: its volume is damaged or gone.

    """
    image = store.images(case_id)[0]
    stack, window = _seen(store, store.case(case_id), image)
    axis = image.geometry.acquisition_axis
    _, down, across = stack_spacing(image.geometry.spacing, axis)
    return SlicePictures(np.stack([small_grey(one, side, window) for one in stack]), down / across, PLANE_NAMES[axis])


def _seen(store: ProjectStore, case: CaseRecord, image: ImageRecord) -> tuple[npt.NDArray[Any], tuple[float, float]]:
    """A case's image as a stack ``(slice, row, column)``, and the (low, high) it is shown with."""
    volume = read_own_volume(store.folder / image.path, mmap=False)
    stack = np.ascontiguousarray(to_stack(volume.voxels, image.geometry.acquisition_axis))
    low, high = case.window or np.percentile(stack[:, ::2, ::2], (1.0, 99.0)).tolist()
    return stack, (float(low), float(high) if high > low else float(low) + 1.0)


def run_summaries(store: ProjectStore, board: JobBoard, reader_id: int) -> tuple[RunSummary, ...]:
    """All runs that were not removed, oldest first.

    Args:
        store: the project.
        board: where jobs run.
        reader_id: the reader it is open for.

    """
    hidden, readers = store.removed_runs(), store.readers()
    others = {one.id: one.name for one in readers if one.id != reader_id}
    first = readers[0].id
    return tuple(_summary(store, board, run, others, first) for run in store.runs() if run.id not in hidden)


def _summary(store: ProjectStore, board: JobBoard, run: RunRecord, others: Mapping[int, str], first: int) -> RunSummary:
    job = job_of(run)
    taught_by = (job.reader or first) if isinstance(job, FinetuneJob | CrossValidationJob) else None
    entries = store.run_cases(run.id)
    beside = ("val", "pool") if run.kind == "finetune" else ()
    used = [entry for entry in entries if entry.role not in beside]
    chosen_by = [entry for entry in entries if entry.role == "val"]
    pool = [entry for entry in entries if entry.role == "pool" and beside]
    return RunSummary(
        id=run.id,
        kind=run.kind,
        status=_status_word(store, board, run),
        preset=run.preset,
        overrides=dict(job.overrides) if job is not None else {},
        other_reader=others.get(taught_by, "") if taught_by is not None else "",
        method=run.method,
        init=run.init,
        created=run.created,
        finished=run.finished,
        cases=len(used),
        slices=sum(entry.slices for entry in used),
        unlabelled=sum(entry.slices for entry in pool),
        validation_cases=len(chosen_by),
        validation_slices=sum(entry.slices for entry in chosen_by),
        has_weights=board.has_weights(run.id),
        message=run.message,
    )


def _status_word(store: ProjectStore, board: JobBoard, run: RunRecord) -> RunStatus:
    """How the run ended; one that may only be read about may have ended without anybody noting it."""
    if run.status != "running" or not store.read_only:
        return run.status
    state = board.status(run.id).state
    return state if state == "finished" or state == "cancelled" or state == "failed" else run.status
