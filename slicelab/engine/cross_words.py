"""What a cross-validation says, in sentences; the window, the command line and the report say the same. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from slicelab.core.cross_validation import LEAST_PATIENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from slicelab.core.cross_validation import Compared, Interval
    from slicelab.core.crossed import Difference
    from slicelab.engine.crossvalidating import CrossResult

    Said = Callable[[str], str]

_ALIKE = "The figures do not vary, so that there is no interval."
_FEW = 10
"""Patients below which an interval is said to be that of few."""
_VERDICTS = {
    "better": "worth it on your labels",
    "worse": "worse than from scratch on your labels",
    "not established": "not established on your labels",
}


def worth(found: CrossResult, said: Said = str) -> str:
    """Whether pretraining was worth it, in one sentence with its interval.

    Args:
        found: a comparison.
        said: puts each part, a template with names in braces, into a language; English as it is.

    """
    one = found.comparison
    if one is None:
        return said("Nothing to compare: no held-out slice shows a class that could be learned.")
    counted = f"{_count(one.patients, 'patient', said)}, {_count(one.repeats, 'repeat', said)}"
    facts = [span(one.difference, said), counted, said("transductive") if found.in_pool else ""]
    return said("Pretraining: {points} Dice points ({facts}): {verdict}").format(
        points=points(one.difference.mean),
        facts="; ".join(fact for fact in facts if fact),
        verdict=said(_VERDICTS[one.verdict]),
    )


def span(difference: Difference, said: Said = str) -> str:
    """The interval of a difference, in Dice points."""
    if math.isnan(difference.low):
        return said("no interval")
    return said("95 % interval {low} to {high}").format(
        low=points(difference.low, "-"), high=points(difference.high, "-")
    )


def worth_explained(found: CrossResult, said: Said = str) -> str:
    """What must be known before believing a comparison; arguments as of :func:`worth`."""
    one = found.comparison
    if one is None:
        return changed(found, said)
    parts = [
        said(
            "Mean held-out Dice {pretrained} from the pretraining, {random} from scratch; same folds and seeds."
        ).format(pretrained=f"{one.pretrained:.2f}", random=f"{one.random:.2f}"),
        _far(one, found.folds, said),
        left_out(found.left_out, said),
        transductive(found, said),
        led(found, said),
        changed(found, said),
    ]
    return " ".join(part for part in parts if part)


def _far(one: Compared, folds: int, said: Said) -> str:
    if math.isnan(one.difference.low):
        if one.repeats > 1 and one.patients >= 2 * folds:
            return said(_ALIKE)
        return said("An interval needs two repeats and two patients in every fold: label four patients or more.")
    if one.patients < _FEW:
        return said("Few patients: the interval is wide, and a difference within it may be chance.")
    return ""


def crossed(found: CrossResult, said: Said = str) -> str:
    """Cross-validated Dice in one sentence with its interval; arguments as of :func:`worth`."""
    if found.crossed is None:
        return said("n/a: no class is in either mask.")
    one = found.crossed.dice
    facts = [interval(one, said), _count(one.patients, "patient", said), said("transductive") if found.in_pool else ""]
    return said("{mean} ({facts})").format(mean=f"{one.mean:.2f}", facts="; ".join(fact for fact in facts if fact))


def interval(one: Interval, said: Said = str) -> str:
    """The interval of a mean Dice."""
    if not one.told:
        return said("no interval")
    return said("95 % interval {low} to {high}").format(low=f"{one.low:.2f}", high=f"{one.high:.2f}")


def crossed_explained(found: CrossResult, said: Said = str) -> str:
    """What must be known before believing it; arguments as of :func:`worth`."""
    parts = [
        said(
            "Each patient was measured by a training on the others ({folds} folds), so this says how well trainings "
            "like yours do, not one model."
        ).format(folds=found.folds)
    ]
    if found.crossed is not None and not found.crossed.dice.told:
        few = found.crossed.dice.patients < LEAST_PATIENTS
        needs = said("An interval needs {least} patients.").format(least=LEAST_PATIENTS)
        parts.append(needs if few else said(_ALIKE))
    elif found.patients < _FEW:
        parts.append(said("Few patients: the interval is rough."))
    parts += [left_out(found.left_out, said), transductive(found, said), led(found, said), changed(found, said)]
    return " ".join(part for part in parts if part)


def transductive(found: CrossResult, said: Said = str) -> str:
    """The mark of a figure that a pretraining's look at held-out images may flatter; nothing where it had none."""
    if not found.in_pool:
        return ""
    return said(
        "Transductive: the pretraining saw images, without labels, of {seen} of {patients} held-out patients; on new "
        "patients the figure may be lower."
    ).format(seen=found.in_pool, patients=found.patients)


def left_out(cases: int, said: Said = str) -> str:
    """That so many cases were kept for testing; nothing where none was."""
    if not cases:
        return ""
    if cases == 1:
        return said("1 case is left out for testing, and in no fold.")
    return said("{count} cases are left out for testing, and in no fold.").format(count=cases)


def led(found: CrossResult, said: Said = str) -> str:
    """That labels were a model's own masks, which flatters; nothing where none was."""
    if not found.led:
        return ""
    return said("{led} of {slices} slices are a model's mask taken over unchanged, which is optimistic.").format(
        led=found.led, slices=found.slices
    )


def changed(found: CrossResult, said: Said = str) -> str:
    """That the labels are others by now; nothing where they are not."""
    if not found.changed:
        return ""
    if found.changed == 1:
        return said("The labels changed since: 1 slice. Measure again.")
    return said("The labels changed since: {count} slices. Measure again.").format(count=found.changed)


def points(difference: float, sign: Literal["+", "-"] = "+") -> str:
    """A difference of Dice in points (hundredths); ``sign`` as in a format: "+" also before positive ones."""
    said = f"{100.0 * difference:{sign}.1f}"
    return "0.0" if said in ("+0.0", "-0.0") else said.replace("-", "−")


def _count(count: int, one: str, said: Said) -> str:
    return said(f"1 {one}") if count == 1 else said(f"{{count}} {one}s").format(count=count)
