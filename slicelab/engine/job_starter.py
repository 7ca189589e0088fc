"""Starts learning jobs: which cases may take part is decided here, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from slicelab.core.errors import JobError, no_unlabelled_slice
from slicelab.engine.job_builder import JobBuilder, members
from slicelab.engine.lineage import ancestors, kept_apart, model_of, seen_by
from slicelab.engine.names import find_run
from slicelab.engine.on_the_way import watched
from slicelab.jobs.place import require_equal_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, RunRecord
    from slicelab.engine.job_board import JobBoard
    from slicelab.engine.job_builder import JobOptions
    from slicelab.jobs.specs import Method


class JobStarter:
    """Chooses cases, refuses leaks, and hands complete jobs to the board.

    Args:
        store: the project.
        board: where jobs run.
        reader_id: whose labels are learned from.

    """

    def __init__(self, store: ProjectStore, board: JobBoard, reader_id: int) -> None:
        self._store = store
        self._board = board
        self._reader_id = reader_id
        self._builder = JobBuilder(store)

    def pretrain(
        self, method: Method, exclude: Sequence[CaseRecord], options: JobOptions, processes: int | None = 1
    ) -> str:
        """Learn from the unlabelled pool: every case but the excluded ones and others of their patients.

        Args:
            method: what to learn by.
            exclude: cases to leave out.
            options: preset, steps, seed.
            processes: how many share each batch on this machine; None leaves the job to be started by hand, elsewhere.

        Returns:
            The run's id.

        Raises:
            JobError: nothing is left in the pool, the batch cannot be shared, or another job runs.

        """
        left_out = {case.patient_id for case in exclude}
        pool = [case for case in self._store.cases() if case.patient_id not in left_out]
        if not pool:
            raise JobError("No case is left to learn from.", "Import volumes, or exclude fewer.")
        if processes is None:
            options = replace(options, survive_window=True)  # no window owns it
        job = self._builder.pretrain("", method, pool, options)
        require_equal_shares(job.settings.batch, processes or 1)
        return self._board.start(job, members(job, [], self._slice_counts()), init=None, processes=processes)

    def finetune(
        self,
        init: str | None,
        train: Sequence[CaseRecord] | None,
        val: Sequence[CaseRecord],
        options: JobOptions,
        exclude: Sequence[CaseRecord] = (),
        preview: Sequence[CaseRecord] = (),
    ) -> str:
        """Learn to segment from the slices that are done; where ``finetune.semi.on``, also from those without labels.

        The unlabelled slices are those of every case, but for the patients that are excluded, validate, or were kept
        out of the pretraining (unless they are trained on).

        Args:
            init: run whose weights to start from; None for random weights.
            train: cases to learn from; None for every case with a done slice whose patient is not in ``val`` and not
                excluded.
            val: cases that choose the best state.
            options: preset, steps, seed.
            exclude: cases to leave out altogether, with their patients.
            preview: cases whose mask is shown on the way; nothing is learnt from them for that.

        Returns:
            The run's id.

        Raises:
            JobError: a case has no done slice, a patient is on both sides or excluded, there is no slice without
                labels where they are wanted, or another job runs.

        """
        before = self.with_weights(init) if init is not None else None
        labels = self._builder.labels_of(self._store.cases(), self._reader_id)
        labelled = {entry.case for entry in labels}
        held, out = {case.patient_id for case in val}, {case.patient_id for case in exclude}
        if train is None:
            held |= out
            train = [case for case in self._store.cases() if case.id in labelled and case.patient_id not in held]
        _check_split(train, val, labelled)
        _check_excluded((*train, *val), out)
        patients = self.pretrained_patients(before) if before is not None else ()
        apart = self._kept_apart(before) - {case.patient_id for case in train} if before is not None else frozenset()
        away = held | out | apart
        pool = [case for case in self._store.cases() if case.patient_id not in away]
        taught = self._builder.taught(train, self._reader_id)
        met = {case.patient_id for case in (*train, *val)}
        tests = sorted({case.patient_id for case in self._store.cases() if case.id in labelled} - met)
        job = self._builder.finetune("", before, train, val, options, patients, pool, preview, taught, tests)
        job = job.model_copy(update={"reader": self._reader_id})
        used = [case for case in self._store.cases() if case.id in {one.id for one in (*train, *val)}]
        snapshot = self._builder.labels_of(used, self._reader_id, taught)
        _check_taught(val, {entry.case for entry in snapshot})
        taking_part = members(job, snapshot, self._slice_counts())
        if job.settings.semi.on and not sum(one.slices for one in taking_part if one.role == "pool"):
            raise no_unlabelled_slice()
        return self._board.start(job, taking_part, init=init, labels=snapshot)

    def predict(self, model: str, cases: Sequence[CaseRecord] | None, options: JobOptions) -> str:
        """Segment cases with a finetuned model; None predicts every case.

        Returns:
            The run's id (the masks belong to the model's).

        Raises:
            JobError: the run holds no model, there is no case, or another job runs.

        """
        runs = {run.id: run for run in self._store.runs()}
        record = self.with_weights(model_of(find_run(model, list(runs.values())), runs).id)
        chosen = self._store.cases() if cases is None else cases
        if not chosen:
            raise JobError("There is no case to predict.", "Import volumes first.")
        job = self._builder.predict("", record, chosen, options)
        return self._board.start(job, members(job, [], self._slice_counts()), init=record.id)

    def embed(self, model: str, cases: Sequence[CaseRecord], options: JobOptions) -> str:
        """Have the network of a run say what it makes of each slice of the cases.

        Returns:
            The run's id.

        Raises:
            JobError: the run holds no weights, or another job runs.

        """
        record = self.with_weights(model)
        job = self._builder.embed("", record, cases, options)
        return self._board.start(job, members(job, [], self._slice_counts()), init=record.id)

    def watched(self, left_out: Sequence[CaseRecord]) -> tuple[str, ...]:
        """Cases (ids) of those left out for testing whose mask a training makes on its way, to be measured."""
        return watched(self._store, self._reader_id, left_out)

    def kept_apart(self, model: str) -> frozenset[str]:
        """Patients that a pretraining behind a run left out."""
        return self._kept_apart(find_run(model, self._store.runs()))

    def pretrained_patients(self, run: RunRecord) -> tuple[str, ...]:
        """Patients whose images a run, or one it descends from, learned from without labels."""
        chain = ancestors(run.id, {record.id: record for record in self._store.runs()})
        pool = seen_by(chain, {record.id: self._store.run_cases(record.id) for record in chain}).pool
        return tuple(sorted({case.patient_id for case in self._store.cases(removed=True) if case.id in pool}))

    def _kept_apart(self, run: RunRecord) -> frozenset[str]:
        chain = ancestors(run.id, {record.id: record for record in self._store.runs()})
        used = {record.id: self._store.run_cases(record.id) for record in chain}
        return kept_apart(chain, used, self._store.cases(removed=True))

    def _slice_counts(self) -> dict[str, int]:
        return {case.id: self._store.images(case.id)[0].geometry.stack_shape[0] for case in self._store.cases()}

    def with_weights(self, run_id: str) -> RunRecord:
        """The run of that id, if it holds weights.

        Raises:
            UnknownNameError: there is no such run.
            JobError: it holds none.

        """
        record = find_run(run_id, self._store.runs())
        if not self._board.has_weights(record.id):
            raise JobError(f"Run {run_id} holds no weights ({record.status}).", "Choose a run that finished.")
        return record


def _check_split(train: Sequence[CaseRecord], val: Sequence[CaseRecord], labelled: set[str]) -> None:
    if not train:
        raise JobError("No slice is marked done yet.", "Label a few slices and mark them done.")
    bare = [case for case in (*train, *val) if case.id not in labelled]
    if bare:
        raise JobError(f"{bare[0].name} has no slice marked done.", "Label it, or leave it out.")
    both = {case.patient_id for case in train} & {case.patient_id for case in val}
    if both:
        name = next(case.name for case in val if case.patient_id in both)
        raise JobError(f"The patient of {name} would be trained on and validated on.", "Choose other cases.")


def _check_taught(val: Sequence[CaseRecord], labelled: set[str]) -> None:
    """A case that is done only for classes nothing is learned of cannot choose the best state."""
    bare = [case for case in val if case.id not in labelled]
    if bare:
        raise JobError(
            f"{bare[0].name} is done only for classes that no slice to learn from is done for.",
            "Mark slices done for them in the cases to learn from, or leave it out.",
        )


def _check_excluded(labelled: Sequence[CaseRecord], patients: set[str]) -> None:
    for case in labelled:
        if case.patient_id in patients:
            raise JobError(f"The patient of {case.name} is excluded, and would be learnt from.", "Choose other cases.")
