"""What a list of projects says of each, without opening any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.data.store.glance import glance
from slicelab.engine.job_calls import CHOSEN

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.core.evaluation import Evaluation
    from slicelab.data.store.glance import MeasuredRow


@dataclass(frozen=True)
class ProjectGlance:
    """How far a project is.

    Attributes:
        cases: how many it has.
        begun: of those, how many have a slice that is done.
        measured: the model in use, as it was measured last; None where none was.

    """

    cases: int
    begun: int
    measured: Evaluation | None


def glance_at(folder: Path) -> ProjectGlance | None:
    """How far a project is; None where that cannot be read at once. Reads a few rows, and waits for nobody."""
    found = glance(folder, CHOSEN)
    if found is None:
        return None
    rows: dict[str, list[MeasuredRow]] = {}
    for one in found.measured:
        rows.setdefault(one.case, []).append(one)
    scores = [_score(case, known, found.classes) for case, known in rows.items()]
    measured = summarise(found.model, scores, list(found.classes.values())) if scores else None
    return ProjectGlance(found.cases, found.begun, measured)


def _score(case: str, rows: list[MeasuredRow], classes: dict[int, str]) -> CaseScore:
    return CaseScore(
        case=case,
        scores={
            classes[one.value]: ClassScore(math.nan if one.dice is None else one.dice, volume_ml=math.nan)
            for one in rows
        },
        slices=0,
        of=0,
        trained_on=any(one.trained_on for one in rows),
        in_pretraining_pool=any(one.in_pool for one in rows),
        synthetic=any(one.synthetic for one in rows),
    )
