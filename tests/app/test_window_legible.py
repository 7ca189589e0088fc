"""What somebody could not read or find: cut, pale, parted from its heading, or gone."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QImage, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QPushButton, QWidget

from slicelab.app.canvas.overlay import Camera, PictureOverlay
from slicelab.app.new_project import NewProjectDialog, problems
from slicelab.app.panels.expected_box import ExpectedBox
from slicelab.app.panels.ledger import Ledger
from slicelab.app.panels.ledger_layout import TickState
from slicelab.app.panels.score_table import MEASURES, ScoreTable
from slicelab.app.theme import THEMES
from slicelab.app.window import MainWindow
from slicelab.core.evaluation import CaseScore, ClassScore, summarise
from slicelab.core.labels import make_classes
from slicelab.engine.expecting import Expectation, ExpectedCase
from slicelab.engine.views import RunSummary

pytestmark = pytest.mark.window
LONGEST = "Pretraining 1: rebuild hidden patches, 124 slices"


def luminance(colour: QColor) -> float:
    """WCAG 2.1 relative luminance."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return float(np.dot(parts, (0.2126, 0.7152, 0.0722)))


def contrast(one: QColor, other: QColor) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("names", [["prostate"], ["liver", "right kidney", "left kidney", "spleen"]])
def test_the_last_class_of_the_dice_table_keeps_apart_from_the_number_of_slices(
    first_window: MainWindow, names: list[str]
) -> None:
    table = ScoreTable(first_window.theme)
    table.show_classes(make_classes(names))
    scores = {name: ClassScore(0.66, 20.0) for name in names}
    cases = [CaseScore(name, scores, 2, 20, True, False) for name in ("Pat_19", "Pat_21")]
    table.resize(400, 300)
    table.show_evaluation(summarise("r0001", cases, names))
    table.show()
    QApplication.processEvents()
    last = len(names)
    assert table.columnWidth(last) > table.sizeHintForColumn(last) + 8
    assert sum(table.columnWidth(place) for place in range(last + 1)) <= table.viewport().width()
    table.deleteLater()


@pytest.mark.parametrize("width", [640, 400, 260])
def test_no_number_of_the_dice_table_is_cut_however_many_classes_share_its_width(
    first_window: MainWindow, width: int
) -> None:
    names = ["liver", "right kidney", "left kidney", "spleen"]
    table = ScoreTable(first_window.theme)
    table.show_classes(make_classes(names))
    scores = {name: ClassScore(0.66, 1204.0) for name in names}
    table.resize(width, 300)
    table.show_measure("volume")
    table.show_evaluation(summarise("r0001", [CaseScore("Pat_19", scores, 2, 20, False, False)], names))
    table.show()
    QApplication.processEvents()
    texts = [table.item(0, place).text() for place in range(4)]
    assert texts == ["1,204"] * 4
    for place in range(4):
        assert table.columnWidth(place) >= table.sizeHintForColumn(place)
    bar = table.horizontalScrollBar()
    assert (bar.maximum() > 0) == (width < 400)
    rows = table.rowHeight(0) + table.rowHeight(1)
    assert table.viewport().height() >= rows, "the bar covers no row"
    table.deleteLater()


def test_small_numbers_of_the_dice_table_need_no_bar_though_large_ones_stood_there_before(
    first_window: MainWindow,
) -> None:
    names = ["liver", "right kidney", "left kidney", "spleen"]
    holder = QWidget()  # a table that is a window itself is resized by the display's late answers too
    table = ScoreTable(first_window.theme, holder)
    table.show_classes(make_classes(names))
    scores = {name: ClassScore(0.66, 1234567.0) for name in names}
    table.resize(360, 300)
    holder.show()
    bar, seen = table.horizontalScrollBar(), []
    table.show_evaluation(summarise("r0001", [CaseScore("Pat_19", scores, 2, 20, False, False)], names))
    for key in ("dice", "volume", "dice"):
        table.show_measure(key)
        QApplication.processEvents()
        seen.append((bar.maximum() > 0, table.height()))
    assert [scrolls for scrolls, _ in seen] == [False, True, False]
    assert seen[0] == seen[2]
    holder.deleteLater()


def test_the_long_measures_are_spelled_out_under_the_mouse() -> None:
    said = {measure.title: measure.tip for measure in MEASURES}
    assert "Hausdorff distance" in said["HD95"]
    assert "symmetric surface distance" in said["ASSD"]


def test_what_a_training_starts_from_is_read_to_its_end_in_a_small_window(person: Person) -> None:
    size = person.window.size()
    person.window.resize(1280, 800)
    person.tab("train")
    train = person.window.work.train
    run = RunSummary("r0001", "pretrain", "finished", "fast", "contrastive", None, 0.0, 1.0, 6, 124, True, None)
    train.show_starts((run,))
    box = next(one for one in train.findChildren(QComboBox) if one.accessibleName() == "Start from")
    person.pause(0.3)
    room = box.width() - 26 - 2 * 9  # its arrow and its padding
    assert box.currentText() == "Pretraining 1: compare places, 124 slices"
    assert box.fontMetrics().horizontalAdvance(box.currentText()) <= room
    assert box.toolTip() == box.currentText()
    person.window.resize(size)


def test_words_over_bright_fat_are_read(qapp: QApplication) -> None:
    below = QWidget()
    below.resize(600, 400)
    overlay = PictureOverlay(below, small=False)
    overlay.resize(600, 400)
    overlay.state.legend, overlay.state.convention = "Prediction of Model 1, not accepted", "Radiological"
    overlay.state.letters = dict.fromkeys(("left", "right", "top", "bottom"), "P")
    overlay.state.camera = Camera(0.0, 0.0, 1.0)
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.fill(QColor("white"))
    overlay.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(400, 600, 4)[..., :3]
    words = pixels[350:395, 420:584]
    usual = np.median(words[(words < 255).all(axis=-1)], axis=0)
    assert (pixels[200, 300] == 255).all(), "the picture itself is left alone"
    assert contrast(QColor("white"), QColor(*(int(part) for part in usual))) >= 4.5
    dashes = words[:22, :40]
    assert (dashes.mean(axis=-1) < 130).mean() > 0.3, "dashes lie on the plate too"
    below.deleteLater()


@pytest.mark.parametrize("end", ["top", "bottom"])
def test_a_crosshair_line_ends_well_before_the_letter_it_points_at(qapp: QApplication, end: str) -> None:
    below = QWidget()
    below.resize(600, 400)
    overlay = PictureOverlay(below, small=False)
    overlay.resize(600, 400)
    overlay.state.letters = dict.fromkeys(("left", "right", "top", "bottom"), "I")
    overlay.state.camera = Camera(0.0, 0.0, 1.0)
    overlay.state.crosshair_mm = (0.0, 0.0)
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.fill(QColor("black"))
    overlay.render(picture, QPoint(), QRegion(), QWidget.RenderFlag.DrawChildren)
    pixels = np.frombuffer(picture.constBits(), np.uint8).reshape(400, 600, 4)[..., 0]
    middle = pixels[:, 296:305].max(axis=1) > 60
    lit = np.flatnonzero(middle if end == "top" else middle[::-1])  # from the edge: the letter, then the line
    gaps = np.diff(lit)
    assert lit[0] < 40, "the letter"
    assert gaps[gaps > 1][0] >= 8
    below.deleteLater()


@pytest.mark.parametrize("name", list(THEMES))
def test_a_button_under_the_mouse_keeps_its_white_words_and_icon_readable(name: str) -> None:
    tokens = THEMES[name]
    for fill in (tokens.fill, tokens.fillhover):
        assert contrast(QColor("white"), QColor(fill)) >= 4.5
    sheet = (Path(__file__).parents[2] / "resources" / "style" / "slicelab.qss").read_text(encoding="utf-8")
    hovered = [line for line in sheet.splitlines() if line.startswith("QPushButton[role=") and ":hover" in line]
    assert sum("@fillhover" in line for line in hovered) == 2
    assert not [line for line in hovered if "background: @accent" in line]


def test_the_legend_of_slices_stays_when_dice_of_the_slice_is_said(first_window: MainWindow) -> None:
    ledger = Ledger(first_window.theme)
    ledger.resize(608, ledger.sizeHint().height())
    ledger.show_case("Pat_19", ("I", "S"))
    ledger.set_ticks((TickState.DRAFT,) * 10 + (TickState.DONE,) + (TickState.DRAFT,) * 9)
    ledger.set_current(10)
    ledger.grab()
    assert ledger.legend_shown
    ledger.show_dice({10: 0.8}, "prostate", "#D55E00")
    before = ledger.grab().toImage()
    assert ledger.legend_shown
    assert ledger.dice_said == "prostate, slice 11: Dice 0.80"
    ledger.set_current(11)
    assert ledger.dice_said == ""
    assert ledger.grab().toImage() != before
    ledger.deleteLater()


def test_everything_that_is_wrong_with_a_new_project_is_said_at_once(tmp_path: Path) -> None:
    said = problems("new", str(tmp_path / "nowhere"), "prostate, Prostate")
    assert len(said) == 2
    assert "folder does not exist" in said[0]
    assert "more than once" in said[1]
    assert problems("new", str(tmp_path), "prostate") == []


def test_the_place_of_a_new_project_is_a_folder_by_name(first_window: MainWindow) -> None:
    dialog = NewProjectDialog(first_window.theme, first_window)
    assert "~" not in dialog.place.text()
    assert Path(dialog.place.text()).is_dir()
    dialog.place.setText(str(Path(dialog.place.text()) / "nowhere at all"))
    assert "folder does not exist" in dialog._problem.text(), "said before the classes are named"
    dialog.deleteLater()


def test_of_a_single_class_nobody_is_told_that_the_model_is_least_sure_of_it(first_window: MainWindow) -> None:
    box = ExpectedBox(first_window.theme)
    cases = (ExpectedCase("c0001", "Pat_1", {"prostate": 0.8}, {}), ExpectedCase("c0002", "Pat_2", {}, {}))
    for count, hidden in ((1, True), (2, False)):
        box.show_classes(count)
        box.show_expectation(Expectation("r0001", None, cases))
        assert box.table.isColumnHidden(2) is hidden
    box.show_classes(1)
    box.show_expectation(Expectation("r0001", None, cases))
    assert [box.table.item(at, 1).text() for at in range(2)] == ["not reliable yet", "no class found"]
    box.deleteLater()


def test_while_a_project_opens_nobody_is_asked_to_choose_a_case(person: Person, project: Path) -> None:
    said: list[str] = []
    work, plain = person.window.work, person.window.work.say_empty

    def listen(words: str) -> None:
        said.append(words)
        plain(words)

    work.say_empty = listen
    try:
        person.open_project(project)
    finally:
        del work.say_empty
    assert said
    assert all(words.startswith("Opening") for words in said)
    assert said[-1] == "Opening phantom_01 …"


class Opener(QObject):
    """Stands for the program that opens a file."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """Note what is opened."""
        self.opened.append(url.toLocalFile())


def test_a_written_report_is_opened_by_a_button(person: Person, tmp_path: Path) -> None:
    opener, out = Opener(), tmp_path / "report.html"
    QDesktopServices.setUrlHandler("file", opener, "take")
    try:
        person.window.reviewing.show_reported(out)
        person.pause(0.1)
        buttons = person.window.work.notice.findChildren(QPushButton)
        QTest.mouseClick(next(one for one in buttons if one.text() == "Open"), Qt.MouseButton.LeftButton)
        person.until(lambda: opener.opened, what="opened")
    finally:
        QDesktopServices.unsetUrlHandler("file")
    assert opener.opened == [str(out)]
