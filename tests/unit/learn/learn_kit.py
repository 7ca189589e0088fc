"""Small networks, blob images and a project of them for the learning tests."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
import torch

from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.snapshot import CaseLabels, save_snapshot
from slicelab.data.writers import write_volume
from slicelab.jobs.events import StepDone
from slicelab.jobs.settings import AugmentSettings, FinetuneSettings, NetworkSettings, PoolSettings
from slicelab.jobs.specs import CaseInput, ClassInput, FinetuneJob, PredictJob, PretrainJob
from slicelab.learn.contrastive import train_contrastive
from slicelab.learn.keeper import Keeper
from slicelab.learn.looks import NO_LOOKS, Looks
from slicelab.learn.masked import train_masked
from slicelab.learn.run import JobContext, run_job
from slicelab.learn.slices import SliceSet

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import PretrainSettings
    from slicelab.learn.device import Compute
    from slicelab.learn.unet import UNet

SMALL = NetworkSettings(channels=(8, 8, 16, 16, 16), bottleneck=16, channels_per_group=8)
POOL = PoolSettings(matrix=64, pixel_mm=2.0)
BLOB = (ClassInput(value=1, name="blob"),)
GENTLE = AugmentSettings(elastic_pixels=1.0, rotate_degrees=5.0, translate=0.05, scale=0.05)


def blob_stack(seed: int, slices: int = 6, side: int = 64) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.uint8]]:
    """A noisy grey disc (the body) with a brighter ellipse in it (class 1): stack and mask."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    images, masks = [], []
    for _ in range(slices):
        cy, cx = rng.uniform(-8, 8, 2)
        a, b = rng.uniform(6, 12, 2)
        blob = ((y - cy) / a) ** 2 + ((x - cx) / b) ** 2 < 1
        body = y**2 + x**2 < 28**2
        images.append(40 * body + 50 * blob + rng.normal(0, 4, blob.shape))
        masks.append(blob)
    return np.stack(images).astype(np.float32), np.stack(masks).astype(np.uint8)


def add_case(project: Path, number: int, stack: npt.NDArray[np.float32], spacing: tuple[float, ...]) -> CaseInput:
    """Write an axial stack as a project volume; spacing along (slice, row, column), mm."""
    case = f"c{number:04d}"
    voxels = np.ascontiguousarray(from_stack(stack, 2))
    geometry = Geometry(voxels.shape, np.diag([spacing[2], spacing[1], spacing[0], 1.0]), 2)
    (project / "volumes").mkdir(exist_ok=True)
    sha = write_volume(project / "volumes" / f"{case}.nii", Volume(voxels, geometry))
    return CaseInput(case=case, patient=f"p{number:04d}", volume=f"volumes/{case}.nii", sha256=sha, acquisition_axis=2)


def make_blob_project(project: Path) -> tuple[tuple[CaseInput, ...], dict[str, CaseLabels]]:
    """Three cases of blobs in a folder, and all their labels."""
    cases, labels = [], {}
    for k in range(1, 4):
        images, masks = blob_stack(seed=k)
        case = add_case(project, k, images, (5.0, 2.0, 2.0))
        cases.append(case)
        labels[case.case] = CaseLabels(case.case, np.arange(6, dtype=np.int32), masks, np.ones((6, 1), dtype=bool))
    return tuple(cases), labels


def finetune_job(run: str, cases: tuple[CaseInput, ...], steps: int, **more: object) -> FinetuneJob:
    """A small finetuning job on blobs."""
    fields: dict[str, object] = {
        "run": run,
        "preset": "fast",
        "pool": POOL,
        "network": SMALL,
        "settings": FinetuneSettings(steps=steps, batch=4, lr=5e-3, augment=GENTLE),
        "classes": BLOB,
        "init": None,
        "train": cases,
    }
    return FinetuneJob.model_validate({**fields, **more})


def pretrain_job(run: str, cases: tuple[CaseInput, ...], settings: object, seed: int = 0) -> PretrainJob:
    return PretrainJob.model_validate(
        {"run": run, "preset": "fast", "pool": POOL, "network": SMALL, "settings": settings, "cases": cases,
         "seed": seed}
    )  # fmt: skip


def drive(
    job: PretrainJob | FinetuneJob | PredictJob,
    project: Path,
    compute: Compute,
    labels: dict[str, CaseLabels] | None = None,
    stop_after: float = float("inf"),
) -> list[AnyEvent]:
    """Run a job in a fresh run folder; asked to stop once so many training steps are done."""
    folder = project / "runs" / job.run
    folder.mkdir(parents=True, exist_ok=True)
    if labels is not None:
        save_snapshot(folder / "labels.npz", list(labels.values()))
    seen: list[AnyEvent] = []

    def should_stop() -> bool:
        return sum(1 for e in seen if isinstance(e, StepDone) and e.loss is not None) >= stop_after

    for event in run_job(job, JobContext(project, folder, should_stop), compute):
        seen.append(event)  # noqa: PERF402  (should_stop reads the list while it grows)
    return seen


def slice_set(images: torch.Tensor, cases: int = 1) -> SliceSet:
    """Slices ``(n, row, column)`` as a training sees them, dealt to cases of equal size."""
    count = len(images) // cases
    return SliceSet(
        images=images.half(),
        extent=torch.tensor(images.shape[1:], dtype=torch.float32).expand(len(images), -1),
        case=torch.arange(len(images)) // count,
        index=torch.arange(len(images)) % count,
        position=(torch.arange(len(images)) % count + 0.5) / count,
        cases=tuple(f"c{k:04d}" for k in range(1, cases + 1)),
        matrix=images.shape[-1],
    )


def pretrain_events(
    model: UNet,
    slices: SliceSet,
    settings: PretrainSettings,
    compute: Compute,
    seed: int = 0,
    looks: Looks | None = None,
) -> Iterator[AnyEvent]:
    """The pretraining of a small model itself, without a project around it."""
    with TemporaryDirectory() as folder:
        keeper = Keeper(Path(folder) / "checkpoint", "alone", 1000.0, lambda: False, lambda: False)
        keeper.computes_on(compute.record())
        if settings.method == "contrastive":
            yield from train_contrastive(
                model, slices, None, settings, SMALL, seed, compute, keeper, looks=looks or NO_LOOKS
            )
        else:
            yield from train_masked(model, slices, None, settings, seed, compute, keeper, looks=looks or NO_LOOKS)
