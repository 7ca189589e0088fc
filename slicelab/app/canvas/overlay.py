"""What is drawn above a picture: outlines, crosshair, orientation letters, scale bar, words. Plain Qt, no OpenGL."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
)
from PySide6.QtWidgets import QWidget

from slicelab.app.language import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import numpy.typing as npt
    from PySide6.QtGui import QPaintEvent

_SCALE_BARS_MM = (1, 2, 5, 10, 20, 50, 100, 200)
_SCALE_BAR_PX = 14.0  # from the lower edge
_BESIDE_BAR = 24.0
_HALO = QColor(0, 0, 0, 190)
_PLATE = QColor(0, 0, 0, 165)
"""Behind words at the picture's edges: thin letters and dashes drown in bright fat with a halo alone."""
_CLEAR_PX = 7.0
"""Between the end of a crosshair line and a letter; with less, the line and an I are one stroke."""
_TINT_ALPHA = 70  # of 255
_PATCH_ALPHA, _STRIPE = 190, 3  # of 255; logical pixels
_RING_PX = 2.0  # room for the pens
_DASHES = [4.0, 2.5]  # in pen widths: 8 on, 5 off at 2 px
_DOTS = [1.5, 1.5]
OTHER_READER = "#FFFFFF"
"""Another reader's outlines: no class has this colour."""


@dataclass(frozen=True)
class Camera:
    """How world mm map to the widget's pixels."""

    row_mm: float = 0.0
    column_mm: float = 0.0
    zoom: float = 1.0

    def to_pixel(self, row_mm: float, column_mm: float, width: int, height: int) -> QPointF:
        """World mm to logical pixels."""
        return QPointF(
            width / 2 + (column_mm - self.column_mm) * self.zoom, height / 2 + (row_mm - self.row_mm) * self.zoom
        )


@dataclass(frozen=True, eq=False)
class Outline:
    """Lines of one class in voxels, with how to draw them."""

    lines: list[npt.NDArray[np.float64]]
    colour: str
    style: Literal["solid", "dashed", "other"] = "solid"


@dataclass(frozen=True)
class Sketch:
    """An outline while it is drawn, in voxels ``(row, column)``: the line so far, and from there to the mouse."""

    line: tuple[tuple[float, float], ...]
    ahead: tuple[tuple[float, float], ...]
    colour: str


@dataclass(frozen=True, eq=False)
class Tint:
    """Voxels of the slice ``(row, column)`` bool that are tinted, and in which colour."""

    where: npt.NDArray[np.bool_]
    colour: str


@dataclass(frozen=True, eq=False)
class Patch:
    """Voxels of the slice ``(row, column)`` bool that differ, in which colour, and whether hatched: never colour alone.

    Attributes:
        where: the voxels.
        colour: ``#RRGGBB``.
        hatched: drawn as stripes.
        words: what it says, for the legend.

    """

    where: npt.NDArray[np.bool_]
    colour: str
    hatched: bool
    words: str


@dataclass(frozen=True, eq=False)
class Heat:
    """A quantity on the slice ``(row, column)`` uint8: nothing at 0, bright at 255."""

    values: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Ring:
    """The brush under the mouse: its middle in logical pixels of the widget, and its diameter in them."""

    middle: QPointF
    diameter: float

    @property
    def box(self) -> QRectF:
        """What it covers."""
        reach = self.diameter / 2 + _RING_PX
        return QRectF(self.middle.x() - reach, self.middle.y() - reach, 2 * reach, 2 * reach)


@dataclass
class OverlayState:
    """Everything an overlay draws."""

    camera: Camera = field(default_factory=Camera)
    pixel_mm: tuple[float, float] = (1.0, 1.0)
    letters: dict[str, str] = field(default_factory=dict)
    outlines: tuple[Outline, ...] = ()
    sketch: Sketch | None = None
    tint: Tint | None = None
    patches: tuple[Patch, ...] = ()
    heat: Heat | None = None
    crosshair_mm: tuple[float, float] | None = None
    ring: Ring | None = None
    heading: tuple[tuple[str, ...], ...] = ()  # lines over the whole width; of each, forms from long to short
    title: str = ""
    subtitle: str = ""
    seen: str = ""
    seen_short: str = ""
    corner: str = ""
    corner_detail: str = ""
    readout: tuple[str, ...] = ()
    convention: str = ""
    legend: str = ""
    legend_short: str = ""
    middle: str = ""

    @property
    def words(self) -> tuple[object, ...]:
        """All that is written, but for the read-out that follows the mouse."""
        return (
            self.heading,
            self.title,
            self.subtitle,
            self.seen,
            self.seen_short,
            self.corner,
            self.corner_detail,
            self.convention,
            self.legend,
            self.legend_short,
            self.middle,
        )


class PictureOverlay(QWidget):
    """A transparent sheet over a canvas; never takes the mouse.

    Qt repaints it with every frame of the canvas below. What seldom changes (outlines, words) is therefore kept as
    pictures: stroking outlines anew in each frame would cost more than the frame.
    """

    def __init__(self, parent: QWidget, *, small: bool) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.state = OverlayState()
        self._small = small
        self._kept: dict[str, tuple[object, QPixmap]] = {}
        self._shortened: list[tuple[QRectF, str]] = []
        self._cover: QWidget | None = None

    def stay_clear_of(self, cover: QWidget) -> None:
        """Write below what lies over the upper edge, as long as it is there: whose picture this is must be seen."""
        self._cover = cover
        self.update()

    @property
    def _edge(self) -> float:
        """How far down the upper edge is covered."""
        cover = self._cover
        if cover is None or cover.isHidden():
            return 0.0
        box = QRect(self.mapFromGlobal(cover.mapToGlobal(QPoint())), cover.size())
        return float(min(box.bottom() + 1, self.height() // 2)) if box.intersects(self.rect()) else 0.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw, from the picture outwards."""
        state = self.state
        painter = QPainter(self)
        if state.tint is not None:
            where = (state.tint, state.camera, state.pixel_mm, self.size())
            painter.drawPixmap(0, 0, self._keep("tint", where, self._draw_tint))
        if state.heat is not None:
            place = (state.heat, state.camera, state.pixel_mm, self.size())
            painter.drawPixmap(0, 0, self._keep("heat", place, self._draw_heat))
        if state.patches:
            shown = (state.patches, state.camera, state.pixel_mm, self.size())
            painter.drawPixmap(0, 0, self._keep("patches", shown, self._draw_patches))
        if state.outlines:
            key = (state.outlines, state.camera, state.pixel_mm, self.size())
            painter.drawPixmap(0, 0, self._keep("outlines", key, self._draw_outlines))
        if state.crosshair_mm is not None:
            self._draw_crosshair(painter, *state.crosshair_mm)
        if state.sketch is not None:
            self._draw_sketch(painter, state.sketch)
        words = (tuple(state.letters.items()), state.camera.zoom, self.size(), self._edge, self.font(), *state.words)
        painter.drawPixmap(0, 0, self._keep("words", words, self._draw_words))
        if state.readout:
            # In the row above the scale bar's; never shortened by words of its own, so not in whole_words.
            lines = enumerate(reversed(state.readout))
            kept = list(self._shortened)
            self._draw_corners(painter, [("bottom left", number, text, False) for number, text in lines])
            self._shortened = kept
        if state.ring is not None:
            self._draw_ring(painter, state.ring)

    def show_ring(self, ring: Ring | None) -> None:
        """Draw the brush here, or nowhere; only what it covers and covered is drawn anew."""
        before, self.state.ring = self.state.ring, ring
        if ring != before:
            for one in (before, ring):
                if one is not None:
                    self.update(one.box.toAlignedRect())

    def _draw_ring(self, painter: QPainter, ring: Ring) -> None:
        """White with a dark line inside it, to be seen on fat and on air."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, smaller in ((QColor("black"), 1.0), (QColor("white"), 0.0)):
            painter.setPen(QPen(colour, 1))
            radius = ring.diameter / 2 - smaller
            painter.drawEllipse(ring.middle, radius, radius)

    def _keep(self, name: str, key: object, draw: Callable[[QPainter], None]) -> QPixmap:
        """The picture of a part, drawn again only when its key is another."""
        kept = self._kept.get(name)
        if kept is not None and kept[0] == key:
            return kept[1]
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter)
        painter.end()
        self._kept[name] = (key, picture)
        return picture

    def _draw_outlines(self, painter: QPainter) -> None:
        """Class outlines: 2 px in the class's colour over a thin dark line, so that yellow stands out on white."""
        camera, (row_mm, column_mm) = self.state.camera, self.state.pixel_mm
        left = self.width() / 2 - camera.column_mm * camera.zoom
        top = self.height() / 2 - camera.row_mm * camera.zoom
        scale = np.array([row_mm * camera.zoom, column_mm * camera.zoom])
        for outline in self.state.outlines:
            # Line by line: as one path, a hundred small lines took 18 ms instead of 11.
            lines = [_polygon(line * scale + (top, left)) for line in outline.lines]
            width = 1.5 if self._small else 2.0
            pen = QPen(QColor(outline.colour), width)
            if outline.style == "dashed":
                pen.setDashPattern(_DASHES)
                pens = [pen]
            elif outline.style == "other":
                pen.setDashPattern(_DOTS)
                pens = [QPen(QColor(0, 0, 0, 160), width + 1.5), pen]
            else:
                pens = [QPen(QColor(0, 0, 0, 72), width + 1.5), pen]
            for one in pens:
                painter.setPen(one)
                for line in lines:
                    painter.drawPolyline(line)

    def _draw_tint(self, painter: QPainter) -> None:
        """Voxels that would take paint, thinly in the class's colour."""
        tint = self.state.tint
        if tint is None:
            return
        rows, columns = tint.where.shape
        picture = _flat_picture(tint.where, QColor(tint.colour), _TINT_ALPHA)
        painter.drawImage(self._slice_box(rows, columns), picture)

    def _slice_box(self, rows: int, columns: int) -> QRectF:
        """Where the whole slice lies in this widget."""
        (row_mm, column_mm), camera = self.state.pixel_mm, self.state.camera
        start = camera.to_pixel(-row_mm / 2, -column_mm / 2, self.width(), self.height())
        return QRectF(start.x(), start.y(), columns * column_mm * camera.zoom, rows * row_mm * camera.zoom)

    def _draw_heat(self, painter: QPainter) -> None:
        """From nothing over orange to yellow: lighter is more, also without colours."""
        if self.state.heat is None:
            return
        share = self.state.heat.values / 255.0
        alpha = np.clip(share * 1.6, 0.0, 0.85)
        parts = (np.full_like(share, 1.0), 0.45 + 0.5 * share, 0.1 + 0.4 * share)
        packed = (alpha * 255).astype(np.uint32) << 24
        for part, shift in zip(parts, (16, 8, 0), strict=True):
            packed |= (part * alpha * 255).astype(np.uint32) << shift
        rows, columns = share.shape
        picture = QImage(columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
        np.frombuffer(picture.bits(), np.uint32).reshape(rows, -1)[:, :columns] = packed
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._slice_box(rows, columns), picture)

    def _draw_patches(self, painter: QPainter) -> None:
        """Voxels that differ: filled, or in stripes as wide on every zoom; with a legend at the lower right."""
        for patch in self.state.patches:
            if not patch.hatched:
                box = self._slice_box(*patch.where.shape)
                painter.drawImage(box, _flat_picture(patch.where, QColor(patch.colour), _PATCH_ALPHA))
                continue
            stripes = QPixmap(self.size() * self.devicePixelRatioF())
            stripes.setDevicePixelRatio(self.devicePixelRatioF())
            stripes.fill(Qt.GlobalColor.transparent)
            brush = QPainter(stripes)
            box = self._slice_box(*patch.where.shape)
            brush.drawImage(box, _flat_picture(patch.where, QColor("white"), 255))
            brush.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
            brush.fillRect(self.rect(), QColor(patch.colour))
            brush.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOut)
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.setPen(QPen(QColor(0, 0, 0, 170), _STRIPE))
            reach = self.width() + self.height()
            for x in range(-self.height(), reach, 2 * _STRIPE + 1):
                brush.drawLine(x, self.height(), x + self.height(), 0)
            brush.end()
            painter.setOpacity(_PATCH_ALPHA / 255)
            painter.drawPixmap(0, 0, stripes)
            painter.setOpacity(1.0)
        if not self._small:
            self._draw_patch_words(painter)

    def _draw_patch_words(self, painter: QPainter) -> None:
        """Swatch and word of each kind of patch, above the lines at the lower right."""
        font = self._font(0.92)
        metrics = QFontMetricsF(font)
        tall, side = metrics.height() + 2, metrics.height() - 2
        right, y = self.width() - 14.0, self.height() - 3.4 * tall - 8
        for patch in reversed(self.state.patches):
            wide = metrics.horizontalAdvance(say(patch.words)) + 4
            box = QRectF(right - wide, y, wide, tall)
            middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            self._halo_text(painter, box, middle, say(patch.words), font, plate=True)
            swatch = QRectF(box.left() - side - 6, y + (tall - side) / 2, side, side)
            painter.fillRect(swatch, QColor(0, 0, 0, 120))
            style = Qt.BrushStyle.BDiagPattern if patch.hatched else Qt.BrushStyle.SolidPattern
            painter.fillRect(swatch, QBrush(QColor(patch.colour), style))
            painter.setPen(QPen(QColor(patch.colour), 1))
            painter.drawRect(swatch)
            right = swatch.left() - 14

    def _draw_sketch(self, painter: QPainter, sketch: Sketch) -> None:
        """The line so far, dashed on to the mouse and back to the first corner, where it closes by itself."""
        camera, (row_mm, column_mm) = self.state.camera, self.state.pixel_mm
        size = (self.width(), self.height())
        line, ahead = (
            [camera.to_pixel(row * row_mm, column * column_mm, *size) for row, column in part]
            for part in (sketch.line, sketch.ahead)
        )
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for colour, width in ((_HALO, 4.0), (QColor(sketch.colour), 2.0)):
            painter.setPen(QPen(colour, width))
            painter.drawPolyline(QPolygonF(line))
            pen = QPen(colour, width)
            pen.setDashPattern([part * 2 / width for part in _DASHES])
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([line[-1], *ahead, line[0]]))
        painter.setPen(QPen(_HALO, 1.5))
        painter.setBrush(QColor("white"))
        painter.drawEllipse(line[0], 4.0, 4.0)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _draw_crosshair(self, painter: QPainter, row_mm: float, column_mm: float) -> None:
        at = self.state.camera.to_pixel(row_mm, column_mm, self.width(), self.height())
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1))
        gap = 10.0
        # The lines stop before the letters: an I below a vertical line could not be read.
        free = QRegion(self.rect())
        for box in self._letter_boxes().values():
            free -= QRegion(box.adjusted(-_CLEAR_PX, -_CLEAR_PX, _CLEAR_PX, _CLEAR_PX).toRect())
        painter.setClipRegion(free)
        for start, end in (
            (QPointF(0, at.y()), QPointF(at.x() - gap, at.y())),
            (QPointF(at.x() + gap, at.y()), QPointF(self.width(), at.y())),
            (QPointF(at.x(), 0), QPointF(at.x(), at.y() - gap)),
            (QPointF(at.x(), at.y() + gap), QPointF(at.x(), self.height())),
        ):
            painter.drawLine(start, end)
        painter.setClipping(False)

    def _letter_boxes(self) -> dict[str, QRectF]:
        """Where the orientation letters stand."""
        side, inset = QFontMetricsF(self._letter_font).height() + 2, 6.0
        width, height = float(self.width()), float(self.height())
        below = self._edge + inset + len(self.state.heading) * (QFontMetricsF(self._font(1.0, bold=True)).height() + 2)
        return {
            "left": QRectF(inset, (height - side) / 2, side, side),
            "right": QRectF(width - side - inset, (height - side) / 2, side, side),
            "top": QRectF((width - side) / 2, below, side, side),
            "bottom": QRectF((width - side) / 2, height - side - inset, side, side),
        }

    @property
    def _letter_font(self) -> QFont:
        return self._font(1.08, bold=True)

    def _draw_letters(self, painter: QPainter) -> None:
        for side, box in self._letter_boxes().items():
            self._halo_text(painter, box, Qt.AlignmentFlag.AlignCenter, self.state.letters[side], self._letter_font)

    def _scale_bar(self) -> tuple[int, float]:
        """Length of the scale bar in mm and in pixels."""
        zoom = self.state.camera.zoom
        length = next((mm for mm in reversed(_SCALE_BARS_MM) if mm * zoom <= self.width() * 0.28), _SCALE_BARS_MM[0])
        return length, length * zoom

    def _draw_scale_bar(self, painter: QPainter) -> None:
        length, wide = self._scale_bar()
        font = self._font(0.9)
        tall = QFontMetricsF(font).height()
        x = 14.0
        y = self.height() - _SCALE_BAR_PX
        for colour, thick in ((_HALO, 4.0), (QColor("white"), 1.6)):
            painter.setPen(QPen(colour, thick))
            end = x + wide
            painter.drawPolyline(QPolygonF([QPointF(x, y - 5), QPointF(x, y), QPointF(end, y), QPointF(end, y - 5)]))
        box = QRectF(x, y - 8 - tall, 160, tall)
        self._halo_text(painter, box, Qt.AlignmentFlag.AlignLeft, f"{length} mm", font, plate=True)

    def _draw_words(self, painter: QPainter) -> None:
        """Everything written that does not follow the mouse."""
        state = self.state
        self._shortened.clear()
        if state.letters:
            self._draw_letters(painter)
            self._draw_scale_bar(painter)
        if state.middle:
            box = QRectF(self.rect()).adjusted(40, 40, -40, -40)
            self._halo_text(painter, box, Qt.AlignmentFlag.AlignCenter, say(state.middle), self._font(1.15))
        lower = len(state.heading)
        self._draw_corners(
            painter,
            (
                *(("top", number, forms, number == 0) for number, forms in enumerate(state.heading)),
                ("top left", lower, state.title, not lower),
                ("top left", lower + 1, state.subtitle, False),
                ("top left", lower + (2 if state.subtitle else 1), (state.seen, state.seen_short), True),
                ("top right", lower, state.corner, False),
                ("top right", lower + 1, state.corner_detail, False),
                ("bottom right", 0, state.convention, False),
                (
                    "bottom right",
                    1,
                    tuple(f"- - -  {said}" for said in (state.legend, state.legend_short) if said),
                    False,
                ),
            ),
        )

    def whole_words(self, position: QPointF) -> str:
        """The whole of a line of which only a part, or a shorter form, is drawn at a place; "" elsewhere."""
        return next((said for box, said in self._shortened if box.contains(position)), "")

    def _draw_corners(self, painter: QPainter, lines: Iterable[tuple[str, int, str | tuple[str, ...], bool]]) -> None:
        """Lines of text in corners: which corner, which line counted from the edge, the words, whether strong.

        A line in the corner "top" has the whole width. Of several forms of the words the first that fits is drawn; the
        last is cut where none does.
        """
        strong, plain = self._font(1.0, bold=True), self._font(0.92)
        tall = QFontMetricsF(strong).height() + 2
        for corner, number, said, bold in lines:
            forms = tuple(map(say, (said,) if isinstance(said, str) else said))
            if not forms or not forms[0]:
                continue
            width = self.width() - 28 if corner == "top" else self.width() / 2 - 32
            if corner == "bottom right" and number and self.state.camera.zoom:
                beside = max(self._scale_bar()[1], QFontMetricsF(plain).horizontalAdvance("000 mm"))
                width = max(width, self.width() - 28 - beside - _BESIDE_BAR)
            x = self.width() - width - 14 if corner.endswith("right") else 14
            top = corner.startswith("top")
            y = self._edge + 10 + number * tall if top else self.height() - (number + 1) * tall - 8
            if corner == "bottom left":
                y -= _SCALE_BAR_PX + QFontMetricsF(plain).height() + 6  # the scale bar is below
            side = Qt.AlignmentFlag.AlignRight if corner.endswith("right") else Qt.AlignmentFlag.AlignLeft
            box = QRectF(x, y, width, tall)
            font = strong if bold else plain
            metrics = QFontMetricsF(font)
            text = next((form for form in forms if metrics.horizontalAdvance(form) <= width), forms[-1])
            # Names of cases often differ at their end alone; of other words the beginning says what they are.
            cut = Qt.TextElideMode.ElideMiddle if bold else Qt.TextElideMode.ElideRight
            fitting = metrics.elidedText(text, cut, width)
            if fitting != forms[0]:
                self._shortened.append((box, forms[0].removeprefix("- - -  ")))
            self._halo_text(painter, box, side | Qt.AlignmentFlag.AlignVCenter, fitting, font, plate=True)

    def _halo_text(
        self, painter: QPainter, box: QRectF, align: Qt.AlignmentFlag, text: str, font: QFont, *, plate: bool = False
    ) -> None:
        """White text with a dark 1-px halo, on a dark plate on request: readable on fat and on air."""
        painter.setFont(font)
        if plate:
            around = painter.boundingRect(box, align, text).adjusted(-4, 0, 4, 0)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_PLATE)
            painter.drawRoundedRect(around, 3, 3)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_HALO)
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
            painter.drawText(box.translated(dx, dy), align, text)
        painter.setPen(QColor("white"))
        painter.drawText(box, align, text)

    def _font(self, factor: float, *, bold: bool = False) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(round(self.fontInfo().pixelSize() * factor))
        if bold:
            font.setWeight(QFont.Weight.DemiBold)
        return font


def _polygon(line: npt.NDArray[np.float64]) -> QPolygonF:
    """Points ``(row, column)`` in pixels as Qt wants them."""
    return QPolygonF([QPointF(x, y) for y, x in line.tolist()])


def _flat_picture(where: npt.NDArray[np.bool_], colour: QColor, alpha: int) -> QImage:
    """One pixel a voxel: the colour where ``where`` is true, nothing elsewhere."""
    rows, columns = where.shape
    picture = QImage(columns, rows, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(Qt.GlobalColor.transparent)
    pixels = np.frombuffer(picture.bits(), np.uint32).reshape(rows, -1)[:, :columns]
    red, green, blue = (round(part * alpha / 255) for part in (colour.red(), colour.green(), colour.blue()))
    pixels[where] = alpha << 24 | red << 16 | green << 8 | blue
    return picture
