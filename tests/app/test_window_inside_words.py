"""The look inside, the map and the suggestions speak German where the window does, and every sentence is known."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from slicelab.app import language
from slicelab.app.actions import ActionSet
from slicelab.app.panels.first_box import FirstBox
from slicelab.app.panels.look_box import LookBox
from slicelab.app.panels.map_box import MapBox
from slicelab.app.panels.map_plot import said_of
from slicelab.app.panels.next_box import NextBox
from slicelab.app.theme import THEMES, Theme
from slicelab.core.next_slices import NOTHING_LABELLED, TEMPLATES, TYPICAL, NextSlice, Why
from slicelab.data.look import Look
from slicelab.engine.advising import CaseAdvice, SliceMap, Spot
from slicelab.engine.suggesting import SuggestedCase, SuggestedSlice, Suggestion

pytestmark = pytest.mark.window


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("dark", THEMES["dark"], qapp.font().pixelSize() if qapp.font().pixelSize() > 0 else 13)


def case(number: int, *, unusual: bool = False, stands_for: int = 3) -> SuggestedCase:
    return SuggestedCase(f"c{number}", f"Fall {number}", stands_for, 9, 0.5, 0.7, (SuggestedSlice(4, 10, 90),), unusual)


@pytest.mark.usefixtures("german")
def test_a_look_is_said_in_german(theme: Theme) -> None:
    box = LookBox(theme)
    grey = np.zeros((8, 8), np.uint8)
    box.show_look(Look(1200, "blocks", "c1", 3, {"original": grey, "corrupted": grey, "restored": grey}), "A")
    assert box.words.startswith(
        "A, Schicht 4 · nach Schritt 1\N{NARROW NO-BREAK SPACE}200 Wie sie ist Was das Netz bekam Was es daraus macht"
    )
    assert "Umgebung" in box.words
    box.show_look(Look(7, "global", "c1", 0, {"original": grey, "first": grey, "second": grey}), "A")
    assert "dieselbe Schicht" in box.words


@pytest.mark.usefixtures("german")
def test_the_cases_to_label_first_are_said_in_german() -> None:
    box = FirstBox()
    box.show_suggestion(Suggestion("r1", (case(1), case(2, unusual=True), case(3, stands_for=1)), 0, 0.4))
    names = [one.accessibleName() for one in box.findChildren(QPushButton)]
    assert names[0] == "1  Fall 1: Steht für 3 von 9 Fällen · mit Schicht 5 beginnen"
    assert "Ungewöhnlich" in names[1]
    assert "Steht nur für sich" in names[2]


@pytest.mark.usefixtures("german")
@pytest.mark.parametrize("why", list(Why))
def test_each_reason_is_said_in_german(why: Why) -> None:
    box = NextBox()
    facts = {"times": "2.0", "dice": "0.40", "count": "5", "of": "9", "mm": "30"}
    box.show_advice(CaseAdvice("c1", (NextSlice(6, why, TEMPLATES[why], facts),), (1, 4)))
    said = [label.text() for label in box.findChildren(QLabel)]
    assert any(word in " ".join(said) for word in ("unsicher", "einig", "ähnelt", "ungezeichneten"))
    assert {one.text() for one in box.findChildren(QPushButton)} == {"Schicht 7", "2", "5"}
    assert language.tr(NOTHING_LABELLED).startswith("die Mitte des Falls")
    assert language.tr(TYPICAL).startswith("ähnelt den anderen")


@pytest.mark.usefixtures("german")
def test_the_map_is_said_in_german_and_offers_itself_anew_for_a_newer_network(qapp: QApplication, theme: Theme) -> None:
    from PySide6.QtWidgets import QWidget

    host = QWidget()
    box = MapBox(theme, ActionSet(host, theme, {}))
    spot = Spot("c1", "A", "p1", 2, 0.2, 0.4, 0.6)
    make = next(one for one in box.findChildren(QPushButton) if one.text() == "Landkarte der Schichten erstellen")
    assert not make.isHidden()
    for latest in (True, False):
        box.show_map(SliceMap("r1", latest, (spot,)))
        assert make.isHidden() == latest
    assert said_of(spot) == "A, Schicht 3"
    box.show_pointed(None)
    assert box.words.startswith("Jeder Punkt ist eine Schicht")
    assert box.after.text() == "Nach jedem Vorlernen von selbst erstellen"
