"""The reader process: harm stays in it, it is watched, replaced, and never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from foreign_kit import FORMATS, affine_of, voxels, write, write_nifti
from torture_kit import torture

from slicelab.core.errors import UnreadableFileError
from slicelab.data.readers import VolumeReader, limits
from slicelab.data.readers.load import load, middle_slices
from slicelab.data.readers.process import ReaderEndedError


@pytest.fixture
def reader():
    with VolumeReader() as reader:
        yield reader


@pytest.fixture
def image(tmp_path):
    return write_nifti(tmp_path / "v.nii.gz", voxels(), affine_of())


@pytest.mark.parametrize("format_name", FORMATS)
def test_what_arrives_is_what_the_child_read(format_name, reader, tmp_path):
    path = write(tmp_path, format_name, voxels(dtype=np.uint16), affine_of())
    here, there = load(path), reader.read(path)
    np.testing.assert_array_equal(here.volume.voxels, there.volume.voxels)
    assert here.volume.voxels.dtype == there.volume.voxels.dtype
    np.testing.assert_array_equal(here.volume.geometry.affine, there.volume.geometry.affine)
    for field in ("format", "sha256", "notes", "description", "patient_key", "window"):
        assert getattr(here, field) == getattr(there, field)


def test_pictures_of_a_series_come_from_the_child_as_it_made_them(reader, tmp_path):
    path = write_nifti(tmp_path / "series.nii.gz", voxels((7, 6, 5, 4)), affine_of())
    np.testing.assert_array_equal(reader.pictures(path, 96), middle_slices(path, 96))
    assert list(reader._process.folder.iterdir()) == []
    with pytest.raises(UnreadableFileError, match="not there"):
        reader.pictures(tmp_path / "missing.nii", 96)


def test_one_child_is_used_for_all_files_and_survives_refusals(reader, image, tmp_path):
    reader.read(image)
    pid = reader._process.pid
    with pytest.raises(UnreadableFileError):
        reader.read(tmp_path / "missing.nii")
    reader.read(image)
    assert reader._process.pid == pid
    assert list(reader._process.folder.iterdir()) == []


def test_a_child_that_crashes_over_a_file_is_a_refusal_and_is_replaced(reader, image):
    reader.read(image)
    pid = reader._process.pid
    os.kill(pid, signal.SIGSTOP)

    def crash():
        time.sleep(0.2)
        os.kill(pid, signal.SIGSEGV)
        os.kill(pid, signal.SIGCONT)

    thread = threading.Thread(target=crash)
    thread.start()
    with pytest.raises(UnreadableFileError, match="nothing else was harmed"):
        reader.read(image)
    thread.join()
    assert reader.read(image).volume.voxels.shape == voxels().shape
    assert reader.restarts == 1


def test_a_child_that_hangs_is_ended_in_time(reader, image, monkeypatch):
    monkeypatch.setattr(limits, "START_SECONDS", 0.3)
    monkeypatch.setattr(limits, "STARVED_FACTOR", 1000.0)
    reader.close()
    with pytest.MonkeyPatch.context() as patient:
        patient.setattr(limits, "START_SECONDS", 20.0)
        reader.read(image)
    os.kill(reader._process.pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(UnreadableFileError, match="took too long"):
        reader.read(image)
    assert time.monotonic() - began < 5


def test_a_child_that_takes_too_much_memory_is_ended(reader, image, monkeypatch):
    reader.read(image)
    os.kill(reader._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(limits, "BASE_MEMORY", 1_000_000)
    with pytest.raises(UnreadableFileError, match="memory"):
        reader.read(image)


@pytest.mark.skipif(sys.platform != "linux", reason="address space limits are Linux's")
def test_the_child_cannot_allocate_more_than_a_file_may_take():
    code = (
        "import numpy as np; from slicelab.data.readers.child import _limit_memory\n"
        "_limit_memory(100_000_000); np.ones(300_000_000, 'u1')\n"
        "_limit_memory(0)\n"
        "try: np.ones(700_000_000, 'u1')\n"
        "except MemoryError: print('refused')\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "refused"


def test_closing_ends_the_child_and_removes_its_folder(image):
    reader = VolumeReader()
    reader.read(image)
    process = reader._process
    reader.close()
    assert not process.alive
    assert not process.folder.exists()


def test_closing_does_not_wait_for_a_file_being_read(image):
    reader = VolumeReader()
    reader.read(image)
    os.kill(reader._process.pid, signal.SIGSTOP)
    closer = threading.Timer(0.2, reader.close)
    closer.start()
    began = time.monotonic()
    with pytest.raises(UnreadableFileError):
        reader.read(image)
    closer.join()
    assert time.monotonic() - began < 5


def test_the_child_ends_when_its_parent_is_gone(image):
    code = (
        "import os, sys; from pathlib import Path; from slicelab.data.readers import VolumeReader\n"
        f"r = VolumeReader(); r.read(Path({str(image)!r}))\n"
        "print(r._process.pid, r._process.folder, flush=True); os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    pid, folder = run.stdout.split()
    deadline = time.monotonic() + 60
    while psutil.pid_exists(int(pid)) and time.monotonic() < deadline:
        if psutil.Process(int(pid)).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.05)
    assert time.monotonic() < deadline
    assert not Path(folder).exists()


def test_neither_window_nor_idle_child_imports_the_decoders(image):
    code = (
        "import sys; from pathlib import Path; from slicelab.data.readers import VolumeReader\n"
        f"r = VolumeReader(); r.read(Path({str(image)!r})); r.close(); import slicelab.data.readers.child\n"
        "print([m for m in ('nibabel', 'SimpleITK', 'pydicom', 'torch', 'PySide6', 'scipy') if m in sys.modules])\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_read_given_up_on_the_way_leaves_nothing_for_the_next(reader, image, tmp_path):
    other = write_nifti(tmp_path / "other.nii", voxels((3, 3, 3)), affine_of())
    reader.read(image)
    answers = reader._process.ask({"do": "read", "path": str(image), "mask": False, "series": None, "frame": None})
    next(answers)
    answers.close()  # what Ctrl+C does
    assert reader.read(other).volume.voxels.shape == (3, 3, 3)


def test_several_threads_take_turns(reader, tmp_path):
    paths = [write_nifti(tmp_path / f"{n}.nii", voxels(seed=n), affine_of()) for n in range(8)]
    found = {}

    def read(number):
        found[number] = reader.read(paths[number]).volume.voxels

    threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number in range(8):
        np.testing.assert_array_equal(found[number], voxels(seed=number))


def test_a_file_that_ends_the_child_does_not_spoil_discovery(tmp_path, monkeypatch):
    for name in ("a", "b", "c"):
        write_nifti(tmp_path / f"{name}.nii", voxels(), affine_of())
    reader = VolumeReader()
    running = reader._running

    class Fragile:
        """Ends over one file, as a child does that a decoder brings down."""

        def ask(self, request):
            if str(tmp_path / "b.nii") in request["hopeless"]:
                yield from running().ask(request)
                return
            yield {"stage": "looking", "path": str(tmp_path / "b.nii")}
            raise ReaderEndedError("ended")

    monkeypatch.setattr(reader, "_running", lambda: Fragile())
    found = reader.discover([tmp_path])
    monkeypatch.undo()
    reader.close()
    assert [source.name for source in found.sources] == ["a", "c"]
    assert [refusal.path.name for refusal in found.refused] == ["b.nii"]


def test_time_is_judged_by_computing_and_not_by_waiting_for_others():
    judge = limits.over_time
    assert judge(2, wall=1, cpu=2.1, idle=0)
    assert not judge(2, wall=10, cpu=1.0, idle=0.1)  # starved by others, but moving
    assert judge(2, wall=2.1, cpu=0.1, idle=1.6)  # hangs
    assert not judge(20, wall=25, cpu=3, idle=2)  # a start while everybody else computes
    assert judge(20, wall=25, cpu=3, idle=6)
    assert judge(2, wall=21, cpu=0.1, idle=0.1)
    assert not judge(2, wall=5, cpu=None, idle=0)
    assert judge(2, wall=7, cpu=None, idle=0)
    assert limits.seconds_for(200_000_000) == 12


def test_200_damaged_files_are_read_or_refused_and_nothing_else(tmp_path):
    result = torture(tmp_path, 200)
    assert result.broken == []
    assert result.ended == 0
    assert sum(result.outcome.values()) == 200
