"""The loss as a line that grows while a job runs."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from slicelab.app.language import say

if TYPE_CHECKING:
    from slicelab.app.theme import Theme

Points = tuple[tuple[int, float], ...]
_SMOOTHED = 31
_MOST_POINTS = 400
_BEYOND = 20
"""Design pixels."""


def smoothed(points: Points, window: int = _SMOOTHED) -> list[tuple[int, float]]:
    """Running median: one hard batch must not look like a setback."""
    half = window // 2
    values = [value for _, value in points]
    return [(step, median(values[max(at - half, 0) : at + half + 1])) for at, (step, _) in enumerate(points)]


def drawn(points: Points) -> Points:
    """The points that are drawn: more than there are pixels only cost time, and drawing must never hold up the pen."""
    return points[:: max(1, len(points) // _MOST_POINTS)]


def level(points: Points) -> float | None:
    """The number beside the plot: where its strong line ends; None before the first step."""
    last = drawn(points)[-(_SMOOTHED // 2 + 1) :]
    return median(value for _, value in last) if last else None


class LossPlot(QWidget):
    """Loss against step: every step faint, the running median strong. Made when first shown (pyqtgraph takes 0.3 s)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plot: Any = None
        self._points: Points = ()
        self._shown: Points | None = None
        self._steps = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        self.setFixedHeight(theme.px(210))
        self.setAccessibleName(say("Loss against step"))

    def show_losses(self, points: Points, steps: int) -> None:
        """Show a job's losses; ``steps`` is where it will end."""
        self._points, self._steps = points, steps
        if self.isVisible():
            self._draw()

    def showEvent(self, _event: object) -> None:
        """Draw what came while the plot was hidden."""
        self._draw()

    def _draw(self) -> None:
        if self._plot is None:
            self._plot = self._make()
        if self._points == self._shown:
            return
        self._shown = self._points
        points = drawn(self._points)
        self._raw.setData([step for step, _ in points], [loss for _, loss in points])
        line = smoothed(points)
        self._line.setData([step for step, _ in line], [loss for _, loss in line])
        if self._steps:
            self._plot.setXRange(0, self._steps, padding=0.02)

    def _make(self) -> Any:
        import pyqtgraph

        tokens = self._theme.tokens
        pyqtgraph.setConfigOptions(antialias=True)
        plot = pyqtgraph.PlotWidget(background=tokens.panel)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.hideButtons()
        plot.showGrid(y=True, alpha=0.12)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(tokens.line)
            axis.setTextPen(tokens.text3)
            axis.setStyle(tickFont=self._theme.font(12))
        # The last number stands half beyond the axis: there is room for it, and it is drawn.
        beyond = self._theme.px(_BEYOND)
        plot.getPlotItem().layout.setContentsMargins(0, 0, beyond, 0)
        plot.getAxis("bottom").setStyle(hideOverlappingLabels=beyond)
        plot.setLabel("bottom", "step", color=tokens.text3)
        faint = self._theme.colour("accent")
        faint.setAlpha(90)
        self._raw = plot.plot(pen=pyqtgraph.mkPen(faint, width=1))
        self._line = plot.plot(pen=pyqtgraph.mkPen(tokens.accent, width=2))
        box = self.layout()
        if box is not None:
            box.addWidget(plot)
        return plot
