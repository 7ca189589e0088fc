"""Classes that come later: added and renamed in the window, unknown on what was done before."""

from __future__ import annotations

import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from slicelab.app.class_dialog import ClassDialog

pytestmark = pytest.mark.window


def answer(person: Person, name: str, *, refused: str = "") -> None:
    """Type a name (after one that is refused) into the dialog that is about to open, and press Enter."""

    def type_in(dialog: ClassDialog) -> None:
        for typed in filter(None, (refused, name)):
            dialog.field.selectAll()
            QTest.keyClicks(dialog.field, typed)
            if typed == refused:
                assert "already has a class" in dialog.problem
                assert not dialog.ok.isEnabled()
        QTest.keyClick(dialog.field, Qt.Key.Key_Return)

    person.answer(ClassDialog, type_in)


def test_a_class_is_added_by_the_button_and_slices_done_before_are_done_in_part(person: Person) -> None:
    person.open_case("phantom_01")
    classes = person.window.work.classes
    assert "done" in person.ticks
    classes.toggle_lock(2)
    answer(person, "bladder", refused="SPLEEN")
    person.press("Add a class")
    person.until(lambda: classes.view.count() == 5, what="five classes")
    assert person.rows("SELECT value, name FROM classes WHERE value = 5") == [(5, "bladder")]
    person.until(lambda: classes.current == 5, what="the new class in the hand")
    person.until(lambda: "done" not in person.ticks and "partly done" in person.ticks, what="done in part")
    assert person.window.screen_.hand.held.rule.locked == {2}, "locks stay"
    assert "bladder was added" in person.notice
    at = person.canvas.slice
    person.key(Qt.Key.Key_Return, ctrl=True)  # case done: no draft, so nothing is said of the new class
    person.until(lambda: "nothing to confirm" in person.window.work.strip.said, what="an answer in the strip")
    assert person.ticks[at] == "partly done"
    person.stroke((30, 30), (30, 36))
    person.until(lambda: person.ticks[at] == "draft", what="a draft")
    person.key(Qt.Key.Key_Return, ctrl=True)
    person.until(lambda: person.ticks[at] == "done", what="done for every class")
    assert person.ticks.count("done") == 1
    words = f"Undo marking done, slice {at + 1}"
    person.until(lambda: person.window.work.view_bar._undo.accessibleName() == words, what="undo by name")
    assert "1 draft confirmed" in person.window.work.strip.said


def test_a_class_is_renamed_and_keeps_its_labels(person: Person) -> None:
    person.open_case("phantom_01")
    before = person.shown.copy()
    answer(person, "Hepar")
    person.window.actions_["class.rename"].trigger()
    person.until(lambda: person.rows("SELECT name FROM classes WHERE value = 1") == [("Hepar",)])
    person.until(lambda: person.window.screen_.classes[0].name == "Hepar", what="the name on the screen")
    assert (person.shown == before).all()


def test_what_was_removed_is_restored_beside_the_notice_which_goes_with_it(person: Person) -> None:
    person.open_case("phantom_01")
    classes = person.window.work.classes
    person.window.actions_["class.remove"].trigger()
    person.until(lambda: classes.view.count() == 3, what="three classes")
    assert "liver was removed" in person.notice
    button = next(b for b in person.window.work.notice.findChildren(QPushButton) if b.text() == "Restore")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    person.until(lambda: classes.view.count() == 4, what="four classes")
    assert person.notice == ""
    person.window.actions_["class.remove"].trigger()
    person.until(lambda: "was removed" in person.notice, what="removed again")
    session = person.window.desk.session
    item = next(one for one in session.upkeep.removed() if one.kind == "class")
    person.window.keeper._desk.restore([item])  # as the dialog of removed items does
    person.until(lambda: classes.view.count() == 4 and person.notice == "", what="nothing is said of it any more")
