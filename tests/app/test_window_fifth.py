"""What a fifth trial stumbled over: words about cases left out, states by shape, the tour's keys, German, a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from slicelab.app import recent, words
from slicelab.app.canvas.overlay import Camera, PictureOverlay
from slicelab.app.language import say
from slicelab.app.panels.ledger import Ledger
from slicelab.app.panels.ledger_layout import TickState
from slicelab.app.panels.score_table import ScoreTable
from slicelab.app.theme import THEMES, Theme
from slicelab.app.tour import Tour, stops
from slicelab.app.window import MainWindow
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.labels import make_classes
from slicelab.engine.status import JobStatus

pytestmark = pytest.mark.window


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("light", THEMES["light"], 13)


def test_a_slice_of_a_case_left_out_for_testing_is_not_said_to_be_trained_on(person: Person) -> None:
    person.open_case("phantom_01")
    person.canvas.set_slice(person.ticks.index("done"))
    meaning = person.window.work.label._meaning
    person.until(lambda: meaning.text() == "Confirmed: training and measuring use it.", what="what done means")
    person.leave_out("phantom_01")
    said = "Confirmed: measuring uses it, no training (left out for testing)."
    person.until(lambda: meaning.text() == said, what="that no training uses it")
    person.open_case("phantom_02")
    person.until(lambda: meaning.text().startswith("Nothing is known"), what="the other case")
    person.open_case("phantom_01")
    person.canvas.set_slice(person.ticks.index("done"))
    person.until(lambda: meaning.text() == said, what="the same again")
    person.leave_out("phantom_01")
    person.until(lambda: meaning.text() == "Confirmed: training and measuring use it.", what="trained on again")


def test_states_of_slices_differ_in_shape_in_a_case_of_many_slices(theme: Theme, qapp: QApplication) -> None:
    ledger = Ledger(theme)
    ledger.resize(598, ledger.sizeHint().height())
    ledger.show_case("case", ("I", "S"))

    def drawn(state: TickState) -> np.ndarray:
        """How dark a tick of this state is, ``(row, column)``: an outline's inner part, without its colour."""
        ledger.set_ticks((TickState.UNLABELLED,) * 30 + (state,) + (TickState.UNLABELLED,) * 29)
        middle = ledger.tick_position(30).toPoint()
        image = ledger.grab().toImage()
        columns = range(middle.x() - 1, middle.x() + 2)
        rows = range(middle.y() - theme.px(7), middle.y() + theme.px(7))
        return np.array([[image.pixelColor(x, y).lightness() for x in columns] for y in rows])

    for state in (TickState.EMPTY, TickState.DONE):
        assert np.ptp(drawn(state)) > 60, f"a sign on {state.value}"
    assert np.ptp(drawn(TickState.UNLABELLED)) < 10
    ledger.deleteLater()
    qapp.processEvents()


def test_enter_goes_on_with_the_tour_wherever_it_was_clicked(first_window: MainWindow) -> None:
    tour = Tour(first_window.theme, stops(first_window.work, first_window.actions_), first_window)
    QTest.mouseClick(tour, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    for at in (1, 2, 3):
        QTest.keyClick(tour.next if at == 2 else tour, Qt.Key.Key_Return)
        assert tour._at == at
    ended: list[bool] = []
    tour.ended.connect(lambda: ended.append(True))
    QTest.keyClick(tour, Qt.Key.Key_Return)
    assert ended == [True]


@pytest.mark.usefixtures("german")
def test_what_the_fifth_trial_read_in_english_is_said_in_german() -> None:
    assert say("Training was stopped") == "Das Lernen wurde angehalten"
    assert say("Predicting did not finish") == "Vorhersage kam nicht zu Ende"
    assert say(f"{words.subject('compare')} finished") == "Vergleich ohne Vorlernen: fertig"
    assert (
        say("CPU, 2 threads, bfloat16: 1.7 times faster than float32 here, measured on 2026-11-28")
        == "CPU, 2 Threads, bfloat16: 1,7-mal schneller als float32 hier, gemessen am 28.11.2026"
    )
    assert say("step") == "Schritt"
    assert say("6 masks of Model 2 written to ~/masks.") == "6 Masken von Modell 2 nach ~/masks geschrieben."
    assert f" {say('assisted')} " in say("Model 1: 0.21 assisted on 7 slices")
    assert (
        say("Measured before 1 slice changed: Measure Dice takes it in.")
        == "Gemessen, bevor sich 1 Schicht änderte: „Dice messen“ nimmt sie auf."
    )


def test_learning_that_leaves_cases_out_is_not_said_to_be_from_all_volumes() -> None:
    assert words.kind("pretrain") == "Learning without labels"


def test_a_project_opens_on_the_case_that_was_open_last(person: Person) -> None:
    person.open_case("phantom_03")
    last = person.window.screen_.case_id
    person.window.desk.close()
    person.open_project(person.project)
    assert person.window.screen_.case_id == last
    assert person.window.work.cases.current == last
    recent.settings().setValue("cases", "no JSON")
    person.window.desk.close()
    person.open_project(person.project)
    assert person.window.work.cases.current == person.window.screen_.case_id == person.window._cases[0].id


def test_while_a_training_runs_the_train_tab_counts_for_the_next_one(person: Person) -> None:
    train = person.window.work.train
    statement = train._statement
    before = statement.text()
    assert before.startswith("Learns from 10 slices")
    train.show_job(JobStatus("r0001", "running", "finetune", step=1, steps=9))
    assert statement.text() == "The next training learns from 10 slices you marked done, in 1 case"
    train.show_job(JobStatus("r0001", "finished", "finetune", step=9, steps=9))
    assert statement.text() == before


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize(("slices", "cases"), [("1 slice", "1 case"), ("8 slices", "1 case"), ("8 slices", "2 cases")])
def test_what_the_next_training_learns_from_is_said_in_german(slices: str, cases: str) -> None:
    said = say(f"The next training learns from {slices} you marked done, in {cases}")
    assert said.startswith(f"Das nächste Training lernt aus {slices[0]} Schicht")
    assert say(f"Dice 0.83 on {cases} it never learned from, transductive").startswith("Dice 0,83 an")
    assert say("Test Dice 0.83, transductive") == "Test-Dice 0,83, transduktiv"


def test_whose_mask_it_is_uses_the_room_up_to_the_scale_bar(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = QWidget()
    overlay = PictureOverlay(below, small=False)
    short = "- - -  Model 1, not accepted"
    width = round(2 * QFontMetricsF(overlay._font(0.92)).horizontalAdvance(short)) + 40  # in its half it was cut
    overlay.resize(width, 300)
    overlay.state.camera = Camera(0.0, 0.0, 1.0)
    overlay.state.legend, overlay.state.legend_short = "Prediction of Model 1, not accepted", "Model 1, not accepted"
    overlay.state.convention = "Radiological"
    drawn: dict[str, QRectF] = {}
    write = overlay._halo_text

    def noted(painter: QPainter, box: QRectF, align: Qt.AlignmentFlag, text: str, *rest: object, **how: object) -> None:
        drawn[text] = painter.boundingRect(box, align, text)
        write(painter, box, align, text, *rest, **how)

    monkeypatch.setattr(overlay, "_halo_text", noted)
    picture = QImage(width, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("black"))
    overlay.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    (said,) = (text for text in drawn if text.startswith("- - -"))
    assert said in (short, "- - -  Prediction of Model 1, not accepted"), "not cut"
    assert drawn[said].left() >= 14 + overlay._scale_bar()[1] + 8, "beside the scale bar"
    below.deleteLater()


@pytest.mark.parametrize("way", ["return", "click"])
def test_an_export_goes_into_a_folder_whose_new_name_was_typed(person: Person, tmp_path: Path, way: str) -> None:
    seen: list[str] = []

    def type_new(dialog: QFileDialog) -> None:
        dialog.setDirectory(str(tmp_path))
        (field,) = dialog.findChildren(QLineEdit, "fileNameEdit")
        QTest.keyClicks(field, "masks of today")
        (box,) = dialog.findChildren(QDialogButtonBox)
        button = box.button(QDialogButtonBox.StandardButton.Open)
        seen.append(button.text())
        if way == "click":
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        else:
            QTest.keyClick(field, Qt.Key.Key_Return)

    person.tab("review")
    person.answer(QFileDialog, type_new)
    person.press("Labels")
    person.until(lambda: "1 mask written" in person.notice, what="the answer")
    assert seen == ["Export here"]
    assert (tmp_path / "masks of today" / "slices.csv").is_file()


def test_the_names_of_cases_stay_when_the_dice_table_is_scrolled_sideways(first_window: MainWindow) -> None:
    names = ["liver", "right kidney", "left kidney", "spleen", "pancreas", "aorta", "stomach", "bladder"]
    table = ScoreTable(first_window.theme)
    table.show_classes(make_classes(names))
    scores = {name: ClassScore(0.9 - at / 20, 20.0) for at, name in enumerate(names)}
    cases = [CaseScore(name, scores, 2, 20, name == "Pat_21", False) for name in ("Pat_19", "Pat_21")]
    table.resize(330, 300)
    table.show_evaluation(summarise("r0001", cases, names))
    table.show()
    QApplication.processEvents()
    bar = table.horizontalScrollBar()
    assert bar.maximum() > 0
    before = table.grab(QRect(0, 0, table.names.width(), table.height())).toImage()
    bar.setValue(bar.maximum())
    QApplication.processEvents()
    there = table.names.visibleRegion().boundingRect()
    assert there.width() >= table.names.sizeHint().width(), "the whole name"
    assert table.grab(QRect(0, 0, table.names.width(), table.rowHeight(0) * 2)).toImage() == before.copy(
        0, 0, table.names.width(), table.rowHeight(0) * 2
    )
    said = [table.model().headerData(at, Qt.Orientation.Vertical) for at in range(3)]
    assert said == ["Pat_19", "Pat_21  (trained on)", "Mean of 1"]
    chosen: list[tuple[str, str]] = []
    table.chosen.connect(lambda case, name: chosen.append((case, name)))
    for at in range(3):
        where = QPoint(there.width() // 2, table.names.sectionViewportPosition(at) + table.rowHeight(at) // 2)
        QTest.mouseClick(table.names.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert chosen == [("Pat_19", "bladder"), ("Pat_21", "bladder")], "of a case the worst class, of the mean none"
    assert (table.currentRow(), table.currentColumn()) == (1, 7)
    table.deleteLater()
