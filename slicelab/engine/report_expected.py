"""What a report says of the expected Dice: how it held on labelled cases, never what it says of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.expected import LARGEST_ERROR, LEAST_CORRELATION, LEAST_PATIENTS
from slicelab.engine.report_page import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from slicelab.engine.expecting import Expecting
    from slicelab.engine.report_page import Part


def expected_parts(expecting: Expecting, model: str | None) -> Iterable[Part]:
    """Expected against measured Dice with the limits it is judged by; nothing where nothing is calibrated.

    Raises:
        UnreadableFileError: a mask is damaged.

    """
    line = expecting.of(model).calibration if model is not None else None
    if line is None or not line.held:
        return
    from slicelab.engine.report_figures import calibration  # matplotlib is slow to import

    judged = "reliable" if line.reliable else "not reliable"
    yield Picture(
        calibration(line.held),
        "Expected Dice, from how sure the model is of its masks, against measured Dice: one dot a labelled case that "
        "it did not learn from (mean over its classes), expected without its patient; dashed: as expected. Over "
        f"{line.patients} patients it was off by {line.error:.3f} on average, rank correlation {line.correlation:.2f}: "
        f"{judged} (at least {LEAST_PATIENTS} patients, at most {LARGEST_ERROR}, at least {LEAST_CORRELATION}).",
    )
