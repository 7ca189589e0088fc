"""Studies of several series, and files of several volumes (over time, or weightings): what becomes cases. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.data.readers import Discovery, Source

VolumeWish = int | Literal["each"] | None
"""Which volume, from 0; each as a case of its own; or None, to leave the file out."""


@dataclass(frozen=True)
class Reading:
    """One case to be made of a source.

    Attributes:
        source: where it comes from.
        frame: which of the source's volumes, from 0; None where there is one alone, or none was chosen.
        name: of the case.

    """

    source: Source
    frame: int | None
    name: str

    @property
    def numbered_name(self) -> str:
        """The source's name with the volume's number, counted from 1."""
        return f"{self.source.name} volume {(self.frame or 0) + 1}"

    @property
    def note(self) -> str | None:
        """Which volume of how many, for the case's remarks."""
        if self.frame is None:
            return None
        return f"This is volume {self.frame + 1} of the {self.source.frames} that the series holds."


def of_study(sources: Sequence[Source]) -> tuple[tuple[Source, ...], ...]:
    """DICOM series by what the scanner calls them, in the order found; series of several patients stand together."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        if source.series is not None:
            groups.setdefault((source.description or source.name).casefold(), []).append(source)
    return tuple(tuple(group) for group in groups.values())


FEW_SLICES = 5
"""A series of fewer is most often one to plan others by (a localizer)."""


def to_plan_by(kinds: Sequence[Sequence[Source]]) -> tuple[bool, ...]:
    """Of each kind of series, whether it has so few slices that nobody labels it; never of all kinds there are."""
    counts = [[one.slices for one in kind if one.slices is not None] for kind in kinds]
    few = tuple(
        bool(known) and len(known) == len(kind) and max(known) < FEW_SLICES
        for known, kind in zip(counts, kinds, strict=True)
    )
    return (False,) * len(few) if all(few) else few


def without(found: Discovery, left_out: Sequence[Source]) -> Discovery:
    """What was found but for some sources."""
    return replace(found, sources=tuple(source for source in found.sources if source not in left_out))


def several(sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with more than one volume."""
    return tuple(source for source in sources if source.frames > 1)


def alike(sources: Sequence[Source]) -> tuple[tuple[Source, ...], ...]:
    """Series with the same number of volumes together: one choice may hold for all of them."""
    groups: dict[int, list[Source]] = {}
    for source in several(sources):
        groups.setdefault(source.frames, []).append(source)
    return tuple(tuple(group) for group in groups.values())


def readings(source: Source, wish: VolumeWish) -> tuple[Reading, ...]:
    """The cases to be made of a source; a wish says nothing of a source with one volume."""
    if source.frames <= 1 or wish is None:
        return (Reading(source, None, source.name),)
    if wish == "each":
        each = (Reading(source, frame, "") for frame in range(source.frames))
        return tuple(Reading(source, reading.frame, reading.numbered_name) for reading in each)
    return (Reading(source, wish, source.name),)
