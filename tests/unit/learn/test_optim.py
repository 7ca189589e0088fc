"""Optimisers, rates and averages do what their words say."""

from __future__ import annotations

import pytest
import torch
from learn_kit import SMALL
from torch import nn

from slicelab.jobs.settings import FinetuneSettings
from slicelab.learn.finetune import rate_groups
from slicelab.learn.muon import Muon, orthogonalised
from slicelab.learn.optim import Ema, Plateau, make_optimiser, rate_at, set_rates, warmup_cosine
from slicelab.learn.unet import UNet


@pytest.mark.parametrize("shape", [(16, 144), (128, 40), (8, 9)])
def test_orthogonalised_has_singular_values_near_one_and_the_same_directions(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    found = orthogonalised(matrix)
    assert found.shape == matrix.shape
    values = torch.linalg.svdvals(found)
    assert 0.5 < values.min() and values.max() < 1.4  # noqa: PT018  (one statement: near 1)
    u, _, vt = torch.linalg.svd(matrix, full_matrices=False)
    turned = u.mT @ found @ vt.mT
    assert (turned - torch.diag(turned.diagonal())).abs().max() < 0.02


@pytest.mark.parametrize("directions", [3, 64])
@pytest.mark.parametrize("shape", [(16, 144), (128, 40), (64, 576)])
def test_orthogonalised_is_five_plain_newton_schulz_iterations(shape: tuple[int, int], directions: int) -> None:
    """Also where most singular values are a thousandth of the largest: their directions are not to be lost."""
    chance = torch.Generator().manual_seed(0)
    few = torch.randn(shape[0], directions, generator=chance) @ torch.randn(directions, shape[1], generator=chance)
    matrix = few + 1e-3 * torch.randn(shape, generator=chance)
    x = (matrix / matrix.norm()).double()
    for _ in range(5):
        gram = x @ x.mT
        x = 3.4445 * x - 4.7750 * gram @ x + 2.0315 * gram @ gram @ x
    assert (orthogonalised(matrix) - x).norm() < 2e-3 * x.norm()


def test_muon_updates_vectors_exactly_as_adamw_does() -> None:
    torch.manual_seed(0)
    ours, theirs = nn.Linear(5, 3), nn.Linear(5, 3)
    theirs.load_state_dict(ours.state_dict())
    data = torch.randn(20, 5)
    a = Muon([{"params": list(ours.parameters()), "lr": 1e-2, "weight_decay": 0.1}])
    b = torch.optim.AdamW(theirs.parameters(), lr=1e-2, weight_decay=0.1)
    for _ in range(5):
        for model, optimiser in ((ours, a), (theirs, b)):
            optimiser.zero_grad()
            model(data).square().sum().backward()
            optimiser.step()
    assert torch.allclose(ours.weight, theirs.weight, atol=1e-6)


def test_muon_goes_on_from_its_saved_state_bit_by_bit() -> None:
    def run(steps: int, model: nn.Conv2d, optimiser: Muon) -> None:
        for _ in range(steps):
            optimiser.zero_grad()
            model(torch.ones(1, 2, 8, 8)).square().sum().backward()
            optimiser.step()

    torch.manual_seed(0)
    through = nn.Conv2d(2, 4, 3)
    broken = nn.Conv2d(2, 4, 3)
    broken.load_state_dict(through.state_dict())
    first = Muon([{"params": list(through.parameters()), "lr": 1e-2}])
    run(6, through, first)
    second = Muon([{"params": list(broken.parameters()), "lr": 1e-2}])
    run(3, broken, second)
    third = Muon([{"params": list(broken.parameters()), "lr": 1e-2}])
    third.load_state_dict(second.state_dict())
    run(3, broken, third)
    assert torch.equal(through.weight, broken.weight)


def test_the_rate_rises_and_then_falls_to_nothing() -> None:
    factors = [warmup_cosine(step, 100, 0.1) for step in range(100)]
    assert factors[0] == pytest.approx(0.1)
    assert max(factors) == factors[9] == 1.0
    assert factors[10:] == sorted(factors[10:], reverse=True)
    assert factors[-1] < 1e-3


def test_the_plateau_rule_halves_a_rate_that_has_risen_as_well() -> None:
    plateau = Plateau(patience=1)
    assert [rate_at(step, 100, 0.04, plateau) for step in range(6)] == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    for value in (1.0, 2.0):
        plateau.read(value)
    assert rate_at(0, 100, 0.04, plateau) == 0.125
    assert rate_at(50, 100, 0.04, plateau) == 0.5
    assert rate_at(0, 100, 0.0, Plateau(patience=1)) == 1.0
    assert rate_at(30, 100, 0.1, None) == warmup_cosine(30, 100, 0.1)


def test_every_group_keeps_its_own_rate_and_vectors_do_not_decay() -> None:
    model = UNet(SMALL, 2)
    groups = rate_groups(model, FinetuneSettings(lr=4e-3, encoder_lr_factor=0.25), ("encoder", "bottleneck", "decoder"))
    optimiser = make_optimiser(groups, "adamw", 0.1)
    set_rates(optimiser, 0.5)
    rate = {id(p): group["lr"] for group in optimiser.param_groups for p in group["params"]}
    decay = {id(p): group["weight_decay"] for group in optimiser.param_groups for p in group["params"]}
    assert len(rate) == len(list(model.parameters()))
    for name, p in model.named_parameters():
        assert rate[id(p)] == (0.5e-3 if name.startswith(("encoder", "bottleneck")) else 2e-3), name
        assert decay[id(p)] == (0.1 if p.ndim > 1 else 0.0), name


def test_a_random_encoder_learns_at_the_full_rate() -> None:
    model = UNet(SMALL, 2)
    groups = rate_groups(model, FinetuneSettings(lr=4e-3, encoder_lr_factor=0.25), ())
    assert [len(parameters) for parameters, _ in groups] == [0, len(list(model.parameters()))]


def test_the_average_follows_the_weights() -> None:
    model = nn.Linear(1, 1, bias=False)
    ema = Ema(model, 0.9)
    with torch.no_grad():
        model.weight.fill_(1.0)
    for _ in range(200):
        ema.update(model)
    assert ema.shadow["weight"].item() == pytest.approx(1.0, abs=1e-4)
    none = Ema(model, 0.0)
    with torch.no_grad():
        model.weight.fill_(3.0)
    none.update(model)
    assert none.shadow["weight"].item() == 3.0


def test_a_plateau_halves_the_rate_after_its_patience() -> None:
    plateau = Plateau(patience=3)
    assert [plateau.read(v) for v in (1.0, 0.9, 0.95, 0.9, 0.91, 0.8, 0.9)] == [1, 1, 1, 1, 0.5, 0.5, 0.5]
