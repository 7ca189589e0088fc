"""The look inside, the map of slices and what to label first and next, by real buttons, mouse and keys."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from story import JOB_PATIENCE_S, NETWORK, ended, newest, small_jobs, state_of

from slicelab.app.panels.map_plot import said_of
from slicelab.app.window import MainWindow
from slicelab.data.look import LOOK, load_look
from slicelab.engine.job_calls import Jobs
from slicelab.engine.session import Session
from slicelab.engine.views import SlicePictures

pytestmark = [pytest.mark.window, pytest.mark.timeout(600)]


def any_method_small(patch: pytest.MonkeyPatch) -> None:
    """Small jobs, whatever a pretraining learns by."""
    pretrain = Jobs.start_pretrain
    small_jobs(patch)

    def learn(self: Jobs, method: Any = "contrastive", **more: Any) -> str:
        return pretrain(self, method, **{**more, "overrides": {**NETWORK, f"{method}.batch": 4, f"{method}.lr": 5e-4}})

    patch.setattr(Jobs, "start_pretrain", learn)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    any_method_small(monkeypatch)


def learn(person: Person, method: str, steps: int, beyond: int = 0) -> str:
    """Choose a method and press the button."""
    person.tab("pretrain")
    QTest.mouseClick(person.window.work.pretrain.methods.options[method], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    person.set_steps("pretrain", steps)
    person.press("Learn from all volumes")
    return newest(person, "pretrain", beyond)


def into_sight(person: Person, widget: Any) -> None:
    """Scroll a panel to a widget, as one does by the wheel."""
    from PySide6.QtWidgets import QScrollArea

    host = widget.parentWidget()
    while not isinstance(host, QScrollArea):
        host = host.parentWidget()
    host.ensureWidgetVisible(widget)
    person.pause(0.1)


def click_spot(person: Person, case: str, index: int) -> None:
    plot = person.window.work.pretrain.map.plot
    into_sight(person, plot)
    spot = next(one for one in plot.spots if (one.name, one.slice) == (case, index))
    place = plot.position_of(spot).toPoint()
    QTest.mouseMove(plot, place)
    person.until(lambda: person.window.work.pretrain.map.words != "", what="a word about it")
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=place)


def choices(person: Person) -> list[tuple]:
    return person.rows(
        "SELECT c.name, k.slice, k.choice, k.why FROM choices k JOIN edits e ON e.id = k.edit_id "
        "JOIN cases c ON c.id = e.case_id ORDER BY k.edit_id, k.slice"
    )


@pytest.fixture(scope="module")
def mapped_project(
    first_window: MainWindow, qapp: QApplication, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A project whose pretraining finished in the window, and nothing else was pressed."""
    someone = Person(first_window, qapp, tmp_path_factory.mktemp("mapped") / "project")
    with pytest.MonkeyPatch.context() as patch:
        any_method_small(patch)
        someone.open_project(Path(shutil.copytree(template, someone.project)))
        run = learn(someone, "contrastive", 4)
        ended(someone, run)
        assert someone.window.work.pretrain.look.words.startswith("phantom_0")
        ended(someone, newest(someone, "embed"))
        someone.until(lambda: someone.window.work.pretrain.map.plot.spots, what="the map")
        assert not someone.notice
    first_window.desk.close()
    return someone.project


@pytest.fixture
def mapped(first_window: MainWindow, qapp: QApplication, mapped_project: Path, tmp_path: Path) -> Iterator[Person]:
    """Somebody before a copy of it."""
    someone = Person(first_window, qapp, tmp_path / "project")
    someone.open_project(Path(shutil.copytree(mapped_project, someone.project)))
    someone.tab("pretrain")
    someone.until(lambda: someone.window.work.pretrain.first.isVisible(), what="the cases to label first")
    yield someone
    first_window.desk.close()
    qapp.processEvents()


def test_a_running_regression_shows_what_it_was_given_and_made_and_it_is_there_again_after_reopening(
    person: Person,
) -> None:
    run = learn(person, "blocks", 50_000)
    box = person.window.work.pretrain.look
    person.until(box.isVisible, JOB_PATIENCE_S, "a look inside")
    assert "As it is What the network was given What it makes of it" in box.words
    first = box.words
    person.until(lambda: box.words != first, JOB_PATIENCE_S, "a later look")
    person.press("Stop")
    ended(person, run, "cancelled")
    kept = load_look(person.project / "runs" / run / LOOK)
    person.until(lambda: f"after step {kept.step:,}" in box.words, what="the last look")
    name = next(case.name for case in person.window._cases if case.id == kept.case)
    assert box.words.startswith(f"{name}, slice {kept.slice + 1} ")
    for picture, grey in zip(box.pictures, kept.pictures.values(), strict=True):
        np.testing.assert_array_equal(picture.grey, grey)
    person.window.actions_["view.neurological"].trigger()
    np.testing.assert_array_equal(box.pictures[0].grey, kept.pictures["original"][:, ::-1])
    person.window.actions_["view.neurological"].trigger()
    np.testing.assert_array_equal(box.pictures[0].grey, kept.pictures["original"])
    person.window.desk.close()
    assert not box.isVisible()
    person.open_project(person.project)
    person.tab("pretrain")
    person.until(lambda: f"after step {kept.step:,}" in box.words and box.isVisible(), what="the look again")


def test_a_finished_contrastive_pretraining_shows_two_views_of_a_slice(mapped: Person) -> None:
    box = mapped.window.work.pretrain.look
    mapped.until(box.isVisible, what="the look")
    assert "As it is Seen one way Seen another way" in box.words
    assert "which places of both are the same" in box.words


def test_a_dot_of_the_map_opens_its_slice_and_says_which_it_is(mapped: Person) -> None:
    plot = mapped.window.work.pretrain.map.plot
    assert len(plot.spots) == 30
    click_spot(mapped, "phantom_03", 7)
    mapped.until(lambda: mapped.window.screen_.case_id == "c0003", what="its case")
    mapped.until(lambda: mapped.canvas.slice == 7, what="its slice")
    mapped.tab("pretrain")
    plot.setFocus()
    mapped.until(lambda: mapped.window.work.pretrain.map.words == "phantom_03, slice 8", what="the keys begin there")
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.accessibleDescription() == "phantom_03, slice 7"
    assert mapped.canvas.slice == 7, "the keys are the map's, not the picture's"
    QTest.keyClick(plot, Qt.Key.Key_Up)
    assert plot.accessibleDescription() == "phantom_02, slice 7"
    QTest.keyClick(plot, Qt.Key.Key_Return)
    mapped.until(lambda: mapped.window.screen_.case_id == "c0002" and mapped.canvas.slice == 6, what="opened by Enter")
    ringed = [("c0002", 6)] if ("c0002", 6) in plot._marks else []
    assert mapped.rows("SELECT case_id, slice FROM suggestions_followed") == ringed, "an own choice is no suggestion"


def test_the_slice_under_the_mouse_is_shown_small_as_the_viewer_has_it(mapped: Person) -> None:
    plot = mapped.window.work.pretrain.map.plot
    card = plot.card
    into_sight(mapped, plot)
    assert not card.isVisible()
    spot = next(one for one in plot.spots if (one.name, one.slice) == ("phantom_03", 5))
    point_at(mapped, spot)
    assert card.words == "phantom_03, slice 6"
    assert plot.rect().contains(card.geometry())
    assert not card.geometry().contains(plot.position_of(spot).toPoint()), "the dot itself stays in sight"
    mapped.until(lambda: card.grey is not None, what="its picture")
    box = card.picture_box.toAlignedRect()
    drawn = grey_of(card)[box.top() : box.bottom() + 1, box.left() : box.right() + 1]

    mapped.open_case("phantom_03")
    mapped.canvas.set_slice(5)
    mapped.until(lambda: mapped.canvas.slice == 5)
    mapped.key(Qt.Key.Key_S)  # no masks over the picture
    mapped.pause(0.3)
    viewer = grey_of(mapped.canvas.main.native)
    main = mapped.canvas.main
    rows, columns = mapped.window.screen_._case.view.image.shape[1:]
    step = 4
    seen = np.array(
        [
            [viewer[round(at.y()), round(at.x())] for at in (main.position_of(r, c) for c in range(2, columns, step))]
            for r in range(2, rows, step)
        ]
    )
    mapped.key(Qt.Key.Key_S)
    small = np.asarray(Image.fromarray(drawn).resize(seen.shape[::-1]))
    alike = [np.corrcoef(turned.ravel(), seen.ravel())[0, 1] for turned in (small, small[:, ::-1], small[::-1])]
    assert alike[0] > 0.9, alike
    assert alike[0] > max(alike[1:]) + 0.02, "neither side nor head and feet are swapped"


def test_the_small_picture_follows_the_convention_the_mouse_and_the_keys(mapped: Person) -> None:
    plot = mapped.window.work.pretrain.map.plot
    card = plot.card
    into_sight(mapped, plot)
    spot, other = (next(one for one in plot.spots if (one.name, one.slice) == ("phantom_02", at)) for at in (4, 9))
    point_at(mapped, spot)
    mapped.until(lambda: card.grey is not None, what="its picture")
    radiological = card.grey
    QTest.mouseMove(plot, QPoint(1, 1))
    mapped.until(lambda: not card.isVisible(), what="no picture beside no dot")
    mapped.window.actions_["view.neurological"].trigger()
    point_at(mapped, spot)
    mapped.until(lambda: card.grey is not None, what="its picture again")
    np.testing.assert_array_equal(card.grey, radiological[:, ::-1])
    mapped.window.actions_["view.neurological"].trigger()
    point_at(mapped, other)
    mapped.until(lambda: card.grey is not None, what="another one")
    assert not np.array_equal(card.grey, radiological)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert card.words == "phantom_02, slice 9"
    assert card.grey is not None, "pictures of a case are there once one of them was"
    case = mapped.window.desk.session.find(["phantom_01"])[0].id
    next((mapped.project / "volumes").glob(f"{case}*")).write_bytes(b"damaged")
    point_at(mapped, next(one for one in plot.spots if one.case == case))
    mapped.pause(0.5)
    assert card.words == "phantom_01, slice 1"
    assert card.grey is None
    assert mapped.notice == "", "a damaged volume is told of when its case is opened"


def test_a_case_is_read_once_for_its_small_pictures_and_anew_when_its_window_was_moved(
    mapped: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    plot = mapped.window.work.pretrain.map.plot
    read, may_read, pictures = [], threading.Event(), Session.slice_pictures

    def slowly(self: Session, case: str, side: int) -> SlicePictures:
        read.append(case)
        may_read.wait(JOB_PATIENCE_S)
        return pictures(self, case, side)

    monkeypatch.setattr(Session, "slice_pictures", slowly)
    into_sight(mapped, plot)
    spot = next(one for one in plot.spots if (one.name, one.slice) == ("phantom_02", 4))
    point_at(mapped, spot)
    plot.setFocus()
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(plot, key)
    assert plot.card.words == "phantom_02, slice 6"
    may_read.set()
    mapped.until(lambda: plot.card.grey is not None, what="its picture")
    mapped.pause(0.3)
    assert read == [spot.case], "once, however often it was pointed at meanwhile"
    before = plot.card.grey

    mapped.open_case("phantom_02")
    levels = mapped.window.screen_.levels
    low, high = levels.seen.windows[levels.seen.preset]
    levels.set(low, low + (high - low) / 4)
    window = "SELECT window_high FROM cases WHERE name = 'phantom_02'"
    mapped.until(lambda: mapped.rows(window) != [(None,)], what="the window on disk")
    mapped.pause(0.3)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.card.words == "phantom_02, slice 6"
    mapped.until(lambda: plot.card.grey is not None, what="its picture again")
    assert plot.card.grey.mean() > before.mean(), "as bright as in the viewer"


def point_at(person: Person, spot: Any) -> None:
    """Move the mouse onto a dot and wait for the card."""
    plot = person.window.work.pretrain.map.plot
    QTest.mouseMove(plot, plot.position_of(spot).toPoint())
    person.until(lambda: plot.card.isVisible() and plot.card.words == said_of(spot), what="a card beside the dot")


def grey_of(widget: Any) -> np.ndarray:
    """What a widget looks like, ``(row, column)`` uint8."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    lines = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return lines[:, : picture.width()].copy()


def test_the_map_is_coloured_by_position_or_by_patient(mapped: Person) -> None:
    box = mapped.window.work.pretrain.map
    into_sight(mapped, box.by)
    first, other = box.plot.spots[0], box.plot.spots[10]
    assert first.slice == other.slice == 0
    assert box.plot.colour_of(first) == box.plot.colour_of(other)
    mapped.press("By patient")
    assert box.plot.colour_of(first) != box.plot.colour_of(other)
    assert box.plot.colour_of(first) == box.plot.colour_of(box.plot.spots[5])
    mapped.press("By position")
    assert box.plot.colour_of(first) != box.plot.colour_of(box.plot.spots[5])


def test_what_led_to_a_slice_is_on_disk_once_it_is_done(mapped: Person) -> None:
    """Covering from the list of cases, next and evenly spaced from Label, own choice by the arrow keys."""
    work = mapped.window.work
    first = [one for one in work.pretrain.first.findChildren(QPushButton) if one.isVisible()]
    assert all("phantom_01" not in one.accessibleName() for one in first), "that one is labelled throughout"
    assert "begin with slice" in first[0].accessibleName()
    assert len(work.pretrain.map.plot._marks) == len(first)
    into_sight(mapped, first[0])
    QTest.mouseClick(first[0], Qt.MouseButton.LeftButton)
    name = first[0].accessibleName().split()[1].rstrip(":")
    mapped.until(lambda: mapped.window._cases and mapped.window.screen_.case_id == f"c0{name[-3:].replace('_', '0')}")
    (case, begun), *_ = mapped.rows("SELECT name, slice FROM suggestions_followed JOIN cases ON cases.id = case_id")
    assert case == name
    mapped.until(lambda: mapped.canvas.slice == begun, what="the slice that stands for most")

    def enter() -> int:
        at = mapped.canvas.slice
        mapped.key(Qt.Key.Key_Return)
        mapped.until(lambda: mapped.states_on_disk(name, at) == {"done"}, what=f"slice {at + 1} done")
        return at

    assert enter() == begun
    mapped.tab("label")
    advice = work.label.next
    mapped.until(lambda: advice.shown is not None and begun not in {one.index for one in advice.shown.next})
    suggested = advice.shown.next[0]
    assert suggested.index in work.ledger._suggested
    mapped.press(f"Slice {suggested.index + 1}")
    mapped.until(lambda: mapped.canvas.slice == suggested.index)
    enter()
    mapped.until(lambda: suggested.index not in {one.index for one in advice.shown.next}, what="no more suggested")
    even = advice.shown.even[0]
    mapped.press(str(even + 1))
    mapped.until(lambda: mapped.canvas.slice == even)
    enter()
    own = next(at for at, tick in enumerate(mapped.ticks) if tick == "unlabelled" and at not in advice.shown.even)
    mapped.canvas.set_slice(own)
    enter()
    mapped.until(lambda: len(choices(mapped)) == 4, what="four choices")
    assert choices(mapped) == [
        (name, begun, "covering", ""),
        (name, suggested.index, "next", suggested.why.value),
        (name, even, "even", ""),
        (name, own, "own", ""),
    ]
    session = mapped.window.desk.session
    assert [(one.choice.value, one.slices) for one in session.advice.benefits()] == [
        ("covering", 1), ("next", 1), ("even", 1), ("own", 1),
    ]  # fmt: skip


def test_turned_off_no_map_is_made_until_the_button_is_pressed(person: Person) -> None:
    box = person.window.work.pretrain.map
    person.tab("pretrain")
    into_sight(person, box.after)
    assert box.after.isChecked(), "on as delivered"
    assert not person.window.actions_["job.map"].isEnabled(), "there is no network yet"
    QTest.mouseClick(box.after, Qt.MouseButton.LeftButton, pos=QPoint(8, box.after.height() // 2))
    person.until(lambda: person.rows("SELECT value FROM meta WHERE key = 'setting.map_after'") == [("0",)])
    ended(person, learn(person, "regression", 2))
    person.until(lambda: person.window.actions_["job.map"].isEnabled(), what="a network")
    assert person.rows("SELECT id FROM runs WHERE kind = 'embed'") == []
    into_sight(person, box)
    person.press("Make the map of slices")
    ended(person, newest(person, "embed"))
    person.until(lambda: box.plot.spots, what="the map")
    assert not box.findChild(QPushButton).isVisible() or box.plot.isVisible()


def test_the_map_makes_room_for_a_training_and_is_made_after_it(person: Person) -> None:
    ended(person, learn(person, "regression", 2))
    look = newest(person, "embed")
    person.tab("train")
    person.set_steps("train", 2)
    person.until(lambda: person.button("Train").isEnabled(), what="Train possible while the network looks")
    person.press("Train")
    ended(person, newest(person, "finetune"))
    ended(person, newest(person, "predict"))
    person.until(lambda: person.window.work.pretrain.map.plot.spots, JOB_PATIENCE_S, "the map after all")
    assert state_of(person, look) in ("cancelled", "finished")
    assert not person.window.actions_["job.continue"].isEnabled(), "nothing was left undone"
    assert person.notice == ""


def test_a_training_asked_for_just_as_the_look_at_the_slices_ends_is_started(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end is read before the training is on the list of jobs that wait, and shown while it is on its way there."""
    ended(person, learn(person, "regression", 2))
    look = newest(person, "embed")
    person.tab("train")
    person.set_steps("train", 2)
    jobs, tasks, pulses = person.window.jobs, person.window.tasks, []
    person.until(lambda: jobs.looking and jobs.status.run == look, what="the look")
    jobs._timer.stop()

    def end_read() -> bool:
        if not any(status.ended for pulse in pulses for status in pulse.changed):
            tasks.run("jobs", jobs._look, pulses.append, jobs.failed.emit)
            person.pause(0.1)
        return any(status.ended for pulse in pulses for status in pulse.changed)

    person.until(end_read, JOB_PATIENCE_S, "its end read")
    agenda, on_its_way = person.window.desk.session.agenda, threading.Event()
    add = agenda.add
    monkeypatch.setattr(agenda, "add", lambda wish: on_its_way.wait(10) and add(wish))
    person.press("Train")
    for pulse in pulses:
        jobs._seen(pulse)
    on_its_way.set()
    jobs._timer.start()
    ended(person, newest(person, "finetune"))
    person.until(lambda: not jobs.running and not jobs.waiting, JOB_PATIENCE_S, "the prediction after it")


def test_a_running_contrastive_pretraining_shows_where_it_puts_the_slices_and_a_dot_opens_its_slice(
    person: Person,
) -> None:
    run = learn(person, "contrastive", 50_000)
    box = person.window.work.pretrain.map
    person.until(lambda: box.plot.spots, JOB_PATIENCE_S, "the slices on a plane")
    first = box.plot.spots
    person.until(lambda: box.plot.spots != first, JOB_PATIENCE_S, "their next places")
    assert "While it learns, after step " in box._learning.text()
    person.until(box._learning.isVisible, what="the words above the plane in sight")
    into_sight(person, box.by)
    person.press("By patient")
    assert len({box.plot.colour_of(spot).name() for spot in box.plot.spots}) > 1
    person.press("By position")
    person.press("Pause")
    person.until(lambda: person.window.jobs.status.state == "paused", JOB_PATIENCE_S, "it holds still")
    spot = next(one for one in box.plot.spots if one.case != person.window.screen_.case_id)
    click_spot(person, spot.name, spot.slice)
    person.until(lambda: person.window.screen_.case_id == spot.case and person.canvas.slice == spot.slice, what="it")
    person.tab("pretrain")
    person.press("Stop")
    ended(person, run, "cancelled")
    person.until(lambda: not box.plot.spots, what="no plane of a network that learns no more")
