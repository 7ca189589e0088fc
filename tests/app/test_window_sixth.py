"""What a sixth trial stumbled over: what is left of another project, whose labels these are, keys, figures, German."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea
from story import small_jobs

from slicelab.app.language import say
from slicelab.app.notice import ONE_CASE, Message
from slicelab.app.panels.loss_plot import LossPlot
from slicelab.app.readers_dialog import ReadersDialog
from slicelab.core.agreement import agreement
from slicelab.engine.people import TwoReaders
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus

pytestmark = pytest.mark.window


def test_nothing_of_a_project_is_left_in_an_empty_one_that_is_opened_after_it(person: Person, tmp_path: Path) -> None:
    window = person.window
    person.open_case("phantom_01")
    person.until(lambda: person.canvas.main.overlay.state.outlines, what="outlines of labels")
    person.drop(tmp_path / "nothing here.nii")
    data = window.work.data
    person.until(lambda: data._refused.text(), what="the answer")
    window.screen_.looks.allow_prediction(True)
    empty = tmp_path / "empty"
    Session.create(empty, ["liver", "right kidney"]).close()
    window.open_project(empty)
    person.until(lambda: window.windowTitle().startswith("empty"), what="the other project")
    person.until(lambda: data._statement.text() == "No images yet", what="no cases in words")
    person.pause(0.3)
    assert not any(canvas.overlay.state.outlines for canvas in person.canvas._all), "no outline of another patient"
    assert not data._report.text()
    assert not data._refused.text()
    assert not window.work.view_bar._drawn_box.isEnabled()


def test_enter_after_a_further_readers_name_labels_as_that_reader_whom_the_title_names(person: Person) -> None:
    window = person.window
    window.actions_["project.readers"].trigger()
    dialog = window.readers.dialog
    assert dialog is not None
    person.until(lambda: dialog.readers.rowCount() > 0, what="the readers listed")
    person.until(dialog.isActiveWindow, what="the dialog in front")
    session = window.desk.session
    QTest.mouseClick(dialog.name, Qt.MouseButton.LeftButton)
    person.until(dialog.name.hasFocus, what="the keys where the name is written")
    QTest.keyClicks(dialog.name, "CD")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    person.until(lambda: window.desk.session not in (None, session), what="opened anew")
    person.until(lambda: window.screen_.case_id is not None, what="a case shown")
    assert window.desk.session.reader.name == "CD"
    assert window.windowTitle() == f"{window.desk.session.name} – CD – slicelab"


def test_a_comparison_that_grows_stays_on_the_screen_with_its_last_button(person: Person) -> None:
    window = person.window
    dialog = ReadersDialog(window.theme, window)
    room = dialog.screen().availableGeometry()
    dialog.show()
    person.until(dialog.isActiveWindow, what="the dialog")
    dialog.move(room.left() + 100, room.bottom() - dialog.frameGeometry().height())
    one, other = np.zeros((2, 12, 8, 8), np.uint8)
    for at in range(12):
        one[at, 1 + at % 4, :4] = other[at, 1, 2:6] = 1 + at % 2
    classes = window.screen_._classes
    found = TwoReaders(
        one="AB",
        other="CD",
        agreement=agreement(one, other, (1, 2, 3, 4), set()),
        slices=dict.fromkeys((1, 2, 3, 4), 12),
    )
    dialog._pair.setVisible(True)
    dialog.show_agreement("phantom_01", found, classes)
    person.until(lambda: dialog.slices.rowCount() > 7, what="many slices")
    person.until(lambda: dialog.frameGeometry().bottom() <= room.bottom(), 5, what="all in sight")
    assert dialog.frameGeometry().top() >= room.top()
    dialog.close()


def test_after_stop_the_keys_are_the_pictures_not_those_of_a_classs_eye(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_jobs(monkeypatch)
    window = person.window
    person.tab("pretrain")
    person.set_steps("pretrain", 5000)
    person.press("Learn from all volumes")
    stop = window.work.strip._stop
    person.until(stop.isVisible, what="the job in the strip")
    person.until(stop.isEnabled, what="it can be stopped")
    person.tab("train")
    warned = window.work.train._under_way
    person.until(warned.isVisible, what="that a training would not start from it")
    stop.setFocus(Qt.FocusReason.MouseFocusReason)
    assert stop.hasFocus()
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert person.canvas.main.native.hasFocus(), "not where Qt takes them once the button is gone"
    person.until(lambda: not stop.isVisible(), 120, what="the job stopped")
    assert person.canvas.main.native.hasFocus(), QApplication.focusWidget()
    person.until(lambda: not warned.isVisible(), what="no pretraining under way")


def test_the_volume_of_a_case_with_unlabelled_slices_is_said_to_be_a_part(person: Person) -> None:
    heading = person.window.work.classes._heading
    person.open_case("phantom_01")
    person.until(lambda: heading.text() == "volume", what="a whole case")
    person.open_case("phantom_02")
    person.until(lambda: heading.text() == "volume so far", what="a case of which nothing is known")
    assert "not done yet" in heading.toolTip()


def test_what_was_done_with_one_case_does_not_hide_the_name_of_another(person: Person) -> None:
    window = person.window
    person.open_case("phantom_01")
    window.say(Message("The mask was taken into phantom_02: 10 slices done.", tone="ok", topic=ONE_CASE))
    assert "taken into phantom_02" in person.notice
    window.desk.open_case(window.screen_.case_id)
    person.pause(0.5)
    assert "taken into phantom_02" in person.notice, "the same case read anew"
    person.open_case("phantom_03")
    person.until(lambda: not person.notice, what="the message gone")


def test_the_strip_has_no_figures_that_the_job_has_not(person: Person) -> None:
    strip = person.window.work.strip
    strip.show_job(JobStatus("r0009", kind="predict", phase="predict"))
    assert not strip._falls.isVisible()
    assert not strip._best.isVisible()
    strip.show_job(JobStatus("r0009", kind="finetune", phase="finetune", losses=((1, 1.5), (2, 1.2)), best_dice=0.5))
    assert strip._falls.isVisible()
    assert strip._best.isVisible()
    strip.show_job(None)


def test_the_wheel_scrolls_the_tab_with_the_mouse_on_the_curve_of_the_loss(person: Person) -> None:
    work = person.window.work
    person.tab("train")
    work.train.job.show_status(
        JobStatus("r0009", kind="finetune", phase="finetune", steps=9, losses=((1, 1.5), (2, 1.2)))
    )
    (plot,) = (one for one in work.train.findChildren(LossPlot) if one.isVisible())
    person.until(lambda: plot._plot is not None, what="the curve")
    area = next(one for one in work.train.findChildren(QScrollArea) if one.isAncestorOf(plot))
    bar = area.verticalScrollBar()
    person.until(lambda: bar.maximum() > 0, what="something to scroll")
    area.ensureWidgetVisible(plot)
    person.pause(0.1)
    before, up = bar.value(), bar.value() > 0
    middle = plot.mapToGlobal(plot.rect().center())
    under = QApplication.widgetAt(middle)
    assert plot.isAncestorOf(under) or under is plot
    accepted = False
    while not accepted and under is not area.parentWidget():  # as Qt hands on what a real wheel sends
        turned = QWheelEvent(
            QPointF(under.mapFromGlobal(middle)), QPointF(middle), QPoint(), QPoint(0, 120 if up else -120),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(under, turned)
        accepted, under = turned.isAccepted(), under.parentWidget()
    assert bar.value() != before
    work.train.job.show_status(None)


def test_german_calls_a_slice_of_which_nothing_is_known_not_empty(german: None) -> None:
    assert say("Unlabelled") == "Ungezeichnet"
    assert "ungezeichnet" in say("Unlabelled slices are left out.").lower()
    assert say("26 slices, from Pretraining 1 · 7 min 40 s") == "26 Schichten, ab Vorlernen 1 · 7 min 40 s"
    assert say("Synthetic volumes (phantoms): the numbers say nothing about patients.").startswith("Synthetische")
    assert say("phantom_05  (trained on)") in {"phantom_05  (gelernt)", "phantom_05  (trained on)"}
