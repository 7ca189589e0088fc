"""A DICOM series as a volume: pydicom for what the headers say, SimpleITK (GDCM) for the pixels."""

from __future__ import annotations

import importlib
import os
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers.decoded import Array, Decoded, lps_to_ras, pick_frame
from slicelab.data.readers.dicom_files import Series, dicom_paths, first_bytes, is_dicom, series_in
from slicelab.data.readers.dicom_order import Arrangement, arrange
from slicelab.data.readers.limits import Watch, declared_bytes
from slicelab.data.readers.payload import digest_of, joint_digest, open_regular, truncated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from slicelab.data.readers.dicom_files import Slice

_MOSAIC = UnreadableFileError(
    "This series stores each volume as one mosaic picture.", "Convert it to NIfTI first, for example with dcm2niix."
)


def read_dicom(path: Path, series: str | None, frame: int | None, watch: Watch) -> Decoded:
    """Read a DICOM series.

    Args:
        path: a folder (searched with all folders in it), or one file (its series is read from its folder).
        series: the series' UID; may be left out where there is only one.
        frame: which volume, where each position was recorded several times.
        watch: told what is about to be read.

    Raises:
        UnreadableFileError: no pictures, several series, mixed directions, a damaged or truncated file.

    """
    found = _find(path, series, watch)
    arrangement = arranged(found)
    slices = arrangement.frames[pick_frame(len(arrangement.frames), frame)]
    first = slices[0]
    watch.declare(declared_bytes([first.columns, first.rows, len(slices)], max(4, first.bytes_per_pixel)))
    voxels, colour, digest = _pixels(slices, watch)
    middle = slices[len(slices) // 2]
    return Decoded(
        voxels=voxels,
        affine=lps_to_ras(arrangement.affine),
        format="dicom",
        sha256=digest,
        notes=arrangement.notes,
        colour=colour,
        slice_axis_is_certain=len(slices) > 1,
        description=found.description,
        patient_key=found.patient_key,
        window=middle.window,
    )


def dicom_middles(path: Path, series: str | None, watch: Watch) -> Iterator[Decoded]:
    """The middle slice of each volume of a series, as volumes of one slice; nothing else is decoded.

    Arguments and errors as in :func:`read_dicom`.
    """
    found = _find(path, series, watch)
    arrangement = arranged(found)
    middles = [slices[len(slices) // 2] for slices in arrangement.frames]
    first = middles[0]
    watch.declare(declared_bytes([first.columns, first.rows, len(middles)], max(4, first.bytes_per_pixel)))
    voxels, colour, digest = _pixels(middles, watch)
    for at in range(len(middles)):
        yield Decoded(
            voxels=voxels[:, :, at : at + 1],
            affine=lps_to_ras(arrangement.affine),
            format="dicom",
            sha256=digest,
            colour=colour,
            slice_axis_is_certain=True,
        )


def arranged(series: Series) -> Arrangement:
    """The series' slices in order; errors as in :func:`slicelab.data.readers.dicom_order.arrange`."""
    if series.mosaic:
        raise _MOSAIC
    return arrange(series.slices)


def _find(path: Path, uid: str | None, watch: Watch) -> Series:
    def on_file(_: Path) -> None:
        watch.next_file(0)

    if path.is_dir():
        found = series_in(dicom_paths(path, on_file), on_file)
    else:
        own = series_in([path]) if is_dicom(first_bytes(path)) else ()
        uid = uid or (own[0].uid if own else None)
        beside = sorted(path.parent.iterdir()) if own else []
        found = series_in((p for p in beside if is_dicom(first_bytes(p))), on_file)
    if not found:
        raise UnreadableFileError("There is no DICOM picture here.", "Choose the folder that holds the series.")
    chosen = [series for series in found if uid is None or series.uid == uid]
    if not chosen:
        raise UnreadableFileError("The series is no longer in this folder.", "Choose the folder again.")
    if len(chosen) > 1:
        raise UnreadableFileError(f"There are {len(chosen)} series in this folder.", "Choose one of them.")
    return chosen[0]


def _pixels(slices: Sequence[Slice], watch: Watch) -> tuple[Array, bool, str]:
    """Voxels ``(column, row, slice[, colour])``, whether they are coloured, and the digest of all files."""
    by_file: dict[Path, Array] = {}
    digests: dict[Path, str] = {}
    planes: list[Array] = []
    colour = False
    for s in slices:
        if s.path not in by_file:
            by_file.clear()  # one file at a time; frames of one file follow each other or are read again
            watch.next_file(os.path.getsize(s.path))
            digests[s.path] = _check_whole(s)
            by_file[s.path], colour = _decode(s)
        planes.append(by_file[s.path][s.frame])
    stack = np.stack(planes)  # (slice, row, column[, colour])
    if stack.shape[1:3] != (slices[0].rows, slices[0].columns):
        raise UnreadableFileError("A picture has another size than its header says.", "Export the series again.")
    order = (2, 1, 0, 3) if colour else (2, 1, 0)
    return stack.transpose(order), colour, joint_digest(list(digests.values()))


def _decode(s: Slice) -> tuple[Array, bool]:
    """The pictures of one file, ``(frame, row, column[, colour])``, rescaled to their real values."""
    sitk: Any = importlib.import_module("SimpleITK")  # large, and untyped
    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetImageIO("GDCMImageIO")
    reader.SetFileName(str(s.path))
    try:
        image = reader.Execute()
    except RuntimeError as error:
        raise UnreadableFileError(
            "The pixels of a DICOM file cannot be decoded.", "Export the series again, without compression."
        ) from error
    array: Any = sitk.GetArrayFromImage(image)
    colour = image.GetNumberOfComponentsPerPixel() > 1
    if array.ndim == (3 if colour else 2):
        array = array[np.newaxis]
    if s.frame >= len(array):
        raise truncated()
    return array, colour


def _check_whole(s: Slice) -> str:
    """Refuse a file whose pixels end early; the digest of its bytes.

    GDCM fills what is missing in silence, so the length is checked before.
    """
    import pydicom

    with open_regular(s.path) as file:
        digest = digest_of(file)
        file.seek(0)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                whole = pydicom.dcmread(file, force=True)
                pixels = whole.get("PixelData")
                syntax = getattr(getattr(whole, "file_meta", None), "TransferSyntaxUID", None)
                packed = bool(syntax is not None and syntax.is_encapsulated)
                frames = int(whole.get("NumberOfFrames", 1) or 1)
        except Exception as error:  # pydicom raises two dozen unrelated kinds
            raise UnreadableFileError("A DICOM file is damaged.", "Export the series again.") from error
    if not pixels or (not packed and len(pixels) < s.rows * s.columns * s.bytes_per_pixel * frames):
        raise truncated()
    return digest
