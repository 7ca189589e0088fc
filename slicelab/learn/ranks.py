"""The processes that pretrain together, by torch's DistributedDataParallel: who takes which slices, who hears what.

The batch of the settings is the joint one. Every process draws the same random numbers for all of it, in the same
order, and computes the network on its own share alone. So one process, two, or eight compute the same losses but for
the order of sums, a run may go on with another number of processes, and one process alone touches nothing of this.

How gradients add up: DDP hands every process the *mean* of the processes' gradients. With W processes and the joint
loss L, a process must therefore contribute W times its part of dL, or its share's own mean loss where shares are equal:

- a mean over slices or images (the local stage): the share's mean; the mean of W equal shares' means is the mean;
- a sum over pixels divided by the number of hidden ones (masked): the share's sum over the *average* number, N / W;
- a loss of all slices with all (the global stage): each process computes all of L from everybody's embeddings. What
  arrives at its own embeddings is all of dL/dz, which the backward pass of :meth:`Ranks.joined` multiplies by W.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import torch
import torch.distributed as dist
from torch import Tensor, nn

from slicelab.core.errors import JobError
from slicelab.jobs.place import ONLY, Place, require_equal_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from slicelab.jobs.specs import Device

_PATIENCE = timedelta(days=365)
"""How long processes wait for the word of the first one: it may prepare volumes for hours, or pause for a night. One
that dies is noticed at once all the same, by its closed connection and by torchrun."""


class Ranks:
    """The processes of a job, seen from one of them.

    Args:
        place: which one.
        control: the group in which the first one is listened to; None for a process alone.

    """

    def __init__(self, place: Place, control: dist.ProcessGroup | None) -> None:
        self.rank, self.world = place.rank, place.world
        self.first, self.many = place.first, control is not None
        self._control = control

    def part(self, batch: int) -> slice:
        """Own share of a joint batch, whose slices lie side by side.

        Raises:
            JobError: the batch cannot be divided.

        """
        require_equal_shares(batch, self.world)
        size = batch // self.world
        return slice(self.rank * size, (self.rank + 1) * size)

    def spread(self, module: nn.Module, trained: Iterable[nn.Parameter]) -> nn.Module:
        """The module with gradients averaged over the processes; call it instead of the module.

        Args:
            module: its forward pass uses every one of the trained parameters.
            trained: parameters that learn; the module's others are frozen.

        """
        if not self.many:
            return module
        learns = {id(parameter) for parameter in trained}
        for parameter in module.parameters():
            parameter.requires_grad_(id(parameter) in learns)
        return nn.parallel.DistributedDataParallel(module)

    def joined(self, share: Tensor) -> Tensor:
        """Everybody's shares ``(view, slice, feature)``, joined along the slices in the order of the joint batch."""
        if not self.many:
            return share
        return cast("Tensor", _Joined.apply(share, self.rank, self.world))  # type: ignore[no-untyped-call]  # torch's

    def average(self, value: Tensor) -> Tensor:
        """The mean over the processes, without gradient."""
        if not self.many:
            return value
        total = value.detach().to(torch.float32).clone()
        dist.all_reduce(total)
        return total / self.world

    def agreed(self, ask: Callable[[], bool]) -> bool:
        """What the first process answers. All must ask the same questions in the same order."""
        if not self.many:
            return ask()
        answer = torch.tensor([self.first and ask()], dtype=torch.uint8)
        dist.broadcast(answer, src=0, group=self._control)
        return bool(answer.item())

    def told(self, text: str) -> str:
        """The first process's text."""
        if not self.many:
            return text
        # As bytes: torch's own way for objects unpickles what another machine sends.
        encoded = bytearray(text.encode()) if self.first else bytearray()
        length = torch.tensor([len(encoded)], dtype=torch.int64)
        dist.broadcast(length, src=0, group=self._control)
        sent = torch.frombuffer(encoded, dtype=torch.uint8) if encoded else torch.empty(0, dtype=torch.uint8)
        letters = sent if self.first else torch.empty(int(length.item()), dtype=torch.uint8)
        if len(letters):
            dist.broadcast(letters, src=0, group=self._control)
        return bytes(letters.tolist()).decode()

    def number(self, value: float) -> float:
        """The first process's value, to the last bit: what the course of the training depends on must be one."""
        return float(self.told(repr(value)))

    def lost(self, error: BaseException) -> bool:
        """Whether an error says that another process is gone."""
        signs = ("gloo", "nccl", "connection", "process group")
        return self.many and (isinstance(error, dist.DistError) or any(sign in str(error).lower() for sign in signs))

    def leave(self) -> None:
        """The job is done. After a failure, the end of the process does this, for what hangs may not be waited for."""
        if self.many:
            dist.destroy_process_group()


ALONE = Ranks(ONLY, None)
"""One process, which asks nobody and opens no connection."""


def join(place: Place, device: Device) -> Ranks:
    """Meet the other processes of the job.

    Args:
        place: as torchrun told it.
        device: what the job asks for.

    Raises:
        JobError: there are more processes than GPUs, or they do not find each other.

    """
    if place.world == 1:
        return ALONE
    gpu = device in ("auto", "cuda") and torch.cuda.is_available()
    if gpu and place.local_world > torch.cuda.device_count():
        count = torch.cuda.device_count()
        raise JobError(
            f"{place.local_world} processes were started, and this machine has {count} GPU{'s' if count != 1 else ''}.",
            "Start one process for each GPU, or use the CPU (--device cpu).",
        )
    if device == "mps" or (device == "auto" and torch.backends.mps.is_available()):
        raise JobError("Several processes cannot share an Apple GPU.", "Use one process, or the CPU (--device cpu).")
    if gpu:
        torch.cuda.set_device(place.local_rank)
    try:
        dist.init_process_group(
            "cpu:gloo,cuda:nccl" if gpu else "gloo",
            init_method=f"file://{place.meeting}" if place.meeting else "env://",
            rank=place.rank,
            world_size=place.world,
        )
        control = dist.new_group(backend="gloo", timeout=_PATIENCE)
    except (RuntimeError, ValueError) as error:
        raise JobError(
            "The processes of the job did not find each other.",
            "Check that all machines can reach the first one, and that the port is free.",
        ) from error
    return Ranks(place, cast("dist.ProcessGroup", control))


def require_same_folder(ranks: Ranks, step: int | None, folder: Path) -> None:
    """Check that this process sees the run as the first one does.

    Args:
        ranks: all of them.
        step: of the checkpoint found here.
        folder: the run's.

    Raises:
        JobError: it sees another checkpoint, or none.

    """
    if ranks.told(str(step)) != str(step):
        raise JobError(
            f"The processes do not see the same state of run {folder.name}.",
            "Check that all machines reach the project on the same drive, and start the job again.",
        )


class _Joined(torch.autograd.Function):
    """Gathers shares; torch's own gathering with gradients is deprecated.

    Backward, see the module's text.
    """

    @staticmethod
    def forward(ctx: Any, share: Tensor, rank: int, world: int) -> Tensor:
        ctx.rank, ctx.world = rank, world
        parts = [torch.empty_like(share, memory_format=torch.contiguous_format) for _ in range(world)]
        dist.all_gather(parts, share.contiguous())
        return torch.cat(parts, dim=1)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        own = gradients[0].chunk(ctx.world, dim=1)[ctx.rank]
        return own * ctx.world, None, None
