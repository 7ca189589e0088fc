"""The bar above the picture: undo, named under the mouse, window presets, what is drawn.

What it has room for depends on its width, its words and its font alone: nothing moves when something can be undone or
was predicted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QMenu, QToolButton, QWidget

from slicelab.app.actions import with_key
from slicelab.app.icons import icon
from slicelab.app.language import say
from slicelab.app.spoken import Button, Choice
from slicelab.app.widgets import Segmented, flat_button, row, text
from slicelab.app.window_presets import TIPS

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from PySide6.QtGui import QResizeEvent

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme

_GAP, _MARGIN, _SPACES = 6, 12, (16, 8)
_Fold = tuple[tuple[QWidget, ...], tuple[QWidget, ...]]
"""Parts side by side, and what stands there in their place where they have no room; the most wanted ones first."""
_BUTTONS = ("view.window", "view.neurological", "view.solid", "view.smooth", "view.tiles", "view.fit")
_SPARED = ("view.solid", "view.smooth", "view.fit")
_DRAWN = (
    ("labels", "Labels", "Your masks"),
    ("prediction", "Prediction", "The model's masks, dashed"),
    ("both", "Overlay", "Your masks, and the model's dashed over them"),
    (
        "difference",
        "Difference",
        "What the model missed of the selected class (hatched) and has too much (filled), on slices you have labelled",
    ),
    ("uncertainty", "Uncertainty", "Where the model was unsure: the brighter, the more even its classes (entropy)"),
)
_WINDOW_TIP = "Intensities shown as black and white (window and level). Right drag changes them."


class ViewBar(QFrame):
    """Announces presets and what should be drawn."""

    preset_chosen = Signal(str)
    drawn_chosen = Signal(str)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewbar")
        self.setFixedHeight(theme.px(44))
        self._undo = Button(say("Undo"))
        self._undo.setProperty("role", "flat")
        self._undo.setIcon(icon(theme, "undo", "text1"))
        self._undo.clicked.connect(actions["edit.undo"].trigger)
        self._redo = flat_button(theme, "redo", "Redo")
        self._redo.clicked.connect(actions["edit.redo"].trigger)
        self.presets = Segmented(
            [
                *((name, name, said) for name, said in TIPS.items()),
            ]
        )
        self.presets.chosen.connect(self._choose_preset)
        self._preset_box = Choice()  # the same choice where there is no room for all of it
        self._preset_box.setAccessibleName("Window")
        for name, said in TIPS.items():
            self._preset_box.add(name, name)
            self._preset_box.set_tip(self._preset_box.count() - 1, said)
        self._preset_box.activated.connect(lambda at: self._choose_preset(str(self._preset_box.itemData(at))))
        self._preset_box.hide()
        self.drawn = Segmented(_DRAWN)
        self.drawn.choose("both")
        self.drawn.chosen.connect(self._choose_drawn)
        self._drawn_box = Choice()  # likewise
        self._drawn_box.setAccessibleName(say("What is drawn"))
        for key, said, tip in _DRAWN:
            self._drawn_box.add(said, key)
            self._drawn_box.set_tip(self._drawn_box.count() - 1, tip)
        self._drawn_box.activated.connect(lambda at: self._choose_drawn(str(self._drawn_box.itemData(at))))
        self._drawn_box.hide()
        self._actions = actions
        buttons = [self._plain(theme, name) for name in _BUTTONS]
        self._window_word = text("Window", "secondary", tip=_WINDOW_TIP)
        spared = tuple(
            b for name, b in zip(_BUTTONS, buttons, strict=True) if name in _SPARED
        )  # also in the View menu, and on a key
        self.more = flat_button(theme, "dots-horizontal", "What the bar has no room for")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        hidden = QMenu(self.more)
        for name in _SPARED:
            hidden.addAction(actions[name])
        self.more.setMenu(hidden)
        self.more.hide()
        self._always = (self._undo, self._redo, *(one for one in buttons if one not in spared))
        self._folds: tuple[_Fold, ...] = (
            (spared, (self.more,)),
            ((self.drawn,), (self._drawn_box,)),
            ((self._window_word,), ()),
            ((self.presets,), (self._preset_box,)),
        )
        self.setLayout(
            row(
                self._undo,
                self._redo,
                _SPACES[0],
                self.drawn,
                self._drawn_box,
                None,
                self._window_word,
                self.presets,
                self._preset_box,
                _SPACES[1],
                *buttons,
                self.more,
                margins=(_MARGIN, 4, _MARGIN, 4),
                gap=_GAP,
            )
        )
        self.show_undo(None, None)
        self.show_prediction(False, "labels")

    def show_undo(self, undo: str | None, redo: str | None) -> None:
        """Name what undo and redo would do."""
        said = say(f"Undo {undo}" if undo else "Undo")
        self._undo.setAccessibleName(said)
        self._undo.setEnabled(undo is not None)
        self._undo.setToolTip(with_key(said, self._actions["edit.undo"]) if undo else "Nothing to undo in this case")
        self._redo.setEnabled(redo is not None)
        again = say(f"Redo {redo}" if redo else "Redo")
        self._redo.setToolTip(with_key(again, self._actions["edit.redo"]) if redo else "Nothing to redo")
        self._actions["edit.undo"].setText(said)
        self._actions["edit.redo"].setText(again)

    def show_prediction(self, there: bool, drawn: str) -> None:
        """Whether there is a prediction to draw, and what is drawn now."""
        for key in ("prediction", "both", "difference", "uncertainty"):
            self.drawn.allow(key, there)
        self._drawn_box.setEnabled(there)
        self._show_drawn(drawn)

    def offer_presets(self, names: Container[str]) -> None:
        """Which presets the image that is seen has."""
        for at, name in enumerate(TIPS):
            self.presets.allow(name, name in names)
            self._preset_box.allow(at, name in names)

    def show_preset(self, name: str) -> None:
        """Show which preset the picture has."""
        self.presets.choose(name)
        self._preset_box.setCurrentIndex(self._preset_box.findData(name))
        self._preset_box.setToolTip("\n".join((TIPS.get(name, ""), _WINDOW_TIP)).strip())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold what there is no room for."""
        super().resizeEvent(event)
        self._fit()

    def _choose_drawn(self, key: str) -> None:
        self._show_drawn(key)
        self.drawn_chosen.emit(key)

    def _show_drawn(self, key: str) -> None:
        self.drawn.choose(key)
        self._drawn_box.setCurrentIndex(self._drawn_box.findData(key))

    def _choose_preset(self, name: str) -> None:
        self.show_preset(name)
        self.preset_chosen.emit(name)

    def _fit(self) -> None:
        """Words are never cut: each part that folds stands there whole where that leaves room for those before it."""
        shown = [folded for _, folded in self._folds]
        for at, (whole, _) in enumerate(self._folds):
            wider = [*shown[:at], whole, *shown[at + 1 :]]
            if self._needed(wider) <= self.width():
                shown = wider
        there = {part for parts in shown for part in parts}
        for part in (part for fold in self._folds for parts in fold for part in parts):
            part.setVisible(part in there)

    def _needed(self, folding: Sequence[tuple[QWidget, ...]]) -> int:
        """Pixels that the bar needs with these of the parts that fold, each with the longest words it can have."""
        parts = [*self._always, *(part for parts in folding for part in parts)]
        return sum(part.sizeHint().width() for part in parts) + _GAP * (len(parts) - 1) + sum(_SPACES) + 2 * _MARGIN

    def _plain(self, theme: Theme, name: str) -> QToolButton:
        action = self._actions[name]
        made = QToolButton()
        made.setProperty("role", "flat")
        made.setIcon(action.icon())
        made.setIconSize(QSize(theme.px(18), theme.px(18)))
        made.setToolTip(f"{action.text()}: {action.toolTip()}")  # there is no word beside it
        made.setAccessibleName(action.text())
        made.clicked.connect(action.trigger)
        if action.isCheckable():
            made.setCheckable(True)
            action.toggled.connect(made.setChecked)
        return made
