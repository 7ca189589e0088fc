"""What the next training would learn from, and whether its split keeps patients apart: said before it is started."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.slices import done_classes
from slicelab.core.splits import audit
from slicelab.engine.lineage import ancestors, seen_by

if TYPE_CHECKING:
    from collections.abc import Collection

    from slicelab.data.store.project import ProjectStore

_VALUES = 256


@dataclass(frozen=True)
class Outlook:
    """The next training.

    Attributes:
        shown: class value to the slices it would learn from that show the class; 0 where none does.
        tests: patients with labels that it would not learn from.
        in_pool: of those, the ones whose images were learnt from without labels by what it starts from.
        met: of those, the ones whose labels what it starts from has met.

    """

    shown: dict[int, int] = field(default_factory=dict)
    tests: int = 0
    in_pool: int = 0
    met: int = 0


def outlook(store: ProjectStore, reader_id: int, init: str | None, left_out: Collection[str]) -> Outlook:
    """Look ahead. Slices are read, nothing is written.

    Args:
        store: the project.
        reader_id: whose labels are learned from.
        init: run whose weights to start from; None, or one that is gone: random weights.
        left_out: cases (ids) that are kept for testing, with all of their patients.

    """
    every = store.cases(removed=True)
    patient_of = {case.id: case.patient_id for case in every}
    away = {patient_of[case] for case in left_out if case in patient_of}
    shown = {one.value: 0 for one in store.classes()}
    trained, tests = [], []
    for case in store.cases():
        labels = [label for label in store.slice_labels(case.id, reader_id) if done_classes(label.states)]
        if not labels:
            continue
        if case.patient_id in away:
            tests.append(case.id)
            continue
        trained.append(case.id)
        for label in labels:
            there = np.bincount(label.mask.ravel(), minlength=_VALUES)
            for value in done_classes(label.states):
                if value in shown and there[value]:
                    shown[value] += 1
    runs = {run.id: run for run in store.runs()}
    chain = ancestors(init, runs) if init in runs else ()
    seen = seen_by(chain, {run.id: store.run_cases(run.id) for run in chain})
    leaks = audit(
        tests, trained=[*trained, *seen.trained], pool=seen.pool, validated=seen.validated, patient_of=patient_of
    )

    def patients(cases: Collection[str]) -> int:
        return len({patient_of[case] for case in cases})

    return Outlook(
        shown,
        patients(tests),
        patients([leak.case for leak in leaks if leak.in_pool]),
        patients([leak.case for leak in leaks if leak.trained_on or leak.validated]),
    )
