"""Cross-validation: finetune on all folds but one, measure on that one; for every fold, seed and start.

Each training is one phase of the job and tells its figures in one event. A job that goes on reads those from its own
log, leaves out what is measured, and takes up the training it was in from its checkpoint. No model is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core import metrics
from slicelab.core.errors import JobError, no_unlabelled_slice
from slicelab.data.pool import resolved
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.snapshot import CaseLabels, load_snapshot
from slicelab.jobs.events import FoldMeasured, HeldOutDice
from slicelab.jobs.folds import measured_in, trainings_of
from slicelab.jobs.lengths import steps_of
from slicelab.learn.finetune import Span, finetune
from slicelab.learn.keeper import held
from slicelab.learn.memory import Batch, in_smaller_batches
from slicelab.learn.predict import predict_stack
from slicelab.learn.prepare import new_model, prepared
from slicelab.learn.slices import load_slices
from slicelab.learn.weights import load_card, load_state, transfer

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    import numpy.typing as npt

    from slicelab.data.pool import PoolCase
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.folds import Training
    from slicelab.jobs.model_card import ModelCard
    from slicelab.jobs.settings import NetworkSettings, PoolSettings
    from slicelab.jobs.specs import CaseInput, ClassInput, CrossValidationJob
    from slicelab.learn.device import Compute
    from slicelab.learn.keeper import Keeper
    from slicelab.learn.run import JobContext
    from slicelab.learn.unet import UNet


@dataclass(frozen=True, eq=False)
class Fold:
    """What one fold leaves to learn from.

    Attributes:
        train: cases to learn from.
        test: cases held out.
        classes: classes that some slice to learn from is done for.
        labels: of the cases to learn from, for these classes alone.

    """

    train: tuple[CaseInput, ...]
    test: tuple[CaseInput, ...]
    classes: tuple[ClassInput, ...]
    labels: dict[str, CaseLabels]

    @property
    def slices(self) -> int:
        """Slices to learn from."""
        return sum(len(one.slices) for one in self.labels.values())


def fold_of(job: CrossValidationJob, labels: dict[str, CaseLabels], place: int) -> Fold:
    """The cases of a fold's patients apart from the others; what only they are done for cannot be learned."""
    out = frozenset(job.folds[place])
    train = tuple(case for case in job.cases if case.patient not in out)
    test = tuple(case for case in job.cases if case.patient in out)
    if not train or not test:
        raise JobError("A fold of this cross-validation has no case.", "Start it again.", "Labels are safe.")
    known = np.any(np.concatenate([labels[case.case].known for case in train]), axis=0)
    classes = tuple(one for one, there in zip(job.classes, known.tolist(), strict=True) if there)
    kept = {}
    for case in train:
        said = labels[case.case]
        useful = said.known.any(axis=1)
        kept[case.case] = CaseLabels(
            case.case, said.slices[useful], said.masks[useful], said.known[np.ix_(useful, known)]
        )
    return Fold(train, test, classes, kept)


def measured_before(job: CrossValidationJob, folder: RunFolder) -> tuple[FoldMeasured, ...]:
    """What this job measured when it ran before."""
    return measured_in(job, EventReader(folder).read_new())


def crossvalidate(
    job: CrossValidationJob,
    context: JobContext,
    compute: Compute,
    keeper: Keeper,
    before: Sequence[FoldMeasured],
) -> Iterator[AnyEvent]:
    """Run the trainings that are not measured yet.

    Yields:
        As a finetuning does, steps counted over the whole job, and ``FoldMeasured`` after each training.

    Raises:
        JobError: a case has no labels, or a training gave up.

    """
    folder = context.project / "runs" / str(job.init)
    start = load_card(folder) if job.init is not None else None
    # Both starts see the same images and are the same network: those of the pretraining, where there is one.
    network, pool = (job.network, job.pool) if start is None else (start.network, start.pool)
    pool = resolved(pool, context.project, job.cases)
    labels = load_snapshot(context.folder / "labels.npz")
    if missing := [case.case for case in job.cases if case.case not in labels]:
        raise JobError(f"Case {missing[0]} has no slice marked done.", "Start it again.")
    wanted = {case.case: case for case in (*job.cases, *job.unlabelled)}
    resumed = bool(before) or keeper.found is not None
    opened = yield from prepared(context, pool, tuple(wanted.values()), resumed=resumed)
    if context.should_stop():
        return
    folds = [fold_of(job, labels, place) for place in range(len(job.folds))]
    plan = trainings_of(job)
    lengths = [steps_of(job.settings, folds[one.fold].slices) for one in plan]
    desk = _Desk(job, context, compute, keeper, network, pool, start, labels, {case.case: case for case in opened})
    for one in plan[len(before) :]:
        if not keeper.goes_on_in(one.phase):
            keeper.forget()
        first = sum(lengths[: one.number - 1])
        model = yield from desk.trained(one, folds[one.fold], Span(one.phase, first, sum(lengths)))
        if keeper.failure is not None:
            raise keeper.failure
        if context.should_stop():
            return
        yield from desk.measured(one, folds[one.fold], model, first + lengths[one.number - 1])
        keeper.forget()
        if context.should_stop():
            return


@dataclass(frozen=True, eq=False)
class _Desk:
    """What all trainings of the job have in common."""

    job: CrossValidationJob
    context: JobContext
    compute: Compute
    keeper: Keeper
    network: NetworkSettings
    pool: PoolSettings
    start: ModelCard | None
    labels: dict[str, CaseLabels]
    cases: dict[str, PoolCase]

    def trained(self, one: Training, fold: Fold, span: Span) -> Generator[AnyEvent, None, UNet]:
        job, matrix, compute = self.job, self.pool.matrix, self.compute
        values = tuple(item.value for item in fold.classes)
        train = load_slices([self.cases[c.case] for c in fold.train], matrix, compute.device, fold.labels, values)
        unlabelled = None
        if job.settings.semi.on:
            out = frozenset(job.folds[one.fold])
            rest = [self.cases[c.case] for c in job.unlabelled if c.patient not in out]
            if not rest:
                raise no_unlabelled_slice()
            unlabelled = load_slices(rest, matrix, compute.device, without=fold.labels)
        start = self.start if one.init is not None else None
        before = None if start is None else load_state(self.context.project / "runs" / str(one.init), start)
        model = new_model(self.network, 1 + len(values), one.seed, compute)
        taught: tuple[str, ...] = ()
        if start is not None and before is not None:
            transfer(model, before, start)
            taught = start.trained_stages
        yield from finetune(
            model,
            train,
            None,
            [item.name for item in fold.classes],
            job.settings,
            taught,
            one.seed,
            compute,
            self.keeper,
            flip=job.flip_allowed,
            unlabelled=unlabelled,
            span=span,
        )
        return model

    def measured(self, one: Training, fold: Fold, model: UNet, step: int) -> Iterator[AnyEvent]:
        """Segment the held-out cases as a prediction would, and tell their Dice; nothing where it was stopped."""
        compute = self.compute
        if compute.device.type == "cpu":
            compute = replace(compute, bf16=bool(self.job.bf16))  # as in a prediction: not by timing
        model.eval()
        values = tuple(item.value for item in fold.classes)
        batch = Batch(self.job.predict.batch)
        found: dict[str, npt.NDArray[np.uint8]] = {}

        def predicted(case: PoolCase, size: int) -> Iterator[AnyEvent]:
            settings = self.job.predict.model_copy(update={"batch": size})
            made = predict_stack(
                model,
                case,
                values,
                settings,
                compute,
                flip=self.job.flip_allowed,
                should_stop=self.context.should_stop,
            )
            if made is not None:
                found[case.case] = made[0]
            yield from ()

        for source in fold.test:
            yield from in_smaller_batches(batch, step, compute.device, partial(predicted, self.cases[source.case]))
            if self.context.should_stop():
                return
            yield from held(self.context.paused)
        classes = self.job.classes
        yield FoldMeasured(
            training=one.number,
            of=one.of,
            fold=one.fold,
            seed=one.seed,
            init=one.init,
            step=step,
            cases=tuple(held_out_dice(found[c.case], self.labels[c.case], classes, values) for c in fold.test),
        )


def held_out_dice(
    mask: npt.NDArray[np.uint8], labels: CaseLabels, classes: Sequence[ClassInput], learned: Sequence[int]
) -> HeldOutDice:
    """3D Dice of a case, each class over the slices that are done for it.

    Args:
        mask: prediction, ``(slice, row, column)`` uint8 class values.
        labels: the case's labels; ``known`` in the order of ``classes``.
        classes: of the job.
        learned: class values the model could learn; of others nothing is said.

    """
    dice: dict[int, float | None] = {}
    shown = []
    for column, one in enumerate(classes):
        known = labels.known[:, column]
        if one.value not in learned or not known.any():
            continue
        theirs = labels.masks[known] == one.value
        value = metrics.dice(mask[labels.slices[known]] == one.value, theirs)
        dice[one.value] = None if np.isnan(value) else value
        if theirs.any():
            shown.append(one.value)
    return HeldOutDice(case=labels.case, dice=dice, shown=tuple(shown), slices=int(labels.known.any(axis=1).sum()))
