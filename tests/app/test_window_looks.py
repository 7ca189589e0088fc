"""How things look: nothing cut, headings over their columns, figures that agree with their curves, keys by group."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shiboken6
from person import Person
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QPicture
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QTableWidget

from slicelab.app.commands.table import ACTIONS
from slicelab.app.help_sheet import KeySheet, about_dialog, columns_of, groups, sheet_html
from slicelab.app.new_project import NewProjectDialog
from slicelab.app.panels.class_headings import ClassHeadings, wrapped
from slicelab.app.panels.loss_plot import LossPlot, drawn, level, smoothed
from slicelab.app.widgets import action_button
from slicelab.app.window import MainWindow
from slicelab.engine.status import JobStatus

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def test_the_figure_beside_the_curve_is_where_the_strong_line_ends() -> None:
    assert level((), 40) is None
    for count in (1, 5, 40, 1500):
        points = tuple((step, 1 / (step + 1) + 0.2 * (step % 3)) for step in range(count))
        assert smoothed(points, count)[-1] == (points[-1][0], level(points, count))
        assert drawn(points)[-1] == points[-1]


def test_the_strong_line_follows_a_short_run_and_never_redraws_its_past(rng: np.random.Generator) -> None:
    losses = np.linspace(1.17, 0.75, 30) + rng.normal(0, 0.02, 30)
    points = tuple((step, float(loss)) for step, loss in enumerate(losses, start=1))
    line = smoothed(points, 30)
    assert line[0] == points[0], "it begins where the losses begin"
    assert max(abs(value - loss) for (_, value), (_, loss) in zip(line, points, strict=True)) < 0.1
    for count in range(1, 31):
        assert smoothed(points[:count], 30) == line[:count]
    hard = (*points[:20], (21, 3.0), *points[21:])
    assert max(value for _, value in smoothed(hard, 30)) < 1.3, "one hard batch is no setback"


@pytest.mark.window
def test_card_and_strip_give_the_same_loss_and_it_is_that_of_the_curve(person: Person) -> None:
    losses = (*((step, 1.2) for step in range(1, 40)), (40, 0.3))
    status = JobStatus("r0001", "running", "finetune", phase="finetune", step=40, steps=100, loss=0.3, losses=losses)
    person.tab("train")
    person.window.learning.show_job(status)
    work = person.window.work
    assert work.train.job._loss.text() == work.strip._loss.text() == "1.200"


@pytest.mark.window
def test_the_last_number_of_the_loss_plot_is_drawn(first_window: MainWindow) -> None:
    plot = LossPlot(first_window.theme)
    plot.resize(400, 210)
    plot.show()
    plot.show_losses(((1, 1.0), (2, 0.5)), 300)
    axis = plot._plot.getAxis("bottom")
    plot.grab()
    painted = QPicture()
    painter = QPainter(painted)
    written = [said for _, _, said in axis.generateDrawSpecs(painter)[2]]
    painter.end()
    assert "300" in written
    plot.close()
    plot.deleteLater()


@pytest.mark.window
def test_names_of_four_classes_are_whole_in_the_narrowest_table(first_window: MainWindow) -> None:
    headings = ClassHeadings(first_window.theme)
    for name in ("liver", "right kidney", "left kidney", "spleen", "central gland", "peripheral zone", "bladder"):
        lines, font = headings.lines_of(name, 58)
        assert " ".join(lines) == name
        assert wrapped(name, QFontMetrics(font), 58) == lines
    lines, _ = headings.lines_of("extraordinarylongname", 58)
    assert lines[0].endswith("…"), "the tooltip has the whole"
    headings.deleteLater()


@pytest.mark.window
def test_nothing_on_a_recent_project_is_cut_and_steps_stand_beside_the_cards(
    first_window: MainWindow, qapp: QApplication, project: Path, tmp_path: Path
) -> None:
    other = Path(shutil.copytree(project, tmp_path / "gypsy jaguars, qualify"))
    person = Person(first_window, qapp, project)
    person.until(first_window.start.isVisible, what="the start page")
    first_window.start.show_recent((project, other))
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    person.pause(0.2)
    cards = [one for one in first_window.start.findChildren(QPushButton) if one.property("role") == "row"]
    assert len(cards) == 5, "two projects, and three ways to begin"
    for card in cards:
        for label in (one for one in card.findChildren(QLabel) if one.isVisible()):
            assert label.height() >= label.sizeHint().height(), label.text()
            assert card.rect().contains(label.geometry()), label.text()
        lines = [label for label in card.findChildren(QLabel) if label.property("role") in ("title", "secondary")]
        assert lines[1].y() - lines[0].geometry().bottom() <= 6, "name and place belong together"
    heads = {label.text(): label for label in first_window.start.findChildren(QLabel)}
    recent, steps = heads["Recent projects"], heads["How it goes"]
    start = first_window.start
    assert recent.mapTo(start, recent.rect().bottomLeft()).y() == steps.mapTo(start, steps.rect().bottomLeft()).y()

    first_window.start.show_recent(())
    person.pause(0.2)
    ways = heads["New project"].parentWidget()
    assert steps.mapTo(start, steps.rect().topLeft()).x() == ways.mapTo(start, ways.rect().topLeft()).x()


@pytest.mark.window
def test_the_start_page_names_the_keys_that_work(first_window: MainWindow) -> None:
    def keys() -> set[str]:
        labels = first_window.start.findChildren(QLabel)
        return {label.text() for label in labels if label.property("role") == "key" and label.text()}

    assert keys() == {"Ctrl+N", "Ctrl+O"}
    before = first_window.preferences
    try:
        first_window._prefer(replace(before, keys={"project.new": ("Ctrl+J",), "project.open": ()}))
        assert keys() == {"Ctrl+J"}
    finally:
        first_window._prefer(before)


@pytest.mark.window
def test_headings_stand_over_their_columns(person: Person) -> None:
    train = person.window.work.train.findChild(QTableWidget)
    expected = person.window.work.review.expected.table
    for table, sides in ((train, (LEFT, LEFT, RIGHT)), (expected, (LEFT, LEFT, LEFT))):
        for place, side in enumerate(sides):
            assert table.horizontalHeaderItem(place).textAlignment() & side, table.horizontalHeaderItem(place).text()


@pytest.mark.window
def test_a_number_does_not_touch_the_frame_of_its_field(person: Person) -> None:
    person.tab("train")
    boxes = [box for box in person.window.work.train.findChildren(QSpinBox) if box.isVisible()]
    assert boxes
    for box in boxes:
        assert box.lineEdit().x() + box.lineEdit().textMargins().left() >= 6


@pytest.mark.window
@pytest.mark.parametrize("kind", ["about", "new project"])
def test_lines_of_a_dialog_stay_together_however_tall_it_is(first_window: MainWindow, kind: str) -> None:
    theme = first_window.theme
    dialog = about_dialog(theme, first_window) if kind == "about" else NewProjectDialog(theme, first_window)
    dialog.resize(dialog.sizeHint().width(), 900)
    dialog.show()
    for label in dialog.findChildren(QLabel):
        if label.text() and not label.wordWrap():
            assert label.height() <= label.sizeHint().height(), label.text()
    dialog.close()
    dialog.deleteLater()


@pytest.mark.window
def test_the_sheet_of_keys_is_in_groups_and_leaves_no_key_out(first_window: MainWindow) -> None:
    actions = first_window.actions_
    made = groups(actions)
    assert list(made) == ["Mouse", "Project", "Edit", "Mend", "View", "Case", "Job", "Help"]
    assert sum(map(len, made.values())) == len(made["Mouse"]) + sum(bool(spec.keys) for spec in ACTIONS)
    columns = columns_of(actions, 3)
    shown = [line for column in columns for line in column if line[1]]
    assert sorted(shown) == sorted(line for one in made.values() for line in one)
    assert max(map(len, columns)) <= sum(map(len, columns)) / 3 + 3, "no column is cut while others are half empty"
    assert all(column[0][1] == "" for column in columns), "a column begins with a heading"
    assert all(f"<u>{name}</u>" in sheet_html(actions) for name in made)
    sheet = KeySheet(first_window.theme, actions, first_window)
    titles = {label.text() for label in sheet.findChildren(QLabel) if label.property("role") == "title"}
    assert titles == set(made)
    sheet.deleteLater()


@pytest.mark.window
def test_an_action_that_outlives_its_buttons_changes_without_them(qapp: QApplication) -> None:
    action = QAction("Train")
    kept, gone = action_button(action), action_button(action)
    shiboken6.delete(gone)
    action.setEnabled(False)
    assert not kept.isEnabled()
