"""How a slice's mask and states lie in the database: zlib over uint8, states as JSON."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.labels import SliceState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slicelab.data.store.records import MaskArray

_LEVEL = 1  # a mask of large flat areas: higher levels cost time on every stroke and gain little


@dataclass(frozen=True)
class Packed:
    """A compressed mask: ``data`` is zlib over row-major uint8."""

    rows: int
    columns: int
    data: bytes


def pack(mask: MaskArray) -> Packed:
    """Compress a mask ``(row, column)``, uint8.

    Raises:
        ValueError: it is not two-dimensional or not uint8.

    """
    if mask.ndim != 2 or mask.dtype != np.uint8:
        raise ValueError(f"a slice's mask is (row, column) uint8, not {mask.ndim}-D {mask.dtype}")
    return Packed(mask.shape[0], mask.shape[1], zlib.compress(mask.tobytes(), _LEVEL))


def unpack(data: bytes, rows: int, columns: int) -> MaskArray:
    """The mask ``(row, column)``, uint8, writable."""
    return np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(rows, columns).copy()


def states_to_json(states: Mapping[int, SliceState]) -> str:
    """Class value to state, as text."""
    return json.dumps({str(value): state.value for value, state in sorted(states.items())})


def states_from_json(text: str) -> dict[int, SliceState]:
    """Class value to state, from text."""
    return {int(value): SliceState(state) for value, state in json.loads(text).items()}
