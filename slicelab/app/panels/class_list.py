"""The classes: colour, name, visible; which one is painted. And how masks look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QLabel, QListWidget, QListWidgetItem, QSizePolicy, QSlider, QWidget

from slicelab.app.canvas.tools import MaskLook, MaskStyle
from slicelab.app.icons import icon
from slicelab.app.language import say
from slicelab.app.numbers import written
from slicelab.app.widgets import Segmented, action_button, column, flat_button, line, row, text
from slicelab.app.words import volume

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction

    from slicelab.app.theme import Theme
    from slicelab.core.labels import LabelClass

_VOLUME_TIP = "Volume of what is painted of the class in this case, in mL"
_PART_TIP = "Volume of what is painted so far, in mL: slices of this case are not done yet"
_VALUE = Qt.ItemDataRole.UserRole
_ROW, _ROWS_KEPT = 36, 2
"""Height of a class in design pixels, and how many are in sight wherever there is little room."""
_FRAME = 2
"""Above and below the list together, pixels."""


def swatch(colour: str, side: int) -> QIcon:
    """A small square of a class's colour."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(colour))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(1, 1, side - 2, side - 2, 3, 3)
    painter.end()
    return QIcon(picture)


class _ClassRow(QWidget):
    """Swatch, name, an eye and a lock."""

    eye = Signal()
    lock = Signal()

    def __init__(self, theme: Theme, item: LabelClass) -> None:
        super().__init__()
        self._theme = theme
        self._name = item.name
        mark = QLabel()
        mark.setPixmap(swatch(item.colour, theme.px(14)).pixmap(theme.px(14), theme.px(14)))
        self._eye = flat_button(theme, "eye-outline", f"Show or hide {item.name}", size=16)
        self._eye.clicked.connect(self.eye)
        self._lock = flat_button(theme, "lock-open-variant-outline", "", size=16)
        self._lock.clicked.connect(self.lock)
        name = text(item.name, "title", tip=f"{item.name}: value {item.value} in mask files")
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._volume = text("", "caption", tip=_VOLUME_TIP)
        layout = row(mark, name, self._volume, self._eye, self._lock, margins=(16, 0, 8, 0), gap=6)
        layout.setStretch(1, 1)
        self.setLayout(layout)
        self.show_locked(False)

    def show_volume(self, ml: float | None) -> None:
        """How much of the case the class fills, mL."""
        self._volume.setText(written(volume(ml)))

    def show_visible(self, visible: bool) -> None:
        """Open or closed eye."""
        self._eye.setIcon(
            icon(self._theme, "eye-outline" if visible else "eye-off-outline", "text2" if visible else "text3")
        )

    def show_locked(self, locked: bool) -> None:
        """A closed or open lock."""
        name = "lock" if locked else "lock-open-variant-outline"
        self._lock.setIcon(icon(self._theme, name, "warn" if locked else "text3"))
        does = f"{self._name} is locked: no tool changes it. Click to open the lock."
        self._lock.setToolTip(does if locked else f"Lock {self._name}: no tool will change it")
        self._lock.setAccessibleName(f"Unlock {self._name}" if locked else f"Lock {self._name}")


class ClassList(QWidget):
    """Announces the class to paint, which are locked, and how masks should look."""

    class_chosen = Signal(int)
    locks_changed = Signal(object)
    look_changed = Signal(object)
    listed = Signal()

    def __init__(self, theme: Theme, add: QAction, further: Sequence[QAction], parent: QWidget | None = None) -> None:
        """``add`` gets a button, ``further`` stand in the menu of the list."""
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = theme
        self._look = MaskLook()
        self._locked: frozenset[int] = frozenset()
        self._rows: dict[int, _ClassRow] = {}
        self.view = QListWidget()
        self.view.setAccessibleName(say("Classes"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.currentItemChanged.connect(self._on_current)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.addActions([add, *further])
        self._add = action_button(add, words="Add a class")
        self._add.setProperty("role", "flat")
        self._style = Segmented(
            (
                ("fill", "Fill", "Masks as colour"),
                ("contour", "Contour", "Masks as outlines"),
                ("both", "Both", "Colour and outline"),
            )
        )
        self._style.chosen.connect(lambda key: self._change(style=MaskStyle(key)))
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(0, 100)
        self._opacity.setAccessibleName(say("Opacity of masks"))
        self._opacity.valueChanged.connect(lambda value: self._change(opacity=value))
        self._percent = text("", "secondary")
        self._heading = text("volume", "secondary", tip=_VOLUME_TIP)
        head = row(text("Classes", "title"), None, self._heading, margins=(16, 8, 76, 0))
        mask_head = row(text("Mask", "title"), None, text("Hold Tab to peek", "secondary"), margins=(16, 0, 16, 0))
        slider = row(text("Opacity", "secondary"), self._opacity, self._percent, margins=(16, 0, 16, 8))
        self.setLayout(
            column(
                head,
                self.view,
                row(self._add, None, margins=(10, 0, 16, 0)),
                line(),
                4,
                mask_head,
                row(self._style, margins=(16, 0, 16, 0)),
                slider,
                gap=6,
            )
        )
        self.show_look(self._look)

    def show_classes(self, classes: tuple[LabelClass, ...], *, anew: bool = False) -> None:
        """List the project's classes; the one that was chosen stays so, or else (and of another project) the first."""
        chosen = None if anew else self.current
        self.view.clear()
        self._rows.clear()
        for item in classes:
            entry = QListWidgetItem()
            entry.setData(_VALUE, item.value)
            entry.setData(Qt.ItemDataRole.AccessibleTextRole, item.name)
            entry.setSizeHint(QSize(100, self._theme.px(_ROW)))
            made = _ClassRow(self._theme, item)
            made.eye.connect(lambda value=item.value: self._toggle(value))
            made.lock.connect(lambda value=item.value: self.toggle_lock(value))
            self.view.addItem(entry)
            self.view.setItemWidget(entry, made)
            self._rows[item.value] = made
        self.view.setMinimumHeight(self._theme.px(_ROW) * min(len(classes), _ROWS_KEPT) + _FRAME)
        values = [item.value for item in classes]
        self.view.setCurrentRow(values.index(chosen) if chosen in values else 0)
        self.listed.emit()

    def height_for(self, classes: int) -> int:
        """Pixels the panel needs for so many classes in sight at once, with what stands above and below them."""
        around = self.sizeHint().height() - self.view.sizeHint().expandedTo(self.view.minimumSize()).height()
        return around + self._theme.px(_ROW) * classes + _FRAME

    @property
    def current(self) -> int | None:
        """Value of the selected class."""
        item = self.view.currentItem()
        return None if item is None else int(item.data(_VALUE))

    def choose(self, value: int) -> None:
        """Select a class (picked in the picture)."""
        for at in range(self.view.count()):
            if self.view.item(at).data(_VALUE) == value:
                self.view.setCurrentRow(at)

    def show_look(self, look: MaskLook) -> None:
        """Show how masks look, without announcing it."""
        self._look = look
        self._style.choose(look.style.value)
        self._opacity.blockSignals(True)
        self._opacity.setValue(look.opacity)
        self._opacity.blockSignals(False)
        self._percent.setText(f"{look.opacity} %")
        for value, made in self._rows.items():
            made.show_visible(value not in look.hidden)

    def show_locked(self, locked: frozenset[int]) -> None:
        """Show which classes are locked, without announcing it."""
        self._locked = locked
        for value, made in self._rows.items():
            made.show_locked(value in locked)

    def show_volumes(self, ml: dict[int, float], *, whole: bool = True) -> None:
        """How much of the open case each class fills, mL; nothing of a class that is not named.

        ``whole`` where every slice of the case is done: otherwise it is not the organ's volume, and said to be a part.
        """
        self._heading.setText("volume" if whole else "volume so far")
        self._heading.setToolTip(say(_VOLUME_TIP if whole else _PART_TIP))
        for value, made in self._rows.items():
            made.show_volume(ml.get(value))

    def toggle_lock(self, value: int) -> None:
        """Lock a class, or open its lock."""
        self.show_locked(self._locked ^ {value})
        self.locks_changed.emit(self._locked)

    def _toggle(self, value: int) -> None:
        self._change(hidden=self._look.hidden ^ {value})

    def _change(self, **changes: object) -> None:
        from dataclasses import replace

        self.show_look(replace(self._look, **changes))  # type: ignore[arg-type]
        self.look_changed.emit(self._look)

    def _on_current(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None:
            self.class_chosen.emit(int(item.data(_VALUE)))
