"""What the window and the command line are shown of cases and runs: frozen snapshots."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from slicelab.engine.windows import ImageWindows

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.core.geometry import Geometry
    from slicelab.core.labels import SliceState
    from slicelab.core.slices import LedgerCount


@dataclass(frozen=True)
class CaseSummary:
    """A case in a list.

    Attributes:
        id: case id.
        name: the user's name for it.
        patient: patient id.
        count: slices by overall state.
        flagged: marked by the user.
        models: model runs that have predicted it, latest last.
        plane: axial, coronal or sagittal.
        notes: the user's remarks.
        seconds: time the reader spent labelling it, pauses left out.
        sequences: names of its further images.

    """

    id: str
    name: str
    patient: str
    count: LedgerCount
    flagged: bool
    models: tuple[str, ...]
    plane: str
    notes: str = ""
    seconds: float = 0.0
    sequences: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SlicePictures:
    """Small pictures of a case's slices.

    Attributes:
        grey: ``(slice, row, column)`` uint8, oriented as the stack: radiological, first row at the top.
        tall: height of a pixel divided by its width.
        plane: axial, coronal or sagittal.

    """

    grey: npt.NDArray[np.uint8]
    tall: float
    plane: str


@dataclass(frozen=True, eq=False)
class CaseView:
    """A case in memory, ready to be looked at and painted.

    Attributes:
        image: ``(slice, row, column)``, the volume's own intensities.
        labels: ``(slice, row, column)`` uint8: the session's own array, changed in place by edits and undo.
        states: per slice, class value to state: the session's own list.
        spacing: mm along (slice, row, column).
        plane: axial, coronal or sagittal.
        letters: orientation letters, keys ``left right top bottom first last``.
        geometry: the canonical grid.
        window: (low, high) to show, in the volume's intensities.
        notes: plain remarks of the import.
        windows: what its file said, what a person set, and which they chose.

    """

    id: str
    name: str
    image: npt.NDArray[Any]
    labels: npt.NDArray[Any]
    states: list[dict[int, SliceState]]
    spacing: tuple[float, float, float]
    plane: str
    letters: dict[str, str]
    geometry: Geometry
    window: tuple[float, float]
    notes: tuple[str, ...]
    windows: ImageWindows = field(default_factory=ImageWindows)


@dataclass(frozen=True)
class RunSummary:
    """A run in a list.

    Attributes:
        id: run id.
        kind: pretrain, finetune or predict.
        status: running, finished, cancelled or failed.
        method: pretext method, where there is one.
        init: the run it started from.
        cases: how many cases it learned from (a prediction: how many it was for).
        slices: how many slices of these; of a finetuning, those that are done.
        unlabelled: how many slices without labels a finetuning used besides.
        validation_cases: how many cases chose the learning rate or the best state of a finetuning.
        validation_slices: how many done slices of these.
        has_weights: whether it can be started from or predicted with.
        overrides: what was changed of the preset, path of the setting to its value.
        other_reader: name of the reader whose labels it learned from, where that is not the one the project is open
            for.

    """

    id: str
    kind: str
    status: str
    preset: str
    method: str | None
    init: str | None
    created: float
    finished: float | None
    cases: int
    slices: int
    has_weights: bool
    message: str | None
    overrides: dict[str, Any] = field(default_factory=dict)
    other_reader: str = ""
    unlabelled: int = 0
    validation_cases: int = 0
    validation_slices: int = 0
