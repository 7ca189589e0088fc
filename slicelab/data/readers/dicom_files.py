"""DICOM headers: which files are pictures, and which series they belong to."""

from __future__ import annotations

import hashlib
import os
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers.payload import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_TAGS = [
    "SOPClassUID", "SOPInstanceUID", "Modality", "ImageType", "PatientID", "StudyInstanceUID", "SeriesInstanceUID",
    "SeriesNumber", "SeriesDescription", "InstanceNumber", "AcquisitionNumber", "TemporalPositionIdentifier",
    "DiffusionBValue", "EchoTime", "Rows", "Columns", "NumberOfFrames", "SamplesPerPixel", "BitsAllocated",
    "PixelSpacing", "SliceThickness", "SpacingBetweenSlices", "ImagePositionPatient", "ImageOrientationPatient",
    "WindowCenter", "WindowWidth", "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
]  # fmt: skip
_NO_PICTURE = {"SEG", "RTSTRUCT", "RTDOSE", "RTPLAN", "PR", "KO", "SR"}
MAX_FILES = 100_000


@dataclass(frozen=True, eq=False)
class Slice:
    """One picture of a series: a file, or one frame of it.

    Attributes:
        row_first: ``(2, 3)`` unit vectors in LPS, along a row and along a column; None if unknown.
        position: ``(3,)`` LPS mm of the first pixel's centre; None if unknown.
        spacing: between rows, between columns, mm; None if unknown.

    """

    path: Path
    frame: int
    instance: str
    number: int
    order: tuple[float, ...]
    rows: int
    columns: int
    row_first: np.ndarray[Any, np.dtype[np.float64]] | None
    position: np.ndarray[Any, np.dtype[np.float64]] | None
    spacing: tuple[float, float] | None
    thickness: float | None
    bytes_per_pixel: int
    window: tuple[float, float] | None


@dataclass(frozen=True, eq=False)
class Series:
    """The pictures of one series, in no order, and what is said about all of them."""

    uid: str
    number: int | None
    description: str
    patient_key: str | None
    mosaic: bool
    slices: tuple[Slice, ...]
    study: str | None = None


def is_dicom(head: bytes) -> bool:
    """Whether a file's first 132 bytes are DICOM's (or, without preamble, look like its first group)."""
    return head[128:132] == b"DICM" or (head[:1] in {b"\x08", b"\x02"} and head[1:2] == b"\0" and head[3:4] == b"\0")


def dicom_paths(folder: Path, on_file: Callable[[Path], None]) -> list[Path]:
    """Files under a folder that look like DICOM by their first bytes; each is told before it is opened."""
    found = []
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root, name)
            on_file(path)
            if not name.startswith(".") and is_dicom(first_bytes(path)):
                found.append(path)
        if len(found) > MAX_FILES:
            raise UnreadableFileError(f"There are more than {MAX_FILES:,} DICOM files here.", "Choose one study.")
    return found


def first_bytes(path: Path) -> bytes:
    """The first 132 bytes, none if it cannot be opened."""
    try:
        with open_regular(path) as file:
            return file.read(132)
    except (UnreadableFileError, OSError):
        return b""


def series_in(paths: Iterable[Path], on_file: Callable[[Path], None] = lambda path: None) -> tuple[Series, ...]:
    """Pictures by series, from headers alone; files that are not pictures are left out.

    Args:
        paths: DICOM files.
        on_file: called with each path before it is opened.

    """
    found: dict[str, list[Series]] = {}
    for path in paths:
        on_file(path)
        part = _part(path)
        if part is not None:
            found.setdefault(part.uid, []).append(part)
    return tuple(replace(parts[0], slices=tuple(s for part in parts for s in part.slices)) for parts in found.values())


def _part(path: Path) -> Series | None:
    """What one file adds to its series, None if it holds no picture."""
    try:
        state = path.stat()
    except OSError:
        return None
    return _part_as_of(path, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=20_000)
def _part_as_of(path: Path, size: int, changed: int) -> Series | None:
    """Remembered while the file does not change: a study is looked through once for each of its series."""
    header = _header(path)
    return None if header is None else _series(header, _slices(path, header))


def _header(path: Path) -> Any | None:
    """The header of a file that holds a picture, else None."""
    import pydicom

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with open_regular(path) as file:
                header = pydicom.dcmread(file, stop_before_pixels=True, force=True, specific_tags=list(_TAGS))
            sized = int(header.get("Rows", 0) or 0) > 0 and int(header.get("Columns", 0) or 0) > 0
        usable = sized and str(header.get("Modality", "")) not in _NO_PICTURE
    except Exception:  # pydicom raises two dozen unrelated kinds
        return None
    return header if usable else None


def _series(header: Any, slices: list[Slice]) -> Series:
    study = _text(header, "StudyInstanceUID")
    patient = _text(header, "PatientID") or study
    number = _number(header, "SeriesNumber")
    return Series(
        uid=_text(header, "SeriesInstanceUID") or "unknown",
        number=None if number is None else int(number),
        description=_text(header, "SeriesDescription"),
        # A digest groups as well as the identifier itself and gives nothing away.
        patient_key="dicom-" + hashlib.sha256(patient.encode()).hexdigest()[:16] if patient else None,
        mosaic="MOSAIC" in _text(header, "ImageType").upper(),
        slices=tuple(slices),
        study=study or None,
    )


def _slices(path: Path, header: Any) -> list[Slice]:
    frames = int(_number(header, "NumberOfFrames") or 1)
    if frames == 1:
        return [_slice(path, 0, header, [header, *_groups(header, 0)])]
    if not 1 < frames <= MAX_FILES:
        return []
    return [_slice(path, frame, header, [*_groups(header, frame), header]) for frame in range(frames)]


def _groups(header: Any, frame: int) -> list[Any]:
    """Enhanced DICOM: the functional groups of one frame, the frame's own first, flattened."""
    flat: list[Any] = []
    per_frame = header.get("PerFrameFunctionalGroupsSequence") or []
    shared = header.get("SharedFunctionalGroupsSequence") or []
    for group in [*per_frame[frame : frame + 1], *shared[:1]]:
        flat.extend(element.value[0] for element in group if element.VR == "SQ" and element.value)
    return flat


def _slice(path: Path, frame: int, header: Any, places: list[Any]) -> Slice:
    orientation = _first(places, "ImageOrientationPatient", 6)
    position = _first(places, "ImagePositionPatient", 3)
    spacing = _first(places, "PixelSpacing", 2)
    thickness = _first(places, "SpacingBetweenSlices", 1) or _first(places, "SliceThickness", 1)
    centre, width = _first(places, "WindowCenter", 1), _first(places, "WindowWidth", 1)
    order = tuple(
        (_first(places, tag, 1) or [0.0])[0]
        for tag in ("DiffusionBValue", "TemporalPositionIdentifier", "EchoTime", "AcquisitionNumber")
    )
    bits = int(_number(header, "BitsAllocated") or 16)
    return Slice(
        path=path,
        frame=frame,
        instance=_text(header, "SOPInstanceUID"),
        number=int(_number(header, "InstanceNumber") or 0),
        order=order,
        rows=int(header.Rows),
        columns=int(header.Columns),
        row_first=None if orientation is None else np.array(orientation).reshape(2, 3),
        position=None if position is None else np.array(position),
        spacing=None if spacing is None else (spacing[0], spacing[1]),
        thickness=None if thickness is None or thickness[0] <= 0 else thickness[0],
        bytes_per_pixel=max(1, bits // 8) * int(_number(header, "SamplesPerPixel") or 1),
        window=None if not centre or not width else (centre[0] - width[0] / 2, centre[0] + width[0] / 2),
    )


def _first(places: list[Any], tag: str, count: int) -> list[float] | None:
    """The first ``count`` numbers of an element, from the first place that has it whole and finite."""
    for place in places:
        value = place.get(tag)
        if value is None:
            continue
        words = list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else [value]
        try:
            numbers = [float(word) for word in words]
        except (TypeError, ValueError):
            continue
        if len(numbers) >= count and np.isfinite(numbers).all():
            return numbers[:count]
    return None


def _number(header: Any, tag: str) -> float | None:
    found = _first([header], tag, 1)
    return found[0] if found else None


def _text(header: Any, tag: str) -> str:
    try:
        value = header.get(tag)
        text = "\\".join(value) if hasattr(value, "__iter__") and not isinstance(value, str) else str(value or "")
    except Exception:  # a damaged element is worth nothing, whatever it raises
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
