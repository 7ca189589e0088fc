"""The figures of a report as PNG: overlays with the 3D Dice printed, and training curves."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from slicelab.core.labels import LabelClass, class_key
from slicelab.engine.figures import draw_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from slicelab.engine.views import CaseView

_PRINTED = {"liver": ("#E3120B", "red"), "central gland": ("#808000", "olive"), "peripheral zone": ("#00FFFF", "cyan")}
"""Colours of the paper's figures 4 and 6, and their names."""
_COLUMNS = 3


@dataclass(frozen=True, eq=False)
class Panel:
    """One overlay.

    Attributes:
        title: the case as the report calls it.
        lines: what was measured, in words.
        view: the case.
        mask: the model's, ``(slice, row, column)`` uint8.
        synthetic: whether the volume is a phantom.

    """

    title: str
    lines: tuple[str, ...]
    view: CaseView
    mask: npt.NDArray[np.uint8]
    synthetic: bool


def printed(classes: Sequence[LabelClass]) -> tuple[LabelClass, ...]:
    """The classes in the colours they are printed in."""
    return tuple(replace(item, colour=_PRINTED.get(class_key(item.name), (item.colour,))[0]) for item in classes)


def colours_in_words(classes: Sequence[LabelClass]) -> str:
    """What the caption says of colours that are not the window's; empty if all are."""
    given = [(item.name, _PRINTED[class_key(item.name)][1]) for item in classes if class_key(item.name) in _PRINTED]
    if not given:
        return ""
    named = ", ".join(f"{name} {colour}" for name, colour in given)
    return f"Colours of the paper's figures and not of the window: {named}."


def overlays(panels: Sequence[Panel], classes: Sequence[LabelClass]) -> bytes:
    """The model's masks over the slice with most of them, radiological view, with a key of the classes."""
    shown = printed(classes)
    columns = min(len(panels), _COLUMNS)
    rows = -(-len(panels) // columns)
    tall = 2.75 * rows + 0.35
    figure = Figure(figsize=(7.2, tall * max(1.0, 3 / columns)), dpi=200, facecolor="black")
    for number, panel in enumerate(panels, start=1):
        axes = figure.add_subplot(rows, columns, number)
        index = int((panel.mask > 0).sum(axis=(1, 2)).argmax())
        view = panel.view
        low, high = view.window
        aspect = view.spacing[1] / view.spacing[2]
        axes.imshow(view.image[index], cmap="gray", vmin=low, vmax=high, aspect=aspect)
        draw_mask(axes, panel.mask[index], shown, aspect)
        kind = " (synthetic)" if panel.synthetic else ""
        lines = [f"{panel.title}{kind}, slice {index + 1}", *panel.lines]
        axes.set_title("\n".join(lines), color="white", fontsize=6)
        for side, x, y in (("left", 0.02, 0.5), ("right", 0.95, 0.5), ("top", 0.5, 0.95), ("bottom", 0.5, 0.02)):
            axes.text(x, y, view.letters[side], color="white", transform=axes.transAxes, fontsize=7, va="center")
        axes.set_axis_off()
    wide = 1 / (len(shown) + 1)
    for number, item in enumerate(shown, start=1):
        figure.text(number * wide, 0.012, f"■ {item.name}", color=item.colour, ha="center", fontsize=7)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.3 / tall, top=1 - 0.62 / tall, wspace=0.04, hspace=0.38)
    return _png(figure)


def curves(runs: Sequence[tuple[str, Sequence[tuple[int, float]]]]) -> bytes:
    """The loss of trainings over their steps; each is ``(title, ((step, loss), ...))``."""
    figure = Figure(figsize=(7.2, 2.4), dpi=200)
    for column, (title, losses) in enumerate(runs, start=1):
        axes = figure.add_subplot(1, len(runs), column)
        axes.plot([step for step, _ in losses], [loss for _, loss in losses], color="#4A5ED0", linewidth=1.0)
        axes.set_title(title, fontsize=8)
        axes.set_xlabel("step", fontsize=7)
        axes.set_ylabel("loss", fontsize=7)
        axes.tick_params(labelsize=6)
    figure.tight_layout()
    return _png(figure)


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=figure.get_facecolor())
    return out.getvalue()
