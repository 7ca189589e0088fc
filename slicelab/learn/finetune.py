"""Finetuning on the slices marked done (paper II-E), and on those without labels where that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from slicelab.core.errors import JobError
from slicelab.jobs.events import PhaseStarted, StepDone, ValidationDone
from slicelab.jobs.lengths import epoch_of, steps_of
from slicelab.learn.augment import augmented, draw
from slicelab.learn.losses import IGNORE, segmentation_loss
from slicelab.learn.optim import Best, Ema, Plateau, averaged, descend, make_optimiser, rate_at, set_rates
from slicelab.learn.recovery import Recovery
from slicelab.learn.semi import Unlabelled, consistency, pseudo_labels, rising, taught_logits
from slicelab.learn.slices import EpochSampler, SliceSet, seeded
from slicelab.learn.state import inner, whole
from slicelab.learn.unet import parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import FinetuneSettings
    from slicelab.learn.device import Compute
    from slicelab.learn.keeper import Keeper
    from slicelab.learn.preview import Previews
    from slicelab.learn.state import Part, State
    from slicelab.learn.unet import UNet


_QUIET_HEAD = 0.1
_RAREST = 1e-4


@dataclass(frozen=True)
class Span:
    """Where a training lies in its job.

    Attributes:
        phase: what this part of the job is called.
        first: steps of the job before it.
        of: steps of the whole job; None where this training is all of it.

    """

    phase: str = "finetune"
    first: int = 0
    of: int | None = None


WHOLE = Span()


class BatchSampler:
    """Batches in which every class is present, and a share of slices shows one.

    Foreground places go to the classes in turn; for each, first a case that shows it is drawn and then one of its
    slices, so that a volume with many slices does not outvote the others. The rest are drawn from all slices.

    Args:
        slices: labelled slices.
        foreground_share: share of each batch that shows a class.
        generator: where chance comes from.

    """

    def __init__(self, slices: SliceSet, foreground_share: float, generator: torch.Generator) -> None:
        assert slices.labels is not None
        assert slices.known is not None
        self._generator = generator
        self._share = foreground_share
        self._all = EpochSampler(len(slices), generator)
        self._turn = 0
        self._by_class: list[list[Tensor]] = []
        case = slices.case.cpu()
        for k in range(slices.known.shape[1]):
            shows = ((slices.labels == k + 1).flatten(1).any(dim=1) & slices.known[:, k]).cpu()
            groups = [torch.nonzero(shows & (case == c)).flatten() for c in range(len(slices.cases))]
            if any(len(group) for group in groups):
                self._by_class.append([group for group in groups if len(group)])

    def next(self, batch: int) -> Tensor:
        """Slice numbers, ``(batch,)`` int64 on the CPU."""
        wanted = 0
        if self._share and self._by_class:
            wanted = min(batch, max(round(self._share * batch), len(self._by_class)))
        shown = []
        for _ in range(wanted):
            groups = self._by_class[self._turn % len(self._by_class)]
            self._turn += 1
            group = groups[self._pick(len(groups))]
            shown.append(group[self._pick(len(group))])
        rest = self._all.next(batch - wanted) if batch > wanted else torch.empty(0, dtype=torch.int64)
        return torch.cat([torch.stack(shown), rest]) if shown else rest

    def state(self) -> State:
        """The slices' order with the generator, and whose turn it is."""
        return {"all": self._all.state(), "turn": self._turn}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self._all.restore(inner(state, "all"))
        self._turn = whole(state, "turn")

    def _pick(self, count: int) -> int:
        return int(torch.randint(0, count, (1,), generator=self._generator))


def finetune(
    model: UNet,
    train: SliceSet,
    val: SliceSet | None,
    class_names: Sequence[str],
    settings: FinetuneSettings,
    taught: tuple[str, ...],
    seed: int,
    compute: Compute,
    keeper: Keeper,
    *,
    flip: bool,
    unlabelled: SliceSet | None = None,
    previews: Previews | None = None,
    span: Span = WHOLE,
) -> Iterator[AnyEvent]:
    """Train a model to segment; when the generator ends, the model holds the weights to keep.

    Those are the best state by mean validation Dice where there are validation slices, otherwise the averaged (EMA)
    weights, also when stopped early.

    Args:
        model: 1 + class outputs; changed in place.
        train: labelled slices.
        val: labelled slices that choose the best state, or None.
        class_names: in class order, for ``ValidationDone``.
        settings: how.
        taught: stages that come from a pretraining; of these the encoder learns more slowly.
        seed: of every random choice.
        compute: where.
        keeper: asked between steps; saves and gives back the state.
        flip: whether the classes may be mirrored.
        unlabelled: slices without labels to learn from too (:mod:`slicelab.learn.semi`), or None.
        previews: shows what the averaged weights make of some cases meanwhile, or None.
        span: where this training lies in its job; steps in events count from the job's beginning.

    Yields:
        ``PhaseStarted``, a ``StepDone`` a step (terms: dice, ce, lr; with unlabelled slices also semi, their loss
        before it is weighted, and sure, the share of their pixels it speaks of), ``ValidationDone``,
        ``CasePreviewed``, and what :class:`Recovery` tells.

    Raises:
        JobError: there is no labelled slice, validation is needed and missing, or ``unlabelled`` is empty.

    """
    if train.labels is None or train.known is None or not len(train):
        raise JobError("There is no slice marked done to learn from.", "Mark at least one slice as done.")
    if settings.plateau and val is None:
        raise JobError("These settings choose the learning rate by validation cases.", "Choose validation cases.")
    epoch, steps = epoch_of(settings, len(train)), steps_of(settings, len(train))
    first, of = span.first, steps if span.of is None else span.of
    every = settings.validate_every if settings.validate_epochs is None else settings.validate_epochs * epoch
    sampler, chance = BatchSampler(train, settings.foreground_share, seeded(seed, 1)), seeded(seed, 2)
    optimiser = make_optimiser(rate_groups(model, settings, taught), settings.optimiser, settings.weight_decay)
    if settings.head_prior:
        set_head_prior(model, train)
    ema, plateau = Ema(model, settings.ema), Plateau(settings.patience)
    best = Best(ema)
    classes, matrix = len(class_names), train.matrix
    parts: dict[str, Part] = {
        "model": model, "optimiser": optimiser, "ema": ema, "plateau": plateau, "best": best,
        "sampler": sampler, "chance": chance,
    }  # fmt: skip
    pool = None
    if unlabelled is not None:
        parts["unlabelled"] = pool = Unlabelled(unlabelled, settings, seed, flip=flip)
    spoken_of = train.known.any(dim=0)
    recovery = Recovery(keeper, compute, settings.batch)
    done = recovery.begin(span.phase, first, parts)
    yield PhaseStarted(phase=span.phase, first_step=done, steps=of)

    def one(at: int) -> Iterator[AnyEvent]:
        step = at - first  # of this training
        assert train.labels is not None
        assert train.known is not None
        model.train()
        chosen = sampler.next(recovery.batch).to(compute.device)
        extent = train.extent[chosen]
        drawn = draw(settings.augment, len(chosen), matrix, extent.cpu() - matrix, chance, flip=flip)
        images, labels = augmented(
            train.batch(chosen), train.labels[chosen], extent, drawn.to(compute.device), matrix, classes
        )
        views = answer = None
        if pool is not None:  # before the network's own pass, whose intermediate results fill the memory
            views = pool.next(recovery.batch, compute)
            answer = taught_logits(model, ema.shadow, views, compute)
            answer = pseudo_labels(answer, spoken_of, views, settings.semi.confidence)
        with compute.autocast():
            logits = model(images if views is None else torch.cat([images, views.strong]))
        loss = segmentation_loss(logits[: len(chosen)], labels, train.known[chosen], settings.loss)
        total, told = loss.total, [loss.dice, loss.ce]
        if views is not None and answer is not None:
            semi, sure = consistency(logits[len(chosen) :], answer, spoken_of, views, settings.loss)
            total = total + semi * settings.semi.weight * rising(step, steps, settings.semi.ramp)
            told += [semi, sure]
        factor = rate_at(step, steps, settings.warmup, plateau if settings.plateau else None)
        factor *= recovery.rate
        set_rates(optimiser, factor)
        norm = descend(optimiser, total, list(model.parameters()), settings.clip_norm)
        ema.update(model)
        value, *fetched = recovery.read(norm, total, *told)  # GPU-CPU sync
        terms = {**dict(zip(("dice", "ce", "semi", "sure"), fetched, strict=False)), "lr": settings.lr * factor}
        yield StepDone(phase=span.phase, step=at + 1, steps=of, loss=value, terms=terms)
        if val is not None and ((step + 1) % every == 0 or step + 1 == steps):
            value, dice = validate(model, ema, val, class_names, settings, compute, recovery.batch)
            plateau.read(value)
            better = best.read(sum(dice.values()) / len(dice) if dice else 0.0)
            yield ValidationDone(step=at + 1, loss=value, dice=dice, best=better)
        if previews is not None and previews.wanted(step + 1, steps):
            with averaged(model, ema):
                yield from previews.made(model, step + 1)

    yield from recovery.steps(done, first + steps, one)
    model.load_state_dict(best.weights or ema.shadow)


@torch.no_grad()
def set_head_prior(model: UNet, train: SliceSet) -> None:
    """Let a new head begin by saying how frequent each class is (Lin 2017), instead of unlearning even shares."""
    assert train.labels is not None
    shares = [float((train.labels == k).float().mean()) for k in range(model.head.out_channels)]
    assert model.head.bias is not None
    model.head.weight.mul_(_QUIET_HEAD)
    model.head.bias.copy_(torch.tensor(shares).clamp_min(_RAREST).log())


def rate_groups(
    model: UNet, settings: FinetuneSettings, taught: tuple[str, ...]
) -> list[tuple[list[torch.nn.Parameter], float]]:
    """Parameters with their base learning rates: a pretrained encoder and bottleneck learn more slowly."""
    slow = tuple(stage for stage in taught if stage.split(".")[0] in ("encoder", "bottleneck"))
    gentle = parameters_of(model, slow) if slow else []
    known = {id(p) for p in gentle}
    return [
        (gentle, settings.lr * settings.encoder_lr_factor),
        ([p for p in model.parameters() if id(p) not in known], settings.lr),
    ]


@torch.no_grad()
def validate(
    model: UNet,
    ema: Ema,
    val: SliceSet,
    class_names: Sequence[str],
    settings: FinetuneSettings,
    compute: Compute,
    batch: int,
) -> tuple[float, dict[str, float]]:
    """Loss and mean Dice per class of the averaged weights over the validation slices, at pool resolution.

    Dice is taken per case over its labelled slices and averaged over the cases that show the class.
    """
    assert val.labels is not None
    assert val.known is not None
    classes = len(class_names)
    overlap, size = torch.zeros(len(val.cases), classes), torch.zeros(len(val.cases), classes)
    truth = torch.zeros(len(val.cases), classes)
    losses = []
    with averaged(model, ema):
        for chosen in torch.split(torch.arange(len(val)), batch):
            at = chosen.to(compute.device)
            with compute.autocast():
                logits = model(val.batch(at)).float()
            labels = val.labels[at].long()
            inside = frame_inside(val, at)
            labels = torch.where(inside, labels, torch.full_like(labels, IGNORE))
            losses.append(segmentation_loss(logits, labels, val.known[at], settings.loss).total.item() * len(chosen))
            guess = logits.argmax(dim=1)
            for k in range(classes):
                counted = inside & val.known[at, k][:, None, None]
                g, t = (guess == k + 1) & counted, (labels == k + 1) & counted
                for row, case in enumerate(val.case[at].tolist()):
                    overlap[case, k] += (g[row] & t[row]).sum().cpu()
                    size[case, k] += (g[row].sum() + t[row].sum()).cpu()
                    truth[case, k] += t[row].sum().cpu()
    dice = {}
    for k, name in enumerate(class_names):
        shows = truth[:, k] > 0
        if shows.any():
            dice[name] = float((2 * overlap[shows, k] / size[shows, k]).mean())
    return sum(losses) / len(val), dice


def frame_inside(slices: SliceSet, chosen: Tensor) -> Tensor:
    """Which frame pixels of the chosen slices lie in the field of view, ``(batch, row, column)`` bool."""
    rows, columns = slices.images.shape[1:]
    y = (torch.arange(rows, device=slices.images.device) - (rows - 1) / 2.0).abs()
    x = (torch.arange(columns, device=slices.images.device) - (columns - 1) / 2.0).abs()
    half = slices.extent[chosen] / 2.0
    return (y[None, :, None] <= half[:, :1, None]) & (x[None, None, :] <= half[:, 1:, None])
