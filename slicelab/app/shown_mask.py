"""What a network makes of a case, read to be shown beside the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from slicelab.app.mask_choice import Choice
    from slicelab.engine.session import Session


@dataclass(frozen=True, eq=False)
class ShownMask:
    """What a network makes of a case.

    Attributes:
        stack: ``(slice, row, column)`` uint8 class values.
        words: what it is, beside the picture.
        short: the same where there is little room.
        run: the training it is from.
        hidden: slices that are kept blind: nothing is drawn there until they are done.
        final: whether it may be accepted; a preview may not.
        classes: class values the model knows; of others the mask says nothing.

    """

    stack: npt.NDArray[np.uint8]
    words: str
    short: str
    run: str
    hidden: frozenset[int]
    final: bool
    classes: frozenset[int]


def read_shown(session: Session, choice: Choice, case_id: str) -> ShownMask | None:
    """The mask of a case that is chosen; None where there is none.

    Raises:
        UnreadableFileError: the mask is damaged or gone.

    """
    mask = choice.of(case_id, session.models_for(case_id))
    if mask is None:
        return None
    preview = mask.kind == "preview"
    stack = session.preview(mask.run, case_id) if preview else session.prediction(case_id, mask.run)
    if stack is None:
        return None
    corrections = session.review.corrections
    return ShownMask(
        stack, mask.words, mask.short, mask.run, corrections.hidden(case_id), mask.final, corrections.known_to(mask.run)
    )
