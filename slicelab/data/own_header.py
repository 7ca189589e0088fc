"""The first bytes of a project's own volumes: the little-endian NIfTI-1 header that ``writers`` wrote.

Read without nibabel, which takes the window 0.3 s to import, most of it for DICOM. Foreign files go through the
readers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_FIELDS = np.dtype(
    {
        "names": ["sizeof_hdr", "dim_info", "dim", "datatype", "vox_offset", "sform_code", "sform", "magic"],
        "formats": ["<i4", "u1", ("<i2", 8), "<i2", "<f4", "<i2", ("<f4", (3, 4)), "S4"],
        "offsets": [0, 39, 40, 70, 108, 254, 280, 344],
        "itemsize": 348,
    }
)
"""NIfTI-1 (nifti1.h, 2007): only what a volume of ours says."""
HEADER_BYTES = _FIELDS.itemsize
_VOXELS_AT = HEADER_BYTES + 4
"""Bytes before the first voxel: nothing but the header and the word that no extension follows."""
_DTYPES = {
    2: "<u1", 4: "<i2", 8: "<i4", 16: "<f4", 64: "<f8", 256: "<i1", 512: "<u2", 768: "<u4", 1024: "<i8", 1280: "<u8",
}  # fmt: skip


@dataclass(frozen=True)
class OwnHeader:
    """What is needed to read the voxels.

    Attributes:
        shape: ``(i, j, k)``.
        dtype: of the voxels, little-endian.
        offset: of the first voxel in the file, bytes; Fortran order.
        affine: voxel indices to RAS+ mm, 4 x 4.
        slice_axis: the axis of acquisition, None where none was written.

    """

    shape: tuple[int, int, int]
    dtype: np.dtype[Any]
    offset: int
    affine: npt.NDArray[np.float64]
    slice_axis: int | None

    @property
    def bytes(self) -> int:
        """Of the whole file, unpacked."""
        return self.offset + math.prod(self.shape) * self.dtype.itemsize


def own_header(begin: bytes | bytearray) -> OwnHeader:
    """What the first bytes of such a file say.

    Args:
        begin: of the file, 348 bytes or more.

    Raises:
        ValueError: it is not such a file.

    """
    if len(begin) < HEADER_BYTES:
        raise ValueError("shorter than a header")
    said = np.frombuffer(begin, _FIELDS, 1)[0]
    dim, code = said["dim"].tolist(), int(said["datatype"])
    whole = said["sizeof_hdr"] == HEADER_BYTES and said["magic"] == b"n+1" and said["sform_code"] > 0
    whole = whole and said["vox_offset"] == _VOXELS_AT
    if not whole or dim[0] != 3 or min(dim[1:4]) < 1 or code not in _DTYPES:
        raise ValueError("no volume of ours")
    axis = (int(said["dim_info"]) >> 4) & 3
    return OwnHeader(
        shape=(dim[1], dim[2], dim[3]),
        dtype=np.dtype(_DTYPES[code]),
        offset=_VOXELS_AT,
        affine=np.vstack([said["sform"].astype(np.float64), [0.0, 0.0, 0.0, 1.0]]),
        slice_axis=axis - 1 if axis else None,
    )
