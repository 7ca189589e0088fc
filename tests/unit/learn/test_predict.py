"""Predictions land on the right voxels of the volume they belong to."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from slicelab.data.pool import PoolCase
from slicelab.data.resample import frame_for
from slicelab.jobs.settings import PredictSettings
from slicelab.learn.device import Compute
from slicelab.learn.predict import entropy, largest_components, predict_stack


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
    found = predict_stack(Threshold(), case, (7,), settings, compute, flip=True)  # type: ignore[arg-type]
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


def test_uncertainty_is_nothing_for_certain_and_full_for_even_shares() -> None:
    certain = np.zeros((1, 3, 2, 2), np.float32)
    certain[:, 0] = 1.0
    assert entropy(certain).max() == 0
    assert entropy(np.full((1, 3, 2, 2), 1 / 3, np.float32)).min() == 255
