"""A bar that says what happened, what is safe, and what to do; it never blocks."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QEvent, QObject, QRect, Signal
from PySide6.QtWidgets import QFrame, QWidget

from slicelab.app.language import tr
from slicelab.app.widgets import button, column, on_its_own, row, set_tone, text
from slicelab.core.defects import outline
from slicelab.core.errors import SlicelabError

if TYPE_CHECKING:
    from collections.abc import Callable

_log = logging.getLogger(__name__)
_INSET = 8  # logical pixels
ONE_CASE = "one case"
"""The topic of what was done with one case: over the picture of another it would hide whose picture that is."""


@dataclass(frozen=True)
class Offer:
    """What a message offers to do, by a button beside it."""

    words: str
    call: Callable[[], object]


@dataclass(frozen=True)
class Message:
    """Words for the person.

    ``topic`` is what it is known by when it is to be withdrawn; one that ``stays`` comes back when another one that
    took its place is closed.
    """

    title: str
    safe: str = ""
    remedy: str = ""
    tone: Literal["warn", "error", "ok"] = "warn"
    offer: Offer | None = None
    topic: str = ""
    stays: bool = False


def message_of(error: BaseException) -> Message:
    """An error in words. What slicelab did not foresee is logged, and said plainly."""
    if isinstance(error, SlicelabError):
        return Message(error.message, error.safe, error.remedy)
    _log.error("Unforeseen %s", outline(error))
    return Message(
        f"Something went wrong inside slicelab ({type(error).__name__}).",
        "Everything you painted is saved.",
        "Try again; if it happens again, report it with the log.",
        "error",
    )


class NoticeBar(QFrame):
    """Shows one message at a time, until it is closed or another comes.

    It lies over the upper edge of the widget it is given, whose content stays where it is.
    """

    placed = Signal()
    """It is there, somewhere else, or gone."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        on_its_own(self)
        self._over = over
        over.installEventFilter(self)
        self.setProperty("role", "notice")
        self._title = text("", "title", wrap=True)
        self._rest = text("", "secondary", wrap=True)
        self._message = Message("")
        self._later: Message | None = None
        self.offered = button("")
        self.offered.clicked.connect(self._take_offer)
        close = button("Close", tip="Close this message")
        close.clicked.connect(self.dismiss)
        box = row(column(self._title, self._rest, gap=2), self.offered, close, margins=(12, 8, 12, 8))
        box.setStretch(0, 1)
        self.setLayout(box)
        self.hide()

    def say(self, message: Message) -> None:
        """Show a message."""
        if self._message.stays and not self.isHidden() and not message.stays:
            self._later = self._message
        self._message = message
        self.offered.setVisible(message.offer is not None)
        if message.offer is not None:
            self.offered.setText(tr(message.offer.words))
            self.offered.setAccessibleName(tr(message.offer.words))
        self._title.setText(message.title)
        rest = " ".join(part for part in (message.safe, message.remedy) if part)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        set_tone(self, message.tone)
        self.show()
        self.raise_()
        self._place()

    def dismiss(self) -> None:
        """Take the message down; one that stays and was covered by it comes back."""
        later, self._later = self._later, None
        self.hide()
        self.placed.emit()
        if later is not None:
            self.say(later)

    def forget(self) -> None:
        """Take everything down: it concerned another project."""
        self._later = None
        self.hide()
        self.placed.emit()

    def eventFilter(self, _over: QObject, event: QEvent) -> bool:
        """What it lies over has another size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        inside = self.layout()
        if inside is not None and not self.isHidden():
            wide = max(self._over.width() - 2 * _INSET, self.minimumSizeHint().width())
            self.setGeometry(QRect(_INSET, _INSET, wide, inside.totalHeightForWidth(wide)))
            self.placed.emit()

    def withdraw(self, topic: str) -> None:
        """Take a message down that is no longer true, be it covered by another; the other one stays."""
        if topic and self._later is not None and self._later.topic == topic:
            self._later = None
        if topic and self._message.topic == topic:
            self.dismiss()

    def _take_offer(self) -> None:
        offer = self._message.offer
        self.dismiss()
        if offer is not None:
            offer.call()

    @property
    def words(self) -> str:
        """What is said, for tests and screen readers."""
        return f"{self._title.text()} {self._rest.text()}".strip() if self.isVisible() else ""
