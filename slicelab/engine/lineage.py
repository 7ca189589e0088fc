"""Where a run's weights came from, and what they had seen on the way. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.jobs.specs import FinetuneJob, JobAdapter

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slicelab.data.store.records import CaseRecord, RunCase, RunRecord


@dataclass(frozen=True)
class Seen:
    """Case ids a model has met.

    Attributes:
        trained: labels learned from.
        pool: images seen without their labels, by a pretraining or a semi-supervised finetuning.
        validated: labels used to choose the learning rate or the best state.

    """

    trained: frozenset[str]
    pool: frozenset[str]
    validated: frozenset[str] = frozenset()


def ancestors(run_id: str, runs: Mapping[str, RunRecord]) -> tuple[RunRecord, ...]:
    """The run and those its weights descend from, youngest first."""
    chain: list[RunRecord] = []
    current: str | None = run_id
    while current is not None and all(record.id != current for record in chain):
        chain.append(runs[current])
        current = runs[current].init
    return tuple(chain)


def model_of(run: RunRecord, runs: Mapping[str, RunRecord]) -> RunRecord:
    """The run that holds the model: a prediction, or embeddings, stand for the model they used."""
    return runs[run.init] if run.kind in ("predict", "embed") and run.init else run


def known_to(run: RunRecord) -> frozenset[int]:
    """Class values a finetuned run can predict: of a class that was added later its masks say nothing.

    None of a run whose job was never written, or cannot be read.
    """
    try:
        job = JobAdapter.validate_json(run.job)
    except ValueError:
        return frozenset()
    return frozenset(one.value for one in job.classes) if isinstance(job, FinetuneJob) else frozenset()


def seen_by(chain: Sequence[RunRecord], cases_of: Mapping[str, Sequence[RunCase]]) -> Seen:
    """What a chain of runs has seen."""
    entries = [entry for run in chain for entry in cases_of[run.id]]
    return Seen(
        trained=frozenset(entry.case_id for entry in entries if entry.role == "train"),
        pool=frozenset(entry.case_id for entry in entries if entry.role == "pool"),
        validated=frozenset(entry.case_id for entry in entries if entry.role == "val"),
    )


def kept_apart(
    chain: Sequence[RunRecord], cases_of: Mapping[str, Sequence[RunCase]], cases: Sequence[CaseRecord]
) -> frozenset[str]:
    """Patients that a pretraining in the chain left out although they were there: kept for testing, by all signs.

    Args:
        chain: runs a model descends from.
        cases_of: run id to the cases it used.
        cases: the project's cases; one that came later than a pretraining was not left out of it.

    """
    apart: set[str] = set()
    for run in chain:
        if run.kind == "pretrain":
            used = {entry.case_id for entry in cases_of[run.id]}
            met = {case.patient_id for case in cases if case.id in used}
            apart |= {case.patient_id for case in cases if case.created < run.created and case.patient_id not in met}
    return frozenset(apart)
