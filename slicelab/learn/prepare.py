"""What every training begins with: the slices evened out, and a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from slicelab.core.errors import JobError
from slicelab.data.pool import PoolCase, build
from slicelab.jobs.events import PhaseStarted, PoolReady, StepDone
from slicelab.learn.going_on import changed_volumes
from slicelab.learn.keeper import held
from slicelab.learn.unet import UNet

if TYPE_CHECKING:
    from collections.abc import Generator

    from slicelab.jobs.events import AnyEvent
    from slicelab.jobs.settings import NetworkSettings, PoolSettings
    from slicelab.jobs.specs import CaseInput
    from slicelab.learn.device import Compute
    from slicelab.learn.run import JobContext


def new_model(network: NetworkSettings, outputs: int, seed: int, compute: Compute) -> UNet:
    """A network with random weights by seed; torch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = UNet(network, outputs)
    compute.place(model)
    return model


def prepared(
    context: JobContext, pool: PoolSettings, cases: tuple[CaseInput, ...], *, resumed: bool
) -> Generator[AnyEvent, None, list[PoolCase]]:
    """Even out the slices of cases, telling of each; returns those opened, which are not all where it was stopped.

    Raises:
        JobError: there is no case.

    """
    if not cases:
        raise JobError("There is no case to work on.", "Import or select at least one.")
    yield PhaseStarted(phase="preparing", first_step=0, steps=len(cases))
    if resumed:
        yield from changed_volumes(context.project, cases, context.should_stop)
    opened = []
    for case in build(context.project, pool, cases, context.should_stop):
        opened.append(case)
        yield StepDone(phase="preparing", step=len(opened), steps=len(cases))
        yield from held(context.paused)
    if len(opened) == len(cases):
        assert pool.pixel_mm is not None
        yield PoolReady(
            cases=len(opened),
            slices=sum(len(case.slices) for case in opened),
            pixel_mm=pool.pixel_mm,
            matrix=pool.matrix,
        )
    return opened
