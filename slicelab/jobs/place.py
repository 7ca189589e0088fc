"""Which of a job's processes this one is. One of several is told so by torchrun, in its environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.errors import JobError

if TYPE_CHECKING:
    from collections.abc import Mapping

RENDEZVOUS = "SLICELAB_RENDEZVOUS"
"""Environment variable with the file by which processes of one machine find each other instead of at a port."""


@dataclass(frozen=True)
class Place:
    """One process among those of its job.

    Attributes:
        rank: 0 is the first; it alone writes into the run's folder.
        world: processes in all.
        local_rank: the number on this machine, which is also that of its GPU.
        local_world: processes on this machine.
        meeting: file by which they find each other; empty if by torchrun's address and port.
        begun_again: how often all processes were started again after one had ended.
        begins_again: how often they are, at most.

    """

    rank: int = 0
    world: int = 1
    local_rank: int = 0
    local_world: int = 1
    meeting: str = ""
    begun_again: int = 0
    begins_again: int = 0

    @property
    def first(self) -> bool:
        """Whether this process speaks for the job."""
        return self.rank == 0

    @property
    def once_more(self) -> bool:
        """Whether all processes are started again when one ends."""
        return self.begun_again < self.begins_again

    @classmethod
    def told(cls, environment: Mapping[str, str] = os.environ) -> Place:
        """The place torchrun gave this process; without torchrun it is alone."""
        if not {"RANK", "WORLD_SIZE"} <= set(environment):
            return cls()
        return cls(
            rank=int(environment["RANK"]),
            world=int(environment["WORLD_SIZE"]),
            local_rank=int(environment.get("LOCAL_RANK", "0")),
            local_world=int(environment.get("LOCAL_WORLD_SIZE", "1")),
            meeting=environment.get(RENDEZVOUS, ""),
            begun_again=int(environment.get("TORCHELASTIC_RESTART_COUNT", "0")),
            begins_again=int(environment.get("TORCHELASTIC_MAX_RESTARTS", "0")),
        )

    def environment(self) -> dict[str, str]:
        """What :meth:`told` reads."""
        return {
            "RANK": str(self.rank),
            "WORLD_SIZE": str(self.world),
            "LOCAL_RANK": str(self.local_rank),
            "LOCAL_WORLD_SIZE": str(self.local_world),
            RENDEZVOUS: self.meeting,
            "TORCHELASTIC_RESTART_COUNT": str(self.begun_again),
            "TORCHELASTIC_MAX_RESTARTS": str(self.begins_again),
        }


ONLY = Place()
"""A process alone."""


def require_equal_shares(batch: int, processes: int) -> None:
    """Check that a batch can be divided.

    Raises:
        JobError: the shares would differ, and a mean over them would not be the mean over the batch.

    """
    if batch % processes:
        fitting = [str(n) for n in range(2, min(batch, 64) + 1) if batch % n == 0]
        choose = f"Choose {', '.join(fitting)} processes, or one." if fitting else "Use one process."
        raise JobError(f"A batch of {batch} slices cannot be divided equally among {processes} processes.", choose)
