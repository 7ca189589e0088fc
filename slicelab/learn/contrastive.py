"""Contrastive pretraining (paper II-C): global content teaches the encoder, then local content the decoder."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from slicelab.jobs.events import AlarmRaised, PhaseStarted, StepDone
from slicelab.learn.augment import inside_field, read_at, sampling_grid
from slicelab.learn.ntxent import ntxent, untrained_loss
from slicelab.learn.optim import Plateau, make_optimiser, set_rates, warmup_cosine
from slicelab.learn.slices import EpochSampler, SliceSet, seeded
from slicelab.learn.unet import parameters_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import ContrastiveSettings, NetworkSettings
    from slicelab.learn.device import Compute
    from slicelab.learn.unet import UNet

_WARMUP = 0.05
_LOOK_BACK = 50
_STUCK = 0.97
_PATIENCE_EPOCHS = 20
_SHARED = 0.2
"""Two crops of a slice share at least about this part of the window's side, so that places can be compared."""


def trained_stages(settings: ContrastiveSettings, network: NetworkSettings) -> tuple[str, ...]:
    """The stages a complete contrastive pretraining has taught: the encoder and the deepest decoder levels."""
    deepest = len(network.channels)
    levels = range(deepest, first_untrained(settings, network), -1)
    return ("encoder", "bottleneck", *(f"decoder.level{k}" for k in levels))


def first_untrained(settings: ContrastiveSettings, network: NetworkSettings) -> int:
    """The deepest decoder level that stage 2 leaves alone (0: none)."""
    return max(0, len(network.channels) - settings.decoder_levels)


@dataclass(frozen=True, eq=False)
class Views:
    """How one view of a batch is made; nothing random remains.

    Attributes:
        centre: ``(batch, 2)``, the crop's centre ``(x, y)``, pixels from the frame's centre.
        scale: ``(batch,)``, the crop's side divided by the window's.
        contrast, brightness: ``(batch,)``.

    """

    centre: Tensor
    scale: Tensor
    contrast: Tensor
    brightness: Tensor

    def points(self, matrix: int) -> Tensor:
        """The view's sampling grid, ``(batch, row, column, 2)``, pixels from the frame's centre."""
        eye = torch.eye(2, device=self.scale.device) * self.scale[:, None, None]
        return sampling_grid(torch.cat([eye, self.centre[:, :, None]], dim=2), None, matrix)

    def seen_from(self, places: Tensor) -> Tensor:
        """Frame places ``(batch, point, 2)`` as pixels ``(x, y)`` from the view's centre."""
        return (places - self.centre[:, None]) / self.scale[:, None, None]

    def render(self, images: Tensor, extent: Tensor, matrix: int) -> Tensor:
        """The view of the slices ``(batch, 1, row, column)``, ``(batch, 1, matrix, matrix)``."""
        points = self.points(matrix)
        seen = read_at(images, points)
        mean = seen.mean(dim=(1, 2, 3), keepdim=True)
        column = (-1, 1, 1, 1)
        changed = (seen - mean) * self.contrast.view(column) + mean + self.brightness.view(column)
        return changed * inside_field(points, extent)


def draw_views(
    settings: ContrastiveSettings, smallest: float, batch: int, matrix: int, generator: torch.Generator
) -> tuple[Views, Views]:
    """Draw two views a slice: crop, contrast, brightness (paper II-C), independently for each.

    Args:
        settings: ranges of contrast and brightness.
        smallest: smallest side of a crop, as a fraction of the window.
        batch: slices.
        matrix: rows and columns of the window.
        generator: where chance comes from.

    """

    def one() -> Views:
        scale = smallest + (1.0 - smallest) * torch.rand(batch, generator=generator)
        room = (1.0 - scale)[:, None] * matrix / 2.0
        return Views(
            centre=(torch.rand(batch, 2, generator=generator) * 2.0 - 1.0) * room,
            scale=scale,
            contrast=1.0 + (torch.rand(batch, generator=generator) * 2.0 - 1.0) * settings.contrast,
            brightness=(torch.rand(batch, generator=generator) * 2.0 - 1.0) * settings.brightness,
        )

    first, second = one(), one()
    reach = (((first.scale + second.scale) / 2.0 - _SHARED) * matrix).clamp_min(0.0)[:, None]
    apart = second.centre - first.centre
    near = first.centre + torch.maximum(torch.minimum(apart, reach), -reach)
    return first, Views(near, second.scale, second.contrast, second.brightness)


def draw_places(first: Views, second: Views, points: int, matrix: int, generator: torch.Generator) -> Tensor:
    """Places seen in both views, ``(batch, point, 2)`` as ``(x, y)``, pixels from the frame's centre."""
    half = [view.scale[:, None] * matrix / 2.0 for view in (first, second)]
    low = torch.maximum(first.centre - half[0], second.centre - half[1])
    high = torch.minimum(first.centre + half[0], second.centre + half[1])
    share = torch.rand(len(low), points, 2, generator=generator)
    return low[:, None] + share * (high - low)[:, None]


def global_excluded(case: Tensor, index: Tensor, position: Tensor, settings: ContrastiveSettings) -> Tensor:
    """Pairs of slices that show the same anatomy and are no negatives, ``(item, item)`` bool (C's G^D-).

    Args:
        case: ``(item,)`` case numbers.
        index: ``(item,)`` slice indices.
        position: ``(item,)`` relative positions, 0 to 1.
        settings: the distances.

    """
    near = (position[:, None] - position[None]).abs() < settings.exclude_position
    beside = (index[:, None] - index[None]).abs() <= settings.exclude_neighbours
    return near | (beside & (case[:, None] == case[None]) & (settings.exclude_neighbours > 0))


def local_excluded(places: Tensor, stride: float, settings: ContrastiveSettings, generator: torch.Generator) -> Tensor:
    """Pairs of places of one image that are no negatives of each other, ``(batch, point, point)`` bool.

    Args:
        places: ``(batch, point, 2)``, pixels.
        stride: pixels per feature pixel.
        settings: the least distance, and how many negatives are drawn for each place.
        generator: chooses them.

    """
    apart = torch.cdist(places, places) / stride
    excluded = apart < settings.negative_distance
    if settings.local_negatives:
        order = torch.rand(excluded.shape, generator=generator).to(places.device).masked_fill(excluded, 2.0)
        rank = order.argsort(dim=-1).argsort(dim=-1)
        excluded = excluded | (rank >= settings.local_negatives)
    return excluded


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


def features_at(features: Tensor, view: Views, places: Tensor, stride: int, region: int) -> Tensor:
    """Feature vectors of a view at frame places, ``(batch, point, channel)``, averaged over a region of pixels."""
    points = view.seen_from(places)[:, :, None] / stride  # (batch, point, 1, 2), feature pixels from the centre
    reach = torch.arange(region, device=points.device, dtype=points.dtype) - (region - 1) / 2.0
    y, x = torch.meshgrid(reach, reach, indexing="ij")
    around = points + torch.stack([x.flatten(), y.flatten()], dim=-1)
    return read_at(features.float(), around).mean(dim=3).transpose(1, 2)


def train_contrastive(
    model: UNet,
    slices: SliceSet,
    settings: ContrastiveSettings,
    network: NetworkSettings,
    seed: int,
    compute: Compute,
    should_stop: Callable[[], bool],
) -> Iterator[AnyEvent]:
    """Stage 1 (``global``), then stage 2 (``local``).

    Yields:
        For each stage a ``PhaseStarted`` and a ``StepDone`` a step (terms: ``global`` and ``local`` losses and the
        loss ``untrained`` of equal similarities), and ``AlarmRaised`` once where the loss stays there.

    """
    per_epoch = max(1, round(len(slices) / settings.batch))
    first = settings.steps if settings.epochs is None else settings.epochs * per_epoch
    second = settings.local_steps if settings.epochs is None else settings.epochs * per_epoch
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed + 1)
        head = GlobalHead(network.bottleneck, settings.hidden, settings.projection).to(compute.device)
        deepest = first_untrained(settings, network) + 1
        local_head = LocalHead(network.channels[deepest - 1], settings.projection).to(compute.device)
    sampler = EpochSampler(len(slices), seeded(seed, 1))
    chance = seeded(seed, 2)
    patience = _PATIENCE_EPOCHS * per_epoch
    yield from _global_stage(model, head, slices, settings, first, first + second, sampler, chance, patience, compute,
                             should_stop)
    yield from _local_stage(model, head, local_head, deepest, slices, settings, first, first + second, sampler, chance,
                            patience, compute, should_stop)


def _global_stage(
    model: UNet, head: GlobalHead, slices: SliceSet, settings: ContrastiveSettings, steps: int, all_steps: int,
    sampler: EpochSampler, chance: torch.Generator, patience: int, compute: Compute, should_stop: Callable[[], bool],
) -> Iterator[AnyEvent]:
    trained = [*parameters_of(model, ("encoder", "bottleneck")), *head.parameters()]
    optimiser = make_optimiser([(trained, settings.lr)], "adam", 0.0)
    plateau, watch = Plateau(patience), CollapseWatch()
    yield PhaseStarted(phase="global", first_step=0, steps=all_steps)
    model.train()
    for step in range(steps):
        if should_stop():
            return
        chosen = sampler.next(settings.batch).to(compute.device)
        images, extent = slices.batch(chosen), slices.extent[chosen]
        views = draw_views(settings, settings.min_crop, settings.batch, slices.matrix, chance)
        pair = torch.cat([_on(view, compute).render(images, extent, slices.matrix) for view in views])
        with compute.autocast():
            deep, _ = model.encode(pair)
        z1, z2 = head(deep).chunk(2)
        excluded = global_excluded(slices.case[chosen], slices.index[chosen], slices.position[chosen], settings)[None]
        loss = ntxent(z1[None], z2[None], settings.temperature, excluded)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        set_rates(optimiser, plateau.factor if settings.plateau else warmup_cosine(step, steps, _WARMUP))
        optimiser.step()
        value, blank = loss.item(), untrained_loss(settings.batch, 1, excluded)  # GPU-CPU sync
        plateau.read(value)
        terms = {"global": value, "untrained": blank}
        yield StepDone(phase="global", step=step + 1, steps=all_steps, loss=value, terms=terms)
        if watch.stuck(value, blank):
            yield collapse_alarm("global")


def _local_stage(
    model: UNet, head: GlobalHead, local_head: LocalHead, deepest: int, slices: SliceSet,
    settings: ContrastiveSettings, done: int, all_steps: int, sampler: EpochSampler, chance: torch.Generator,
    patience: int, compute: Compute, should_stop: Callable[[], bool],
) -> Iterator[AnyEvent]:
    stages = tuple(f"decoder.level{k}" for k in range(model.levels, deepest - 1, -1))
    trained = [*parameters_of(model, stages), *local_head.parameters()]
    if not settings.freeze_encoder:
        trained += [*parameters_of(model, ("encoder", "bottleneck")), *head.parameters()]
    optimiser = make_optimiser([(trained, settings.lr)], "adam", 0.0)
    plateau, watch, stride, steps = Plateau(patience), CollapseWatch(), 2 ** (deepest - 1), all_steps - done
    yield PhaseStarted(phase="local", first_step=done, steps=all_steps)
    model.train()
    for step in range(steps):
        if should_stop():
            return
        chosen = sampler.next(settings.batch).to(compute.device)
        images, extent = slices.batch(chosen), slices.extent[chosen]
        drawn = draw_views(settings, settings.local_crop, settings.batch, slices.matrix, chance)
        places = compute.to(draw_places(*drawn, settings.points, slices.matrix, chance))
        views = [_on(view, compute) for view in drawn]
        pair = torch.cat([view.render(images, extent, slices.matrix) for view in views])
        with compute.autocast():
            with torch.set_grad_enabled(not settings.freeze_encoder):
                deep, skips = model.encode(pair)
            features = model.decode(deep, skips, down_to=deepest)
        f1, f2 = features.chunk(2)
        p1 = local_head(features_at(f1, views[0], places, stride, settings.region))
        p2 = local_head(features_at(f2, views[1], places, stride, settings.region))
        excluded = local_excluded(places, stride, settings, chance)
        loss = local = ntxent(p1, p2, settings.temperature, excluded)
        if not settings.freeze_encoder:
            z1, z2 = head(deep).chunk(2)
            same = global_excluded(slices.case[chosen], slices.index[chosen], slices.position[chosen], settings)[None]
            loss = local + ntxent(z1[None], z2[None], settings.temperature, same)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        set_rates(optimiser, plateau.factor if settings.plateau else warmup_cosine(step, steps, _WARMUP))
        optimiser.step()
        value, part = loss.item(), local.item()  # GPU-CPU sync
        plateau.read(value)
        blank = untrained_loss(settings.points, len(places), excluded)
        terms = {"local": part, "global": value - part, "untrained": blank}
        yield StepDone(phase="local", step=done + step + 1, steps=all_steps, loss=part, terms=terms)
        if watch.stuck(part, blank):
            yield collapse_alarm("local")


class CollapseWatch:
    """Tells once when the last losses all lie at the loss of an untrained network."""

    def __init__(self) -> None:
        self._ratios: deque[float] = deque(maxlen=_LOOK_BACK)
        self._said = False

    def stuck(self, loss: float, untrained: float) -> bool:
        """Take note of a loss; true the first time the mean of the last 50 is no better than untrained."""
        self._ratios.append(loss / untrained if untrained > 0 else 0.0)
        full = len(self._ratios) == _LOOK_BACK
        if self._said or not full or sum(self._ratios) / _LOOK_BACK < _STUCK:
            return False
        self._said = True
        return True


def collapse_alarm(stage: str) -> AlarmRaised:
    """What a person is told about a collapse."""
    return AlarmRaised(
        code=f"contrastive_collapse_{stage}",
        message="The pretraining is not learning to tell images apart: its loss stays where an untrained network is. "
        "Stop it, and try a lower learning rate, more cases, or another method.",
    )


def _on(view: Views, compute: Compute) -> Views:
    return Views(*(compute.to(t) for t in (view.centre, view.scale, view.contrast, view.brightness)))
