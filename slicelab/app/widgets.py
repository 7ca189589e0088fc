"""Small building blocks of panels: labels by role, buttons, lines, choices. They know nothing of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSlider,
    QTableWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from slicelab.app.icons import icon, on_fill
from slicelab.app.language import tr
from slicelab.app.spoken import Button, IconButton, Label

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from PySide6.QtGui import QAction

    from slicelab.app.theme import Theme

_FILLED = ("primary", "big")
_NUMBER_IN = 7  # pixels


def text(words: str = "", role: str = "", *, wrap: bool = False, tip: str = "") -> QLabel:
    """A label; ``role`` is one of the style sheet's: title, statement, lead, secondary, caption, number."""
    label = Label(tr(words))
    label.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        label.setProperty("role", role)
    label.setWordWrap(wrap)
    if wrap:
        label.setMinimumWidth(40)
        label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    label.setToolTip(tip)
    return label


def set_tone(widget: QWidget, tone: str) -> None:
    """Colour a widget by meaning: ok, warn, error, or plain."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def button(words: str, role: str = "", tip: str = "") -> QPushButton:
    """A push button; ``role`` is primary, big, row, flat or none."""
    made = Button(tr(words))
    if role:
        made.setProperty("role", role)
    made.setToolTip(tr(tip))
    made.setAccessibleName(tr(words))
    return made


def action_button(action: QAction, role: str = "", words: str = "", *, follow_words: bool = False) -> QPushButton:
    """A button that does what an action does, and is enabled when it is; on request with its words and icon."""
    made = button(words or action.text(), role, action.toolTip())
    made.setIcon(on_fill(action.icon()) if role in _FILLED else action.icon())
    side = made.fontMetrics().height()  # grows with the text
    made.setIconSize(QSize(side, side))
    made.clicked.connect(action.trigger)

    def follow() -> None:
        made.setEnabled(action.isEnabled())
        made.setToolTip(action.toolTip())
        if follow_words:
            made.setText(action.text())
            made.setIcon(action.icon())
            made.setAccessibleName(action.text())

    follow()
    when_changed(action, made, follow)
    return made


def button_like(action: QAction, allowed: QAction, press: Callable[[], object]) -> QPushButton:
    """A button in an action's words that does something else, enabled when ``allowed`` is."""
    made = button(action.text(), tip=action.toolTip())
    made.setIcon(action.icon())
    made.clicked.connect(lambda _checked=False: press())

    def follow() -> None:
        made.setEnabled(allowed.isEnabled())

    follow()
    when_changed(allowed, made, follow)
    return made


def when_changed(action: QAction, made: QWidget, follow: Callable[[], None]) -> None:
    """Call ``follow`` whenever an action changes, as long as the widget is there, which the action may outlive."""

    def changed() -> None:
        if isValid(made):
            follow()

    action.changed.connect(changed)


def tool_button(theme: Theme, symbol: str, words: str, tip: str, *, size: int = 20) -> QToolButton:
    """A tool: icon above its word."""
    made = QToolButton()
    made.setProperty("role", "tool")
    made.setIcon(icon(theme, symbol, "text1"))
    made.setIconSize(QSize(theme.px(size), theme.px(size)))
    made.setText(tr(words))
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
    made.setToolTip(tr(tip))
    made.setAccessibleName(tr(words))
    made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    return made


def show_key(made: QToolButton, action: QAction) -> None:
    """The first key of a tool's command below its word, and in its tip; both follow when the key is changed."""
    words = made.text()

    def follow() -> None:
        key = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        made.setText(f"{words}\n{key}" if key else words)
        made.setToolTip(action.toolTip())

    follow()
    when_changed(action, made, follow)


def flat_button(theme: Theme, symbol: str, tip: str, *, size: int = 18) -> QToolButton:
    """An icon alone."""
    made = IconButton()
    made.setProperty("role", "flat")
    made.setIcon(icon(theme, symbol))
    made.setIconSize(QSize(theme.px(size), theme.px(size)))
    made.setToolTip(tr(tip))
    made.setAccessibleName(tr(tip))
    return made


def on_its_own(widget: QWidget) -> None:
    """Give a widget a window of the system's own inside ours, put together apart from the rest.

    Whatever lies over such a widget must be one, too: the system draws them above all others.
    """
    widget.setAttribute(Qt.WidgetAttribute.WA_DontCreateNativeAncestors)
    widget.setAttribute(Qt.WidgetAttribute.WA_NativeWindow)


def line() -> QFrame:
    """A divider."""
    made = QFrame()
    made.setProperty("role", "line")
    return made


def column(
    *parts: QWidget | QLayout | int | None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QVBoxLayout:
    """Things under one another; a number is a space, None stretches."""
    return _fill(QVBoxLayout(), parts, margins, gap)  # type: ignore[return-value]


def row(
    *parts: QWidget | QLayout | int | None, margins: tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = 8
) -> QHBoxLayout:
    """Things beside one another; a number is a space, None stretches."""
    return _fill(QHBoxLayout(), parts, margins, gap)  # type: ignore[return-value]


def _fill(
    box: QVBoxLayout | QHBoxLayout,
    parts: Sequence[QWidget | QLayout | int | None],
    margins: tuple[int, int, int, int],
    gap: int,
) -> QVBoxLayout | QHBoxLayout:
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    for part in parts:
        if part is None:
            box.addStretch(1)
        elif isinstance(part, int):
            box.addSpacing(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        else:
            box.addWidget(part)
    return box


def align_headings(table: QTableWidget, *right: int) -> None:
    """Put a table's headings over their words: left, but for columns of numbers, which stand on the right.

    A heading with a picture keeps to the middle: Qt would part the two.
    """
    edge, middle = Qt.AlignmentFlag, Qt.AlignmentFlag.AlignVCenter
    for place in range(table.columnCount()):
        head = table.horizontalHeaderItem(place)
        if head is not None and head.icon().isNull():
            head.setTextAlignment((edge.AlignRight if place in right else edge.AlignLeft) | middle)


class _Scrolled(QWidget):
    """What a panel scrolls: as high as its content is at its width.

    Of itself Qt would ask for the height that wrapped text has in the narrowest column, and leave that much room empty.
    """

    def minimumSizeHint(self) -> QSize:
        """The least width; the scroll area asks for the height that goes with the width there is."""
        hint, layout = super().minimumSizeHint(), self.layout()
        return QSize(hint.width(), 0) if layout is not None and layout.hasHeightForWidth() else hint


def scrolled(content: QLayout, name: str = "panel") -> QScrollArea:
    """A panel that scrolls downwards, never sideways."""
    inner = _Scrolled()
    inner.setObjectName(name)
    inner.setLayout(content)
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


class _Unturned(QObject):
    """Hands the wheel on to what scrolls: a value must not change because somebody scrolls past it."""

    def eventFilter(self, field: QObject, event: QEvent) -> bool:
        """Leave a turn of the wheel to the field's surroundings."""
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return False


def keep_from_wheel(root: QWidget) -> None:
    """Let no choice, number or slider below a widget change by the wheel."""
    unturned = _Unturned(root)
    for kind in (QComboBox, QAbstractSpinBox, QSlider):
        for field in root.findChildren(kind):
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            field.installEventFilter(unturned)


def set_numbers_in(root: QWidget) -> None:
    """Keep numbers off the frames of their fields, for every field below a widget: no style sheet reaches them."""
    for field in root.findChildren(QAbstractSpinBox):
        field.lineEdit().setTextMargins(_NUMBER_IN, 0, 0, 0)


class OneOfThem(QButtonGroup):
    """Buttons that exclude each other, of which Tab reaches the one that is checked.

    Also where it was not checked by hand: Qt looks after the button that has the focus alone.
    """

    def __init__(self, buttons: Iterable[QAbstractButton], parent: QWidget) -> None:
        super().__init__(parent)
        for button in buttons:
            self.addButton(button)
            button.installEventFilter(self)
        self.buttonToggled.connect(self._let_tab_reach)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Once the focus is elsewhere, Tab comes back to the choice that is made."""
        if event.type() == QEvent.Type.FocusOut:
            self._let_tab_reach()
        return False

    def _let_tab_reach(self) -> None:
        for button in self.buttons() if self.checkedButton() is not None else ():
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if button.isChecked() else Qt.FocusPolicy.ClickFocus)


def keeps_key(event: QEvent, keys: Collection[Qt.Key]) -> bool:
    """Whether an event asks to keep a key, pressed alone, from the window's commands; it is kept then.

    For ``event`` of a widget that has keys of its own while it has the focus.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    if plain and event.key() in keys:
        event.accept()
        return True
    return False


class Segmented(QWidget):
    """One choice of a few, side by side."""

    chosen = Signal(str)

    def __init__(self, choices: Sequence[tuple[str, str, str]], parent: QWidget | None = None) -> None:
        """Each choice is ``(key, words, tip)``."""
        super().__init__(parent)
        self._buttons: dict[str, QPushButton] = {}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for number, (key, words, tip) in enumerate(choices):
            made = QPushButton(tr(words))
            made.setCheckable(True)
            made.setToolTip(tr(tip))
            place = "first" if number == 0 else "last" if number == len(choices) - 1 else "middle"
            made.setProperty("segment", place)
            made.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(key))
            self._buttons[key] = made
            layout.addWidget(made, 1)
        self._group = OneOfThem(self._buttons.values(), self)

    def choose(self, key: str) -> None:
        """Show a choice as made, without announcing it."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)

    def allow(self, key: str, possible: bool) -> None:
        """Enable or disable one choice."""
        self._buttons[key].setEnabled(possible)
