"""What the project store hands out and takes in: frozen values, one class per table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from slicelab.core.geometry import Geometry

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.core.correction import Overlap, Reading
    from slicelab.core.geometry import Affine
    from slicelab.core.labels import Origin, SliceState

MaskArray = npt.NDArray[np.uint8]
Shape = tuple[int, int, int]
Window = tuple[float, float]
RunStatus = Literal["running", "finished", "cancelled", "failed"]
RunRole = Literal["pool", "train", "val", "predict"]
Reference = Literal["project", "folder"]


class Unset(Enum):
    """Says "leave this field as it is" where None has a meaning of its own."""

    UNSET = "unset"


UNSET = Unset.UNSET


@dataclass(frozen=True)
class PatientRecord:
    """A patient: the unit splits are made by.

    Attributes:
        id: ``p0001``.
        key: private grouping key (from DICOM, or given by the user); None for a patient known by one import alone.

    """

    id: str
    key: str | None


@dataclass(frozen=True)
class CaseRecord:
    """A case. Its name may hold a patient's name: it is shown, and never written outside the database.

    Attributes:
        id: ``c0001``; what paths, events, logs and reports use.
        created: seconds since 1970.
        window: ``(low, high)`` in the volume's own intensities, None for automatic.
        removed: taken out of the project; it can be restored unless it is ``deleted``.
        deleted: its volume and labels are gone for good; the row stays, so that its id is never given out again.

    """

    id: str
    patient_id: str
    name: str
    created: float
    removed: bool
    flagged: bool
    notes: str
    window: Window | None
    deleted: bool = False


@dataclass(frozen=True, eq=False)
class ImageRecord:
    """One volume of a case, as it lies in the project and as it came.

    Attributes:
        role: ``primary`` for the image that is labelled, another word for others.
        path: relative to the project's folder, with ``/``.
        sha256: of the project's own file.
        source_sha256: of what was imported; of one volume of a series, with ``#`` and its number from 1.
        source_path: where it came from; may hold a patient's name, stays in the database.
        shape, affine, acquisition_axis: the canonical grid, ``(x, y, z)`` voxels, RAS+ mm.
        native_shape, native_affine, native_acquisition_axis: the grid of the source file, for export.

    """

    id: int
    case_id: str
    role: str
    path: str
    sha256: str
    source_sha256: str
    source_format: str
    source_path: str
    description: str
    shape: Shape
    affine: Affine
    acquisition_axis: int
    native_shape: Shape
    native_affine: Affine
    native_acquisition_axis: int
    notes: tuple[str, ...]

    @cached_property
    def geometry(self) -> Geometry:
        """The canonical grid."""
        return Geometry(self.shape, self.affine, self.acquisition_axis)

    @cached_property
    def native_geometry(self) -> Geometry:
        """The grid of the file it came from."""
        return Geometry(self.native_shape, self.native_affine, self.native_acquisition_axis)


@dataclass(frozen=True, eq=False)
class NewImage:
    """A volume to be added: a finished file that becomes the project's own together with its row.

    Attributes:
        staged: the finished, flushed canonical file at a name from :meth:`ProjectStore.staging_path`.
        geometry: the canonical grid.
        native_geometry: the grid of the source file.
        sha256: of the staged file; the others as in :class:`ImageRecord`.

    """

    staged: Path
    geometry: Geometry
    native_geometry: Geometry
    sha256: str
    source_sha256: str
    source_format: str
    source_path: str
    role: str = "primary"
    description: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SequenceRecord:
    """A further image of a case: looked at beside the one that is labelled, never labelled or learned from itself.

    Attributes:
        image: the volume on its own canonical grid, which may be another than the primary image's.
        name: what a person calls it, such as T1; unique among the sequences of the case that are not removed.
        window: ``(low, high)`` in its own intensities, None for automatic.
        removed: taken out of the project; it can be restored unless it is ``deleted``.
        deleted: its file is gone for good; the row stays, so that its patient is still known.

    """

    image: ImageRecord
    name: str
    window: Window | None
    removed: bool
    deleted: bool


@dataclass(frozen=True)
class ReaderRecord:
    """A person who labels."""

    id: int
    name: str


@dataclass(frozen=True, eq=False)
class SliceLabel:
    """What one reader says of one slice.

    Attributes:
        mask: ``(row, column)``, uint8, class values.
        states: class value to state; a missing class is unlabelled.
        origin_run: the run a mask was accepted from, None otherwise.
        updated: seconds since 1970.
        seconds: time spent editing this slice.

    """

    case_id: str
    slice: int
    reader_id: int
    mask: MaskArray
    states: dict[int, SliceState]
    origin: Origin
    origin_run: str | None
    updated: float
    seconds: float


@dataclass(frozen=True)
class LabelStamp:
    """When a slice's label was changed last, and where its mask came from; without the mask.

    Attributes:
        slice: from 0.
        updated: seconds since 1970.

    """

    case_id: str
    slice: int
    updated: float
    origin: Origin
    origin_run: str | None


@dataclass(frozen=True)
class LabelBefore:
    """What a slice's label was before an edit, without the mask.

    Attributes:
        states: class value to state; empty where there was no label.
        origin: where its mask came from; None where there was none.

    """

    states: dict[int, SliceState]
    origin: Origin | None
    origin_run: str | None


@dataclass(frozen=True, eq=False)
class SliceChange:
    """One slice of an edit, before and after. A mask of None means: no label at all (and no states).

    Attributes:
        mask_before, mask_after: ``(row, column)``, uint8, class values.
        states_before, states_after: class value to state.
        origin: where ``mask_after`` came from.

    """

    slice: int
    mask_before: MaskArray | None
    mask_after: MaskArray | None
    states_before: dict[int, SliceState]
    states_after: dict[int, SliceState]
    origin: Origin
    origin_run: str | None = None


@dataclass(frozen=True)
class EditRecord:
    """One step of the undo history of a case and reader.

    Attributes:
        action: what the person did, such as ``brush``, ``erase``, ``fill``, ``import``, ``done``.
        at: seconds since 1970.
        undone: whether it was taken back (and can be redone).
        slices: the slices it touched, ascending.

    """

    id: int
    case_id: str
    reader_id: int
    action: str
    at: float
    undone: bool
    slices: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Edit:
    """An edit that was just undone or redone, with all its slices."""

    record: EditRecord
    changes: tuple[SliceChange, ...]

    @property
    def masks(self) -> dict[int, MaskArray | None]:
        """Slice to the mask that holds now (None: the slice has no label)."""
        return {c.slice: c.mask_before if self.record.undone else c.mask_after for c in self.changes}

    @property
    def states(self) -> dict[int, dict[int, SliceState]]:
        """Slice to the states that hold now."""
        return {c.slice: c.states_before if self.record.undone else c.states_after for c in self.changes}


@dataclass(frozen=True)
class TimeRecord:
    """Seconds one reader spent on one case, summed."""

    case_id: str
    reader_id: int
    seconds: float


@dataclass(frozen=True)
class RunRecord:
    """A job that was started: ``r0001``.

    Attributes:
        kind: ``pretrain``, ``finetune``, ``predict``, ...
        preset: the preset's name.
        init: the run it started from, None for random.
        method: the pretext method, where there is one.
        job: the job as JSON, empty until it is known.
        message: what the person should read about its end.

    """

    id: str
    kind: str
    created: float
    status: RunStatus
    preset: str
    init: str | None
    method: str | None
    job: str
    finished: float | None
    message: str | None


@dataclass(frozen=True)
class RunMember:
    """A case that a run is about to use: in which role, with how many slices."""

    case_id: str
    role: RunRole
    slices: int


@dataclass(frozen=True)
class RunCase:
    """A case that a run used: in which role, with how many slices."""

    run_id: str
    case_id: str
    role: RunRole
    slices: int


@dataclass(frozen=True)
class MetricRecord:
    """One class of one case, measured; None where a value is not defined.

    Attributes:
        dice: 3D Dice over the measured slices.
        reference_volume_ml: None unless every slice has a reference.
        slices, of: slices measured, slices the case has.
        trained_on: whether the model met labels of the case's patient: learned from them, or was chosen by them.
        in_pool: whether the case's patient was in the pretraining pool.
        reference: the project's own labels, or a folder of masks.
        at: seconds since 1970.
        reader_id: whose labels were the reference, or who measured against a folder.

    """

    run_id: str
    case_id: str
    class_value: int
    dice: float | None
    hd95_mm: float | None
    assd_mm: float | None
    volume_ml: float
    reference_volume_ml: float | None
    slices: int
    of: int
    trained_on: bool
    in_pool: bool
    reference: Reference
    at: float
    reader_id: int


@dataclass(frozen=True)
class PredictionRecord:
    """A predicted mask of a case.

    Attributes:
        run_id: the run that predicted.
        model_run: the run whose model it used.
        path: relative to the project's folder, with ``/``.
        at: seconds since 1970.

    """

    run_id: str
    model_run: str
    case_id: str
    path: str
    sha256: str
    at: float


@dataclass(frozen=True)
class NewCorrection:
    """One class of one slice that was just finished, against a model's mask of it; see :class:`CorrectionRecord`."""

    slice: int
    class_value: int
    model_run: str
    reading: Reading
    patient_trained: bool
    overlap: Overlap


@dataclass(frozen=True)
class CorrectionRecord:
    """One class of one slice as a reader finished it, against the mask that a model had made of it before.

    Attributes:
        edit_id: the edit that said done; it stands for the order in time.
        model_run: the run whose mask it was.
        reading: whether the reader began from a model's mask, saw one, or neither.
        patient_trained: whether the model learned from other slices of the same patient.
        overlap: voxels of either mask and of both.

    """

    edit_id: int
    case_id: str
    slice: int
    class_value: int
    model_run: str
    reading: Reading
    patient_trained: bool
    overlap: Overlap
