"""Memory that runs out: told apart from other failures, made free again, and got along with by smaller batches."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import torch

from slicelab.core.errors import BeginAgainError, NoMemoryError
from slicelab.jobs.events import BatchHalved
from slicelab.learn.state import DoesNotFitError, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from slicelab.jobs.events import AnyEvent
    from slicelab.learn.state import State

_SIGNS = ("out of memory", "can't allocate memory", "not enough memory", "alloc_failed")
"""How torch's allocators, Apple's among them, and CUDA's libraries say it; only CUDA's has a class of its own."""
HALVINGS = 3


def out_of_memory(error: BaseException) -> bool:
    """Whether an exception says that memory ran out, on whatever device."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in _SIGNS)


def free() -> None:
    """Give what nobody uses back to the device; call it when no exception holds tensors alive any more."""
    gc.collect()
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        torch.cuda.empty_cache()
    if torch.backends.mps.is_available():
        torch.mps.empty_cache()


class Batch:
    """How many slices are computed at once: halved up to three times.

    A smaller batch is another computation. NT-Xent has fewer negatives, and soft Dice is taken over fewer slices, so
    that two halves with summed gradients would not be the whole either; the number of steps stays as it was.

    Args:
        full: slices, as the settings say.
        smallest: fewest that still teach anything (contrastive: 2).
        shares: processes that divide each batch equally.

    """

    def __init__(self, full: int, smallest: int = 1, shares: int = 1) -> None:
        self.size = full
        self._full, self._smallest, self._shares = full, smallest, shares
        self._halvings = 0

    @property
    def can_halve(self) -> bool:
        """Whether half as many may be tried."""
        half = self.size // 2
        return self._halvings < HALVINGS and half >= self._smallest and half % self._shares == 0

    def halve(self) -> bool:
        """Take half as many from now on; false if that cannot be."""
        if not self.can_halve:
            return False
        self.size //= 2
        self._halvings += 1
        return True

    def fill(self) -> None:
        """Take as many as at first."""
        self.size, self._halvings = self._full, 0

    def state(self) -> State:
        """The halvings so far."""
        return {"halvings": self._halvings}

    def restore(self, state: State) -> None:
        """Go on from a state."""
        self.fill()
        for _ in range(whole(state, "halvings")):
            if not self.halve():
                raise DoesNotFitError("the batch cannot have been halved so often")


def in_smaller_batches(
    batch: Batch, step: int, device: torch.device, once: Callable[[int], Iterator[AnyEvent]]
) -> Iterator[AnyEvent]:
    """Do something again from its beginning, in smaller batches, as often as memory runs out.

    Args:
        batch: stays halved for whatever comes after.
        step: steps of the whole job done before, for the event.
        device: where it computes, for the words.
        once: does it, given the batch.

    Raises:
        NoMemoryError: also the smallest batch is too large.

    """
    while True:
        try:
            yield from once(batch.size)
            return
        except (RuntimeError, MemoryError) as error:
            if not out_of_memory(error):
                raise
        free()  # outside of the except clause, whose exception holds the frames that failed
        if not batch.halve():
            raise no_memory(device, batch.size)
        yield BatchHalved(batch=batch.size, step=step)


def no_memory(device: torch.device, batch: int | None = None) -> NoMemoryError:
    """What a person is told when nothing smaller is left to try.

    Args:
        device: where memory ran out.
        batch: slices at once that were still too many; None if it was not for the batch.

    """
    tried = "" if batch is None else f", even for {batch} slice{'s' if batch != 1 else ''} at once"
    if device.type == "cpu":
        return NoMemoryError(
            f"The computer has too little free memory for this job{tried}.", "Close other programs.", offer_cpu=False
        )
    return NoMemoryError(
        f"The GPU has too little free memory for this job{tried}.",
        "Train on the CPU, which is slower, or close other programs that use the GPU.",
        offer_cpu=True,
    )


def begin_again(device: torch.device, batch: int) -> BeginAgainError:
    """Why a process of several ends; what it says is heard where nobody starts them again.

    Args:
        device: where memory ran out.
        batch: slices, of all processes together, that were too many.

    """
    short = no_memory(device, batch)
    return BeginAgainError(short.message, "Start it once more: it takes half as many slices at once from then on.")
