"""Augmentation: drawn apart from applied, labels stay labels, flips only where allowed."""

from __future__ import annotations

import math

import pytest
import torch

from slicelab.jobs.settings import AugmentSettings
from slicelab.learn.augment import augmented, draw
from slicelab.learn.losses import IGNORE

STILL = AugmentSettings(
    rotate_degrees=0, scale=1e-9, translate=0, elastic_pixels=0, gamma=0, contrast=0, brightness=0, bias=0, noise=0,
    blur_pixels=0, flip=False,
)  # fmt: skip
FULL = torch.full((4, 2), 64.0)


def a_batch() -> tuple[torch.Tensor, torch.Tensor]:
    chance = torch.Generator().manual_seed(0)
    images = torch.rand(4, 1, 64, 64, generator=chance)
    labels = torch.zeros(4, 64, 64, dtype=torch.uint8)
    labels[:, 10:30, 12:20] = 1
    labels[:, 40:50, 12:50] = 2
    return images, labels


def test_no_change_drawn_is_no_change_made() -> None:
    images, labels = a_batch()
    drawn = draw(STILL, 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(0), flip=False)
    changed, warped = augmented(images, labels, FULL, drawn, 64, 2)
    assert torch.allclose(changed, images, atol=1e-5)
    assert torch.equal(warped, labels.long())


def test_the_same_draw_gives_the_same_batch() -> None:
    images, labels = a_batch()
    drawn = draw(AugmentSettings(), 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(3), flip=True)
    again = draw(AugmentSettings(), 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(3), flip=True)
    first, second = augmented(images, labels, FULL, drawn, 64, 2), augmented(images, labels, FULL, again, 64, 2)
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])


def test_image_and_label_are_moved_together() -> None:
    _, labels = a_batch()
    images = (labels == 1).float()[:, None]
    moving = AugmentSettings(gamma=0, contrast=0, brightness=0, bias=0, noise=0, blur_pixels=0)
    drawn = draw(moving, 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(5), flip=True)
    changed, warped = augmented(images, labels, FULL, drawn, 64, 2)
    seen = warped != IGNORE
    assert ((changed[:, 0] > 0.5) == (warped == 1))[seen].float().mean() > 0.995
    assert not torch.equal(warped, labels.long())


def test_warped_labels_are_classes_or_ignored_and_nothing_is_known_outside_the_field() -> None:
    images, labels = a_batch()
    strong = AugmentSettings(translate=0.5)
    drawn = draw(strong, 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(6), flip=False)
    changed, warped = augmented(images, labels, FULL, drawn, 64, 2)
    assert set(warped.unique().tolist()) <= {0, 1, 2, IGNORE}
    assert (warped == IGNORE).any()
    assert torch.isfinite(changed).all()


def test_ignored_pixels_stay_ignored() -> None:
    images, labels = a_batch()
    labels[:, 32:] = IGNORE
    drawn = draw(STILL, 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(0), flip=False)
    assert torch.equal(augmented(images, labels, FULL, drawn, 64, 2)[1], labels.long())


def test_mirroring_happens_only_where_it_is_allowed() -> None:
    def mirrored(flip: bool) -> torch.Tensor:
        drawn = draw(AugmentSettings(), 200, 32, torch.zeros(200, 2), torch.Generator().manual_seed(1), flip=flip)
        return torch.linalg.det(drawn.affine[:, :, :2]) < 0

    assert not mirrored(flip=False).any()
    assert 60 < int(mirrored(flip=True).sum()) < 140


def test_the_largest_changes_are_those_the_settings_name() -> None:
    """And they are reached: of four hundred draws the strongest lies near the limit."""
    settings, count, matrix = AugmentSettings(flip=False), 400, 32
    drawn = draw(settings, count, matrix, torch.zeros(count, 2), torch.Generator().manual_seed(2), flip=False)
    linear, shift = drawn.affine[:, :, :2], drawn.affine[:, :, 2]
    angle = torch.rad2deg(torch.atan2(linear[:, 1, 0], linear[:, 0, 0])).abs().max().item()
    assert 0.95 * settings.rotate_degrees < angle <= settings.rotate_degrees + 1e-3
    zooms = linear.norm(dim=1).log() / math.log1p(settings.scale)  # of columns and rows
    assert 0.95 < zooms.mean(dim=1).abs().max() <= 4 / 3  # both axes, and what they are zoomed by themselves
    assert 0.6 < (zooms[:, 0] - zooms[:, 1]).abs().max() <= 2 / 3 + 1e-5
    assert 0.95 < shift.abs().max() / (settings.translate * matrix) <= 1.0
    assert drawn.elastic.std().item() == pytest.approx(settings.elastic_pixels, rel=0.05)
    for name in ("log_gamma", "brightness", "noise", "blur", "bias"):
        limit = getattr(settings, {"log_gamma": "gamma", "blur": "blur_pixels"}.get(name, name))
        assert 0.95 * limit < getattr(drawn, name).abs().max() <= limit, name
    assert 0.95 * settings.contrast < (drawn.contrast - 1.0).abs().max() <= settings.contrast


INTENSITIES = ["gamma", "contrast", "brightness", "bias", "noise", "blur_pixels"]


@pytest.mark.parametrize("name", INTENSITIES)
def test_every_change_of_intensity_reaches_a_picture_that_is_deformed_too(name: str) -> None:
    """Each alone makes a difference, although every slice is also turned, moved, zoomed and warped."""
    images, labels = a_batch()
    geometry = AugmentSettings(**dict.fromkeys(INTENSITIES, 0.0))
    assert geometry.elastic_pixels > 0
    strength = getattr(AugmentSettings(), name)
    assert strength > 0
    both = geometry.model_copy(update={name: strength})

    def changed(settings: AugmentSettings) -> tuple[torch.Tensor, torch.Tensor]:
        drawn = draw(settings, 4, 64, torch.zeros(4, 2), torch.Generator().manual_seed(8), flip=False)
        return augmented(images, labels, FULL, drawn, 64, 2)

    (moved, where), (recoloured, as_well) = changed(geometry), changed(both)
    assert torch.equal(where, as_well)
    assert not torch.equal(where, labels.long())
    inside = where != IGNORE
    for before, after, counted in zip(moved[:, 0], recoloured[:, 0], inside, strict=True):
        assert (after - before)[counted].abs().mean() > 1e-3


def test_every_slice_of_a_batch_is_changed_in_its_own_way() -> None:
    images = torch.rand(1, 1, 64, 64, generator=torch.Generator().manual_seed(0)).expand(8, -1, -1, -1)
    labels = torch.ones(8, 64, 64, dtype=torch.uint8)
    drawn = draw(AugmentSettings(), 8, 64, torch.zeros(8, 2), torch.Generator().manual_seed(9), flip=False)
    changed, _ = augmented(images, labels, torch.full((8, 2), 64.0), drawn, 64, 1)
    for one in range(8):
        for other in range(one):
            assert (changed[one] - changed[other]).abs().mean() > 0.01
