"""The folder of a demo: one in which somebody may have drawn is never made anew, by whatever way it is asked for."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from demo_maker import DemoMaker, demo_maker

from slicelab.core.errors import SlicelabError
from slicelab.engine.demo import DemoPlan, prepare_demo, run_demo
from slicelab.engine.session import Session

TINY = DemoPlan(labelled=1, unlabelled=0, shape=(24, 24, 4), spacing=(15.0, 15.0, 40.0))


def nothing(*_said: object) -> None:
    """Nobody listens."""


@pytest.fixture
def first(tmp_path: Path) -> Iterator[DemoMaker]:
    """Another process that is in the middle of making the demo."""
    with demo_maker(tmp_path / "demo", tmp_path) as made:
        yield made


def test_a_demo_that_another_process_makes_is_waited_for_and_not_made_twice(first: DemoMaker, tmp_path: Path) -> None:
    begun = {path.name: path.stat().st_ino for path in (tmp_path / "demo" / "study").rglob("*.nii.gz")}
    assert begun
    said: list[object] = []
    got: list[Path | None] = []
    second = threading.Thread(
        target=lambda: got.append(prepare_demo(tmp_path / "demo", lambda *n: said.append(n), TINY))
    )
    second.start()
    second.join(1.0)
    assert second.is_alive(), "what is half made is not shown"
    made = first.finish()
    second.join(60)
    assert [str(project) for project in got] == [made]
    assert said == [], "nothing was made by the second"
    with Session.open(got[0]) as session:
        assert len(session.cases()) == 2
    now = {path.name: path.stat().st_ino for path in (tmp_path / "demo" / "study").rglob("*.nii.gz")}
    assert begun.items() <= now.items()
    assert not [path for path in (tmp_path / "demo").iterdir() if path.name.startswith("project.lock")]


def test_waiting_for_another_process_that_makes_the_demo_is_stopped_and_takes_nothing_from_it(
    first: DemoMaker, tmp_path: Path
) -> None:
    stop = threading.Event()
    got: list[Path | None] = []
    second = threading.Thread(target=lambda: got.append(prepare_demo(tmp_path / "demo", nothing, TINY, stop.is_set)))
    second.start()
    second.join(0.5)
    stop.set()
    second.join(60)
    assert got == [None]
    with Session.open(Path(first.finish())) as session:
        assert len(session.cases()) == 2


def test_a_demo_whose_maker_was_killed_is_made_anew_by_who_waited_for_it(first: DemoMaker, tmp_path: Path) -> None:
    got: list[Path | None] = []
    second = threading.Thread(target=lambda: got.append(prepare_demo(tmp_path / "demo", nothing, TINY)))
    second.start()
    second.join(0.5)
    assert second.is_alive()
    first.process.kill()
    first.process.wait(60)
    second.join(60)
    with Session.open(got[0]) as session:
        assert len(session.cases()) == 1, "that of the second"


def test_a_demo_that_was_opened_by_hand_is_not_removed_for_the_command_lines(tmp_path: Path) -> None:
    project = prepare_demo(tmp_path / "demo", nothing, TINY)
    with Session.open(project) as session:
        case = session.cases()[0].id
        drawn = np.full(session.labels.stack(case).shape[1:], 2, np.uint8)
        session.labels.edit_slices(case, {0: drawn}, "brush").result()
    with pytest.raises(SlicelabError, match="another demo"):
        run_demo(tmp_path / "demo", nothing, TINY)
    assert prepare_demo(tmp_path / "demo", nothing, TINY) == project
    with Session.open(project) as session:
        np.testing.assert_array_equal(session.labels.stack(case)[0], drawn)


def test_a_demo_of_the_command_line_is_not_removed_for_one_by_hand(tmp_path: Path) -> None:
    drawn = tmp_path / "demo" / "project" / "project.db"
    drawn.parent.mkdir(parents=True)
    drawn.write_bytes(b"drawn")
    (tmp_path / "demo" / "demo.json").write_text('{"synthetic": true, "figures": [], "mean_dice": 0.9, "model": "r2"}')
    with pytest.raises(SlicelabError, match="another demo"):
        prepare_demo(tmp_path / "demo", nothing, TINY)
    assert drawn.read_bytes() == b"drawn"


def test_a_demo_whose_project_was_taken_elsewhere_keeps_what_else_lies_there(tmp_path: Path) -> None:
    project = prepare_demo(tmp_path / "demo", nothing, TINY)
    project.rename(tmp_path / "mine")
    (tmp_path / "demo" / "masks.txt").write_text("exported")
    with pytest.raises(SlicelabError):
        prepare_demo(tmp_path / "demo", nothing, TINY)
    assert (tmp_path / "demo" / "masks.txt").exists()


def test_a_file_in_the_demos_place_is_left_alone_and_said(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(SlicelabError, match="holds no demo"):
        prepare_demo(tmp_path / "demo", nothing, TINY)
    assert (tmp_path / "demo").read_text() == "mine"


def test_a_demo_that_was_broken_off_is_made_anew(tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_demo(tmp_path / "demo", stop, TINY)
    with Session.open(prepare_demo(tmp_path / "demo", nothing, TINY)) as session:
        assert len(session.cases()) == 1
