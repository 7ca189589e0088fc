"""The benchmarks by name: ``python -m benchmarks NAME [--json]``; without a name, the list of them.

Exit code 0: every goal was met, or there was none; 1: one was missed; 2: the command was not understood.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.result import Result

# As in a job: a waiting OpenMP thread sleeps instead of spinning. It counts only if it is set before torch starts.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


class Benchmark(Protocol):
    """What a module of a benchmark has."""

    __doc__: str | None

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add its own options."""

    def measure(self, asked: argparse.Namespace) -> list[Result]:
        """Measure."""


@dataclass(frozen=True)
class Entry:
    """A benchmark.

    Attributes:
        words: what it measures.
        minutes: about how long it takes on two cores.
        short: whether ``make bench`` runs it.

    """

    words: str
    minutes: str
    short: bool = False


BENCHMARKS = {
    "train-efficiency": Entry("training steps against the bare step on one fixed batch", "3", short=True),
    "predict-efficiency": Entry("prediction against the bare forward pass, and against MONAI", "2", short=True),
    "versus-monai": Entry(
        "images a second against the best MONAI script; --accuracy: Dice at equal time", "3", short=True
    ),
    "pool-scale": Entry("memory and time a step with 10, 100 and 1,000 volumes", "5", short=True),
    "window": Entry("strokes, slices, cases and the start against napari's own canvases", "8"),
    "stopping": Entry("from pressing Stop to the end of the process, for every kind of job", "15"),
    "first-minute": Entry("from pressing Train to a usable mask on another case", "25"),
    "versus-nnunet": Entry("nnU-Net v2 (2D) on the same cases: time to our Dice, and its Dice", "a GPU, or hours"),
}
"""Modules of this package that have ``add_arguments`` and ``measure``."""
SCRIPTS = {
    "phantom-difficulty": Entry("how hard the phantoms are (its own options and report)", "60"),
    "main-job": Entry("the main job on real volumes, fold by fold (its own options and report)", "25"),
    "paper-preset": Entry("every stage of the `paper` preset on real volumes (its own options and report)", "90"),
    "destreaking": Entry("streaks removed from simulated radial scans (its own options and report)", "1"),
}
"""Scripts of this folder with command lines of their own."""
SHORT = "short"
"""In place of a name: every short one."""


def main(words: Sequence[str] | None = None) -> int:
    """Run what was asked for, and print it; the exit code."""
    words = list(sys.argv[1:] if words is None else words)
    if not words or words[0] in ("-h", "--help"):
        print(listing())
        return 0
    name, rest = words[0], words[1:]
    if name in SCRIPTS:
        return script(name, rest)
    if name not in BENCHMARKS and name != SHORT:
        print(f"There is no benchmark {name!r}.\n\n{listing()}", file=sys.stderr)
        return 2
    chosen = _short() if name == SHORT else [name]
    asked = [parsed(one, name, rest) for one in chosen]
    results: list[Result] = []
    for one, options in zip(chosen, asked, strict=True):
        found = module(one).measure(options)
        results += found
        if not options.json:
            for result in found:
                print(line(result), flush=True)
    if asked[0].json:
        told = [result.told() for result in results]
        print(json.dumps(told[0] if len(told) == 1 else told, indent=1))
    return 1 if any(result.met is False for result in results) else 0


def parsed(name: str, typed: str, words: Sequence[str]) -> argparse.Namespace:
    """The options of a benchmark, as typed after ``typed``."""
    benchmark = module(name)
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks {typed}",
        description=benchmark.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="the results as JSON, and nothing else")
    parser.add_argument("--quick", action="store_true", help="tiny settings: tries the benchmark, measures nothing")
    parser.add_argument("--study", type=Path, help="a Decathlon folder; by default SLICELAB_TEST_DATA's or phantoms")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"), default="auto")
    benchmark.add_arguments(parser)
    return parser.parse_args(words)


def module(name: str) -> Benchmark:
    """The module of a benchmark."""
    return cast("Benchmark", import_module(f"benchmarks.{name.replace('-', '_')}"))


def script(name: str, words: Sequence[str]) -> int:
    """Run a script of this folder as if it had been called by its path; its exit code."""
    path = Path(__file__).with_name(f"{name.replace('-', '_')}.py")
    return subprocess.run([sys.executable, str(path), *words], check=False).returncode


def listing() -> str:
    """Every benchmark with what it measures."""
    rows = [
        f"  {name:20}{entry.words} [{entry.minutes}{' min' if entry.minutes.isdecimal() else ''}]"
        for name, entry in (BENCHMARKS | SCRIPTS).items()
    ]
    return "\n".join(
        ["python -m benchmarks NAME [--json] [--help]", "", *rows, "", f"  {SHORT:20}{', '.join(_short())}"]
    )


def line(result: Result) -> str:
    """A result on one line, for people."""
    ratio = "n/a" if result.ratio is None else f"{result.ratio:.3f}"
    verdict = {True: "met", False: "MISSED", None: ""}[result.met]
    goal = "" if result.goal is None else f"(goal {result.goal}) {verdict}"
    told = result.told()
    return f"{result.name:36}{ratio:>9} {goal:22} ours {told['ours']}  reference {told['reference']}"


def _short() -> list[str]:
    return [name for name, entry in BENCHMARKS.items() if entry.short]


if __name__ == "__main__":
    sys.exit(main())
