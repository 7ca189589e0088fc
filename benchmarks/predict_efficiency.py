"""Prediction from memory to memory against the network's bare forward pass, and against MONAI's inferer.

From pool slices in memory to a mask and an uncertainty in memory: everything `predict` does but reading, resampling (to
the pool's pixels and back) and writing, which are quoted apart. On a GPU the whole of a 256x256x40 volume, resampling
back included, must also be done in 150 ms. The bare pass is the network alone, on the same batches, already on the
device. MONAI's SliceInferer is given whole slices at once, its best case, and makes the same final mask (arg-max,
largest piece of each class) but no uncertainty.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from benchmarks.material import settings_of
from benchmarks.monai_script import predicted
from benchmarks.result import Goal, Result, hardware, versions
from benchmarks.timing import Arm, Pace, Repeated, in_turns, times_as_fast
from slicelab.core.geometry import Geometry, acquisition_axis_of, from_stack
from slicelab.core.volume import Volume
from slicelab.data.phantoms import make_phantom
from slicelab.data.pool import PoolCase
from slicelab.data.pool_build import normalised_stack
from slicelab.data.resample import Frame, frame_for
from slicelab.data.writers import read_own_volume, write_mask, write_volume
from slicelab.learn.device import Compute, choose
from slicelab.learn.losses import segmentation_loss
from slicelab.learn.optim import descend, make_optimiser
from slicelab.learn.predict import predict_stack, probabilities, to_native
from slicelab.learn.prepare import new_model

if TYPE_CHECKING:
    import argparse

    import numpy.typing as npt

    from slicelab.jobs.settings import Preset
    from slicelab.learn.unet import UNet

_SIDE, _SLICES = 256, 40
_SPACING = (0.55, 0.55, 2.1)
_GPU_SECONDS = 0.150
_CLASSES = (1, 2)
_MONAI = "SliceInferer on whole slices, arg-max, KeepLargestConnectedComponent"
_STEPS = 20
"""Of training on the volume itself: masks of noise would be a burden on whatever looks for connected pieces."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What can be asked for."""
    parser.add_argument("--rounds", type=int, default=None, help="turns of each (5)")
    parser.add_argument(
        "--matrix", type=int, nargs="+", default=None, help="sides of the pool slices (128 and 256), multiples of 32"
    )


def measure(asked: argparse.Namespace) -> list[Result]:
    """Results for each matrix."""
    compute, chosen = choose(asked.device), settings_of(quick=asked.quick)
    side, count = (64, 8) if asked.quick else (_SIDE, _SLICES)
    volume, mask = _volume(side, count)
    results = []
    for matrix in asked.matrix or ([32] if asked.quick else [128, 256]):
        results += _of_matrix(matrix, volume, mask, chosen, compute, asked)
    return results


def _of_matrix(
    matrix: int, volume: Volume, mask: Volume, chosen: Preset, compute: Compute, asked: argparse.Namespace
) -> list[Result]:
    stack = volume.stack()
    rows, columns = stack.shape[1:]
    spacing = volume.geometry.spacing
    frame = frame_for((rows, columns), (spacing[1], spacing[0]), rows * spacing[1] / matrix, 32)
    slices = normalised_stack(stack, frame, chosen.pool)
    case = PoolCase("c0001", "p0001", slices, frame)
    model = _taught(slices, frame.mask_to_pool(mask.stack()), chosen, compute)
    batch = chosen.predict.batch
    parts = [compute.to(part)[:, None] for part in torch.from_numpy(slices.astype(np.float32)).split(batch)]

    def bare() -> None:
        with torch.inference_mode(), compute.autocast():
            for part in parts:
                model(part)

    shares = [probabilities(model, part, chosen.predict, compute, flip=False) for part in parts]

    def whole() -> npt.NDArray[np.uint8]:
        found = predict_stack(model, case, _CLASSES, chosen.predict, compute, flip=False)
        assert found is not None
        return found[0]

    arms: dict[str, Arm] = {
        "whole": Repeated(whole, compute.device),
        "resampling": Repeated(lambda: [to_native(part, frame).cpu() for part in shares], compute.device),
        "bare": Repeated(bare, compute.device),
        "monai": Repeated(lambda: predicted(model, slices.astype(np.float32), compute, batch), compute.device),
    }
    rounds, block_s = asked.rounds or (1 if asked.quick else 5), 0.0 if asked.quick else 1.0
    paces = in_turns(arms, rounds=rounds, block_s=block_s, least=1)
    paces["ours"] = _without(paces["whole"], paces["resampling"])
    apart = {**_apart(volume, frame, chosen, whole()), "resample_back": paces["resampling"].median}
    facts = {"volume": [columns, rows, len(stack)], "pool_matrix": matrix, "on": "synthetic phantom"}
    gpu, where, with_monai = compute.device.type == "cuda", hardware(compute), versions(["monai"])
    results = [
        Result(
            name=f"predict-efficiency/forward-{matrix}",
            ratio=1.0 / times_as_fast(paces["ours"], paces["bare"]),
            goal=None if gpu else Goal("<=", 1.3),
            ours={**facts, "seconds": paces["ours"].median, "seconds_apart": apart},
            reference={"seconds": paces["bare"].median, "what": "the network alone, batches on the device"},
            hardware=where,
            versions=versions(),
        ),
        Result(
            name=f"predict-efficiency/monai-{matrix}",
            ratio=times_as_fast(paces["ours"], paces["monai"]),
            goal=Goal(">=", 1.0),
            ours={**facts, "seconds": paces["ours"].median},
            reference={
                "seconds": paces["monai"].median,
                "what": "SliceInferer, arg-max, KeepLargestConnectedComponent",
            },
            hardware=where,
            versions=with_monai,
        ),
    ]
    if gpu:
        results.append(
            Result(
                name=f"predict-efficiency/seconds-{matrix}",
                ratio=paces["whole"].median / _GPU_SECONDS,
                goal=Goal("<=", 1.0),
                ours={**facts, "seconds": paces["whole"].median, "with": "resampling back to the volume's grid"},
                reference={"limit_seconds": _GPU_SECONDS},
                hardware=where,
                versions=versions(),
            )
        )
    return results


def _without(whole: Pace, part: Pace) -> Pace:
    """What is left of the one without the other, round by round."""
    return Pace(tuple(a - b for a, b in zip(whole.seconds, part.seconds, strict=True)), whole.steps)


def _apart(volume: Volume, frame: Frame, chosen: Preset, mask: npt.NDArray[np.uint8]) -> dict[str, float]:
    """Seconds of what is not counted: reading, resampling to the pool with normalisation, writing."""
    with tempfile.TemporaryDirectory(prefix="slicelab-bench-") as scratch:
        path = Path(scratch) / "volume.nii"
        write_volume(path, volume)
        canonical = np.ascontiguousarray(from_stack(mask, volume.geometry.acquisition_axis))
        return {
            "read": _seconds(lambda: read_own_volume(path, mmap=False)),
            "normalise_and_resample": _seconds(lambda: normalised_stack(volume.stack(), frame, chosen.pool)),
            "write": _seconds(lambda: write_mask(path.with_name("mask.nii.gz"), canonical, volume.geometry)),
        }


def _seconds(once: Any) -> float:
    """The median of five."""
    taken = []
    for _ in range(5):
        started = time.perf_counter()
        once()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def _taught(slices: npt.NDArray[np.float16], masks: npt.NDArray[np.uint8], chosen: Preset, compute: Compute) -> UNet:
    """A network that has seen the volume for a moment."""
    settings, model = chosen.finetune, new_model(chosen.network, 1 + len(_CLASSES), 0, compute)
    optimiser = make_optimiser([(list(model.parameters()), settings.lr)], settings.optimiser, 0.0)
    for at in torch.linspace(0, len(slices) - 1, _STEPS * 4).long().view(_STEPS, 4):
        images, labels = torch.from_numpy(slices[at]).float()[:, None], torch.from_numpy(masks[at]).long()
        with compute.autocast():
            logits = model(compute.to(images))
        known = torch.ones(len(at), len(_CLASSES), dtype=torch.bool)
        loss = segmentation_loss(logits, compute.to(labels), compute.to(known), settings.loss).total
        descend(optimiser, loss, list(model.parameters()), settings.clip_norm)
    model.eval()
    return model


def _volume(side: int, count: int) -> tuple[Volume, Volume]:
    """A phantom of ``side x side x count`` voxels and its mask, rendered at half the side to be quick."""
    phantom = make_phantom("pelvis", 0, 0, shape=(side // 2, side // 2, count))
    geometry = Geometry((side, side, count), np.diag([*_SPACING, 1.0]), acquisition_axis_of(_SPACING))
    image, mask = (one.voxels.repeat(2, axis=0).repeat(2, axis=1) for one in (phantom.image, phantom.mask))
    return Volume(image, geometry), Volume(mask, geometry)
