"""Slices as points: alike ones lie together; coloured by where they are in their stack, or by patient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from slicelab.app.language import tr
from slicelab.app.panels.dot_plot import DotPlot, Dots
from slicelab.app.panels.spot_card import SpotCard

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    import numpy.typing as npt
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from slicelab.app.theme import Theme
    from slicelab.engine.advising import Spot

By = Literal["position", "patient"]
RAMP = ("#6C7BE0", "#2FA99B", "#F0E442")
"""From the first slice of a stack to the last, readable on black and by anybody."""
PATIENTS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#CC79A7", "#D55E00", "#9DADFF", "#FFFFFF")
_SHAPES = 4
_MARGIN, _RADIUS = 16, 3.5
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (1, -1),
    Qt.Key.Key_Down: (1, 1),
}


class MapPlot(DotPlot):
    """Draws spots. Announces the one that is pressed, and the one under the mouse or the keys.

    Keys: left and right along a case, up and down from case to case, Enter opens the slice.
    """

    step_keys = _KEYS

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, Dots(self._places, self._first, self._step, self._tell, self._press), parent)
        self._spots: tuple[Spot, ...] = ()
        self._by: By = "position"
        self._marks: Mapping[tuple[str, int], int] = {}
        self._here: tuple[str, int] | None = None
        self.setFixedHeight(theme.px(260))
        self.setAccessibleName(tr("Map of the slices"))
        self.card = SpotCard(theme, self)

    def show_spots(self, spots: tuple[Spot, ...]) -> None:
        """Show other spots; what is pointed at stays so, where it is among them."""
        at = self._at
        before = (self._spots[at].case, self._spots[at].slice) if at is not None else None
        self._spots = spots
        self._at = next((at for at, spot in enumerate(spots) if (spot.case, spot.slice) == before), None)
        if self._at is None:
            self.card.hide()
        self.update()

    def colour_by(self, by: By) -> None:
        """Colour by position in the stack, or by patient (then shapes differ, too)."""
        self._by = by
        self.update()

    def show_marks(self, marks: Mapping[tuple[str, int], int]) -> None:
        """Mark spots, by case id and slice, with a ring and a number."""
        self._marks = marks
        self.update()

    def show_here(self, case: str | None, index: int) -> None:
        """Ring the slice that is open."""
        here = None if case is None else (case, index)
        if here != self._here:
            self._here = here
            self.update()

    def show_picture(self, case: str, index: int, grey: npt.NDArray[np.uint8], tall: float) -> None:
        """Show the picture of a slice, if it is still the one that is pointed at; see :meth:`SpotCard.show_grey`."""
        spot = None if self._at is None else self._spots[self._at]
        if spot is not None and (spot.case, spot.slice) == (case, index):
            self.card.show_grey(grey, tall)

    @property
    def spots(self) -> tuple[Spot, ...]:
        """What is shown."""
        return self._spots

    def position_of(self, spot: Spot) -> QPointF:
        """Where a spot is drawn, in this widget's pixels."""
        box = self._box
        side = min(box.width(), box.height())
        # The longer side of the map fills the longer side there is, without distortion.
        scale = min(box.width() / max(self._width, 1e-9), box.height() / max(self._height, 1e-9), 3.0 * side)
        return QPointF(box.center().x() + (spot.x - 0.5) * scale, box.center().y() - (spot.y - 0.5) * scale)

    def colour_of(self, spot: Spot) -> QColor:
        """The colour a spot has now."""
        if self._by == "patient":
            return QColor(PATIENTS[self._patients.index(spot.patient) % len(PATIENTS)])
        return ramp(spot.position)

    @property
    def _patients(self) -> list[str]:
        return list(dict.fromkeys(spot.patient for spot in self._spots))

    @property
    def _width(self) -> float:
        return 2 * max((abs(spot.x - 0.5) for spot in self._spots), default=0.5)

    @property
    def _height(self) -> float:
        return 2 * max((abs(spot.y - 0.5) for spot in self._spots), default=0.5)

    @property
    def _box(self) -> QRectF:
        margin = self._theme.px(_MARGIN)
        return QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)

    def _places(self) -> list[QPointF]:
        return [self.position_of(spot) for spot in self._spots]

    def _first(self) -> int:
        """The slice that is open."""
        keys = [(spot.case, spot.slice) for spot in self._spots]
        return keys.index(self._here) if self._here in keys else 0

    def _tell(self, at: int | None) -> None:
        spot = None if at is None else self._spots[at]
        self.setAccessibleDescription("" if spot is None else said_of(spot))
        if spot is None:
            self.card.hide()
        else:
            self.card.show_at(self.position_of(spot).toPoint(), said_of(spot))
        self.pointed.emit(spot)

    def _press(self, at: int) -> None:
        self.chosen.emit(self._spots[at])

    def _step(self, at: int, key: Qt.Key) -> int:
        cases, slices = _KEYS[key]
        spot = self._spots[at]
        if not cases:
            to = at + slices
            return to if 0 <= to < len(self._spots) and self._spots[to].case == spot.case else at
        order = list(dict.fromkeys(one.case for one in self._spots))
        case = order[(order.index(spot.case) + slices) % len(order)]
        inside = [k for k, one in enumerate(self._spots) if one.case == case]
        return min(inside, key=lambda k: abs(self._spots[k].position - spot.position))

    # -- drawing ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Spots, rings, and the frame that shows the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.colour("canvas"))
        patients = {name: number for number, name in enumerate(self._patients)}
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self._theme.px(10) / 10 * _RADIUS
        for spot in self._spots:
            painter.setBrush(self.colour_of(spot))
            shape = patients[spot.patient] // len(PATIENTS) % _SHAPES if self._by == "patient" else 0
            _draw_shape(painter, self.position_of(spot), radius, shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for spot in self._spots:
            number = self._marks.get((spot.case, spot.slice))
            if number is not None:
                self._draw_mark(painter, self.position_of(spot), number)
        for at, spot in enumerate(self._spots):
            if at == self._at or (spot.case, spot.slice) == self._here:
                painter.setPen(QPen(QColor("#FFFFFF"), 2.4 if at == self._at else 1.4))
                painter.drawEllipse(self.position_of(spot), radius + 3, radius + 3)
        painter.setPen(QPen(self._theme.colour("accent" if self.hasFocus() else "line"), 2 if self.hasFocus() else 1))
        painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -1.0, -1.0))

    def _draw_mark(self, painter: QPainter, place: QPointF, number: int) -> None:
        px = self._theme.px
        colour = QColor("#E69F00")
        painter.setPen(QPen(colour, 2.0))
        painter.drawEllipse(place, px(8), px(8))
        box = QRectF(place.x() + px(6), place.y() - px(17), px(15), px(15))
        box.moveRight(min(box.right(), self.width() - 2.0))
        box.moveTop(max(box.top(), 2.0))
        painter.setBrush(colour)
        painter.drawEllipse(box)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setFont(self._theme.font(10, bold=True))
        painter.setPen(QColor("#000000"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))


def said_of(spot: Spot) -> str:
    """Which slice of which case a spot is."""
    return tr("{case}, slice {slice}").format(case=spot.name, slice=spot.slice + 1)


def ramp(position: float) -> QColor:
    """The colour of a place in a stack, 0 to 1."""
    share = min(max(position, 0.0), 1.0) * (len(RAMP) - 1)
    at = min(int(share), len(RAMP) - 2)
    low, high, part = QColor(RAMP[at]), QColor(RAMP[at + 1]), share - at
    return QColor(
        *(
            round(a + (b - a) * part)
            for a, b in ((low.red(), high.red()), (low.green(), high.green()), (low.blue(), high.blue()))
        )
    )


def _draw_shape(painter: QPainter, place: QPointF, radius: float, shape: int) -> None:
    """A disc, a square, a triangle or a diamond."""
    if shape == 0:
        painter.drawEllipse(place, radius, radius)
        return
    x, y, r = place.x(), place.y(), radius * 1.1
    corners = (
        [(-r, -r), (r, -r), (r, r), (-r, r)],
        [(0, -r), (r, r), (-r, r)],
        [(0, -r * 1.2), (r * 1.2, 0), (0, r * 1.2), (-r * 1.2, 0)],
    )[shape - 1]
    path = QPainterPath(QPointF(x + corners[0][0], y + corners[0][1]))
    for across, down in corners[1:]:
        path.lineTo(x + across, y + down)
    path.closeSubpath()
    painter.drawPath(path)
