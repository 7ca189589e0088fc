"""The slice ledger: one tick per slice, its state by shape and colour; a click goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from slicelab.app.language import say
from slicelab.app.panels.ledger_layout import LedgerLayout, TickState

if TYPE_CHECKING:
    from PySide6.QtGui import QFontMetrics, QMouseEvent, QPaintEvent

    from slicelab.app.theme import Theme

_TICK_TOP = 40
_TICK_HEIGHT = 22
_MARGIN = 44
_DICE_SAID, _DICE_TOP, _DICE_HEIGHT = 85, 100, 30
"""The words above the row of bars, and the row, in design pixels."""
_LEAST_HEAD = 96
"""Room that the name of the case keeps beside the legend, in design pixels."""
_NO_DICE = "Dice of each done slice stands here once a model that did not learn from this case has predicted it"
_NO_DICE_SHORT = "Dice of each done slice: none yet"
_HEIGHT = _DICE_TOP + _DICE_HEIGHT + 10
"""With room for the row of bars also where there is none: the picture above must not jump when it comes."""


def no_dice(metrics: QFontMetrics, room: float) -> str:
    """Why there is no Dice, in as many words as there is room for, in pixels."""
    return say(_NO_DICE if metrics.horizontalAdvance(say(_NO_DICE)) <= room else _NO_DICE_SHORT)


class Ledger(QWidget):
    """Shows the states of the open case's slices."""

    slice_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._ticks: tuple[TickState, ...] = ()
        self._current = 0
        self._title = ""
        self._ends = ("I", "S")
        self._suggested: frozenset[int] = frozenset()
        self._hands: dict[int, str] = {}
        self._dice: dict[int, float] | None = None
        self._dice_of, self._dice_colour = "", ""
        self.legend_shown = False
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say("Slices of the open case"))

    def sizeHint(self) -> QSize:
        """As high as its rows."""
        return QSize(480, self._theme.px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        """Ticks shrink; rows do not."""
        return QSize(240, self._theme.px(_HEIGHT))

    def show_case(self, title: str, ends: tuple[str, str]) -> None:
        """The case's name, and the letters at its first and last slice."""
        self._title, self._ends = title, ends
        self._hands = {}  # whoever labelled the case before may not have touched this one
        self.update()

    def set_ticks(self, ticks: tuple[TickState, ...]) -> None:
        """States, slice by slice."""
        if ticks != self._ticks:
            self._ticks = ticks
            done = sum(tick in (TickState.DONE, TickState.EMPTY) for tick in ticks)
            self.setAccessibleDescription(f"{done} of {len(ticks)} slices done")
            self.update()

    def set_current(self, index: int) -> None:
        """The slice shown."""
        if index != self._current:
            self._current = index
            self.update()

    def show_suggested(self, slices: frozenset[int]) -> None:
        """Mark slices that are suggested to be labelled next."""
        if slices != self._suggested:
            self._suggested = slices
            self.update()

    def show_hands(self, hands: dict[int, str]) -> None:
        """Say who labelled which slice (from 0), under the mouse."""
        self._hands = hands

    def show_dice(self, dice: dict[int, float] | None, name: str = "", colour: str = "") -> None:
        """Dice of a model's mask along the slices, for one class.

        Args:
            dice: slice (from 0) to 2D Dice; slices where it is not defined, or not measured, are missing; None: no row.
            name: of the class.
            colour: of the class.

        """
        if (dice, name, colour) == (self._dice, self._dice_of, self._dice_colour):
            return
        self._dice, self._dice_of, self._dice_colour = dice, name, colour
        self.update()

    @property
    def dice(self) -> dict[int, float]:
        """Dice shown, by slice."""
        return dict(self._dice or {})

    @property
    def dice_said(self) -> str:
        """What is said of the slice shown, above the bars; "" where nothing was measured on it."""
        if self._current not in (self._dice or {}):
            return ""
        return say(f"{self._dice_of}, slice {self._current + 1}: Dice {self.dice[self._current]:.2f}")

    def tip(self, index: int) -> str:
        """What is said of a slice (from 0) under the mouse."""
        said = [say(f"Slice {index + 1}: {self._ticks[index].value}")]
        if index in self._hands:
            said.append(self._hands[index])
        if index in self._suggested:
            said.append(say("suggested to be labelled next (the reason stands in Label)"))
        if index in (self._dice or {}):
            said.append(say(f"{self._dice_of}: Dice {self.dice[index]:.2f} of the model in use"))
        return ", ".join(said)

    @property
    def ticks(self) -> tuple[TickState, ...]:
        """What is shown."""
        return self._ticks

    def tick_position(self, index: int) -> QPointF:
        """Middle of a slice's tick, in this widget's pixels."""
        return QPointF(self._layout.centre(index), self._theme.px(_TICK_TOP + _TICK_HEIGHT / 2))

    @property
    def _layout(self) -> LedgerLayout:
        margin = self._theme.px(_MARGIN)
        return LedgerLayout(len(self._ticks), margin, max(self.width() - 2 * margin, 1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to the slice under the mouse."""
        index = self._layout.at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self.slice_chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Scrub while the button is held; say what is under the mouse otherwise."""
        index = self._layout.at(event.position().x())
        if index is None:
            QToolTip.hideText()
        elif event.buttons() & Qt.MouseButton.LeftButton:
            self.slice_chosen.emit(index)
        else:
            QToolTip.showText(event.globalPosition().toPoint(), self.tip(index), self)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Title and legend, ticks, numbers, and the frame around the current slice."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.colour("panel"))
        self._draw_head(painter)
        if not self._ticks:
            return
        layout = self._layout
        self._draw_ends(painter, layout)
        for index, tick in enumerate(self._ticks):
            self._draw_tick(painter, self._tick_box(layout.centre(index), layout.tick_width), tick, layout.glyphs)
        self._draw_suggested(painter, layout)
        self._draw_numbers(painter, layout)
        self._draw_frame(painter, layout)
        self._draw_dice(painter, layout)

    def _tick_box(self, centre: float, width: float) -> QRectF:
        px = self._theme.px
        return QRectF(centre - width / 2, px(_TICK_TOP), width, px(_TICK_HEIGHT))

    def _draw_head(self, painter: QPainter) -> None:
        theme, px = self._theme, self._theme.px
        top, tall = px(8), px(18)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.colour("text1"))
        if not self._ticks:
            painter.drawText(
                QRectF(px(16), top, self.width(), tall), Qt.AlignmentFlag.AlignVCenter, say("No case is open")
            )
            return
        strong = painter.fontMetrics()
        painter.setFont(theme.font(12))
        done = sum(tick in (TickState.DONE, TickState.EMPTY) for tick in self._ticks)
        summary = say(f"{done} of {len(self._ticks)} done")
        metrics = painter.fontMetrics()
        right = self.width() - px(16) - metrics.horizontalAdvance(summary)
        painter.setPen(theme.colour("text2"))
        painter.drawText(QRectF(right, top, self.width(), tall), Qt.AlignmentFlag.AlignVCenter, summary)
        named = [tick for tick in TickState if tick is not TickState.PARTLY or tick in self._ticks]
        widths = [px(20) + metrics.horizontalAdvance(say(tick.value.capitalize())) + px(14) for tick in named]
        place = right - px(16) - sum(widths)
        room = place - px(16) - px(24)
        self.legend_shown = room >= px(_LEAST_HEAD)
        if not self.legend_shown:
            room = right - px(16) - px(24)  # no room for a legend: the tooltip of each tick says the same
        room = min(room, int(self.width() * 0.45))
        head = strong.elidedText(say(f"Slices of {self._title}"), Qt.TextElideMode.ElideMiddle, room)
        painter.setFont(theme.font(13, bold=True))
        painter.setPen(theme.colour("text1"))
        painter.drawText(QRectF(px(16), top, self.width(), tall), Qt.AlignmentFlag.AlignVCenter, head)
        painter.setFont(theme.font(12))
        if not self.legend_shown:
            return
        for tick, width in zip(named, widths, strict=True):
            self._draw_tick(painter, QRectF(place, top + px(2), px(9), px(14)), tick, True)
            painter.setPen(theme.colour("text2"))
            painter.drawText(
                QRectF(place + px(15), top, width, tall), Qt.AlignmentFlag.AlignVCenter, say(tick.value.capitalize())
            )
            place += width

    def _draw_ends(self, painter: QPainter, layout: LedgerLayout) -> None:
        theme, px = self._theme, self._theme.px
        painter.setFont(theme.font(12, bold=True))
        painter.setPen(theme.colour("text2"))
        box = QRectF(0, px(_TICK_TOP), px(_MARGIN - 6), px(_TICK_HEIGHT))
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, right | middle, self._ends[0])
        painter.drawText(
            QRectF(layout.left + layout.width + px(6), box.top(), px(30), box.height()), middle, self._ends[1]
        )

    def _draw_tick(self, painter: QPainter, box: QRectF, tick: TickState, glyph: bool) -> None:
        theme = self._theme
        outline, fill = self._tick_colours(tick)
        painter.setPen(Qt.PenStyle.NoPen)
        if tick is TickState.DRAFT:
            painter.setBrush(fill)
            painter.drawRect(QRectF(box.left(), box.center().y(), box.width(), box.height() / 2))
        elif tick is TickState.PARTLY:
            painter.setBrush(fill)
            painter.drawRect(QRectF(box.left(), box.top(), box.width() / 2, box.height()))
        elif fill is not None:
            painter.setBrush(fill)
            painter.drawRoundedRect(box, 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(outline, 1.2))
        painter.drawRoundedRect(box, 2, 2)
        if not glyph:
            return
        x, y, w, h = box.center().x(), box.center().y(), box.width(), box.height()
        if tick is TickState.DONE:
            path = QPainterPath(QPointF(x - w * 0.28, y))
            path.lineTo(x - w * 0.06, y + h * 0.13)
            path.lineTo(x + w * 0.3, y - h * 0.16)
            painter.setPen(QPen(theme.colour("panel"), 1.8))
            painter.drawPath(path)
        elif tick is TickState.EMPTY:
            painter.drawLine(QPointF(x - w * 0.25, y + h * 0.22), QPointF(x + w * 0.25, y - h * 0.22))

    def _draw_suggested(self, painter: QPainter, layout: LedgerLayout) -> None:
        """A diamond above each suggested slice."""
        px = self._theme.px
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent"))
        for index in self._suggested:
            x, y, r = layout.centre(index), px(_TICK_TOP) - px(6), px(4)
            path = QPainterPath(QPointF(x, y - r))
            for corner in (QPointF(x + r, y), QPointF(x, y + r), QPointF(x - r, y)):
                path.lineTo(corner)
            path.closeSubpath()
            painter.drawPath(path)

    def _draw_dice(self, painter: QPainter, layout: LedgerLayout) -> None:
        """Bars from 0 to 1, with the name of the class before them; a dot where Dice is 0, nothing where it is n/a."""
        theme, px = self._theme, self._theme.px
        if self._dice is None:
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("text3"))
            box = QRectF(layout.left, px(_DICE_TOP), layout.width, px(_DICE_HEIGHT))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, no_dice(painter.fontMetrics(), layout.width))
            return
        if self.dice_said:
            painter.setFont(theme.font(11))
            painter.setPen(theme.colour("text2"))
            said = QRectF(layout.left, px(_DICE_SAID), layout.width, px(_DICE_TOP - _DICE_SAID))
            painter.drawText(said, Qt.AlignmentFlag.AlignVCenter, self.dice_said)
        top, tall = float(px(_DICE_TOP)), float(px(_DICE_HEIGHT))
        base = top + tall
        painter.setPen(QPen(theme.colour("line"), 1))
        for y in (top, base):
            painter.drawLine(QPointF(layout.left, y), QPointF(layout.left + layout.width, y))
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("text3"))
        right, middle = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, top, px(_MARGIN - 6), tall), right | middle, say("Dice"))
        painter.drawText(QRectF(layout.left + layout.width + px(6), top - px(7), px(30), px(14)), middle, "1")
        painter.drawText(QRectF(layout.left + layout.width + px(6), base - px(7), px(30), px(14)), middle, "0")
        painter.setPen(Qt.PenStyle.NoPen)
        for index, value in self._dice.items():
            x, wide = layout.centre(index), layout.tick_width
            painter.setBrush(QColor(self._dice_colour))
            if value > 0:
                painter.drawRect(QRectF(x - wide / 2, base - value * tall, wide, value * tall))
            else:
                painter.setBrush(theme.colour("warn"))
                painter.drawEllipse(QPointF(x, base - 3), 3.0, 3.0)

    def _tick_colours(self, tick: TickState) -> tuple[QColor, QColor | None]:
        colour = self._theme.colour
        return {
            TickState.UNLABELLED: (colour("control"), None),
            TickState.DRAFT: (colour("draft"), colour("draft")),
            TickState.PARTLY: (colour("ok"), colour("ok")),
            TickState.DONE: (colour("ok"), colour("ok")),
            TickState.EMPTY: (colour("ok"), colour("oksoft")),
        }[tick]

    def _draw_numbers(self, painter: QPainter, layout: LedgerLayout) -> None:
        theme, px = self._theme, self._theme.px
        top = px(_TICK_TOP + _TICK_HEIGHT + 4)
        every = layout.number_every
        painter.setFont(theme.font(12))
        painter.setPen(theme.colour("text3"))
        for index in range(len(self._ticks)):
            number = index + 1
            near = abs(index - self._current) * layout.pitch < px(24)
            if (number == 1 or number % every == 0) and not near and not (number == 1 and every * layout.pitch < 20):
                box = QRectF(layout.centre(index) - 20, top, 40, px(16))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))

    def _draw_frame(self, painter: QPainter, layout: LedgerLayout) -> None:
        theme, px = self._theme, self._theme.px
        x = layout.centre(self._current)
        painter.setFont(theme.font(12, bold=True))
        number = str(self._current + 1)
        wide = max(layout.tick_width, painter.fontMetrics().horizontalAdvance(number)) + px(6)
        box = self._tick_box(x, wide).adjusted(0, -4, 0, px(24))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent"), 2))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.colour("text1"))
        label = QRectF(x - 20, px(_TICK_TOP + _TICK_HEIGHT + 4), 40, px(16))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, number)
