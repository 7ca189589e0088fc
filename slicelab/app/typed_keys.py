"""While one types, keys are letters, not commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

_FIELDS = (QLineEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_COMBO_KEYS = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
)


class TypedKeys(QObject):
    """Gives keys to the field that has them, before they become commands."""

    def __init__(self, app: QApplication, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._app = app
        app.focusChanged.connect(self._on_focus)

    def close(self) -> None:
        """Watch no field that is entered from now on."""
        self._app.focusChanged.disconnect(self._on_focus)

    def _on_focus(self, left: QWidget | None, entered: QWidget | None) -> None:
        """Watch the keys of fields only while they have them: a filter on everything would see every event there is."""
        if isinstance(left, _FIELDS):
            left.removeEventFilter(self)
        if isinstance(entered, _FIELDS):
            entered.installEventFilter(self)

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        """Claim a key that is typed; in a list of choices only those that move in it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
            if not held and (not isinstance(field, QComboBox) or event.key() in _COMBO_KEYS):
                event.accept()
        return False
