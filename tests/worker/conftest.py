"""Fixtures of the tests of job processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from warm_jobs import cold


@pytest.fixture(autouse=True)
def cold_jobs() -> Iterator[None]:
    """Jobs load torch themselves, as they do for a person."""
    with cold():
        yield
