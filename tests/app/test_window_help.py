"""Commands by words, settings, keys, the printed sheet, the tour and German: by the keyboard, in a real window."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import PySide6
import pytest
from own_process import printed_by
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit, QWidget

from slicelab.app import keys, preferences
from slicelab.app.canvas.difference import least_difference
from slicelab.app.canvas.tools import Tool
from slicelab.app.commands.table import ACTIONS
from slicelab.app.help_sheet import KeySheet
from slicelab.app.palette import Palette, found
from slicelab.app.preferences import Preferences, from_stored
from slicelab.app.settings_dialog import SettingsDialog
from slicelab.app.synonyms import SYNONYMS
from slicelab.core.labels import CLASS_COLOURS, MAX_CLASSES, class_colour
from slicelab.core.resources import resource

TEXTS = {"a": ("Remove case", "takes it out"), "b": ("Next case", ""), "c": ("Case done", "Every drafted slice")}
ENTER = Qt.Key.Key_Return


def test_commands_are_found_by_any_words_and_names_come_first() -> None:
    assert found("", TEXTS) == ["a", "b", "c"]
    assert found("CASE", TEXTS) == ["c", "a", "b"]
    assert found("rem ca", TEXTS) == ["a"]
    assert found("slice case", TEXTS) == ["c"]
    assert found("nothing", TEXTS) == []


def test_settings_that_make_no_sense_are_the_usual_ones() -> None:
    assert from_stored({}) == Preferences()
    odd = {
        "theme": 7,
        "scale": 3,
        "language": "xx",
        "reader": None,
        "device": "tpu",
        "toured": "yes",
        "keys": {"a": 4, "b": ["X"]},
    }
    assert from_stored(odd) == Preferences(reader="None", keys={"b": ("X",)})


def test_no_two_commands_have_one_key_as_delivered() -> None:
    given = [key.casefold() for spec in ACTIONS for key in spec.keys]
    assert len(given) == len(set(given))


def test_a_key_given_to_one_command_is_taken_from_the_other_and_only_changes_are_kept() -> None:
    usual = keys.keys_in_use({})
    assert keys.owner("ctrl+b", usual) == "case.flag"
    changed = keys.give("Ctrl+B", "case.done", usual)
    assert changed["case.flag"] == ()
    assert keys.owner("Ctrl+B", changed) == "case.done"
    assert keys.chosen(changed) == {"case.done": ("Ctrl+B",), "case.flag": ()}
    assert keys.keys_in_use(keys.chosen(changed)) == changed
    assert keys.chosen(usual) == {}


def test_german_is_compiled_as_it_is_written_and_knows_every_command(tmp_path: Path) -> None:
    """The compiled file is part of the repository; Qt's own compiler makes it from the text beside it."""
    source = resource("translations") / "slicelab_de.ts"
    known = {one.findtext("source"): one.findtext("translation") for one in ElementTree.parse(source).iter("message")}
    wanted = {said for spec in ACTIONS for said in (spec.text, spec.tip, spec.menu) if said}
    assert wanted <= set(known)
    assert all(known.values())
    compiler = Path(PySide6.__file__).parent / ("lrelease.exe" if os.name == "nt" else "lrelease")
    made = tmp_path / "made.qm"
    subprocess.run([compiler, source, "-qm", made], check=True, capture_output=True, timeout=60)
    assert made.read_bytes() == (resource("translations") / "slicelab_de.qm").read_bytes()


def test_twelve_classes_have_colours_of_their_own_for_every_colour_vision() -> None:
    """The usual, and full red, green and blue blindness as simulated by Machado et al. 2009; CIE76."""
    assert CLASS_COLOURS[:7] == ("#D55E00", "#56B4E9", "#F0E442", "#CC79A7", "#0072B2", "#009E73", "#E69F00")
    colours = [class_colour(value) for value in range(1, 13)]
    for value, colour in enumerate(colours):
        nearest = min(least_difference(colour, earlier) for earlier in [*colours[:value], "#000000"])
        assert nearest > (16 if value < 7 else 23), colour


def test_a_class_after_the_twelfth_is_a_clear_shade_and_unlike_its_neighbours() -> None:
    colours = [class_colour(value) for value in range(1, MAX_CLASSES + 1)]
    assert len(set(colours)) == 2 * len(CLASS_COLOURS)
    assert all(least_difference(colour, colours[at]) > 20 for at, colour in enumerate(colours[12:24]))
    assert all(least_difference(*pair) > 14 for pair in pairwise(colours))
    assert all(least_difference(colour, "#000000") > 30 for colour in colours)


@pytest.mark.window
def test_a_command_is_found_and_done_by_keys_alone(person: Person) -> None:
    person.open_case("phantom_02")
    here = person.canvas.slice

    def type_words(palette: Palette) -> None:
        assert palette.search.hasFocus()
        QTest.keyClicks(palette.search, "ten slices")
        assert [palette.list.item(row).text() for row in range(palette.list.count())] == [
            "Ten slices up",
            "Ten slices down",
        ]
        QTest.keyClick(palette.search, Qt.Key.Key_Down)
        QTest.keyClick(palette.search, ENTER)

    person.answer(Palette, type_words)
    person.key(Qt.Key.Key_K, ctrl=True)
    person.until(lambda: person.canvas.slice == max(here - 10, 0), what="ten slices down")

    def impossible(palette: Palette) -> None:
        QTest.keyClicks(palette.search, "accept case")
        assert "Not possible" in palette._tip.text()
        QTest.keyClick(palette.search, ENTER)
        assert palette.isVisible()
        QTest.keyClick(palette.search, Qt.Key.Key_Escape)

    person.answer(Palette, impossible)
    person.key(Qt.Key.Key_K, ctrl=True)
    person.until(lambda: person.app.activeModalWidget() is None, what="the palette gone")


@pytest.mark.window
def test_a_key_is_changed_with_a_warning_and_kept_for_the_next_start(person: Person) -> None:
    before = person.window.preferences
    person.open_case("phantom_02")

    def change(dialog: SettingsDialog) -> None:
        dialog.tabs.setCurrentIndex(1)
        rows = {dialog.table.item(row, 0).text(): row for row in range(dialog.table.rowCount())}
        dialog.table.setFocus()
        dialog.table.setCurrentCell(rows["Slice done"], 0)
        dialog.field.setFocus()
        QTest.keyClick(dialog.field, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        assert "Flag case" in dialog.conflict
        dialog.take.setFocus()
        QTest.keyClick(dialog.take, Qt.Key.Key_Space)
        assert dialog.conflict == ""
        assert dialog.table.item(rows["Flag case"], 1).text() == ""
        assert dialog.table.item(rows["Slice done"], 1).text() == "Ctrl+B"
        dialog.reader.setText("")
        QTest.keyClicks(dialog.reader, "AB")
        QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)

    try:
        person.answer(SettingsDialog, change)
        person.key(Qt.Key.Key_Comma, ctrl=True)
        person.until(lambda: preferences.load().reader == "AB", what="the settings kept")
        assert preferences.load().keys == {"slice.done": ("Ctrl+B",), "case.flag": ()}
        person.until(lambda: person.rows("SELECT name FROM readers") == [("AB",)], what="the reader's name on disk")
        person.key(Qt.Key.Key_B, ctrl=True)
        person.until(lambda: "verified empty" in person.ticks, what="the slice done by its new key")
        assert person.rows("SELECT max(flagged) FROM cases") == [(0,)]
    finally:
        person.window._prefer(replace(before, keys={}, reader=""))


@pytest.mark.window
def test_jobs_of_the_window_compute_where_the_settings_say_and_a_card_that_is_not_there_is_grey(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = person.window.preferences
    monkeypatch.setattr("slicelab.app.settings_dialog.graphics_card", lambda: None)
    seen: list[bool] = []

    def change(dialog: SettingsDialog) -> None:
        item = dialog.device.model().item(dialog.device.findData("graphics"))
        person.until(lambda: "has none" in item.toolTip(), what="the graphics card looked for")
        seen.append(item.isEnabled())
        dialog.device.setFocus()
        QTest.keyClick(dialog.device, Qt.Key.Key_End)
        assert dialog.device.currentText() == "Processor"
        dialog.grab().save(os.environ.get("SLICELAB_PICTURE", os.devnull), "png")
        QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)

    try:
        person.answer(SettingsDialog, change)
        person.key(Qt.Key.Key_Comma, ctrl=True)
        person.until(lambda: preferences.load().device == "processor", what="the settings kept")
        assert seen == [False]
        assert person.window.jobs is not None
        assert person.window.jobs.device == "cpu"
    finally:
        person.window._prefer(before)
    assert person.window.jobs.device == "auto"


@pytest.mark.window
@pytest.mark.parametrize("ending", ["pdf", "html"])
def test_the_sheet_of_keys_is_saved_to_print(person: Person, tmp_path: Path, ending: str) -> None:
    def save(dialog: QFileDialog) -> None:
        dialog.setDirectory(str(tmp_path))
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setCompleter(None)
        field.selectAll()
        QTest.keyClicks(field, f"sheet.{ending}")
        button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    person.key(Qt.Key.Key_F1)
    person.until(lambda: isinstance(person.app.activeModalWidget(), KeySheet), what="the sheet")
    sheet = person.app.activeModalWidget()
    person.answer(QFileDialog, save)
    sheet._save()
    sheet.close()
    made = (tmp_path / f"sheet.{ending}").read_bytes()
    if ending == "pdf":
        assert made.startswith(b"%PDF")
        assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1
        assert b"/FontFile" in made
    else:
        words = made.decode()
        assert all(said in words for said in ("Ctrl+K", "All commands", "Peek without masks"))


@pytest.mark.window
def test_the_tour_is_shown_once_and_can_be_left_at_any_time(person: Person) -> None:
    window = person.window
    window._prefer(replace(window.preferences, toured=False))
    window.show_tour_once()
    person.open_case("phantom_02")
    person.until(lambda: window.tour is not None, what="the tour")
    tour = window.tour
    titles = [tour._title.text()]
    QTest.keyClick(tour.next, Qt.Key.Key_Space)
    titles.append(tour._title.text())
    assert titles == ["Your cases", "Every slice has a state"]
    assert tour._hole().contains(window.work.ledger.mapTo(window, window.work.ledger.rect().center()))
    slice_before = person.canvas.slice
    QTest.keyClick(tour, Qt.Key.Key_Up)
    assert person.canvas.slice == slice_before
    QTest.keyClick(tour, Qt.Key.Key_Escape)
    person.until(lambda: window.tour is None, what="the tour over")
    assert preferences.load().toured
    person.open_case("phantom_01")
    person.pause(0.2)
    assert window.tour is None
    window.show_tour_once()
    person.open_case("phantom_03")
    person.pause(0.2)
    assert window.tour is None


@pytest.mark.window
def test_every_control_in_sight_is_reached_by_tab_and_has_a_name(person: Person) -> None:
    from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QListView, QPlainTextEdit, QSlider

    from slicelab.app.workspace import TABS

    kinds = (QAbstractButton, QComboBox, QLineEdit, QListView, QPlainTextEdit, QSlider, QAbstractSpinBox)
    person.open_case("phantom_01")
    seen = 0
    for tab in TABS:
        person.window.work.show_tab(tab)
        person.pause(0.1)
        for control in person.window.work.findChildren(QWidget):
            inner = isinstance(control.parent(), (QAbstractSpinBox, QComboBox, QLineEdit)) or control is person.canvas
            if (
                not isinstance(control, kinds)
                or inner
                or not control.isVisible()
                or person.canvas.isAncestorOf(control)
            ):
                continue
            seen += 1
            said = f"{type(control).__name__} {control.accessibleName()!r} {getattr(control, 'text', str)()!r} in {tab}"
            group = control.group() if isinstance(control, QAbstractButton) else None
            # Of buttons that exclude each other Tab reaches the checked one, and the arrow keys the rest.
            if control.isEnabled() and (group is None or not group.exclusive() or control.isChecked()):
                assert control.focusPolicy() & Qt.FocusPolicy.TabFocus, said
            assert control.accessibleName() or getattr(control, "text", str)() or control.toolTip(), said
    assert seen > 80


@pytest.mark.window
def test_tab_reaches_the_tool_in_use_however_it_was_chosen(person: Person) -> None:
    person.open_case("phantom_01")
    tools = person.window.work.label._tools
    person.key(Qt.Key.Key_1)
    tools[Tool.POLYGON].setFocus()  # as after a click: Qt lets Tab reach that one now, and no other
    for key, tool in ((Qt.Key.Key_2, Tool.PAINT), (Qt.Key.Key_1, Tool.ERASE)):
        person.key(key)
        person.until(lambda tool=tool: tools[tool].isChecked(), what="the tool")
        reached = [one for one, made in tools.items() if made.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert reached == [tool]
    tools[Tool.POLYGON].setFocus()  # as by a click that let the button go beside it
    person.window.work.cases.search.setFocus()
    assert [one for one, made in tools.items() if made.focusPolicy() & Qt.FocusPolicy.TabFocus] == [tool]
    person.window.setFocus()
    person.key(Qt.Key.Key_1)


@pytest.mark.window
def test_the_tab_key_walks_from_the_search_through_the_whole_data_tab(person: Person) -> None:
    person.open_case("phantom_01")
    person.window.work.show_tab("data")
    person.window.work.cases.search.setFocus()
    met = []
    for _ in range(120):
        QTest.keyClick(person.app.focusWidget(), Qt.Key.Key_Tab)
        met.append(person.app.focusWidget())
    data = person.window.work.data
    assert {data.flag, data.notes, person.window.work.cases.view, person.window.work.classes.view} <= set(met)
    assert {"Export measures …", "Disk and removed items …"} <= {getattr(one, "text", str)() for one in met}


_GERMAN = """
import sys
from pathlib import Path
from dataclasses import replace
from itertools import pairwise
from PySide6.QtWidgets import QLabel, QPushButton
from slicelab.app import preferences
from slicelab.app.application import application, make_window
app = application()
preferences.save(preferences.Preferences(language="de", scale=150, theme="light"))
window = make_window(None)
window.show()
app.processEvents()
print("|".join(action.text() for action in window.menuBar().actions()))
print("|".join(window.work.tabs.tabText(at) for at in range(5)))
print("|".join(sorted(one.text() for one in window.start.findChildren(QPushButton) if one.text())))
print(window.theme.px(13), window.theme.name, app.font().pixelSize())
window.close()
"""


@pytest.mark.window
def test_a_window_set_to_german_large_and_light_starts_so(tmp_path: Path) -> None:
    printed = printed_by(_GERMAN, tmp_path)
    menus, tabs, buttons, size = printed.splitlines()
    assert menus == "Projekt|Bearbeiten|Ausbessern|Ansicht|Fall|Lernen|Hilfe"
    assert tabs == "Daten|Vorlernen|Zeichnen|Lernen|Prüfen"
    assert "Dateien wählen|Ordner wählen" in buttons
    pixels, name, font = size.split()
    assert name == "light"
    assert int(pixels) == int(font) >= 18


@pytest.mark.parametrize(
    ("typed", "action"),
    [("rubber", "tool.erase"), ("finetune", "job.train"), ("delete organ", "class.remove"), ("segment", "job.predict"),
     ("save masks", "project.export_labels"), ("zoom", "view.fit"), ("shortcuts", "help.keys")],
)  # fmt: skip
def test_the_palette_finds_an_action_by_other_words_for_it(person: Person, typed: str, action: str) -> None:
    palette = Palette(person.window.theme, person.window.actions_, person.window)
    assert action in found(typed, palette._texts)
    assert SYNONYMS.keys() <= {spec.id for spec in ACTIONS}
