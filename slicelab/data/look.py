"""A look inside a pretraining: what its network was given of one slice, and made of it; kept in the run's folder."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from slicelab.core.errors import SlicelabError
from slicelab.data.atomic import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

LOOK = "look.npz"
FORMAT = 1
ORIGINAL, CORRUPTED, RESTORED = "original", "corrupted", "restored"
"""What a regression shows: the slice, what the network was given of it, what it made of that."""
FIRST, SECOND = "first", "second"
"""What contrastive learning shows beside the slice: its two views."""


@dataclass(frozen=True)
class Dot:
    """A slice where a contrastive pretraining has put it so far.

    Attributes:
        case: case id.
        slice: in its stack, from 0.
        x, y: 0 to 1, y upwards.

    """

    case: str
    slice: int
    x: float
    y: float


@dataclass(frozen=True, eq=False)
class Look:
    """Pictures of one slice out of a step of a pretraining.

    Attributes:
        step: steps of the whole job done.
        phase: regression, blocks, global or local.
        case: case id.
        slice: in its stack, from 0.
        pictures: name to ``(row, column)`` uint8, all of one shape, in the order they are shown; oriented as a stack.
        dots: slices on a plane, of a contrastive pretraining.

    """

    step: int
    phase: str
    case: str
    slice: int
    pictures: dict[str, npt.NDArray[np.uint8]]
    dots: tuple[Dot, ...] = ()


def save_look(path: Path, look: Look) -> None:
    """Write it (numpy .npz without pickled objects), atomically.

    Raises:
        StorageError: the disk refused.

    """
    head = {
        "format": FORMAT, "step": look.step, "phase": look.phase, "case": look.case, "slice": look.slice,
        "names": list(look.pictures), "dots": [[one.case, one.slice, one.x, one.y] for one in look.dots],
    }  # fmt: skip
    buffer = io.BytesIO()
    stacked = np.stack(list(look.pictures.values()))
    np.savez(buffer, allow_pickle=False, head=np.frombuffer(json.dumps(head).encode(), np.uint8), pictures=stacked)
    write_bytes(path, buffer.getvalue())


def load_look(path: Path) -> Look:
    """Read it.

    Raises:
        SlicelabError: the file is missing or damaged.

    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
            head = json.loads(file["head"].tobytes())
            stacked = file["pictures"]
        if head["format"] != FORMAT or stacked.ndim != 3 or stacked.dtype != np.uint8:
            raise ValueError
        pictures = dict(zip(head["names"], stacked, strict=True))
        dots = tuple(Dot(str(c), int(at), float(x), float(y)) for c, at, x, y in head.get("dots", ()))
        return Look(int(head["step"]), str(head["phase"]), str(head["case"]), int(head["slice"]), pictures, dots)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise SlicelabError("The look inside this run is missing or damaged.", "The run goes on without it.") from error
