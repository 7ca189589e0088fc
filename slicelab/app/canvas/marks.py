"""What is drawn over a slice: outlines of labels and prediction, and where the two, or two models, differ. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from slicelab.app.canvas.difference import difference_colours
from slicelab.app.canvas.outlines import outlines
from slicelab.app.canvas.overlay import OTHER_READER, Outline, Patch

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from slicelab.app.canvas.tools import MaskLook
    from slicelab.core.labels import LabelClass

    Mask = npt.NDArray[np.uint8]


def drawn_outlines(
    labels: Mask | None,
    prediction: Mask | None,
    look: MaskLook,
    classes: Sequence[LabelClass],
    other: Mask | None = None,
) -> tuple[Outline, ...]:
    """Outlines of one slice: labels solid, prediction dashed, another reader's in a colour that no class has.

    Args:
        labels: ``(row, column)`` uint8; None where there are none.
        prediction: likewise.
        look: what of them is shown.
        classes: the project's classes.
        other: another reader's labels, ``(row, column)`` uint8.

    """
    drawn: list[Outline] = []
    shown = [item for item in classes if item.value not in look.hidden]
    if prediction is not None and look.prediction:
        mask = np.ascontiguousarray(prediction)
        drawn += [Outline(outlines(mask, item.value), item.colour, style="dashed") for item in shown]
    if labels is not None and look.shown and look.style != "fill":
        mask = np.ascontiguousarray(labels)
        drawn += [Outline(outlines(mask, item.value), item.colour) for item in shown]
    if other is not None and look.shown:
        mask = np.ascontiguousarray(other)
        drawn += [Outline(outlines(mask, item.value), OTHER_READER, style="other") for item in shown]
    return tuple(one for one in drawn if one.lines)


def missed_and_extra(
    labels: Mask, prediction: Mask, compared: npt.NDArray[np.bool_] | None, value: int, classes: Sequence[LabelClass]
) -> tuple[Patch, ...]:
    """What the prediction misses of a class on a slice, and has too much; nothing where nothing is labelled.

    Args:
        labels: ``(row, column)`` uint8.
        prediction: likewise.
        compared: where the two can be compared, ``(row, column)``; None for everywhere.
        value: the class.
        classes: the project's classes, whose colours are not taken again.

    """
    if compared is not None and not compared.any():
        return ()  # nothing is labelled here: the legend says so
    ours, theirs = prediction == value, labels == value
    if compared is not None:
        ours, theirs = ours & compared, theirs & compared
    missed, extra = difference_colours(tuple(item.colour for item in classes))
    return (Patch(theirs & ~ours, missed, True, "Missed"), Patch(ours & ~theirs, extra, False, "Extra"))
