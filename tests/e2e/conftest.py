"""The command line as a person or a script uses it: a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module", autouse=True)
def no_measurement() -> Iterator[None]:
    """Jobs take float32 at once: a processor without bfloat16 has nothing to measure."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ATEN_CPU_CAPABILITY", "avx2")
        yield


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        code: exit code.
        out: standard output.
        err: standard error.

    """

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The one JSON object on standard output of a command that was asked for ``--json``."""
        answer = json.loads(self.out)
        assert isinstance(answer, dict)
        return answer

    @property
    def one_clear_message(self) -> bool:
        """Whether it failed the way a person should see it: with words, without a traceback."""
        return bool(self.err.strip()) and "Traceback" not in self.err + self.out


@dataclass(frozen=True)
class CommandLine:
    """Runs ``slicelab ...`` in a folder."""

    folder: Path

    def __call__(self, *words: str | Path, timeout: float = 240) -> Ended:
        """Run a command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "slicelab", *map(str, words)],
            cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, check=False,
        )  # fmt: skip
        return Ended(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str | Path, timeout: float = 240) -> dict[str, Any]:
        """Run a command that has to succeed and return its JSON object."""
        ended = self(*words, "--json", timeout=timeout)
        assert ended.code == 0, ended.err
        return ended.answer


@pytest.fixture
def slicelab_command(tmp_path: Path) -> CommandLine:
    """The command line, in an empty folder."""
    return CommandLine(tmp_path)
