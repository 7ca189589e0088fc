"""What was measured of a model, read again from the project, and how many slices changed since."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.labels import Origin, SliceState
from slicelab.data.dataset_folders import is_synthetic
from slicelab.engine.evaluating import leaks_of
from slicelab.engine.lineage import known_to

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slicelab.core.evaluation import Evaluation
    from slicelab.core.splits import Leak
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, ImageRecord, MetricRecord


@dataclass(frozen=True)
class Remembered:
    """Figures against the project's own labels, as they were measured last.

    Attributes:
        evaluation: the figures, of the cases and classes that are in the project now.
        at: when the newest of them was measured, seconds since 1970.
        changed: slices that would be measured otherwise now: done, changed or reopened since, or predicted anew.

    """

    evaluation: Evaluation
    at: float
    changed: int


def remembered(store: ProjectStore, reader_id: int, model: str) -> Remembered | None:
    """What was last measured of a model against a reader's labels; None if nothing was. Reads rows alone, no mask."""
    cases = {case.id: case for case in store.cases()}
    classes = store.classes()
    names = {one.value: one.name for one in classes}
    rows: dict[str, list[MetricRecord]] = {}
    for one in store.metrics(model):
        own = one.reference == "project" and one.reader_id == reader_id
        if own and one.case_id in cases and one.class_value in names:
            rows.setdefault(one.case_id, []).append(one)
    # Of a case that was measured again, only what was measured then: an older row is of a class nothing is done for.
    newest = {case: max(one.at for one in found) for case, found in rows.items()}
    rows = {case: [one for one in found if one.at == newest[case]] for case, found in rows.items()}
    leaks = leaks_of(store, store.run(model), list(rows))
    results = [_score(cases[case], store.images(case)[0], found, names, leaks[case]) for case, found in rows.items()]
    if not results:
        return None
    measured = {case: found[0].slices for case, found in rows.items()}
    changed = _changed(store, reader_id, model, set(cases), measured, newest)
    return Remembered(summarise(model, results, [one.name for one in classes]), max(newest.values()), changed)


def _score(
    case: CaseRecord, image: ImageRecord, rows: Sequence[MetricRecord], names: dict[int, str], leak: Leak
) -> CaseScore:
    scores = {
        names[one.class_value]: ClassScore(
            dice=_number(one.dice),
            volume_ml=one.volume_ml,
            reference_volume_ml=_number(one.reference_volume_ml),
            hd95_mm=_number(one.hd95_mm),
            assd_mm=_number(one.assd_mm),
        )
        for one in rows
    }
    return CaseScore(
        case=case.name,
        scores=scores,
        slices=rows[0].slices,
        of=rows[0].of,
        trained_on=leak.trained_on,  # a row says that the labels were met, not what for
        in_pretraining_pool=leak.in_pool,
        used_for_validation=leak.validated,
        synthetic=is_synthetic(image.notes, image.source_path),
    )


def _changed(
    store: ProjectStore,
    reader_id: int,
    model: str,
    cases: set[str],
    measured: dict[str, int],
    newest: dict[str, float],
) -> int:
    known = known_to(store.run(model))

    def counts(states: Mapping[int, SliceState], origin: Origin | None, run: str | None) -> bool:
        own = origin is Origin.ACCEPTED and run == model  # never measured against itself
        return not own and any(states.get(value) is SliceState.DONE for value in known)

    predicted = {one.case_id: one.at for one in store.predictions() if one.model_run == model and one.case_id in cases}
    ledger = store.ledger(reader_id)
    since: dict[str, set[int]] = {case: set() for case in predicted}
    before: dict[str, set[int]] = {case: set() for case in predicted}
    for one in store.label_stamps(reader_id):
        states = ledger.get(one.case_id, {}).get(one.slice, {})
        if one.case_id in predicted and counts(states, one.origin, one.origin_run):
            (since if one.updated > newest.get(one.case_id, 0.0) else before)[one.case_id].add(one.slice)
    total = 0
    for case, at in predicted.items():
        if at > newest.get(case, 0.0):
            total += len(since[case]) + len(before[case])
            continue
        missing = measured.get(case, 0) - len(before[case])
        was = store.labels_before(case, reader_id, newest[case]) if missing > 0 else {}
        other = {index for index, label in was.items() if counts(label.states, label.origin, label.origin_run)}
        # What was undone since has no edit of its own: then at least as many changed as are missing.
        total += max(missing, len(since[case] | (other - before[case])))
    return total


def _number(value: float | None) -> float:
    return math.nan if value is None else value
