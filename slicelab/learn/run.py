"""A job from its description to its files, as a generator of events."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from slicelab.core.errors import JobError, no_unlabelled_slice
from slicelab.data.pool import PoolCase, build, resolved
from slicelab.data.run_folder import RunFolder
from slicelab.data.snapshot import labels_hash, load_snapshot
from slicelab.jobs.events import (
    AlarmRaised,
    ArtifactSaved,
    BatchHalved,
    JobStarted,
    PhaseStarted,
    StepDone,
    StepSkipped,
)
from slicelab.jobs.place import ONLY, Place, require_equal_shares
from slicelab.jobs.settings import PredictSettings
from slicelab.jobs.specs import CrossValidationJob, FinetuneJob, PredictJob, PretrainJob
from slicelab.learn import contrastive, masked
from slicelab.learn.checkpoint import fingerprint
from slicelab.learn.crossvalidate import crossvalidate, measured_before
from slicelab.learn.device import ComputeRecord, choose, choose_as_before
from slicelab.learn.embed import embed
from slicelab.learn.finetune import finetune
from slicelab.learn.going_on import differences, predicted_before
from slicelab.learn.heldout import hold_out
from slicelab.learn.keeper import Keeper, held
from slicelab.learn.looks import Looks
from slicelab.learn.memory import Batch, begin_again, in_smaller_batches, no_memory, out_of_memory
from slicelab.learn.predict import predict_case
from slicelab.learn.prepare import new_model, prepared
from slicelab.learn.preview import Previews
from slicelab.learn.ranks import join, require_same_folder
from slicelab.learn.slices import load_slices
from slicelab.learn.unet import UNet
from slicelab.learn.weights import ModelCard, load_card, load_state, save_model, transfer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

    from torch import Tensor

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import AnyJob, CaseInput
    from slicelab.learn.device import Compute
    from slicelab.learn.ranks import Ranks
    from slicelab.learn.slices import SliceSet


@dataclass(frozen=True)
class JobContext:
    """Where a job works and how it learns that it shall end.

    Attributes:
        project: the project's folder.
        folder: the run's folder.
        should_stop: true once the job was asked to stop; asked at every step.
        paused: true while the job is asked to hold still.
        place: this process among those of the job; only a pretraining can have several.

    """

    project: Path
    folder: Path
    should_stop: Callable[[], bool]
    paused: Callable[[], bool] = lambda: False
    place: Place = ONLY


def run_job(job: AnyJob, context: JobContext, compute: Compute | None = None) -> Iterator[AnyEvent]:
    """Everything from ``JobStarted`` to the last file, which of several processes the first one writes.

    It goes on from the checkpoint in the run's folder, if there is one; a prediction leaves out what it has predicted.
    When asked to stop, it saves the weights so far and a checkpoint (where training has begun) and returns early.

    Args:
        job: what to do.
        context: where.
        compute: the device, if it is not to be chosen here.

    Raises:
        SlicelabError: whatever a person can understand and act on.

    """
    folder = RunFolder(context.folder)
    _require_sharable(job, context.place)
    ranks = join(context.place, job.device)
    keeper = Keeper(
        folder.checkpoint_path,
        fingerprint(job, context.project),
        job.checkpoint_s,
        context.should_stop,
        context.paused,
        ranks,
    )
    found, change = keeper.found, ""
    require_same_folder(ranks, found.step if found else None, context.folder)
    if compute is None:
        compute, change = _chosen(job, found.compute if found else None, context.place, ranks)
    keeper.computes_on(compute.record())
    predicted = predicted_before(job, context.project) if isinstance(job, PredictJob) else frozenset()
    measured = measured_before(job, folder) if isinstance(job, CrossValidationJob) else ()
    kept = found.step if found else len(predicted) or None
    yield JobStarted(
        run=job.run,
        kind=job.kind,
        pid=os.getpid(),
        device=compute.words,
        device_why=compute.why,
        precision=compute.precision,
        threads=compute.threads,
        resumed_from=max(kept or 0, measured[-1].step) if measured else kept,
    )
    yield from differences(keeper, change)
    try:
        if isinstance(job, PretrainJob):
            yield from _pretrain(job, context, compute, keeper, ranks)
        elif isinstance(job, FinetuneJob):
            yield from _finetune(job, context, compute, keeper)
        elif isinstance(job, PredictJob):
            yield from _predict(job, context, compute, predicted)
        elif isinstance(job, CrossValidationJob):
            yield from crossvalidate(job, context, compute, keeper, measured)
        else:
            yield from embed(job, context, compute)
    except (RuntimeError, MemoryError) as error:
        if out_of_memory(error):  # where no smaller batch would help, such as for the slices themselves
            raise no_memory(compute.device) from error
        if ranks.lost(error):
            noted = folder.too_large()
            if noted is not None:
                raise begin_again(compute.device, noted) from error
            raise JobError(
                "Another process of the job ended unexpectedly.", "Its log (log.1.txt and so on) says why."
            ) from error
        raise
    ranks.leave()


def _require_sharable(job: AnyJob, place: Place) -> None:
    if place.world > 1:
        if not isinstance(job, PretrainJob):
            raise JobError("Only a pretraining can be shared by several processes.", "Start this job without torchrun.")
        require_equal_shares(job.settings.batch, place.world)


def _chosen(job: AnyJob, before: ComputeRecord | None, place: Place, ranks: Ranks) -> tuple[Compute, str]:
    """Where to compute. The first process chooses for all: its measurements may come out otherwise than another's."""
    compute, change, said = None, "", ""
    if ranks.first:
        compute, change = (
            choose_as_before(job.device, before, job.bf16, place.local_world)
            if before
            # One model must give one mask, whatever else the machine is doing.
            else (choose(job.device, job.bf16, steady=isinstance(job, PredictJob)), "")
        )
        said = compute.record().model_dump_json()
    record = ComputeRecord.model_validate_json(ranks.told(said))
    if compute is None:
        compute, _ = choose_as_before("auto", record, None, place.local_world)
        if compute.device.type != record.device or compute.bf16 != record.bf16:
            raise JobError(
                f"The first process computes on {record.device.upper()}, and this machine cannot do the same.",
                "Use machines that are alike, or the CPU (--device cpu).",
            )
    if ranks.many:
        compute = replace(compute, words=f"{ranks.world} × {compute.words}")
    return compute, change


def _pretrain(
    job: PretrainJob, context: JobContext, compute: Compute, keeper: Keeper, ranks: Ranks
) -> Iterator[AnyEvent]:
    if ranks.first:
        pool = resolved(job.pool, context.project, job.cases)
        cases = yield from prepared(context, pool, job.cases, resumed=keeper.found is not None)
    if ranks.agreed(context.should_stop):  # here the others wait for the pool
        return
    if not ranks.first:
        pool = resolved(job.pool, context.project, job.cases)
        cases = list(build(context.project, pool, job.cases))
    settings = job.settings
    kept, held_out = hold_out(cases, settings.val_share if settings.plateau else 0.0, job.seed)
    slices = load_slices(kept, pool.matrix, compute.device)
    unseen = load_slices(held_out, pool.matrix, compute.device) if held_out else None
    model = new_model(job.network, 1, job.seed, compute)
    looks = Looks(context.folder if ranks.first else None)
    if settings.method == "contrastive":
        events = contrastive.train_contrastive(
            model, slices, unseen, settings, job.network, job.seed, compute, keeper, ranks, looks
        )
        taught = contrastive.trained_stages(settings, job.network)
    else:
        events = masked.train_masked(model, slices, unseen, settings, job.seed, compute, keeper, ranks, looks)
        taught = masked.TRAINED_STAGES
    done, steps = yield from _counted(events)
    if settings.method == "contrastive" and done <= contrastive.stage_steps(settings, len(slices))[0]:
        taught = ("encoder", "bottleneck")  # stage 2 never began: the decoder is still random
    card = ModelCard(
        kind="pretrain",
        network=job.network,
        outputs=1,
        pool=pool,
        trained_stages=taught,
        method=settings.method,
        preset=job.preset,
        overrides=job.overrides,
        settings=settings.model_dump(mode="json"),
        seed=job.seed,
        run=job.run,
        lineage=(job.run,),
        cases=tuple(case.case for case in job.cases),
        steps=done,
        complete=done == steps,
    )
    if ranks.first:
        yield from _saved(context, model.state_dict(), card, done)
    if keeper.failure is not None:
        raise keeper.failure


def _finetune(job: FinetuneJob, context: JobContext, compute: Compute, keeper: Keeper) -> Iterator[AnyEvent]:
    network, pool = job.network, job.pool
    lineage: tuple[str, ...] = ()
    start = None
    if job.init is not None:
        folder = context.project / "runs" / job.init
        start = load_card(folder)
        # The images must look as they did to the weights that are taken over.
        network, pool, lineage = start.network, start.pool, start.lineage
    pool = resolved(pool, context.project, (*job.train, *job.val))
    labels = load_snapshot(context.folder / "labels.npz")
    missing = [case.case for case in (*job.train, *job.val) if case.case not in labels]
    if missing:
        raise JobError(f"Case {missing[0]} has no slice marked done.", "Mark slices as done, or leave the case out.")
    yield from _pool_alarm(job)
    wanted = {case.case: case for case in (*job.train, *job.val, *job.unlabelled)}
    cases = yield from prepared(context, pool, tuple(wanted.values()), resumed=keeper.found is not None)
    if context.should_stop():
        return
    values = tuple(one.value for one in job.classes)
    by_id = {case.case: case for case in cases}
    train = load_slices([by_id[c.case] for c in job.train], pool.matrix, compute.device, labels, values)
    val = (
        load_slices([by_id[c.case] for c in job.val], pool.matrix, compute.device, labels, values) if job.val else None
    )
    yield from _absent_alarm(job, train)
    unlabelled = _unlabelled(job, by_id, labels, pool.matrix, compute) if job.settings.semi.on else None
    before = None if start is None else load_state(context.project / "runs" / str(job.init), start)
    model = new_model(network, 1 + len(values), job.seed, compute)
    if start is not None and before is not None:
        transfer(model, before, start)
    taught = start.trained_stages if start is not None else ()
    names = [one.name for one in job.classes]
    done, steps = yield from _counted(
        finetune(
            model,
            train,
            val,
            names,
            job.settings,
            taught,
            job.seed,
            compute,
            keeper,
            flip=job.flip_allowed,
            unlabelled=unlabelled,
            previews=Previews(
                context.project,
                context.folder,
                job.preview,
                pool,
                values,
                PredictSettings(batch=job.settings.batch),
                compute,
                context.should_stop,
            ),
        )
    )
    card = ModelCard(
        kind="finetune",
        network=network,
        outputs=1 + len(values),
        pool=pool,
        trained_stages=("encoder", "bottleneck", "decoder"),
        method="finetune",
        preset=job.preset,
        overrides=job.overrides,
        settings=job.settings.model_dump(mode="json"),
        seed=job.seed,
        run=job.run,
        lineage=(*lineage, job.run),
        classes=job.classes,
        flip_allowed=job.flip_allowed,
        labels_sha256=labels_hash(tuple(labels.values())),
        cases=tuple(wanted),
        steps=done,
        complete=done == steps,
    )
    yield from _saved(context, model.state_dict(), card, done)
    if keeper.failure is not None:
        raise keeper.failure


def _unlabelled(
    job: FinetuneJob, cases: Mapping[str, PoolCase], labels: Mapping[str, CaseLabels], matrix: int, compute: Compute
) -> SliceSet:
    """Every slice of the unlabelled cases but those whose labels are learnt from, or choose the best state."""
    if not job.unlabelled:
        raise no_unlabelled_slice()
    used = {case.case: labels[case.case] for case in (*job.train, *job.val)}
    return load_slices([cases[case.case] for case in job.unlabelled], matrix, compute.device, without=used)


def _absent_alarm(job: FinetuneJob, train: SliceSet) -> Iterator[AlarmRaised]:
    """Say which classes no slice shows although it says something of them: learnt is that there is none anywhere."""
    assert train.labels is not None
    assert train.known is not None
    if job.left_out:
        names = " and ".join(one.name for one in job.left_out)
        yield AlarmRaised(
            code="class_left_out",
            message=f"No slice learned from is done for {names}, so this model will not know it: nothing is learned, "
            "predicted or measured of it. Paint it on slices to learn from, mark them done, and train again.",
        )
    absent = [
        one.name
        for k, one in enumerate(job.classes)
        if bool(train.known[:, k].any()) and not bool((train.labels == k + 1).any())
    ]
    if absent:
        names = " and ".join(absent)
        yield AlarmRaised(
            code="class_never_shown",
            message=f"None of the slices marked done shows {names}, so the model learns that there is none anywhere. "
            f"Paint {names} where it is, or remove the class.",
        )


def _pool_alarm(job: FinetuneJob) -> Iterator[AlarmRaised]:
    """Say that figures will flatter: patients left for testing, or of the validation, were or are learned from."""
    tests = set(job.test_patients)
    if seen := len(tests & {case.patient for case in job.unlabelled}):
        yield AlarmRaised(
            code="test_patient_in_pool",
            message=f"This training learns from images, without labels, of {seen} of {len(tests)} patients with labels "
            "that it leaves for testing. Their Dice may be better than that of new patients. For a figure that holds "
            "for new patients, leave their cases out.",
        )
    if seen := len(tests & set(job.pretrained_patients)):
        yield AlarmRaised(
            code="test_patient_in_pool",
            message=f"The pretraining saw images, without labels, of {seen} of {len(tests)} patients with labels that "
            "this training leaves for testing. Their Dice may be better than that of new patients. For a figure that "
            "holds for new patients, pretrain with them left out.",
        )
    patients = {case.patient for case in job.val}
    if seen := len(patients & set(job.pretrained_patients)):
        yield AlarmRaised(
            code="test_patient_in_pool",
            message=f"The pretraining saw images, without labels, of {seen} of {len(patients)} validation patients. "
            "Their Dice may be better than that of new patients. For a figure that holds for new patients, pretrain "
            "with the validation cases left out.",
        )


def _predict(job: PredictJob, context: JobContext, compute: Compute, predicted: frozenset[str]) -> Iterator[AnyEvent]:
    folder = context.project / "runs" / job.model
    card = load_card(folder)
    if card.kind != "finetune":
        raise JobError("This run was pretrained only and cannot segment yet.", "Choose a finetuned run.")
    state = load_state(folder, card)  # before a network is made that the card alone describes
    model = UNet(card.network, card.outputs)
    model.load_state_dict(state)
    compute.place(model)
    model.eval()
    values = tuple(one.value for one in card.classes)
    todo = tuple(case for case in job.cases if case.case not in predicted)
    first, steps = len(job.cases) - len(todo), len(job.cases)
    yield PhaseStarted(phase="predict", first_step=first, steps=steps)
    pool = build(context.project, card.pool, todo, context.should_stop)
    batch = Batch(job.settings.batch)

    def one(source: CaseInput, case: PoolCase, size: int) -> Iterator[AnyEvent]:
        yield from predict_case(
            model,
            context.project,
            job.model,
            source,
            case,
            values,
            job.settings.model_copy(update={"batch": size}),
            compute,
            flip=card.flip_allowed,
            should_stop=context.should_stop,
        )

    for k, (source, case) in enumerate(zip(todo, pool, strict=False), start=first + 1):
        yield from in_smaller_batches(batch, k - 1, compute.device, partial(one, source, case))
        if context.should_stop():
            return
        yield StepDone(phase="predict", step=k, steps=steps)
        yield from held(context.paused)


def _counted(events: Iterator[AnyEvent]) -> Generator[AnyEvent, None, tuple[int, int]]:
    """Pass events on; returns the steps done and the steps there were to do."""
    done = steps = 0
    for event in events:
        if isinstance(event, PhaseStarted | StepDone):
            steps = event.steps
        if isinstance(event, PhaseStarted):
            done = event.first_step
        if isinstance(event, StepDone | BatchHalved):
            done = event.step
        if isinstance(event, StepSkipped):
            done = event.back_to
        yield event
    return done, steps


def _saved(context: JobContext, state: Mapping[str, Tensor], card: ModelCard, done: int) -> Iterator[AnyEvent]:
    if not done:
        return  # stopped before the first step: random weights are worth nothing
    for name, digest in save_model(context.folder, state, card).items():
        yield ArtifactSaved(name=name, sha256=digest)
