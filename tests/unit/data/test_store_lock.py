"""One writer per project; a dead one's lock is taken over, a living one's never."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from store_kit import add_case, new_project

from slicelab.core.errors import ProjectLockedError, StorageError
from slicelab.data.store import ProjectStore
from slicelab.data.store.lock import LOCK, Holder, ProjectLock, process_start

if TYPE_CHECKING:
    from pathlib import Path

_HOLD = """
import sys, time
from pathlib import Path
from slicelab.data.store import ProjectStore
store = ProjectStore.open(Path(sys.argv[1]))
print("open", flush=True)
time.sleep(60)
"""


def write_lock(folder: Path, holder: Holder) -> None:
    (folder / LOCK).write_text(json.dumps(asdict(holder)))


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_second_writer_is_told_who_holds_the_project_and_can_read(tmp_path: Path) -> None:
    with new_project(tmp_path / "study") as store:
        case_id = add_case(store)
        with pytest.raises(ProjectLockedError) as caught:
            ProjectStore.open(store.folder)
        assert Holder.me().person in caught.value.message
        assert str(os.getpid()) in caught.value.message
        assert "reading only" in caught.value.remedy
        with ProjectStore.open(store.folder, read_only=True) as reader:
            store.update_case(case_id, notes="while you read").result(10)
            assert reader.case(case_id).notes == "while you read"
        assert store.add_reader("Reader 2").result(10).id == 2


def test_lock_is_released_on_closing_and_after_a_failed_opening(tmp_path: Path) -> None:
    new_project(tmp_path / "study").close()
    assert not (tmp_path / "study" / LOCK).exists()
    database = tmp_path / "study" / "project.db"
    database.write_bytes(database.read_bytes()[:8192])
    with pytest.raises(StorageError):
        ProjectStore.open(tmp_path / "study")
    assert not (tmp_path / "study" / LOCK).exists()


def test_living_process_keeps_its_lock_and_a_killed_one_loses_it(tmp_path: Path) -> None:
    new_project(tmp_path / "study").close()
    command = [sys.executable, "-c", _HOLD, str(tmp_path / "study")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        with pytest.raises(ProjectLockedError, match=str(process.pid)):
            ProjectStore.open(tmp_path / "study")
        process.kill()
    ProjectStore.open(tmp_path / "study").close()


def test_reused_process_id_is_not_mistaken_for_the_holder(tmp_path: Path) -> None:
    write_lock(tmp_path, replace(Holder.me(), started="an earlier process", token="other"))
    ProjectLock.take(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


def test_lock_from_before_the_last_restart_is_taken_over(tmp_path: Path) -> None:
    write_lock(tmp_path, replace(Holder.me(), boot="an earlier start", token="other"))
    ProjectLock.take(tmp_path).release()


@pytest.mark.parametrize("field", ["host", "namespace"])
def test_holder_that_cannot_be_asked_is_believed(tmp_path: Path, field: str) -> None:
    holder = replace(Holder.me(), pid=dead_pid(), person="Someone", **{field: "elsewhere"})
    write_lock(tmp_path, holder)
    with pytest.raises(ProjectLockedError, match="Someone"):
        ProjectLock.take(tmp_path)
    assert (tmp_path / LOCK).exists()


@pytest.mark.parametrize("content", ["", "{", '{"pid": 1}', "[]"])
def test_lock_without_a_name_in_it_is_left_by_a_crash(tmp_path: Path, content: str) -> None:
    (tmp_path / LOCK).write_text(content)
    ProjectLock.take(tmp_path).release()


def test_lock_is_only_released_by_who_took_it(tmp_path: Path) -> None:
    mine = ProjectLock.take(tmp_path)
    other = replace(Holder.me(), token="other")
    write_lock(tmp_path, other)
    mine.release()
    assert json.loads((tmp_path / LOCK).read_text())["token"] == "other"
    (tmp_path / LOCK).unlink()
    mine.release()


def test_of_many_who_find_a_dead_lock_one_gets_it(tmp_path: Path) -> None:
    dead = replace(Holder.me(), pid=dead_pid(), token="dead")
    for _ in range(20):
        write_lock(tmp_path, dead)
        taken: list[ProjectLock] = []
        start = threading.Barrier(8)

        def take(taken: list[ProjectLock] = taken, start: threading.Barrier = start) -> None:
            start.wait()
            try:
                taken.append(ProjectLock.take(tmp_path))
            except ProjectLockedError:
                return

        threads = [threading.Thread(target=take) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 1
        taken[0].release()
        assert list(tmp_path.iterdir()) == []


def test_guard_left_by_a_crash_does_not_block_for_ever(tmp_path: Path) -> None:
    write_lock(tmp_path, replace(Holder.me(), pid=dead_pid(), token="dead"))
    (tmp_path / f"{LOCK}.takeover").touch()
    ProjectLock.take(tmp_path).release()
    assert list(tmp_path.iterdir()) == []


def test_process_start_is_known_for_the_living_alone() -> None:
    assert process_start(os.getpid())
    assert process_start(os.getpid()) == process_start(os.getpid())
    assert process_start(dead_pid()) is None
