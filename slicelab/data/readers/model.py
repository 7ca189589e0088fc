"""What reading and looking around give back: volumes, sources of volumes, and plain refusals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.core.volume import Volume


@dataclass(frozen=True, eq=False)
class ReadVolume:
    """A volume as its file gave it.

    Attributes:
        volume: voxels on the native grid, axes ``(i, j, k)``, affine RAS+ mm, finite, native byte order.
        format: ``nifti``, ``dicom``, ``nrrd`` or ``mha``.
        sha256: of the source bytes (several files: of their sorted digests).
        notes: plain remarks for the user.
        description: the sequence's description, ``""`` if there is none.
        patient_key: groups volumes of one patient; derived, but private all the same. None if unknown.
        window: ``(low, high)`` display range from the file, if any.

    """

    volume: Volume
    format: str
    sha256: str
    notes: tuple[str, ...] = ()
    description: str = ""
    patient_key: str | None = None
    window: tuple[float, float] | None = None


@dataclass(frozen=True)
class Source:
    """One case that can be imported.

    Attributes:
        name: unique among the sources found together.
        image: the file, or the folder of a DICOM series.
        series: DICOM series UID.
        label: the mask that belongs to it, where the data set says so.
        label_names: structure name to value in the mask, where the data set says so.
        patient: grouping key where the data set or the header gives one.
        study: DICOM study UID, where the header gives one.
        slices: slices along the acquisition axis, None if unknown.
        matrix: columns and rows of a slice, where looking around has seen them (DICOM).
        description: what the scanner calls a DICOM series, ``""`` if nothing.
        frames: volumes in it; where there are more than one, :meth:`VolumeReader.read` wants to know which.

    """

    name: str
    image: Path
    series: str | None = None
    label: Path | None = None
    label_names: dict[str, int] | None = None
    patient: str | None = None
    slices: int | None = None
    matrix: tuple[int, int] | None = None
    description: str = ""
    frames: int = 1
    study: str | None = None


@dataclass(frozen=True)
class Refusal:
    """A file or folder that cannot be imported, and why."""

    path: Path
    message: str
    remedy: str


@dataclass(frozen=True)
class Discovery:
    """What some paths hold: cases that can be imported, and what was refused."""

    sources: tuple[Source, ...]
    refused: tuple[Refusal, ...]
