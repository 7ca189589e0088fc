"""Studies of several series, and files of several volumes (over time, or weightings): what becomes cases. Pure."""

from __future__ import annotations

from collections import Counter
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
    """DICOM series by what the scanner calls them, in the order found; those of several studies stand together.

    Of one study, several series of the same name (a repeat) stand apart: first with first, second with second.
    """
    groups: dict[tuple[str, int], list[Source]] = {}
    met: Counter[tuple[str, str | None]] = Counter()
    for source in sources:
        if source.series is not None:
            name, study = _called(source).casefold(), source.study or source.patient
            groups.setdefault((name, met[name, study]), []).append(source)
            met[name, study] += 1
    return tuple(tuple(group) for group in groups.values())


def kind_names(kinds: Sequence[Sequence[Source]]) -> tuple[str, ...]:
    """What to call each kind of series: as the scanner does, and so that no two are called the same."""
    met: Counter[str] = Counter()
    names = []
    several = Counter(_called(kind[0]).casefold() for kind in kinds)
    for kind in kinds:
        name = _called(kind[0])
        met[name.casefold()] += 1
        if several[name.casefold()] > 1:  # one alone is called as its case will be: with its number of the study
            name = kind[0].name if len(kind) == 1 else f"{name} ({met[name.casefold()]})"
        names.append(name)
    return tuple(names)


def _called(source: Source) -> str:
    return source.description or source.name


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
