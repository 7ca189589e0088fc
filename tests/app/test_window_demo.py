"""The demo from the start page: made-up volumes, some labelled, ready to go through the loop by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from demo_maker import demo_maker
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from slicelab.app.window import MainWindow
from slicelab.engine import demo

pytestmark = pytest.mark.window
SMALL = demo.DemoPlan(labelled=1, unlabelled=1, shape=(64, 64, 8), spacing=(5.6, 5.6, 22.0))


def test_the_demo_is_opened_from_the_start_page_made_once_and_found_again_as_it_was_left(
    first_window: MainWindow, qapp: QApplication, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    proposed = demo.BY_HAND.finetune_steps
    monkeypatch.setattr(demo, "BY_HAND", SMALL)
    someone = Person(first_window, qapp, tmp_path / "slicelab demo" / "Demo (synthetic)")
    first_window.desk.close()

    def click_the_card() -> None:
        card = next(
            one for one in first_window.start.findChildren(QPushButton) if one.accessibleName() == "Open the demo"
        )
        someone.until(card.isVisible, what="the card in sight")
        keys = [one for one in card.findChildren(QLabel) if one.property("role") == "key"]
        assert not any(one.isVisible() for one in keys), "it has no key: no empty frame for one"
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        someone.until(lambda: first_window.screen_.case_id is not None, what="a case of the demo shown")
        someone.until(lambda: someone.canvas.complete, what="all planes there")

    click_the_card()
    assert "Demo (synthetic)" in first_window.windowTitle()
    assert someone.cases_on_disk() == {"phantom_01", "phantom_02"}
    assert someone.edits("phantom_01") == ["import"], "the labelled one has its labels"
    assert someone.edits("phantom_02") == []
    someone.open_case("phantom_02")
    someone.stroke((20, 20), (20, 40))
    someone.saved()
    first_window.desk.close()
    click_the_card()
    assert someone.edits("phantom_02") == ["brush"]
    assert first_window.work.train.steps == proposed, "a training of about a minute"
    first_window.open_project(project)
    someone.until(lambda: first_window.windowTitle().startswith("project"), what="another project")
    assert first_window.work.train.steps is None, "of another project the preset's"
    first_window.desk.close()


def test_making_the_demo_is_stopped_and_leaves_nothing_then_made_after_all(
    first_window: MainWindow, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(demo, "BY_HAND", replace(SMALL, unlabelled=40))
    mine = tmp_path / "letter.txt"
    mine.write_text("mine")
    place, start = tmp_path / "slicelab demo", first_window.start
    someone = Person(first_window, qapp, place / "Demo (synthetic)")
    first_window.desk.close()
    (card,) = (one for one in start.findChildren(QPushButton) if one.accessibleName() == "Open the demo")
    someone.until(card.isVisible, what="the card in sight")
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    someone.until(lambda: " of 41" in start._making.text(), what="how far it is")
    assert place.is_dir()
    assert not card.isVisible()
    someone.press("Stop")
    assert not start._stop.isEnabled()
    assert start._making.text() == "Stopping …"
    someone.until(card.isVisible, what="the card again")
    assert not place.exists(), "what was half made is gone"
    assert mine.read_text() == "mine"
    assert first_window.desk.session is None
    assert first_window.centralWidget().currentWidget() is start

    monkeypatch.setattr(demo, "BY_HAND", SMALL)
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    someone.until(lambda: first_window.screen_.case_id is not None, what="a case of the demo shown")
    someone.until(lambda: someone.canvas.complete, what="all planes there")
    assert someone.cases_on_disk() == {"phantom_01", "phantom_02"}
    first_window.desk.close()
    assert card.isVisible()


def test_another_project_that_is_opened_meanwhile_ends_the_making_of_the_demo(
    first_window: MainWindow, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(demo, "BY_HAND", replace(SMALL, unlabelled=40))
    someone = Person(first_window, qapp, project)
    first_window.desk.close()
    first_window.actions_["project.demo"].trigger()
    someone.until(lambda: " of 41" in first_window.start._making.text(), what="how far it is")
    someone.open_project(project)
    assert not (tmp_path / "slicelab demo").exists()
    assert first_window.desk.session.folder == project
    first_window.desk.close()
    assert not first_window.start.makes_demo


def test_a_folder_of_somebody_elses_in_the_demos_place_is_left_alone_and_said(
    first_window: MainWindow, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    mine = tmp_path / "slicelab demo" / "letter.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    someone = Person(first_window, qapp, mine.parent)
    first_window.desk.close()
    first_window.actions_["project.demo"].trigger()
    someone.until(lambda: QApplication.activeModalWidget() is not None, what="the message")
    box = QApplication.activeModalWidget()
    assert "holds no demo" in box.text()
    assert "Rename the folder slicelab demo" in box.informativeText()
    box.close()
    assert mine.read_text() == "mine"
    assert first_window.centralWidget().currentWidget() is first_window.start


def test_a_demo_that_another_slicelab_makes_is_opened_once_it_is_whole(
    first_window: MainWindow, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    place, start = tmp_path / "slicelab demo", first_window.start
    someone = Person(first_window, qapp, place / "Demo (synthetic)")
    first_window.desk.close()
    (card,) = (one for one in start.findChildren(QPushButton) if one.accessibleName() == "Open the demo")
    someone.until(card.isVisible, what="the card in sight")
    with demo_maker(place, tmp_path) as other:
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        someone.pause(1.0)
        assert start.makes_demo
        assert start._making.text() == "Opening the demo …"
        someone.press("Stop")
        someone.until(card.isVisible, what="the card again")
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
        someone.pause(0.5)
        assert first_window.desk.session is None, "what is half made is not shown"
        other.finish()
        someone.until(lambda: first_window.screen_.case_id is not None, what="a case of the demo shown")
    someone.until(lambda: someone.canvas.complete, what="all planes there")
    assert someone.cases_on_disk() == {"phantom_01", "phantom_02"}
    assert not first_window.desk.session.read_only
    first_window.desk.close()
