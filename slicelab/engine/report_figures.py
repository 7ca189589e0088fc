"""The figures of a report as PNG: overlays with the 3D Dice printed, and training curves."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.textpath import TextPath

from slicelab.core.labels import LabelClass, class_key
from slicelab.engine.figures import draw_mask

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from slicelab.core.expected import Held
    from slicelab.engine.views import CaseView

_PRINTED = {"liver": ("#E3120B", "red"), "central gland": ("#808000", "olive"), "peripheral zone": ("#00FFFF", "cyan")}
"""Colours of the paper's figures 4 and 6, and their names."""
_COLUMNS = 3
_WIDE, _BODY, _HEAD, _FOOT = 7.2, 2.13, 0.62, 0.3
"""Inches: the page; of three in a row, a panel and the words over it; the last line of the key."""
_LINE, _KEY_LINE, _KEY_GAP = 0.1, 0.16, 0.2
"""Inches: a line over a panel, one of the key, and from one class of it to the next."""
_KEY_SIZE = 7


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
    """The model's masks over the slice with most of them, radiological view, with a key of the classes.

    The key takes as many lines as the names need, and so do the words over the panels.
    """
    shown = printed(classes)
    columns = min(len(panels), _COLUMNS)
    rows = -(-len(panels) // columns)
    key = _key_lines(shown)
    head = max(_HEAD, _LINE * (2 + max(len(panel.lines) for panel in panels)))
    foot = _FOOT + _KEY_LINE * (len(key) - 1)
    body = _BODY * max(1.0, _COLUMNS / columns)
    tall = rows * (head + body) + foot
    figure = Figure(figsize=(_WIDE, tall), dpi=200, facecolor="black")
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
    for number, line in enumerate(reversed(key)):
        x = (_WIDE - sum(wide for _, _, wide in line) - _KEY_GAP * (len(line) - 1)) / 2
        for item, said, wide in line:
            y = (0.06 + number * _KEY_LINE) / tall
            figure.text(x / _WIDE, y, said, color=item.colour, fontsize=_KEY_SIZE)
            x += wide + _KEY_GAP
    figure.subplots_adjust(
        left=0.01, right=0.99, bottom=foot / tall, top=1 - head / tall, wspace=0.04, hspace=head / body
    )
    return _png(figure)


def _key_lines(classes: Sequence[LabelClass]) -> list[list[tuple[LabelClass, str, float]]]:
    """Each line of the key: the classes in it, what is written of each, and how wide that is in inches."""
    lines: list[list[tuple[LabelClass, str, float]]] = [[]]
    room = _WIDE - 2 * _KEY_GAP
    for item in classes:
        name = item.name
        while (wide := _inches(f"■ {name}")) > room:
            name = f"{name.removesuffix('…')[:-1]}…"
        taken = sum(before + _KEY_GAP for _, _, before in lines[-1])
        if lines[-1] and taken + wide > room:
            lines.append([])
        lines[-1].append((item, f"■ {name}", wide))
    return lines


def _inches(words: str) -> float:
    return float(TextPath((0, 0), words, size=_KEY_SIZE).get_extents().x1) / 72


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


def calibration(held: Sequence[Held]) -> bytes:
    """Expected against measured Dice, one dot a case, and the line on which it came as expected."""
    figure = Figure(figsize=(_WIDE, 2.9), dpi=200)
    axes = figure.add_subplot(1, 1, 1)
    low = 0.5 if min(min(one.expected, one.measured) for one in held) >= 0.5 else 0.0
    axes.plot([low, 1], [low, 1], color="#586473", linewidth=0.8, linestyle="--")
    axes.scatter([one.expected for one in held], [one.measured for one in held], s=14, color="#4A5ED0", zorder=3)
    axes.set(xlim=(low - 0.02, 1.02), ylim=(low - 0.02, 1.02), aspect="equal")
    axes.set_xlabel("expected Dice", fontsize=7)
    axes.set_ylabel("measured Dice", fontsize=7)
    axes.tick_params(labelsize=6)
    figure.tight_layout()
    return _png(figure)


def _png(figure: Figure) -> bytes:
    out = io.BytesIO()
    figure.savefig(out, format="png", facecolor=figure.get_facecolor())
    return out.getvalue()
