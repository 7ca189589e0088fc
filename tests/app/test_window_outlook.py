"""Before a training: what it learns from, class by class, and the audit of leaks; how a pretraining can learn."""

from __future__ import annotations

import pytest
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from slicelab.app.panels.method_box import METHODS
from slicelab.app.panels.outlook_box import audited
from slicelab.engine.outlook import Outlook

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]


def test_the_slices_of_each_class_and_the_audit_of_leaks_follow_what_is_finished_and_left_out(person: Person) -> None:
    box = person.window.work.train.outlook
    person.tab("train")
    person.until(lambda: "liver " in box.words, what="what it learns from")
    counts = dict.fromkeys(("liver", "right kidney", "left kidney", "spleen"), 0)
    for at in range(10):
        mask = person.mask_on_disk("phantom_01", at)
        for value, name in enumerate(counts, start=1):
            counts[name] += int((mask == value).any())
    said = ", ".join(f"{name} {count or 'none'}" for name, count in counts.items())
    assert f"Slices that show each class: {said}" in box.words
    assert "No labelled patient is left out" in box.words
    assert "Pretrain has the list to leave some out, best before it learns from all." in box.words
    person.open_case("phantom_02")
    person.key(Qt.Key.Key_2)
    person.stroke((30, 24), (30, 36))
    person.key(Qt.Key.Key_Return)
    person.key(Qt.Key.Key_1)
    person.tab("train")
    person.until(lambda: f"liver {counts['liver'] + 1}" in box.words, what="the slice that was finished")
    person.leave_out("phantom_01")
    person.tab("train")
    person.until(lambda: "Checked: nothing is learned from 1 patient" in box.words, what="the audit")
    assert "liver 1, right kidney none" in box.words


def test_what_leaks_is_said_and_coloured_as_a_warning() -> None:
    seen, tone = audited(Outlook({1: 3}, tests=2, in_pool=1))
    assert "the pretraining saw images, without labels, of 1 of 2 patients" in seen
    assert tone == "warn"
    met, tone = audited(Outlook({1: 3}, tests=2, in_pool=2, met=1))
    assert "labels of 1 of 2 patients" in met
    assert tone == "warn"


def test_the_audit_is_said_in_german(german: None) -> None:
    said, _ = audited(Outlook({1: 3}, tests=2))
    assert said.startswith("Geprüft: Nichts wird")
    assert said.endswith("2 Patienten.")
    assert "von 1 von 2 Patienten" in audited(Outlook({1: 3}, tests=2, in_pool=1))[0]


def test_each_way_to_learn_has_its_sentence_in_sight_and_is_chosen_by_mouse_and_keys(person: Person) -> None:
    person.tab("pretrain")
    tab, at = person.window.work.pretrain, person.canvas.slice
    in_sight = {label.text() for label in tab.methods.findChildren(QLabel) if label.isVisible()}
    assert in_sight == {sentence for _, _, sentence in METHODS}
    QTest.mouseClick(tab.methods.options["blocks"], Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    assert tab.method == "blocks"
    person.until(tab.methods.options["blocks"].hasFocus, what="the keys there")
    QTest.keyClick(tab.methods.options["blocks"], Qt.Key.Key_Down)
    assert tab.method == "regression"
    assert person.canvas.slice == at, "the keys are the choice's, not the picture's"
