"""What a network makes of each slice of a project, as one vector a slice: kept in the run's folder that computed it."""

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

EMBEDDINGS = "embeddings.npz"
FORMAT = 1


@dataclass(frozen=True, eq=False)
class Embeddings:
    """The slices of cases, each as a vector.

    Attributes:
        model: the run whose network it was.
        weights_sha256: checksum of that network's weights.
        volumes: case id to the checksum of its volume.
        features: case id to ``(slice, channel)`` float32, the mean of the bottleneck's features over the slice.

    """

    model: str
    weights_sha256: str
    volumes: dict[str, str]
    features: dict[str, npt.NDArray[np.float32]]

    def speaks_of(self, volumes: dict[str, str], weights_sha256: str) -> bool:
        """Whether it holds all these volumes, seen by these very weights."""
        return self.weights_sha256 == weights_sha256 and volumes.items() <= self.volumes.items()


def save_embeddings(path: Path, embeddings: Embeddings) -> None:
    """Write them (numpy .npz without pickled objects), atomically."""
    cases = list(embeddings.features)
    head = {
        "format": FORMAT, "model": embeddings.model, "weights_sha256": embeddings.weights_sha256, "cases": cases,
        "volumes": [embeddings.volumes[case] for case in cases],
    }  # fmt: skip
    arrays = {f"features{k}": embeddings.features[case].astype(np.float32) for k, case in enumerate(cases)}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, head=np.frombuffer(json.dumps(head).encode(), np.uint8), **arrays)
    write_bytes(path, buffer.getvalue())


def load_embeddings(path: Path) -> Embeddings:
    """Read them.

    Raises:
        SlicelabError: the file is missing or damaged.

    """
    try:
        with np.load(path, allow_pickle=False) as file:
            head = json.loads(file["head"].tobytes())
            found = {case: file[f"features{k}"] for k, case in enumerate(head["cases"])}
            volumes = dict(zip(head["cases"], head["volumes"], strict=True))
            if head["format"] != FORMAT or any(one.ndim != 2 or one.dtype != np.float32 for one in found.values()):
                raise ValueError
            return Embeddings(str(head["model"]), str(head["weights_sha256"]), volumes, found)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise SlicelabError(
            "The slice embeddings of this run are missing or damaged.", "Compute them again."
        ) from error
