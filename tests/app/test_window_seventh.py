"""What a sixth trial stumbled over and was left for later: models that got worse or were stopped, messages, lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from story import ended, newest, small_jobs
from test_window_pieces import run

from slicelab.app import language, preferences, words
from slicelab.app.language import say
from slicelab.app.models import ModelRow, better_before
from slicelab.app.notice import Message
from slicelab.app.readers_dialog import ReadersDialog
from slicelab.app.training_ends import WORSE, worse
from slicelab.core.evaluation import CaseScore, ClassScore, Successor, successor, summarise
from slicelab.core.labels import SliceState
from slicelab.engine.people import ReaderWork
from slicelab.engine.session import Session

pytestmark = pytest.mark.window


def measured(run: str, dice: float, slices: int = 4, **more: bool) -> CaseScore:
    scores = {"liver": ClassScore(dice, 10.0), "left kidney": ClassScore(dice / 2, 10.0)}
    seen = {"trained_on": False, "in_pretraining_pool": False, **more}
    return CaseScore(run, scores, slices, 4, **seen)


def test_two_models_are_compared_on_cases_that_neither_met_alone() -> None:
    classes = ["liver", "left kidney"]
    before = summarise("r1", [measured("a", 0.8), measured("b", 0.6, trained_on=True), measured("c", 0.1)], classes)
    met = measured("c", 0.9, in_pretraining_pool=True)
    now = summarise("r2", [measured("a", 0.4), measured("b", 0.9), met], classes)
    found = successor(before, now)
    assert found is not None
    assert (found.cases, round(found.before, 2), round(found.now, 2), found.worse) == (1, 0.6, 0.3, True)
    assert not successor(now, now).worse
    assert successor(summarise("r1", [measured("b", 0.6)], classes), now).cases == 1
    assert successor(summarise("r1", [measured("c", 0.6)], classes), now) is None
    assert successor(summarise("r1", [measured("a", 0.6, slices=3)], classes), now) is None, "on other slices"


def test_two_models_whose_pretraining_saw_a_case_are_compared_on_it_all_the_same() -> None:
    classes = ["liver", "left kidney"]
    before = summarise("r1", [measured("a", 0.8, in_pretraining_pool=True), measured("b", 0.9)], classes)
    now = summarise("r2", [measured("a", 0.4, in_pretraining_pool=True)], classes)
    found = successor(before, now)
    assert found is not None, "as after learning from all volumes, which is what most people do"
    assert (found.cases, round(found.before, 2), round(found.now, 2), found.worse) == (1, 0.6, 0.3, True)


def train(person: Person, steps: int, beyond: int) -> str:
    """Train for so many steps, wait for the prediction and what it was measured to be; the model's run."""
    person.set_steps("train", steps)
    person.until(person.button("Train").isEnabled, what="something to learn from")
    person.press("Train")
    model = newest(person, "finetune", beyond)
    ended(person, model)
    ended(person, newest(person, "predict", beyond))
    measures = person.window.learning.measures
    person.until(lambda: model in measures.evaluations, what="measured")
    return model


def teach(session: Session, case: str, value: int) -> None:
    """Two slices of a case are done, and of one class throughout."""
    rows, columns = session.labels.stack(case).shape[1:]
    slices = dict.fromkeys((3, 6), np.full((rows, columns), value, np.uint8))
    session.labels.edit_slices(case, slices, "brush").result()
    for at in slices:
        session.labels.mark(case, (at,), SliceState.DONE).result()


def test_a_model_worse_than_the_one_before_it_says_so_and_is_one_press_from_it(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    window, session = person.window, person.window.desk.session
    ids = {name: case for case, name in person.rows("SELECT id, name FROM cases")}
    person.leave_out("phantom_01")
    teach(session, ids["phantom_02"], 1)
    person.tab("train")
    first = train(person, 4, 0)
    # The case that is left out is now what the first model makes of it, and the second learns the contrary.
    mask = session.prediction(ids["phantom_01"], first)
    assert np.count_nonzero(mask == 1) > mask.size / 2
    session.labels.edit_slices(ids["phantom_01"], dict(enumerate(mask)), "brush").result()
    session.labels.confirm(ids["phantom_01"])[1].result()
    teach(session, ids["phantom_02"], 2)
    second = train(person, 4, 1)
    person.until(lambda: "Model 2 is worse than Model 1: Dice" in person.notice, what="that it is worse")
    assert "after 1.00, on 1 case that neither learned from." in person.notice
    assert window.learning.in_use == second, "which one is used is for the person to say"
    person.press("Go back to Model 1")
    assert window.learning.in_use == first
    person.until(lambda: not person.notice, what="the message gone")
    window.learning._on_worse(second, first, Successor(0.9, 0.1, 1))
    assert not person.notice, "a comparison that comes late is of a model that is not in use any more"
    assert worse_in_table(person) == ["Worse than Model 1: Dice", ""]
    window.desk.close()
    window.work.train.show_models(())
    person.open_project(person.project)
    person.until(lambda: worse_in_table(person) == ["Worse than Model 1: Dice", ""], what="said after reopening too")
    table = window.work.train._models
    assert table.item(0, 1).text().endswith(" after 1.00, on 1 case that neither learned from")
    assert "On so few cases the difference may be chance" in table.item(0, 1).toolTip()


def worse_in_table(person: Person) -> list[str]:
    """How the line begins, in each row of the table of models, that says that a model before it is better."""
    table = person.window.work.train._models
    lines = [table.item(at, 1).text().splitlines() for at in range(table.rowCount())]
    return [next((line[:24] for line in row if line.startswith("Worse")), "") for row in lines]


def test_of_the_models_before_it_the_one_that_is_better_by_most_is_named_where_both_saw_the_same_labels() -> None:
    dices = {"r1": 0.6, "r2": 0.8, "r3": 0.5, "r4": 0.8}
    runs = tuple(run(name, "finetune", True) for name in dices)
    found = {name: summarise(name, [measured("a", dice)], ["liver", "left kidney"]) for name, dice in dices.items()}

    def better(name: str, changed: dict[str, int]) -> str | None:
        answer = better_before(name, runs, found, changed)
        return answer and answer[0]

    assert [better(name, {}) for name in dices] == [None, None, "r2", None]
    assert better("r3", dict.fromkeys(dices, 3)) == "r2", "measured before the same slices changed"
    assert better("r3", {"r2": 1}) == "r1"
    assert better_before("r3", runs, {"r3": found["r3"]}, {}) is None


def test_a_message_that_is_true_no_longer_does_not_come_back_from_below_another(person: Person) -> None:
    notice, covering = person.window.work.notice, Message("The mask was taken into phantom_02")
    for true, said_again in ((True, "Model 2 is worse"), (False, "")):
        notice.say(worse("Model 2", "Model 1", Successor(0.9, 0.1, 1), lambda: None))
        notice.say(covering)
        if not true:
            notice.withdraw(WORSE)
            assert "was taken" in person.notice
        notice.dismiss()
        assert person.notice.startswith(said_again)
        assert bool(person.notice) == true
    notice.forget()


def test_a_training_that_was_stopped_offers_its_prediction_at_once(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    work, jobs = person.window.work, person.window.jobs
    person.tab("train")
    person.until(lambda: "after Stop you choose" in said(work.train), what="what follows a training")
    person.set_steps("train", 5000)
    person.press("Train")
    model = newest(person, "finetune")
    person.until(lambda: jobs.status is not None and jobs.status.step >= 2, what="steps")
    person.press("Stop")
    ended(person, model, "cancelled")
    person.until(lambda: "Training was stopped at step" in person.notice, what="what became of it")
    assert f"at step {jobs.status.step:,} of 5,000. Model 1 is" in person.notice
    QTest.mouseClick(work.notice.offered, Qt.MouseButton.LeftButton)
    run = newest(person, "predict")
    assert not person.notice
    ended(person, run)
    assert person.window.learning.in_use == model
    chosen = "SELECT value FROM meta WHERE key = 'setting.model_in_use'"
    assert person.rows(chosen) == [(model,)], "also when the project is opened again, with an older one that ended"


def test_the_list_of_cases_to_leave_out_takes_the_room_its_rows_need(person: Person) -> None:
    person.tab("pretrain")
    box = person.window.work.pretrain.leave_out
    if not box.list.isVisible():
        person.press("Leave out for testing")
    person.until(box.list.isVisible, what="the list")
    bar, one = box.list.verticalScrollBar(), person.window._cases[0]
    for count, in_sight in ((3, 3), (9, 9), (30, 12)):
        box.show_cases(tuple(replace(one, id=f"c{at}", name=f"case {at}") for at in range(count)))
        person.pause(0.1)
        view = box.list.viewport().rect()
        whole = sum(view.contains(box.list.visualItemRect(box.list.item(at))) for at in range(count))
        assert whole == in_sight, (count, whole)
        assert (bar.maximum() == 0) == (count <= 12)
    box.show_cases(person.window._cases)
    box.open.setChecked(False)


def said(widget: QWidget) -> str:
    """All labels of a widget that are in sight."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_the_first_digit_says_which_tool_it_took_and_where_classes_are_chosen_once(person: Person) -> None:
    strip, work = person.window.work.strip, person.window.work
    person.open_case("phantom_02")
    assert "Keys choose tools" not in strip.said
    person.key(Qt.Key.Key_3)
    item = person.window.screen_.hand.item
    assert strip.said == f"Polygon, for {item.name}. Keys choose tools; classes are chosen at the left."
    strip.say("")
    person.key(Qt.Key.Key_2)
    assert not strip.said, "once is enough"
    person.stroke((30, 30))
    at = person.canvas.main.position_of(30, 30).toPoint()
    QTest.mouseDClick(person.canvas.main.native, Qt.MouseButton.RightButton, pos=at)
    assert not strip.said, "nothing was painted"
    QTest.mouseDClick(person.canvas.main.native, Qt.MouseButton.LeftButton, pos=at)
    assert strip.said == "A double click paints twice. To enlarge: Enlarge view (Shift+F11)"
    assert work.canvas.views.enlarged is None
    person.key(Qt.Key.Key_1)


def test_a_corner_set_in_train_is_said_and_goes_with_the_tab(person: Person) -> None:
    strip, main = person.window.work.strip, person.canvas.main
    person.open_case("phantom_01")
    person.tab("label")
    person.key(Qt.Key.Key_3)
    strip.say("")
    person.stroke((30, 30))
    assert main.gestures.outline_open
    assert not strip.said, "there one draws"
    person.key(Qt.Key.Key_Escape)
    before = person.shown.copy()
    person.tab("train")
    person.stroke((30, 30))
    assert strip.said == "An outline was begun: one can draw in every tab. Escape drops it."
    person.tab("review")
    assert not main.gestures.outline_open, "a corner alone is no work to keep"
    for corner in ((30, 30), (30, 40), (40, 40)):
        person.stroke(corner)
    person.tab("label")
    assert main.gestures.outline_open, "but what can be closed is"
    person.key(Qt.Key.Key_Escape)
    assert not main.gestures.outline_open
    assert np.array_equal(person.shown, before)
    assert person.states_on_disk("phantom_01", person.canvas.slice) == {"done"}
    person.key(Qt.Key.Key_1)


def test_the_name_of_the_reader_one_labels_as_keeps_its_line(person: Person) -> None:
    dialog = ReadersDialog(person.window.theme, person.window)
    work = [
        ReaderWork(name, mine=name == "Dr. Anna-Lena Berg", cases=3, done=26, drafts=1, seconds=4000.0)
        for name in ("Dr. Anna-Lena Berg", "CD")
    ]
    dialog.show_work(work)
    dialog.show()
    person.until(dialog.isVisible, what="the dialog")
    table = dialog.readers
    cell = table.item(0, 0)
    assert cell.text() == "Dr. Anna-Lena Berg (now)"
    assert table.fontMetrics().horizontalAdvance(cell.text()) < table.columnWidth(0) - 6
    assert table.sizeHintForRow(0) == table.sizeHintForRow(1), "one line, as of the other"
    dialog.close()
    dialog.deleteLater()


def test_german_days_models_and_places(german: None) -> None:
    assert say("CPU: 1.7 times faster than float32 here, measured on 2026-11-28") == (
        "CPU: 1,7-mal schneller als float32 hier, gemessen am 28.11.2026"
    )
    assert say("Model 3, 2026-11-28 12:05") == "Modell 3, 28.11.2026 12:05"
    assert say("Made 2026-11-28 12:05").endswith("28.11.2026 12:05")
    assert words.place(Path.home() / "a").startswith("Persönlicher Ordner")
    assert say("Worse than Model 1: Dice 0.19 after 0.41, on 2 cases that neither learned from") == (
        "Schlechter als Modell 1: Dice 0,19 nach 0,41, an 2 Fällen, aus denen keines gelernt hat"
    )
    assert say("Model 2 is worse than Model 1: Dice 0.19 after 0.41, on 1 case that neither learned from.") == (
        "Modell 2 ist schlechter als Modell 1: Dice 0,19 nach 0,41, an 1 Fall, aus dem keines gelernt hat."
    )
    assert say("Model 2 is worse than Model 1: Dice 0.19 after 0.41, on 4 cases that neither learned from.") == (
        "Modell 2 ist schlechter als Modell 1: Dice 0,19 nach 0,41, an 4 Fällen, aus denen keines gelernt hat."
    )
    assert say("Go back to Model 1") == "Zurück zu Modell 1"
    stopped = "Das Lernen wurde bei Schritt 133 von 4\u202f000 gestoppt."
    assert say("Training was stopped at step 133 of 4,000.") == stopped


@pytest.fixture
def german_person(qapp: QApplication, open_window: Callable[[Path], Person], project: Path) -> Iterator[Person]:
    """Somebody before a German window."""
    before = preferences.load()
    preferences.save(replace(before, language="de"))
    language.install(qapp, "de")
    yield open_window(project)
    preferences.save(before)
    language.install(qapp, "en")


def test_in_german_the_table_of_models_shows_what_each_learned_from_in_whole(german_person: Person) -> None:
    person = german_person
    person.window.resize(1366, 720)
    person.tab("train")
    learned = "26 slices, from Pretraining 1 · 7 min 40 s"
    rows = tuple(ModelRow(f"r{n}", f"Model {n}", learned, "0.41", "", n == 1) for n in (2, 1))
    train = person.window.work.train
    train.show_models(rows)
    person.pause(0.3)
    table = train._models
    for at in (0, 1):
        words_in = table.item(at, 1).text()
        assert words_in == "26 Schichten, ab Vorlernen 1\n7 min 40 s"
        room = QRect(0, 0, table.columnWidth(1) - 8, 1000)
        needed = table.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words_in)
        assert needed.width() <= room.width()
        assert needed.height() <= table.rowHeight(at), "no line is cut off"
