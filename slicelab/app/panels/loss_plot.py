"""The loss as a line that grows while a job runs."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from slicelab.app.language import say, tr
from slicelab.app.numbers import written

if TYPE_CHECKING:
    from slicelab.app.theme import Theme

Points = tuple[tuple[int, float], ...]
_SHARE, _LEAST = 0.08, 3
"""How much of the run's steps the strong line looks back over, and how many it takes at least."""
_MOST_POINTS = 400
_BEYOND = 20
"""Design pixels."""


def smoothed(points: Points, steps: int, most: int = _MOST_POINTS) -> list[tuple[int, float]]:
    """Median of the losses of the last steps: one hard batch must not look like a setback.

    It looks back alone, over a share of the run's steps, so that a short run is followed closely, and what was drawn
    stays as it was. In the beginning it takes what there is: it begins at the first loss, not at zero.

    Args:
        points: step and loss, oldest first.
        steps: steps of the whole run.
        most: points to return, evenly chosen, the newest among them.

    """
    span = max(_LEAST, round(_SHARE * steps))
    line, first = [], 0
    values = [value for _, value in points]
    wanted = set(_places(len(points), most))
    for at, (step, _) in enumerate(points):
        while points[first][0] <= step - span and at - first >= _LEAST:
            first += 1
        if at in wanted:
            line.append((step, median(values[first : at + 1])))
    return line


def drawn(points: Points) -> Points:
    """The points that are drawn: more than there are pixels only cost time, and drawing must never hold up the pen."""
    return tuple(points[at] for at in _places(len(points), _MOST_POINTS))


def level(points: Points, steps: int) -> float | None:
    """The number beside the plot: where its strong line ends; None before the first step."""
    line = smoothed(points, steps, 1)
    return line[-1][1] if line else None


def _places(count: int, most: int) -> list[int]:
    """At most about so many of ``count`` places, the last one among them."""
    return sorted({*range(0, count, max(1, count // most)), count - 1} - {-1})


class LossPlot(QWidget):
    """Loss against step: every step faint, the median of the last strong. Made when first shown: that takes 0.3 s."""

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
        line = smoothed(self._points, self._steps)
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
        plot.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)  # the wheel scrolls the tab it stands in
        plot.showGrid(y=True, alpha=0.12)
        for side in ("left", "bottom"):
            axis = plot.getAxis(side)
            axis.setPen(tokens.line)
            axis.setTextPen(tokens.text3)
            axis.setStyle(tickFont=self._theme.font(12))
            _write_numbers(axis)
        # The last number stands half beyond the axis: there is room for it, and it is drawn.
        beyond = self._theme.px(_BEYOND)
        plot.getPlotItem().layout.setContentsMargins(0, 0, beyond, 0)
        plot.getAxis("bottom").setStyle(hideOverlappingLabels=beyond)
        plot.setLabel("bottom", tr("step"), color=tokens.text3)
        faint = self._theme.colour("accent")
        faint.setAlpha(90)
        self._raw = plot.plot(pen=pyqtgraph.mkPen(faint, width=1))
        self._line = plot.plot(pen=pyqtgraph.mkPen(tokens.accent, width=2))
        box = self.layout()
        if box is not None:
            box.addWidget(plot)
        return plot


def _write_numbers(axis: Any) -> None:
    """Let an axis write its numbers as the language does."""
    plain = axis.tickStrings
    axis.tickStrings = lambda *about: [written(one) for one in plain(*about)]
