"""Fixtures of the learning tests: one CPU in plain float32, and a small project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from learn_kit import make_blob_project

from slicelab.learn.device import Compute

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.data.snapshot import CaseLabels
    from slicelab.jobs.specs import CaseInput


@pytest.fixture
def compute() -> Compute:
    return Compute(torch.device("cpu"), bf16=False, channels_last=False, words="CPU")


@pytest.fixture
def blob_project(tmp_path: Path) -> tuple[Path, tuple[CaseInput, ...], dict[str, CaseLabels]]:
    return tmp_path, *make_blob_project(tmp_path)
