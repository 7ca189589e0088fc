"""Cases kept for testing: ticked in the window, left out of every learning, measured as patients nobody met."""

from __future__ import annotations

import json

import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from story import ended, newest, small_jobs

pytestmark = [pytest.mark.window, pytest.mark.timeout(900)]


def tick(person: Person, name: str) -> None:
    """Open the list and tick a case in it."""
    box = person.window.work.pretrain.leave_out
    if not box.list.isVisible():
        person.press("Leave out for testing")
    person.until(box.list.isVisible, what="the list")
    (item,) = box.list.findItems(name, Qt.MatchFlag.MatchExactly)
    place = box.list.visualItemRect(item)
    QTest.mouseClick(box.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place.left() + 12, place.center().y()))
    person.pause(0.1)


def test_a_case_left_out_for_testing_is_learnt_from_by_no_run_and_its_dice_is_that_of_a_patient_nobody_met(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    ids = {name: case for case, name in person.rows("SELECT id, name FROM cases")}
    tested = ids["phantom_01"]
    person.tab("pretrain")
    work = person.window.work
    tick(person, "phantom_01")
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
    tick(person, "phantom_01")
    session.upkeep.remove("case", ids["phantom_01"])
    listed(2)
    tick(person, "phantom_03")
    person.until(lambda: box.left_out == {ids["phantom_01"], ids["phantom_03"]}, what="both patients")
    patient = session._store.case(ids["phantom_01"]).patient_id
    session._store.update_case(ids["phantom_01"], patient_key="the same").result()
    session._store.update_case(ids["phantom_02"], patient_key="the same").result()
    assert session._store.case(ids["phantom_02"]).patient_id != patient
    session.upkeep.restore("case", ids["phantom_01"])
    listed(3)
    person.until(lambda: ticked() == {"phantom_01", "phantom_02", "phantom_03"}, what="all that is left out")
    assert person.window.work.train._statement.text() == "Mark a few slices done first"
    tick(person, "phantom_02")
    person.until(lambda: ticked() == {"phantom_03"}, what="the patient learned from again")
    person.until(lambda: box.left_out == {ids["phantom_03"]}, what="the same on disk")
