"""A file is the old one or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import hashlib
import os

import pytest

from slicelab.core.errors import StorageError
from slicelab.data import atomic
from slicelab.data.atomic import replace_from_temp, sha256_of, write_bytes


def test_bytes_are_written_whole_and_replace_what_was_there(tmp_path):
    path = tmp_path / "a b ü.bin"
    write_bytes(path, b"one")
    write_bytes(path, b"two")
    assert path.read_bytes() == b"two"
    assert sha256_of(path) == hashlib.sha256(b"two").hexdigest()
    assert os.listdir(tmp_path) == [path.name]


def test_an_error_on_the_way_leaves_the_old_file_and_no_leftovers(tmp_path):
    path = tmp_path / "file.nii.gz"
    write_bytes(path, b"old")

    def fail():
        with replace_from_temp(path) as temp:
            assert temp.parent == tmp_path
            assert temp.name.endswith(".nii.gz")
            temp.write_bytes(b"half of the n")
            raise KeyError("stop")

    with pytest.raises(KeyError):
        fail()
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file.nii.gz"]


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_fault_at_any_call_leaves_the_old_file_and_says_so_plainly(call, number, tmp_path, monkeypatch):
    path = tmp_path / "secret name.bin"
    write_bytes(path, b"old")

    def refuse(*args, **kwargs):
        raise OSError(number, os.strerror(number), "secret name")

    monkeypatch.setattr(atomic.os, call, refuse)
    with pytest.raises(StorageError) as caught:
        write_bytes(path, b"new")
    monkeypatch.undo()
    assert "secret" not in str(caught.value)
    assert "untouched" in caught.value.safe
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]


def test_a_missing_folder_is_said_plainly(tmp_path):
    with pytest.raises(StorageError, match="not there"):
        write_bytes(tmp_path / "gone" / "a", b"")


def test_permissions_are_those_of_the_old_file_or_of_any_new_one(tmp_path):
    (tmp_path / "usual").write_bytes(b"")
    write_bytes(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode
    (tmp_path / "new").chmod(0o640)
    write_bytes(tmp_path / "new", b"y")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
