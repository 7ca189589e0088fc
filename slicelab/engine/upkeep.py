"""Keeping a project in order: flags and notes, what is removed and restored, the disk, and what is deleted for good."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from slicelab.core.errors import JobError, SlicelabError, StorageError, UnknownNameError
from slicelab.data.store.create import DEFAULT_READER
from slicelab.engine.run_names import run_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, RunRecord, SequenceRecord

Kind = Literal["case", "patient", "class", "run", "sequence"]
_DEPENDENT = ("predict", "embed")
"""Kinds of run that only stand for the model they used: they go and come back with it."""
_MADE = (
    "pool/*/{}.npy",
    "pool/*/{}.json",
    "predictions/*/{}.nii.gz",
    "predictions/*/{}.uncertainty.npy",
    "runs/*/preview/{}.nii.gz",
)
"""Files that are made of a case."""


@dataclass(frozen=True)
class Item:
    """Something of a project that can be removed and restored.

    Attributes:
        kind: what it is.
        id: case id, patient id, run id, the class's value, or the number of a case's further image.
        name: how the person knows it; of a run its name and id and when it was started; of a sequence with its case.
        bytes: what its files take on the disk; a class has none.

    """

    kind: Kind
    id: str
    name: str
    bytes: int = 0


@dataclass(frozen=True)
class DiskUse:
    """What a project takes on the disk, in bytes.

    Attributes:
        volumes: the project's own copies of the images.
        labels: the database, with labels and their history.
        runs: weights, checkpoints and logs.
        predictions: predicted masks.
        pool: evened-out slices for learning; made again when they are needed.
        removed: how much of all this would be free if all that was removed were deleted for good.

    """

    volumes: int
    labels: int
    runs: int
    predictions: int
    pool: int
    removed: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.volumes + self.labels + self.runs + self.predictions + self.pool


class Upkeep:
    """Changes what belongs to a project. Removing deletes nothing; only :meth:`delete_for_good` frees the disk.

    Args:
        store: the open project.
        reader_id: who labels.
        running: runs that have not ended.
        changed: called when cases or classes are others.

    Every call that changes something raises ReadOnlyProjectError where the project is open for reading only.

    """

    def __init__(
        self,
        store: ProjectStore,
        reader_id: int,
        running: Callable[[], Sequence[str]],
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._reader_id = reader_id
        self._running = running
        self._changed = changed

    # Flags, notes, time.

    def flag(self, case_id: str, flagged: bool) -> Future[CaseRecord]:
        """Mark a case, or take the mark off. Returns at once; the future says when it is on disk."""
        return self._store.update_case(case_id, flagged=flagged)

    def note(self, case_id: str, words: str) -> Future[CaseRecord]:
        """Put the person's remarks in place of those there are. Returns at once, as :meth:`flag` does."""
        return self._store.update_case(case_id, notes=words)

    def spend(self, case_id: str, seconds: float) -> Future[None]:
        """Count time to a case that no edit carries. Returns at once, as :meth:`flag` does."""
        return self._store.add_time(case_id, self._reader_id, seconds)

    def sign(self, name: str) -> bool:
        """Name the one reader who labels, where it has the name it was made with; whether it was so.

        A reader who has a name keeps it: it may be somebody else's, and so may a nameless one's labels where several
        label.
        """
        cleaned = " ".join(name.split())
        if not cleaned or [one.name for one in self._store.readers()] != [DEFAULT_READER]:
            return False
        self._store.rename_reader(self._reader_id, cleaned).result()
        return True

    # Remove and restore.

    def remove(self, kind: Kind, item_id: str) -> Item:
        """Take a case, a class, a run, a sequence, or every case of a patient out of the project; nothing is deleted.

        A model's predictions are hidden with it. Returns what was removed.

        Raises:
            UnknownNameError: there is no such thing.
            SlicelabError: it is the last class.
            JobError: the run, or a prediction with it, is still running.

        """
        if kind == "class":
            left = [one for one in self._store.classes() if one.value != int(item_id)]
            if not left:
                raise SlicelabError("A project needs at least one class.", "Add another one first.")
        if kind == "run" and set(self._with_dependents(item_id)) & set(self._running()):
            raise JobError(f"Run {item_id} is still running.", "Stop it first.")
        item = self._item(kind, item_id)
        self._set(kind, item_id, removed=True)
        self._changed()
        return item

    def restore(self, kind: Kind, item_id: str) -> None:
        """Take something back in that was removed, as it was.

        Raises:
            UnknownNameError: there is no such thing.
            SlicelabError: its name is another one's by now, or it was deleted for good.

        """
        self._set(kind, item_id, removed=False)
        self._changed()

    def removed(self) -> tuple[Item, ...]:
        """What can be restored: patients of whom several cases were removed, cases, sequences, classes, runs.

        Also what was deleted for good and has files left that the disk refused to delete: that can be deleted again.
        """
        gone_cases = [one for one in self._store.cases(removed=True) if one.removed]
        hidden = [one for one in gone_cases if not one.deleted or self._files_of_case(one.id)]
        here = {one.patient_id for one in self._store.cases()}
        several = dict.fromkeys(
            one.patient_id for one in hidden if sum(other.patient_id == one.patient_id for other in hidden) > 1
        )
        runs = {run.id: run for run in self._store.runs()}
        gone = self._store.removed_runs()
        shown = [
            runs[run_id]
            for run_id, deleted in gone.items()
            if not self._stands_for(runs[run_id]) and (not deleted or self._files_of_run(run_id))
        ]
        return (
            *(self._item("patient", patient) for patient in several if patient not in here),
            *(self._item("case", one.id) for one in hidden),
            *(self._item("sequence", str(one.image.id)) for one in self._removed_sequences({c.id for c in hidden})),
            *(Item("class", str(one.value), one.name) for one in self._store.removed_classes()),
            *(self._item("run", run.id) for run in sorted(shown, key=lambda run: run.created)),
        )

    def runs(self) -> tuple[Item, ...]:
        """The runs that are in the lists, oldest first, each with the predictions that go with it."""
        hidden = self._store.removed_runs()
        return tuple(
            self._item("run", run.id)
            for run in self._store.runs()
            if run.id not in hidden and not self._stands_for(run)
        )

    def delete_for_good(self, items: Iterable[Item]) -> int:
        """Delete files and labels of cases, sequences and runs that were removed before. This cannot be undone.

        Classes are left: they take no space. Who was learnt from and measured stays known, by ids alone.

        Returns:
            Bytes that are free now.

        Raises:
            JobError: a job is running; it may be reading them.
            SlicelabError: something was not removed before.
            StorageError: the disk refuses; what was deleted so far is gone, the rest is as it was.

        """
        if self._running():
            raise JobError("A job is running, and may be reading these files.", "Stop it, or wait for its end.")
        wanted = list(items)
        cases = dict.fromkeys(one for item in wanted if item.kind in ("case", "patient") for one in self._cases(item))
        runs = dict.fromkeys(run for item in wanted if item.kind == "run" for run in self._with_dependents(item.id))
        sequences = [self._sequence(item.id) for item in wanted if item.kind == "sequence"]
        hidden = self._store.removed_runs()
        if not all([one.removed for one in cases] + [one.removed for one in sequences]) or not all(
            run in hidden for run in runs
        ):
            raise SlicelabError("Only what was removed can be deleted for good.", "Remove it first.")
        freed = 0
        # Rows first: what has lost a file must not be restored. Files that the disk keeps are listed, to try again.
        for case in cases:
            files = self._files_of_case(case.id)
            self._store.delete_case(case.id).result()
            freed += _unlink(files, self._store.folder)
        for sequence in sequences:
            self._store.delete_sequence(sequence.image.id).result()
            freed += _unlink(self._files_of_sequence(sequence), self._store.folder)
        for run_id in runs:
            files = self._files_of_run(run_id)
            self._store.delete_run(run_id).result()
            freed += _unlink(files, self._store.folder)
        return freed

    def disk_use(self) -> DiskUse:
        """What the project takes on the disk now; walks its folders."""
        folder = self._store.folder
        hidden = [one for one in self.removed() if one.kind in ("case", "run", "sequence")]
        return DiskUse(
            volumes=_size(_files(folder / "volumes")),
            labels=_size(path for path in folder.iterdir() if path.name.startswith("project.db")),
            runs=_size(_files(folder / "runs")),
            predictions=_size(_files(folder / "predictions")),
            pool=_size(_files(folder / "pool")),
            removed=sum(one.bytes for one in hidden),
        )

    # Inside.

    def _set(self, kind: Kind, item_id: str, *, removed: bool) -> None:
        store = self._store
        if kind == "class":
            (store.remove_class if removed else store.restore_class)(int(item_id)).result()
        elif kind == "sequence":
            store.set_sequence_removed(self._sequence(item_id).image.id, removed=removed).result()
        elif kind == "run":
            store.set_runs_removed(self._with_dependents(item_id), removed=removed).result()
        else:
            for case in self._cases(Item(kind, item_id, "")):
                (store.remove_case if removed else store.restore_case)(case.id).result()

    def _cases(self, item: Item) -> tuple[CaseRecord, ...]:
        """The cases an item stands for, but those that were deleted."""
        if item.kind == "case":
            return (self._store.case(item.id),)
        return tuple(one for one in self._store.cases(removed=True) if one.patient_id == item.id and not one.deleted)

    def _item(self, kind: Kind, item_id: str) -> Item:
        if kind == "class":
            name = next((one.name for one in self._store.classes() if str(one.value) == item_id), item_id)
            return Item(kind, item_id, name)
        if kind == "sequence":
            found = self._sequence(item_id)
            name = f"{found.name} ({self._store.case(found.image.case_id).name})"
            return Item(kind, item_id, name, _size(self._files_of_sequence(found)))
        if kind == "run":
            files = [path for run in self._with_dependents(item_id) for path in self._files_of_run(run)]
            record = self._store.run(item_id)
            made = time.strftime("%Y-%m-%d %H:%M", time.localtime(record.created))
            return Item(kind, item_id, f"{self._name_of(record)} ({item_id}), {made}", _size(files))
        cases = self._cases(Item(kind, item_id, ""))
        files = [path for case in cases for path in self._files_of_case(case.id)]
        return Item(kind, item_id, ", ".join(case.name for case in cases), _size(files))

    def _name_of(self, record: RunRecord) -> str:
        """As in the lists; one that was removed is counted in none, and is called by what it is."""
        hidden, runs = self._store.removed_runs(), self._store.folder / "runs"
        listed = [record] if record.id in hidden else [run for run in self._store.runs() if run.id not in hidden]
        names = run_names((one.id, one.kind, (runs / one.id / "weights.safetensors").is_file()) for one in listed)
        return names[record.id].removesuffix(" 1") if record.id in hidden else names[record.id]

    def _sequence(self, item_id: str) -> SequenceRecord:
        found = [one for one in self._store.sequences(removed=True) if str(one.image.id) == item_id]
        if not found:
            raise UnknownNameError(f"The project has no sequence {item_id}.")
        return found[0]

    def _removed_sequences(self, gone_cases: Collection[str]) -> list[SequenceRecord]:
        """Those taken out of cases that are there: the others come and go with their case."""
        return [
            one
            for one in self._store.sequences(removed=True)
            if one.removed and one.image.case_id not in gone_cases and (not one.deleted or self._files_of_sequence(one))
        ]

    def _files_of_sequence(self, sequence: SequenceRecord) -> list[Path]:
        path = self._store.folder / sequence.image.path
        return [path] if path.is_file() else []

    def _stands_for(self, run: RunRecord) -> bool:
        return run.kind in _DEPENDENT and run.init is not None

    def _with_dependents(self, run_id: str) -> list[str]:
        return [run_id, *(r.id for r in self._store.runs() if r.kind in _DEPENDENT and r.init == run_id)]

    def _files_of_case(self, case_id: str) -> list[Path]:
        """The case's volume and all that was made of it; not the labels in the snapshots of trainings."""
        folder = self._store.folder
        own = [folder / image.path for image in self._store.images(case_id)]
        predicted = [folder / one.path for one in self._store.predictions() if one.case_id == case_id]
        made = [path for pattern in _MADE for path in folder.glob(pattern.format(case_id))]
        return [path for path in dict.fromkeys((*own, *predicted, *made)) if path.is_file()]

    def _files_of_run(self, run_id: str) -> list[Path]:
        folder = self._store.folder
        return [*_files(folder / "runs" / run_id), *_files(folder / "predictions" / run_id)]


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _size(files: Iterable[Path]) -> int:
    total = 0
    for path in files:
        with suppress(FileNotFoundError):  # a job has just replaced it
            total += path.stat().st_size
    return total


def _unlink(files: Sequence[Path], project: Path) -> int:
    """Delete a project's files, and the folders that are empty then but for its own; the bytes they took."""
    freed = 0
    try:
        for path in files:
            size = path.stat().st_size
            path.unlink()
            freed += size
    except OSError as error:
        raise StorageError(
            "A file could not be deleted.", "Check that the disk can be written, then delete it again."
        ) from error
    folders = {folder for path in files for folder in path.relative_to(project).parents if len(folder.parts) > 1}
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):  # runs/r0001/preview, runs/r0001
        with suppress(OSError):  # something else lies in it
            (project / folder).rmdir()
    return freed
