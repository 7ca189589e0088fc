"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np

# Before Qt: PySide6 inspects the source of every module imported after it, and trips over pydantic's lazy attributes
# ("cannot import name 'import_string' from partially initialized module").
import pydantic.types  # noqa: F401
import pytest

ROOT = Path(__file__).resolve().parents[1]

_settings = tempfile.TemporaryDirectory(prefix="slicelab-tests-", ignore_cleanup_errors=True)
os.environ["SLICELAB_CONFIG"] = _settings.name  # nothing is read from, or left in, the settings of whoever runs them


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip tests that need real volumes or a display where there are none, and say so."""
    no_data = pytest.mark.skip(reason="SLICELAB_TEST_DATA is not set: no real MR volumes here")
    no_display = pytest.mark.skip(reason="no display: `make test` starts a virtual one")
    for item in items:
        if "real_data" in item.keywords and not os.environ.get("SLICELAB_TEST_DATA"):
            item.add_marker(no_data)
        if "window" in item.keywords and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            item.add_marker(no_display)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real MR volumes; for tests marked ``real_data``."""
    return Path(os.environ["SLICELAB_TEST_DATA"])


@pytest.fixture
def rng() -> np.random.Generator:
    """Chance that is the same in every run."""
    return np.random.default_rng(20261)
