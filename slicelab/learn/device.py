"""Where a job computes, and in which number format: asked for, or measured once on this machine and kept."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import torch
from pydantic import Field

from slicelab.core.errors import JobError, NoDeviceError
from slicelab.jobs.base import Frozen
from slicelab.jobs.settings import NetworkSettings
from slicelab.learn.measured import Finding, found_before
from slicelab.learn.memory import free
from slicelab.learn.unet import UNet

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from torch import Tensor, nn

    from slicelab.jobs.specs import Device

NO_GPU = "the GPU did not work"
"""Why the CPU was taken although there is a GPU."""
NOT_KEPT = "not measured: no measurement can be kept here"
"""Why what is usual was taken: a measurement that is not kept may come out otherwise the next time."""
_GPUS = ("cuda", "mps")
_WORTH_IT = 1.05
"""bfloat16 must be so many times faster: it is a little less exact."""
_TRIAL_S = 0.5
_TICKS_S = 0.16
"""Processor time in each number format before they are compared: ten ticks of the coarsest clock."""


class ComputeRecord(Frozen):
    """What must be the same again for losses to be the same again."""

    device: str
    """cpu, cuda or mps."""
    bf16: bool
    """Whether the network ran in bfloat16."""
    channels_last: bool
    """Whether images lay in memory pixel by pixel."""
    threads: int = Field(ge=1)
    """CPU threads; sums are added up in another order with another number."""


@dataclass(frozen=True)
class Compute:
    """A device and how it is used.

    Attributes:
        device: where tensors live.
        bf16: whether the network runs in bfloat16 (losses stay in float32).
        channels_last: whether images lie in memory pixel by pixel.
        words: for people, such as "CPU, 2 threads, bfloat16".
        why: what was measured, and when, such as "1.7 times faster than float32 here, measured on 2026-11-27"; empty
            where nothing was.

    """

    device: torch.device
    bf16: bool
    channels_last: bool
    words: str
    why: str = ""

    @property
    def precision(self) -> Literal["float32", "bfloat16"]:
        """The number format the network runs in."""
        return "bfloat16" if self.bf16 else "float32"

    @property
    def threads(self) -> int:
        """CPU threads torch computes with."""
        return torch.get_num_threads()

    def record(self) -> ComputeRecord:
        """The choice, for a checkpoint."""
        return ComputeRecord(
            device=self.device.type, bf16=self.bf16, channels_last=self.channels_last, threads=self.threads
        )

    def autocast(self) -> AbstractContextManager[object]:
        """The context the network runs in."""
        if not self.bf16:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, dtype=torch.bfloat16)

    def place(self, model: nn.Module) -> None:
        """Move a model to the device, in the memory format chosen."""
        if self.channels_last:
            model.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub
        else:
            model.to(self.device)

    def to(self, tensor: Tensor) -> Tensor:
        """A tensor on the device."""
        return tensor.to(self.device, non_blocking=True)


def choose(asked: Device = "auto", bf16: bool | None = None, *, steady: bool = False) -> Compute:
    """The device asked for, or the one that was fastest in a measurement of at most about two seconds.

    What was measured once on a machine is kept there (:mod:`slicelab.learn.measured`), because it decides the last
    digits of every result. A GPU that is there but does not work is passed over when nothing was asked for; that is
    asked anew each time.

    Args:
        asked: which.
        bf16: whether to compute in bfloat16; None for what is faster.
        steady: on a CPU, float32 where nothing is said: a model gives one mask on all of them.

    Raises:
        NoDeviceError: the device asked for is not there.
        JobError: it has no bfloat16.

    """

    def used(kind: str) -> Compute:
        return _used(kind, bool(bf16) if steady and kind == "cpu" else bf16)

    if asked != "auto":
        if not _there(asked):
            raise NoDeviceError(f"This machine has no {asked.upper()} device that can be used.")
        return used(asked)
    gpus = [kind for kind in _GPUS if _there(kind) and not (bf16 and kind == "mps")]  # which has float32 alone
    if not gpus:
        return used("cpu")
    candidates = {kind: used(kind) for kind in (*gpus, "cpu")}

    def measured() -> Finding:
        seconds = {}
        for kind, candidate in candidates.items():
            try:
                seconds[kind] = _step_seconds(candidate)
            except RuntimeError:  # an old driver, a card that others have filled, an operation it does not know
                free()
        if len(seconds) < len(candidates):
            raise _GpuFailedError(fastest(seconds)[0])
        kind, why = fastest(seconds)
        return Finding(answer=kind, why=why)

    formats = " or ".join(f"{kind} in {candidate.precision}" for kind, candidate in candidates.items())
    try:
        found = found_before(f"device, {formats}, {torch.get_num_threads()} threads", measured)
    except _GpuFailedError as error:
        return replace(candidates[error.kind], why=NO_GPU)
    if found is None or found.answer not in candidates:
        return replace(candidates[gpus[0]], why=NOT_KEPT)
    return replace(candidates[found.answer], why=found.words)


class _GpuFailedError(Exception):
    """A GPU that is there did not work.

    Args:
        kind: what to take instead.

    """

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def fastest(seconds: Mapping[str, float]) -> tuple[str, str]:
    """Which device to take, and in words why.

    Args:
        seconds: a training step's, by cuda, mps and cpu; a GPU that failed is missing.

    """
    best = min(seconds, key=lambda kind: seconds[kind])
    if len(seconds) == 1:
        return best, NO_GPU
    if best == "cpu":
        return (
            best,
            f"{_times(min(seconds[k] for k in seconds if k != 'cpu') / seconds[best])} faster than the GPU here",
        )
    return best, f"{_times(seconds['cpu'] / seconds[best])} faster than the CPU here"


def choose_as_before(
    asked: Device, before: ComputeRecord, bf16: bool | None = None, sharing: int = 1
) -> tuple[Compute, str]:
    """What an earlier process of a job computed on, as far as this machine has it and nothing else is asked for.

    Args:
        asked: which device the job asks for now.
        before: where it computed.
        bf16: whether the job asks for bfloat16; None for what is faster where it cannot be as before.
        sharing: processes that share this machine's cores.

    Returns:
        The choice, and in words what is different now, if anything.

    Raises:
        NoDeviceError: the device asked for is not there.

    """
    if before.threads <= max(1, _cores() // sharing):
        torch.set_num_threads(before.threads)
    if asked not in ("auto", before.device):
        now = choose(asked, bf16)
    elif before.device == "cpu" and (_cpu_has_bf16() or not before.bf16):
        now = _cpu(before.bf16)
    elif before.device in _GPUS and _there(before.device):
        now = _used(before.device, before.bf16)
    else:
        now = choose(asked, bf16)
    if now.record() == before:
        return now, ""
    was = f"{before.device.upper()}, {before.threads} threads, {'bfloat16' if before.bf16 else 'float32'}"
    return now, f"This run began on {was}, and goes on with {now.words}."


def _there(kind: str) -> bool:
    if kind == "cuda":
        return torch.cuda.is_available()
    return kind == "cpu" or torch.backends.mps.is_available()


def _used(kind: str, bf16: bool | None) -> Compute:
    """A device that is there, as it is used."""
    if kind == "cuda":
        bf16 = torch.cuda.is_bf16_supported(including_emulation=False) if bf16 is None else bf16
        return _described(Compute(torch.device("cuda"), bf16, False, torch.cuda.get_device_name()))
    if kind == "mps":
        if bf16:
            raise JobError("On Apple GPUs slicelab computes in float32 alone.", "Leave the number format to slicelab.")
        return _described(Compute(torch.device("mps"), False, False, "Apple GPU"))
    return _cpu(bf16)


def _described(compute: Compute) -> Compute:
    """With the number format in its words."""
    return replace(compute, words=f"{compute.words}, {compute.precision}")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu(bf16: bool | None) -> Compute:
    threads, why = torch.get_num_threads(), ""
    if bf16 is None:
        bf16, why = _cpu_format(threads)
    words = f"CPU, {threads} thread{'s' if threads != 1 else ''}"
    # channels_last: a step took 0.30 s instead of 0.39 s (in bfloat16 0.17 instead of 0.24) on two AVX-512 cores.
    return _described(Compute(torch.device("cpu"), bf16, True, words, why))


def _cpu_format(threads: int) -> tuple[bool, str]:
    """Whether bfloat16 is faster on this CPU, and why that is thought."""
    if not _cpu_has_bf16():
        return False, ""

    def measured() -> Finding:
        gain = _bf16_gain()
        if gain > _WORTH_IT:
            return Finding(answer="bfloat16", why=f"{_times(gain)} faster than float32 here")
        return Finding(answer="float32", why="bfloat16 is no faster here")

    found = found_before(f"number format, {threads} threads", measured)
    return (False, NOT_KEPT) if found is None else (found.answer == "bfloat16", found.words)


def _times(factor: float) -> str:
    return f"{factor:.0f} times" if factor >= 10 else f"{factor:.1f} times"


def _cpu_has_bf16() -> bool:
    # Emulated bfloat16 is many times slower than float32, so that even measuring it would take long.
    capability = torch.backends.cpu.get_cpu_capability()
    flags = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return capability.startswith("AVX512") and bool(flags.get("avx512_bf16") or flags.get("amx_bf16"))


def _bf16_gain() -> float:
    """How many times faster bfloat16 is on this CPU: half a second and more of small training steps in turns.

    The finding is kept, so what else runs must not count: steps are taken on one thread, and timed by what this
    process computes. By the clock, and with threads that wait for each other, bfloat16 came out between 1.6 times
    faster and half as fast on one and the same machine, as it was quiet or busy; so measured, 1.6 to 1.8 times.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _gain_on_one_thread()
    finally:
        torch.set_num_threads(threads)


def _gain_on_one_thread() -> float:
    model, images = _trial(2, 96)
    model.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch's stub

    def step(*, bf16: bool) -> float:
        started = time.process_time()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            out = model(images)
        out.float().square().mean().backward()
        return time.process_time() - started

    for bf16 in (True, False):
        step(bf16=bf16)  # starts things up
    spent = {True: 0.0, False: 0.0}
    # In turns and summed up: Windows counts processor time in ticks of 16 ms, and one step may take less.
    while min(spent.values()) < _TICKS_S or sum(spent.values()) < _TRIAL_S:
        for bf16 in spent:
            spent[bf16] += step(bf16=bf16)
    return spent[False] / spent[True]


def _step_seconds(compute: Compute) -> float:
    """Seconds of a training step on a usual batch: the best of a few, after a first one that starts things up."""
    model, images = _trial(8, 128)
    compute.place(model)
    images = compute.to(images)
    best, began = float("inf"), time.perf_counter()
    for k in range(5):
        started = time.perf_counter()
        with compute.autocast():
            out = model(images)
        loss = out.float().square().mean()
        loss.backward()
        loss.item()  # GPU-CPU sync
        now = time.perf_counter()
        if k:
            best = min(best, now - started)
            if now - began > _TRIAL_S:
                break
    return best


def _trial(batch: int, matrix: int) -> tuple[UNet, Tensor]:
    """A network of the usual size and noise to try it on; torch's global generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        return UNet(NetworkSettings(), 2), torch.rand(batch, 1, matrix, matrix)
