"""What the boxes of Train and Review, and the list of cases, tell of a job and of a model: cheap, without a job."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from slicelab.app.models import model_rows
from slicelab.app.panels.calibration_plot import said_of
from slicelab.app.panels.case_list import CaseList
from slicelab.app.panels.correction_box import CorrectionBox
from slicelab.app.panels.expected_box import ExpectedBox
from slicelab.app.panels.job_card import JobCard
from slicelab.app.panels.score_table import ScoreTable
from slicelab.app.theme import THEMES, Theme, ThemeName
from slicelab.app.window import MainWindow
from slicelab.core.correction import Group, Round, SliceMean
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.expected import Calibration
from slicelab.core.labels import make_classes
from slicelab.core.slices import LedgerCount
from slicelab.engine.expecting import Expectation, ExpectedCase, HeldCase
from slicelab.engine.on_the_way import OnTheWay
from slicelab.engine.status import JobStatus
from slicelab.engine.views import CaseSummary, RunSummary

pytestmark = [pytest.mark.window, pytest.mark.timeout(120)]

CLASSES = make_classes(["liver", "spleen"])


@pytest.fixture
def shown(qapp: QApplication) -> Iterator[list[QWidget]]:
    """Widgets to take away again."""
    made: list[QWidget] = []
    yield made
    for one in made:
        one.hide()
        one.deleteLater()
    qapp.processEvents()


def in_sight(widget: QWidget) -> str:
    return " | ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def moved_to(place: QPoint) -> QMouseEvent:
    """The mouse over a place of a widget; its window may lie below another one."""
    none = Qt.MouseButton.NoButton
    return QMouseEvent(
        QEvent.Type.MouseMove, QPointF(place), QPointF(place), none, none, Qt.KeyboardModifier.NoModifier
    )


def test_a_running_job_tells_its_loss_its_trend_and_its_alarms(first_window: MainWindow, shown: list[QWidget]) -> None:
    card = JobCard(first_window.theme, first_window.actions_)
    shown.append(card)
    falling = tuple((step, 2.0 - step / 200) for step in range(1, 201))
    status = JobStatus(
        "r0001", "running", "pretrain", phase="regression", step=200, steps=1000, losses=falling, seconds_per_step=0.5,
        pace_from=(0, 0.0), alarms=("All slices look alike to the network.",), device="CPU, 2 threads",
    )  # fmt: skip
    card.show_status(status)
    card.show()
    said = in_sight(card)
    for words in ("Still improving", "All slices look alike to the network.", "Step 200 of 1,000", "about 6 min 40 s"):
        assert words in said, said
    assert card._loss.text() == "1.197", "the median of what the strong line looks back over"
    flat = tuple((step, 1.0 + (step < 60)) for step in range(1, 401))
    card.show_status(JobStatus("r0001", "running", "finetune", phase="finetune", step=400, steps=800, losses=flat))
    assert "You can stop" in in_sight(card)
    assert "Stop keeps what it has learned so far." in in_sight(card)
    assert "look alike" not in in_sight(card), "of the job before"


def of(value: float, spleen: float, slices: int = 4) -> Group:
    return Group(slices, {1: SliceMean(value, slices), 2: SliceMean(spleen, slices)}, 10, 100)


NONE = Group(0, {}, 0, 0)


def coloured(widget: QWidget, colour: str) -> int:
    picture, wanted = widget.grab().toImage(), QColor(colour).rgb()
    return sum(picture.pixel(x, y) == wanted for x in range(picture.width()) for y in range(picture.height()))


def test_dice_before_correction_is_drawn_class_by_class_blind_and_assisted_apart(
    first_window: MainWindow, shown: list[QWidget]
) -> None:
    box = CorrectionBox(first_window.theme)
    shown.append(box)
    box.resize(380, 400)
    box.show_classes(CLASSES)
    box.show()
    first = Round("r1", of(0.5, 0.3), of(0.7, 0.6), NONE)
    box.show_rounds((first,), {"r1": "Model 1"}, 0.0)
    assert not box.plot.isVisible(), "one round is no trend"
    names = {"r1": "Model 1", "r2": "Model 2"}
    second = Round("r2", of(0.8, 0.6), NONE, NONE)
    box.show_rounds((first, second), names, 0.0)
    assert box._headline.text() == "Model 2: 0.70 blind on 4 slices", "no figure of both together"
    with_lines = {one.name: coloured(box.plot, one.colour) for one in CLASSES}
    assert min(with_lines.values()) > 30, with_lines
    assert "Model 1: blind 4, assisted 4 slices; Model 2: blind 4, assisted 0 slices" in (
        box.plot.accessibleDescription()
    )
    both = box.plot.grab().toImage()
    box.show_rounds((Round("r1", of(0.5, 0.3), NONE, NONE), second), names, 0.0)
    assert box.plot.grab().toImage() != both, "what is assisted has points of its own"
    QApplication.processEvents()
    cells = in_sight(box)
    assert "0.80 (4)" in cells
    assert "–" in cells, "nothing assisted"


def test_an_expected_dice_is_a_figure_only_where_it_held_and_says_how_far(
    first_window: MainWindow, shown: list[QWidget]
) -> None:
    box = ExpectedBox(first_window.theme)
    shown.append(box)
    cases = (
        ExpectedCase("c2", "AB-32", {"liver": 0.6, "spleen": 0.9}, {"liver": 0.6, "spleen": 0.76}),
        ExpectedCase("c1", "AB-36", {"liver": 0.9, "spleen": 0.8}, {"liver": 0.9, "spleen": 0.8}),
    )
    box.show_classes(2)
    box.show()
    held = Calibration(1.0, 0.0, error=0.03, correlation=0.8, patients=8)
    box.show_expectation(Expectation("r1", held, cases))

    def cells(place: int) -> list[str]:
        return [box.table.item(at, place).text() for at in range(box.table.rowCount())]

    assert cells(0) == ["AB-32", "AB-36"], "lowest first"
    assert cells(1) == ["≈ 0.68", "≈ 0.85"]
    assert "8 labelled patients, each left out in turn, it was off by 0.03 on average" in in_sight(box)
    assert "rank correlation 0.80" in in_sight(box)
    for doubtful in (
        Calibration(1.0, 0.0, error=0.06, correlation=0.8, patients=8),
        Calibration(1.0, 0.0, error=0.03, correlation=0.4, patients=8),
        None,
    ):
        box.show_expectation(Expectation("r1", doubtful, cases))
        assert cells(1) == ["not reliable yet"] * 2
        assert "Not reliable yet" in in_sight(box)


@pytest.mark.parametrize("name", ["dark", "light"])
def test_how_an_expected_dice_held_is_drawn_a_dot_a_case_that_says_its_figures_and_opens_it(
    first_window: MainWindow, shown: list[QWidget], name: ThemeName
) -> None:
    box = ExpectedBox(Theme(name, THEMES[name], first_window.theme.base_px))
    shown.append(box)
    plot, opened = box.plot, list[str]()
    box.table.setFocus()  # a window of its own, which may become the active one at any time
    box.chosen.connect(opened.append)
    box.resize(360, 600)
    box.show()
    case = ExpectedCase("c9", "AB-40", {"liver": 0.8}, {"liver": 0.8})
    box.show_expectation(Expectation("r1", None, (case,)))
    assert not plot.isVisible(), "nothing is calibrated, nothing drawn"
    held = (HeldCase("c3", "AB-03", 0.9, 0.85), HeldCase("c1", "AB-01", 0.6, 0.7), HeldCase("c2", "AB-02", 0.75, 0.55))
    calibration = Calibration(1.0, 0.0, error=0.12, correlation=0.5, patients=3)
    box.show_expectation(Expectation("r1", calibration, (case,), held))
    QApplication.processEvents()
    assert plot.isVisible()
    assert "AB-01: expected Dice 0.60, measured 0.70" in plot.accessibleDescription()
    picture = plot.grab().toImage()
    scale = picture.devicePixelRatio()
    dots = {one.id: plot.position_of(one).toPoint() for one in plot.held}
    for place in dots.values():
        assert picture.pixelColor(place * scale) == box._theme.colour("accent")
    assert dots["c1"].x() < dots["c2"].x() < dots["c3"].x(), "expected across"
    assert dots["c3"].y() < dots["c1"].y() < dots["c2"].y(), "measured upwards"
    hint = in_sight(box)
    assert "Each dot is a labelled case" in hint
    QApplication.sendEvent(plot, moved_to(dots["c2"]))
    assert "AB-02: expected Dice 0.75, measured 0.55" in in_sight(box)
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=dots["c2"])
    assert opened == ["c2"]
    QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert opened == ["c2"]
    QApplication.sendEvent(plot, moved_to(QPoint(2, 2)))
    assert "Each dot is a labelled case" in in_sight(box)
    for _ in range(3):
        QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription() == "AB-03: expected Dice 0.90, measured 0.85"
    QTest.keyClick(plot, Qt.Key.Key_Return)
    assert opened == ["c2", "c3"]


def test_a_figure_on_the_way_stands_beside_none_of_other_cases(first_window: MainWindow, shown: list[QWidget]) -> None:
    card = JobCard(first_window.theme, first_window.actions_)
    shown.append(card)
    card.show()
    card.show_status(JobStatus("r0001", "running", "finetune", phase="finetune", step=40, steps=80))
    card.show_on_the_way("r0001", (OnTheWay(10, 0.9, 1), OnTheWay(20, 0.5, 2), OnTheWay(40, 0.6, 2)), "Model 1")
    told = "Dice on 2 cases left out for testing: 0.50 after step 20, 0.60 after step 40"
    assert told in in_sight(card), "the second case was labelled after the first figure"


@pytest.mark.usefixtures("german")
def test_the_dots_of_an_expected_dice_speak_german() -> None:
    assert said_of(HeldCase("c1", "AB-01", 0.6, 0.7)) == "AB-01: erwarteter Dice 0,60, gemessen 0,70"


def test_how_long_a_training_took_is_from_when_it_was_asked_for_unless_it_ended_early_between(
    first_window: MainWindow, shown: list[QWidget]
) -> None:
    card = JobCard(first_window.theme, first_window.actions_)
    shown.append(card)
    done = JobStatus("r0001", "finished", "finetune", step=40, steps=40, started_at=1020.0, ended_at=1080.0)
    card.show()
    card.show_status(done)
    assert "Finished after 1 min 0 s" in in_sight(card), "until the runs are listed"
    summary = RunSummary("r0001", "finetune", "finished", "fast", None, None, 1000.0, 1085.0, 1, 3, True, None)
    card.show_runs([summary])
    assert "Finished after 1 min 25 s" in in_sight(card)
    assert model_rows([summary], "r0001", {})[0].learned_from.endswith("1 min 25 s")
    card.show_status(replace(done, continued=True))
    assert "Finished after 1 min 0 s" in in_sight(card), "it had been stopped for a while"
    card.show_status(None)
    card.show_status(done)
    assert "Finished after 1 min 0 s" in in_sight(card), "in another project a run of this name is another one"


def test_the_worst_result_is_first_what_is_no_result_below_and_what_is_in_neither_mask_said(
    first_window: MainWindow, shown: list[QWidget]
) -> None:
    nowhere = ClassScore(math.nan, 0.0)

    def case(name: str, liver: float, spleen: ClassScore, *, trained: bool = False) -> CaseScore:
        score = ClassScore(liver, 1400.0, reference_volume_ml=1280.0, hd95_mm=9.5, assd_mm=2.5)
        return CaseScore(name, {"liver": score, "spleen": spleen}, 20, 20, trained, False)

    table = ScoreTable(first_window.theme)
    shown.append(table)
    table.show_classes(CLASSES)
    cases = [
        case("learned", 0.2, nowhere, trained=True),
        case("good", 0.95, nowhere),
        case("worst", 0.9, ClassScore(0.5, 90.0)),
        case("middle", 0.8, ClassScore(0.9, 90.0)),
    ]
    table.show_evaluation(summarise("r1", cases, ["liver", "spleen"]))
    table.show()
    rows = [table.verticalHeaderItem(at).text() for at in range(5)]
    assert rows == ["worst", "middle", "good", "learned  (trained on)", "Mean of 3"]
    assert [table.item(2, at).text() for at in (0, 1)] == ["0.95", "n/a"]
    for key, told in (("hd95", "9.5"), ("assd", "2.5"), ("volume", "1,400"), ("difference", "+120")):
        table.show_measure(key)
        assert told in table.item(0, 0).text(), key


def test_the_list_of_cases_takes_the_order_of_expected_dice(first_window: MainWindow, shown: list[QWidget]) -> None:
    cases = CaseList(first_window.theme, first_window.actions_)
    shown.append(cases)
    listed = tuple(
        CaseSummary(f"c{k}", f"AB-{k}", f"p{k}", LedgerCount(slices=4), flagged=False, models=(), plane="axial")
        for k in (1, 2, 3)
    )
    cases.show_cases(listed)
    cases.show_expected(["c3", "c1"])
    assert [case.id for case in cases._cases] == ["c1", "c2", "c3"], "as long as nobody asked for it"
    menu = cases.sorting.menu()
    next(one for one in menu.actions() if one.text() == "Lowest expected Dice first").trigger()
    assert [case.id for case in cases._cases] == ["c3", "c1", "c2"], "of which nothing is expected after the others"
    cases.show_expected(["c2"])
    assert [case.id for case in cases._cases] == ["c2", "c1", "c3"]
