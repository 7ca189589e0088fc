"""The label snapshot a finetuning sees."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from slicelab.core.errors import SlicelabError
from slicelab.data.snapshot import CaseLabels, labels_hash, load_snapshot, save_snapshot

if TYPE_CHECKING:
    from pathlib import Path


def some_labels(case: str = "c0001", count: int = 3) -> CaseLabels:
    rng = np.random.default_rng(count)
    return CaseLabels(
        case,
        np.arange(count, dtype=np.int32) * 2,
        rng.integers(0, 3, (count, 9, 7)).astype(np.uint8),
        rng.random((count, 2)) < 0.5,
    )


def test_a_snapshot_comes_back_as_it_was(tmp_path: Path) -> None:
    labels = [some_labels("c0002"), some_labels("c0001", count=5)]
    save_snapshot(tmp_path / "labels.npz", labels)
    found = load_snapshot(tmp_path / "labels.npz")
    assert list(found) == ["c0002", "c0001"]
    for one in labels:
        assert np.array_equal(found[one.case].slices, one.slices)
        assert np.array_equal(found[one.case].masks, one.masks)
        assert np.array_equal(found[one.case].known, one.known)


def test_the_hash_is_of_the_labels_not_of_the_file(tmp_path: Path) -> None:
    labels = [some_labels()]
    assert save_snapshot(tmp_path / "a.npz", labels) == save_snapshot(tmp_path / "b.npz", labels) == labels_hash(labels)
    changed = some_labels()
    changed.masks[0, 0, 0] ^= 1
    assert labels_hash([changed]) != labels_hash(labels)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", pickle.dumps({"head": 1})])
def test_a_damaged_snapshot_is_refused_plainly(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "labels.npz").write_bytes(data)
    with pytest.raises(SlicelabError, match="damaged"):
        load_snapshot(tmp_path / "labels.npz")


def test_a_missing_snapshot_is_refused_plainly(tmp_path: Path) -> None:
    with pytest.raises(SlicelabError):
        load_snapshot(tmp_path / "labels.npz")


def test_an_object_array_in_a_snapshot_is_never_unpickled(tmp_path: Path) -> None:
    np.savez(tmp_path / "labels.npz", head=np.array([{"a": 1}], dtype=object))
    with pytest.raises(SlicelabError):
        load_snapshot(tmp_path / "labels.npz")


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    good = some_labels()
    with pytest.raises(ValueError, match="slices"):
        CaseLabels("c0001", good.slices[:2], good.masks, good.known)
