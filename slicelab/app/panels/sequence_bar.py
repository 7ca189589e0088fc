"""The bar of a case that has several sequences: which is seen, from one across to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QSizePolicy, QSlider, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import action_button, row, text

if TYPE_CHECKING:
    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.sequences import SequenceItem

_ID = Qt.ItemDataRole.UserRole
_TIP = (
    "Left: the image that is labelled. Right: the further sequence alone. Between: one over the other (overlay). "
    "Labels, tools and learning always go by the labelled image."
)


class SequenceBar(QFrame):
    """Announces which sequence is wanted, and how much of it."""

    chosen = Signal(int)
    share_changed = Signal(float)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("viewbar")
        self.setFixedHeight(theme.px(40))
        self._first = text("Labelled image", "secondary", tip=_TIP)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setAccessibleName(tr("How much of the further sequence is seen"))
        self.slider.setToolTip(tr(_TIP))
        self.slider.setMinimumWidth(theme.px(90))
        self.slider.valueChanged.connect(lambda value: self.share_changed.emit(value / 100))
        self.names = QComboBox()
        self.names.setAccessibleName(tr("Further sequence"))
        self.names.setToolTip(tr("Which further sequence is seen. It is not labelled, and not learned from."))
        self.names.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.names.setMinimumWidth(theme.px(110))
        self.names.activated.connect(lambda at: self.chosen.emit(int(self.names.itemData(at, _ID))))
        self.names.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.names.addActions([actions["sequence.add"], actions["sequence.remove"]])
        self._percent = text("", "secondary")
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        flip = action_button(actions["sequence.flip"], words="Flip")
        layout = row(self._first, self.slider, self._percent, self.names, flip, margins=(16, 2, 12, 2), gap=10)
        layout.setStretch(1, 3)
        layout.setStretch(3, 2)
        self.setLayout(layout)
        self.show_sequences((), None)

    def show_sequences(self, items: tuple[SequenceItem, ...], current: int | None) -> None:
        """The open case's further sequences; the bar is in sight where there is one."""
        with QSignalBlocker(self.names):
            self.names.clear()
            for item in items:
                self.names.addItem(item.name, item.id)
                self.names.setItemData(self.names.count() - 1, item.id, _ID)
                self.names.setItemData(
                    self.names.count() - 1, "\n".join((item.name, *item.notes)), Qt.ItemDataRole.ToolTipRole
                )
            self.names.setCurrentIndex(next((at for at, item in enumerate(items) if item.id == current), -1))
        self.setVisible(bool(items))

    def show_share(self, share: float) -> None:
        """How much of the sequence is seen, without announcing it."""
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * share))
        self._percent.setText(f"{round(100 * share)} %")
