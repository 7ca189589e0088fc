"""Runs, settings and figures in the words of a report."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

from slicelab.core.durations import duration
from slicelab.jobs.specs import FinetuneJob, JobAdapter, PredictJob, PretrainJob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from slicelab.data.store.records import RunRole
    from slicelab.engine.report_facts import RunFacts
    from slicelab.jobs.specs import AnyJob

_ROLES: dict[RunRole, str] = {"pool": "without labels", "train": "labelled", "val": "to choose the state"}


def job_of(run: RunFacts) -> AnyJob | None:
    """The job of a run; None where this version cannot read it."""
    try:
        return JobAdapter.validate_json(run.record.job)
    except ValueError:
        return None


def run_words(run: RunFacts, job: AnyJob, device: str, named: Callable[[str], str] = str) -> str:
    """What a run learned from, how, and on what; ``named`` says what a run is called."""
    record = run.record
    roles = Counter(member.role for member in run.members)
    slices = {role: sum(m.slices for m in run.members if m.role == role) for role in roles}
    used = ", ".join(
        f"{count_of(slices[role], 'slice')} of {count_of(roles[role], 'case')} ({_ROLES[role]})"
        for role in _ROLES
        if role in roles
    )
    start = f", starting from {named(record.init)}" if record.init else ", starting from random weights"
    method = f" by {record.method}" if record.method else ""
    changed = ", ".join(f"{path} = {value}" for path, value in sorted(job.overrides.items()))
    took = f" It took {duration(record.finished - record.created)}." if record.finished else ""
    begun = start if record.kind == "finetune" else ""
    return (
        f"{named(record.id)}: {record.kind}{method}{begun}, on {used or 'no case'}. "
        f"Preset {record.preset}{f', changed: {changed}' if changed else ''}; seed {job.seed}; "
        f"{device or 'device not noted'}; {record.status}.{took}"
    )


def settings_of(job: AnyJob) -> Iterable[tuple[str, str]]:
    """Every setting of a job by its path."""
    groups: list[tuple[str, Any]] = [("pool", job.pool), ("network", job.network)]
    if isinstance(job, PretrainJob | FinetuneJob | PredictJob):
        groups.append((job.kind, job.settings))
    for group, model in groups:
        yield from _flat(group, model.model_dump(mode="json"))


def _flat(path: str, values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(f"{path}.{name}", value)
        else:
            yield f"{path}.{name}", _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def number(value: float, digits: int = 3) -> str:
    """A figure, ``n/a`` where it is not defined."""
    return "n/a" if math.isnan(value) else f"{value:.{digits}f}"


def count_of(count: int, one: str) -> str:
    """Such as ``1 slice`` and ``1,204 slices``."""
    return f"{count:,} {one if count == 1 else one + 's'}"
