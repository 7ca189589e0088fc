"""Where a run's weights came from, and what they had seen on the way. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slicelab.data.store.records import RunCase, RunRecord


@dataclass(frozen=True)
class Seen:
    """Case ids a model has met.

    Attributes:
        trained: labels learned from, or used to choose the best state.
        pool: images seen by a pretraining.

    """

    trained: frozenset[str]
    pool: frozenset[str]


def ancestors(run_id: str, runs: Mapping[str, RunRecord]) -> tuple[RunRecord, ...]:
    """The run and those its weights descend from, youngest first."""
    chain: list[RunRecord] = []
    current: str | None = run_id
    while current is not None and all(record.id != current for record in chain):
        chain.append(runs[current])
        current = runs[current].init
    return tuple(chain)


def model_of(run: RunRecord, runs: Mapping[str, RunRecord]) -> RunRecord:
    """The run that holds the model: a prediction stands for the model it used."""
    return runs[run.init] if run.kind == "predict" and run.init else run


def seen_by(chain: Sequence[RunRecord], cases_of: Mapping[str, Sequence[RunCase]]) -> Seen:
    """What a chain of runs has seen."""
    entries = [entry for run in chain for entry in cases_of[run.id]]
    return Seen(
        trained=frozenset(entry.case_id for entry in entries if entry.role in ("train", "val")),
        pool=frozenset(entry.case_id for entry in entries if entry.role == "pool"),
    )
