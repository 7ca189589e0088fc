"""Each part of a training goes on from its state as it would have without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from torch import nn

from slicelab.learn.collapse import CollapseWatch
from slicelab.learn.finetune import BatchSampler
from slicelab.learn.masked import MedianWatch
from slicelab.learn.optim import Best, Ema, Plateau, make_optimiser
from slicelab.learn.slices import EpochSampler, SliceSet, seeded
from slicelab.learn.state import put_back, take

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.learn.state import Part


def three_classes() -> SliceSet:
    """Thirty slices of two cases with three classes, so that turns matter."""
    labels = torch.zeros(30, 8, 8, dtype=torch.uint8)
    for k in range(3):
        labels[10 * k : 10 * k + 10, 2:4] = k + 1
    return SliceSet(
        images=torch.zeros(30, 8, 8, dtype=torch.float16),
        extent=torch.full((30, 2), 8.0),
        case=torch.arange(30) % 2,
        index=torch.arange(30),
        position=torch.zeros(30),
        cases=("c0001", "c0002"),
        matrix=8,
        labels=labels,
        known=torch.ones(30, 3, dtype=torch.bool),
    )


def an_ema() -> Ema:
    return Ema(nn.Linear(3, 2), 0.9)


PARTS: dict[str, tuple[Callable[[], Part], Callable[[Part, int], object]]] = {
    "epoch sampler": (lambda: EpochSampler(7, seeded(0, 1)), lambda part, k: part.next(3).tolist()),
    "batch sampler": (lambda: BatchSampler(three_classes(), 1.0, seeded(0, 1)), lambda part, k: part.next(4).tolist()),
    "generator": (lambda: seeded(0, 2), lambda part, k: torch.rand(2, generator=part).tolist()),
    "plateau": (lambda: Plateau(2), lambda part, k: part.read(1.0 + k % 3)),
    "median watch": (MedianWatch, lambda part, k: (part.read(1.0 + k, 5.0), part.taught_little())),
    "collapse watch": (CollapseWatch, lambda part, k: part.stuck(0.95, 1.0)),
    "average": (an_ema, lambda part, k: (part.update(nn.Linear(3, 2)), part.updates)),
    "best": (lambda: Best(an_ema()), lambda part, k: part.read(0.5 + 0.1 * (k % 5))),
}


@pytest.mark.parametrize("name", PARTS)
@pytest.mark.parametrize("after", [0, 1, 4, 49, 90])
def test_a_twin_with_the_state_does_what_the_part_does(name: str, after: int) -> None:
    make, move = PARTS[name]
    part, twin = make(), make()
    for k in range(after):
        move(part, k)
    put_back({"part": twin}, take({"part": part}))
    for k in range(after, after + 12):
        assert move(twin, k) == move(part, k)


@pytest.mark.parametrize("kind", ["adam", "adamw", "muon"])
def test_an_optimiser_goes_on_whatever_the_memory_layout(kind: str) -> None:
    def network() -> nn.Module:
        made = nn.Sequential(nn.Conv2d(3, 4, 3, bias=True), nn.GroupNorm(2, 4), nn.Conv2d(4, 2, 1))
        return made.to(memory_format=torch.channels_last)

    def step(model: nn.Module, optimiser: torch.optim.Optimizer, k: int) -> None:
        optimiser.zero_grad()
        images = torch.rand(2, 3, 8, 8, generator=torch.Generator().manual_seed(k))
        model(images.to(memory_format=torch.channels_last)).square().mean().backward()
        optimiser.step()

    model, twin = network(), network()
    one = make_optimiser([(list(model.parameters()), 0.01)], kind, 0.01)
    other = make_optimiser([(list(twin.parameters()), 0.01)], kind, 0.01)
    for k in range(3):
        step(model, one, k)
    put_back({"model": twin, "optimiser": other}, take({"model": model, "optimiser": one}))
    for a, b in zip(model.parameters(), twin.parameters(), strict=True):
        assert a.stride() == b.stride()
        held, given = one.state[a], other.state[b]
        assert {k: v.stride() for k, v in held.items() if isinstance(v, torch.Tensor)} == {
            k: v.stride() for k, v in given.items() if isinstance(v, torch.Tensor)
        }
    for k in range(3, 6):
        step(model, one, k)
        step(twin, other, k)
    assert all(torch.equal(a, b) for a, b in zip(model.parameters(), twin.parameters(), strict=True))
