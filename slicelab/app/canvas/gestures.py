"""Mouse and keys on a picture, turned into what the person means. Painting itself passes through to napari."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPointingDevice, QWheelEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_WHEEL_STEP = 120  # eighths of a degree, one notch
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_OUTLINE_KEYS = {
    Qt.Key.Key_Return: "closed",
    Qt.Key.Key_Enter: "closed",
    Qt.Key.Key_Escape: "given_up",
    Qt.Key.Key_Backspace: "stepped_back",
}
_KNOWS = 2
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta)


class Gestures(QObject):
    """Watches a canvas's native widget.

    wheel: slices; Ctrl + wheel: zoom; middle drag or Space + left drag: pan; right drag: window and level;
    double click: maximise; Tab held: peek; a pen's other end: erase. While an outline is drawn, left button and Enter,
    Escape, Backspace belong to it. Everything else reaches napari, except keys: those go to the window. A pen comes as
    a mouse, which Qt makes of it since nothing here takes its own events.
    """

    scrolled = Signal(int)
    zoomed = Signal(float, QPointF)
    panned = Signal(QPointF)
    windowed = Signal(QPointF)
    hovered = Signal(QPointF)
    pressed = Signal(QPointF)
    settling = Signal()
    left = Signal()
    maximised = Signal()
    painted_twice = Signal()
    peeked = Signal(bool)
    grabbing = Signal(bool)
    cornered = Signal(QPointF)
    drawn = Signal(QPointF)
    led = Signal(QPointF)
    lifted = Signal(QPointF)
    closed = Signal()
    given_up = Signal()
    stepped_back = Signal()
    turned = Signal(bool)
    closed_already = Signal()

    def __init__(self, native: QWidget) -> None:
        super().__init__(native)
        self._native = native
        self._drag: SignalInstance | None = None
        self._last = QPointF()
        self._space = self._turned = False
        self._notches = 0.0
        self.painting = False
        self.outlining = False
        self.outline_open = False
        self._closed_itself = self._told = False
        self._insisted = 0
        native.setMouseTracking(True)
        native.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        native.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Qt's hook: True where napari must not see the event."""
        if (self._closed_itself or self._told) and _does_something(event):
            self._closed_itself = self._told = False
        if isinstance(event, QWheelEvent):
            return self._wheel(event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            return self._claim(event)
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            return self._key(event)
        if isinstance(event, QMouseEvent):
            return self._mouse(event)
        if event.type() == QEvent.Type.Leave:
            self.left.emit()
        elif event.type() == QEvent.Type.FocusOut:
            self._release_holds()
        return False

    def _wheel(self, event: QWheelEvent) -> bool:
        degrees = event.angleDelta().y()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoomed.emit(1.0015**degrees, event.position())
            return True
        self._notches += degrees / _WHEEL_STEP
        whole = int(self._notches)
        if whole:
            self._notches -= whole
            self.scrolled.emit(whole)
        return True

    @property
    def closed_itself(self) -> bool:
        """Whether the next Enter may be meant for an outline that has closed itself.

        Not for somebody who twice pressed it again when told so: their Enter means that the slice is done.
        """
        return self._closed_itself and self._insisted < _KNOWS

    @closed_itself.setter
    def closed_itself(self, just: bool) -> None:
        self._closed_itself = just

    def _claim(self, event: QKeyEvent) -> bool:
        """While an outline is open its keys are no commands: Enter closes it and does not mark the slice done.

        Nor does the Enter that comes by habit after an outline that has closed itself.
        """
        if (self.closed_itself or (self._told and event.isAutoRepeat())) and _is_enter(event):
            event.accept()  # held down, it is still the same Enter
            return True
        if self._told and _is_enter(event):
            self._insisted += 1
            self._told = False
        if self.outline_open and event.key() in _OUTLINE_KEYS and not event.modifiers() & ~_KEYPAD:
            event.accept()
            return True
        return False

    def _key(self, event: QKeyEvent) -> bool:
        down = event.type() == QEvent.Type.KeyPress
        plain = not event.modifiers() & ~_KEYPAD
        if self._told and event.isAutoRepeat() and _is_enter(event):
            return True
        if down and self.closed_itself and _is_enter(event):
            self._closed_itself, self._told = False, True
            self.closed_already.emit()
            return True
        if self.outline_open and plain and event.key() in _OUTLINE_KEYS:
            if down:
                getattr(self, _OUTLINE_KEYS[Qt.Key(event.key())]).emit()
            return True
        if event.key() == Qt.Key.Key_Tab and (plain or not down):
            if not event.isAutoRepeat():
                self.peeked.emit(down)
            return True
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self._space = down
                self.grabbing.emit(down)
            return True
        event.ignore()  # on to the window, past napari's key map
        return True

    def _mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonDblClick:
            return self._double_click(event)
        if kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
            self.settling.emit()
        if kind == QEvent.Type.MouseButtonPress and event.pointerType() == QPointingDevice.PointerType.Eraser:
            self._turned = True
            self.turned.emit(True)
        elif kind == QEvent.Type.MouseButtonRelease and self._turned:
            self._turned = False
            QTimer.singleShot(0, lambda: self.turned.emit(False))  # once napari has finished the stroke
        if kind == QEvent.Type.MouseButtonPress:
            self.pressed.emit(event.position())
            self._last = event.position()
            self._drag = self._drag_of(event.button())
            if self._drag is None and self.outlining and event.button() == Qt.MouseButton.LeftButton:
                self.cornered.emit(event.position())
                return True
            return self._drag is not None
        if kind == QEvent.Type.MouseButtonRelease and self._drag is not None:
            self._drag = None
            return True
        if kind == QEvent.Type.MouseButtonRelease and self.outlining and event.button() == Qt.MouseButton.LeftButton:
            self.lifted.emit(event.position())
        if kind == QEvent.Type.MouseMove:
            if self._drag is not None:
                moved, self._last = event.position() - self._last, event.position()
                self._drag.emit(moved)
                return True
            self.hovered.emit(event.position())
            if self.outlining:
                held = event.buttons() & Qt.MouseButton.LeftButton
                (self.drawn if held else self.led).emit(event.position())
                return True
            return not event.buttons()  # napari has no use for a mouse that only moves
        return False

    def _double_click(self, event: QMouseEvent) -> bool:
        """Two quick dabs of the brush are two dabs: only without a brush does a double click maximise."""
        if self.outlining and event.button() == Qt.MouseButton.LeftButton:
            self.closed.emit()
        elif not self.painting and event.button() == Qt.MouseButton.LeftButton:
            self.maximised.emit()
        elif self.painting:
            if event.button() == Qt.MouseButton.LeftButton:
                self.painted_twice.emit()
            press = QMouseEvent(
                QEvent.Type.MouseButtonPress,
                event.position(),
                event.globalPosition(),
                event.button(),
                event.buttons(),
                event.modifiers(),
            )
            QCoreApplication.sendEvent(self._native, press)
        return True

    def _drag_of(self, button: Qt.MouseButton) -> SignalInstance | None:
        if button == Qt.MouseButton.MiddleButton or (button == Qt.MouseButton.LeftButton and self._space):
            return self.panned
        if button == Qt.MouseButton.RightButton:
            return self.windowed
        return None

    def _release_holds(self) -> None:
        """A key let go elsewhere would otherwise stay held for ever."""
        if self._space:
            self._space = False
            self.grabbing.emit(False)
        self.peeked.emit(False)


def _is_enter(event: QKeyEvent) -> bool:
    return event.key() in _ENTER and not event.modifiers() & ~_KEYPAD


def _does_something(event: QEvent) -> bool:
    """Whether a person did something else than press Enter; moving the mouse or holding a modifier is nothing yet."""
    if isinstance(event, QKeyEvent):
        return event.type() != QEvent.Type.KeyRelease and not _is_enter(event) and event.key() not in _MODIFIERS
    return event.type() in (QEvent.Type.MouseButtonPress, QEvent.Type.Wheel, QEvent.Type.FocusOut)
