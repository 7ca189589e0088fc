"""Streaks out of a stack of per-coil images: measure, decide, remove, combine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from slicelab.core.errors import SlicelabError
from slicelab.data.radial.combine import Combination, combined
from slicelab.data.radial.null_space import interference, lost_brightness, null_images, null_measured
from slicelab.data.radial.streaks import (
    DEFAULT_THRESHOLD,
    Measured,
    cut_of,
    measure,
    streak_energy,
    streak_scores,
    streaking_coils,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from slicelab.data.radial.regions import Images, Mask

Method = Literal["coils", "null-space"]


@dataclass(frozen=True)
class Settings:
    """How to remove streaks.

    Attributes:
        method: leave out coils, or project on the interference null space.
        drop: coils (from 0) to leave out whatever their score; with ``coils``, these and no others.
        combination: how the coils become one image.
        threshold: see :data:`slicelab.data.radial.streaks.DEFAULT_THRESHOLD`.

    """

    method: Method = "coils"
    drop: tuple[int, ...] | None = None
    combination: Combination = "sum-of-squares"
    threshold: float = DEFAULT_THRESHOLD


@dataclass(frozen=True, eq=False)
class CoilSlice:
    """One slice's per-coil images.

    Attributes:
        images: ``(coil, row, column)`` complex64, what the result is made of.
        wide: the same with all of the readout's field of view, where there is more of it; for measuring alone.
        region: ``(row, column)`` of ``images``: interference and nothing else; None to find the air.

    """

    images: Images
    wide: Images | None = None
    region: Mask | None = None


@dataclass(frozen=True, eq=False)
class Destreaked:
    """An image without streaks, and how it came about.

    Attributes:
        stack: ``(slice, row, column)`` float32.
        scores: ``(coil,)``, NaN where a coil has no signal, empty where nothing could be measured.
        cut: the score above which coils count as streaking, NaN where nothing could be measured.
        dropped: coils left out, from 0.
        ranks: per slice, the interference directions removed.
        energy_before: background over body, mean squares, all coils; NaN where nothing could be measured.
        energy_after: the same in what the result is made of.
        unmeasured: slices (from 0) with too little air to measure.

    """

    stack: npt.NDArray[np.float32]
    scores: npt.NDArray[np.float64]
    cut: float
    dropped: tuple[int, ...]
    ranks: tuple[int, ...]
    energy_before: float
    energy_after: float
    unmeasured: tuple[int, ...]


def destreak(
    slices: Iterable[CoilSlice], settings: Settings, progress: Callable[[int], None] = lambda _: None
) -> Destreaked:
    """Remove streaks from a stack.

    Coils are chosen once for the whole stack, so that brightness does not jump from slice to slice; the null space is
    found for each slice, since sources of streaks move with it.

    Args:
        slices: from the first to the last, made as they are asked for.
        settings: what to do.
        progress: called with the number of slices measured.

    Raises:
        SlicelabError: streaks are to be found and no slice shows enough air, or a coil to leave out is not there.

    """
    images: list[Images] = []
    found: list[Measured | None] = []
    for number, one in enumerate(slices, start=1):
        images.append(one.images)
        found.append(_measured(one))
        progress(number)
    coils = len(images[0])
    _check_drop(settings.drop, coils)
    known = [one for one in found if one is not None]
    if not known and (settings.method == "null-space" or settings.drop is None):
        raise SlicelabError(
            "There is too little air around the body to tell streaks from the body.",
            f"Name the coils to leave out with {'--method coils ' * (settings.method == 'null-space')}--drop, or "
            "give the file a region that holds streaks alone.",
        )
    scores = streak_scores(known) if known else np.empty(0)
    dropped = settings.drop or ()
    if settings.method == "coils" and settings.drop is None:
        dropped = streaking_coils(scores, settings.threshold)
    kept = [coil for coil in range(coils) if coil not in dropped]
    planes, ranks, after = _removed([plane[kept] for plane in images], found, dropped, settings)
    return Destreaked(
        stack=np.stack(planes),
        scores=scores,
        cut=cut_of(scores, settings.threshold) if known else float("nan"),
        dropped=tuple(sorted(dropped)),
        ranks=ranks,
        energy_before=streak_energy(known) if known else float("nan"),
        energy_after=streak_energy(after) if known else float("nan"),
        unmeasured=tuple(number for number, one in enumerate(found) if one is None),
    )


def _removed(
    images: Sequence[Images], found: Sequence[Measured | None], dropped: Sequence[int], settings: Settings
) -> tuple[list[npt.NDArray[np.float32]], tuple[int, ...], list[Measured]]:
    """The combined slices, the rank removed from each, and what is measured of what is left."""
    planes, ranks, after = [], [], []
    for plane, one in zip(images, found, strict=True):
        left = None if one is None else one.without(dropped)
        rank = 0
        if settings.method == "null-space" and left is not None:
            basis = interference(left)
            rank = basis.shape[1]
            if rank:
                left = null_measured(left, basis)
                planes.append(lost_brightness(plane, basis) * combined(null_images(plane, basis), settings.combination))
        if not rank:
            planes.append(combined(plane, settings.combination))
        ranks.append(rank)
        after += [left] if left is not None else []
    return planes, tuple(ranks), after


def _measured(one: CoilSlice) -> Measured | None:
    found = measure(one.images, one.region)
    if found is None and one.region is None and one.wide is not None:
        return measure(one.wide)
    return found


def _check_drop(drop: Sequence[int] | None, coils: int) -> None:
    if drop is None:
        return
    missing = [coil for coil in drop if not 0 <= coil < coils]
    if missing:
        raise SlicelabError(f"There is no coil {missing[0] + 1}.", f"Coils are counted from 1 to {coils}.")
    if len(set(drop)) >= coils:
        raise SlicelabError("No coil is left.", "Leave out fewer coils.")
