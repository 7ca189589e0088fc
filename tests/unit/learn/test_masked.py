"""Masked regression: what is hidden, when, and what the loss sees."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from slicelab.jobs.settings import BlockSettings, RegressionSettings
from slicelab.learn.masked import draw_mask, masked_l1, median3x3

SHAPE = torch.Size((4, 1, 64, 64))


@pytest.mark.parametrize("settings", [RegressionSettings(), BlockSettings()])
def test_masks_are_drawn_anew_at_each_step_and_have_the_share_asked_for(settings) -> None:
    chance = torch.Generator().manual_seed(0)
    masks = [draw_mask(settings, SHAPE, chance) for _ in range(20)]
    assert not any(torch.equal(a, b) for a, b in pairwise(masks))
    assert torch.stack(masks).float().mean().item() == pytest.approx(settings.corrupted, abs=0.05)


def test_blocks_are_whole_blocks() -> None:
    mask = draw_mask(BlockSettings(block=16), SHAPE, torch.Generator().manual_seed(0))[0, 0].int()
    edges = torch.nonzero((mask[1:] != mask[:-1]).any(dim=1)).flatten()
    assert (edges.diff() % 16 == 0).all()


def test_the_loss_is_the_mean_error_of_the_corrupted_pixels_alone() -> None:
    chance = torch.Generator().manual_seed(1)
    truth = torch.rand(SHAPE, generator=chance)
    mask = draw_mask(RegressionSettings(), SHAPE, chance)
    guess = (truth + torch.where(mask, 0.25, 5.0)).requires_grad_()
    loss = masked_l1(guess, truth, mask)
    loss.backward()
    assert loss.item() == pytest.approx(0.25, abs=1e-5)
    assert guess.grad is not None
    assert torch.equal(guess.grad != 0, mask)


def test_without_a_hidden_pixel_the_loss_is_zero() -> None:
    assert masked_l1(torch.ones(SHAPE), torch.zeros(SHAPE), torch.zeros(SHAPE, dtype=torch.bool)).item() == 0.0


def test_the_median_is_that_of_the_neighbourhood() -> None:
    image = torch.arange(25.0).view(1, 1, 5, 5)
    image[0, 0, 2, 2] = 1000.0
    assert median3x3(image)[0, 0, 2, 2].item() == 13.0
