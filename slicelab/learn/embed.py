"""Every slice of a project as one vector: what a network's bottleneck makes of it, averaged over the slice."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import torch

from slicelab.data.atomic import sha256_of
from slicelab.data.embeddings import EMBEDDINGS, Embeddings, save_embeddings
from slicelab.data.pool import build
from slicelab.jobs.events import ArtifactSaved, PhaseStarted, StepDone
from slicelab.learn.keeper import held
from slicelab.learn.memory import Batch, in_smaller_batches
from slicelab.learn.unet import UNet
from slicelab.learn.weights import WEIGHTS, load_card, load_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from slicelab.data.pool import PoolCase
    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.specs import EmbedJob
    from slicelab.learn.device import Compute
    from slicelab.learn.run import JobContext


def embed(job: EmbedJob, context: JobContext, compute: Compute) -> Iterator[AnyEvent]:
    """Compute the vectors of a job's cases and write them into its run's folder."""
    folder = context.project / "runs" / job.model
    card = load_card(folder)
    state = load_state(folder, card)
    model = UNet(card.network, card.outputs)
    model.load_state_dict(state)
    if compute.device.type == "cpu":
        compute = replace(compute, bf16=bool(job.bf16))  # not by timing, as in a prediction: one network, one answer
    compute.place(model)
    model.eval()
    yield PhaseStarted(phase="embed", first_step=0, steps=len(job.cases))
    batch = Batch(job.batch)
    features: dict[str, npt.NDArray[np.float32]] = {}

    def one(case: PoolCase, size: int) -> Iterator[AnyEvent]:
        found = slice_vectors(model, case, size, compute, context.should_stop)
        if found is not None:
            features[case.case] = found
        yield from ()

    for k, case in enumerate(build(context.project, card.pool, job.cases, context.should_stop), start=1):
        yield from in_smaller_batches(batch, k - 1, compute.device, partial(one, case))
        if context.should_stop():
            return
        yield StepDone(phase="embed", step=k, steps=len(job.cases))
        yield from held(context.paused)
    if context.should_stop():
        return
    volumes = {case.case: case.sha256 for case in job.cases}
    save_embeddings(context.folder / EMBEDDINGS, Embeddings(job.model, sha256_of(folder / WEIGHTS), volumes, features))
    yield ArtifactSaved(name=EMBEDDINGS, sha256=sha256_of(context.folder / EMBEDDINGS))


@torch.inference_mode()
def slice_vectors(
    model: UNet, case: PoolCase, batch: int, compute: Compute, should_stop: Callable[[], bool] = lambda: False
) -> npt.NDArray[np.float32] | None:
    """The vectors of a case's slices, ``(slice, channel)`` float32; None if stopped: asked before each batch."""
    parts = []
    for start in range(0, len(case.slices), batch):
        if should_stop():
            return None
        images = torch.from_numpy(np.array(case.slices[start : start + batch], np.float32))
        with compute.autocast():
            deep, _ = model.encode(compute.to(images)[:, None])
        parts.append(deep.float().mean(dim=(2, 3)).cpu().numpy())
    return np.concatenate(parts)
