"""How much of its time a training spends on learning: each method against its bare step on one fixed batch.

The reference is the same network, precision, loss, backward pass, clipping, optimiser and averaged weights, called in
a loop on a batch that was made beforehand. What ours does besides is reading the pool, drawing chance, augmentation,
views, masks, copies of the state, checkpoints and events. In contrastive pretraining both count views.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch

from benchmarks.material import Material, material_of, settings_of, the_project, the_study
from benchmarks.result import Goal, Result, hardware, versions
from benchmarks.timing import Arm, Repeated, Training, in_turns, times_as_fast
from slicelab.learn.augment import augmented, draw
from slicelab.learn.contrastive import GlobalHead, LocalHead, shallowest_level, train_contrastive
from slicelab.learn.device import Compute, choose
from slicelab.learn.finetune import finetune, rate_groups
from slicelab.learn.keeper import Keeper
from slicelab.learn.losses import segmentation_loss
from slicelab.learn.masked import draw_mask, masked_l1, places_to_hide, train_masked
from slicelab.learn.ntxent import ntxent
from slicelab.learn.optim import Ema, descend, make_optimiser
from slicelab.learn.prepare import new_model
from slicelab.learn.slices import SliceSet, seeded
from slicelab.learn.unet import parameters_of
from slicelab.learn.views import draw_places, draw_views, features_at, same_anatomy, same_place

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Iterator

    from torch import Tensor

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import (
        BlockSettings,
        ContrastiveSettings,
        NetworkSettings,
        Preset,
        RegressionSettings,
    )
    from slicelab.learn.views import View

METHODS = ("finetune", "regression", "blocks", "contrastive-global", "contrastive-local")
ENDLESS = 100_000
"""Steps of a training that is timed and never finished."""
_TAUGHT = ("encoder", "bottleneck", "decoder")
_VOLUMES = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=list(METHODS))
    parser.add_argument("--rounds", type=int, default=None, help="turns of each (15)")


def measure(asked: argparse.Namespace) -> list[Result]:
    """One result a method."""
    compute, chosen = choose(asked.device), settings_of(quick=asked.quick)
    rounds, block_s = asked.rounds or (1 if asked.quick else 15), 0.0 if asked.quick else 1.0
    goal = Goal(">=", 0.85 if compute.device.type == "cpu" else 0.90)
    results = []
    with the_study(asked.study, labelled=_VOLUMES) as study:
        names = study.names[: 2 if asked.quick else _VOLUMES]
        with the_project(study, names) as project:
            material = material_of(project, names)
            for method in asked.methods:
                with timed(method, material, chosen, compute) as (ours, bare, images):
                    paces = in_turns({"ours": ours, "bare": bare}, rounds=rounds, block_s=block_s, least=1)
                results.append(
                    Result(
                        name=f"train-efficiency/{method}",
                        ratio=times_as_fast(paces["ours"], paces["bare"]),
                        goal=goal,
                        ours={**paces["ours"].facts(images), "on": study.words, "volumes": len(names)},
                        reference={**paces["bare"].facts(images), "what": "the same step on one fixed batch"},
                        hardware=hardware(compute),
                        versions=versions(),
                    )
                )
    return results


@contextmanager
def timed(method: str, material: Material, chosen: Preset, compute: Compute) -> Iterator[tuple[Training, Arm, int]]:
    """A method's training, its bare step, and the images (or views) that a step of either sees."""
    slices = material.slices(chosen.pool, list(material.cases), compute.device, labelled=method == "finetune")
    if method == "finetune":
        with finetuning(slices, material, chosen, compute) as ours:
            yield ours, bare_finetuning(slices, material, chosen, compute), chosen.finetune.batch
    elif method in ("regression", "blocks"):
        masked: RegressionSettings | BlockSettings = getattr(chosen, method)
        masked = masked.model_copy(update={"steps": ENDLESS})
        model = new_model(chosen.network, 1, 0, compute)
        with a_training(compute) as (keeper, stack):
            ours = stack(train_masked(model, slices, None, masked, 0, compute, keeper))
            yield ours, bare_masked(slices, masked, chosen.network, compute), masked.batch
    else:
        # Stage 2 begins after one step of stage 1, which falls into the warm-up.
        first, second = (ENDLESS, 1) if method == "contrastive-global" else (1, ENDLESS)
        pairs = chosen.contrastive.model_copy(update={"steps": first, "local_steps": second})
        model = new_model(chosen.network, 1, 0, compute)
        with a_training(compute) as (keeper, stack):
            ours = stack(train_contrastive(model, slices, None, pairs, chosen.network, 0, compute, keeper))
            bare = bare_global if method == "contrastive-global" else bare_local
            yield ours, bare(slices, pairs, chosen.network, compute), 2 * pairs.batch


@contextmanager
def a_training(compute: Compute) -> Iterator[tuple[Keeper, Callable[[Iterator[AnyEvent]], Training]]]:
    """A keeper that saves every ten seconds, as in a job, and what makes a training timed and ends it."""
    with tempfile.TemporaryDirectory(prefix="slicelab-bench-") as scratch, ExitStack() as stack:
        keeper = Keeper(Path(scratch) / "checkpoint.safetensors", "benchmark", 10.0, lambda: False, lambda: False)
        keeper.computes_on(compute.record())

        def start(events: Iterator[AnyEvent]) -> Training:
            stack.callback(cast("Generator[AnyEvent, None, None]", events).close)
            return Training(events)

        yield keeper, start


@contextmanager
def finetuning(slices: SliceSet, material: Material, chosen: Preset, compute: Compute) -> Iterator[Training]:
    """Finetuning with everything that belongs to it, from weights that count as pretrained."""
    settings = chosen.finetune.model_copy(update={"steps": ENDLESS})
    names = [one.name for one in material.classes]
    model = new_model(chosen.network, 1 + len(names), 0, compute)
    with a_training(compute) as (keeper, start):
        yield start(finetune(model, slices, None, names, settings, _TAUGHT, 0, compute, keeper, flip=material.flip))


def bare_finetuning(slices: SliceSet, material: Material, chosen: Preset, compute: Compute) -> Arm:
    """The step of finetuning on one batch, augmented once."""
    settings, classes = chosen.finetune, len(material.classes)
    model = new_model(chosen.network, 1 + classes, 0, compute)
    optimiser = make_optimiser(rate_groups(model, settings, _TAUGHT), settings.optimiser, settings.weight_decay)
    ema, trained = Ema(model, settings.ema), list(model.parameters())
    assert slices.labels is not None
    assert slices.known is not None
    at = _some(slices, settings.batch)
    extent = slices.extent[at]
    drawn = draw(settings.augment, len(at), slices.matrix, extent.cpu() - slices.matrix, seeded(0, 1), flip=False)
    images, labels = augmented(
        slices.batch(at), slices.labels[at], extent, drawn.to(compute.device), slices.matrix, classes
    )
    known = slices.known[at]
    model.train()

    def step() -> None:
        with compute.autocast():
            logits = model(images)
        loss = segmentation_loss(logits, labels, known, settings.loss).total
        descend(optimiser, loss, trained, settings.clip_norm)
        ema.update(model)

    return Repeated(step, compute.device)


def bare_masked(
    slices: SliceSet, settings: RegressionSettings | BlockSettings, network: NetworkSettings, compute: Compute
) -> Arm:
    """The step of masked regression on one batch, corrupted once."""
    model = new_model(network, 1, 0, compute)
    trained = list(model.parameters())
    optimiser = make_optimiser([(trained, settings.lr)], settings.optimiser, 0.0)
    at = _some(slices, settings.batch)
    clean = _windows(slices.batch(at), slices.matrix)
    mask = draw_mask(settings, clean.shape, seeded(0, 1)).to(compute.device)
    if (body := places_to_hide(slices, settings)) is not None:
        mask &= _windows(body[at][:, None].float(), slices.matrix) > 0
    corrupted = torch.where(mask, torch.zeros_like(clean), clean)
    model.train()

    def step() -> None:
        with compute.autocast():
            restored = model(corrupted)
        descend(optimiser, masked_l1(restored, clean, mask), trained, settings.clip_norm)

    return Repeated(step, compute.device)


def bare_global(slices: SliceSet, settings: ContrastiveSettings, network: NetworkSettings, compute: Compute) -> Arm:
    """The step of global contrast on one pair of views."""
    model = new_model(network, 1, 0, compute)
    head = GlobalHead(network.bottleneck, settings.hidden, settings.projection).to(compute.device)
    trained = [*parameters_of(model, ("encoder", "bottleneck")), *head.parameters()]
    optimiser = make_optimiser([(trained, settings.lr)], settings.optimiser, 0.0)
    at = _some(slices, settings.batch)
    pair, _ = _pair(slices, at, settings, settings.min_crop)
    barred = same_anatomy(slices.case[at], slices.index[at], slices.position[at], settings)[None]
    model.train()

    def step() -> None:
        with compute.autocast():
            deep, _ = model.encode(pair)
        z1, z2 = head(deep).chunk(2)
        loss = ntxent(z1[None], z2[None], settings.temperature, barred)
        descend(optimiser, loss, trained, settings.clip_norm)

    return Repeated(step, compute.device)


def bare_local(slices: SliceSet, settings: ContrastiveSettings, network: NetworkSettings, compute: Compute) -> Arm:
    """The step of local contrast, encoder and decoder together, on one pair of views."""
    deepest = shallowest_level(settings, network)
    stride = 2 ** (deepest - 1)
    model = new_model(network, 1, 0, compute)
    head = GlobalHead(network.bottleneck, settings.hidden, settings.projection).to(compute.device)
    local_head = LocalHead(network.channels[deepest - 1], settings.projection).to(compute.device)
    stages = ("encoder", "bottleneck", *(f"decoder.level{k}" for k in range(model.levels, deepest - 1, -1)))
    trained = [*parameters_of(model, stages), *head.parameters(), *local_head.parameters()]
    optimiser = make_optimiser([(trained, settings.lr)], settings.optimiser, 0.0)
    at = _some(slices, settings.batch)
    pair, views = _pair(slices, at, settings, settings.local_crop)
    cpu = torch.device("cpu")
    places = draw_places(views[0].to(cpu), views[1].to(cpu), settings.points, slices.matrix, seeded(0, 2))
    places = places.to(compute.device)
    barred = same_place(places, stride, settings, seeded(0, 3))
    slices_barred = same_anatomy(slices.case[at], slices.index[at], slices.position[at], settings)[None]
    model.train()

    def step() -> None:
        with compute.autocast():
            deep, skips = model.encode(pair)
            features = model.decode(deep, skips, down_to=deepest).chunk(2)
        p1, p2 = (
            local_head(features_at(f, view, places, stride, settings.region))
            for f, view in zip(features, views, strict=True)
        )
        z1, z2 = head(deep).chunk(2)
        loss = ntxent(p1, p2, settings.temperature, barred)
        loss = loss + ntxent(z1[None], z2[None], settings.temperature, slices_barred)
        descend(optimiser, loss, trained, settings.clip_norm)

    return Repeated(step, compute.device)


def _some(slices: SliceSet, batch: int) -> Tensor:
    """Slice numbers spread over the pool, ``(batch,)``, on its device."""
    return torch.linspace(0, len(slices) - 1, batch).round().long().to(slices.images.device)


def _windows(images: Tensor, matrix: int) -> Tensor:
    """The central windows ``(batch, 1, matrix, matrix)``."""
    top, left = ((side - matrix) // 2 for side in images.shape[2:])
    return images[:, :, top : top + matrix, left : left + matrix].contiguous()


def _pair(
    slices: SliceSet, at: Tensor, settings: ContrastiveSettings, smallest: float
) -> tuple[Tensor, tuple[View, View]]:
    """Two views of the chosen slices, one after the other along the batch, and how they were made."""
    first, second = draw_views(settings, smallest, len(at), slices.matrix, seeded(0, 1))
    views = (first.to(at.device), second.to(at.device))
    pair = torch.cat([view.render(slices.batch(at), slices.extent[at], slices.matrix) for view in views])
    return pair, views
