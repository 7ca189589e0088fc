"""Numbers are written the German way in the German window, names that look like numbers are not, and both are typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLabel, QTableWidget

from slicelab import __version__
from slicelab.app import language, preferences, words
from slicelab.app.language import say, tr
from slicelab.app.number_box import NumberBox
from slicelab.app.numbers import written
from slicelab.app.panels.loss_plot import LossPlot
from slicelab.app.panels.mend_box import MendBox
from slicelab.app.theme import THEMES, Theme
from slicelab.app.workspace import TABS
from slicelab.core.correction import Group, Round, SliceMean
from slicelab.core.evaluation import CaseScore, ClassScore, Evaluation
from slicelab.engine.status import JobStatus

pytestmark = pytest.mark.window

SPACE = "\N{NARROW NO-BREAK SPACE}"
ENGLISH = re.compile(r"(?<![\w.])\d+\.\d+(?![\w.])|(?<![\w,])[1-9]\d{0,2},\d{3}(?!\d)")
"""A number with a decimal point, or with a comma between thousands; a version, or a part of a name, is none."""
GERMAN = re.compile(rf"\d,\d|\d{SPACE}\d{{3}}")


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("0.21", "0,21"),
        ("1,204", f"1{SPACE}204"),
        ("1,204,000.5", f"1{SPACE}204{SPACE}000,5"),
        ("+0.12", "+0,12"),
        ("-0.5", "-0,5"),
        ("−1.3", "−1,3"),
        ("≈ 0.71", "≈ 0,71"),
        ("12.5%", "12,5%"),
        ("12.5 %", "12,5 %"),
        ("1,204.5 mL", f"1{SPACE}204,5 mL"),
        ("1.4 GB", "1,4 GB"),
        ("1.136e+04", "1,136e+04"),
    ],
)
def test_a_number_in_whole_is_written_in_german_with_its_sign_and_unit(english: str, expected: str) -> None:
    assert written(english) == expected


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    "words", ["Model 1", "phantom_01.5", "01.5", "2.14.1", "1.5 T1", "T1 0.9", "12", "0,712", "n/a", "–", "", "a, b"]
)
def test_what_is_no_number_in_whole_is_left_as_it_is(words: str) -> None:
    assert written(words) == words


@pytest.mark.usefixtures("german")
def test_sentences_have_their_numbers_written_in_german() -> None:
    assert say("0.21 to 0.35") == "0,21 bis 0,35"
    assert say("Step 1,204 of 3,000 · about 2 min 20 s left") == (
        f"Schritt 1{SPACE}204 von 3{SPACE}000 · noch etwa 2 min 20 s"
    )
    assert say("Measured: mean Dice 0.71 over 2 of 3 classes, 1 case") == (
        "Gemessen: mittlerer Dice 0,71 über 2 von 3 Klassen, 1 Fall"
    )
    assert say("1.4 GB freed.") == "1,4 GB frei geworden."
    assert say("liver · intensity 1.234") == "liver · Intensität 1,234"
    assert say("The slices are not evenly spaced: usually 3.0 mm apart, but not between slices 3 and 4 (2.5 mm). "
               "Volumes in mL and distances are off there.").startswith(
        "Die Schichten sind nicht gleichmäßig: meist 3,0 mm auseinander, aber nicht zwischen den Schichten 3 und 4 "
        "(2,5 mm)."
    )  # fmt: skip
    assert tr("95 % interval {low} to {high}").format(low="0.21", high="0.35") == "95-%-Intervall 0,21 bis 0,35"


@pytest.mark.usefixtures("german")
def test_names_that_look_like_numbers_are_left_alone_in_sentences() -> None:
    assert say("Slices of 1.5") == "Schichten von 1.5"
    assert say("1.5: not known to it") == "1.5: ihm unbekannt"
    assert say("Smooth 1.5 by 2.5 mm, this slice") == "1.5 um 2,5 mm glätten, diese Schicht"
    assert say("1.5") == "1.5", "a name alone"
    assert say("This run began with PyTorch 2.13, now it is 2.14.").endswith("PyTorch 2.13, jetzt ist es 2.14.")
    assert tr("{case}, slice {slice} · after step {step}").format(case="1.5", slice=4, step="1,204") == (
        f"1.5, Schicht 4 · nach Schritt 1{SPACE}204"
    )


def test_in_english_numbers_stay_as_they_are() -> None:
    assert written("1,204.5 mL") == "1,204.5 mL"
    assert say("Dice 0.19 on 4 cases it never learned from") == "Dice 0.19 on 4 cases it never learned from"
    assert tr("{low} to {high}").format(low="0.21", high="0.35") == "0.21 to 0.35"


def typed(box: NumberBox, keys: str) -> float:
    """What a box holds after keys were typed over what it showed."""
    box.selectAll()
    QTest.keyClicks(box, keys)
    QTest.keyClick(box, Qt.Key.Key_Return)
    return box.value()


@pytest.mark.usefixtures("german")
def test_a_field_for_numbers_takes_a_comma_and_a_point_and_shows_a_comma() -> None:
    box = NumberBox()
    box.setDecimals(1)
    box.setRange(0.0, 2000.0)
    box.setSuffix(" mm")
    for keys in ("0,5", "0.5"):
        box.setValue(9.0)
        assert typed(box, keys) == 0.5
        assert box.text() == "0,5 mm"
    assert typed(box, "1204.5") == 1204.5
    assert box.text() == "1204,5 mm"
    assert typed(box, "12") == 12.0


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("keys", "whole", "broken"),
    [
        ("1.234", 1234.0, 1.23),
        ("-1.234", -1234.0, -1.23),
        ("1204.5", 1204.0, 1204.5),
        ("1.5", 1.0, 1.5),
        ("12345", 12345.0, 12345.0),
        ("1.204.", 1204.0, 1.20),
        ("1.234,5", 1234.0, 1234.5),
        ("-1.234,56", -1234.0, -1234.56),
        ("12.345.678,5", 12345678.0, 12345678.5),
        ("1.23,5", 1.0, 1.23),
        ("1234.567", 1234.0, 1234.56),
        ("0.5", 0.0, 0.5),
    ],
)
def test_a_point_before_three_digits_parts_thousands_in_a_field_for_whole_numbers_alone(
    keys: str, whole: float, broken: float
) -> None:
    for decimals, expected in ((0, whole), (2, broken)):
        box = NumberBox()
        box.setRange(-1e9, 1e9)
        box.setDecimals(decimals)
        box.setValue(9.0)
        assert typed(box, keys) == expected


@pytest.mark.usefixtures("german")
def test_a_number_with_points_between_thousands_is_typed_up_to_what_the_field_may_hold() -> None:
    box = NumberBox()
    box.setDecimals(1)
    box.setRange(0.5, 2000.0)
    box.setSuffix(" mm")
    assert typed(box, "1.234,5") == 1234.5
    assert box.text() == "1234,5 mm"
    box.setRange(0.5, 60.0)
    assert typed(box, "1.234,5") == 1.2, "sixty at most: no thousands can be meant"
    assert box.text() == "1,2 mm"


@pytest.mark.parametrize(
    ("keys", "decimals", "expected"),
    [
        ("0,5", 1, 0.5),
        ("12,25", 2, 12.25),
        ("1,204", 1, 1204.0),
        ("1,204.5", 1, 1204.5),
        ("1,234,567.5", 1, 1234567.5),
        ("1204,5", 1, 1204.5),
        ("1204,5", 0, 1204.0),
        ("1,2,3", 1, 1.0),
    ],
)
def test_in_english_a_comma_that_parts_no_thousands_is_never_read_as_ten_times_the_number(
    qapp: QApplication, keys: str, decimals: int, expected: float
) -> None:
    box = NumberBox()
    box.setRange(0.0, 1e9)
    box.setDecimals(decimals)
    box.setSuffix(" mm")
    box.setValue(9.0)
    assert typed(box, keys) == expected


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(
    ("copied", "decimals", "expected"),
    [
        (f"1{SPACE}204,5", 1, 1204.5),
        (f"1{SPACE}204", 0, 1204.0),
        ("1.204,5", 1, 1204.5),
        ("1.204", 0, 1204.0),
        ("1204.5", 1, 1204.5),
        ("1204.5", 0, 9.0),
        ("1.2.3", 2, 9.0),
        (f"1{SPACE}2", 0, 9.0),
    ],
)
def test_what_the_window_shows_can_be_pasted_and_what_is_unclear_changes_nothing(
    qapp: QApplication, copied: str, decimals: int, expected: float
) -> None:
    box = NumberBox()
    box.setRange(-1e9, 1e9)
    box.setDecimals(decimals)
    box.setValue(9.0)
    box.selectAll()
    qapp.clipboard().setText(copied)
    box.lineEdit().paste()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == expected


def test_every_field_for_numbers_with_decimals_takes_both(person: Person) -> None:
    plain = [box for box in person.window.findChildren(QAbstractSpinBox) if type(box).__name__ == "QDoubleSpinBox"]
    assert plain == []
    assert person.window.work.findChild(MendBox).findChild(NumberBox) is not None


@pytest.fixture
def german_person(qapp: QApplication, open_window: Callable[[Path], Person], project: Path) -> Iterator[Person]:
    """Somebody before a German window."""
    before = preferences.load()
    preferences.save(replace(before, language="de"))
    language.install(qapp, "de")
    yield open_window(project)
    preferences.save(before)
    language.install(qapp, "en")


def shown(person: Person) -> set[str]:
    """All that is written in the window, or said of a thing under the mouse."""
    found = set[str]()
    for widget in person.window.findChildren(QLabel) + person.window.findChildren(QAbstractButton):
        found |= {widget.text(), widget.toolTip()}
    for choice in person.window.findChildren(QComboBox):
        found |= {choice.itemText(at) for at in range(choice.count())}
    for field in person.window.findChildren(QAbstractSpinBox):
        found.add(field.text())
    for table in person.window.findChildren(QTableWidget):
        items = [table.item(at, place) for at in range(table.rowCount()) for place in range(table.columnCount())]
        found |= {words for item in items if item is not None for words in (item.text(), item.toolTip())}
    found |= {action.text() for action in person.window.actions_.findChildren(type(person.window.actions_["app.quit"]))}
    ledger, overlay = person.window.work.ledger, person.canvas.main.overlay.state
    found |= {ledger.dice_said, *(ledger.tip(at) for at in range(len(ledger.ticks)))}
    found |= {overlay.corner, overlay.title, overlay.subtitle, *overlay.readout}
    found |= {words for line in overlay.heading for words in line}
    return found - {""}


def test_no_number_in_the_german_window_has_a_decimal_point_or_a_comma_between_thousands(
    german_person: Person,
) -> None:
    person, work = german_person, german_person.window.work
    seen = set[str]()
    person.open_case("phantom_02")
    at = person.canvas.slice
    person.stroke((20, 20), (20, 40))
    person.until(lambda: person.edits("phantom_02") == ["brush"], what="painted")
    work.window_panel.toggle()
    for name in TABS:
        work.show_tab(name)
        person.pause(0.1)
        seen |= shown(person)
    losses = tuple((step, 1.2345 - step / 9000) for step in range(1, 3000))
    work.strip.show_job(
        JobStatus(
            "r0001",
            "running",
            kind="finetune",
            phase="finetune",
            step=2999,
            steps=12_000,
            losses=losses,
            best_dice=0.7123,
            device="CPU",
            device_why="1.7 times faster than float32 here",
        )
    )
    score = ClassScore(0.7123, 1204.4, 1180.2, 3.44, 1.21)
    cases = tuple(CaseScore(f"phantom_0{n}", {"liver": score}, 3, 10, n == 1, False) for n in (1, 2))
    measured = Evaluation("r0001", "inductive", cases, {"liver": 0.7123, "spleen": float("nan")}, 0.7123, 1)
    work.review.show_evaluation(measured, "Model 1")
    part = "1 von 1 Fällen dieser Mittelwerte, mindestens 3 von 10 Schichten. Jeder zählt so viel wie ein ganz gemessen"
    assert any(part in said for said in shown(person)), "a mean over a part of a case is called one"
    for key in ("dice", "hd95", "assd", "volume", "difference"):
        work.review.table.show_measure(key)
        seen |= shown(person)
    work.classes.show_volumes({1: 1204.4, 2: 0.318, 3: 12.34})
    group = Group(7, {1: SliceMean(0.2134, 7)}, 11_358, 11_871)
    work.review.corrections.show_rounds((Round("r0001", group, group, group),), {"r0001": "Model 1"}, 0.0)
    work.ledger.show_dice({at: 0.7123}, "liver", "#ffffff")
    seen |= shown(person)
    english = {said for said in seen if ENGLISH.search(said.replace(__version__, ""))}
    assert english == set()
    german = {said for said in seen if GERMAN.search(said)}
    for part in ("0,71", "0,32 mL", f"1{SPACE}204 mL", "liver, Schicht", f"Schritt 2{SPACE}999", "W "):
        assert any(part in said for said in german), (part, sorted(german))


@pytest.mark.usefixtures("german")
def test_the_loss_has_its_axis_written_in_german(qapp: QApplication) -> None:
    plot = LossPlot(Theme("dark", THEMES["dark"], 13))
    plot.show()
    plot.show_losses(tuple((step, 1.0 - step / 200) for step in range(1, 100)), 100)
    axis = plot._plot.getAxis("left")
    assert axis.tickStrings([0.1, 0.5, 1.0], 1.0, 0.1) == ["0,1", "0,5", "1,0"]
    plot.deleteLater()
    qapp.processEvents()
    assert words.loss(0.5) == "0.500", "what is not shown is left as it is"
