"""Measures of every case and class as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from slicelab.core import metrics
from slicelab.core.labels import SliceState
from slicelab.core.slices import state_of
from slicelab.data.atomic import write_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from slicelab.core.splits import Leak
    from slicelab.data.store.records import MetricRecord
    from slicelab.engine.session import Session

COLUMNS = (
    "case",
    "patient",
    "class",
    "slices",
    "done",
    "draft",
    "volume_ml",
    "volume_is_complete",
    "labelling_minutes",
    "model",
    "dice",
    "hd95_mm",
    "assd_mm",
    "predicted_volume_ml",
    "measured_slices",
    "patient_was_trained_on",
    "patient_was_in_pool",
    "patient_was_used_for_validation",
)


def measures_table(session: Session, model: str | None) -> str:
    """One line a case and class, CSV with a head line; empty where a value is not defined.

    Volumes are of the labels, in mL; ``volume_is_complete`` says whether every slice is done for the class, without
    which a volume is only what was painted so far. Dice and distances are those last measured for ``model``.

    Args:
        session: the open project.
        model: the run that holds the model; None leaves its columns empty.

    """
    leaks = session.leaks(model) if model else {}
    measured = {(one.case_id, one.class_value): one for one in session.measured(model)} if model else {}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for case in session.cases():
        stack, states = session.labels.stack(case.id), session.labels.states(case.id)
        for item in session.classes:
            known = [state_of(one, item.value) for one in states]
            done = sum(state is SliceState.DONE for state in known)
            nothing = all(state is SliceState.UNLABELLED for state in known)
            volume = None if nothing else metrics.volume_ml(stack == item.value, session.spacing(case.id))
            writer.writerow(
                [
                    case.name,
                    case.patient,
                    item.name,
                    len(known),
                    done,
                    sum(state is SliceState.DRAFT for state in known),
                    _number(volume),
                    _yes(done == len(known)),
                    _number(case.seconds / 60),
                    *_of_model(model, measured.get((case.id, item.value)), leaks.get(case.id)),
                ]
            )
    return text.getvalue()


def write_measures(out: Path, session: Session, model: str | None) -> Path:
    """Write :func:`measures_table` to a file that replaces one of its name; returns it.

    Raises:
        OSError: the folder cannot be written.

    """
    write_bytes(out, measures_table(session, model).encode())
    return out


def _of_model(model: str | None, one: MetricRecord | None, leak: Leak | None) -> list[str]:
    if one is None or leak is None:
        return [model or "", *[""] * 8]
    return [
        one.run_id,
        _number(one.dice, 4),
        _number(one.hd95_mm),
        _number(one.assd_mm),
        _number(one.volume_ml),
        str(one.slices),
        _yes(leak.trained_on),
        _yes(leak.in_pool),
        _yes(leak.validated),
    ]


def _number(value: float | None, digits: int = 2) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _yes(true: bool) -> str:
    return "yes" if true else "no"
