"""The slice pool: a project's volumes as normalised float16 slices of one pixel size, memory-mapped.

``<project>/pool/<key>/c0001.npy`` is ``(slice, row, column)``; ``c0001.json`` beside it says which volume it was made
from and how its pixels lie over the volume's. The key is a hash of the settings, so that two preprocessings never
mix. A pool slice holds the whole field of view, padded with 0 to a multiple of 32; training cuts its windows from it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import SlicelabError, StorageError
from slicelab.core.geometry import stack_spacing
from slicelab.data.pool_build import StoppedError, normalised_stack
from slicelab.data.resample import Frame, frame_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.core.volume import Volume
    from slicelab.jobs.settings import PoolSettings
    from slicelab.jobs.specs import CaseInput

FORMAT = 1
"""Raised whenever the same settings give other slices."""
MULTIPLE = 32
"""Rows and columns of a pool slice are multiples of this (five poolings of the network)."""

_MAX_SIDE, _MAX_PIXELS = 4096, 1_000_000_000
"""A pool slice's longest side and a case's pixels: more is a wrong pixel size, and would take all memory there is."""


@dataclass(frozen=True, eq=False)
class PoolCase:
    """One case of a pool.

    Attributes:
        case: case id.
        patient: patient id.
        slices: ``(slice, row, column)``, float16, memory-mapped, read-only.
        frame: how its pixels lie over the volume's.

    """

    case: str
    patient: str
    slices: npt.NDArray[np.float16]
    frame: Frame


def choose_pixel_mm(fields_mm: Iterable[tuple[float, float]], matrix: int) -> float:
    """The pixel size at which the median field of view fills the matrix, mm.

    Args:
        fields_mm: height and width of each volume's slices, mm.
        matrix: rows and columns that the longer side shall fill.

    Raises:
        SlicelabError: there is no volume.

    """
    longer = [max(field) for field in fields_mm]
    if not longer:
        raise SlicelabError("There is no case to work on.", "Import or select at least one.")
    return round(float(np.median(longer)) / matrix, 4)


def resolved(settings: PoolSettings, project: Path, cases: Iterable[CaseInput]) -> PoolSettings:
    """The settings with a pixel size.

    A project keeps the first size it took for a matrix (``pool/pixel-<matrix>.json``), whatever is imported later:
    a model and the images it sees must agree.
    """
    if settings.pixel_mm is not None:
        return settings
    kept = project / "pool" / f"pixel-{settings.matrix}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return settings.model_copy(update={"pixel_mm": float(json.loads(kept.read_text("utf-8"))["pixel_mm"])})
    size = choose_pixel_mm((_field_mm(project, case) for case in cases), settings.matrix)
    _write_json(kept, {"pixel_mm": size})
    return settings.model_copy(update={"pixel_mm": size})


def pool_folder(project: Path, settings: PoolSettings) -> Path:
    """Where the pool of these settings lies; the settings must have a pixel size, the matrix does not matter."""
    if settings.pixel_mm is None:
        raise ValueError("the pool settings need a pixel size; see resolved()")
    text = json.dumps([FORMAT, settings.model_dump(mode="json", exclude={"matrix"})], sort_keys=True)
    return project / "pool" / hashlib.sha256(text.encode()).hexdigest()[:12]


def build(
    project: Path,
    settings: PoolSettings,
    cases: tuple[CaseInput, ...],
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[PoolCase]:
    """Make what is missing and open each case in order; two jobs may build the same pool at once.

    Args:
        project: the project's folder.
        settings: preprocessing with a pixel size.
        cases: what to open.
        should_stop: asked before each case; ends the iteration early.

    Raises:
        SlicelabError: a volume is missing or its bytes are not those that were imported.
        StorageError: the disk refused.

    """
    folder = pool_folder(project, settings)
    for case in cases:
        if should_stop():
            return
        found = _open(folder, case)
        if found is None:
            try:
                found = _make(project, folder, settings, case, should_stop)
            except StoppedError:
                return
        yield found


def _open(folder: Path, case: CaseInput) -> PoolCase | None:
    """The case if it stands and was made from this very volume; anything odd about it means: make it again."""
    try:
        side = json.loads((folder / f"{case.case}.json").read_text("utf-8"))
        if side["volume_sha256"] != case.sha256 or side["acquisition_axis"] != case.acquisition_axis:
            return None
        told = side["frame"]
        frame = Frame(tuple(told["native"]), tuple(told["spacing"]), told["pixel_mm"], tuple(told["pool"]))
        slices = np.load(folder / f"{case.case}.npy", mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if slices.dtype != np.float16 or slices.shape != (side["slices"], *frame.pool):
        return None
    return PoolCase(case.case, case.patient, slices, frame)


def _make(
    project: Path, folder: Path, settings: PoolSettings, case: CaseInput, should_stop: Callable[[], bool]
) -> PoolCase:
    stack, spacing = read_stack(project, case)
    assert settings.pixel_mm is not None
    rows, columns = stack.shape[1:]
    frame = frame_for((rows, columns), spacing[1:], settings.pixel_mm, MULTIPLE)
    if max(frame.pool) > _MAX_SIDE or len(stack) * frame.pool[0] * frame.pool[1] > _MAX_PIXELS:
        raise SlicelabError(
            f"With pixels of {settings.pixel_mm:g} mm, a slice of case {case.case} would have {frame.pool[0]} x "
            f"{frame.pool[1]} pixels, which is too many.",
            "Leave the case out, or train with a larger pixel size.",
        )
    slices = normalised_stack(stack, frame, settings, should_stop)
    with _storage():
        folder.mkdir(parents=True, exist_ok=True)
        # The array first, its side file last: a case without a side file does not exist.
        temporary = folder / f".{case.case}.{os.getpid()}.tmp.npy"
        np.save(temporary, slices, allow_pickle=False)
        temporary.replace(folder / f"{case.case}.npy")
        _write_json(
            folder / f"{case.case}.json",
            {
                "format": FORMAT,
                "volume_sha256": case.sha256,
                "acquisition_axis": case.acquisition_axis,
                "slices": len(slices),
                "frame": asdict(frame),
                "settings": settings.model_dump(mode="json"),
            },
        )
        mapped = np.load(folder / f"{case.case}.npy", mmap_mode="r", allow_pickle=False)
    return PoolCase(case.case, case.patient, mapped, frame)


def read_volume(project: Path, case: CaseInput) -> Volume:
    """A project volume on its canonical grid, with the acquisition axis of record."""
    from slicelab.core.geometry import Geometry
    from slicelab.core.volume import Volume
    from slicelab.data.writers import read_own_volume

    path = project / case.volume
    if not path.is_file():
        raise SlicelabError(f"The volume of case {case.case} is missing in the project's folder.", "Import it again.")
    volume = read_own_volume(path, mmap=True)
    grid = volume.geometry
    return Volume(volume.voxels, Geometry(grid.shape, grid.affine, case.acquisition_axis))


def read_stack(project: Path, case: CaseInput) -> tuple[npt.NDArray[Any], tuple[float, float, float]]:
    """A project volume as ``(slice, row, column)`` and the spacing along these axes, mm."""
    volume = read_volume(project, case)
    return volume.stack(), stack_spacing(volume.geometry.spacing, case.acquisition_axis)


def _field_mm(project: Path, case: CaseInput) -> tuple[float, float]:
    stack, (_, row_mm, column_mm) = read_stack(project, case)
    return stack.shape[1] * row_mm, stack.shape[2] * column_mm


def _write_json(path: Path, value: dict[str, Any]) -> None:
    from slicelab.data.atomic import write_bytes

    with _storage():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_bytes(path, json.dumps(value, indent=1).encode())


@contextlib.contextmanager
def _storage() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            "The slice pool could not be written.",
            "Free some disk space, or check that the project's folder can be written to.",
            "Volumes and labels are safe; the pool can be made again at any time.",
        ) from error
