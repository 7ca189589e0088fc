"""The box of what waits and the label budget speak German where the window does."""

from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from slicelab.app.panels.budget_box import BudgetBox, BudgetPlot
from slicelab.app.panels.queue_box import QueueBox
from slicelab.app.theme import THEMES, Theme
from slicelab.core.budget import Budget, Gain, Point, Spent
from slicelab.engine.agenda import Wish

pytestmark = pytest.mark.window


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme("dark", THEMES["dark"], qapp.font().pixelSize() if qapp.font().pixelSize() > 0 else 13)


def budget(gain: Gain | None) -> Budget:
    points = tuple(
        Point(f"r{slices}", Spent(slices, 2.0 * slices), (dice,) * 5, ("a",) * 5)
        for slices, dice in ((5, 0.6), (10, 0.7), (20, 0.8))
    )
    return Budget("blind", points, gain)


@pytest.mark.usefixtures("german")
def test_what_waits_is_said_in_german() -> None:
    box = QueueBox()
    box.show_waiting((Wish(kind="finetune"), Wish(kind="predict")), running=True)
    assert [label.text() for label in box.findChildren(QLabel)] == ["Als Nächstes: Lernen", "Danach: Vorhersagen"]
    box.show_waiting((Wish(kind="finetune"),), running=False)
    assert "Wartet: Lernen" in [label.text() for label in box.findChildren(QLabel)]
    buttons = {one.text(): one for one in box.findChildren(QPushButton)}
    assert buttons.keys() == {"Abbrechen", "Jetzt beginnen"}
    assert "wartet" in buttons["Jetzt beginnen"].toolTip()
    assert "Lernen" in buttons["Abbrechen"].accessibleName()
    assert "Liste" in buttons["Abbrechen"].toolTip()


@pytest.mark.usefixtures("german")
def test_the_budget_is_said_in_german(theme: Theme) -> None:
    box = BudgetBox(theme)
    box.show_budget(budget(Gain(5, 0.03, 0.01, 0.05, 12.4)))
    assert "5 weitere Schichten: etwa +0,03 Dice (wahrscheinlich +0,01 bis +0,05), für" in box.words
    assert "für rund 12 min Zeichnen" in box.words
    assert "blind gezeichnet" in box.words
    assert box.words.endswith("Bisher: 40 min.")
    plot = box.findChild(BudgetPlot)
    assert plot.accessibleDescription().startswith("5 Schichten: Dice 0,60; 10 Schichten")
    assert "Schichten" in plot.accessibleName()
    box.show_budget(budget(None))
    assert box.words.startswith("Noch nicht genug Ein Gewinn wird nach")
    assert box.words.endswith("bisher: 3.")


def test_the_budget_is_said_in_english_where_no_language_is_installed(theme: Theme) -> None:
    box = BudgetBox(theme)
    box.show_budget(budget(Gain(5, 0.03, 0.01, 0.05, math.nan)))
    assert box.words.startswith("5 more slices: about +0.03 Dice (likely +0.01 to +0.05) From Dice before correction")
    assert box.words.endswith("So far: 40 min.")
