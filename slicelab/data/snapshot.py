"""The label snapshot: what a finetuning job may learn from, frozen into its run's folder when it started."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import SlicelabError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

FORMAT = 1


@dataclass(frozen=True, eq=False)
class CaseLabels:
    """The slices of one case of which at least one class is done.

    Attributes:
        case: case id.
        slices: ``(n,)`` int32, slice indices in the stack.
        masks: ``(n, row, column)`` uint8 on the native stack grid, class values, 0 background.
        known: ``(n, class)`` bool in the job's class order; a class that is not known on a slice may be anywhere in
            its background.

    Raises:
        ValueError: the arrays do not belong together.

    """

    case: str
    slices: npt.NDArray[np.int32]
    masks: npt.NDArray[np.uint8]
    known: npt.NDArray[np.bool_]

    def __post_init__(self) -> None:
        count = len(self.slices)
        if self.slices.ndim != 1 or self.masks.ndim != 3 or self.known.ndim != 2:
            raise ValueError("slices, masks and known need 1, 3 and 2 axes")
        if len(self.masks) != count or len(self.known) != count:
            raise ValueError(f"{count} slices, {len(self.masks)} masks, {len(self.known)} rows of known")


def save_snapshot(path: Path, labels: Sequence[CaseLabels]) -> str:
    """Write a snapshot (numpy .npz without pickled objects), atomically.

    Returns:
        SHA-256 of the labels themselves, the same for the same labels whenever and wherever they are saved.

    """
    from slicelab.data.atomic import write_bytes

    arrays: dict[str, npt.NDArray[np.generic]] = {}
    for k, one in enumerate(labels):
        arrays[f"slices{k}"] = one.slices.astype(np.int32)
        arrays[f"masks{k}"] = one.masks.astype(np.uint8)
        arrays[f"known{k}"] = one.known.astype(np.bool_)
    head = json.dumps({"format": FORMAT, "cases": [one.case for one in labels]}).encode()
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, head=np.frombuffer(head, np.uint8), **arrays)
    write_bytes(path, buffer.getvalue())
    return labels_hash(labels)


def labels_hash(labels: Sequence[CaseLabels]) -> str:
    """SHA-256 of the labels, independent of how they are stored."""
    digest = sha256()
    for one in labels:
        digest.update(f"{one.case}{one.masks.shape}{one.known.shape}".encode())
        for array, dtype in ((one.slices, np.int32), (one.masks, np.uint8), (one.known, np.bool_)):
            digest.update(np.ascontiguousarray(array, dtype=dtype).tobytes())
    return digest.hexdigest()


def load_snapshot(path: Path) -> dict[str, CaseLabels]:
    """Read a snapshot; case id to labels, in the order saved.

    Raises:
        SlicelabError: the file is missing or not a label snapshot.

    """
    try:
        with np.load(path, allow_pickle=False) as file:
            head = json.loads(file["head"].tobytes())
            found = [
                CaseLabels(case, file[f"slices{k}"], file[f"masks{k}"], file[f"known{k}"])
                for k, case in enumerate(head["cases"])
            ]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise SlicelabError(
            "The label snapshot of this run is missing or damaged.", "Start the run again.", "Labels are safe."
        ) from error
    return {one.case: one for one in found}
