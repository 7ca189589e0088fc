"""Masked regression (paper II-B): restore corrupted pixels, scattered as in the paper or in blocks.

``x^ = (1 - M) x + N M`` with noise N(0, std); the loss is L1 on the corrupted pixels alone, divided by their number.
M is drawn anew at every step.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as nnf

from slicelab.data.look import CORRUPTED, ORIGINAL, RESTORED
from slicelab.jobs.events import AlarmRaised, PhaseStarted, StepDone
from slicelab.learn.augment import read_at, sampling_grid
from slicelab.learn.heldout import held_out_loss
from slicelab.learn.looks import NO_LOOKS, Looks
from slicelab.learn.optim import Plateau, descend, make_optimiser, rate_at, set_rates
from slicelab.learn.ranks import ALONE, Ranks
from slicelab.learn.recovery import Recovery
from slicelab.learn.slices import BodyMasks, EpochSampler, SliceSet, seeded
from slicelab.learn.state import tensor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor, nn

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import BlockSettings, RegressionSettings
    from slicelab.learn.device import Compute
    from slicelab.learn.keeper import Keeper
    from slicelab.learn.state import Part, State
    from slicelab.learn.unet import UNet

_MEDIAN_EVERY = 10
_LOOK_BACK = 100
_HARDLY_BETTER = 0.95
_ANY = 1e-3
"""Less than any number of pixels, averaged over processes, that is not 0."""
TRAINED_STAGES = ("encoder", "bottleneck", "decoder")
"""What a masked regression teaches; its head is thrown away."""


def train_masked(
    model: UNet,
    slices: SliceSet,
    held: SliceSet | None,
    settings: RegressionSettings | BlockSettings,
    seed: int,
    compute: Compute,
    keeper: Keeper,
    ranks: Ranks = ALONE,
    looks: Looks = NO_LOOKS,
) -> Iterator[AnyEvent]:
    """Pretrain all of a network but its head.

    Args:
        model: one output channel; changed in place.
        slices: the pool.
        held: slices whose loss is read for a plateau; None reads that of the pool.
        settings: regression or blocks.
        seed: of every random choice.
        compute: where.
        keeper: asked between steps; saves and gives back the state.
        ranks: the processes that share each batch.
        looks: told of steps, and keeps pictures of some.

    Yields:
        ``PhaseStarted``, ``LookTaken`` now and then, a ``StepDone`` a step (terms: ``median3x3`` and, once an epoch,
        ``val``, where they were measured), ``AlarmRaised``, and what :class:`Recovery` tells.

    """
    steps = total_steps(settings, len(slices))
    sampler = EpochSampler(len(slices), seeded(seed, 1))
    chance = seeded(seed, 2)
    trained = list(model.parameters())
    optimiser = make_optimiser([(trained, settings.lr)], settings.optimiser, 0.0)
    plateau, epoch = Plateau(settings.patience), max(1, round(len(slices) / settings.batch))
    body = places_to_hide(slices, settings)
    watch = MedianWatch()
    parts: dict[str, Part] = {
        "model": model, "optimiser": optimiser, "plateau": plateau, "watch": watch, "sampler": sampler,
        "chance": chance,
    }  # fmt: skip
    recovery = Recovery(keeper, compute, settings.batch, ranks=ranks)
    done = recovery.begin(settings.method, 0, parts)
    network = ranks.spread(model, trained)
    yield PhaseStarted(phase=settings.method, first_step=done, steps=steps)
    read = held or slices
    read_body = places_to_hide(read, settings) if settings.plateau else body

    def held_loss(part: Tensor, draws: torch.Generator) -> Tensor:
        return _restoring(model, *_task(read, part, read_body, settings, compute, draws), compute)[0]

    model.train()

    def one(step: int) -> Iterator[AnyEvent]:
        chosen = sampler.next(recovery.batch).to(compute.device)
        clean, corrupted, mask = _task(slices, chosen, body, settings, compute, chance, ranks)
        hidden = ranks.average(mask.sum())
        loss, restored = _restoring(network, clean, corrupted, mask, compute, hidden)
        factor = rate_at(step, steps, settings.warmup, plateau if settings.plateau else None)
        set_rates(optimiser, recovery.rate * factor)
        norm = descend(optimiser, loss, trained, settings.clip_norm)
        (value,) = recovery.read(norm, ranks.average(loss))  # the step's one GPU-CPU sync
        terms = {}
        if settings.plateau and (step + 1) % epoch == 0:
            terms["val"] = ranks.number(held_out_loss(read, settings.batch, seed, held_loss))
            plateau.read(terms["val"])
        if settings.method == "regression" and step % _MEDIAN_EVERY == 0:
            terms["median3x3"] = ranks.average(masked_l1(median3x3(corrupted), clean, mask, hidden)).item()
            watch.read(value, terms["median3x3"])
        if looks.due(last=step + 1 == steps):
            shown = {ORIGINAL: clean, CORRUPTED: corrupted, RESTORED: restored}
            yield from looks.taken(settings.method, step + 1, slices, chosen[ranks.part(len(chosen))], shown)
        yield StepDone(phase=settings.method, step=step + 1, steps=steps, loss=value, terms=terms)

    if (yield from recovery.steps(done, steps, one)) and watch.taught_little():
        yield AlarmRaised(
            code="regression_taught_little",
            message="The network restores hidden pixels hardly better than the median of their neighbours: this "
            "pretraining taught it little. Train it longer, or use blocks or contrastive pretraining.",
        )


class MedianWatch:
    """Holds the last losses against those of a median filter."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque(maxlen=_LOOK_BACK // _MEDIAN_EVERY)

    def read(self, loss: float, median: float) -> None:
        """Take note of the network's loss and the filter's at one step."""
        self._recent.append((loss, median))

    def taught_little(self) -> bool:
        """Whether the network was hardly better of late."""
        losses, medians = sum(a for a, _ in self._recent), sum(b for _, b in self._recent)
        return bool(self._recent) and losses > _HARDLY_BETTER * medians

    def state(self) -> State:
        """The last pairs, ``(n, 2)`` float64."""
        return {"recent": torch.tensor(list(self._recent), dtype=torch.float64).view(-1, 2)}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        pairs = tensor(state, "recent", torch.float64, None, 2).tolist()
        self._recent.clear()
        self._recent.extend((a, b) for a, b in pairs)


def total_steps(settings: RegressionSettings | BlockSettings, slices: int) -> int:
    """Optimiser steps of the settings on a pool of so many slices."""
    if settings.epochs is None:
        return settings.steps
    return settings.epochs * max(1, round(slices / settings.batch))


def draw_mask(settings: RegressionSettings | BlockSettings, shape: torch.Size, generator: torch.Generator) -> Tensor:
    """The pixels to hide at one step, bool, ``(batch, 1, row, column)``."""
    if settings.method == "regression":
        return draw_pixels(settings, shape, generator)
    return draw_blocks(settings, shape, generator)


def draw_pixels(settings: RegressionSettings, shape: torch.Size, generator: torch.Generator) -> Tensor:
    """Scattered pixels to hide, bool, ``(batch, 1, row, column)`` (paper II-E: 10 %)."""
    return torch.rand(shape, generator=generator) < settings.corrupted


def draw_blocks(settings: BlockSettings, shape: torch.Size, generator: torch.Generator) -> Tensor:
    """Blocks to hide, bool, ``(batch, 1, row, column)``; the block grid starts at a random offset."""
    batch, _, rows, columns = shape
    size = settings.block
    cells = torch.rand(batch, 1, rows // size + 2, columns // size + 2, generator=generator) < settings.corrupted
    full = cells.repeat_interleave(size, dim=2).repeat_interleave(size, dim=3)
    top, left = (int(v) for v in torch.randint(0, size, (2,), generator=generator))
    return full[:, :, top : top + rows, left : left + columns]


def masked_l1(guess: Tensor, truth: Tensor, mask: Tensor, hidden: Tensor | None = None) -> Tensor:
    """Mean absolute error over the masked pixels, float32; 0 without any.

    Args:
        guess: ``(batch, 1, row, column)``.
        truth: the same.
        mask: the same, bool.
        hidden: what to divide the sum by, if not the mask's own number of pixels.

    """
    number = mask.sum() if hidden is None else hidden
    return ((guess.float() - truth).abs() * mask).sum() / number.clamp_min(_ANY)


def median3x3(images: Tensor) -> Tensor:
    """The median of each pixel's 3x3 neighbourhood, ``(batch, 1, row, column)``."""
    patches = nnf.unfold(nnf.pad(images, (1, 1, 1, 1), mode="replicate"), kernel_size=3)
    return patches.median(dim=1).values.view_as(images)


def places_to_hide(slices: SliceSet, settings: RegressionSettings | BlockSettings) -> BodyMasks | None:
    """Where pixels may be hidden: inside the body, or everywhere (None; paper II-E)."""
    return BodyMasks(slices) if settings.body_only else None


def _task(
    slices: SliceSet,
    chosen: Tensor,
    body: BodyMasks | None,
    settings: RegressionSettings | BlockSettings,
    compute: Compute,
    chance: torch.Generator,
    ranks: Ranks = ALONE,
) -> tuple[Tensor, Tensor, Tensor]:
    """Windows of this rank's part of the chosen slices, the same corrupted, and which pixels were (paper II-B)."""
    own, whole = ranks.part(len(chosen)), torch.Size((len(chosen), 1, slices.matrix, slices.matrix))
    clean, inside = _windows(slices, chosen[own], body)
    mask = compute.to(draw_mask(settings, whole, chance)[own]) & inside
    noise = compute.to(torch.randn(whole, generator=chance)[own]) * settings.noise_std
    return clean, torch.where(mask, noise, clean), mask


def _restoring(
    model: nn.Module, clean: Tensor, corrupted: Tensor, mask: Tensor, compute: Compute, hidden: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The loss of restoring the corrupted pixels, and the restored pictures without their history."""
    with compute.autocast():
        restored = model(corrupted)
    return masked_l1(restored, clean, mask, hidden), restored.detach()


def _windows(slices: SliceSet, chosen: Tensor, body: BodyMasks | None) -> tuple[Tensor, Tensor]:
    """Central windows of the chosen slices and where pixels may be hidden."""
    images = slices.batch(chosen)
    matrix = slices.matrix
    identity = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]], device=images.device).expand(len(images), -1, -1)
    points = sampling_grid(identity, None, matrix)
    allowed = torch.ones_like(images) if body is None else body[chosen][:, None].float()
    return read_at(images, points), read_at(allowed, points) > 0.5
