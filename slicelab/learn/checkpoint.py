"""The checkpoint: all a training needs to go on, as one file of the run's folder, written whole or not at all.

Tensors lie in a safetensors file, numbers as JSON in its metadata; nothing is unpickled. A checksum finds accidents, a
fingerprint tells checkpoints of another job apart, and names, types, shapes and sizes are checked before use.
"""

from __future__ import annotations

import json
import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import torch
from pydantic import Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from slicelab.data.atomic import write_bytes
from slicelab.jobs.base import Frozen
from slicelab.learn.device import ComputeRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from torch import Tensor

    from slicelab.jobs.specs import AnyJob
    from slicelab.learn.state import Plain, State

_KEY = "slicelab_checkpoint"
_HEAD_LIMIT, _FILE_LIMIT = 1_000_000, 1 << 34
_TYPES = frozenset(("F32", "F64", "I64", "U8"))
_COPIES, _SLACK = 8, 1 << 24
"""A state holds at most so many tensors for each one of a new training (weights, averages, best, two moments)."""


class CheckpointHead(Frozen):
    """What a checkpoint says of itself."""

    format: Literal[1] = 1
    """Version of the file."""
    fingerprint: str
    """Hash of the job, its labels and the model it started from."""
    phase: str
    """Part of the job it was taken in."""
    step: int = Field(ge=0)
    """Steps of the whole job done; 0 where a training had to return to its beginning with other settings."""
    compute: ComputeRecord
    """Where it was computed: with another number of threads or format, losses differ in their last bits."""
    processes: int = Field(default=1, ge=1)
    """Processes that shared each batch; sums are added up in another order with another number."""
    torch: str
    """Version of torch."""
    values: dict[str, bool | int | float | None]
    """The state's numbers; names of inner states are joined by slashes."""
    crc32: int
    """Checksum of all the above and of the tensors."""


class UnusableError(ValueError):
    """A checkpoint that cannot be used; the text says why, in words that follow "because"."""


def fingerprint(job: AnyJob, project: Path) -> str:
    """Hash of all that decides what a job computes, but for the device, which may change, and the images."""
    free: dict[str, bool | set[str]] = {"survive_window": True, "checkpoint_s": True, "device": True}
    # Fields that jobs did not always have: as long as they say nothing new, a job is the one it was before.
    if job.network.padding == "zeros":
        free["network"] = {"padding"}
    if job.kind == "finetune" and not job.left_out:
        free["left_out"] = True
    if job.kind == "finetune":
        free["test_patients"] = True  # only told; nothing is computed from it
    if job.kind in ("compare", "crossvalidate"):
        free["test_cases"] = True  # likewise
    if job.kind in ("finetune", "compare", "crossvalidate") and not job.settings.passes:
        free["settings"] = {"passes"}
    if job.kind in ("finetune", "compare", "crossvalidate"):
        free["reader"] = True  # whose labels they are is only told; which they are is in the snapshot
    digest = sha256(job.model_dump_json(exclude=free).encode())
    inputs = [project / "runs" / job.run / "labels.npz"]
    if job.kind in ("finetune", "compare", "crossvalidate") and job.init is not None:
        inputs.append(project / "runs" / job.init / "model.json")
    for path in inputs:
        digest.update(sha256(path.read_bytes() if path.is_file() else b"").digest())
    return digest.hexdigest()


def write(path: Path, head: CheckpointHead, state: State) -> None:
    """Write a checkpoint; ``values`` and ``crc32`` of the head are filled in here.

    Raises:
        StorageError: the disk refused; the checkpoint before is untouched.

    """
    tensors, values = _flat(state)
    head = head.model_copy(update={"values": values})
    head = head.model_copy(update={"crc32": _checksum(head, tensors)})
    # JSON as Python writes it gives every float back bit for bit, and knows Infinity.
    write_bytes(path, save(tensors, {_KEY: json.dumps(head.model_dump())}))


def read_head(path: Path, wanted: str) -> CheckpointHead | None:
    """What a checkpoint says of itself; None if there is none.

    Args:
        path: the file.
        wanted: fingerprint of the job that wants to go on.

    Raises:
        UnusableError: it is damaged, foreign, or belongs to another job.

    """
    if not path.exists():
        return None
    try:
        if not path.is_file() or path.stat().st_size > _FILE_LIMIT:
            raise UnusableError("it is not a file of a possible size")
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get(_KEY, "")
        if len(text) > _HEAD_LIMIT:
            raise UnusableError("its description is far too large")
        head = CheckpointHead.model_validate(json.loads(text))
    except (OSError, SafetensorError, ValidationError, RecursionError, json.JSONDecodeError) as error:
        raise UnusableError("it is damaged") from error
    if head.fingerprint != wanted:
        raise UnusableError("it belongs to another job")
    return head


def read_state(path: Path, head: CheckpointHead, fresh: State) -> State:
    """The state in a checkpoint.

    Args:
        path: the file.
        head: as :func:`read_head` gave it.
        fresh: the state of a new training of the job, which bounds what is read into memory.

    Raises:
        UnusableError: it is damaged, or larger than a state of this job can be.

    """
    limit = _COPIES * sum(value.nbytes for value in _flat(fresh)[0].values()) + _SLACK
    try:
        if path.stat().st_size > limit:
            raise UnusableError("it is larger than a checkpoint of this job can be")
        with safe_open(path, framework="pt") as file:
            names = list(file.keys())
            if any(file.get_slice(name).get_dtype() not in _TYPES for name in names):
                raise UnusableError("it holds tensors of an unknown type")
            # Copies, because a mapped file changes with its file, and lies anywhere in memory.
            tensors = {name: file.get_tensor(name).clone() for name in names}
    except (OSError, SafetensorError, RuntimeError) as error:
        raise UnusableError("it is damaged") from error
    if _checksum(head, tensors) != head.crc32:
        raise UnusableError("it is damaged")
    return _nested({**tensors, **head.values})


def _checksum(head: CheckpointHead, tensors: Mapping[str, Tensor]) -> int:
    crc = zlib.crc32(json.dumps(head.model_dump(exclude={"crc32"}), sort_keys=True).encode())
    for name in sorted(tensors):
        one = tensors[name]
        crc = zlib.crc32(f"{name}{one.dtype}{tuple(one.shape)}".encode(), crc)
        crc = zlib.crc32(one.reshape(-1).view(torch.uint8).numpy().data, crc)
    return crc


def _flat(state: State) -> tuple[dict[str, Tensor], dict[str, Plain]]:
    """Tensors (on the CPU, contiguous) and numbers by path."""
    tensors: dict[str, Tensor] = {}
    values: dict[str, Plain] = {}
    for path, value in _leaves(state, ""):
        if isinstance(value, torch.Tensor):
            tensors[path] = value.detach().cpu().contiguous()
        else:
            values[path] = value
    return tensors, values


def _leaves(state: State, prefix: str) -> Iterator[tuple[str, Tensor | Plain]]:
    for name, value in state.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{name}/")
        else:
            yield prefix + name, value


def _nested(flat: Mapping[str, Tensor | Plain]) -> State:
    state: State = {}
    for path, value in flat.items():
        *groups, name = path.split("/")
        place = state
        for group in groups:
            inner = place.setdefault(group, {})
            if not isinstance(inner, dict):
                raise UnusableError("its names contradict each other")
            place = inner
        if name in place:
            raise UnusableError("its names contradict each other")
        place[name] = value
    return state
