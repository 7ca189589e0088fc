"""Further images of a case, to be looked at beside the one that is labelled; on any grid of the same scanner."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import GeometryMismatchError, SlicelabError
from slicelab.core.geometry import to_stack
from slicelab.core.mask_likeness import looks_like_mask
from slicelab.core.onto import covered, onto
from slicelab.data.readers import VolumeReader
from slicelab.data.store.records import NewImage
from slicelab.data.writers import read_own_volume, write_volume
from slicelab.engine.windows import ImageWindows, choose, sequence_key, set_aside, windows_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.data.readers import ReadVolume, Source
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import SequenceRecord, Window

_LEAST_COVERED = 0.01
_DICOM_KEY = "dicom-"


@dataclass(frozen=True)
class SequenceItem:
    """A further image in a list.

    Attributes:
        id: of the image, in this project.
        name: what a person calls it.
        notes: plain remarks of the import.

    """

    id: int
    name: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class SequenceView:
    """A further image in memory, voxel by voxel over the case's primary image.

    Attributes:
        item: which.
        image: ``(slice, row, column)`` of the primary image's stack, the sequence's own intensities.
        window: (low, high) to show, in its own intensities.
        windows: what its file said, what a person set, and which they chose.

    """

    item: SequenceItem
    image: npt.NDArray[Any]
    window: tuple[float, float]
    windows: ImageWindows = field(default_factory=ImageWindows)


class SeveralVolumesError(SlicelabError):
    """A file holds several volumes, and nobody said which one is meant.

    Attributes:
        source: the file.

    """

    def __init__(self, source: Source) -> None:
        super().__init__(
            f"The file holds {source.frames} volumes, and a sequence is one.",
            "Save the volume you want as a file of its own.",
            typed=f"Or choose it: --volume 1 to {source.frames}.",
        )
        self.source = source


class Sequences:
    """Adds and shows further images of cases. Labels, learning and figures know the primary image alone.

    Taken out and restored they are by :class:`slicelab.engine.upkeep.Upkeep`, as an item of the kind ``sequence``.
    """

    def __init__(self, store: ProjectStore, changed: Callable[[], None]) -> None:
        self._store = store
        self._changed = changed

    def of(self, case_id: str) -> tuple[SequenceItem, ...]:
        """A case's further images, in the order they were added."""
        return tuple(_item(one) for one in self._store.sequences() if one.image.case_id == case_id)

    def names(self) -> dict[str, tuple[str, ...]]:
        """Case id to the names of its further images; without the cases that have none."""
        found: dict[str, tuple[str, ...]] = {}
        for one in self._store.sequences():
            found[one.image.case_id] = (*found.get(one.image.case_id, ()), one.name)
        return found

    def add(self, case_id: str, path: Path, *, name: str | None = None, volume: int | None = None) -> SequenceItem:
        """Copy a further image of a case into the project. May be called from another thread.

        Args:
            case_id: the case.
            path: a file, or the folder of one DICOM series.
            name: what to call it; None for the series' own description, or the file's name, with the volume's number.
            volume: of a file that holds several volumes the one to take, from 0.

        Raises:
            GeometryMismatchError: it lies elsewhere in the scanner than the case's image.
            SeveralVolumesError: the file holds several volumes, and none was chosen.
            SlicelabError: there is not one image, it is the case's already, or it is of another patient.
            UnreadableFileError: it cannot be read.
            ReadOnlyProjectError: the project is open for reading only.

        """
        staged = self._store.staging_path()
        with VolumeReader() as reader:
            source = _only_source(reader, path)
            if source.frames > 1 and volume is None:
                raise SeveralVolumesError(source)
            read = reader.read(source.image, series=source.series, frame=volume if source.frames > 1 else None)
        key = read.sha256 if source.frames <= 1 else f"{read.sha256}#{(volume or 0) + 1}"
        self._refuse_twice(case_id, key)
        self._refuse_other_patient(case_id, read)
        notes = self._where_it_lies(case_id, read)
        try:
            canonical = read.volume.canonical()
            checksum = write_volume(staged, canonical)
            image = NewImage(
                staged=staged,
                geometry=canonical.geometry,
                native_geometry=read.volume.geometry,
                sha256=checksum,
                source_sha256=key,
                source_format=read.format,
                source_path=str(source.image),
                description=read.description,
                notes=(*read.notes, *notes),
            )
            number = f", volume {(volume or 0) + 1}" if source.frames > 1 else ""
            wanted = " ".join((name or f"{read.description or source.name}{number}").split())
            made = self._store.add_sequence(case_id, self._free_name(case_id, wanted), image).result()
        finally:
            staged.unlink(missing_ok=True)
        if read.window is not None:
            made = self._store.set_sequence_window(made.image.id, read.window).result()
        self._changed()
        return _item(made)

    def load(self, case_id: str, sequence: int) -> SequenceView:
        """A further image on the voxels of the case's primary image, resampled where its grid is another.

        Raises:
            SlicelabError: the case has no such sequence.
            UnreadableFileError: its file is damaged or gone.

        """
        record = next((one for one in self._store.sequences() if one.image.id == sequence), None)
        if record is None or record.image.case_id != case_id:
            raise SlicelabError("The case has no such sequence any more.", "Open the case again.")
        primary = self._store.images(case_id)[0].geometry
        volume = read_own_volume(self._store.folder / record.image.path, mmap=False)
        seen = onto(volume.voxels, record.image.geometry, primary)
        stack = np.ascontiguousarray(to_stack(seen, primary.acquisition_axis))
        # Of the sequence's own voxels, not of those that lie black around it.
        some = volume.voxels[::2, ::2, ::2]
        low, high = record.window or np.percentile(some, (1.0, 99.0)).tolist()
        window = (float(low), float(high) if high > low else float(low) + 1.0)
        return SequenceView(
            _item(record), stack, window, windows_of(self._store, sequence_key(sequence), record.window)
        )

    def set_window(self, sequence: int, low: float, high: float) -> Future[SequenceRecord]:
        """Keep the window a further image is looked at with. Returns at once; the future says when it is on disk."""
        set_aside(self._store, sequence_key(sequence), self._window(sequence))
        return self._store.set_sequence_window(sequence, (low, high))

    def set_window_preset(self, sequence: int, name: str) -> Future[None]:
        """Keep by what name the person chose a further image's window, among those a window offers."""
        return choose(self._store, sequence_key(sequence), self._window(sequence), name)

    def looks_like_mask(self, path: Path) -> bool:
        """Whether a file holds what masks hold; False where it is unreadable."""
        try:
            with VolumeReader() as reader:
                found = reader.discover([path]).sources
                if len(found) != 1 or found[0].series is not None or found[0].frames > 1:
                    return False
                return looks_like_mask(reader.read(found[0].image).volume.voxels)
        except SlicelabError:
            return False

    def _window(self, sequence: int) -> Window | None:
        return next((one.window for one in self._store.sequences(removed=True) if one.image.id == sequence), None)

    def _refuse_twice(self, case_id: str, key: str) -> None:
        if self._store.images(case_id)[0].source_sha256 == key:
            raise SlicelabError("This is the image of the case that is labelled.", "Choose another sequence of it.")
        for one in self._store.sequences(removed=True):
            if one.image.case_id == case_id and one.image.source_sha256 == key and not one.deleted:
                if one.removed:
                    raise SlicelabError(
                        f"The same image lies among the removed items, as {one.name}.",
                        "Restore it: Project menu, Disk and removed items.",
                    )
                raise SlicelabError(f"The case has this image already, as {one.name}.")

    def _refuse_other_patient(self, case_id: str, read: ReadVolume) -> None:
        """DICOM names its patient: pictures of two people must not lie over one another."""
        patient = self._store.case(case_id).patient_id
        known = next((one.key for one in self._store.patients() if one.id == patient), None) or ""
        theirs = read.patient_key or ""
        if known.startswith(_DICOM_KEY) and theirs.startswith(_DICOM_KEY) and known != theirs:
            raise SlicelabError(
                "The image is of another patient than the case.", "Choose a sequence of the same examination."
            )

    def _where_it_lies(self, case_id: str, read: ReadVolume) -> tuple[str, ...]:
        """A remark where it covers the case in part.

        Raises:
            GeometryMismatchError: it lies elsewhere.

        """
        share = covered(read.volume.geometry.canonical(), self._store.images(case_id)[0].geometry)
        if share < _LEAST_COVERED:
            raise GeometryMismatchError(
                "The image does not overlap the case: by the positions in the two files it lies elsewhere in the "
                "scanner.",
                "Choose a sequence of the same examination, or export it again with its position.",
            )
        return () if share > 1 - _LEAST_COVERED else (f"It covers {share:.0%} of the labelled image.",)

    def _free_name(self, case_id: str, wanted: str) -> str:
        taken = {one.name for one in self.of(case_id)}
        number = 2
        name = wanted or "Sequence"
        while name in taken:
            name, number = f"{wanted or 'Sequence'} {number}", number + 1
        return name


def _item(record: SequenceRecord) -> SequenceItem:
    return SequenceItem(record.image.id, record.name, record.image.notes)


def _only_source(reader: VolumeReader, path: Path) -> Source:
    """The one image that a path holds; its mask, where a data set has one, is left out.

    Raises:
        SlicelabError: there is none, or there are several.

    """
    found = reader.discover([path])
    if len(found.sources) > 1:
        names = ", ".join(source.name for source in found.sources[:5])
        raise SlicelabError(
            f"There are {len(found.sources)} images there ({names}{' …' if len(found.sources) > 5 else ''}).",
            "Choose one file, or the folder of one series.",
        )
    if not found.sources:
        first = found.refused[0] if found.refused else None
        raise SlicelabError(
            first.message if first else "No MR volume was found there.",
            first.remedy if first else "Choose a NIfTI, NRRD, MHA or DICOM file, or the folder of a DICOM series.",
        )
    return replace(found.sources[0], label=None)
