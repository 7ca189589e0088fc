"""Pictures of a DICOM series put in order by where they lie, with every irregularity said. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.data.readers.decoded import Affine
    from slicelab.data.readers.dicom_files import Slice

_SAME_PLACE_MM = 0.01
_SAME_DIRECTION = 0.01
_GAP_SHARE = 0.1


@dataclass(frozen=True, eq=False)
class Arrangement:
    """The volumes of a series.

    Attributes:
        frames: each a volume's slices, in the direction of the normal (row direction x column direction).
        affine: ``(4, 4)``, index ``(column, row, slice)`` to LPS mm.
        notes: irregularities, in plain words.

    """

    frames: tuple[tuple[Slice, ...], ...]
    affine: Affine
    notes: tuple[str, ...]


def arrange(slices: Sequence[Slice]) -> Arrangement:
    """Sort slices by position along their normal, repeated positions into frames.

    Raises:
        UnreadableFileError: sizes or directions are mixed.

    """
    notes: list[str] = []
    kept = _without_copies(slices, notes)
    _check_alike(kept)
    if kept[0].row_first is None or any(s.position is None for s in kept):
        return _by_number(kept, notes)
    normal = np.cross(*kept[0].row_first)
    places = _places(kept, normal)
    frames = _frames(places, notes)
    return Arrangement(frames, _affine(frames[0], normal, notes), tuple(notes))


def _without_copies(slices: Sequence[Slice], notes: list[str]) -> list[Slice]:
    seen: dict[tuple[str, int], Slice] = {}
    for s in slices:
        seen.setdefault((s.instance or str(s.path), s.frame), s)
    if len(seen) < len(slices):
        notes.append(f"{len(slices) - len(seen)} files were copies of others and were left out.")
    return list(seen.values())


def _check_alike(slices: Sequence[Slice]) -> None:
    directions: list[np.ndarray] = []
    for s in slices:
        if s.row_first is not None and not any(np.abs(s.row_first - d).max() < _SAME_DIRECTION for d in directions):
            directions.append(s.row_first)
    if len(directions) > 1:
        raise UnreadableFileError(
            f"This series has slices in {len(directions)} directions (a localizer, or several planes in one series).",
            "Choose a series with slices in one direction.",
        )
    if len({s.row_first is None for s in slices}) > 1:
        raise UnreadableFileError("Some slices of this series do not say how they lie.", "Export the series again.")
    sizes = {(s.rows, s.columns) for s in slices}
    spacings = {None if s.spacing is None else (round(s.spacing[0], 3), round(s.spacing[1], 3)) for s in slices}
    if len(sizes) > 1 or len(spacings) > 1:
        raise UnreadableFileError("The slices of this series have different sizes.", "Choose or export one volume.")


def _places(slices: Sequence[Slice], normal: np.ndarray) -> list[list[Slice]]:
    """Slices by place along the normal; those of one place together."""
    far = [(float(s.position @ normal), s) for s in slices if s.position is not None]
    far.sort(key=lambda pair: pair[0])
    places: list[list[Slice]] = []
    last = -np.inf
    for distance, s in far:
        if distance - last > _SAME_PLACE_MM:
            places.append([])
        places[-1].append(s)
        last = distance
    return places


def _frames(places: list[list[Slice]], notes: list[str]) -> tuple[tuple[Slice, ...], ...]:
    ordered = [sorted(place, key=lambda s: (s.order, s.number, s.frame)) for place in places]
    counts = {len(place) for place in ordered}
    if len(counts) == 1:
        return tuple(zip(*ordered, strict=True))
    repeated = sum(len(place) > 1 for place in ordered)
    notes.append(f"{repeated} of {len(ordered)} positions were recorded more than once; the first one was used.")
    return (tuple(place[0] for place in ordered),)


def _affine(slices: Sequence[Slice], normal: np.ndarray, notes: list[str]) -> Affine:
    first = slices[0]
    positions = np.array([s.position for s in slices])
    directions = np.asarray(first.row_first)
    rows, columns = _in_plane(first, notes)
    affine = np.eye(4)
    affine[:3, 0], affine[:3, 1], affine[:3, 3] = directions[0] * columns, directions[1] * rows, positions[0]
    if len(slices) == 1:
        affine[:3, 2] = normal * (first.thickness or 1.0)
        return affine
    steps = np.diff(positions, axis=0)
    distances = steps @ normal
    usual = float(np.median(distances))
    gaps = [n for n, d in enumerate(distances, start=1) if abs(d - usual) > _GAP_SHARE * usual]
    if gaps:
        affine[:3, 2] = np.median(steps[np.abs(distances - usual) <= _GAP_SHARE * usual], axis=0)
        where = ", ".join(f"{n} and {n + 1} ({distances[n - 1]:.1f} mm)" for n in gaps[:3])
        where += " and others" if len(gaps) > 3 else ""
        notes.append(
            f"The slices are not evenly spaced: usually {usual:.1f} mm apart, but not between slices {where}. "
            "Volumes in mL and distances are off there."
        )
    else:
        affine[:3, 2] = (positions[-1] - positions[0]) / (len(slices) - 1)
    return affine


def _by_number(slices: list[Slice], notes: list[str]) -> Arrangement:
    """Pictures that do not say where they lie, in the order of their numbers."""
    ordered = sorted(slices, key=lambda s: (s.number, s.frame))
    rows, columns = _in_plane(ordered[0], notes)
    affine = np.diag([columns, rows, ordered[0].thickness or 1.0, 1.0])
    if ordered[0].row_first is not None:
        affine[:3, :2] = ordered[0].row_first.T * [columns, rows]
        affine[:3, 2] = np.cross(*ordered[0].row_first) * (ordered[0].thickness or 1.0)
    notes.append(
        "The pictures do not say where they lie in the patient; their order and left and right are assumed, "
        "please check."
    )
    return Arrangement((tuple(ordered),), affine, tuple(notes))


def _in_plane(first: Slice, notes: list[str]) -> tuple[float, float]:
    if first.spacing is None or min(first.spacing) <= 0:
        notes.append("The pixel size is not given; 1 mm was assumed.")
        return 1.0, 1.0
    return first.spacing
