"""The map of the slices, how it is coloured, and what makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QLinearGradient, QPainter
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from slicelab.app.language import tr
from slicelab.app.panels.map_plot import RAMP, MapPlot, ramp, said_of
from slicelab.app.widgets import Segmented, action_button, column, row, text

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from slicelab.app.actions import ActionSet
    from slicelab.app.theme import Theme
    from slicelab.engine.advising import SliceMap, Spot
    from slicelab.engine.status import JobStatus

_HINT = "Each dot is a slice; dots that lie together look alike to the network. Click one to open it."
_WITHOUT = (
    "Once it has learned from all volumes, the network can put the slices on a map: alike ones lie together. It also "
    "says which cases to label first."
)


class MapBox(QWidget):
    """Shows a map. Announces how it shall be made, and by its plot the slice that is pressed."""

    after_chosen = Signal(bool)

    def __init__(self, theme: Theme, actions: ActionSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.plot = MapPlot(theme)
        self.by = Segmented(
            (
                ("position", "By position", "From the first slice of each stack to the last"),
                ("patient", "By patient", "One colour (and shape) for each patient"),
            )
        )
        self.by.choose("position")
        self.by.chosen.connect(self._colour)
        self._key = _Key(theme)
        self._said = text(_HINT, "caption", wrap=True)
        self._make = action_button(actions["job.map"])
        self.after = QCheckBox(tr("Make it by itself after each pretraining"))
        self.after.setToolTip(tr("Takes seconds; a training that you start meanwhile goes first"))
        self.after.toggled.connect(self._after)
        self._telling = True
        tip = "Features of the network's bottleneck, projected onto two principal components (embedding, PCA)"
        self._map: SliceMap | None = None
        self._live: tuple[Spot, ...] = ()
        self._learning = text("", "secondary", wrap=True)
        self._found = QWidget()
        self._found.setLayout(column(row(None, self.by), self._learning, self.plot, self._key, self._said, gap=6))
        self._without = text(_WITHOUT, "secondary", wrap=True)
        self.setLayout(
            column(
                text("Map of the slices", "title", tip=tip),
                self._found,
                self._without,
                row(self._make, None),
                self.after,
                gap=6,
            )
        )
        self.show_map(None)
        self.show_after(True)

    def show_map(self, found: SliceMap | None) -> None:
        """Show a map; without one, what it would be and the button that makes it."""
        self._map = found
        self._show()

    def show_live(self, spots: tuple[Spot, ...], step: int = 0) -> None:
        """Show where a pretraining that runs has put the slices so far, in place of the map; none: the map again."""
        self._live = spots
        self._learning.setText(
            tr("While it learns, after step {step}: each slice as it was last compared").format(step=f"{step:,}")
        )
        self._show()

    def _show(self) -> None:
        found, live = self._map, self._live
        self.plot.show_spots(live or (found.spots if found is not None else ()))
        self._learning.setVisible(bool(live))
        self._found.setVisible(found is not None or bool(live))
        self._without.setVisible(found is None and not live)
        self._make.setVisible(not live and (found is None or not found.latest))

    def show_job(self, status: JobStatus | None) -> None:
        """Say how far the job is that makes the map."""
        running = status is not None and not status.ended and status.kind == "embed"
        said = _WITHOUT
        if status is not None and running:
            said = tr("The network looks at every slice: {share} %").format(share=round(100 * status.fraction))
        self._without.setText(said if running else tr(said))

    def show_after(self, on: bool) -> None:
        """Whether a map follows each pretraining."""
        self._telling = False
        self.after.setChecked(on)
        self._telling = True

    def show_pointed(self, spot: Spot | None) -> None:
        """Say which slice the mouse or the keys point at."""
        self._said.setText(tr(_HINT) if spot is None else said_of(spot))

    @property
    def words(self) -> str:
        """What is said below the map."""
        return self._said.text()

    def _colour(self, by: str) -> None:
        self.plot.colour_by("patient" if by == "patient" else "position")
        self._key.setVisible(by == "position")

    def _after(self, on: bool) -> None:
        if self._telling:
            self.after_chosen.emit(on)


class _Key(QWidget):
    """The ramp of colours from the first slice to the last."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Slices are counted from the inferior, posterior or left end"))

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, self._theme.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Words, bar, words."""
        theme, px = self._theme, self._theme.px
        painter = QPainter(self)
        painter.setFont(theme.font(11))
        painter.setPen(theme.colour("text2"))
        left, right = tr("first slice"), tr("last slice")
        metrics = painter.fontMetrics()
        before, behind = metrics.horizontalAdvance(left) + px(8), metrics.horizontalAdvance(right) + px(8)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignLeft, left)
        painter.drawText(self.rect(), middle | Qt.AlignmentFlag.AlignRight, right)
        bar = QRectF(before, self.height() / 2 - px(3), max(self.width() - before - behind, 1), px(6))
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for at in range(len(RAMP)):
            share = at / (len(RAMP) - 1)
            gradient.setColorAt(share, ramp(share))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(gradient)
        painter.drawRoundedRect(bar, px(3), px(3))
