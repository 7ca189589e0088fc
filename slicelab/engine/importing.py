"""Volumes and masks from outside into the project: each one whole, or not at all, and all that went wrong listed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from slicelab.core.errors import SlicelabError
from slicelab.core.geometry import to_stack
from slicelab.core.labels import Origin, SliceState, match_classes
from slicelab.core.mask_likeness import looks_like_mask
from slicelab.data.dataset_folders import SYNTHETIC, says_synthetic
from slicelab.data.grids import check_same_grid
from slicelab.data.store.records import NewImage
from slicelab.data.writers import write_volume
from slicelab.engine.series import readings, several
from slicelab.engine.stray_masks import StrayMask, StrayMasks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from slicelab.core.geometry import Geometry
    from slicelab.core.labels import LabelClass
    from slicelab.data.readers import Discovery, ReadVolume, Source, VolumeReader
    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord
    from slicelab.engine.label_book import LabelBook
    from slicelab.engine.series import Reading, VolumeWish

_RESTORE = "Restore it: Project menu, Disk and removed items."
LabelWish = Literal["none", "all"] | tuple[str, ...]


@dataclass(frozen=True)
class Refused:
    """Something that was not imported, and why."""

    name: str
    message: str
    remedy: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes:
        imported: names of new cases.
        labelled: names of cases whose mask was imported (all their slices are done).
        already: names of cases that were in the project before.
        refused: what could not be imported.
        masks: files that are probably masks of cases, and were left for the person to decide on.
        unmapped: structures of the data set's masks that no class of the project asks for.
        notes: plain remarks, by case name.
        stopped: whether the person stopped the import.
        spoken: names of the classes that imported masks speak of.
        label_folders: names of the folders that imported masks came from.

    """

    imported: tuple[str, ...] = ()
    labelled: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()
    masks: tuple[StrayMask, ...] = ()
    unmapped: tuple[str, ...] = ()
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stopped: bool = False
    spoken: tuple[str, ...] = ()
    label_folders: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class MappedMask:
    """A mask in the project's class values.

    Attributes:
        stack: ``(slice, row, column)`` uint8.
        known: class values the mask speaks of; other classes stay unlabelled.
        unmapped: structures (or values) in it that no class asks for.
        guessed: it has one value and nothing says what that means: it was taken for the class of that value, though
            the project has several.

    """

    stack: npt.NDArray[np.uint8]
    known: tuple[int, ...]
    unmapped: tuple[str, ...]
    guessed: bool = False

    def meant_as(self, value: int) -> MappedMask:
        """A mask of one class as one of another class."""
        stack = np.where(self.stack > 0, value, 0).astype(np.uint8)
        return MappedMask(stack, (value,), self.unmapped)


def map_mask(
    mask: ReadVolume,
    image: Geometry,
    names: dict[str, int] | None,
    classes: tuple[LabelClass, ...],
    meant: LabelClass | None = None,
    *,
    present_alone: bool = False,
) -> MappedMask:
    """A mask file on the image's canonical stack grid, in the project's class values.

    A mask of one value that nothing names speaks of one class alone: of the one that is meant, or else of the class of
    that value. It says nothing of the others.

    Args:
        mask: the mask as read.
        image: the native grid of the image it belongs to.
        names: structure name to value, where the data set says so; otherwise class k is value k.
        classes: the project's classes.
        meant: the class that the mask's one value means, whatever it is.
        present_alone: without names, a class of which the whole file has no voxel is not spoken of, where the project
            has several: a mask of the liver says nothing of the spleen.

    Raises:
        GeometryMismatchError: it does not lie on the image's grid.
        SlicelabError: it names structures, and none is a class of the project; or it has one value, or
            ``present_alone``, and no value is one; or a class is meant and it has several values.

    """
    check_same_grid(image, mask.volume.geometry)
    stack = to_stack(mask.volume.canonical().voxels, image.canonical().acquisition_axis)
    present = {int(value) for value in np.unique(stack)} - {0}
    single = len(present) == 1 and (len(classes) > 1 or not present & {c.value for c in classes})
    unmapped: tuple[str, ...] = ()
    if meant is not None:
        _require_one_value(present, meant)
        values = dict.fromkeys(present, meant.value)
    elif names is not None:
        values, unmapped = match_classes(names, classes)
        if not values:
            raise SlicelabError(
                f"The mask's structures ({', '.join(n for n, v in names.items() if v)}) match none of the "
                f"project's classes ({', '.join(c.name for c in classes)}).",
                "Name the project's classes like the data set's structures.",
            )
    else:
        values = {c.value: c.value for c in classes}
        unmapped = tuple(f"value {value}" for value in sorted(present - set(values)))
        if single or (present_alone and (present or len(classes) > 1)):
            values = _present(values, present, classes)
    table = np.zeros(256, dtype=np.uint8)
    for found, value in values.items():
        table[found] = value
    known = (meant.value,) if meant is not None else tuple(sorted(set(values.values())))
    guessed = single and names is None and meant is None and len(classes) > 1
    return MappedMask(table[stack], known, unmapped, guessed)


def _require_one_value(present: set[int], meant: LabelClass) -> None:
    if len(present) > 1:
        said = ", ".join(str(value) for value in sorted(present)[:8])
        raise SlicelabError(
            f"The mask has several values ({said}): it cannot be of {meant.name} alone.",
            "Leave the class out: then each value is the class of that value.",
        )


def _present(values: dict[int, int], present: set[int], classes: tuple[LabelClass, ...]) -> dict[int, int]:
    left = {found: value for found, value in values.items() if found in present}
    if not left:
        asked = ", ".join(f"{c.name} is {c.value}" for c in classes)
        raise SlicelabError(
            f"The mask has no voxel of a class of the project ({asked}), and nothing names its structures.",
            "Give each class its value in the mask, or put a dataset.json that names them beside it; on the command "
            "line, --class says which class a mask of one value is of.",
        )
    return left


class Importer:
    """Imports sources one by one into a store."""

    def __init__(self, store: ProjectStore, book: LabelBook, reader: VolumeReader) -> None:
        self._store = store
        self._book = book
        self._reader = reader

    def look(self, paths: Sequence[Path]) -> Discovery:
        """What the paths hold, from headers alone.

        Raises:
            SlicelabError: there is nothing at all.

        """
        found = self._reader.discover(paths)
        if not found.sources and not found.refused:
            raise SlicelabError("No MR volume was found there.", "Choose NIfTI, NRRD, MHA or DICOM files or folders.")
        return found

    def run(
        self,
        found: Discovery,
        *,
        labels: LabelWish,
        only: Sequence[str] | None,
        volumes: Mapping[str, VolumeWish],
        masks_as_cases: bool,
        mask_class: LabelClass | None,
        progress: Callable[[int, int, str], None],
        should_stop: Callable[[], bool],
    ) -> ImportReport:
        """Import what was found; a bad file is listed and the rest goes on.

        A single file that is probably a mask of a case, of the project or of this import, is no case: see
        :class:`StrayMasks`.

        Args:
            found: what :meth:`look` gave.
            labels: whose masks to import with them.
            only: names of the cases to import; None for all.
            volumes: what to take of sources that hold several volumes, by source name. Those not named are refused.
            masks_as_cases: make a case also of what is probably a mask.
            mask_class: the class that masks of one value are of.
            progress: told how many cases of how many are done, and the name of the next.
            should_stop: asked before each case.

        Raises:
            SlicelabError: a name asked for is not there, or has no mask.

        """
        refused = [Refused(r.path.name, r.message, r.remedy) for r in found.refused]
        sources = _wanted(found.sources, only)
        _check_label_names(labels, sources)
        left_out = [source for source in several(sources) if volumes.get(source.name, 0) is None]
        refused += [_left_out(source) for source in left_out]
        work = [r for s in sources if s not in left_out for r in readings(s, volumes.get(s.name))]
        known, gone = self._known()
        imported: list[str] = []
        labelled: list[str] = []
        already: list[str] = []
        unmapped: dict[str, None] = {}
        notes: dict[str, tuple[str, ...]] = {}
        masks: list[StrayMask] = []
        strays = StrayMasks(self._store)
        once = len(work)
        spoken: set[int] = set()
        folders: dict[str, None] = {}
        for index, reading in enumerate(work):  # grows by what is looked at again, once every image is there
            if should_stop():
                break
            progress(min(index, once - 1), once, reading.name)
            source = reading.source
            try:
                read = self._read(reading)
                key = _source_key(reading, read)
                case = known.get(key)
                if case is not None and case.removed:
                    raise SlicelabError(f"The same volume lies among the removed items, as {case.name}.", _RESTORE)
                if case is None and not masks_as_cases and _may_be_mask(reading):
                    if index < once and looks_like_mask(read.volume.voxels):
                        work.append(reading)
                        continue
                    stray = strays.find(reading.name, source.image, read.volume) if index >= once else None
                    if stray is not None:
                        masks.append(stray)
                        continue
                mask = self._mask(source, read, labels, mask_class)
                if case is None:
                    case = self._add(reading, read, gone.get(key))
                    known[key] = case
                    imported.append(case.name)
                else:
                    already.append(case.name)
                if read.notes:
                    notes[case.name] = read.notes
                if mask is not None:
                    unmapped.update(dict.fromkeys(mask.unmapped))
                    if mask.guessed:
                        notes[case.name] = (*notes.get(case.name, ()), self._guess(mask))
                    if self._label(case, mask):
                        labelled.append(case.name)
                        spoken.update(mask.known)
                        folders.update({} if source.label is None else {source.label.parent.name: None})
                    else:
                        notes[case.name] = (*notes.get(case.name, ()), "It has labels already; they were kept.")
            except SlicelabError as error:
                refused.append(Refused(reading.name, error.message, error.remedy))
        progress(once, once, "")
        return ImportReport(
            imported=tuple(imported),
            labelled=tuple(labelled),
            already=tuple(already),
            refused=tuple(refused),
            masks=tuple(masks),
            unmapped=tuple(unmapped),
            notes=notes,
            stopped=should_stop(),
            spoken=tuple(c.name for c in self._store.classes() if c.value in spoken),
            label_folders=tuple(folders),
        )

    def _guess(self, mask: MappedMask) -> str:
        name = next(c.name for c in self._store.classes() if c.value in mask.known)
        return f"Its mask has one value, and was taken for {name}; of other classes it says nothing."

    def _known(self) -> tuple[dict[str, CaseRecord], dict[str, str]]:
        """Volumes by what tells them apart: their case, removed or not; of those deleted for good, their patient."""
        known: dict[str, CaseRecord] = {}
        gone: dict[str, str] = {}
        # A sequence that was taken out may be a case of its own; of the same patient, as one deleted for good.
        apart = {one.image.id for one in self._store.sequences(removed=True) if one.removed}
        for case in sorted(self._store.cases(removed=True), key=lambda one: not one.removed):  # those in use win
            for image in self._store.images(case.id):
                if case.deleted or image.id in apart:
                    gone[image.source_sha256] = case.patient_id
                else:
                    known[image.source_sha256] = case
        return known, gone

    def _read(self, reading: Reading) -> ReadVolume:
        read = self._reader.read(reading.source.image, series=reading.source.series, frame=reading.frame)
        return read if reading.note is None else replace(read, notes=(*read.notes, reading.note))

    def _mask(
        self, source: Source, read: ReadVolume, labels: LabelWish, mask_class: LabelClass | None
    ) -> MappedMask | None:
        """The source's mask if one is wanted; read before the case is added, so that a bad one adds nothing."""
        wanted = labels == "all" or (labels != "none" and source.name in labels)
        if not wanted or source.label is None:
            return None
        mask = self._reader.read(source.label, mask=True)
        return map_mask(mask, read.volume.geometry, source.label_names, self._store.classes(), mask_class)

    def _add(self, reading: Reading, read: ReadVolume, patient_id: str | None) -> CaseRecord:
        """Add a case; a volume that was deleted for good is its patient's again, so that a leak is still found."""
        source = reading.source
        staged = self._store.staging_path()
        try:
            checksum = write_volume(staged, read.volume.canonical())
            image = NewImage(
                staged=staged,
                geometry=read.volume.geometry.canonical(),
                native_geometry=read.volume.geometry,
                sha256=checksum,
                source_sha256=_source_key(reading, read),
                source_format=read.format,
                source_path=str(source.image),
                description=read.description,
                notes=(*read.notes, SYNTHETIC) if says_synthetic(source.image) else read.notes,
            )
            key = _patient_key(reading, read)
            case = self._store.add_case(self._name(reading), key, [image], patient_id=patient_id).result()
        finally:
            staged.unlink(missing_ok=True)
        if read.window is not None:
            self._store.update_case(case.id, window=read.window).result()
        return case

    def _name(self, reading: Reading) -> str:
        """The reading's name; with the volume's number where another volume of the file has it already."""
        taken = {case.name for case in self._store.cases()}
        return reading.numbered_name if reading.frame is not None and reading.name in taken else reading.name

    def _label(self, case: CaseRecord, mask: MappedMask) -> bool:
        sheet = self._book.sheet(case.id)
        if any(sheet.states):
            return False  # somebody's work is there already; an import never replaces it
        states = {index: dict.fromkeys(mask.known, SliceState.DONE) for index in range(mask.stack.shape[0])}
        self._book.edit(case.id, dict(enumerate(mask.stack)), "import", states=states, origin=Origin.IMPORTED).result()
        return True


def _may_be_mask(reading: Reading) -> bool:
    """Whether it may be a mask at all: a single file that no data set calls an image, and no volume of a series."""
    source = reading.source
    described = source.label is not None or source.label_names is not None
    return source.series is None and not described and reading.frame is None


def _source_key(reading: Reading, read: ReadVolume) -> str:
    """What tells one volume from all others: the digest of its file, and its number where the file holds several."""
    return read.sha256 if reading.frame is None else f"{read.sha256}#{reading.frame + 1}"


def _patient_key(reading: Reading, read: ReadVolume) -> str | None:
    """Whose volume it is; volumes of one series are one patient's, also where the file names nobody."""
    same_series = None if reading.frame is None else reading.source.series or read.sha256
    return read.patient_key or reading.source.patient or same_series


def _left_out(source: Source) -> Refused:
    return Refused(
        source.name, f"It holds {source.frames} volumes, and none was chosen.", "Add it once more to choose one."
    )


def _wanted(sources: Sequence[Source], only: Sequence[str] | None) -> list[Source]:
    if only is None:
        return list(sources)
    names = {source.name for source in sources}
    missing = [name for name in only if name not in names]
    if missing:
        raise SlicelabError(
            f"There is no case named {missing[0]!r} in what was given.", f"Found: {', '.join(sorted(names)[:8])}."
        )
    return [source for source in sources if source.name in set(only)]


def _check_label_names(labels: LabelWish, sources: Sequence[Source]) -> None:
    if labels in ("all", "none"):
        return
    found = {source.name: source for source in sources}
    for name in labels:
        if name not in found:
            raise SlicelabError(f"Labels were asked for {name!r}, which is not among the cases found.")
        if found[name].label is None:
            raise SlicelabError(f"There is no mask for {name}.", "Leave it out of --labels.")
