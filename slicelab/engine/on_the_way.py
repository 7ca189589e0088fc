"""Dice of a training on its way, on labelled cases that it does not learn from: from the masks it shows meanwhile."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.metrics import dice
from slicelab.core.slices import done_classes
from slicelab.data.atomic import write_bytes
from slicelab.data.run_folder import RunFolder
from slicelab.engine.evaluating import leaks_of
from slicelab.jobs.specs import FinetuneJob

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, SliceLabel
    from slicelab.engine.predictions import Predictions

WATCHED = 2
"""Most cases left out for testing that a training shows on its way: each takes as long as a prediction of it."""


@dataclass(frozen=True)
class OnTheWay:
    """How good a training is that has not ended.

    Attributes:
        step: steps it had done.
        dice: mean over cases of the mean 3D Dice over classes, on the slices that are done.
        cases: how many.

    """

    step: int
    dice: float
    cases: int


def watched(store: ProjectStore, reader_id: int, left_out: Sequence[CaseRecord]) -> tuple[str, ...]:
    """Cases (ids) to watch of those left out for testing: the ones with the most slices done, a few of them."""
    there = {case.id for case in store.cases()}
    done = {
        case.id: sum(bool(done_classes(label.states)) for label in store.slice_labels(case.id, reader_id))
        for case in left_out
        if case.id in there
    }
    return tuple(
        sorted((case for case, count in done.items() if count), key=lambda case: (-done[case], case))[:WATCHED]
    )


def on_the_way(
    store: ProjectStore, predictions: Predictions, reader_id: int, run_id: str, previewed: Mapping[str, int]
) -> OnTheWay | None:
    """Compare the masks a training made after its newest such step with the slices that are done, and keep the figure.

    Cases of a patient whose labels it, or what it starts from, learned from or was chosen by are left out, and those
    of whom nothing was labelled when it began: whoever labels the case that is shown sees its masks meanwhile. None
    where none is left, and until every one of them has a mask of that step: figures of other cases do not compare.
    Where the project is open for reading only, nothing is kept.

    Args:
        store: the project.
        predictions: reads masks.
        reader_id: whose labels.
        run_id: the training.
        previewed: case id to the steps that its mask was made after.

    Raises:
        UnreadableFileError: a mask is damaged.
        StorageError: the disk refused.

    """
    folder = RunFolder(store.folder / "runs" / run_id)
    job = folder.read_job()
    if not isinstance(job, FinetuneJob) or not previewed:
        return None
    newest = max(previewed.values())
    there = {case.id for case in store.cases()}
    shown = [case.case for case in job.preview if case.case in there and case.patient in job.test_patients]
    leaks = leaks_of(store, store.run(run_id), shown)
    found = []
    for case in shown:
        labels = [label for label in store.slice_labels(case, reader_id) if done_classes(label.states)]
        if not labels or leaks[case].trained_on or leaks[case].validated:
            continue
        stack = predictions.preview(run_id, case) if previewed.get(case) == newest else None
        if stack is None:
            return None
        value = _mean(labels, stack, [one.value for one in job.classes])
        if value is not None:
            found.append(value)
    if not found:
        return None
    reached = OnTheWay(newest, sum(found) / len(found), len(found))
    if not store.read_only:
        _keep(folder, reader_id, reached)
    return reached


def way_of(store: ProjectStore, run_id: str, reader_id: int) -> tuple[OnTheWay, ...]:
    """Every figure kept of a training on its way against a reader's labels, by step; none where they are damaged."""
    kept = _kept(RunFolder(store.folder / "runs" / run_id))
    return tuple(point for (_, by), point in sorted(kept.items()) if by == reader_id)


def _kept(folder: RunFolder) -> dict[tuple[int, int], OnTheWay]:
    """By step and reader."""
    try:
        rows = json.loads(folder.way_path.read_bytes())
        return {(int(step), int(by)): OnTheWay(int(step), float(mean), int(cases)) for step, mean, cases, by in rows}
    except (OSError, ValueError, TypeError):
        return {}


def _keep(folder: RunFolder, reader_id: int, reached: OnTheWay) -> None:
    points = _kept(folder) | {(reached.step, reader_id): reached}
    rows = [[one.step, one.dice, one.cases, by] for (_, by), one in points.items()]
    write_bytes(folder.way_path, json.dumps(rows).encode())


def _mean(labels: Sequence[SliceLabel], stack: npt.NDArray[np.uint8], values: Sequence[int]) -> float | None:
    """Mean Dice over the classes that are in either mask, each on the slices done for it; None where there is none."""
    scores = []
    for value in values:
        known = [label for label in labels if value in done_classes(label.states)]
        if known:
            ours = np.stack([stack[label.slice] == value for label in known])
            scores.append(dice(ours, np.stack([label.mask == value for label in known])))
    scores = [one for one in scores if not math.isnan(one)]
    return sum(scores) / len(scores) if scores else None
