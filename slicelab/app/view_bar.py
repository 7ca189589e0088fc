"""The bar above the picture: undo by name, window presets, what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton, QWidget

from slicelab.app.icons import icon
from slicelab.app.widgets import Segmented, flat_button, row, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme

PRESETS = ("1–99 %", "0.5–99.5 %")


class ViewBar(QFrame):
    """Announces presets and what should be drawn."""

    preset_chosen = Signal(str)
    drawn_chosen = Signal(str)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewbar")
        self.setFixedHeight(theme.px(44))
        self._undo = QPushButton("Undo")
        self._undo.setProperty("role", "flat")
        self._undo.setIcon(icon(theme, "undo", "text1"))
        self._undo.clicked.connect(actions["edit.undo"].trigger)
        self._redo = flat_button(theme, "redo", "Redo")
        self._redo.clicked.connect(actions["edit.redo"].trigger)
        self.presets = Segmented(
            [(name, name, f"Black and white at the {name} percentiles of the volume's intensities") for name in PRESETS]
        )
        self.presets.chosen.connect(self.preset_chosen)
        self.drawn = Segmented(
            (
                ("labels", "Labels", "Your masks"),
                ("prediction", "Prediction", "The model's masks, dashed"),
                ("both", "Both", "Your masks, and the model's dashed"),
            )
        )
        self.drawn.choose("both")
        self.drawn.chosen.connect(self.drawn_chosen)
        self._actions = actions
        buttons = [self._plain(theme, name) for name in ("view.smooth", "view.tiles", "view.fit")]
        self.setLayout(
            row(
                self._undo,
                self._redo,
                16,
                self.drawn,
                None,
                text(
                    "Window",
                    "secondary",
                    tip="Intensities shown as black and white (window and level). Right drag changes them.",
                ),
                self.presets,
                8,
                *buttons,
                margins=(12, 4, 12, 4),
                gap=6,
            )
        )
        self.show_undo(None, None)
        self.show_prediction(False)

    def show_undo(self, undo: str | None, redo: str | None) -> None:
        """Name what undo and redo would do."""
        said = f"Undo {undo}" if undo else "Undo"
        self._undo.setText(said)
        # Style sheets keep the width of the first words; the name of what is undone must never be cut.
        self._undo.setMinimumWidth(self._undo.fontMetrics().horizontalAdvance(said) + 44)
        self._undo.setAccessibleName(said)
        self._undo.setEnabled(undo is not None)
        self._undo.setToolTip(f"{said}  [Ctrl+Z]")
        self._redo.setEnabled(redo is not None)
        self._redo.setToolTip(f"Redo {redo}  [Ctrl+Shift+Z]" if redo else "Nothing to redo")
        self._actions["edit.undo"].setText(said)
        self._actions["edit.redo"].setText(f"Redo {redo}" if redo else "Redo")

    def show_prediction(self, there: bool) -> None:
        """Whether there is a prediction to draw."""
        for key in ("prediction", "both"):
            self.drawn.allow(key, there)
        self.drawn.choose("both" if there else "labels")

    def _plain(self, theme: Theme, name: str) -> QToolButton:
        action = self._actions[name]
        made = QToolButton()
        made.setProperty("role", "flat")
        made.setIcon(action.icon())
        made.setIconSize(QSize(theme.px(18), theme.px(18)))
        made.setToolTip(action.toolTip())
        made.setAccessibleName(action.text())
        made.clicked.connect(action.trigger)
        return made
