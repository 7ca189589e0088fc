"""Two readers of one project, by real events: each with labels of their own, and what they make of the same slices."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTableWidget
from typer.testing import CliRunner

from slicelab.app import recent
from slicelab.app.canvas.overlay import OTHER_READER
from slicelab.app.desks import project_desk
from slicelab.app.readers_dialog import ReadersDialog
from slicelab.cli.main import app
from slicelab.core.agreement import agreement
from slicelab.engine import demo
from slicelab.engine.people import TwoReaders
from slicelab.engine.session import Session

pytestmark = pytest.mark.window


@pytest.fixture
def named(person: Person) -> Iterator[Person]:
    """Somebody who has told the settings a name."""
    window = person.window
    before = window.preferences
    window._prefer(replace(before, reader="AB"))
    person.until(lambda: readers(person) == ["AB"], what="the project signed")
    yield person
    window._prefer(before)


def readers(person: Person) -> list[str]:
    return [name for (name,) in person.rows("SELECT name FROM readers ORDER BY id")]


def opened(person: Person) -> ReadersDialog:
    person.window.actions_["project.readers"].trigger()
    dialog = person.window.readers.dialog
    assert dialog is not None
    person.until(lambda: dialog.readers.rowCount() > 0, what="the readers listed")
    return dialog


def cells(table: QTableWidget) -> list[list[str]]:
    return [
        [table.item(at, place).text().strip() for place in range(table.columnCount())] for at in range(table.rowCount())
    ]


def label_as(person: Person, dialog: ReadersDialog, name: str) -> None:
    """Type a further reader's name and press the button; the project opens anew in that name."""
    QTest.keyClicks(dialog.name, name)
    QTest.mouseClick(dialog.add, Qt.MouseButton.LeftButton)
    session = person.window.desk.session
    person.until(lambda: person.window.desk.session not in (None, session), what="opened anew")
    person.until(lambda: person.window.screen_.case_id is not None, what="a case shown")
    person.until(lambda: person.canvas.complete, what="all planes there")
    person.pause(0.1)


def test_a_second_reader_labels_apart_and_both_are_compared_slice_by_slice(named: Person, study: Path) -> None:
    person, window = named, named.window
    person.open_case("phantom_01")
    first = person.shown.copy()
    label_as(person, opened(person), "CD")
    assert readers(person) == ["AB", "CD"]
    person.open_case("phantom_01")
    assert not person.shown.any(), "nobody sees another reader's labels"
    at = int(np.argmax((first == 1).sum(axis=(1, 2))))
    person.canvas.set_slice(at)
    row, column = np.argwhere(first[at] == 1).mean(axis=0).astype(int)
    person.stroke((row, column), (row, column + 4))
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.ticks[at] == "done", what="done")
    person.saved()
    own = person.shown.copy()
    person.until(
        lambda: window.work.ledger.tip(at) == f"Slice {at + 1}: done, AB: done, CD: done", what="who labelled it"
    )
    assert window.work.ledger.tip(at + 1).endswith("AB: done")

    dialog = opened(person)
    person.until(lambda: dialog.slices.rowCount() > 0, what="compared")
    assert [line[:4] for line in cells(dialog.readers)] == [["AB", "1", "10", "0"], ["CD (now)", "1", "1", "0"]]
    wanted = agreement(own, first, (1, 2, 3, 4), set(range(10)) - {at})
    assert [line[:2] for line in cells(dialog.classes)] == [
        [name, f"{wanted.of_case(value):.2f}" if wanted.of_case(value) >= 0 else "n/a"]
        for value, name in enumerate(("liver", "right kidney", "left kidney", "spleen"), start=1)
    ]
    assert all(line[2] == "1" for line in cells(dialog.classes)), "slices that one of them has not done are left out"
    assert {line[0] for line in cells(dialog.slices)} == {str(at + 1)}
    assert wanted.of_case(1) > 0
    assert (
        dialog.one.mapTo(dialog, QPoint()).y() - dialog._about.mapTo(dialog, dialog._about.rect().bottomLeft()).y() < 16
    )
    window.readers._on_compared(window.screen_.case_id, TwoReaders("AB", "EF", wanted, {}))
    assert not dialog._none.isVisible(), "an answer that comes late is of two others"
    person.canvas.set_slice(0)
    place = dialog.slices.visualItemRect(dialog.slices.item(0, 1)).center()
    QTest.mouseClick(dialog.slices.viewport(), Qt.MouseButton.LeftButton, pos=place)
    person.until(lambda: person.canvas.slice == at, what="the slice on which they differ")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    person.until(lambda: window.readers.dialog is None, what="the dialog closed")

    person.open_project(person.project)
    assert window.desk.session.reader.name == "CD", "the choice holds when the project is opened again"
    window.desk.close()
    said = CliRunner().invoke(app, ["readers", str(person.project), "--json"])
    facts = json.loads(said.stdout)
    assert facts["between"] == ["AB", "CD"]
    assert facts["cases"]["phantom_01"]["liver"]["dice"] == pytest.approx(wanted.of_case(1))
    assert facts["cases"]["phantom_01"]["liver"]["disagreement"][0]["slice"] == at + 1


def white(person: Person, canvas: object = None) -> int:
    """How many outlines of another reader are drawn on a plane."""
    state = (canvas or person.canvas.main).overlay.state
    return sum(len(one.lines) for one in state.outlines if one.colour == OTHER_READER)


def test_the_other_readers_outlines_are_drawn_on_slices_that_both_have_done_and_on_no_other(named: Person) -> None:
    person = named
    person.open_case("phantom_01")
    first = person.shown.copy()
    label_as(person, opened(person), "CD")
    person.open_case("phantom_01")
    at = int(np.argmax((first > 0).sum(axis=(1, 2))))
    person.canvas.set_slice(at)
    dialog = opened(person)
    person.until(dialog.draw.isVisible, what="the comparison")
    assert dialog.draw.text() == "Show the outlines of AB in the picture"
    person.pause(0.3)
    QTest.mouseClick(dialog.draw, Qt.MouseButton.LeftButton, pos=QPoint(8, dialog.draw.height() // 2))
    assert dialog.draw.isChecked()
    person.pause(0.5)
    planes = (person.canvas.main, *person.canvas.side)
    assert [white(person, plane) for plane in planes] == [0, 0, 0], "nothing is done by oneself yet"
    blank = pixels(person)

    person.window.activateWindow()  # the dialog stays open beside it
    person.until(person.window.isActiveWindow, what="the window has the keys")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.ticks[at] == "verified empty", what="done")
    person.until(lambda: white(person) > 0, what="the other's outlines")
    person.pause(0.2)
    assert (pixels(person) != blank).any(axis=-1).sum() > 200, "seen"
    assert all(white(person, plane) for plane in person.canvas.side), "a line where the other planes cut the slice"
    person.key(Qt.Key.Key_S)
    assert white(person) == 0, "off with all masks"
    person.key(Qt.Key.Key_S)
    assert white(person) > 0
    person.canvas.set_slice(at + 1)
    assert white(person) == 0, "not done by oneself"
    person.canvas.set_slice(at)
    person.stroke((4, 4), (4, 8))
    person.until(lambda: white(person) == 0, what="gone once the slice is drawn on again")
    person.key(Qt.Key.Key_Return)
    person.until(lambda: white(person) > 0, what="there again")
    case, late = person.window.screen_.case_id, person.canvas.other
    person.open_case("phantom_02")
    person.pause(0.3)
    assert white(person) == 0
    person.canvas.set_slice(at)
    person.window.readers._on_seen(case, "AB", late)
    assert white(person) == 0, "an answer that comes late is of the case before"
    person.open_case("phantom_01")
    person.canvas.set_slice(at)
    person.until(lambda: white(person) > 0, what="there again with its case")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    person.until(lambda: person.window.readers.dialog is None, what="the dialog closed")
    assert white(person) == 0
    person.canvas.set_other(late)
    assert white(person) > 0
    person.canvas.show_picture(person.canvas.picture, at)
    assert white(person) == 0, "a picture begins without them, whoever asks for them"


def pixels(person: Person) -> np.ndarray:
    """What is drawn above the large picture, ``(row, column, channel)`` uint8."""
    image = person.canvas.main.overlay.grab().toImage().convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_whoever_opens_a_project_of_somebody_elses_is_asked_whether_to_label_as_themselves(named: Person) -> None:
    person, window = named, named.window
    window._prefer(replace(window.preferences, reader="Dr X"))
    person.open_project(person.project)
    person.until(lambda: "open for AB, and your name is Dr X" in person.notice, what="the question")
    session = window.desk.session
    person.press("Label as Dr X")
    person.until(lambda: window.desk.session not in (None, session), what="opened anew")
    person.until(lambda: window.screen_.case_id is not None, what="a case shown")
    person.until(lambda: person.canvas.complete, what="all planes there")
    person.stroke((20, 20), (20, 40))
    person.saved()
    by = "SELECT readers.name FROM edits JOIN readers ON readers.id = reader_id ORDER BY edits.id DESC LIMIT 1"
    person.until(lambda: person.rows(by) == [("Dr X",)], what="the stroke in their name")
    assert "your name is" not in person.notice


def test_a_project_that_takes_the_persons_name_asks_nothing(named: Person, template: Path) -> None:
    other = Path(shutil.copytree(template, named.project.with_name("other")))
    named.open_project(other)
    named.until(lambda: readers(named) == ["AB"], what="signed")
    named.pause(0.2)
    assert "your name is" not in named.notice


def test_a_reader_who_was_chosen_and_is_not_there_any_more_is_not_replaced_without_a_word(
    named: Person, template: Path
) -> None:
    person, window = named, named.window
    label_as(person, opened(person), "CD")
    window.desk.close()
    shutil.rmtree(person.project)
    shutil.copytree(template, person.project)  # an older copy is put back
    with Session.open(person.project) as session:
        session.upkeep.sign("EF")
    person.open_project(person.project)
    person.until(lambda: "open for EF, and your name is AB" in person.notice, what="the question")


def test_several_readers_and_nobody_who_said_a_name_is_said(person: Person) -> None:
    person.window.desk.close()
    with Session.open(person.project, reader="CD"):
        pass
    person.open_project(person.project)
    person.until(lambda: "Several readers label this project. It is open for Reader 1." in person.notice, what="it")
    person.press("Readers …")
    person.until(lambda: person.window.readers.dialog is not None, what="the readers")


def test_the_demo_is_opened_again_for_the_reader_who_was_chosen(
    named: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, window = named, named.window
    monkeypatch.setenv("HOME", str(tmp_path))
    window.desk.close()
    person.project.rename(demo.by_hand(tmp_path))
    monkeypatch.setattr(project_desk, "prepare_demo", lambda _out, _tell, **_: demo.by_hand(tmp_path))
    monkeypatch.setattr("slicelab.app.window._DEMO", "")

    def open_it() -> None:
        before = window.desk.session
        window.open_demo()
        person.until(lambda: window.desk.session not in (None, before), what="the demo opened")
        person.until(lambda: window.screen_.case_id is not None, what="a case shown")

    person.project = demo.by_hand(tmp_path)
    open_it()
    label_as(person, opened(person), "CD")
    open_it()
    assert window.desk.session.reader.name == "CD"


def test_the_reader_chosen_is_remembered_past_many_projects_and_drives_that_are_away(tmp_path: Path) -> None:
    recent.remember_reader(tmp_path / "away", "CD")
    for at in range(20):
        recent.remember_reader(tmp_path / str(at), "AB")
    assert recent.last_reader(tmp_path / "away") == "CD"
    recent.remember_reader(tmp_path / "away", "AB")
    assert recent.last_reader(tmp_path / "away") == "AB"


def test_names_and_figures_of_readers_never_stay_beside_what_they_are_not_of(named: Person) -> None:
    person, window = named, named.window
    person.open_case("phantom_01")
    label_as(person, opened(person), "CD")
    person.open_case("phantom_01")
    person.until(lambda: "AB: done" in window.work.ledger.tip(0), what="who labelled it")
    window.work.ledger.show_case("another", ("I", "S"))
    assert "AB" not in window.work.ledger.tip(0), "another case's labels are not known yet"
    person.canvas.set_slice(0)
    person.key(Qt.Key.Key_Return)
    dialog = opened(person)
    person.until(lambda: dialog.classes.isVisible(), what="compared")
    dialog.other.setFocus()
    QTest.keyClick(dialog.other, Qt.Key.Key_Down if dialog.other.currentIndex() == 0 else Qt.Key.Key_Up)
    assert dialog.pair is None
    assert not dialog.classes.isVisible()
    assert not dialog.slices.isVisible()
    assert dialog._none.text() == "Choose two different readers."
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    person.until(lambda: window.readers.dialog is None, what="the dialog closed")
