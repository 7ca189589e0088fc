"""What a list of projects says of each, without opening any."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import SlicelabError
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.geometry import stack_spacing, to_stack
from slicelab.core.thumbnails import small_grey, thinned
from slicelab.data.store.glance import glance, seen_slice
from slicelab.data.writers import read_own_volume
from slicelab.engine.job_calls import CHOSEN

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

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


@dataclass(frozen=True, eq=False)
class ProjectPicture:
    """A small picture that a project is known by.

    Attributes:
        grey: a slice, ``(row, column)`` uint8.
        mask: what is painted on it, class values, of the same shape; 0 everywhere where nothing is.
        colours: class value to its colour, ``#rrggbb``.
        tall: height of a pixel divided by its width.

    """

    grey: npt.NDArray[np.uint8]
    mask: npt.NDArray[np.uint8]
    colours: dict[int, str]
    tall: float


def picture_at(folder: Path, case_id: str | None, reader: str | None, side: int) -> ProjectPicture | None:
    """The slice with most painted on it of the case that was open last; None where that cannot be read at once.

    Args:
        folder: the project's.
        case_id: the case; None or one that is gone: the first.
        reader: whose labels; None or one that is not there: the project's first reader's.
        side: longest edge, about, pixels.

    """
    seen = seen_slice(folder, case_id, reader)
    if seen is None:
        return None
    axis = seen.image.geometry.acquisition_axis
    try:
        stack = to_stack(read_own_volume(folder / seen.image.path, mmap=True).voxels, axis)
    except (SlicelabError, OSError):
        return None
    picture = np.asarray(stack[len(stack) // 2 if seen.index is None else seen.index])
    grey = small_grey(picture, side, seen.case.window)
    mask = np.zeros_like(grey) if seen.mask is None else np.ascontiguousarray(thinned(seen.mask, side))
    _, down, across = stack_spacing(seen.image.geometry.spacing, axis)
    return ProjectPicture(grey, mask, {one.value: one.colour for one in seen.classes}, down / across)


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
