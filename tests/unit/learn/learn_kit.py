"""Small networks, blob images and a project of them for the learning tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.snapshot import CaseLabels
from slicelab.data.writers import write_volume
from slicelab.jobs.settings import AugmentSettings, FinetuneSettings, NetworkSettings, PoolSettings
from slicelab.jobs.specs import CaseInput, ClassInput, FinetuneJob

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

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
