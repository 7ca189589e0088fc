"""Masks out of the project, voxel-exact on the grids the volumes came from."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import SlicelabError, StorageError
from slicelab.core.geometry import from_stack
from slicelab.core.slices import state_of
from slicelab.data.atomic import write_bytes
from slicelab.data.writers import write_mask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.core.labels import LabelClass, SliceState
    from slicelab.data.store.records import CaseRecord, ImageRecord


_LONGEST_NAME = 230
"""Bytes; most disks take 255, and the ending and a number come on top."""


@dataclass(frozen=True, eq=False)
class MaskToExport:
    """One case's mask.

    Attributes:
        case: the case.
        image: its image.
        stack: ``(slice, row, column)`` uint8 class values.
        states: per slice, class value to state; None for a prediction.
        uncertainty: of a prediction, ``(slice, row, column)`` uint8, 0 certain to 255; None leaves it out.

    """

    case: CaseRecord
    image: ImageRecord
    stack: npt.NDArray[np.uint8]
    states: Sequence[Mapping[int, SliceState]] | None = None
    uncertainty: npt.NDArray[np.uint8] | None = None


@dataclass(frozen=True)
class ExportReport:
    """What an export wrote.

    Attributes:
        folder: where to.
        files: names in it.
        model: run id of the model whose masks these are; None for labels.

    """

    folder: Path
    files: tuple[str, ...]
    model: str | None = None


def export_masks(
    out: Path,
    masks: Sequence[MaskToExport],
    classes: Sequence[LabelClass],
    progress: Callable[[int, int, str], None],
) -> ExportReport:
    """Write each mask as ``<case>.nii.gz`` on its native grid, with ``dataset.json`` naming the classes.

    A prediction's uncertainty, where given, becomes ``<case>.uncertainty.nii.gz`` on the same grid.

    For labels, ``slices.csv`` says slice by slice (counted from 1) what is done: an unlabelled slice is 0 in the
    mask and must not be read as background.

    Raises:
        SlicelabError: there is nothing to export, or a file of that name exists.
        StorageError: the folder cannot be written.

    """
    if not masks:
        raise SlicelabError("There is nothing to export yet.", "Label slices, or predict with a run, first.")
    plain = _told_apart([safe_name(entry.case.name) for entry in masks])
    volumes = {
        f"{name}.nii.gz": (entry, _of_classes(entry.stack, classes)) for name, entry in zip(plain, masks, strict=True)
    }
    for name, entry in zip(plain, masks, strict=True):
        if entry.uncertainty is not None:
            volumes[f"{name}.uncertainty.nii.gz"] = (entry, entry.uncertainty)
    wanted = [*volumes, "dataset.json", *(["slices.csv"] if masks[0].states is not None else [])]
    taken = [name for name in wanted if (out / name).exists()]
    if taken:
        raise SlicelabError(f"The folder already holds {taken[0]}.", "Choose an empty folder; nothing is overwritten.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for done, (name, (entry, stack)) in enumerate(volumes.items()):
            progress(done, len(volumes), name)
            canonical = from_stack(stack, entry.image.acquisition_axis)
            native = entry.image.native_geometry.orientation.undo(canonical)
            write_mask(out / name, np.ascontiguousarray(native), entry.image.native_geometry)
        labels = {"background": 0, **{c.name: c.value for c in classes}}
        write_bytes(out / "dataset.json", json.dumps({"labels": labels}, indent=1).encode())
        if masks[0].states is not None:
            write_bytes(out / "slices.csv", _ledger(masks, classes).encode())
    except OSError as error:
        raise StorageError("The masks could not be written.", "Check the folder and the space on the disk.") from error
    return ExportReport(out, tuple(wanted))


def require_outside(out: Path, project: Path) -> None:
    """Refuse a place to export to that is a file, or lies in the project.

    Raises:
        SlicelabError: it is.

    """
    if out.is_file():
        raise SlicelabError(f"{out.name} is a file.", "Choose a folder, which is made if it is not there yet.")
    if out.resolve().is_relative_to(project.resolve()):
        raise SlicelabError("That folder is part of the project.", "Choose one outside the project's folder.")


def _of_classes(stack: npt.NDArray[np.uint8], classes: Sequence[LabelClass]) -> npt.NDArray[np.uint8]:
    """The stack without voxels of classes that were removed: nobody would know what their values mean."""
    return np.where(np.isin(stack, [c.value for c in classes]), stack, 0).astype(np.uint8)


def safe_name(name: str) -> str:
    """A case's name as a file name on every system: no forbidden characters, not too long."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f]', "_", name).strip(". ")
    return plain.encode()[:_LONGEST_NAME].decode(errors="ignore").strip(". ") or "case"


def _told_apart(names: Sequence[str]) -> list[str]:
    """File names of which no two are the same, also where upper and lower case are."""
    taken: set[str] = set()
    apart = []
    for wanted in names:
        name, count = wanted, 1
        while name.casefold() in taken:
            count += 1
            name = f"{wanted} ({count})"
        taken.add(name.casefold())
        apart.append(name)
    return apart


def _ledger(masks: Sequence[MaskToExport], classes: Sequence[LabelClass]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["case", "slice", *(c.name for c in classes)])
    for entry in masks:
        for index, states in enumerate(entry.states or (), start=1):
            writer.writerow([entry.case.name, index, *(state_of(states, c.value).value for c in classes)])
    return text.getvalue()
