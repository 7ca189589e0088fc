"""A trained model on files from outside, without a project: read, predicted in a job process, written on their grid."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import JobError, ModelFileError, SlicelabError, StorageError
from slicelab.core.geometry import from_stack
from slicelab.data.model_files import copy_model, load_card, model_folder
from slicelab.data.readers import VolumeReader
from slicelab.data.run_folder import RunFolder
from slicelab.data.writers import read_own_volume, write_mask, write_volume
from slicelab.engine import runner
from slicelab.engine.exporting import safe_name
from slicelab.engine.job_builder import JobOptions
from slicelab.jobs.events import CasePredicted
from slicelab.jobs.presets import PRESET_NAMES
from slicelab.jobs.specs import CaseInput, PredictJob, bf16_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from slicelab.core.geometry import Geometry
    from slicelab.data.readers import Source
    from slicelab.engine.runner import FollowedJob
    from slicelab.engine.status import JobStatus
    from slicelab.jobs.model_card import ModelCard
    from slicelab.jobs.specs import Device, Precision

_MODEL = "model"
_PARCEL_BYTES, _PARCEL_FILES = 2_000_000_000, 100
"""What is read before a job predicts it: more would fill the disk for temporary files, less would start more jobs."""
_BARREN_JOBS = 3
"""After so many jobs in a row that predicted nothing the fault is not one volume's."""
_POLL_S = 0.1
_STOP_PATIENCE_S = 20.0


@dataclass(frozen=True)
class ApplyOptions:
    """How a model is applied.

    Attributes:
        device: where to compute.
        precision: number format of the network.
        overrides: settings of the group ``predict``.
        uncertainty: whether to write an uncertainty map beside each mask.
        overwrite: whether to replace masks that are there.
        volume: which one to take of files that hold several, counted from 0; None takes none of them.

    """

    device: Device = "auto"
    precision: Precision = "auto"
    overrides: Mapping[str, object] = field(default_factory=dict)
    uncertainty: bool = False
    overwrite: bool = False
    volume: int | None = None


@dataclass(frozen=True)
class Applied:
    """One volume with its mask; paths of files written, in words where something is to be known of the volume."""

    name: str
    source: str
    mask: str
    uncertainty: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class NotApplied:
    """One file or volume without a mask, and why."""

    name: str
    source: str
    message: str
    remedy: str


@dataclass(frozen=True)
class ApplyReport:
    """What became of each file.

    Attributes:
        run: the run the model came from.
        classes: class name to value in the masks.
        settings: how was predicted.
        applied: volumes with a mask, in the order they were found.
        failed: what has none.

    """

    run: str
    classes: dict[str, int]
    settings: dict[str, object]
    applied: tuple[Applied, ...]
    failed: tuple[NotApplied, ...]


@dataclass(frozen=True, eq=False)
class _Task:
    """One volume to predict: where it came from, and where its mask goes."""

    source: Source
    mask: Path
    uncertainty: Path | None


@dataclass(frozen=True, eq=False)
class _Read:
    """A volume that lies ready for the job."""

    task: _Task
    case: CaseInput
    native: Geometry
    notes: tuple[str, ...]


def apply_model(
    model: Path,
    paths: Sequence[Path],
    out: Path,
    options: ApplyOptions,
    tell: Callable[[float, str], None] = lambda share, words: None,
) -> ApplyReport:
    """Segment files with a finetuned model and write one mask each, on the file's own grid, named like the file.

    Volumes are decoded in the reader process and predicted in a job process, exactly as in the model's project. A
    bad file is listed and the rest goes on.

    Args:
        model: folder of the model: a run's, or an exported one (or a file in it).
        paths: files, DICOM folders, folders with files in them.
        out: folder for the masks; made where missing. What is there is not replaced unless the options say so.
        options: how.
        tell: called with a share from 0 to 1 and a line of words.

    Raises:
        ModelFileError: the model cannot be used.
        SettingError: a setting cannot be what was asked for.
        SlicelabError: nothing was found at the paths, or the masks cannot be written.
        JobError: the job failed for a reason that lies in no file.
        KeyboardInterrupt: the person interrupted; the job was stopped first.

    """
    folder = model_folder(model)
    card = load_card(folder)
    if card.kind != "finetune":
        raise ModelFileError(
            "The model was pretrained only and cannot segment yet.",
            "Choose a model that was finetuned.",
            typed="`slicelab runs` lists the runs of a project with their kind.",
        )
    prefix = "slicelab-apply-"
    with VolumeReader() as reader, tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as scratch:
        work = _Work(card, Path(scratch), reader, options, tell)
        copy_model(folder, Path(scratch) / "runs" / _MODEL)
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError("The folder for the masks cannot be made.", "Choose another one.") from error
        return work.run(paths, out)


class _Work:
    """Carries one :func:`apply_model` out."""

    def __init__(
        self,
        card: ModelCard,
        scratch: Path,
        reader: VolumeReader,
        options: ApplyOptions,
        tell: Callable[[float, str], None],
    ) -> None:
        self._card = card
        self._scratch = scratch
        self._reader = reader
        self._options = options
        self._tell = tell
        preset = card.preset if card.preset in PRESET_NAMES else None
        chosen, self._overrides = JobOptions(preset, overrides=options.overrides).settings(("predict",))
        self._preset, self._settings = chosen.name, chosen.predict
        self._applied: list[Applied] = []
        self._failed: list[NotApplied] = []
        self._jobs = 0
        self._total = 1

    def run(self, paths: Sequence[Path], out: Path) -> ApplyReport:
        """All of it."""
        self._tell(0.0, "Looking at the files")
        found = self._reader.discover(paths)
        earlier = _earlier_masks(out, paths)
        refused = [one for one in found.refused if not earlier(one.path)]
        self._failed += [NotApplied(r.path.name, str(r.path), r.message, r.remedy) for r in refused]
        if not found.sources and not found.refused:
            raise SlicelabError("No MR volume was found there.", "Choose NIfTI, NRRD, MHA or DICOM files or folders.")
        sources = [one for one in found.sources if not earlier(one.image)]
        tasks = self._not_there_yet(_tasks(sources, out, uncertainty=self._options.uncertainty))
        self._total = max(1, len(tasks))
        for parcel in self._parcels(tasks):
            self._predict(parcel)
        return ApplyReport(
            run=self._card.run,
            classes={one.name: one.value for one in self._card.classes},
            settings=self._settings.model_dump(mode="json"),
            applied=tuple(self._applied),
            failed=tuple(self._failed),
        )

    def _not_there_yet(self, tasks: Iterable[_Task]) -> list[_Task]:
        """The tasks whose files may be written; the others are listed."""
        free = []
        for task in tasks:
            there = [path for path in (task.mask, task.uncertainty) if path is not None and path.exists()]
            if there and (not self._options.overwrite or _is_input(there, task.source)):
                self._fail(
                    task,
                    f"{there[0].name} is there already and was not replaced.",
                    "Choose another folder, or --overwrite.",
                )
            else:
                free.append(task)
        return free

    def _parcels(self, tasks: Sequence[_Task]) -> Iterator[list[_Read]]:
        """Volumes read into the scratch folder, as many at a time as it can hold."""
        parcel: list[_Read] = []
        size = 0
        for number, task in enumerate(tasks, start=1):
            self._tell(self._share(), f"Reading {task.source.name}")
            try:
                read = self._read(task, number)
            except StorageError:
                raise
            except SlicelabError as error:
                self._fail(task, error.message, error.remedy)
                continue
            parcel.append(read)
            size += (self._scratch / read.case.volume).stat().st_size
            if size >= _PARCEL_BYTES or len(parcel) >= _PARCEL_FILES:
                yield parcel
                parcel, size = [], 0
        if parcel:
            yield parcel

    def _read(self, task: _Task, number: int) -> _Read:
        frame = self._options.volume if task.source.frames > 1 else None
        read = self._reader.read(task.source.image, series=task.source.series, frame=frame)
        canonical = read.volume.canonical()
        name = f"c{number:04d}"
        place = self._scratch / "volumes" / f"{name}.nii"
        place.parent.mkdir(exist_ok=True)
        case = CaseInput(
            case=name,
            patient=f"p{number:04d}",
            volume=place.relative_to(self._scratch).as_posix(),
            sha256=write_volume(place, canonical),
            acquisition_axis=canonical.geometry.acquisition_axis,
        )
        return _Read(task, case, read.volume.geometry, read.notes)

    def _predict(self, parcel: list[_Read]) -> None:
        """Predict a parcel; a volume over which a job fails is listed, and a new job does the rest."""
        left, barren = list(parcel), 0
        while left:
            before = len(left)
            status = self._one_job(left)
            if status.state == "finished":
                break
            if status.state == "cancelled" or status.phase != "predict":
                # It never came to a volume: the fault lies in the model, the device or the machine.
                raise JobError(
                    status.message,
                    status.remedy,
                    "Masks that were written are complete.",
                    typed="--device cpu computes on the CPU." if status.offers_cpu else "",
                )
            barren = 0 if len(left) < before else barren + 1
            for read in left[: len(left) if barren == _BARREN_JOBS else 1]:
                self._fail(read.task, status.message, status.remedy)
                left.remove(read)
        for name in ("volumes", "pool", "predictions"):
            shutil.rmtree(self._scratch / name, ignore_errors=True)

    def _one_job(self, left: list[_Read]) -> JobStatus:
        """Run a job over volumes; those with a mask are taken off the list and their masks written."""
        self._jobs += 1
        run = f"r{self._jobs:04d}"
        folder = RunFolder(self._scratch / "runs" / run)
        folder.write_job(
            PredictJob(
                run=run,
                preset=self._preset,
                overrides=self._overrides,
                device=self._options.device,
                bf16=bf16_of(self._options.precision),
                pool=self._card.pool,
                network=self._card.network,
                settings=self._settings,
                classes=self._card.classes,
                model=_MODEL,
                cases=tuple(read.case for read in left),
            )
        )
        self._tell(self._share(), "Starting")
        job = runner.start(folder)
        try:
            while True:
                for event in job.poll():
                    if isinstance(event, CasePredicted):
                        self._write(left, event)
                if job.status.ended:
                    job.wait(5.0)
                    return job.status
                time.sleep(_POLL_S)
        except BaseException:
            _stop(job)
            raise

    def _write(self, left: list[_Read], event: CasePredicted) -> None:
        read = next(one for one in left if one.case.case == event.case)
        left.remove(read)
        task, turn = read.task, read.native.orientation
        mask = read_own_volume(self._scratch / event.mask, mmap=False).voxels
        write_mask(task.mask, np.ascontiguousarray(turn.undo(mask), dtype=np.uint8), read.native)
        if task.uncertainty is not None:
            stack = np.load(
                self._scratch / "predictions" / _MODEL / f"{event.case}.uncertainty.npy", allow_pickle=False
            )
            doubt = turn.undo(from_stack(stack, read.case.acquisition_axis))
            write_mask(task.uncertainty, np.ascontiguousarray(doubt), read.native)
        extra = None if task.uncertainty is None else str(task.uncertainty)
        self._applied.append(Applied(task.source.name, str(task.source.image), str(task.mask), extra, read.notes))
        self._tell(self._share(), f"Predicted {task.source.name}")

    def _fail(self, task: _Task, message: str, remedy: str) -> None:
        self._failed.append(NotApplied(task.source.name, str(task.source.image), message, remedy))

    def _share(self) -> float:
        return len(self._applied) / self._total


def _tasks(sources: Iterable[Source], out: Path, *, uncertainty: bool) -> Iterator[_Task]:
    """Each source with the names of its files; names that a file system takes for the same get a number."""
    taken: set[str] = set()
    for source in sources:
        base = name = safe_name(source.name)
        count = 1
        while name.casefold() in taken:
            count += 1
            name = f"{base} ({count})"
        taken.add(name.casefold())
        yield _Task(source, out / f"{name}.nii.gz", out / f"{name}.uncertainty.nii.gz" if uncertainty else None)


def _earlier_masks(out: Path, paths: Iterable[Path]) -> Callable[[Path], bool]:
    """What to pass over: files found in the output folder, unless just that was asked for."""
    place = out.resolve()
    if any(place in (path.resolve(), *path.resolve().parents) for path in paths):
        return lambda path: False
    return lambda path: place in path.resolve().parents


def _is_input(paths: Iterable[Path], source: Source) -> bool:
    """Whether a mask would take the place of the very volume it is made from."""
    return any(os.path.samefile(path, source.image) for path in paths)


def _stop(job: FollowedJob) -> None:
    """Ask a job to end, and end it if it does not."""
    job.folder.wish("stop")
    if not job.wait(_STOP_PATIENCE_S):
        job.kill()
        job.wait(5.0)
