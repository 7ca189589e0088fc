"""Any foreign file or folder to a clean volume, in this process: what the reader process runs."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import numpy as np

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.core.thumbnails import small_grey
from slicelab.data.readers.decoded import Decoded, finish, geometry_of
from slicelab.data.readers.dicom import dicom_middles, read_dicom
from slicelab.data.readers.dicom_files import is_dicom
from slicelab.data.readers.limits import Watch
from slicelab.data.readers.mha import is_mha, look_mha, mha_volumes, read_mha
from slicelab.data.readers.nifti import is_nifti, look_nifti, nifti_volumes, read_nifti
from slicelab.data.readers.nrrd import is_nrrd, look_nrrd, nrrd_volumes, read_nrrd
from slicelab.data.readers.payload import head_of, open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.data.readers.model import ReadVolume

Format = Literal["nifti", "nrrd", "mha", "dicom"]
_HEAD = 544
SUPPORTED = "Use NIfTI, DICOM, NRRD or MHA."
"""What to do about any other format."""


def format_of(path: Path) -> Format | None:
    """The format of a file, from its first bytes, whatever its name; None if it is none of ours.

    Raises:
        UnreadableFileError: it is not a regular file that may be opened.

    """
    with open_regular(path) as file:
        head = head_of(file, _HEAD)
    if is_dicom(head):
        return "dicom"
    if is_nrrd(head):
        return "nrrd"
    if is_mha(head):
        return "mha"
    return "nifti" if is_nifti(head) or path.suffix.lower() in {".hdr", ".img"} else None


def import_library(format_name: Format) -> None:
    """Import what a format needs, so that a time limit for the file counts the file alone."""
    if format_name == "nifti":
        import nibabel  # noqa: F401 - imported for its effect on the next import
    elif format_name == "dicom":
        import pydicom  # noqa: F401 - see above
        import SimpleITK  # noqa: F401 - see above


def load(
    path: Path,
    *,
    mask: bool = False,
    series: str | None = None,
    frame: int | None = None,
    watch: Watch | None = None,
) -> ReadVolume:
    """Read a volume in this process, without limits on time and memory; see :meth:`VolumeReader.read`.

    Raises:
        UnreadableFileError: whatever is wrong with it.

    """
    with _in_plain_words():
        return finish(_decode(path, series, frame, watch or Watch()), mask=mask)


def middle_slices(
    path: Path, side: int, *, series: str | None = None, watch: Watch | None = None
) -> npt.NDArray[np.uint8]:
    """The middle slice of every volume of a series, small and grey, ``(volume, row, column)`` uint8.

    The file is unpacked once; of DICOM files only those with a middle slice are. A volume without a finite voxel is
    black.

    Args:
        path: a file, or the folder of a DICOM series.
        side: about how many pixels along each edge at most.
        series: UID of the DICOM series, where there are several.
        watch: told what is about to be read, and of each volume.

    Raises:
        UnreadableFileError: whatever is wrong with it.

    """
    watch = watch or Watch()
    with _in_plain_words():
        pictures: list[npt.NDArray[np.uint8] | None] = []
        for decoded in _all_volumes(path, series, watch):
            watch.next_file(decoded.voxels.nbytes)
            pictures.append(_picture(decoded, side))
        shapes = {picture.shape for picture in pictures if picture is not None}
        if not shapes:
            raise UnreadableFileError("No voxel has a finite value.", "Export the volume again.")
        (shape,) = shapes
        return np.stack([np.zeros(shape, np.uint8) if picture is None else picture for picture in pictures])


def _picture(decoded: Decoded, side: int) -> npt.NDArray[np.uint8] | None:
    try:
        stack = finish(decoded, mask=False).volume.canonical().stack()
    except UnreadableFileError:
        return None
    return small_grey(stack[stack.shape[0] // 2], side)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    """Whatever a decoder raises, as an error that says what happened."""
    try:
        yield
    except SlicelabError:
        raise
    except MemoryError as error:
        raise UnreadableFileError("The file needs more memory than there is for it.", "Crop or split it.") from error
    except OSError as error:
        raise UnreadableFileError("The file cannot be opened.", "Check that it is there and may be read.") from error
    except Exception as error:  # decoders raise dozens of unrelated kinds on damaged files
        raise UnreadableFileError("The file is damaged.", "Export the file again.") from error


def peek(path: Path, kind: Format | None) -> tuple[int, int]:
    """Slices along the acquisition axis and volumes of a single-file image, from its header.

    Raises:
        UnreadableFileError: the header is not one, or declares too much.

    """
    if kind is None or kind == "dicom":
        raise _not_an_image()
    try:
        look = {"nifti": look_nifti, "nrrd": look_nrrd, "mha": look_mha}[kind](path)
        return look.shape[geometry_of(look, []).acquisition_axis], look.frames
    except SlicelabError:
        raise
    except Exception as error:  # as above
        raise UnreadableFileError("The file's header is damaged.", "Export the file again.") from error


def _not_an_image() -> UnreadableFileError:
    return UnreadableFileError("This is not an image of a known kind.", SUPPORTED)


def _all_volumes(path: Path, series: str | None, watch: Watch) -> Iterator[Decoded]:
    kind: Format | None = "dicom" if os.path.isdir(path) else format_of(path)
    if kind is None:
        raise _not_an_image()
    if kind == "dicom":
        return dicom_middles(path, series, watch)
    return {"nifti": nifti_volumes, "nrrd": nrrd_volumes, "mha": mha_volumes}[kind](path, range, watch)


def _decode(path: Path, series: str | None, frame: int | None, watch: Watch) -> Decoded:

    if os.path.isdir(path):
        return read_dicom(path, series, frame, watch)
    kind = format_of(path)
    if kind is None:
        raise _not_an_image()
    if kind == "dicom":
        return read_dicom(path, series, frame, watch)
    return {"nifti": read_nifti, "nrrd": read_nrrd, "mha": read_mha}[kind](path, frame, watch)
