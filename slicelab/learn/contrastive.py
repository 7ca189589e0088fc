"""Contrastive pretraining (paper II-C): global content teaches the encoder, then local content the decoder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from slicelab.data.look import FIRST, ORIGINAL, SECOND
from slicelab.jobs.events import PhaseStarted, StepDone
from slicelab.learn.collapse import CollapseWatch, collapse_alarm
from slicelab.learn.gathered import Gathered
from slicelab.learn.heldout import held_out_loss
from slicelab.learn.looks import NO_LOOKS, Looks
from slicelab.learn.ntxent import ntxent, untrained_loss
from slicelab.learn.optim import Plateau, descend, make_optimiser, rate_at, set_rates
from slicelab.learn.ranks import ALONE, Ranks
from slicelab.learn.recovery import Recovery
from slicelab.learn.slices import EpochSampler, SliceSet, seeded
from slicelab.learn.unet import parameters_of
from slicelab.learn.views import draw_places, draw_views, features_at, same_anatomy, same_place

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import ContrastiveSettings, NetworkSettings
    from slicelab.learn.device import Compute
    from slicelab.learn.keeper import Keeper
    from slicelab.learn.state import Part
    from slicelab.learn.unet import UNet
    from slicelab.learn.views import View

_GREY, _FLAT = 0.5, 13


def trained_stages(settings: ContrastiveSettings, network: NetworkSettings) -> tuple[str, ...]:
    """The stages a complete contrastive pretraining has taught: the encoder and the deepest decoder levels."""
    levels = range(len(network.channels), shallowest_level(settings, network) - 1, -1)
    return ("encoder", "bottleneck", *(f"decoder.level{k}" for k in levels))


def shallowest_level(settings: ContrastiveSettings, network: NetworkSettings) -> int:
    """The decoder level nearest to the head that stage 2 teaches."""
    return max(1, len(network.channels) - settings.decoder_levels + 1)


def stage_steps(settings: ContrastiveSettings, slices: int) -> tuple[int, int]:
    """Optimiser steps of the two stages on a pool of so many slices."""
    if settings.epochs is None:
        return settings.steps, settings.local_steps
    steps = settings.epochs * max(1, round(slices / settings.batch))
    return steps, steps


class GlobalHead(nn.Module):
    """Average pooling and a perceptron, only for pretraining (sizes from C)."""

    def __init__(self, channels: int, hidden: int, projection: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, projection))

    def forward(self, deep: Tensor) -> Tensor:
        """``(batch, channel, row, column)`` to ``(batch, projection)``, float32."""
        out: Tensor = self.layers(deep.float().mean(dim=(2, 3)))
        return out


class LocalHead(nn.Module):
    """A perceptron applied to the feature vector of each place, only for pretraining."""

    def __init__(self, channels: int, projection: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(channels, channels), nn.ReLU(), nn.Linear(channels, projection))

    def forward(self, vectors: Tensor) -> Tensor:
        """``(batch, point, channel)`` to ``(batch, point, projection)``, float32."""
        out: Tensor = self.layers(vectors.float())
        return out


class _GlobalPath(nn.Module):
    """The way from slices to projections, as one module."""

    def __init__(self, model: UNet, head: GlobalHead, compute: Compute) -> None:
        super().__init__()
        self.model, self.head = model, head
        self._compute = compute

    def forward(self, pair: Tensor) -> Tensor:
        """``(2 slice, 1, row, column)``, both views, to ``(2, slice, projection)``."""
        with self._compute.autocast():
            deep, _ = self.model.encode(pair)
        return torch.stack(self.head(deep).chunk(2))


class _LocalPath(nn.Module):
    """The way from slices to projections of places (and, with a head, of the slices), as one module."""

    def __init__(
        self, model: UNet, local_head: LocalHead, head: GlobalHead | None, compute: Compute, deepest: int, region: int
    ) -> None:
        super().__init__()
        self.model, self.local_head, self.head = model, local_head, head
        self._compute, self._deepest, self._region = compute, deepest, region

    def forward(self, pair: Tensor, views: list[View], places: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Both views' places, ``(slice, point, projection)`` each, and both views' slices, ``(2, slice, projection)``.

        Without a head the encoder does not learn, and there is nothing for the slices.
        """
        with self._compute.autocast():
            with torch.set_grad_enabled(self.head is not None and torch.is_grad_enabled()):
                deep, skips = self.model.encode(pair)
            features = self.model.decode(deep, skips, down_to=self._deepest).chunk(2)
        p1, p2 = (
            self.local_head(features_at(f, view, places, 2 ** (self._deepest - 1), self._region))
            for f, view in zip(features, views, strict=True)
        )
        return p1, p2, torch.stack(self.head(deep).chunk(2)) if self.head is not None else None


@dataclass(frozen=True, eq=False)
class _Stage:
    """What both stages work with: the sampler and the chance run on from one stage to the next."""

    name: str
    model: UNet
    head: GlobalHead
    local_head: LocalHead
    slices: SliceSet
    held: SliceSet
    settings: ContrastiveSettings
    first_step: int
    steps: int
    all_steps: int
    sampler: EpochSampler
    chance: torch.Generator
    compute: Compute
    seed: int
    recovery: Recovery
    ranks: Ranks
    looks: Looks
    gathered: Gathered

    def parts(self, optimiser: torch.optim.Optimizer, plateau: Plateau, watch: CollapseWatch) -> dict[str, Part]:
        return {
            "model": self.model, "head": self.head, "local_head": self.local_head, "optimiser": optimiser,
            "plateau": plateau, "watch": watch, "sampler": self.sampler, "chance": self.chance,
        }  # fmt: skip

    def plateau(self) -> Plateau:
        return Plateau(self.settings.patience)

    def factor(self, step: int, plateau: Plateau) -> float:
        factor = rate_at(step, self.steps, self.settings.warmup, plateau if self.settings.plateau else None)
        return self.recovery.rate * factor

    def reads_plateau(self, step: int) -> bool:
        return self.settings.plateau and (step + 1) % max(1, round(len(self.slices) / self.settings.batch)) == 0

    def held_out(self, loss_of: Callable[[SliceSet, Tensor, torch.Generator], Tensor]) -> float:
        value = held_out_loss(
            self.held, self.settings.batch, self.seed, lambda part, draws: loss_of(self.held, part, draws)
        )
        return self.ranks.number(value)

    def looked(self, done: int, chosen: Tensor, pair: Tensor) -> Iterator[AnyEvent]:
        """Show one of the chosen slices and its two views, where a look is due."""
        if self.looks.due(last=done + 1 == self.all_steps):
            own = chosen[self.ranks.part(len(chosen))]
            first, second = pair.chunk(2)
            shown = {ORIGINAL: self.slices.batch(own), FIRST: first, SECOND: second}
            yield from self.looks.taken(self.name, done + 1, self.slices, own, shown, self.gathered.dots)

    def barred(self, s: SliceSet, chosen: Tensor) -> Tensor:
        return same_anatomy(s.case[chosen], s.index[chosen], s.position[chosen], self.settings)[None]


def train_contrastive(
    model: UNet,
    slices: SliceSet,
    held: SliceSet | None,
    settings: ContrastiveSettings,
    network: NetworkSettings,
    seed: int,
    compute: Compute,
    keeper: Keeper,
    ranks: Ranks = ALONE,
    looks: Looks = NO_LOOKS,
) -> Iterator[AnyEvent]:
    """Stage 1 (``global``), then stage 2 (``local``).

    Args:
        model: changed in place; its head is not used.
        slices: the pool.
        held: slices whose loss is read for a plateau; None reads that of the pool.
        settings: how.
        network: the model's widths.
        seed: of every random choice.
        compute: where.
        keeper: asked between steps; saves and gives back the state.
        ranks: the processes that share each batch.
        looks: told of steps, and keeps pictures of some.

    Yields:
        For each stage a ``PhaseStarted``, ``LookTaken`` now and then, and a ``StepDone`` a step (terms: ``global`` and
        ``local`` losses and the loss ``untrained`` of equal similarities; ``val`` once an epoch, where it is looked at;
        at the very end ``flat``, see :func:`_flat_loss`), ``AlarmRaised`` once where the loss stays there, and what
        :class:`Recovery` tells.

    """
    first, second = stage_steps(settings, len(slices))
    deepest = shallowest_level(settings, network)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed + 1)
        head = GlobalHead(network.bottleneck, settings.hidden, settings.projection).to(compute.device)
        local_head = LocalHead(network.channels[deepest - 1], settings.projection).to(compute.device)
    sampler, chance = EpochSampler(len(slices), seeded(seed, 1)), seeded(seed, 2)
    recovery = Recovery(keeper, compute, settings.batch, smallest=2, ranks=ranks)
    gathered = Gathered(slices, on=looks.on)

    def stage(name: str, start: int, steps: int) -> _Stage:
        return _Stage(
            name, model, head, local_head, slices, held or slices, settings, start, steps, first + second, sampler,
            chance, compute, seed, recovery, ranks, looks, gathered,
        )  # fmt: skip

    ready = keeper.goes_on_in("local") or (yield from _global_stage(stage("global", 0, first)))
    if ready:
        yield from _local_stage(stage("local", first, second), deepest)


def _global_stage(stage: _Stage) -> Generator[AnyEvent, None, bool]:
    """Stage 1; whether it was done to its end."""
    model, slices, settings = stage.model, stage.slices, stage.settings
    trained = [*parameters_of(model, ("encoder", "bottleneck")), *stage.head.parameters()]
    optimiser = make_optimiser([(trained, settings.lr)], settings.optimiser, 0.0)
    plateau, watch = stage.plateau(), CollapseWatch()
    recovery, ranks, end = stage.recovery, stage.ranks, stage.first_step + stage.steps
    before = recovery.begin(stage.name, stage.first_step, stage.parts(optimiser, plateau, watch))
    alone = _GlobalPath(model, stage.head, stage.compute)
    path = ranks.spread(alone, trained)
    yield PhaseStarted(phase=stage.name, first_step=before, steps=stage.all_steps)
    model.train()

    def one(done: int) -> Iterator[AnyEvent]:
        step = done - stage.first_step
        chosen = stage.sampler.next(recovery.batch).to(slices.images.device)
        loss, barred, pair, projected = _global_loss(stage, path, slices, chosen, stage.chance, ranks)
        set_rates(optimiser, stage.factor(step, plateau))
        norm = descend(optimiser, loss, trained, settings.clip_norm)
        (value,) = recovery.read(norm, ranks.average(loss))  # the step's one GPU-CPU sync
        stage.gathered.note(chosen, projected)
        blank = untrained_loss(recovery.batch, 1, barred)
        terms = {"global": value, "untrained": blank}
        if stage.reads_plateau(step):
            terms["val"] = stage.held_out(lambda s, part, draws: _global_loss(stage, alone, s, part, draws, ALONE)[0])
            plateau.read(terms["val"])
        yield from stage.looked(done, chosen, pair)
        yield StepDone(phase=stage.name, step=done + 1, steps=stage.all_steps, loss=value, terms=terms)
        if watch.stuck(value, blank):
            yield collapse_alarm(stage.name)

    return (yield from recovery.steps(before, end, one))


def _local_stage(stage: _Stage, deepest: int) -> Iterator[AnyEvent]:
    model, slices, settings = stage.model, stage.slices, stage.settings
    stages = tuple(f"decoder.level{k}" for k in range(model.levels, deepest - 1, -1))
    trained = [*parameters_of(model, stages), *stage.local_head.parameters()]
    joint = not settings.freeze_encoder
    if joint:
        trained += [*parameters_of(model, ("encoder", "bottleneck")), *stage.head.parameters()]
    optimiser = make_optimiser([(trained, settings.lr)], settings.optimiser, 0.0)
    plateau, watch = stage.plateau(), CollapseWatch()
    recovery, ranks, end = stage.recovery, stage.ranks, stage.first_step + stage.steps
    before = recovery.begin(stage.name, stage.first_step, stage.parts(optimiser, plateau, watch))
    head = stage.head if joint else None
    alone = _LocalPath(model, stage.local_head, head, stage.compute, deepest, settings.region)
    path = ranks.spread(alone, trained)
    yield PhaseStarted(phase=stage.name, first_step=before, steps=stage.all_steps)
    model.train()

    def one(done: int) -> Iterator[AnyEvent]:
        step = done - stage.first_step
        chosen = stage.sampler.next(recovery.batch).to(slices.images.device)
        local, whole, barred, pair, projected = _local_loss(stage, path, deepest, slices, chosen, stage.chance, ranks)
        loss = local if whole is None else local + whole
        set_rates(optimiser, stage.factor(step, plateau))
        norm = descend(optimiser, loss, trained, settings.clip_norm)
        value, part = recovery.read(norm, ranks.average(loss), ranks.average(local))  # GPU-CPU sync
        if projected is not None:
            stage.gathered.note(chosen, projected)
        blank = untrained_loss(settings.points, recovery.batch, barred)
        terms = {"local": part, "untrained": blank} | ({"global": value - part} if joint else {})
        if stage.reads_plateau(step):
            terms["val"] = stage.held_out(
                lambda s, some, draws: _local_loss(stage, alone, deepest, s, some, draws, ALONE)[0]
            )
            plateau.read(terms["val"])
        if step + 1 == stage.steps:
            own = ranks.part(recovery.batch)  # no more memory than a step takes
            terms["flat"] = _flat_loss(stage, alone, deepest, own.stop - own.start)
        yield from stage.looked(done, chosen, pair)
        yield StepDone(phase=stage.name, step=done + 1, steps=stage.all_steps, loss=part, terms=terms)
        if watch.stuck(part, blank):
            yield collapse_alarm(stage.name)

    yield from recovery.steps(before, end, one)


def _global_loss(
    stage: _Stage, path: nn.Module, slices: SliceSet, chosen: Tensor, chance: torch.Generator, ranks: Ranks
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """NT-Xent of two views of the chosen slices, those of all ranks, the pairs that were no negatives, and the views.

    The views are of this rank's slices, ``(2 slice, 1, row, column)``, first all first ones. Last, the projections of
    all first views, ``(slice, projection)``.
    """
    settings, own = stage.settings, ranks.part(len(chosen))
    images, extent = slices.batch(chosen[own]), slices.extent[chosen[own]]
    drawn = draw_views(settings, settings.min_crop, len(chosen), slices.matrix, chance)
    views = [view.part(own).to(images.device) for view in drawn]
    pair = torch.cat([view.render(images, extent, slices.matrix) for view in views])
    z1, z2 = ranks.joined(path(pair))
    barred = stage.barred(slices, chosen)
    return ntxent(z1[None], z2[None], settings.temperature, barred), barred, pair, z1


def _local_loss(
    stage: _Stage,
    path: nn.Module,
    deepest: int,
    slices: SliceSet,
    chosen: Tensor,
    chance: torch.Generator,
    ranks: Ranks,
) -> tuple[Tensor, Tensor | None, Tensor, Tensor, Tensor | None]:
    """NT-Xent of places in two views of the chosen slices, and what goes with it.

    Returns:
        ``(local, whole, barred, pair, projected)``: the loss of the places of this rank's slices, that of the whole
        views of all ranks where the encoder is taught as well, the pairs of places that were no negatives, the views of
        this rank's slices, ``(2 slice, 1, row, column)``, and the projections of all first views, ``(slice,
        projection)``, where the encoder is taught as well.

    """
    settings, own = stage.settings, ranks.part(len(chosen))
    images, extent = slices.batch(chosen[own]), slices.extent[chosen[own]]
    drawn = draw_views(settings, settings.local_crop, len(chosen), slices.matrix, chance)
    places = draw_places(*drawn, settings.points, slices.matrix, chance).to(images.device)
    views = [view.part(own).to(images.device) for view in drawn]
    pair = torch.cat([view.render(images, extent, slices.matrix) for view in views])
    p1, p2, z = path(pair, views, places[own])
    barred = same_place(places, 2 ** (deepest - 1), settings, chance)
    local = ntxent(p1, p2, settings.temperature, barred[own])
    if z is None:
        return local, None, barred, pair, None
    z1, z2 = ranks.joined(z)
    whole = ntxent(z1[None], z2[None], settings.temperature, stage.barred(slices, chosen))
    return local, whole, barred, pair, z1


@torch.no_grad()
def _flat_loss(stage: _Stage, path: nn.Module, deepest: int, batch: int) -> float:
    """The local loss on pictures of one grey: how well places are told apart by where they lie, without any content.

    Near the loss of an untrained network, content is needed; near 0, it is not (ADR 17).
    """
    count = min(len(stage.slices), batch)
    some = torch.arange(count, device=stage.slices.extent.device)
    grey = torch.full_like(stage.slices.batch(some)[:, 0], _GREY)
    s = stage.slices
    flat = SliceSet(grey, s.extent[some], s.case[some], s.index[some], s.position[some], s.cases, s.matrix)
    return _local_loss(stage, path, deepest, flat, some, seeded(stage.seed, _FLAT), ALONE)[0].item()
