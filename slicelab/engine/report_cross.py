"""What a report says of cross-validation: the newest figures, each with its interval and its marks."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from slicelab.engine.cross_words import crossed, crossed_explained, points, span, worth, worth_explained
from slicelab.engine.report_page import Table, Words
from slicelab.engine.report_words import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slicelab.engine.crossvalidating import CrossResult, Standing
    from slicelab.engine.report_page import Part

NOTHING = "Not measured: no cross-validation, and no comparison of a pretraining with random weights, has finished."


def cross_parts(standing: Standing) -> Iterable[Part]:
    """The parts of the section."""
    if standing.crossvalidate is None and standing.compare is None:
        yield Words(NOTHING)
        return
    yield Words(
        "Labelled patients are dealt into folds; each fold is measured (3D Dice on the slices that are done) by "
        "trainings on the others, which learned no label of its patients. Means are over patients. Interval of a mean: "
        "Student's t over patients. Of a difference: seeds and patients as crossed random effects within each fold, "
        "Satterthwaite's degrees of freedom; classes that the reference does not show are left out. The trainings "
        "share patients, so that intervals are approximate."
    )
    if standing.crossvalidate is not None:
        yield from _crossed(standing.crossvalidate)
    if standing.compare is not None:
        yield from _compared(standing.compare)


def _crossed(found: CrossResult) -> Iterable[Part]:
    start = f"from {found.init}" if found.init else "from random weights"
    yield Words(f"{found.run}, {start}. Cross-validated Dice: {crossed(found)}. {crossed_explained(found)}")
    rows = tuple(
        (
            found.names[value],
            number(one.mean),
            f"{number(one.low)} to {number(one.high)}" if one.told else "n/a",
            str(one.patients),
        )
        for value, one in (found.crossed.classes.items() if found.crossed else ())
    )
    if rows:
        yield Table(("Class", "Held-out Dice", "95 % interval", "Patients"), rows)


def _compared(found: CrossResult) -> Iterable[Part]:
    yield Words(f"{found.run}, {found.init} against random weights. {worth(found)}. {worth_explained(found)}")
    rows = tuple(
        (
            found.names[value],
            points(one.mean),
            "n/a" if math.isnan(one.low) else span(one).removeprefix("95 % interval "),
        )
        for value, one in (found.comparison.classes.items() if found.comparison else ())
    )
    if rows:
        yield Table(("Class", "Pretrained minus random, Dice points", "95 % interval"), rows)
