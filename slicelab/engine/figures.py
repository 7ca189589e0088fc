"""Printed figures: overlays with the 3D Dice of each case, and training curves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from slicelab.core.naturalsort import natural_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt
    from matplotlib.axes import Axes

    from slicelab.core.evaluation import Evaluation
    from slicelab.core.labels import LabelClass
    from slicelab.engine.session import Session

_DISCLAIMER = "Research use only. Not a medical device."


def overlays(
    session: Session,
    model: str,
    evaluation: Evaluation,
    names: Sequence[str],
    path: Path,
    *,
    synthetic: bool,
    columns: int = 4,
) -> Path:
    """Predicted masks over the slice with most foreground, the 3D Dice of each case printed; radiological view.

    Args:
        session: the project.
        model: the run whose predictions are drawn.
        evaluation: its measured cases.
        names: cases to draw, at most ``columns`` of them.
        path: where the PNG goes.
        synthetic: whether the volumes are made up, which the figure then says.
        columns: how many cases.

    """
    scores = {case.case: case for case in evaluation.cases}
    chosen = sorted(names, key=natural_key)[:columns]
    figure = Figure(figsize=(3.2 * len(chosen), 3.9), dpi=130, facecolor="black")
    for column, record in enumerate(session.find(chosen)):
        view = session.open_case(record.id)
        mask = session.prediction(record.id, model)
        if mask is None:
            continue
        axes = figure.add_subplot(1, len(chosen), column + 1)
        index = int((mask > 0).sum(axis=(1, 2)).argmax())
        low, high = view.window
        aspect = view.spacing[1] / view.spacing[2]
        axes.imshow(view.image[index], cmap="gray", vmin=low, vmax=high, aspect=aspect)
        draw_mask(axes, mask[index], session.classes, aspect)
        lines = [f"{name} {score.dice:.2f}" for name, score in scores[record.name].scores.items()]
        title = f"{record.name}\n3D Dice: {', '.join(lines[:2])}\n{', '.join(lines[2:])}"
        axes.set_title(title, color="white", fontsize=7)
        axes.text(0.02, 0.5, view.letters["left"], color="white", transform=axes.transAxes, va="center", fontsize=8)
        axes.text(0.5, 0.97, view.letters["top"], color="white", transform=axes.transAxes, va="top", fontsize=8)
        axes.set_axis_off()
    kind = "Synthetic volumes (phantoms). " if synthetic else ""
    figure.text(0.5, 0.015, f"{kind}Radiological view. {_DISCLAIMER}", color="white", ha="center", fontsize=7)
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.05, top=0.85, wspace=0.03)
    figure.savefig(path, facecolor="black")
    return path


def curves(session: Session, path: Path, *, synthetic: bool) -> Path:
    """The loss of every learning run over its steps."""
    learning = [run for run in session.runs() if run.kind in ("pretrain", "finetune")]
    figure = Figure(figsize=(4.2 * max(1, len(learning)), 3.2), dpi=130)
    for column, run in enumerate(learning):
        axes = figure.add_subplot(1, len(learning), column + 1)
        losses = session.jobs.status(run.id).losses
        if losses:
            axes.plot(*zip(*losses, strict=True), color="#4A5ED0", linewidth=1.0)
        axes.set_title(f"{run.id}: {run.kind}{f' ({run.method})' if run.method else ''}", fontsize=9)
        axes.set_xlabel("step", fontsize=8)
        axes.set_ylabel("loss", fontsize=8)
        axes.tick_params(labelsize=7)
    note = f"Synthetic volumes (phantoms). {_DISCLAIMER}" if synthetic else _DISCLAIMER
    figure.text(0.5, 0.01, note, ha="center", fontsize=6)
    figure.subplots_adjust(bottom=0.2, left=0.1, right=0.98, wspace=0.3)
    figure.savefig(path)
    return path


def draw_mask(axes: Axes, mask: npt.NDArray[np.uint8], classes: Sequence[LabelClass], aspect: float) -> None:
    """Each class of a slice ``(row, column)``, filled thinly and outlined in its colour."""
    for label_class in classes:
        region = mask == label_class.value
        if region.any():
            rgba = np.zeros((*mask.shape, 4))
            rgba[region] = (*mpl.colors.to_rgb(label_class.colour), 0.35)
            axes.imshow(rgba, aspect=aspect)
            axes.contour(region, levels=[0.5], colors=[label_class.colour], linewidths=0.9)
