"""Fixtures of the learning tests: one CPU in plain float32, and a small project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from learn_kit import make_blob_project

from slicelab.learn.device import Compute

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.specs import CaseInput


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small are no faster with two, and where the cores are busy the two wait for one another."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def compute() -> Compute:
    return Compute(torch.device("cpu"), bf16=False, channels_last=False, words="CPU")


@pytest.fixture
def blob_project(tmp_path: Path) -> tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]:
    return tmp_path, *make_blob_project(tmp_path)
