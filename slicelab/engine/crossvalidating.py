"""Cross-validated Dice, and whether a pretraining was worth it on the reader's own labels: planned, started, told."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from slicelab.core.cross_validation import (
    LEAST_PATIENTS,
    Compared,
    CrossValidated,
    HeldOut,
    compared,
    cross_validated,
    deal,
    fold_count,
)
from slicelab.core.errors import JobError, SettingError
from slicelab.core.labels import Origin, flip_allowed
from slicelab.core.slices import done_classes
from slicelab.engine.job_builder import JobBuilder, JobOptions, job_of, members, require_pretrained_images
from slicelab.engine.names import find_run
from slicelab.jobs.folds import measured_in
from slicelab.jobs.lengths import steps_of
from slicelab.jobs.specs import ClassInput, CrossValidationJob, FinetuneJob, JobAdapter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from slicelab.data.store.project import ProjectStore
    from slicelab.data.store.records import CaseRecord, RunRecord
    from slicelab.engine.agenda import Wish
    from slicelab.engine.job_board import JobBoard
    from slicelab.engine.job_starter import JobStarter
    from slicelab.jobs.events import FoldMeasured
    from slicelab.jobs.specs import CrossKind, Device

REPEATS = {"compare": 2, "crossvalidate": 1}
"""Seeds, where nobody asks for a number: a difference needs two for its interval."""


@dataclass(frozen=True)
class CrossWish:
    """What is asked for.

    Attributes:
        kind: ``compare`` a pretraining with random weights, or ``crossvalidate`` one start.
        init: pretraining to start from; None takes the latest one, and for ``crossvalidate`` random weights where
            there is none.
        scratch: of ``crossvalidate``, to start from random weights whatever there is.
        folds: how many; None for as many as the patients allow, at most three.
        repeats: seeds; None for one, and two where a difference is wanted.
        options: settings; where they name no preset, those of the last training are taken.
        exclude: cases (ids) that are kept for testing: with the others of their patients they are in no fold, neither
            learned from nor measured. What is no case of the project says nothing.

    """

    kind: CrossKind
    init: str | None = None
    scratch: bool = False
    folds: int | None = None
    repeats: int | None = None
    options: JobOptions = field(default_factory=JobOptions)
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a cross-validation would do.

    Attributes:
        job: complete but for its run id.
        steps: of one training; None where that depends on the fold (epochs, or passes over many slices).
        seconds: about how long it would take, by the speed of the last training and prediction; None if unknown.

    """

    job: CrossValidationJob
    steps: int | None
    seconds: float | None


@dataclass(frozen=True)
class CrossResult:
    """What a finished cross-validation says.

    Attributes:
        run: run id.
        kind: ``compare`` or ``crossvalidate``.
        init: pretraining it started from; None for random weights.
        at: when it was started, seconds since 1970.
        folds: how many.
        steps: of the whole job.
        patients: held out, one fold after the other.
        cases: likewise.
        in_pool: patients of those whose images the pretraining saw: the figure is transductive.
        led: done slices whose label is a model's mask taken over unchanged.
        slices: done slices.
        changed: done slices that were added, changed or reopened since.
        left_out: cases that were kept for testing: in no fold.
        crossed: Dice of the start asked for; None where no class is in either mask.
        comparison: pretrained against random; None of a ``crossvalidate``.
        names: class value to the class's name now, for the classes that are still there.
        rows: every held-out figure.

    """

    run: str
    kind: CrossKind
    init: str | None
    at: float
    folds: int
    steps: int
    patients: int
    cases: int
    in_pool: int
    led: int
    slices: int
    changed: int
    left_out: int
    crossed: CrossValidated | None
    comparison: Compared | None
    names: dict[int, str]
    rows: tuple[HeldOut, ...]

    @property
    def protocol(self) -> str:
        """``transductive`` as soon as the pretraining saw images of one held-out patient."""
        return "transductive" if self.in_pool else "inductive"


@dataclass(frozen=True)
class Standing:
    """The newest finished cross-validation of each kind."""

    compare: CrossResult | None = None
    crossvalidate: CrossResult | None = None


class CrossValidating:
    """Calls about cross-validation, on an open project.

    Args:
        store: the project.
        board: where jobs run.
        starter: knows which runs can be started from.
        reader_id: whose labels are learned from and measured on.

    """

    def __init__(self, store: ProjectStore, board: JobBoard, starter: JobStarter, reader_id: int) -> None:
        self._store = store
        self._board = board
        self._starter = starter
        self._reader = reader_id
        self._builder = JobBuilder(store)

    def plan(self, wish: CrossWish) -> Plan:
        """What a cross-validation would do, and about how long that takes.

        Raises:
            JobError: fewer than three patients are labelled, there is no pretraining to compare, or the run to start
                from learned labels.
            SettingError: there cannot be so many folds, or a setting cannot be.

        """
        init = self._init(wish)
        out = self._left_out(wish)
        cases, values = self._labelled({case.patient_id for case in out})
        patients = sorted({case.patient_id for case in cases})
        _require_patients(len(patients), apart=bool(out))
        paired = wish.kind == "compare"
        folds = fold_count(len(patients), paired=paired) if wish.folds is None else wish.folds
        if not 2 <= folds <= len(patients):
            raise SettingError(
                f"{folds} folds cannot be made of {len(patients)} patients.", f"Choose 2 to {len(patients)}."
            )
        options = wish.options if wish.options.preset else self._as_last(wish.options, init)
        job = self._job(wish, init, cases, values, deal(patients, folds, options.seed), options, out)
        lengths = self._lengths(job)
        steps = lengths[0] if len(set(lengths)) == 1 else None
        return Plan(job, steps, self._seconds(job, sum(lengths) / len(lengths)))

    def start(self, wish: CrossWish) -> str:
        """Start a cross-validation; returns the run's id.

        Raises:
            JobError: as :meth:`plan`, or another job runs.
            SettingError: as :meth:`plan`.

        """
        job = self.plan(wish).job
        there = {case.case for case in job.cases}
        cases = [case for case in self._store.cases() if case.id in there]
        labels = self._builder.labels_of(cases, self._reader, [one.value for one in job.classes])
        return self._board.start(job, members(job, labels, {}), init=job.init, labels=labels)

    def result(self, run_id: str) -> CrossResult | None:
        """What a cross-validation says; None before all of it is measured, or where the run is none.

        Raises:
            UnknownNameError: there is no such run.

        """
        record = find_run(run_id, self._store.runs())
        job = _job_of(record)
        if job is None:
            return None
        status = self._board.status(record.id)
        measured = measured_in(job, status.measured)
        if len(measured) < job.trainings:
            return None
        return self._told(record, job, measured, status.steps)

    def standing(self) -> Standing:
        """The newest finished cross-validation of each kind on this reader's labels, but those that were removed.

        Those of older versions, which did not say whose labels they were of, count as the first reader's.
        """
        gone, found = self._store.removed_runs(), dict[str, CrossResult]()
        whose = {self._reader, None} if self._reader == self._store.readers()[0].id else {self._reader}
        for record in reversed(self._store.runs()):
            if record.kind in REPEATS and record.kind not in found and record.id not in gone:
                job = _job_of(record) if record.status == "finished" else None
                result = self.result(record.id) if job is not None and job.reader in whose else None
                if result is not None:
                    found[record.kind] = result
        return Standing(found.get("compare"), found.get("crossvalidate"))

    # -- inside -------------------------------------------------------------------------------------------------

    def _init(self, wish: CrossWish) -> RunRecord | None:
        if wish.scratch and wish.kind == "crossvalidate":
            return None
        if wish.init is not None:
            record = self._starter.with_weights(wish.init)
            if record.kind != "pretrain":
                raise JobError(
                    f"{record.id} learned labels, perhaps those that would be held out.",
                    "Name a pretraining (`slicelab runs` lists them)."
                    if wish.kind == "compare"
                    else "Name a pretraining, or start from random weights.",
                )
            return record
        gone = self._store.removed_runs()
        there = [run for run in self._store.runs() if run.kind == "pretrain" and run.id not in gone]
        newest = next((run for run in reversed(there) if self._board.has_weights(run.id)), None)
        if newest is None and wish.kind == "compare":
            raise JobError("There is no pretraining to compare with.", "Learn from all volumes first (Pretrain).")
        return newest

    def _left_out(self, wish: CrossWish) -> tuple[CaseRecord, ...]:
        """The cases of every patient one of whose cases is kept for testing, be that one removed by now."""
        out = self._with_their_patients(wish.exclude)
        return tuple(case for case in self._store.cases() if case.id in out)

    def _with_their_patients(self, cases: Collection[str]) -> frozenset[str]:
        """Every case (ids, removed ones too) of the patients of cases."""
        every = self._store.cases(removed=True)
        patients = {case.patient_id for case in every if case.id in cases}
        return frozenset(case.id for case in every if case.patient_id in patients)

    def _labelled(self, out: Collection[str]) -> tuple[list[CaseRecord], frozenset[int]]:
        """Cases with a done slice, but those of the patients ``out``, and the classes some slice of them is done for.

        Reads states alone, and no mask.
        """
        ledger, every = self._store.ledger(self._reader), {one.value for one in self._store.classes()}
        done = {
            case: {value for states in slices.values() for value in done_classes(states)} & every
            for case, slices in ledger.items()
        }
        cases = [case for case in self._store.cases() if done.get(case.id) and case.patient_id not in out]
        return cases, frozenset(value for case in cases for value in done[case.id])

    def _lengths(self, job: CrossValidationJob) -> list[int]:
        """Steps of the training of each fold: they follow the slices that are done in the others."""
        ledger, classes = self._store.ledger(self._reader), {one.value for one in job.classes}
        slices = {
            case.case: sum(not classes.isdisjoint(done_classes(states)) for states in ledger[case.case].values())
            for case in job.cases
        }
        learned = [sum(slices[case.case] for case in job.cases if case.patient not in out) for out in job.folds]
        return [steps_of(job.settings, count) for count in learned]

    def _as_last(self, options: JobOptions, init: RunRecord | None) -> JobOptions:
        """The settings of the last training that can be taken over, under those that are asked for."""
        gone = self._store.removed_runs()
        for run in reversed(self._store.runs()):
            job = job_of(run) if run.kind == "finetune" and run.id not in gone else None
            if isinstance(job, FinetuneJob):
                groups = ("finetune",) if init is not None else ("finetune", "pool", "network")
                kept: dict[str, Any] = {
                    path: value for path, value in job.overrides.items() if path.partition(".")[0] in groups
                }
                if options.steps is not None:
                    kept = {path: v for path, v in kept.items() if path not in ("finetune.steps", "finetune.epochs")}
                return replace(options, preset=job.preset, overrides={**kept, **options.overrides})
        return options

    def _job(
        self,
        wish: CrossWish,
        init: RunRecord | None,
        cases: Sequence[CaseRecord],
        values: frozenset[int],
        folds: tuple[tuple[str, ...], ...],
        options: JobOptions,
        left_out: Sequence[CaseRecord],
    ) -> CrossValidationJob:
        before = JobAdapter.validate_json(init.job) if init is not None else None
        if before is not None:
            require_pretrained_images(options.overrides, before)
        groups = ("finetune", "predict") if before is not None else ("finetune", "predict", "pool", "network")
        chosen, overrides = options.settings(groups)
        if chosen.finetune.plateau:
            raise JobError(
                "These settings choose the learning rate by validation cases, and a fold has none.",
                "Set finetune.plateau=false.",
            )
        apart = self._starter.kept_apart(init.id) - {case.patient_id for case in cases} if init is not None else set()
        out = apart | {case.patient_id for case in left_out}
        pool = [case for case in self._store.cases() if case.patient_id not in out] if chosen.finetune.semi.on else []
        return CrossValidationJob(
            **options.fields("", chosen.name, overrides),
            kind=wish.kind,
            pool=before.pool if before is not None else chosen.pool,
            network=before.network if before is not None else chosen.network,
            settings=chosen.finetune,
            predict=chosen.predict,
            classes=tuple(
                ClassInput(value=one.value, name=one.name) for one in self._store.classes() if one.value in values
            ),
            init=init.id if init is not None else None,
            cases=tuple(self._builder.case_input(case) for case in cases),
            folds=folds,
            repeats=wish.repeats or REPEATS[wish.kind],
            unlabelled=tuple(self._builder.case_input(case) for case in pool),
            flip_allowed=flip_allowed(self._store.classes()),
            pretrained_patients=self._starter.pretrained_patients(init) if init is not None else (),
            led=self._led(cases),
            test_cases=tuple(case.id for case in left_out),
            reader=self._reader,
        )

    def _led(self, cases: Sequence[CaseRecord]) -> int:
        ledger, there = self._store.ledger(self._reader), {case.id for case in cases}
        return sum(
            stamp.origin is Origin.ACCEPTED
            and stamp.case_id in there
            and bool(done_classes(ledger.get(stamp.case_id, {}).get(stamp.slice, {})))
            for stamp in self._store.label_stamps(self._reader)
        )

    def _seconds(self, job: CrossValidationJob, steps: float) -> float | None:
        """By the pace of the newest training that finished, and of the newest prediction where there is one."""
        trained, predicted = self._pace("finetune", *REPEATS), self._pace("predict")
        if trained is None:
            return None
        held_out = len(job.cases) * job.repeats * len(job.starts)
        return job.trainings * steps * trained + held_out * (predicted or 0.0)

    def _pace(self, *kinds: str) -> float | None:
        for run in reversed(self._store.runs()):
            if run.kind in kinds and run.status == "finished":
                return self._board.status(run.id).seconds_per_step
        return None

    def _told(
        self, record: RunRecord, job: CrossValidationJob, measured: Sequence[FoldMeasured], steps: int
    ) -> CrossResult:
        patient_of = {case.case: case.patient for case in job.cases}
        names = {one.value: one.name for one in self._store.classes() if one.value in {c.value for c in job.classes}}
        there = {case.id for case in self._store.cases()}
        rows = tuple(
            HeldOut(
                event.fold,
                event.seed,
                event.init,
                case.case,
                patient_of[case.case],
                value,
                math.nan if dice is None else dice,
                value in case.shown,
            )
            for event in measured
            for case in event.cases
            if case.case in there
            for value, dice in case.dice.items()
            if value in names
        )
        patients = {row.patient for row in rows}
        entries = self._store.run_cases(record.id)
        return CrossResult(
            run=record.id,
            kind=job.kind,
            init=job.init,
            at=record.created,
            folds=len(job.folds),
            steps=steps,
            patients=len(patients),
            cases=len({row.case for row in rows}),
            in_pool=len(patients & set(job.pretrained_patients)),
            led=job.led,
            slices=sum(entry.slices for entry in entries),
            changed=self._changed(
                record, {entry.case_id: entry.slices for entry in entries}, self._with_their_patients(job.test_cases)
            ),
            left_out=len(job.test_cases),
            crossed=cross_validated([row for row in rows if row.start == job.init]),
            comparison=compared(rows) if job.kind == "compare" else None,
            names=names,
            rows=rows,
        )

    def _changed(self, record: RunRecord, slices: dict[str, int], left_out: Collection[str]) -> int:
        """Done slices that were added, changed or reopened since, but of the cases (ids) left out.

        Reads states and times alone, and no mask.
        """
        ledger = self._store.ledger(self._reader)
        before, since = dict.fromkeys(slices, 0), 0
        for stamp in self._store.label_stamps(self._reader):
            if stamp.case_id not in left_out and done_classes(ledger.get(stamp.case_id, {}).get(stamp.slice, {})):
                if stamp.updated > record.created:
                    since += 1
                elif stamp.case_id in before:
                    before[stamp.case_id] += 1
        return max(since, sum(max(count - before[case], 0) for case, count in slices.items()))


def wished(wish: Wish, device: Device = "auto") -> CrossWish:
    """What a job that was asked for in the window is; without a run to start from, it is from random weights."""
    kind: CrossKind = "compare" if wish.kind == "compare" else "crossvalidate"
    options = JobOptions(steps=wish.steps, device=device)
    return CrossWish(kind, wish.init, scratch=wish.init is None, options=options, exclude=wish.exclude)


def _job_of(run: RunRecord) -> CrossValidationJob | None:
    job = job_of(run) if run.kind in REPEATS else None
    return job if isinstance(job, CrossValidationJob) else None


def _require_patients(count: int, *, apart: bool) -> None:
    if count < LEAST_PATIENTS:
        have = "no patient" if not count else "one patient" if count == 1 else f"{count} patients"
        have += " besides those left out for testing" if apart else ""
        raise JobError(
            f"Slices are done for {have}; cross-validation needs {LEAST_PATIENTS}: each patient is measured by "
            "a training on the others.",
            f"Mark a few slices done in cases of {LEAST_PATIENTS} patients{', or leave fewer out' if apart else ''}.",
        )
