"""What goes between a window and its reader process: one JSON object a line, voxels as ``.npy`` files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.errors import SlicelabError, UnreadableFileError
from slicelab.core.geometry import Geometry
from slicelab.core.volume import Volume
from slicelab.data.readers.model import Discovery, ReadVolume, Refusal, Source

if TYPE_CHECKING:
    import numpy.typing as npt

Message = dict[str, Any]


def volume_message(read: ReadVolume) -> Message:
    """A read volume without its voxels."""
    grid = read.volume.geometry
    return {
        "affine": grid.affine.tolist(),
        "acquisition_axis": grid.acquisition_axis,
        "format": read.format,
        "sha256": read.sha256,
        "notes": list(read.notes),
        "description": read.description,
        "patient_key": read.patient_key,
        "window": read.window,
    }


def volume_of(message: Message, voxels: npt.NDArray[Any]) -> ReadVolume:
    """A read volume from its message and its voxels ``(i, j, k)``."""
    window = message["window"]
    shape = (voxels.shape[0], voxels.shape[1], voxels.shape[2])
    return ReadVolume(
        volume=Volume(voxels, Geometry(shape, np.array(message["affine"]), message["acquisition_axis"])),
        format=message["format"],
        sha256=message["sha256"],
        notes=tuple(message["notes"]),
        description=message["description"],
        patient_key=message["patient_key"],
        window=None if window is None else (float(window[0]), float(window[1])),
    )


def discovery_message(found: Discovery) -> Message:
    """What was found, paths as text."""
    return {
        "sources": [_plain(asdict(source)) for source in found.sources],
        "refused": [_plain(asdict(refusal)) for refusal in found.refused],
    }


def discovery_of(message: Message) -> Discovery:
    """What was found, from its message."""
    sources = [
        Source(
            **{
                **s,
                "image": Path(s["image"]),
                "label": None if s["label"] is None else Path(s["label"]),
                "matrix": None if s["matrix"] is None else (s["matrix"][0], s["matrix"][1]),
            }
        )
        for s in message["sources"]
    ]
    refused = [Refusal(Path(r["path"]), r["message"], r["remedy"]) for r in message["refused"]]
    return Discovery(tuple(sources), tuple(refused))


def error_message(error: SlicelabError) -> Message:
    """A refusal in the words of its error."""
    return {"message": error.message, "remedy": error.remedy}


def error_of(message: Message) -> UnreadableFileError:
    """The error that a reader process reported."""
    return UnreadableFileError(message["message"], message["remedy"])


def _plain(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: str(value) if isinstance(value, Path) else value for key, value in fields.items()}
