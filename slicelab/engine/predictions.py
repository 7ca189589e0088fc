"""Predicted masks on disk, as stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.geometry import to_stack
from slicelab.data.run_folder import RunFolder
from slicelab.data.writers import read_own_volume

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import PredictionRecord


class Predictions:
    """Finds and reads the masks that models made."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._last: tuple[tuple[object, ...], npt.NDArray[np.uint8]] | None = None

    def models_for(self, case_id: str) -> tuple[str, ...]:
        """Models that have predicted the case, latest last."""
        return tuple(dict.fromkeys(p.model_run for p in self._records() if p.case_id == case_id))

    def records(self) -> tuple[PredictionRecord, ...]:
        """Every predicted mask but those of runs that were removed."""
        hidden = self._store.removed_runs()
        return tuple(
            one for one in self._store.predictions() if one.run_id not in hidden and one.model_run not in hidden
        )

    def cases_of(self, model_run: str) -> tuple[str, ...]:
        """Cases the model has predicted."""
        return tuple(dict.fromkeys(p.case_id for p in self._records() if p.model_run == model_run))

    def load(self, model_run: str, case_id: str) -> npt.NDArray[np.uint8] | None:
        """The model's mask of the case, ``(slice, row, column)`` uint8, read-only; None if there is none.

        The last one read is kept: while a case is corrected it is asked for after each slice.

        Raises:
            UnreadableFileError: the mask is damaged or gone.

        """
        found = [p for p in self._records() if p.model_run == model_run and p.case_id == case_id]
        if not found:
            return None
        path = self._store.folder / found[-1].path
        key = (found[-1], _stamp(path))
        last = self._last
        if last is not None and last[0] == key:
            return last[1]
        stack = self._stack(path, case_id)
        stack.flags.writeable = False
        self._last = (key, stack)
        return stack

    def preview(self, run_id: str, case_id: str) -> npt.NDArray[np.uint8] | None:
        """What a training last made of the case on its way, ``(slice, row, column)`` uint8; None before it has."""
        path = RunFolder(self._store.folder / "runs" / run_id).preview_of(case_id)
        return self._stack(path, case_id) if path.exists() else None

    def uncertainty(self, model_run: str, case_id: str) -> npt.NDArray[np.uint8] | None:
        """How undecided the model was, ``(slice, row, column)`` uint8, 0 certain to 255; None where it is not kept."""
        made = [p for p in self._records() if p.model_run == model_run and p.case_id == case_id]
        if not made:
            return None
        mask = self._store.folder / made[-1].path
        try:
            found = np.load(mask.with_name(f"{case_id}.uncertainty.npy"), allow_pickle=False)
        except (OSError, ValueError, EOFError):
            return None
        shape = self._store.images(case_id)[0].geometry.stack_shape
        return found if found.dtype == np.uint8 and found.shape == shape else None

    def _stack(self, path: Path, case_id: str) -> npt.NDArray[np.uint8]:
        volume = read_own_volume(path, mmap=False)
        axis = self._store.images(case_id)[0].acquisition_axis
        return np.ascontiguousarray(to_stack(volume.voxels, axis), dtype=np.uint8)

    def _records(self) -> list[PredictionRecord]:
        return sorted(self.records(), key=lambda record: record.at)


def _stamp(path: Path) -> tuple[int, int] | None:
    """What changes with a file's content."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
