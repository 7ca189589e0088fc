"""A study of phantoms as a folder: the Medical Segmentation Decathlon's layout, marked as synthetic."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import nibabel as nib
import numpy as np

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import Reorientation
from slicelab.data.phantoms.subject import Shape, Spacing, make_phantom

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from slicelab.core.volume import Volume
    from slicelab.data.phantoms.signal import Kind

_SERIES = 7
"""Subjects take turns with this many file orientations; a prime, so that they mix with every other rhythm."""
_ORIENTATIONS = (
    Reorientation((0, 1, 2), (True, False, False)),
    Reorientation((0, 1, 2), (True, True, False)),
    Reorientation((0, 1, 2), (False, False, False)),
    Reorientation((0, 1, 2), (True, True, True)),
    Reorientation((1, 0, 2), (False, True, False)),
    Reorientation((0, 1, 2), (False, True, False)),
    Reorientation((2, 0, 1), (True, True, False)),
)
"""How canonical axes lie in the file: LAS, LPS, RAS, LPI, axes swapped in plane, RPS, and slices first."""


def write_study(
    out: Path,
    kind: Kind,
    *,
    labelled: int,
    unlabelled: int,
    seed: int,
    shape: Shape = (128, 128, 24),
    spacing: Spacing | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Path:
    """Write a Decathlon folder of phantoms: ``dataset.json``, ``imagesTr``, ``labelsTr``, ``imagesTs``.

    The same arguments give the same bytes. Files lie in the orientations that scanners write (LAS, LPS, ...).

    Args:
        out: the folder; made where missing, must hold nothing.
        kind: ``"abdomen"`` or ``"pelvis"``.
        labelled: subjects with a mask (``imagesTr`` and ``labelsTr``).
        unlabelled: subjects without (``imagesTs``).
        seed: of the study.
        shape: voxels along x, y, z.
        spacing: voxel sizes, mm; by default what covers the region.
        progress: called with (done, total, name) after each subject.

    Returns:
        The folder.

    Raises:
        SlicelabError: the folder is not empty.
        OSError: it cannot be written.

    """
    if out.exists() and any(out.iterdir()):
        raise SlicelabError("The folder for the phantom study is not empty.", "Choose a new or an empty folder.")
    total = labelled + unlabelled
    width = max(2, len(str(total)))
    training, testing = [], []
    names: tuple[str, ...] = ()
    for subject in range(total):
        phantom = make_phantom(kind, seed, subject, shape=shape, spacing=spacing)
        names = phantom.class_names
        name = f"phantom_{subject + 1:0{width}d}.nii.gz"
        image = f"./images{'Tr' if subject < labelled else 'Ts'}/{name}"
        _save(out / image, phantom.image, subject)
        if subject < labelled:
            label = f"./labelsTr/{name}"
            _save(out / label, phantom.mask, subject)
            training.append({"image": image, "label": label})
        else:
            testing.append(image)
        if progress is not None:
            progress(subject + 1, total, name.removesuffix(".nii.gz"))
    (out / "dataset.json").write_text(
        json.dumps(_description(kind, seed, names, training, testing), indent=1) + "\n", encoding="utf-8"
    )
    return out


def _description(
    kind: Kind, seed: int, names: tuple[str, ...], training: list[dict[str, str]], testing: list[str]
) -> dict[str, object]:
    return {
        "name": f"Synthetic {kind} phantoms",
        "description": f"Synthetic {kind} volumes made by slicelab's phantom generator (seed {seed}); not patients",
        "synthetic": True,
        "seed": seed,
        "tensorImageSize": "3D",
        "reference": "slicelab, docs/phantoms.md",
        "licence": "same as slicelab",
        "release": "1",
        "modality": {"0": "T2"},
        "labels": {"0": "background", **{str(value): name for value, name in enumerate(names, start=1)}},
        "numTraining": len(training),
        "numTest": len(testing),
        "training": training,
        "test": testing,
    }


def _save(path: Path, volume: Volume, subject: int) -> None:
    """Write a canonical volume in the subject's file orientation; gzip without time or name, so bytes repeat."""
    turn = _ORIENTATIONS[subject % _SERIES]
    voxels = np.ascontiguousarray(turn.undo(volume.voxels))
    affine = _file_affine(volume, turn, (voxels.shape[0], voxels.shape[1], voxels.shape[2]))
    image = nib.Nifti1Image(voxels, affine)
    image.header.set_xyzt_units("mm")
    image.set_sform(affine, code=1)
    image.set_qform(affine, code=1)
    raw = image.to_bytes()
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", compresslevel=4, mtime=0) as stream:
        stream.write(raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed.getvalue())


def _file_affine(
    volume: Volume, turn: Reorientation, shape: Shape
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The affine of an array whose canonical form, by ``turn``, is the volume's."""
    matrix = np.zeros((4, 4))
    matrix[3, 3] = 1.0
    for world, (axis, flip) in enumerate(zip(turn.axes, turn.flips, strict=True)):
        matrix[world, axis] = -1.0 if flip else 1.0
        matrix[world, 3] = shape[axis] - 1 if flip else 0.0
    return volume.geometry.affine @ matrix
