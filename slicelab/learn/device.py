"""Where a job computes, and in which number format, decided once at its start."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from pydantic import Field

from slicelab.core.errors import JobError
from slicelab.jobs.base import Frozen
from slicelab.jobs.settings import NetworkSettings
from slicelab.learn.unet import UNet

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from torch import Tensor, nn

    from slicelab.jobs.specs import Device


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

    """

    device: torch.device
    bf16: bool
    channels_last: bool
    words: str

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


def choose(asked: Device = "auto", bf16: bool | None = None) -> Compute:
    """The device asked for, or the best there is: CUDA, then Apple's MPS, then the CPU.

    Args:
        asked: which.
        bf16: whether to compute in bfloat16; None for what is faster.

    Raises:
        JobError: the device asked for is not there.

    """
    have = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    name = next(kind for kind in have if have[kind]) if asked == "auto" else asked
    if not have[name]:
        raise JobError(
            f"This machine has no {name.upper()} device that can be used.", "Choose another device, or auto."
        )
    if name == "cuda":
        bf16 = torch.cuda.is_bf16_supported(including_emulation=False) if bf16 is None else bf16
        return Compute(torch.device("cuda"), bf16, False, torch.cuda.get_device_name() + (", bfloat16" if bf16 else ""))
    if name == "mps":
        return Compute(torch.device("mps"), False, False, "Apple GPU")
    return _cpu(bf16)


def choose_as_before(asked: Device, before: ComputeRecord) -> tuple[Compute, str]:
    """What an earlier process of a job computed on, as far as this machine has it.

    Returns:
        The choice, and in words what is different now, if anything.

    Raises:
        JobError: the device asked for is not there.

    """
    if before.threads <= _cores():
        torch.set_num_threads(before.threads)
    if before.device == "cpu" and (_cpu_has_bf16() or not before.bf16):
        now = _cpu(before.bf16)
    elif before.device == "cuda" and torch.cuda.is_available():
        now = choose("cuda", before.bf16)
    else:
        now = choose(asked)
    if now.record() == before:
        return now, ""
    was = f"{before.device.upper()}, {before.threads} threads{', bfloat16' if before.bf16 else ''}"
    return now, f"This run began on {was}, and goes on with {now.words}."


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu(bf16: bool | None) -> Compute:
    threads = torch.get_num_threads()
    if bf16 is None:
        bf16 = _cpu_has_bf16() and _bf16_is_faster()
    words = f"CPU, {threads} thread{'s' if threads != 1 else ''}{', bfloat16' if bf16 else ''}"
    # channels_last: a step took 0.30 s instead of 0.39 s (in bfloat16 0.17 instead of 0.24) on two AVX-512 cores.
    return Compute(torch.device("cpu"), bf16, True, words)


def _cpu_has_bf16() -> bool:
    # Emulated bfloat16 is many times slower than float32, so that even measuring it would take long.
    capability = torch.backends.cpu.get_cpu_capability()
    flags = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return capability.startswith("AVX512") and bool(flags.get("avx512_bf16") or flags.get("amx_bf16"))


def _bf16_is_faster() -> bool:
    """Half a second of training steps on a small batch in each format; the better of several counts."""
    with torch.random.fork_rng(devices=[]):
        model = UNet(NetworkSettings(), 2).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        images = torch.rand(2, 1, 96, 96)
    best = {True: float("inf"), False: float("inf")}
    for _ in range(4):
        for bf16 in best:
            started = time.perf_counter()
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
                out = model(images)
            out.float().square().mean().backward()
            best[bf16] = min(best[bf16], time.perf_counter() - started)
    return best[True] < 0.95 * best[False]
