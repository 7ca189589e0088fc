"""Damaged files by the thousand, through the real reader process; counted, timed and weighed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from foreign_kit import FORMATS, affine_of, voxels, write

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers import VolumeReader
from slicelab.data.readers.limits import memory_for, seconds_for

SHAPE = (24, 20, 6)


@dataclass
class Torture:
    """What became of the files.

    Attributes:
        outcome: ``read`` or ``refused``, counted by format.
        broken: anything that must not be: other exceptions, answers that took too long, too much memory.
        ended: how often a reader process had to be replaced.

    """

    outcome: Counter[tuple[str, str]] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    ended: int = 0
    slowest: float = 0.0
    memory: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        rows = [
            f"{name:8s} read {self.outcome[name, 'read']:6d}   refused {self.outcome[name, 'refused']:6d}"
            for name in FORMATS
        ]
        return "\n".join(
            [
                *rows,
                f"{sum(self.outcome.values())} files in {self.seconds:.0f} s; slowest {self.slowest:.2f} s; "
                f"reader process at most {self.memory / 1e6:.0f} MB, replaced {self.ended} times; "
                f"broken {len(self.broken)}",
                *self.broken[:20],
            ]
        )


def mutated(whole: bytes, rng: np.random.Generator) -> bytes:
    """One seeded damage: bits, bytes, numbers in the header, pieces cut, doubled, blanked or swapped."""
    raw = bytearray(whole)
    head = min(len(raw), 700)
    kind = rng.integers(8)
    if kind == 0:
        for place in rng.integers(head, size=rng.integers(1, 9)):
            raw[place] ^= 1 << int(rng.integers(8))
    elif kind == 1:
        for place in rng.integers(len(raw), size=rng.integers(1, 30)):
            raw[place] = int(rng.integers(256))
    elif kind == 2:
        extremes = [0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF]
        size = int(rng.choice([1, 2, 4]))
        place = int(rng.integers(max(1, head - 4)))
        raw[place : place + size] = (int(rng.choice(extremes)) & (256**size - 1)).to_bytes(size, "little")
    elif kind == 3:
        digits = [n for n in range(head) if 48 <= raw[n] <= 57] or [0]
        for place in rng.choice(digits, size=min(len(digits), 3)):
            raw[place : place + 1] = str(rng.choice(["-", "999999", "0", "9", "e99", "nan", " "])).encode()
    elif kind == 4:
        del raw[int(rng.integers(len(raw))) :]
    elif kind == 5:
        a, b = sorted(rng.integers(len(raw), size=2).tolist())
        del raw[a : min(b, a + 200)]
    elif kind == 6:
        a, b = sorted(rng.integers(len(raw), size=2).tolist())
        raw[a:a] = raw[a : min(b, a + 200)]
    else:
        a = int(rng.integers(len(raw)))
        raw[a : a + 64] = bytes([int(rng.choice([0, 255]))]) * len(raw[a : a + 64])
    return bytes(raw)


def torture(folder: Path, count: int, seed: int = 0, tell: Callable[[int], None] = lambda done: None) -> Torture:
    """Read ``count`` damaged files, dealt over all formats."""
    wholes = {}
    for name in FORMATS:
        path = write(folder / "whole", name, voxels(SHAPE, dtype=np.uint16), affine_of())
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        wholes[name] = (path, files[0].read_bytes(), files[0])
    result = Torture()
    declared = int(np.prod(SHAPE)) * 4
    began = time.monotonic()
    with VolumeReader() as reader:
        reader.read(wholes["dicom"][0])
        reader.read(wholes["nii"][0])
        for number in range(count):
            name = FORMATS[number % len(FORMATS)]
            path, whole, file = wholes[name]
            file.write_bytes(mutated(whole, np.random.default_rng((seed, number))))
            _one(reader, path, name, number, declared, result)
            file.write_bytes(whole)
            tell(number + 1)
        result.ended = reader.restarts
    result.seconds = time.monotonic() - began
    return result


def _one(reader: VolumeReader, path: Path, name: str, number: int, declared: int, result: Torture) -> None:
    began = time.monotonic()
    try:
        read = reader.read(path)
        result.outcome[name, "read"] += 1
        if not np.isfinite(read.volume.voxels).all():
            result.broken.append(f"{name} {number}: voxels that are not finite")
    except UnreadableFileError as error:
        result.outcome[name, "refused"] += 1
        if str(path.parent) in str(error):
            result.broken.append(f"{name} {number}: the message names the file")
    except Exception as error:
        result.broken.append(f"{name} {number}: {type(error).__name__}: {error}")
    seconds = time.monotonic() - began
    result.slowest = max(result.slowest, seconds)
    process = reader._process
    if process is not None and process.alive:
        memory = psutil.Process(process.pid).memory_info().rss
        result.memory = max(result.memory, memory)
        if memory > memory_for(declared):
            result.broken.append(f"{name} {number}: {memory / 1e6:.0f} MB")
    if seconds > 5 * seconds_for(declared):  # wall clock of a machine that may be busy
        result.broken.append(f"{name} {number}: {seconds:.1f} s")
