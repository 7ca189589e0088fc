"""Where the ledger's ticks lie: pure arithmetic, so that drawing and clicking agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from slicelab.core.slices import Overall, overall

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.core.slices import States

_MAX_TICK = 12.0
_MIN_PITCH = 4.0
_GLYPH_WIDTH = 5.0


class TickState(StrEnum):
    """What one tick shows."""

    UNLABELLED = "unlabelled"
    DRAFT = "draft"
    PARTLY = "partly done"
    DONE = "done"
    EMPTY = "verified empty"


def tick_states(
    states: Sequence[States], painted: Sequence[bool], class_values: tuple[int, ...]
) -> tuple[TickState, ...]:
    """Per slice, the one state shown.

    Args:
        states: per slice, class value to state.
        painted: per slice, whether it has any labelled voxel.
        class_values: the project's classes.

    """
    shown = []
    for slice_states, has_voxels in zip(states, painted, strict=True):
        state = overall(slice_states, class_values)
        if state is Overall.DONE:
            shown.append(TickState.DONE if has_voxels else TickState.EMPTY)
        else:
            shown.append(TickState(state.value))
    return tuple(shown)


@dataclass(frozen=True)
class LedgerLayout:
    """Ticks between two margins, evenly spaced.

    Attributes:
        slices: how many.
        left: first pixel of the ticks.
        width: pixels for all ticks.

    """

    slices: int
    left: float
    width: float

    @property
    def pitch(self) -> float:
        """Pixels from one tick to the next."""
        return self.width / max(self.slices, 1)

    @property
    def tick_width(self) -> float:
        """Width of a tick."""
        return min(_MAX_TICK, max(self.pitch - (3.0 if self.pitch > 2 * _MIN_PITCH else 1.0), 1.0))

    @property
    def glyphs(self) -> bool:
        """Whether ticks are wide enough for check marks and slashes."""
        return self.tick_width >= _GLYPH_WIDTH

    @property
    def number_every(self) -> int:
        """Which slice numbers are written."""
        return next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**6) if step * self.pitch >= 34)

    def centre(self, index: int) -> float:
        """Middle of a tick."""
        return self.left + (index + 0.5) * self.pitch

    def at(self, x: float) -> int | None:
        """The slice under a place, None beside the ticks."""
        index = int((x - self.left) // self.pitch) if self.slices else -1
        return index if 0 <= index < self.slices else None
