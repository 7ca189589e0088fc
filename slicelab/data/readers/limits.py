"""How large, how long and how much memory a foreign file may be, decided before anything is allocated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from slicelab.core.errors import UnreadableFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MAX_VOXELS = 1_000_000_000
MAX_BYTES = 4_000_000_000
BASE_SECONDS = 2.0
BYTES_PER_SECOND = 20e6
START_SECONDS = 20.0
"""CPU seconds a reader process may take to start and to import what a format needs."""
BASE_MEMORY = 500_000_000
"""Bytes of a reader process, its libraries included, before any voxel."""
MEMORY_FACTOR = 3
IDLE_SECONDS = 1.5
"""A reader that is over its time and has used no CPU for this long hangs; one that is starved by others does not."""
STARVED_FACTOR = 10.0


def _ignore(size: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Watch:
    """Where a reader says what it is about to do, so that somebody else can hold it to that.

    Attributes:
        declare: told the bytes of the whole volume before anything of that size is allocated.
        next_file: told the bytes of each file of a volume of many; its time starts anew.

    """

    declare: Callable[[int], None] = _ignore
    next_file: Callable[[int], None] = _ignore


def declared_bytes(shape: Sequence[int], item_size: int) -> int:
    """Bytes that a header's counts promise, checked against the limits.

    Raises:
        UnreadableFileError: a count is not positive, or the whole is too large.

    """
    counts = [int(n) for n in shape]
    if not counts or min(counts) < 1:
        raise UnreadableFileError(
            f"The file's header declares an impossible size ({_times(counts)}).", "The file may be damaged."
        )
    voxels = math.prod(counts)
    if voxels > MAX_VOXELS or voxels * item_size > MAX_BYTES:
        raise UnreadableFileError(
            f"The file's header declares {_times(counts)} voxels, more than can be read "
            f"({MAX_BYTES / 1e9:.0f} GB or {MAX_VOXELS / 1e9:.0f} billion voxels).",
            "If that is what it really holds, crop or split it; otherwise the file is damaged.",
        )
    return voxels * item_size


def seconds_for(size: int) -> float:
    """Time limit for a file that declares ``size`` bytes."""
    return BASE_SECONDS + size / BYTES_PER_SECOND


def memory_for(size: int) -> int:
    """Bytes of memory of a reader process while it reads a file that declares ``size`` bytes."""
    return MEMORY_FACTOR * size + BASE_MEMORY


def over_time(limit: float, *, wall: float, cpu: float | None, idle: float) -> bool:
    """Whether a reader has had its time.

    A machine under full load must not make good files unreadable, so computing time counts where it can be
    measured; waiting counts only once the limit is over and nothing has moved for :data:`IDLE_SECONDS`, or for a
    quarter of a longer limit (the start on a starved machine).

    Args:
        limit: seconds.
        wall: seconds since the stage began.
        cpu: processor seconds used since then, None where it cannot be measured.
        idle: seconds since the processor time last grew.

    """
    if cpu is None:
        return wall > 3 * limit
    hangs = wall > limit and idle > max(IDLE_SECONDS, limit / 4)
    return cpu > limit or hangs or wall > STARVED_FACTOR * limit


def _times(counts: Sequence[int]) -> str:
    return " x ".join(str(n) for n in counts)
