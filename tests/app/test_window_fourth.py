"""What a fourth trial stumbled over: words and keys left in English, edges, lists and messages of the window."""

from __future__ import annotations

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from slicelab.app.actions import ActionSet
from slicelab.app.language import say
from slicelab.app.legend import OnSlice, legend
from slicelab.app.new_project import NewProjectDialog
from slicelab.app.panels.method_box import METHODS
from slicelab.app.shown_mask import ShownMask
from slicelab.app.theme import THEMES, Theme
from slicelab.app.view_bar import ViewBar
from slicelab.app.window import MainWindow
from slicelab.engine.importing import ImportReport, Refused

pytestmark = pytest.mark.window


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("dark", THEMES["dark"], 13)


@pytest.mark.usefixtures("german")
def test_dice_before_correction_is_said_in_german() -> None:
    assert say("Model 1: 0.21 assisted on 7 slices") == "Modell 1: 0,21 geführt auf 7 Schichten"
    assert say("Model 2: 0.80 blind on 1 slice") == "Modell 2: 0,80 blind auf 1 Schicht"
    assert (
        say("Model 2: 0.80 blind on 2 slices, 0.91 assisted on 1 slice")
        == "Modell 2: 0,80 blind auf 2 Schichten, 0,91 geführt auf 1 Schicht"
    )
    assert (
        say("11,358 voxels corrected of 11,871.")
        == "11\N{NARROW NO-BREAK SPACE}358 Voxel von 11\N{NARROW NO-BREAK SPACE}871 korrigiert."
    )


@pytest.mark.usefixtures("german")
def test_the_case_of_the_noun_follows_the_preposition() -> None:
    assert say("Dice 0.19 on 4 cases it never learned from") == "Dice 0,19 an 4 Fällen, aus denen es nie gelernt hat"
    assert say("Dice 0.19 on 1 case it never learned from") == "Dice 0,19 an 1 Fall, aus dem es nie gelernt hat"


@pytest.mark.usefixtures("german")
def test_a_pretraining_to_start_from_names_its_method_in_german() -> None:
    for _, name, _ in METHODS:
        said = say(f"Pretraining 1: {name.lower()}, 124 slices")
        assert say(name) in said
        assert said.startswith("Vorlernen 1: ")
        assert said.endswith(", 124 Schichten")


def test_undo_and_redo_name_the_keys_a_person_has_chosen(theme: Theme, qapp: QApplication) -> None:
    window = QWidget()
    actions = ActionSet(window, theme, {"edit.undo": ("F2",), "edit.redo": ()})
    bar = ViewBar(theme, actions, window)
    bar.show_undo("brush, slice 3", "fill, slice 4")
    assert bar._undo.toolTip() == "Undo brush, slice 3  [F2]"
    assert bar._redo.toolTip() == "Redo fill, slice 4"
    window.deleteLater()
    qapp.processEvents()


def test_a_slice_on_which_the_model_found_nothing_is_named_as_that() -> None:
    found = ShownMask(
        np.zeros((1, 2, 2), np.uint8), "Prediction of Model 1", "Model 1", "r1", frozenset(), True, frozenset({1})
    )
    here = OnSlice({}, (1,), None, blind=False, unsure=False, empty=True)
    assert legend(found, "both", here) == ("Prediction of Model 1: nothing on this slice", "Model 1: nothing here")


def test_the_name_of_a_new_project_is_replaced_by_what_is_typed(first_window: MainWindow) -> None:
    dialog = NewProjectDialog(first_window.theme, first_window)
    assert dialog.name.selectedText() == "My project"
    dialog.deleteLater()


def test_boxes_to_tick_in_the_list_of_cases_keep_their_upper_and_lower_edge(person: Person) -> None:
    box = person.window.work.pretrain.leave_out
    person.tab("pretrain")
    if not box.list.isVisible():  # the window is that of other tests too
        person.press("Leave out for testing")
    person.until(box.list.isVisible, what="the list")
    person.pause(0.3)
    place = box.list.visualItemRect(box.list.item(0))
    picture = box.list.viewport().grab(place).toImage()
    field, behind = (picture.pixelColor(at, picture.height() // 2) for at in (12, picture.width() - 4))
    column = [picture.pixelColor(12, y) for y in range(picture.height())]
    edges = [y for y, colour in enumerate(column) if colour not in (field, behind)]
    person.press("Leave out for testing")
    assert edges, "an edge above and below the field"
    assert edges[0] < picture.height() // 2 < edges[-1]


def test_files_refused_for_the_same_reason_share_a_line(person: Person) -> None:
    why = ("The file is not there.", "Check the path.")
    refused = (*(Refused(name, *why) for name in ("one", "two", "three")), Refused("four", "It is damaged.", ""))
    data = person.window.work.data
    data.show_report(ImportReport(refused=refused))
    assert data._refused.text().splitlines() == [
        "Not added:",
        "one, two, three: The file is not there. Check the path.",
        "four: It is damaged.",
    ]
    data.show_report(ImportReport())


def test_why_a_job_was_not_begun_is_taken_down_once_slices_are_done(person: Person) -> None:
    person.open_case("phantom_02")
    person.window.actions_["job.crossvalidate"].trigger()
    person.until(lambda: "cross-validation needs 3" in person.notice, what="the reason")
    person.canvas.set_slice(2)
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.ticks[2] == "verified empty", what="the slice done")
    person.until(lambda: not person.notice, what="no message")
