"""Predicted masks on disk, as stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.geometry import to_stack
from slicelab.data.writers import read_own_volume

if TYPE_CHECKING:
    import numpy.typing as npt

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import PredictionRecord


class Predictions:
    """Finds and reads the masks that models made."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store

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
        """The model's mask of the case, ``(slice, row, column)`` uint8, None if there is none."""
        found = [p for p in self._records() if p.model_run == model_run and p.case_id == case_id]
        if not found:
            return None
        volume = read_own_volume(self._store.folder / found[-1].path, mmap=False)
        axis = self._store.images(case_id)[0].acquisition_axis
        return np.ascontiguousarray(to_stack(volume.voxels, axis), dtype=np.uint8)

    def _records(self) -> list[PredictionRecord]:
        return sorted(self.records(), key=lambda record: record.at)
