"""Cases kept for testing: ticked in the window, left out of every learning, measured as patients nobody met."""

from __future__ import annotations

import json

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QStyle, QStyleOptionViewItem
from story import ended, newest, small_jobs

from slicelab.app.language import say
from slicelab.app.models import model_rows
from slicelab.app.panels.case_list import CaseList
from slicelab.app.panels.leave_out_box import LeaveOutBox
from slicelab.app.theme import THEMES, Theme, ThemeName
from slicelab.app.window import MainWindow
from slicelab.core.durations import duration
from slicelab.core.slices import LedgerCount
from slicelab.data.run_folder import RunFolder
from slicelab.engine.status import JobStatus
from slicelab.engine.views import CaseSummary

pytestmark = [pytest.mark.window, pytest.mark.timeout(900)]
SIGN = "Left out for testing: no run learns from it"


def test_a_case_left_out_for_testing_is_learnt_from_by_no_run_and_its_dice_is_that_of_a_patient_nobody_met(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    ids = {name: case for case, name in person.rows("SELECT id, name FROM cases")}
    tested = ids["phantom_01"]
    person.tab("pretrain")
    work = person.window.work
    person.leave_out("phantom_01")
    person.until(
        lambda: person.rows("SELECT value FROM meta WHERE key = 'setting.left_out'") == [(json.dumps([tested]),)],
        what="the choice on disk",
    )
    assert work.pretrain._statement.text() == "Learns from 20 slices in 2 cases"
    assert work.pretrain._detail.text().startswith("1 case is left out for testing.")
    person.set_steps("pretrain", 4)
    person.press("Learn from 2 volumes of 3")
    pretrained = newest(person, "pretrain")
    ended(person, pretrained)
    met = {case for (case,) in person.rows("SELECT case_id FROM run_cases WHERE run_id = ?", pretrained)}
    assert met == {ids["phantom_02"], ids["phantom_03"]}
    job = json.loads((person.project / "runs" / pretrained / "job.json").read_text())
    assert tested not in {one["case"] for one in job["cases"]}

    person.window.desk.close()
    person.open_project(person.project)
    person.until(lambda: work.pretrain.leave_out.left_out == {tested}, what="the choice remembered")
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_2)
    person.stroke((30, 24), (30, 36))
    person.key(Qt.Key.Key_Return)
    person.until(lambda: "done" in person.states_on_disk("phantom_02", person.canvas.slice), what="a slice done")
    person.key(Qt.Key.Key_1)
    person.tab("train")
    person.until(lambda: work.train._statement.text().endswith("in 1 case"), what="of the case that is not left out")
    person.set_steps("train", 3)
    person.press("Train")
    model = newest(person, "finetune")
    ended(person, model)
    ended(person, newest(person, "predict"))
    measures = person.window.learning.measures
    person.until(lambda: model in measures.evaluations, what="measured")
    found = measures.evaluations[model]
    (score,) = [case for case in found.cases if case.case == "phantom_01"]
    assert not score.in_pretraining_pool
    assert found.protocol == "inductive"
    assert found.averaged == 1


def test_a_case_left_out_stays_so_while_it_is_removed_and_so_do_cases_that_come_of_its_patient(person: Person) -> None:
    ids = {name: case for case, name in person.rows("SELECT id, name FROM cases")}
    box, session = person.window.work.pretrain.leave_out, person.window.desk.session

    def ticked() -> set[str]:
        items = [box.list.item(at) for at in range(box.list.count())]
        return {item.text() for item in items if item.checkState() is Qt.CheckState.Checked}

    def listed(count: int) -> None:
        person.window.desk.list_cases()
        person.until(lambda: box.list.count() == count, what="the cases that are there")

    person.tab("pretrain")
    person.leave_out("phantom_01")
    session.upkeep.remove("case", ids["phantom_01"])
    listed(2)
    person.leave_out("phantom_03")
    person.until(lambda: box.left_out == {ids["phantom_01"], ids["phantom_03"]}, what="both patients")
    patient = session._store.case(ids["phantom_01"]).patient_id
    session._store.update_case(ids["phantom_01"], patient_key="the same").result()
    session._store.update_case(ids["phantom_02"], patient_key="the same").result()
    assert session._store.case(ids["phantom_02"]).patient_id != patient
    session.upkeep.restore("case", ids["phantom_01"])
    listed(3)
    person.until(lambda: ticked() == {"phantom_01", "phantom_02", "phantom_03"}, what="all that is left out")
    assert person.window.work.train._statement.text() == "Mark a few slices done first"
    person.leave_out("phantom_02")
    person.until(lambda: ticked() == {"phantom_03"}, what="the patient learned from again")
    person.until(lambda: box.left_out == {ids["phantom_03"]}, what="the same on disk")


def signed(person: Person) -> dict[str, tuple[bool, bool]]:
    """Of each case of the list, whether its tip and its words for screen readers call it left out."""
    model = person.window.work.cases.view.model()
    rows = [model.index(at, 0) for at in range(model.rowCount())]
    tips = [index.data(Qt.ItemDataRole.ToolTipRole).split("\n") for index in rows]
    spoken = [index.data(Qt.ItemDataRole.AccessibleTextRole) for index in rows]
    names = [index.data() for index in rows]
    return {
        name: (SIGN in tip, "left out for testing" in said) for name, tip, said in zip(names, tips, spoken, strict=True)
    }


def test_the_list_marks_the_cases_left_out_at_once_and_after_reopening_and_finds_them(person: Person) -> None:
    person.open_case("phantom_03")
    cases, third = person.window.work.cases, person.window.screen_.case_id
    person.tab("pretrain")
    plain = cases.view.viewport().grab().toImage()
    assert signed(person) == {f"phantom_0{at}": (False, False) for at in (1, 2, 3)}
    person.leave_out("phantom_02")
    marked = {"phantom_01": (False, False), "phantom_02": (True, True), "phantom_03": (False, False)}
    assert signed(person) == marked
    assert cases.view.viewport().grab().toImage() != plain
    cases.search.setFocus()
    QTest.keyClicks(cases.search, "left out")
    assert list(signed(person)) == ["phantom_02"]
    person.pause(0.2)
    assert person.window.screen_.case_id == third, "what is looked for is not opened"
    cases.search.clear()
    assert cases.current == third
    person.window.desk.close()
    assert signed(person) == {}
    person.open_project(person.project)
    person.until(lambda: signed(person) == marked, what="the mark after reopening")
    person.open_case("phantom_02")
    person.tab("pretrain")
    cases.search.setFocus()
    QTest.keyClicks(cases.search, "testing")
    person.leave_out("phantom_02")
    assert signed(person) == {}, "found no more"
    cases.search.clear()
    assert signed(person) == {f"phantom_0{at}": (False, False) for at in (1, 2, 3)}
    assert person.window.screen_.case_id == cases.current, "no other case was opened"
    assert cases.view.currentIndex().data() == "phantom_02"


def test_of_a_case_whose_patient_was_changed_that_patients_cases_are_left_out_with_it(first_window: MainWindow) -> None:
    box, chosen = LeaveOutBox(first_window.theme), []
    box.chosen.connect(chosen.append)
    for patients in (("p1", "p1", "p2"), ("p1", "p2", "p2")):
        count = LedgerCount(slices=6)
        box.show_cases(
            tuple(CaseSummary(f"c{at}", f"c{at}", one, count, False, (), "axial") for at, one in enumerate(patients))
        )
    box.list.item(0).setCheckState(Qt.CheckState.Checked)
    assert chosen == [("c0",)]
    box.deleteLater()


def luminance(pixels: np.ndarray) -> np.ndarray:
    """WCAG 2.1 relative luminance of ``(..., 3)`` uint8."""
    parts = pixels / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


@pytest.mark.parametrize("name", ["dark", "light"])
@pytest.mark.parametrize("width", [224, 264])
def test_the_sign_of_a_case_left_out_is_clear_and_on_nothing_else(
    first_window: MainWindow, german: None, name: ThemeName, width: int
) -> None:
    theme = Theme(name, THEMES[name], first_window.theme.base_px)
    listed = CaseList(theme, first_window.actions_)
    count = LedgerCount(slices=36)
    case = CaseSummary("c1", "A_case_with_a_long_name_of_its_own", "p1", count, True, (), "axial", "a remark")
    box = QRect(0, 0, theme.px(width), theme.px(60))
    option = QStyleOptionViewItem()
    option.rect = box
    index, none = listed.view.model(), QStyle.StateFlag.State_None

    def drawn(state: QStyle.StateFlag, *, out: bool, marked: bool) -> np.ndarray:
        one = case if marked else CaseSummary(case.id, case.name, case.patient, count, False, (), "axial")
        listed.show_cases((one,))
        listed.show_left_out((case.id,) if out else ())
        image = QImage(box.size(), QImage.Format.Format_RGB888)
        image.fill(theme.colour("panel"))
        painter = QPainter(image)
        option.state = state
        listed.view.itemDelegate().paint(painter, option, index.index(0, 0))
        painter.end()
        lines = np.array(image.constBits(), np.uint8).reshape(box.height(), -1)
        return lines[:, : 3 * box.width()].reshape(box.height(), box.width(), 3)

    left, right = theme.px(70) + theme.px(19), box.width() - theme.px(16)
    words = QFontMetrics(QFont(theme.font(12))).horizontalAdvance("Nicht begonnen")
    for state in (none, QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_MouseOver):
        before, after = drawn(state, out=False, marked=False), drawn(state, out=True, marked=False)
        changed = (before != after).any(axis=2)
        rows, columns = np.nonzero(changed)
        assert columns.min() >= left + words, "right of the state, and of the picture"
        assert columns.max() < right
        assert rows.min() > theme.px(8) + theme.px(18), "below the name"
        assert rows.max() < box.height() - theme.px(11), "above the bar"
        ground, sign = luminance(before[changed]), luminance(after[changed])
        ratios = (np.maximum(ground, sign) + 0.05) / (np.minimum(ground, sign) + 0.05)
        assert ratios.max() >= 4.5
        full = drawn(state, out=True, marked=True)
        at = right - 3 * theme.px(16) + theme.px(2)
        gap = full[rows.min() : rows.max() + 1, at - theme.px(2) : at]
        assert (gap == gap[0, 0]).all(), "three signs, and the state's words end before them"
    listed.deleteLater()


def test_a_training_says_on_its_way_what_its_dice_is_on_labelled_cases_left_out(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    person.leave_out("phantom_01")
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_2)
    person.stroke((30, 24), (30, 36))
    person.key(Qt.Key.Key_Return)
    person.key(Qt.Key.Key_1)
    person.tab("train")
    person.set_steps("train", 16)
    person.press("Train")
    model = newest(person, "finetune")
    said = person.window.work.train.job._dice
    person.until(said.isVisible, what="a Dice on the way")
    assert said.text().startswith("Dice on 1 case left out for testing: ")
    ended(person, model)
    person.until(lambda: "after step 8" in said.text(), what="that of half the steps")
    session = person.window.desk.session
    case = session.find(["phantom_01"])[0].id
    last = session.on_the_way(model, {case: 8, session.find(["phantom_02"])[0].id: 8})
    assert last.cases == 1, "of the case that is learned from, no figure is told"
    assert f"{last.dice:.2f} after step 8" in said.text()
    kept = session.preview(model, case)
    truth = np.stack([person.mask_on_disk("phantom_01", at) for at in range(len(kept))])
    known = [value for value in (1, 2, 3, 4) if (kept == value).any() or (truth == value).any()]
    each = [2 * ((kept == v) & (truth == v)).sum() / ((kept == v).sum() + (truth == v).sum()) for v in known]
    assert last.dice == pytest.approx(np.mean(each))
    ended(person, newest(person, "predict"))
    worth = person.window.work.train.job._worth
    person.until(worth.isVisible, what="what the model is worth in the end")
    assert worth.text().startswith("Model 1: Dice ")
    assert worth.text().endswith(" on 1 case it never learned from")
    told = said.text()
    assert told.startswith("On its way: Dice on 1 case left out for testing: "), "not what it is worth"
    person.until(lambda: said.isVisible() and "Finished after" in person.window.work.train.job._title.text())
    (created, finished) = person.rows("SELECT created, finished FROM runs WHERE id = ?", model)[0]
    took = duration(finished - created)
    person.until(lambda: person.window.work.train.job._title.text() == f"Finished after {took}", what="how long")
    (row,) = [row for row in model_rows(person.window.jobs.runs, model, {}) if row.run == model]
    assert row.learned_from.endswith(took), "as the list of models says it"

    person.window.desk.close()
    before = person.window.work.train.job._dice_before
    assert not before.isVisible()
    person.open_project(person.project)
    person.tab("train")
    person.until(before.isVisible, what="the figures of the training before the project was opened")
    job = person.window.work.train.job
    person.until(job._worth_before.isVisible, what="what it is worth, there too")
    assert job._worth_before.text() == worth.text()
    assert before.text() == f"Model 1 on its way{told.removeprefix('On its way')}"
    assert [one.step for one in person.window.desk.session.way_of(model)] == [2, 4, 8]
    told_again: list[tuple[int, ...]] = []
    measures = person.window.learning._measures
    measures.way_known.connect(lambda _run, points: told_again.append(tuple(one.step for one in points)))
    measures.look_on_the_way(model, {})
    person.until(lambda: told_again == [(2, 4, 8)], what="what is kept, before there is a further mask")
    (person.project / "runs" / model / "on_the_way.json").write_bytes(b"[[1")
    assert person.window.desk.session.way_of(model) == ()


def test_a_stopped_job_that_began_with_a_case_left_out_since_does_not_go_on_and_says_so(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    person.tab("pretrain")
    person.set_steps("pretrain", 5000)
    person.press("Learn from all volumes")
    run = newest(person, "pretrain")
    person.until(lambda: person.window.work.strip._progress.isVisible(), what="the job at work")
    person.press("Stop")
    ended(person, run, "cancelled")
    person.until(lambda: person.window.actions_["job.continue"].isEnabled(), what="Continue possible")
    person.leave_out("phantom_01")
    person.tab("pretrain")
    notice = person.window.work.notice
    person.press("Continue")
    words = "This pretraining began with phantom_01, which is left out for testing now."
    person.until(lambda: any(words in label.text() for label in notice.findChildren(QLabel)), what="why it does not")
    assert person.rows("SELECT status FROM runs WHERE id = ?", run) == [("cancelled",)]
    assert person.window.actions_["job.continue"].isEnabled()
    person.leave_out("phantom_01")
    person.until(lambda: not notice.isVisible(), what="no longer so, no longer said")
    person.press("Continue")
    person.until(lambda: person.window.jobs.running, what="on its way again")
    person.until(lambda: person.button("Stop").isEnabled(), what="it can be stopped")
    person.press("Stop")
    ended(person, run, "cancelled")


@pytest.mark.usefixtures("german")
def test_why_a_job_does_not_go_on_is_said_in_german() -> None:
    assert say("This training began with phantom_01, which is left out for testing now.") == (
        "Dieses Training begann mit phantom_01; dieser Fall ist jetzt zum Testen ausgelassen."
    )
    assert say("This training began with phantom_01 and 2 more, which are left out for testing now.") == (
        "Dieses Training begann mit phantom_01 und 2 weiteren; diese Fälle sind jetzt zum Testen ausgelassen."
    )


def test_figures_on_the_way_are_of_the_training_that_is_shown_though_a_later_one_has_some_too(person: Person) -> None:
    session, job = person.window.desk.session, person.window.work.train.job
    person.tab("train")
    runs = [session._store.start_run("finetune", "fast", None, None, ()).result().id for _ in range(2)]
    for run, dice in zip(runs, (0.25, 0.75), strict=True):
        session._store.finish_run(run, "cancelled").result()
        folder = RunFolder(person.project / "runs" / run)
        folder.path.mkdir(parents=True)
        folder.way_path.write_text(json.dumps([[2, dice, 1, session.reader.id]]))
    told: list[str] = []
    person.window.learning.measures.way_known.connect(lambda run, _points: told.append(run))
    job.show_status(JobStatus(runs[0], "running", "finetune", phase="finetune", step=3, steps=8))
    person.window.jobs.list_runs()
    person.until(lambda: told, what="what was kept")
    assert told == runs[:1]
    assert job._dice.text().endswith("0.25 after step 2")
    assert job._dice.isVisible()
    job.show_status(None)
