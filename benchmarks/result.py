"""What a benchmark found: ours against a reference, and the hardware and versions it was measured with."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import psutil

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slicelab.learn.device import Compute

_PACKAGES = ("slicelab", "torch", "numpy", "scipy")


@dataclass(frozen=True)
class Goal:
    """What a ratio should be.

    Attributes:
        sign: on which side of the number.
        number: the bound itself still meets the goal.

    """

    sign: Literal[">=", "<="]
    number: float

    def met(self, ratio: float) -> bool:
        """Whether a ratio meets it."""
        return ratio >= self.number if self.sign == ">=" else ratio <= self.number

    def __str__(self) -> str:
        return f"{self.sign} {self.number:g}"


@dataclass(frozen=True)
class Result:
    """One finding.

    Attributes:
        name: the benchmark, and after a slash what of it.
        ratio: ours divided by the reference in the unit that the goal speaks of; None where nothing could be compared.
        goal: what the ratio should be; None for a figure that is only told.
        ours: figures of slicelab, the unit in each name.
        reference: figures of what it is held against, or the limit.
        hardware: see :func:`hardware`.
        versions: see :func:`versions`.

    """

    name: str
    ratio: float | None
    goal: Goal | None
    ours: Mapping[str, Any]
    reference: Mapping[str, Any]
    hardware: Mapping[str, Any]
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal or without a ratio."""
        return None if self.goal is None or self.ratio is None else self.goal.met(self.ratio)

    def told(self) -> dict[str, Any]:
        """The result as one JSON object."""
        return {
            "name": self.name,
            "ratio": None if self.ratio is None else round(self.ratio, 4),
            "goal": None if self.goal is None else str(self.goal),
            "met": self.met,
            "ours": _rounded(self.ours),
            "reference": _rounded(self.reference),
            "hardware": dict(self.hardware),
            "versions": dict(self.versions),
        }


def hardware(compute: Compute | None = None) -> dict[str, Any]:
    """The machine in a few words, and how busy it was when asked.

    Args:
        compute: where the benchmark computes, if it does so itself.

    """
    facts: dict[str, Any] = {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
    }
    if compute is not None:
        facts["device"] = compute.words
    return facts


def versions(more: Sequence[str] = ()) -> dict[str, str]:
    """Versions of Python, of the packages everything rests on, and of further packages."""
    return {"python": platform.python_version(), **{name: _version(name) for name in (*_PACKAGES, *more)}}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _rounded(value: Any) -> Any:
    """Floats to five significant digits, however deep."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return value
