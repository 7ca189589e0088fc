"""NIfTI-1 and NIfTI-2, one file or a pair: nibabel for the header, every declared voxel or a refusal."""

from __future__ import annotations

import io
import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.core.geometry import Geometry
from slicelab.data.readers.decoded import Affine, Array, Decoded, Grid, Pick, one
from slicelab.data.readers.limits import Watch, declared_bytes
from slicelab.data.readers.payload import digest_of, head_of, joint_digest, open_regular, read_payload, truncated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEAD = 544
_ITEM = {2: 1, 4: 2, 8: 4, 16: 4, 32: 8, 64: 8, 128: 3, 256: 1, 512: 2, 768: 4, 1024: 8, 1280: 8, 1536: 16, 1792: 16}
_ITEM |= {2048: 32, 2304: 4}
_COLOUR = {128: 3, 2304: 4}
_UNIT_MM = {1: 1000.0, 3: 0.001}
_UNIT_NAME = {1: "metres", 3: "micrometres"}
_FEWEST_GREYS = 0.05
"""Of a window's width, used by the voxels: with less, all of them are nearly one grey."""
_LEAST_SHOWN = 0.02
"""Of what nearly all voxels range over, inside a window: with less, all of them are black or white."""


@dataclass(frozen=True)
class NiftiHead:
    """What has to be known before a NIfTI file's voxels are touched.

    Attributes:
        shape: ``(i, j, k)`` of one volume.
        frames: volumes in the file.
        size: bytes of all voxels.

    """

    header: bytes
    version: int
    order: str
    single_file: bool
    shape: tuple[int, int, int]
    frames: int
    datatype: int
    offset: int
    size: int


def is_nifti(head: bytes) -> bool:
    """Whether (unpacked) first bytes are a NIfTI header."""
    return head[344:348] in {b"n+1\0", b"ni1\0"} or head[4:8] in {b"n+2\0", b"ni2\0"}


def parse_head(head: bytes) -> NiftiHead:
    """Sizes from the first (unpacked) 540 bytes.

    Raises:
        UnreadableFileError: not NIfTI, impossible, or too large.

    """
    if len(head) < 348:
        raise truncated()
    version = 1 if head[344:348] in {b"n+1\0", b"ni1\0"} else 2
    if not is_nifti(head):
        raise UnreadableFileError(
            "This is not a NIfTI file (an Analyze file does not say where left and right are).", "Export it as NIfTI."
        )
    length, dims = (348, "8h") if version == 1 else (540, "8q")
    if len(head) < length:
        raise truncated()
    order = "<" if struct.unpack_from("<i", head, 0)[0] == length else ">"
    dim = struct.unpack_from(order + dims, head, 40 if version == 1 else 16)
    datatype, bits = struct.unpack_from(order + "2h", head, 70 if version == 1 else 12)
    offset = struct.unpack_from(order + ("f" if version == 1 else "q"), head, 108 if version == 1 else 168)[0]
    if not 1 <= dim[0] <= 7 or struct.unpack_from(order + "i", head, 0)[0] != length:
        raise UnreadableFileError("The file's header is damaged.", "Export the file again.")
    if datatype not in _ITEM or bits != 8 * _ITEM[datatype]:
        raise UnreadableFileError("The file's voxels are of an unknown kind.", "Export it with 16-bit integers.")
    counts = [int(n) for n in dim[1 : dim[0] + 1]]
    size = declared_bytes(counts, _ITEM[datatype])
    counts += [1] * (3 - len(counts))
    if not np.isfinite(offset) or not 0 <= offset < 1 << 40:
        raise UnreadableFileError("The file's header is damaged.", "Export the file again.")
    single = head[345:346] == b"+" if version == 1 else head[5:6] == b"+"
    return NiftiHead(
        header=head[:length],
        version=version,
        order=order,
        single_file=single,
        shape=(counts[0], counts[1], counts[2]),
        frames=int(np.prod(counts[3:], dtype=np.int64)),
        datatype=datatype,
        offset=max(int(offset), length + 4 if single else 0),
        size=size,
    )


def head_at(path: Path) -> tuple[NiftiHead, Path]:
    """The header of a file or pair, and the file that holds the voxels."""
    header_file = path.with_suffix(".hdr") if path.suffix.lower() == ".img" else path
    if path.suffix == ".IMG":
        header_file = path.with_suffix(".HDR")
    with open_regular(header_file) as file:
        head = parse_head(head_of(file, _HEAD))
    if head.single_file:
        return head, header_file
    ending = ".IMG" if header_file.suffix.isupper() else ".img"
    return head, header_file.with_suffix(ending)


def read_nifti(path: Path, frame: int | None, watch: Watch) -> Decoded:
    """Read a NIfTI file.

    Args:
        path: ``.nii``, ``.nii.gz``, ``.hdr`` or ``.img``.
        frame: which volume of several.
        watch: told what is about to be read.

    Raises:
        UnreadableFileError: see :func:`parse_head`; truncated; damaged.

    """
    (only,) = nifti_volumes(path, one(frame), watch)
    return only


def nifti_volumes(path: Path, pick: Pick, watch: Watch) -> Iterator[Decoded]:
    """The picked volumes of a NIfTI file, which is unpacked once; errors as in :func:`read_nifti`."""
    head, data = head_at(path)
    watch.declare(max(head.size, 4 * math.prod(head.shape)))  # scaled voxels are float32
    wanted = pick(head.frames)
    with open_regular(data) as file:
        packed = file.read(2) == b"\x1f\x8b"
        if packed:
            buffer = read_payload(file, 0, head.size, "gzip", skip=head.offset)
        else:
            buffer = read_payload(file, 0, head.size, "raw", skip=head.offset)
        digests = [digest_of(file)]
    if not head.single_file:
        with open_regular(path.with_suffix(".HDR" if data.suffix.isupper() else ".hdr")) as file:
            digests.append(digest_of(file))
    header = _library_header(head)
    notes: list[str] = []
    affine = _affine(header, head, notes)
    slice_axis = header.get_dim_info()[2]
    for picked in wanted:
        voxels = _frame(buffer, head, header, picked)
        voxels = _scaled(voxels, header) if head.datatype not in _COLOUR else voxels
        yield Decoded(
            voxels=voxels,
            affine=affine,
            format="nifti",
            sha256=joint_digest(digests),
            notes=tuple(notes),
            colour=head.datatype in _COLOUR,
            slice_axis=2 if slice_axis is None else int(slice_axis),
            window=_window(header, voxels),
        )


def look_nifti(path: Path) -> Grid:
    """The grid from the header alone; errors as in :func:`parse_head`."""
    head, _ = head_at(path)
    header = _library_header(head)
    slice_axis = header.get_dim_info()[2]
    return Grid(head.shape, _affine(header, head, []), head.frames, 2 if slice_axis is None else int(slice_axis))


def _library_header(head: NiftiHead) -> Any:
    import nibabel

    kinds = {
        (1, True): nibabel.nifti1.Nifti1Header,
        (1, False): nibabel.nifti1.Nifti1PairHeader,
        (2, True): nibabel.nifti2.Nifti2Header,
        (2, False): nibabel.nifti2.Nifti2PairHeader,
    }
    return kinds[head.version, head.single_file].from_fileobj(
        io.BytesIO(head.header + bytes(4)), endianness=head.order, check=False
    )


def _frame(buffer: Array, head: NiftiHead, header: Any, picked: int) -> Array:
    if head.datatype in _COLOUR:
        channels = _COLOUR[head.datatype]
        coloured = buffer.reshape((channels, *head.shape, head.frames), order="F")[..., picked]
        return np.moveaxis(coloured, 0, -1)
    volumes: Array = buffer.view(header.get_data_dtype()).reshape((*head.shape, head.frames), order="F")
    # A copy, so that one frame does not keep a whole series in memory.
    return volumes[..., picked].copy(order="F") if head.frames > 1 else volumes[..., picked]


def _scaled(voxels: Array, header: Any) -> Array:
    slope, inter = float(header["scl_slope"]), float(header["scl_inter"])
    inter = inter if np.isfinite(inter) else 0.0
    if not np.isfinite(slope) or slope == 0 or (slope == 1 and inter == 0) or voxels.dtype.kind == "c":
        return voxels
    scaled = np.empty(voxels.shape, np.float32, order="F")
    with np.errstate(all="ignore"):
        for k in range(voxels.shape[2]):  # by slice, since the product is made in float64
            scaled[..., k] = voxels[..., k] * np.float64(slope) + inter
    return scaled


def _window(header: Any, voxels: Array) -> tuple[float, float] | None:
    """What the file wants shown black and white, of its scaled intensities; None where it says nothing that holds.

    A tool that writes other intensities often leaves these fields as they were: a window that shows hardly anything of
    the voxels is one of voxels that the file no longer holds.
    """
    low, high = float(header["cal_min"]), float(header["cal_max"])
    if not (np.isfinite((low, high)).all() and low < high):
        return None
    some = voxels[::2, ::2, ::2]
    some = some[np.isfinite(some)]
    if not some.size:
        return None
    some = np.abs(some) if some.dtype.kind == "c" else some
    if min(high, float(some.max())) - max(low, float(some.min())) < _FEWEST_GREYS * (high - low):
        return None
    dark, bright = np.percentile(some, (1.0, 99.0)).tolist()
    lost = bright > dark and min(high, bright) - max(low, dark) < _LEAST_SHOWN * (bright - dark)
    return None if lost else (low, high)


def _affine(header: Any, head: NiftiHead, notes: list[str]) -> Affine:
    """The sform if it is usable, else the qform, else voxel sizes alone; where they disagree, said so."""
    with np.errstate(all="ignore"):
        sform = _usable(header.get_sform(coded=True), head) if int(header["sform_code"]) > 0 else None
        qform = _usable(_qform(header), head) if int(header["qform_code"]) > 0 else None
    if sform is not None and qform is not None:
        misfit = sform.misfit_voxels(qform)
        if misfit > 0.1:
            notes.append(
                f"The file gives two positions in space that differ by up to {misfit:.1f} voxels; the sform was used."
            )
    chosen = sform or qform
    if chosen is not None:
        return _in_mm(chosen.affine, header, notes)
    notes.append("The file does not say how it lies in the patient; left and right are assumed, please check.")
    sizes = np.abs(np.asarray(header["pixdim"][1:4], dtype=np.float64))
    sizes[~np.isfinite(sizes) | (sizes == 0)] = 1.0
    affine = np.diag([-sizes[0], sizes[1], sizes[2], 1.0])
    affine[:3, 3] = -affine[:3, :3] @ ((np.array(head.shape) - 1) / 2)
    return _in_mm(affine, header, notes)


def _qform(header: Any) -> tuple[Any, int]:
    try:
        affine, code = header.get_qform(coded=True)
    except Exception:  # nibabel raises its own kinds for impossible quaternions
        return None, 0
    return affine, int(code)


def _usable(coded: tuple[Any, int], head: NiftiHead) -> Geometry | None:
    affine, _ = coded
    if affine is None:
        return None
    affine = np.array(affine, dtype=np.float64)
    if head.shape[2] == 1 and np.isfinite(affine).all() and not affine[:3, 2].any():
        affine[:3, 2] = np.cross(affine[:3, 0], affine[:3, 1]) / max(np.linalg.norm(affine[:3, 0]), 1e-12)
    try:
        return Geometry(head.shape, affine, 2)
    except SlicelabError:
        return None


def _in_mm(affine: Affine, header: Any, notes: list[str]) -> Affine:
    unit = int(header["xyzt_units"]) & 7
    if unit not in _UNIT_MM:
        return affine
    notes.append(f"The file's lengths are in {_UNIT_NAME[unit]}; they were turned into mm.")
    scale = _UNIT_MM[unit]
    return np.asarray(np.diag([scale, scale, scale, 1.0]) @ affine, dtype=np.float64)
