"""Reviewing in the window: Dice before correction, blind slices, the way to the worst slice, accepting by class."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QFileDialog,
    QLineEdit,
    QScrollArea,
    QTableWidget,
)

from slicelab.app.window import MainWindow
from slicelab.core.correction import kept_blind
from slicelab.core.labels import SliceState
from slicelab.engine.follow import follow
from slicelab.engine.session import Session

pytestmark = [pytest.mark.window, pytest.mark.timeout(600)]

SMALL = {"network.channels": "8,8,16,16,16", "network.bottleneck": 16, "pool.matrix": 64, "finetune.batch": 2}
BOX = np.s_[20:40, 20:40]
PROJECT_KEY = "a project of tests"
"""Which slices are kept blind follows from it."""


def run_to_end(session: Session, run: str) -> None:
    assert follow(session, run, lambda _status: None, poll_s=0.05).state == "finished"


@pytest.fixture(scope="module")
def predicted(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Path:
    """A closed project: a model that learned from the first case has a square of liver in every slice of every case."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("predicted") / "project"))
    with closing(sqlite3.connect(folder / "project.db")) as database:
        database.execute("UPDATE meta SET value = ? WHERE key = 'project'", (PROJECT_KEY,))
        database.commit()
    with Session.open(folder) as session:
        model = session.jobs.start_finetune(None, steps=1, overrides=SMALL)
        run_to_end(session, model)
        run_to_end(session, session.jobs.start_predict(model))
    for file in (folder / "predictions").rglob("*.nii.gz"):
        empty = nib.load(file)
        mask = np.zeros(empty.shape, np.uint8)
        mask[BOX] = 1
        mask[5:10, 5:10] = 2
        nib.save(nib.Nifti1Image(mask, empty.affine, empty.header), file)
    return folder


@pytest.fixture
def reader(first_window: MainWindow, qapp: QApplication, predicted: Path, tmp_path: Path) -> Iterator[Person]:
    """Somebody before a copy of that project, with the second case and its prediction in the picture."""
    someone = Person(first_window, qapp, tmp_path / "project")
    shutil.copytree(predicted, someone.project)
    someone.open_project(someone.project)
    someone.open_case("phantom_02")
    someone.until(lambda: someone.canvas.main._prediction is not None, what="the prediction shown")
    yield someone
    first_window.desk.close()
    qapp.processEvents()


def measured(person: Person) -> dict[tuple[int, int], tuple[str, int, int, int]]:
    """What is on disk: slice and class to how it was read, and the voxels predicted, final and common."""
    rows = person.rows("SELECT slice, class_value, reading, predicted, final, common FROM corrections")
    return {(index, value): tuple(rest) for index, value, *rest in rows}


def go_to(person: Person, index: int) -> None:
    person.canvas.set_slice(index)
    person.pause(0.1)


def headline(person: Person, tab: str) -> str:
    return getattr(person.window.work, tab).corrections._headline.text()


def choose_share(person: Person, tab: str, at: int) -> None:
    """Choose in the list of shares, by keys."""
    person.tab(tab)
    box = getattr(person.window.work, tab).corrections.findChild(QComboBox)
    box.setFocus()
    for _ in range(at):
        QTest.keyClick(box, Qt.Key.Key_Down)
    person.app.processEvents()


def choose_drawn(person: Person, words: str) -> None:
    """Choose what is drawn: by a button, or in the list that stands for the buttons where there is no room."""
    box = person.window.work.view_bar._drawn_box
    if not box.isVisible():
        person.press(words)
        return
    box.setFocus()
    steps = box.findText(words) - box.currentIndex()
    for _ in range(abs(steps)):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    person.app.processEvents()


def test_enter_on_a_corrected_slice_keeps_what_the_models_mask_was_worth_and_both_tabs_say_it(reader: Person) -> None:
    at = reader.canvas.slice
    reader.key(Qt.Key.Key_Return, shift=True)
    reader.until(lambda: reader.shown[at].any(), what="the model's mask in the labels")
    before = reader.shown[at].copy()
    reader.key(Qt.Key.Key_1)
    reader.stroke((30, 24), (30, 36))
    reader.until(lambda: not np.array_equal(reader.shown[at], before), what="a correction")
    assert measured(reader) == {}
    reader.key(Qt.Key.Key_Return)
    reader.until(lambda: measured(reader), what="a figure on disk")
    kept = measured(reader)
    final = int((reader.shown[at] == 1).sum())
    common = int(((reader.shown[at] == 1) & (before == 1)).sum())
    assert kept[at, 1] == ("accepted", 400, final, common)
    assert kept[at, 4] == ("accepted", 0, 0, 0)
    for tab in ("train", "review"):
        reader.tab(tab)
        reader.until(lambda tab=tab: "assisted on 1 slice" in headline(reader, tab), what="the headline")
        assert "blind" not in headline(reader, tab)
    reader.key(Qt.Key.Key_Z, ctrl=True)
    reader.until(lambda: "Nothing" in headline(reader, "review"), what="undone with its figure")


def test_a_slice_painted_with_the_prediction_in_sight_is_not_blind(reader: Person) -> None:
    at = reader.canvas.slice
    reader.key(Qt.Key.Key_2)
    reader.stroke((30, 24), (30, 36))
    reader.key(Qt.Key.Key_Return)
    reader.until(lambda: measured(reader), what="a figure on disk")
    assert {reading for reading, *_ in measured(reader).values()} == {"seen"}
    assert (at,) in reader.rows("SELECT slice FROM predictions_seen")


def test_who_chose_labels_alone_is_not_shown_the_prediction_by_a_flag_a_note_or_a_mask_that_comes(
    reader: Person,
) -> None:
    choose_drawn(reader, "Labels")
    reader.pause(0.3)
    reader.canvas.views.toggle_tiles()
    seen = reader.rows("SELECT slice FROM predictions_seen")
    loaded: list[object] = []
    reader.window.jobs.mask_ready.connect(lambda _case, mask: loaded.append(mask))
    reader.key(Qt.Key.Key_B, ctrl=True)
    reader.until(lambda: ("phantom_02", 1) in reader.rows("SELECT name, flagged FROM cases"), what="the flag")
    reader.until(lambda: any(case.flagged for case in reader.window._cases), what="the flag in the list")
    reader.pause(0.3)
    assert loaded == [], "a flag is no reason to read a mask again"
    case = reader.window.screen_.case_id
    reader.window.jobs.load_prediction(case)  # as a preview and the end of a job do
    reader.until(lambda: loaded, what="a mask")
    reader.window.screen_.show_mask(case, None)
    reader.window.screen_.show_mask(case, loaded[-1])
    reader.pause(0.2)
    assert reader.window.screen_.looks.effective.prediction is False
    assert reader.window.work.view_bar._drawn_box.currentText() == "Labels"
    assert reader.rows("SELECT slice FROM predictions_seen") == seen
    reader.canvas.views.toggle_tiles()
    choose_drawn(reader, "Uncertainty")
    reader.window.jobs.load_prediction(case)
    reader.until(lambda: len(loaded) > 1, what="the mask again")
    reader.until(lambda: reader.canvas.main.overlay.state.heat is not None, what="the uncertainty is read again too")
    choose_drawn(reader, "Overlay")


def test_a_view_enlarged_while_the_others_are_away_shows_every_slice_and_is_recorded(reader: Person) -> None:
    choose_drawn(reader, "Labels")
    reader.canvas.views.toggle_tiles()
    reader.open_case("phantom_03")
    case = reader.window.screen_.case_id
    seen = f"SELECT slice FROM predictions_seen WHERE case_id = '{case}'"
    reader.until(lambda: reader.canvas.main._prediction is not None, what="the prediction")
    reader.until(lambda: len(reader.rows(seen)) == 1, what="the one slice in sight recorded")
    reader.canvas.views.enlarge(reader.canvas.side[0])
    assert reader.canvas.views.cuts_shown
    reader.until(lambda: len(reader.rows(seen)) == 10, what="every slice recorded")
    reader.canvas.views.enlarge(reader.canvas.side[0])
    assert not reader.canvas.views.cuts_shown
    reader.canvas.views.toggle_tiles()


def test_slices_kept_blind_show_no_prediction_anywhere_until_they_are_done(reader: Person) -> None:
    choose_share(reader, "train", 3)
    setting = "SELECT value FROM meta WHERE key = 'setting.blind_share'"
    reader.until(lambda: reader.rows(setting) == [("0.2",)], what="the setting")
    reader.open_case("phantom_03")
    reader.until(lambda: reader.canvas.main._prediction is not None, what="the prediction")
    case = reader.window.screen_.case_id
    chosen = [k for k in range(10) if kept_blind(PROJECT_KEY, case, k, 0.2)]
    assert chosen, "the key of the project is chosen so that there are some"
    at = chosen[0]
    shown = reader.canvas.main._prediction
    assert not shown[chosen].any()
    assert shown[[k for k in range(10) if k not in chosen]].any(axis=(1, 2)).all()
    assert all((side._prediction == 1).any() for side in reader.canvas.side)
    assert sum((side._prediction > 0).sum() for side in reader.canvas.side) == 2 * (shown > 0).sum()
    go_to(reader, at)
    reader.until(lambda: "hidden" in reader.canvas.main.overlay.state.legend, what="why no mask is there")
    reader.key(Qt.Key.Key_Return, shift=True)
    reader.until(lambda: "kept blind" in reader.notice, what="the answer")
    reader.tab("review")
    reader.press("Whole case")
    reader.until(lambda: reader.edits("phantom_03") == ["accept"], what="the other slices accepted")
    assert reader.mask_on_disk("phantom_03", at) is None, "accepting the whole case does not show it either"
    reader.until(lambda: (reader.shown == 1).any(axis=(1, 2)).sum() == 9, what="their masks in the picture")
    go_to(reader, at)
    reader.key(Qt.Key.Key_2)
    reader.stroke((30, 24), (30, 36))
    reader.key(Qt.Key.Key_Return)
    reader.until(lambda: measured(reader), what="a figure on disk")
    assert {(index, reading) for (index, _), (reading, *_) in measured(reader).items()} == {(at, "blind")}
    reader.until(lambda: reader.canvas.main._prediction[at].any(), what="the prediction of the finished slice")
    reader.until(lambda: "blind on 1 slice" in headline(reader, "review"), what="the headline")
    reader.window.desk.close()
    reader.open_project(reader.project)
    reader.until(lambda: "blind on 1 slice" in headline(reader, "review"), what="the headline after opening again")


def test_a_click_on_a_number_goes_to_the_slice_with_the_largest_error_and_the_ledger_shows_dice(reader: Person) -> None:
    for index, rows in ((2, 18), (6, 4), (8, 20)):
        go_to(reader, index)
        mask = reader.shown[index].copy()
        mask[reader.canvas.main._prediction[index] == 1] = 1
        there = np.argwhere(mask == 1)
        mask[there[:, 0].min() + rows :] = 0
        session = reader.window.desk.session
        session.labels.edit_slices(reader.window.screen_.case_id, {index: mask}, "brush").result(10)
        session.labels.mark(reader.window.screen_.case_id, [index], SliceState.DONE).result(10)
    reader.open_case("phantom_03")
    reader.tab("review")
    reader.press("Measure Dice")
    table = reader.window.work.review.findChild(QTableWidget)
    reader.until(lambda: table.isVisible() and table.item(0, 0) is not None, what="the table")
    assert table.verticalHeaderItem(0).text() == "phantom_02"
    cell = table.visualItemRect(table.item(0, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    reader.until(lambda: reader.canvas.slice == 6 and "phantom_02" in reader.canvas.main.overlay.state.title)
    assert "3D Dice" in reader.window.work.review._chosen.text()
    assert {at: round(dice, 2) for at, dice in reader.window.work.ledger.dice.items()} == {2: 0.95, 6: 0.33, 8: 1.0}
    reader.press("HD95")
    assert table.item(0, 0).text() == "n/a", "distances need every slice"
    reader.press("Volume")
    assert table.item(0, 1).text() != "n/a"
    expected = reader.window.work.review.expected
    reader.until(expected.isVisible, what="cases without labels")
    assert [expected.table.item(0, place).text() for place in (0, 1)] == ["phantom_03", "not reliable yet"]
    sorting = next(one for one in reader.window.work.cases.sorting.menu().actions() if "expected" in one.text())
    sorting.trigger()
    assert [case.name for case in reader.window.work.cases._cases] == ["phantom_03", "phantom_01", "phantom_02"]
    reader.window.work.cases.sort_by("name")
    choose_drawn(reader, "Difference")
    reader.until(lambda: reader.canvas.main.overlay.state.patches, what="missed and extra")
    missed, extra = reader.canvas.main.overlay.state.patches
    assert (missed.words, int(missed.where.sum()), extra.words, int(extra.where.sum())) == ("Missed", 0, "Extra", 320)
    go_to(reader, 4)
    assert not any(patch.where.any() for patch in reader.canvas.main.overlay.state.patches), "nothing is known there"


def test_a_removed_case_or_class_is_in_no_figure_and_opened_by_no_list(reader: Person) -> None:
    session, window = reader.window.desk.session, reader.window
    review, second = window.work.review, window.screen_.case_id
    session.labels.mark(second, [2], SliceState.DONE).result(10)
    reader.tab("review")

    def measure() -> None:
        reader.press("Measure Dice")
        reader.until(lambda: review.table.isVisible() and review.expected.isVisible(), what="both tables")

    measure()
    third = next(case.id for case in session.cases() if case.name == "phantom_03")
    window.keeper._desk.remove("case", third)
    reader.until(lambda: not review.expected.isVisible(), what="no figure that counts the case")
    reader.until(review.table.isVisible, what="the figures of the others")
    assert "Dice" in review._title.text()
    review.expected.chosen.emit(third)
    reader.pause(0.3)
    assert window.screen_.case_id == second
    window.keeper._desk.restore(session.upkeep.removed())
    reader.until(lambda: len(window._cases) == 3, what="the case back")
    measure()
    liver = window.screen_.classes[0].name
    window.actions_["class.remove"].trigger()
    reader.until(lambda: named(reader) and liver not in named(reader), what="no figure that counts the class")


def named(reader: Person) -> set[str]:
    """The classes there are figures of on the second case."""
    evaluations = reader.window.learning.measures.evaluations.values()
    return {name for found in evaluations for case in found.cases if case.case == "phantom_02" for name in case.scores}


def test_figures_stay_when_a_class_is_renamed_or_added_and_come_back_with_a_restored_case(reader: Person) -> None:
    session, window = reader.window.desk.session, reader.window
    review, second = window.work.review, window.screen_.case_id
    session.labels.mark(second, [2], SliceState.DONE).result(10)
    reader.tab("review")
    reader.press("Measure Dice")
    reader.until(lambda: review.table.isVisible() and "liver" in named(reader), what="the table")
    measured = review._title.text()
    window.keeper._desk.rename_class(1, "Hepar")
    reader.until(lambda: "Hepar" in named(reader) and review.table.isVisible(), what="the figures under the new name")
    assert review._title.text() == measured
    window.keeper._desk.add_class("bladder")
    reader.until(lambda: len(window.screen_.classes) == 5 and review.table.isVisible(), what="the figures beside it")
    window.keeper._desk.remove("case", second)
    reader.until(lambda: len(window._cases) == 2 and not named(reader), what="no figure of the removed case")
    window.keeper._desk.restore(session.upkeep.removed())
    reader.until(lambda: "Hepar" in named(reader) and review.table.isVisible(), what="its figures back")
    assert review._title.text().split()[:2] == measured.split()[:2]
    assert "of 5 classes" in review._title.text(), "a mean that leaves out the new class says so"


def test_the_methods_report_is_written_by_one_button_while_the_window_lives(reader: Person, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"

    def name(dialog: QFileDialog) -> None:
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setCompleter(None)
        field.setText(str(out))
        save = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
        QTest.mouseClick(save, Qt.MouseButton.LeftButton)

    reader.tab("review")
    reader.answer(QFileDialog, name)
    reader.press("Methods report")
    reader.until(lambda: "report written" in reader.notice, what="the answer")
    assert out.read_bytes()[:5] == b"%PDF-"


def test_strokes_on_their_way_are_in_the_methods_report(reader: Person, tmp_path: Path) -> None:
    out, session, case = tmp_path / "report.html", reader.window.desk.session, reader.window.screen_.case_id
    at_hand = threading.Event()

    def last_stroke() -> None:
        at_hand.wait(10)
        session.labels.mark(case, [0], SliceState.DONE)

    reader.window.tasks.run("edits", last_stroke)
    threading.Timer(0.3, at_hand.set).start()
    reader.window.reviewing.desk.report(out, None, anew=False)
    assert set(session.labels.states(case)[0].values()) == {SliceState.DONE}, "handed in before the report is begun"
    reader.until(lambda: "report written" in reader.notice, what="the answer")
    assert out.exists()


def test_the_methods_report_is_of_the_labels_of_the_reader_whom_the_project_is_open_for(
    reader: Person, tmp_path: Path
) -> None:
    window, out = reader.window, tmp_path / "report.html"
    window.desk.close()
    with Session.open(reader.project, reader="CD") as second:
        (case,) = second.find(["phantom_02"])
        second.labels.mark(case.id, [4], SliceState.DONE).result()
    window.desk.open(reader.project, "CD")
    reader.until(lambda: window.screen_.case_id is not None, what="a case shown")
    window.reviewing.desk.report(out, None, anew=False)
    reader.until(lambda: "report written" in reader.notice, what="the answer")
    said = out.read_text(encoding="utf-8")
    assert "1 slice done in 1 case" in said
    assert "2 readers label this project" in said


def test_a_model_that_cannot_be_measured_any_more_is_compared_with_nothing_and_nobody_hears_of_it(
    reader: Person,
) -> None:
    session, measures = reader.window.desk.session, reader.window.learning.measures
    model, case = session.runs()[0].id, session.find(["phantom_01"])[0].id
    measures.evaluations["r9"] = session.evaluate(model)
    session.labels.mark(case, range(10), SliceState.DRAFT).result()
    assert session.remembered(model).changed
    failed: list[BaseException] = []
    measures.failed.connect(failed.append)
    measures.compare("r9", model)
    reader.window.tasks.drain("measures")
    reader.pause(0.2)
    assert failed == []


def test_one_class_is_accepted_into_the_whole_case_as_one_named_step_and_leaves_the_others(reader: Person) -> None:
    reader.key(Qt.Key.Key_2)
    at = reader.canvas.slice
    reader.window.work.classes.choose(3)
    reader.stroke((50, 10), (50, 30))
    reader.until(lambda: (reader.shown[at] == 3).any())
    reader.window.work.classes.choose(1)
    reader.tab("review")
    reader.press("This class")
    reader.until(lambda: reader.edits("phantom_02")[-1:] == ["accept liver"], what="the edit row")
    reader.until(lambda: all((reader.shown[k] == 1).sum() == 400 for k in range(10)), what="the liver everywhere")
    assert not (reader.shown == 2).any(), "another class of the model's is not taken"
    assert (reader.shown[at] == 3).any(), "what was there of another class stays"
    assert reader.origin_on_disk("phantom_02", at)[0] == "accepted"
    reader.until(lambda: "Undo accepting liver" in reader.button("Undo").toolTip(), what="undo by its name")
    reader.key(Qt.Key.Key_Z, ctrl=True)
    reader.until(lambda: not (reader.shown == 1).any(), what="one undo for all of it")
    assert (reader.shown[at] == 3).any()


def test_accepting_and_the_report_are_in_sight_as_soon_as_review_is_opened(reader: Person) -> None:
    reader.tab("review")
    tab = reader.window.work.review
    for words in ("This slice", "This class, whole case", "Whole case", "Methods report"):
        button = reader.button(words)
        assert button.visibleRegion().boundingRect() == button.rect(), f"{words!r} is cut off or scrolled away"
    bar = tab.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    for words in ("This slice", "This class, whole case", "Whole case"):
        button = reader.button(words)
        assert button.visibleRegion().boundingRect() == button.rect(), f"{words!r} is scrolled away"
    bar.setValue(0)


def test_uncertainty_is_drawn_where_the_model_was_unsure_and_not_on_slices_kept_blind(reader: Person) -> None:
    """What the job left on disk is what is drawn; and it would tell of the prediction, so it is hidden with it."""
    (case,) = reader.rows("SELECT id FROM cases WHERE name = 'phantom_03'")[0]
    (file,) = (reader.project / "predictions").rglob(f"{case}.uncertainty.npy")
    kept = np.load(file)
    kept[...] = np.random.default_rng(0).integers(1, 255, kept.shape, dtype=np.uint8)
    np.save(file, kept)
    choose_share(reader, "train", 3)
    reader.until(lambda: reader.rows("SELECT value FROM meta WHERE key = 'setting.blind_share'"), what="the setting")
    reader.open_case("phantom_03")
    reader.until(lambda: reader.canvas.main._prediction is not None, what="the prediction")
    choose_drawn(reader, "Uncertainty")
    reader.until(lambda: reader.canvas.main.overlay.state.heat is not None, what="the uncertainty")
    at = reader.canvas.slice
    np.testing.assert_array_equal(reader.canvas.main.overlay.state.heat.values, kept[at])
    assert "unsure" in reader.canvas.main.overlay.state.legend
    (hidden,) = (k for k in range(10) if kept_blind(PROJECT_KEY, case, k, 0.2))
    go_to(reader, hidden)
    assert not reader.canvas.main.overlay.state.heat.values.any()
    choose_drawn(reader, "Labels")
    reader.until(lambda: reader.canvas.main.overlay.state.heat is None, what="no uncertainty")


def test_answers_that_come_after_a_project_was_closed_are_none_to_the_next(
    reader: Person, template: Path, tmp_path: Path
) -> None:
    """Measuring, expecting, the trend and a mask were asked for, and are answered when another project is open."""
    window, held = reader.window, threading.Event()
    case, jobs, reviews = window.screen_.case_id, window.jobs, window.reviewing.desk
    measures = window.learning.measures
    window.tasks.run("measures", lambda: held.wait(20))
    told: list[object] = []
    answers = (reviews.trend_ready, reviews.expected, jobs.mask_ready, measures.measured)
    for signal in (*answers, jobs.failed, measures.failed, reviews.failed):
        signal.connect(lambda *answer: told.append(answer))
    measures.measure(jobs.in_use)
    reviews.expect(jobs.in_use)
    jobs.load_prediction(case)
    reviews.refresh(case, jobs.in_use)
    window.desk.close()
    assert window.labelling._known_done == ("", ())
    held.set()
    other = shutil.copytree(template, tmp_path / "other")
    reader.open_project(other)
    answered: list[None] = []
    window.tasks.run("measures", lambda: None, answered.append)
    reader.until(lambda: answered, what="whatever was measured before")
    assert told == [], told
    assert not window.work.notice.isVisible()
    assert window.screen_.mask.found is None


def test_what_was_measured_is_shown_again_although_the_models_are_listed_after_the_figures_were_read(
    reader: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, case = reader.window.desk.session, reader.window.screen_.case_id
    mask = (reader.canvas.main._prediction[0] == 1).astype(np.uint8)
    session.labels.edit_slices(case, {0: mask}, "brush").result(10)
    session.labels.mark(case, [0], SliceState.DONE).result(10)
    reader.tab("review")
    reader.press("Measure Dice")
    reader.until(lambda: reader.window.work.review.table.isVisible(), what="the table")
    reader.window.desk.close()
    jobs, known = type(session.jobs), type(session.jobs).chosen_model

    def late(self: object) -> str | None:
        reader_of_figures = reader.window.learning.measures
        end = time.monotonic() + 20
        while not (reader_of_figures and reader_of_figures.evaluations) and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.3)
        return known.fget(self)

    monkeypatch.setattr(jobs, "chosen_model", property(late))
    reader.open_project(reader.project)
    reader.tab("review")
    reader.until(lambda: reader.window.work.review.table.isVisible(), 30, "the table without another click")


def test_what_was_measured_is_shown_again_after_opening_and_says_how_much_changed_since(reader: Person) -> None:
    session, case = reader.window.desk.session, reader.window.screen_.case_id
    masks = {k: np.where(reader.canvas.main._prediction[k] == 1, 1, 0).astype(np.uint8) for k in range(3)}
    session.labels.edit_slices(case, masks, "brush").result(10)
    session.labels.mark(case, [0, 1, 2], SliceState.DONE).result(10)
    review = reader.window.work.review
    reader.tab("review")
    reader.press("Measure Dice")
    reader.until(lambda: review.table.isVisible(), what="the table")
    title, rows = review._title.text(), review.table.rowCount()
    reader.until(lambda: "mean Dice" in reader.window.work.strip.said, what="an answer in the strip")
    reader.press("Measure Dice")
    reader.until(lambda: "as before" in reader.window.work.strip.said, what="an answer the second time")
    reader.window.desk.close()
    reader.open_project(reader.project)
    reader.tab("review")
    reader.until(lambda: review.table.isVisible(), what="the table without another click")
    assert (review._title.text(), review.table.rowCount()) == (title, rows)
    assert not review._changed.isVisible()
    models = reader.window.work.train.findChild(QTableWidget)
    assert models.item(0, 2).text() != "not measured"
    reader.open_case("phantom_02")
    reader.until(lambda: reader.canvas.main._prediction is not None, what="the prediction")
    go_to(reader, 5)
    reader.key(Qt.Key.Key_Return)
    reader.until(lambda: "Measured before 1 slice changed" in review._changed.text(), what="said that it is older")
    reader.press("Measure Dice")
    reader.until(lambda: not review._changed.isVisible(), what="up to date")
