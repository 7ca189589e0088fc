"""What an eighth trial stumbled over: words said too early, in another language, cut off, or of another moment."""

from __future__ import annotations

from pathlib import Path

import pytest
from own_process import printed_by
from person import Person
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget

from slicelab.app import language
from slicelab.app.language import say
from slicelab.app.panels.expected_box import ExpectedBox
from slicelab.app.panels.ledger import no_dice
from slicelab.app.window import MainWindow
from slicelab.engine.expecting import Expectation, ExpectedCase

pytestmark = pytest.mark.window

_LARGE = """
from PySide6.QtWidgets import QScrollArea
from slicelab.app import preferences
from slicelab.app.application import application, make_window
app = application()
preferences.save(preferences.Preferences(language="de", scale=150))
window = make_window(None)
window._show_workspace("")
window.resize(1590, 940)
window.show()
app.processEvents()
for at in range(window.work.tabs.count()):
    window.work.tabs.setCurrentIndex(at)
    app.processEvents()
    for area in window.work.tabs.currentWidget().findChildren(QScrollArea):
        print(area.viewport().width() - area.widget().minimumSizeHint().width())
window.close()
"""


def test_a_project_that_is_being_opened_is_not_said_to_be_without_images(person: Person) -> None:
    window = person.window
    window.open_project(person.project)
    said: set[str] = set()

    def there() -> bool:
        said.add(window.work.data._statement.text())
        return window.screen_.case_id is not None and window.work.data._statement.text() == "3 cases, 30 slices"

    person.until(there, what="opened anew")
    assert said == {"Opening …", "3 cases, 30 slices"}


def test_whoever_comes_back_to_train_finds_its_button(person: Person) -> None:
    person.tab("train")
    bar = person.window.work.train.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    person.tab("review")
    person.tab("train")
    button = person.button("Train")
    assert button.visibleRegion().boundingRect() == button.rect()


def test_before_learning_it_is_said_when_its_time_is_known_and_that_it_may_be_stopped(person: Person) -> None:
    person.tab("pretrain")
    below = person.button("Learn").geometry().bottom()
    said = [one for one in person.window.work.pretrain.findChildren(QLabel) if "How long it takes" in one.text()]
    assert len(said) == 1
    assert said[0].isVisible()
    assert 0 <= said[0].geometry().top() - below < 20
    assert "Stop keeps what it has learned so far." in said[0].text()


def test_no_tab_is_cut_at_its_side_in_german_with_large_text(tmp_path: Path) -> None:
    printed = printed_by(_LARGE, tmp_path)
    room = [int(one) for one in printed.split()]
    assert len(room) >= 5
    assert min(room) >= 0, "each tab's contents have the room they need"


@pytest.mark.parametrize("cases", ["1 case", "2 cases"])
def test_what_a_made_up_projects_model_is_worth_is_said_in_german(qapp: QApplication, cases: str) -> None:
    language.install(qapp, "de")
    try:
        said = say(f"Dice 0.78 on {cases} it never learned from · synthetic")
    finally:
        language.install(qapp, "en")
    assert said.startswith("Dice 0,78 an ")
    assert said.endswith("nie gelernt hat · synthetisch")


def test_leaving_out_a_case_without_a_slice_done_says_that_no_dice_comes_of_it(person: Person) -> None:
    box = person.window.work.pretrain.leave_out
    person.leave_out("phantom_02")
    assert box._undone.isVisible()
    person.leave_out("phantom_01")
    assert not box._undone.isVisible(), "one that has slices done is among them"
    person.leave_out("phantom_01")
    person.leave_out("phantom_02")
    assert not box._undone.isVisible()


def on_the_screen(part: QWidget) -> QImage:
    """What the system shows where a widget is, as against what the widget would draw."""
    corner = part.mapToGlobal(QPoint(0, 0))
    return part.screen().grabWindow(0, corner.x(), corner.y(), part.width(), part.height()).toImage()


def test_nothing_of_a_menu_stays_around_the_pictures_when_it_is_closed(person: Person) -> None:
    window = person.window
    frame = person.canvas.parentWidget()
    person.rest_the_mouse()
    person.pause(0.5)
    before = on_the_screen(frame)
    bar = window.menuBar()
    view = next(action for action in bar.actions() if action.text() == "View")
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.actionGeometry(view).center())
    person.until(lambda: on_the_screen(frame) != before, what="the menu over the pictures")
    QTest.keyClick(view.menu(), Qt.Key.Key_Escape)
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    person.until(lambda: on_the_screen(frame) == before, 5, "the pictures and their edges as before")


def test_cases_are_not_said_to_be_ordered_by_an_expected_dice_that_is_not_told(first_window: MainWindow) -> None:
    box = ExpectedBox(first_window.theme)
    box.show_expectation(Expectation("r0001", None, (ExpectedCase("c0001", "Pat_1", {"liver": 0.8}, {}),)))
    assert box._title.text() == "1 case without labels, the least sure first"
    box.deleteLater()


def test_a_project_opens_at_the_slice_at_which_it_was_left(person: Person) -> None:
    person.open_case("phantom_02")
    person.canvas.set_slice(2)
    case = person.window.screen_.case_id
    person.window.desk.close()
    person.until(lambda: person.window.screen_.case_id is None, what="closed")
    person.open_project(person.project)
    assert (person.window.screen_.case_id, person.canvas.slice) == (case, 2)
    person.open_case("phantom_03")
    assert person.canvas.slice == 5, "of another case, the middle"


def test_why_there_is_no_dice_below_the_slices_is_said_in_full_or_in_short_never_cut(first_window: MainWindow) -> None:
    metrics = first_window.fontMetrics()
    whole = no_dice(metrics, 10_000)
    wide = metrics.horizontalAdvance(whole)
    assert no_dice(metrics, wide) == whole
    assert no_dice(metrics, wide - 1) == "Dice of each done slice: none yet"
