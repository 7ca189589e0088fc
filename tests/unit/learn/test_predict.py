"""Predictions land on the right voxels of the volume they belong to."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from learn_kit import SMALL
from torch import nn

from slicelab.data.pool import PoolCase
from slicelab.data.resample import frame_for
from slicelab.jobs.settings import PredictSettings
from slicelab.learn.device import Compute
from slicelab.learn.predict import entropy, largest_components, likeliest, predict_stack, probabilities, shifted
from slicelab.learn.unet import UNet


class Threshold(nn.Module):
    """Calls a pixel class 1 where it is brighter than a half."""

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return torch.cat([torch.zeros_like(images), (images - 0.5) * 20.0], dim=1)


@pytest.mark.parametrize("augmented", [False, True])
@pytest.mark.parametrize(
    ("shape", "spacing", "pixel"),
    [((5, 61, 83), (1.0, 1.0), 1.0), ((4, 200, 150), (0.4, 0.55), 1.1), ((3, 40, 50), (3.0, 2.0), 1.3)],
)
def test_a_threshold_comes_back_where_it_was(
    shape: tuple[int, int, int], spacing: tuple[float, float], pixel: float, augmented: bool, compute: Compute
) -> None:
    y, x = np.mgrid[: shape[1], : shape[2]]
    truth = np.stack(
        [
            ((y - shape[1] * 0.3) * spacing[0]) ** 2 + ((x - shape[2] * 0.6) * spacing[1]) ** 2 < (9.0 + k) ** 2
            for k in range(shape[0])
        ]
    )
    frame = frame_for(shape[1:], spacing, pixel, 32)
    case = PoolCase("c0001", "p0001", frame.to_pool(truth.astype(np.float32)).astype(np.float16), frame)
    settings = PredictSettings(batch=2, test_time_augmentation=augmented, largest_component=False)
    found = predict_stack(Threshold(), case, (7,), settings, compute, flip=True)
    assert found is not None
    mask, doubt = found
    assert mask.shape == doubt.shape == shape
    assert set(np.unique(mask)) <= {0, 7}
    overlap = 2 * ((mask == 7) & truth).sum() / ((mask == 7).sum() + truth.sum())
    assert overlap > (0.999 if pixel == 1.0 else 0.96)


def test_only_the_largest_piece_of_each_class_stays() -> None:
    mask = np.zeros((3, 10, 10), np.uint8)
    mask[:, 1:4, 1:4] = 1
    mask[0, 8, 8] = 1
    mask[1:, 6:9, 1:3] = 2
    mask[0, 0, 9] = 2
    kept = largest_components(mask, (1, 2, 3))
    assert kept[0, 8, 8] == 0
    assert kept[0, 0, 9] == 0
    assert (kept == 1).sum() == 27
    assert (kept == 2).sum() == 12


def test_voxels_that_touch_at_a_corner_are_one_piece_and_a_gap_makes_two() -> None:
    slanting = np.zeros((6, 12, 12), np.uint8)
    for k in range(4):
        slanting[k, 2 * k : 2 * k + 2, k] = 3  # each slice's piece touches the next one's at an edge alone
    slanting[5, 8:10, 4] = 3  # a slice further: nothing touches it
    kept = largest_components(slanting, (3,))
    assert (kept[:4] == slanting[:4]).all()
    assert not kept[5].any()


def test_the_largest_piece_is_chosen_for_each_class_by_itself() -> None:
    mask = np.zeros((1, 8, 8), np.uint8)
    mask[0, :2] = 1
    mask[0, 2, 0] = 2  # the largest of its class, though smaller than a piece of the other
    mask[0, 6, 6] = 1
    assert largest_components(mask, (1, 2)).tolist() == np.where(np.arange(8)[:, None] == 6, 0, mask[0])[None].tolist()


@pytest.mark.parametrize(
    ("shares", "value"),
    [([0.5, 0.5, 0.0], math.log(2) / math.log(3)), ([0.9, 0.1], 0.4690), ([0.8, 0.1, 0.1], 0.5818)],
)
def test_uncertainty_is_the_entropy_as_a_share_of_the_greatest(shares: list[float], value: float) -> None:
    picture = np.array(shares, np.float32)[None, :, None, None]
    assert entropy(picture).item() == round(value * 255)


def test_uncertainty_is_nothing_for_certain_and_full_for_even_shares() -> None:
    certain = np.zeros((1, 3, 2, 2), np.float32)
    certain[:, 0] = 1.0
    assert entropy(certain).max() == 0
    assert entropy(np.full((1, 3, 2, 2), 1 / 3, np.float32)).min() == 255


@pytest.mark.parametrize("channels", [2, 3, 7])
def test_a_voxel_gets_the_class_with_the_greatest_share_and_of_equal_ones_the_first(
    rng: np.random.Generator, channels: int
) -> None:
    shares = rng.integers(0, 4, (3, channels, 16, 16)).astype(np.float32) / 4.0  # many are equal
    np.testing.assert_array_equal(likeliest(shares), shares.argmax(axis=1))


ONCE, AUGMENTED = PredictSettings(), PredictSettings(test_time_augmentation=True)


def same_everywhere(mirrored: bool = False) -> UNet:
    """A real U-Net whose answer moves with the picture, pixel by pixel: nothing reaches it from below its first level.

    With ``mirrored`` its kernels are symmetric, so that its answer is mirrored with the picture as well.
    """
    torch.manual_seed(3)
    model = UNet(SMALL, 3).eval()
    first = model.decoder["level1"][0]
    with torch.no_grad():
        first.weight[:, : SMALL.channels[1]] = 0.0
        if mirrored:
            for weight in (p for p in model.parameters() if p.ndim == 4):
                weight.copy_((weight + weight.flip(3)) / 2.0)
    return model


def a_picture() -> torch.Tensor:
    """Something without symmetry in the middle of nothing."""
    chance = torch.Generator().manual_seed(4)
    picture = torch.zeros(2, 1, 96, 96)
    picture[:, :, 30:60, 36:64] = torch.rand(2, 1, 30, 28, generator=chance)
    picture[:, :, 40:44, 40:60] = 2.0
    return picture


MIDDLE = (..., slice(24, 72), slice(24, 72))
"""Far enough from the border that its padding is not seen there."""


@pytest.mark.parametrize("flip", [False, True])
def test_where_the_answer_moves_with_the_picture_test_time_augmentation_changes_nothing(
    flip: bool, compute: Compute
) -> None:
    model = same_everywhere(mirrored=flip)
    once = probabilities(model, a_picture(), ONCE, compute, flip=flip)
    mean = probabilities(model, a_picture(), AUGMENTED, compute, flip=flip)
    torch.testing.assert_close(mean[MIDDLE], once[MIDDLE], atol=1e-4, rtol=0)
    assert once[MIDDLE].std() > 0.01  # there is something that could have been moved
    torch.testing.assert_close(mean.sum(dim=1), torch.ones(2, 96, 96))


def test_pictures_are_mirrored_only_where_the_classes_allow_it(compute: Compute) -> None:
    """This network's answer is not mirrored with the picture: one mirrored copy would show."""
    model = same_everywhere()
    once = probabilities(model, a_picture(), ONCE, compute, flip=True)
    plain = probabilities(model, a_picture(), AUGMENTED, compute, flip=False)
    mirrored = probabilities(model, a_picture(), AUGMENTED, compute, flip=True)
    torch.testing.assert_close(plain[MIDDLE], once[MIDDLE], atol=1e-4, rtol=0)
    assert (mirrored - once)[MIDDLE].abs().max() > 1e-3
    both = (once + probabilities(model, a_picture().flip(3), ONCE, compute, flip=False).flip(3)) / 2.0
    torch.testing.assert_close(mirrored[MIDDLE], both[MIDDLE], atol=1e-4, rtol=0)


def test_a_full_network_answers_the_mean_of_its_answers_to_the_moved_pictures(compute: Compute) -> None:
    torch.manual_seed(5)
    model, picture = UNet(SMALL, 2).eval(), a_picture()
    moves = [(0, 0), (5, 5), (-5, -5), (5, -5), (-5, 5)]
    answers = [
        probabilities(model, picture.roll(move, (2, 3)), ONCE, compute, flip=False).roll((-move[0], -move[1]), (2, 3))
        for move in moves  # rolling is shifting here: nothing lies at the border
    ]
    mean = probabilities(model, picture, AUGMENTED, compute, flip=False)
    torch.testing.assert_close(mean[MIDDLE], torch.stack(answers).mean(dim=0)[MIDDLE], atol=1e-5, rtol=0)
    assert (mean - answers[0])[MIDDLE].abs().max() > 1e-4


def test_what_a_shift_moves_out_does_not_come_back_on_the_other_side(compute: Compute) -> None:
    edge = torch.zeros(1, 1, 32, 32)
    edge[..., 0] = 1.0
    assert shifted(edge, 0, -1).sum() == 0
    assert torch.equal(shifted(shifted(edge, 3, 4), -3, -4)[..., :-3, :], edge[..., :-3, :])
    bright = probabilities(Threshold(), edge, AUGMENTED, compute, flip=True)[:, 1]
    assert (bright[..., 0] > 0.99).all()
    assert (bright[..., 1:] < 0.01).all()
