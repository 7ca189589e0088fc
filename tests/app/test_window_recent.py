"""Recent projects on the start page: how far each is and what its model was worth, read past locks and damage."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QPushButton

from slicelab.app import recent
from slicelab.app.project_picture import ProjectPictureView, coloured
from slicelab.app.window import MainWindow
from slicelab.core.labels import Origin, SliceState
from slicelab.data.store import ProjectStore
from slicelab.data.store.connection import connect
from slicelab.data.store.glance import seen_slice
from slicelab.data.store.records import MetricRecord, RunMember, RunRole, SliceChange
from slicelab.engine.glances import glance_at, picture_at
from slicelab.engine.session import Session


def measure(
    folder: Path, dices: dict[str, dict[int, float]], *, learnt: frozenset[str] = frozenset(), at: float = 1.0,
    reader: str = "", run_id: str = "",
) -> str:  # fmt: skip
    """Note a model, or take one, and what was measured of it against a reader's labels."""
    with ProjectStore.open(folder) as store:
        run_id = run_id or store.start_run("finetune", "fast", None, None, ()).result().id
        by = store.add_reader(reader).result().id if reader else store.readers()[0].id
        cases = {case.name: case.id for case in store.cases()}
        rows = [
            MetricRecord(
                run_id,
                cases[name],
                value,
                dice,
                None,
                None,
                1.0,
                None,
                10,
                10,
                name in learnt,
                False,
                "project",
                at,
                by,
            )
            for name, known in dices.items()
            for value, dice in known.items()
        ]
        store.add_metrics(rows).result()
        return run_id


def test_a_glance_counts_cases_and_takes_the_mean_of_those_the_model_never_learned_from(project: Path) -> None:
    found = glance_at(project)
    assert found is not None
    assert (found.cases, found.begun, found.measured) == (3, 1, None)
    every = dict.fromkeys((1, 2, 3, 4), 0.9)
    run = measure(
        project, {"phantom_01": every, "phantom_02": {**every, 1: 0.5, 4: math.nan}}, learnt=frozenset(["phantom_01"])
    )
    found = glance_at(project)
    assert found is not None
    assert found.measured is not None
    assert found.measured.averaged == 1
    assert found.measured.mean_dice == pytest.approx((0.5 + 0.9 + 0.9) / 3)
    assert found.measured.synthetic == 2
    measure(project, {"phantom_03": dict.fromkeys((1, 2, 3, 4), 0.3)}, at=2.0, reader="CD", run_id=run)
    last = glance_at(project)
    assert last is not None
    assert last.measured is not None
    assert last.measured.mean_dice == pytest.approx(0.3), "two readers' figures are never one mean"
    with Session.open(project):
        assert glance_at(project) == last, "also while somebody has it open"
    (project / "project.db").write_bytes(b"no database")
    assert glance_at(project) is None
    assert glance_at(project.parent) is None


def test_a_glance_says_what_the_model_in_use_is_worth_though_an_older_one_was_measured_last(project: Path) -> None:
    every = dict.fromkeys((1, 2, 3, 4), 0.9)
    first = measure(project, {"phantom_01": every})
    second = measure(project, {"phantom_01": dict.fromkeys((1, 2, 3, 4), 0.4)}, at=2.0)
    stopped = measure(project, {"phantom_01": dict.fromkeys((1, 2, 3, 4), 0.1)}, at=4.0)
    with ProjectStore.open(project) as store:
        for run in (first, second):
            store.finish_run(run, "finished").result()
        store.finish_run(stopped, "cancelled").result()
    measure(project, {"phantom_02": every}, at=3.0, run_id=first)  # anew, to compare the two

    def worth() -> float:
        found = glance_at(project)
        assert found is not None
        assert found.measured is not None
        return found.measured.mean_dice

    assert worth() == pytest.approx(0.4)
    with Session.open(project) as session:
        session.jobs.choose_model(first)
    assert worth() == pytest.approx(0.9)
    with Session.open(project) as session:
        session.jobs.choose_model(second)
    with ProjectStore.open(project) as store:
        newest = store.start_run("finetune", "fast", None, None, ()).result().id
        store.finish_run(newest, "finished").result()
    assert worth() == pytest.approx(0.4)
    with Session.open(project) as session:
        session.jobs.choose_model(newest)
    found = glance_at(project)
    assert found is not None
    assert found.measured is None, "it was never measured: another one's figure is not its own"


def test_a_glance_takes_no_figure_of_a_patient_who_turned_out_to_be_one_the_model_learned_from(project: Path) -> None:
    with ProjectStore.open(project) as store:
        one, two, three = (case.id for case in store.cases())
        first = store.start_run("finetune", "fast", None, members=[RunMember(one, "train", 8)]).result().id
        run = store.start_run("finetune", "fast", first, members=[RunMember(two, "train", 8)]).result().id
        store.finish_run(run, "finished").result()
    measure(project, {"phantom_03": dict.fromkeys((1, 2, 3, 4), 0.9)}, run_id=run)
    found = glance_at(project)
    assert found is not None
    assert found.measured is not None
    assert found.measured.averaged == 1
    with ProjectStore.open(project) as store:
        for case in (one, three):  # what the model starts from learned the one
            store.update_case(case, patient_key="the same").result()
    found = glance_at(project)
    assert found is not None
    assert found.measured is not None
    assert found.measured.averaged == 0


def test_a_project_is_known_by_the_fullest_slice_of_the_case_that_was_open_last_with_the_persons_own_labels(
    project: Path,
) -> None:
    with ProjectStore.open(project) as store:
        ids = {case.name: case.id for case in store.cases()}
        rows, columns = store.images(ids["phantom_02"])[0].geometry.stack_shape[1:]
        other = store.add_reader("Other").result().id
        for reader, value, sizes in ((store.readers()[0].id, 1, (4, 9, 6)), (other, 3, (2, 2, 2))):
            for at, size in enumerate(sizes):
                mask = np.zeros((rows, columns), np.uint8)
                mask[:size, :size] = value
                change = SliceChange(at, None, mask, {}, {value: SliceState.DRAFT}, Origin.PAINTED)
                store.save_edit(ids["phantom_02"], reader, "brush", [change]).result()
    seen = seen_slice(project, ids["phantom_02"], None)
    assert (seen.case.name, seen.index, np.count_nonzero(seen.mask)) == ("phantom_02", 1, 81)
    assert set(np.unique(seen_slice(project, ids["phantom_02"], "Other").mask)) == {0, 3}
    assert seen_slice(project, "c9999", None).case.name == "phantom_01", "a case that is gone"
    found = picture_at(project, ids["phantom_02"], None, 256)
    assert found.grey.shape == found.mask.shape == (rows, columns)
    assert np.count_nonzero(found.mask == 1) == 81
    assert found.grey.std() > 10, "the slice is seen"
    picture = coloured(found)
    assert QColor(*picture[0, 0].tolist()).name().upper() == found.colours[1].upper(), (
        "an outline in the class's colour"
    )
    assert (picture[20, 20] == found.grey[20, 20]).all(), "what is not painted stays as it is"
    empty = picture_at(project, ids["phantom_03"], None, 32)
    assert max(empty.grey.shape) <= 32
    assert not empty.mask.any()


def test_a_look_at_a_project_that_is_being_written_leaves_its_locks_alone(project: Path) -> None:
    """Closing any plain handle of a file drops the locks that SQLite holds on it in the same process (POSIX)."""
    connection = connect(project / "project.db", read_only=False)
    connection.execute("BEGIN EXCLUSIVE")
    asked = "import fcntl, sys; fcntl.lockf(open(sys.argv[1], 'r+b'), fcntl.LOCK_EX | fcntl.LOCK_NB, 510, 0x40000002)"

    def held() -> bool:
        command = [sys.executable, "-c", asked, str(project / "project.db")]
        return subprocess.run(command, capture_output=True, check=False).returncode != 0

    try:
        assert held()
        assert glance_at(project) is None
        assert picture_at(project, None, None, 64) is None
        assert held(), "another process could write in the middle of ours"
    finally:
        connection.close()
    assert glance_at(project) is not None


@pytest.mark.parametrize(("role", "averaged"), [("train", 0), ("val", 0), ("pool", 1), ("predict", 1)])
def test_a_glance_knows_what_a_model_and_what_it_starts_from_met_of_a_patient(
    project: Path, role: RunRole, averaged: int
) -> None:
    with ProjectStore.open(project) as store:
        three = next(case.id for case in store.cases() if case.name == "phantom_03")
        first = store.start_run("pretrain", "fast", None, members=[RunMember(three, role, 8)]).result().id
        run = store.start_run("finetune", "fast", first, members=[]).result().id
        store.finish_run(run, "finished").result()
    measure(project, {"phantom_03": dict.fromkeys((1, 2, 3, 4), 0.9)}, run_id=run)
    found = glance_at(project)
    assert found is not None
    assert found.measured is not None
    assert found.measured.averaged == averaged
    assert (found.measured.protocol == "transductive") == (role == "pool")


@pytest.mark.window
def test_the_start_page_says_how_far_recent_projects_are_and_is_there_without_those_that_cannot_be_read(
    first_window: MainWindow, qapp: QApplication, project: Path, tmp_path: Path
) -> None:
    measure(
        project, {"phantom_02": dict.fromkeys((1, 2, 3, 4), 0.875), "phantom_03": dict.fromkeys((1, 2, 3, 4), 0.625)}
    )
    broken = Path(shutil.copytree(project, tmp_path / "broken"))
    (broken / "project.db").write_bytes(b"no database")
    first_window.desk.close()
    for folder in (broken, project):
        recent.remember_project(folder)
    someone = Person(first_window, qapp, project)
    someone.open_project(project)
    first_window.desk.close()

    def card(folder: Path) -> QPushButton:
        return next(one for one in first_window.start._cards if one.toolTip() == str(folder))

    def said(folder: Path) -> list[str]:
        return [one.text() for one in card(folder).findChildren(QLabel) if one.isVisible() and one.text().strip()]

    someone.until(lambda: len(said(project)) == 4, what="how far it is")
    (picture,) = card(project).findChildren(ProjectPictureView)
    someone.until(lambda: picture.shown, what="its picture")
    seen = picture.grab().toImage()
    places = [(x, y) for x in range(0, seen.width(), 4) for y in range(0, seen.height(), 4)]
    assert len({seen.pixelColor(*place).rgb() for place in places}) > 20, "shades of grey"
    (blank,) = card(broken).findChildren(ProjectPictureView)
    assert not blank.shown
    assert said(project)[2] == "3 cases · 1 with finished slices"
    assert said(project)[3] in (
        "Dice 0.75 on 2 cases it never learned from · synthetic",
        "Test Dice 0.75 · synthetic",
    )
    assert card(project).accessibleDescription() == (
        "3 cases · 1 with finished slices, Dice 0.75 on 2 cases it never learned from · synthetic"
    )
    assert not card(broken).accessibleDescription()
    (bar,) = card(project).findChildren(QProgressBar)
    assert bar.isVisible()
    assert bar.value() == 33
    assert said(broken) == ["broken", said(broken)[1]]
    for one in card(project).findChildren(QLabel):
        assert one.height() >= one.sizeHint().height(), one.text()
        assert one.width() >= one.sizeHint().width(), one.text()
    assert card(broken).height() == card(project).height(), "nothing moves when it is read"
    QTest.mouseClick(card(project), Qt.MouseButton.LeftButton, pos=bar.mapTo(card(project), bar.rect().center()))
    someone.until(lambda: first_window.screen_.case_id is not None, what="opened by a click on its bar")
    first_window.desk.close()
