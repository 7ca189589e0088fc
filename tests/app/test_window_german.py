"""The window speaks German all through: what stands in its code has a German sentence, and what it shows is that."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QScrollArea, QTableWidget

from slicelab.app import language, preferences
from slicelab.app.language import say
from slicelab.app.words import computed_on
from slicelab.app.workspace import TABS
from slicelab.core.resources import resource
from slicelab.engine.status import JobStatus
from slicelab.learn.device import NO_GPU, NOT_KEPT

SPOKEN = {
    "text", "button", "say", "tr", "Check", "setText", "Message", "Question", "button_for", "flat_button",
    "AlarmRaised", "JobCancelled", "JobFailed",
}  # fmt: skip
"""Calls whose words are shown."""
FAILING = re.compile(r"\w*(Error|_refuse|Refused|Refusal)$")
UNSPOKEN = ("ValueError", "KeyError", "TypeError", "DoesNotFitError")
"""Defects, and states that passed a checksum and are another training's all the same: no person can act on them."""
SHOWN = (
    "app/", "core/", "data/atomic", "data/grids", "data/pool", "data/readers", "data/store", "data/writers",
    "engine/agenda", "engine/correcting", "engine/drawing", "engine/exporting", "engine/runner", "engine/sequences",
    "engine/upkeep", "learn/", "worker/",
)  # fmt: skip
"""Where the words stand that a window shows; the rest is said by commands."""
TYPED = re.compile(r"--\w|`")
"""A word for the command line: no window shows it."""
NO_WORDS = (
    "slicelab {}",
    "migration leaves {} rows without their parent",
    "the store is being read from its own thread",
)
GAP = re.compile(r"\{\w*\}")


def sentences() -> dict[str, str]:
    """Every source of the translation to its German, gaps without their names."""
    found = ElementTree.parse(resource("translations") / "slicelab_de.ts")
    return {
        GAP.sub("{}", one.findtext("source") or ""): one.findtext("translation") or "" for one in found.iter("message")
    }


def said_in(call: ast.Call) -> Iterator[str]:
    """The words among a call's arguments, gaps without names; both of an either-or."""
    for argument in (*call.args, *(word.value for word in call.keywords)):
        branches = [argument]
        while branches:
            node = branches.pop()
            if isinstance(node, ast.IfExp):
                branches += [node.body, node.orelse]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr):
                yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def test_every_sentence_the_window_shows_has_its_german(root: Path) -> None:
    known, missing = sentences(), []
    for file in sorted((root / "slicelab").rglob("*.py")):
        place = file.relative_to(root / "slicelab").as_posix()
        if not place.startswith(SHOWN):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
            if not (name in SPOKEN or FAILING.fullmatch(name)) or name in UNSPOKEN:
                continue
            for words in said_in(node):
                whole = GAP.sub("{}", words)
                told = whole.strip()
                plain = re.sub(r"\{\}|\W|\d", "", told)
                if TYPED.search(words) or told in NO_WORDS:
                    continue
                if len(plain) > 3 and " " in told and told not in known and whole not in known:
                    missing.append(f"{place}:{node.lineno}: {words}")
    assert missing == []


def test_german_sentences_have_the_gaps_of_the_english_ones() -> None:
    found = ElementTree.parse(resource("translations") / "slicelab_de.ts")
    for one in found.iter("message"):
        source, german = one.findtext("source") or "", one.findtext("translation") or ""
        assert set(GAP.findall(german)) == set(GAP.findall(source)), source


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """German, for what is said and for windows that are made; afterwards as before."""
    before = preferences.load()
    preferences.save(replace(before, language="de"))
    language.install(qapp, "de")
    yield
    preferences.save(before)
    language.install(qapp, "en")


@pytest.mark.window
@pytest.mark.usefixtures("german")
def test_sentences_with_names_and_numbers_are_said_as_a_whole_and_piece_by_piece() -> None:
    assert say("Slice 12 of 40") == "Schicht 12 von 40"
    assert say("Learns from 1,204 slices you marked done, in 3 cases").startswith(
        "Lernt aus 1\N{NARROW NO-BREAK SPACE}204 Schichten, die Sie"
    )
    assert say("Undo grow liver, slices 3-7") == "Rückgängig: liver vergrößern, Schichten 3-7"
    assert say("The class liver was removed.") == "Die Klasse liver wurde entfernt."
    assert (
        say("Nothing was changed. Choose the class at the left.")
        == "Nichts wurde geändert. Wählen Sie die Klasse links."
    )
    assert say("phantom_01 to phantom_02") == "phantom_01 to phantom_02", "two names are no sentence"
    assert say("The class is strange. And so on.") == "The class is strange. And so on."


@pytest.mark.window
@pytest.mark.usefixtures("german")
def test_of_several_lines_each_is_said_as_a_whole_though_it_has_several_sentences() -> None:
    """As the alarms of a job, which stand one below the other."""
    seen = (
        "The pretraining saw images, without labels, of 1 of 2 validation patients. Their Dice may be better than that "
        "of new patients. For a figure that holds for new patients, pretrain with the validation cases left out."
    )
    stuck = (
        "The pretraining is not learning to tell images apart: its loss stays where an untrained network is. Stop it, "
        "and try a lower learning rate, more cases, or another method."
    )
    assert say(seen).startswith("Das Vorlernen sah Bilder, ohne Masken, von 1 von 2 Validierungspatienten. Ihr Dice")
    assert say(f"{seen}\n{stuck}\n{seen}") == "\n".join((say(seen), say(stuck), say(seen)))
    assert say(stuck).startswith("Das Vorlernen lernt nicht")


UNSOUND = (
    "The training stopped at step 34: its loss was not a number, or far too high, for the third time, although the "
    "learning rate was lowered each time."
)
LOOK = "Look for damaged images among the cases, leave them out and start a new run"
NO_ROOM = "has too little free memory for this job"
IN_TROUBLE = [
    f"{UNSOUND} What it had learnt by step 20 is kept. {LOOK}, or let this one go on at the lower rate. "
    "Continue from step 20.",
    f"{UNSOUND} {LOOK}. Start it again.",
    f"The computer {NO_ROOM}, even for 2 slices at once. Close other programs. Start it again.",
    f"The computer {NO_ROOM}. Close other programs. Continue from step 3.",
    f"The GPU {NO_ROOM}, even for 1 slice at once. Train on the CPU, which is slower, or close other programs that use "
    "the GPU. Continue from step 3.",
    f"The GPU {NO_ROOM}. Train on the CPU, which is slower, or close other programs that use the GPU. Start it again.",
    "The job's process was ended from outside, perhaps for lack of memory. Start it again.",
    "The job's process ended unexpectedly (exit code 139). Start it again.",
    "The job cannot go on from step 4: its checkpoint cannot be used, because it is damaged. Start it again as a new "
    "run.",
    "The training goes on, but could not be saved to be continued later. The disk is full. Free some space and try "
    "again.",
    "Memory ran out. The job goes on with 4 slices at once, half as many as before; results differ a little.",
    "Step 8 did not count: its loss was not a number. The training went back to step 5 and learns more slowly from "
    "there (1/4 of the usual rate).",
    "This run began on CPU, 2 threads, float32, and goes on with CPU, 1 threads, float32. Its losses differ in the "
    "last digits from those of an uninterrupted run.",
    "This run began with PyTorch 2.13.0, now it is 2.14.1. Its losses differ in the last digits from those of an "
    "uninterrupted run.",
    "Stopped by the user. Continue from step 3.",
    "The window that started it is gone. Continue from step 3.",
    "Ended by the user before it could save. Start it again.",
]


@pytest.mark.window
@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("words", IN_TROUBLE)
def test_what_a_job_says_in_trouble_is_german_throughout(words: str) -> None:
    """As the job's card shows it: what happened, what to do, and how it goes on, in one paragraph."""
    assert not re.search(r"\b(the|its|it|for|and|is|of|that|this)\b", say(words), re.IGNORECASE), say(words)


@pytest.mark.window
@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("why", [NO_GPU, NOT_KEPT, "bfloat16 is no faster here"])
def test_why_a_device_was_taken_is_said_in_german(why: str) -> None:
    said = say(computed_on(JobStatus("r0001", device="CPU, 2 threads, float32", device_why=why)))
    assert said.startswith("CPU, 2 Threads, float32: ")
    assert why not in said


def test_in_english_words_are_said_as_they_are() -> None:
    assert say("Slice 12 of 40") == "Slice 12 of 40"


@pytest.mark.window
@pytest.mark.usefixtures("german")
def test_a_german_window_shows_no_english_sentence_while_a_slice_is_painted_and_finished(
    open_window: Callable[[Path], Person], project: Path
) -> None:
    """Looked for in everything that is in sight: a sentence whose German is known must not be shown in English."""
    person = open_window(project)
    english = {words for words, other in sentences().items() if other != words and "{" not in words}
    seen: set[str] = set()

    def look() -> None:
        for widget in person.window.findChildren(QLabel) + person.window.findChildren(QAbstractButton):
            seen.update(line for line in (widget.text(), widget.toolTip()) if line)
        for choice in person.window.findChildren(QComboBox):
            seen.update(choice.itemText(at) for at in range(choice.count()))
        for table in person.window.findChildren(QTableWidget):
            heads = [table.horizontalHeaderItem(at) for at in range(table.columnCount())]
            seen.update(one.text() for one in heads if one is not None)
        seen.update(
            action.text() for action in person.window.actions_.findChildren(type(person.window.actions_["app.quit"]))
        )

    person.open_case("phantom_02")
    at = person.canvas.slice
    look()
    person.stroke((20, 20), (20, 40))
    person.until(lambda: person.edits("phantom_02") == ["brush"], what="painted")
    undo = person.button("Rückgängig")
    person.until(lambda: undo.accessibleName() == f"Rückgängig: Pinsel, Schicht {at + 1}", what="named")
    look()
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.states_on_disk("phantom_02", at) == {"done"}, what="done")
    person.until(lambda: f"Schicht {at + 1}: Fertig" in {one.text() for one in person.window.findChildren(QLabel)})
    person.key(Qt.Key.Key_K)
    person.stroke((20, 20), (20, 40))
    person.until(
        lambda: (
            person.notice == "liver ist gesperrt: Kein Werkzeug ändert sie. Öffnen Sie ihr Schloss in der "
            "Liste der Klassen, oder K."
        ),
        what="said in German",
    )
    look()
    person.window.resize(1280, 800)
    for name in TABS:
        person.window.work.show_tab(name)
        person.pause(0.1)
        area = getattr(person.window.work, name).findChild(QScrollArea)
        assert area.widget().minimumSizeHint().width() <= area.viewport().width(), f"{name} is cut off"
    person.key(Qt.Key.Key_K)
    person.until(lambda: "Gespeichert" in person.window.work.strip.saved_text, what="saved")
    assert seen & english == set()
    assert len(seen) > 200
