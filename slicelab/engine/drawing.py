"""Drawing that needs more than a stroke: mend, copy from the neighbour, interpolate. Nothing is saved here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.drawing.between import copied, gap_around, gaps, interpolated
from slicelab.core.drawing.mend import Mend, mended
from slicelab.core.drawing.rule import Over
from slicelab.core.errors import SlicelabError
from slicelab.core.labels import Origin
from slicelab.core.slices import Overall, overall

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slicelab.core.drawing.rule import DrawRule
    from slicelab.core.labels import LabelClass
    from slicelab.engine.label_book import CaseSheet

_NOTHING = {
    Mend.SMOOTH: "is as smooth as that makes it",
    Mend.FILL_HOLES: "has no holes",
    Mend.ISLANDS: "is in one piece, or in pieces too large to be islands",
    Mend.GROW: "does not grow by that: it is less than a voxel, or what lies around may not be painted over",
    Mend.SHRINK: "does not shrink by that: it is less than a voxel",
}


@dataclass(frozen=True, eq=False)
class Drawing:
    """New masks for slices, as one undo step.

    Attributes:
        masks: slice index to the whole slice's new mask ``(row, column)`` uint8; never empty.
        action: words for the history.
        origin: where the masks come from.
        sources: slice index to the slices that its mask was made from, where that is others.

    """

    masks: dict[int, npt.NDArray[np.uint8]]
    action: str
    origin: Origin
    sources: dict[int, tuple[int, ...]] = field(default_factory=dict)


def anchors(sheet: CaseSheet, class_values: tuple[int, ...]) -> tuple[bool, ...]:
    """Per slice, whether interpolation starts from it: labelled, and by more than an earlier interpolation."""
    return tuple(
        state in (Overall.DONE, Overall.PARTLY) or (state is Overall.DRAFT and origin is not Origin.INTERPOLATED)
        for state, origin in zip((overall(s, class_values) for s in sheet.states), sheet.origins, strict=True)
    )


def mend_slices(
    sheet: CaseSheet,
    item: LabelClass,
    mend: Mend,
    mm: float,
    spacing: tuple[float, float, float],
    rule: DrawRule,
    slices: Sequence[int] | None,
) -> Drawing:
    """Mend one class on slices (None: on all that have it).

    Raises:
        SlicelabError: the class is locked, is not there, or nothing about it changes.

    """
    _refuse_locked(item, rule)
    chosen = range(len(sheet.masks)) if slices is None else slices
    there = [at for at in chosen if (sheet.masks[at] == item.value).any()]
    where = "this case" if slices is None else "this slice" if len(slices) == 1 else "these slices"
    if not there:
        raise SlicelabError(f"There is no {item.name} on {where}.", "Choose the class at the left.")
    before = sheet.masks[there]
    after = mended(before, item.value, mend, mm, spacing, rule)
    masks = {at: after[n] for n, at in enumerate(there) if not np.array_equal(before[n], after[n])}
    if not masks:
        raise SlicelabError(f"{item.name} on {where} {_NOTHING[mend]}.")
    return Drawing(masks, f"{mend} {item.name}", Origin.PAINTED)


def copy_neighbour(
    sheet: CaseSheet, target: int, source: int, rule: DrawRule, class_values: tuple[int, ...]
) -> Drawing:
    """The outlines of one slice on another.

    Raises:
        SlicelabError: there is no such slice, it is unlabelled or empty, or nothing changes.

    """
    if not 0 <= source < len(sheet.masks):
        raise SlicelabError("There is no slice there to copy from.", "This is the last one.")
    if overall(sheet.states[source], class_values) is Overall.UNLABELLED or not sheet.masks[source].any():
        raise SlicelabError(f"Slice {source + 1} has no outlines to copy.")
    after = copied(sheet.masks[target], sheet.masks[source], rule)
    if np.array_equal(after, sheet.masks[target]):
        raise SlicelabError(f"Slice {target + 1} has these outlines already, or may not be painted over.")
    return Drawing({target: after}, f"copy slice {source + 1}", Origin.PAINTED, {target: (source,)})


def interpolate_slices(
    sheet: CaseSheet, spacing: tuple[float, float, float], class_values: tuple[int, ...], at: int | None
) -> Drawing:
    """Outlines for the slices between labelled ones: of the gap that a slice lies in, or (None) of every gap.

    Raises:
        SlicelabError: there is no such gap.

    """
    known = anchors(sheet, class_values)
    around = None if at is None else gap_around(known, at)
    chosen = gaps(known) if at is None else () if around is None else (around,)
    if not chosen:
        where = "No slice lies" if at is None else f"Slice {at + 1} does not lie"
        raise SlicelabError(
            f"{where} between two labelled ones with nothing painted between.",
            "Label two slices with a few unlabelled ones between them.",
        )
    masks: dict[int, npt.NDArray[np.uint8]] = {}
    for gap in chosen:
        masks |= interpolated(sheet.masks, gap, spacing)
    sources: dict[int, tuple[int, ...]] = {index: (gap.lower, gap.upper) for gap in chosen for index in gap.slices}
    return Drawing(masks, "interpolate", Origin.INTERPOLATED, sources)


def _refuse_locked(item: LabelClass, rule: DrawRule) -> None:
    if item.value in rule.kept:
        raise SlicelabError(
            f"{item.name} is locked.", f"Open its lock in the list of classes, or draw over {Over.EVERYTHING}."
        )
