"""The reference: finetuning as a practitioner would write it with MONAI, with what its documentation recommends.

Preprocessed slices in a ``CacheDataset``, random transforms on dictionaries, a weighted sampler that never ends (so
that a small study does not start its workers anew at every pass), MONAI's own loaders, metadata switched off,
``DiceCELoss``, AdamW with a cosine schedule, automatic mixed precision where ours has it.
"""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import monai
import numpy as np
import torch
from monai.data import CacheDataset, DataLoader, ThreadDataLoader
from monai.losses import DiceCELoss
from monai.transforms import (
    Compose,
    EnsureTyped,
    Rand2DElasticd,
    RandAdjustContrastd,
    RandBiasFieldd,
    RandFlipd,
    RandGaussianNoised,
    RandGaussianSmoothd,
    RandScaleIntensityFixedMeand,
    RandShiftIntensityd,
)
from torch.utils.data import WeightedRandomSampler

from benchmarks.timing import finish
from slicelab.learn.optim import warmup_cosine
from slicelab.learn.prepare import new_model

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from slicelab.jobs.settings import AugmentSettings, FinetuneSettings, NetworkSettings
    from slicelab.learn.device import Compute
    from slicelab.learn.slices import SliceSet
    from slicelab.learn.unet import UNet

_PREFETCH = 2
_THROUGH = 1_000_000
"""Draws of the sampler: more than any measurement takes."""
_CLIP_NORM = 1.0
_WEIGHT_DECAY = 1e-4


@dataclass(frozen=True)
class Loading:
    """How batches are made.

    Attributes:
        workers: processes of the loader; 0 makes them in a thread of the training's process.
        on_gpu: whether the transforms compute on the GPU.

    """

    workers: int = 0
    on_gpu: bool = False

    @property
    def words(self) -> str:
        """For a result."""
        how = f"{self.workers} worker processes" if self.workers else "a thread (ThreadDataLoader)"
        return f"{how}, transforms on the {'GPU' if self.on_gpu else 'CPU'}"


def transforms(strength: AugmentSettings, matrix: int, probability: float, device: torch.device, *, flip: bool) -> Any:
    """MONAI's transforms with the strengths of ours.

    Args:
        strength: ours; what MONAI parametrises otherwise is matched in the size of the change.
        matrix: rows and columns of a training window.
        probability: of each transform, for each slice.
        device: where they compute.
        flip: whether left and right may be mirrored.

    """
    both, image = ("image", "label"), ("image",)
    reach = strength.translate * matrix
    elastic = math.sqrt(3.0) * strength.elastic_pixels  # uniform, not normal: the same standard deviation
    # MONAI scales rows and columns independently, ours almost together: as much would distort twice as much.
    scale = 0.6 * strength.scale
    # MONAI draws gamma itself evenly, not its logarithm: even about 1, or most slices would become darker.
    darkest = math.exp(-strength.gamma)
    steps: list[Any] = [EnsureTyped(both, track_meta=False, device=device)]
    steps.append(
        Rand2DElasticd(
            both,
            spacing=matrix / (strength.elastic_grid - 1),
            magnitude_range=(elastic, elastic),
            spatial_size=(matrix, matrix),
            prob=probability,
            rotate_range=math.radians(strength.rotate_degrees),
            translate_range=(reach, reach),
            scale_range=(scale, scale),
            mode=("bilinear", "nearest"),
            padding_mode="zeros",
            device=device,
        )
    )
    if flip and strength.flip:
        steps.append(RandFlipd(both, prob=0.5, spatial_axis=1))
    steps += [
        RandAdjustContrastd(image, prob=probability, gamma=(darkest, 2.0 - darkest)),
        RandScaleIntensityFixedMeand(image, prob=probability, factors=strength.contrast),
        RandShiftIntensityd(image, prob=probability, offsets=strength.brightness),
        RandBiasFieldd(image, prob=probability, degree=3, coeff_range=(-strength.bias / 4, strength.bias / 4)),
        RandGaussianSmoothd(
            image, prob=probability, sigma_x=(0.01, strength.blur_pixels), sigma_y=(0.01, strength.blur_pixels)
        ),
        RandGaussianNoised(image, prob=probability, std=strength.noise),
        EnsureTyped(both, track_meta=False),
    ]
    return Compose(steps)


class MonaiTraining:
    """The script, driven a number of steps at a time.

    Args:
        slices: labelled slices; every pixel of them is known.
        classes: structures.
        network: widths: the same network as ours.
        settings: batch, share of slices with foreground, strength of augmentation.
        compute: device, precision and memory format: the same as ours.
        loading: how batches are made.
        probability: of each transform.
        steps: of the cosine schedule.
        lr: learning rate.
        flip: whether left and right may be mirrored.
        seed: of weights and chance.

    """

    def __init__(
        self,
        slices: SliceSet,
        classes: int,
        network: NetworkSettings,
        settings: FinetuneSettings,
        compute: Compute,
        loading: Loading,
        *,
        flip: bool,
        probability: float = 1.0,
        steps: int = _THROUGH,
        lr: float = 1e-3,
        seed: int = 0,
    ) -> None:
        assert slices.labels is not None
        monai.data.set_track_meta(False)
        self.compute, self.loading = compute, loading
        self.model: UNet = new_model(network, 1 + classes, seed, compute)
        self._batch, self._steps, self._lr, self._done = settings.batch, steps, lr, 0
        where = compute.device if loading.on_gpu else torch.device("cpu")
        data = [
            {"image": image.to(where), "label": label[None].to(where)}
            for image, label in zip(slices.batch(torch.arange(len(slices))), slices.labels, strict=True)
        ]
        made = transforms(settings.augment, slices.matrix, probability, where, flip=flip)
        made.set_random_state(seed)
        self._data = CacheDataset(data, made, progress=False, num_workers=None)
        shows = slices.labels.flatten(1).gt(0).any(dim=1).double().cpu()
        share = settings.foreground_share if 0 < shows.sum() < len(shows) else 0.0
        weights = share * shows / shows.sum().clamp_min(1) + (1 - share) / len(shows)
        self._sampler = WeightedRandomSampler(weights.tolist(), _THROUGH, generator=torch.Generator().manual_seed(seed))
        self._loss = DiceCELoss(include_background=False, to_onehot_y=True, softmax=True, batch=True)
        self._optimiser = torch.optim.AdamW(self.model.parameters(), lr=lr, weight_decay=_WEIGHT_DECAY)
        self._batches: Iterator[dict[str, Tensor]] | None = None

    def __call__(self, steps: int) -> float:
        """Train so many steps; the seconds they took.

        The loader is started anew and brought to its steady state first, which is not counted, and ended after: batches
        prepared while others had their turn would be a gift, and preparing them would slow the others.
        """
        batches = self._started()
        for _ in range(_PREFETCH * self.loading.workers + 1):
            self._step(next(batches))
        finish(self.compute.device)
        began = time.perf_counter()
        for _ in range(steps):
            self._step(next(batches))
        finish(self.compute.device)
        return time.perf_counter() - began

    def train(self) -> None:
        """All steps of the schedule."""
        batches = self._started()
        while self._done < self._steps:
            self._step(next(batches))
        finish(self.compute.device)

    def _started(self) -> Iterator[dict[str, Tensor]]:
        common = {"batch_size": self._batch, "sampler": self._sampler, "drop_last": True}
        if self.loading.workers:
            return iter(
                DataLoader(
                    self._data,
                    num_workers=self.loading.workers,
                    prefetch_factor=_PREFETCH,
                    pin_memory=self.compute.device.type == "cuda",
                    **common,
                )
            )
        return iter(ThreadDataLoader(self._data, num_workers=0, buffer_size=_PREFETCH, **common))

    def _step(self, batch: dict[str, Tensor]) -> None:
        self.model.train()
        images = batch["image"].to(self.compute.device, non_blocking=True)
        if self.compute.channels_last:
            images = images.contiguous(memory_format=torch.channels_last)
        labels = batch["label"].to(self.compute.device, non_blocking=True)
        for group in self._optimiser.param_groups:
            group["lr"] = self._lr * warmup_cosine(min(self._done, self._steps - 1), self._steps, 0.05)
        self._optimiser.zero_grad(set_to_none=True)
        with self.compute.autocast():
            logits = self.model(images)
        loss = self._loss(logits.float(), labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), _CLIP_NORM)
        self._optimiser.step()
        self._done += 1


def ways(compute: Compute, cores: int) -> list[Loading]:
    """The ways to make batches that are tried: in a thread, with 1, 2, 4, ... workers, and on the GPU."""
    counts = [0] + [1 << k for k in range(6) if 1 << k <= max(1, cores)]
    found = [Loading(workers) for workers in counts]
    if compute.device.type == "cuda":
        found.append(Loading(0, on_gpu=True))
    return found


def predicted(model: UNet, images: np.ndarray[Any, Any], compute: Compute, batch: int) -> np.ndarray[Any, Any]:
    """Class numbers ``(slice, row, column)`` of a stack by MONAI's inferer, whole slices at once."""
    from monai.inferers import SliceInferer
    from monai.transforms import KeepLargestConnectedComponent

    inferer = SliceInferer(roi_size=images.shape[1:], spatial_dim=0, sw_batch_size=batch, progress=False)
    keep = KeepLargestConnectedComponent()
    volume = compute.to(torch.from_numpy(images)).float()[None, None]

    def network(slices: Tensor) -> Tensor:
        with compute.autocast():
            out: Tensor = model(slices)
        return out.float()

    with torch.inference_mode():
        logits = inferer(volume, network)
        mask = keep(logits.argmax(dim=1))
    return np.asarray(mask[0].cpu(), dtype=np.uint8)
