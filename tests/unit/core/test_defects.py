"""What is written down about a defect: kinds, calls and causes; no words, no paths."""

from __future__ import annotations

import pytest

from slicelab.core.defects import outline
from slicelab.core.errors import StorageError


def raised(how: str) -> Exception:
    try:
        try:
            raise ValueError("Mustermann")
        except ValueError as first:
            if how == "of":
                raise StorageError("Mustermann") from first
            if how == "while":
                raise StorageError("Mustermann")  # noqa: B904  (what Python notes by itself)
            raise StorageError("Mustermann") from None
    except StorageError as error:
        return error


@pytest.mark.parametrize(
    ("how", "kinds"), [("of", ["ValueError", "which led to"]), ("while", ["ValueError", "which led to"]), ("none", [])]
)
def test_causes_come_first_and_where_they_were_hidden_not_at_all(how: str, kinds: list[str]) -> None:
    told = outline(raised(how))
    heads = [line for line in told.splitlines() if not line.startswith(" ")]
    assert heads == [*kinds, "slicelab.core.errors.StorageError"]
    assert all(", in raised" in line for line in told.splitlines() if line.startswith(" "))
    assert "Mustermann" not in told
    assert "/" not in told


def test_causes_in_a_circle_are_told_once() -> None:
    one, two = KeyError("Mustermann"), ValueError("Mustermann")
    one.__cause__, two.__cause__ = two, one
    assert outline(one) == "ValueError\nwhich led to\nKeyError\n"
