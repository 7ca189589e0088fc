"""Any foreign file or folder to a clean volume, in this process: what the reader process runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.data.readers.decoded import Decoded, finish, geometry_of
from slicelab.data.readers.dicom import read_dicom
from slicelab.data.readers.dicom_files import is_dicom
from slicelab.data.readers.limits import Watch
from slicelab.data.readers.mha import is_mha, look_mha, read_mha
from slicelab.data.readers.nifti import is_nifti, look_nifti, read_nifti
from slicelab.data.readers.nrrd import is_nrrd, look_nrrd, read_nrrd
from slicelab.data.readers.payload import head_of, open_regular

if TYPE_CHECKING:
    from pathlib import Path

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
    try:
        return finish(_decode(path, series, frame, watch or Watch()), mask=mask)
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


def _decode(path: Path, series: str | None, frame: int | None, watch: Watch) -> Decoded:

    if os.path.isdir(path):
        return read_dicom(path, series, frame, watch)
    kind = format_of(path)
    if kind is None:
        raise _not_an_image()
    if kind == "dicom":
        return read_dicom(path, series, frame, watch)
    return {"nifti": read_nifti, "nrrd": read_nrrd, "mha": read_mha}[kind](path, frame, watch)
