"""How long a training is, from its settings and from how much is labelled."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slicelab.jobs.settings import FinetuneSettings


def epoch_of(settings: FinetuneSettings, slices: int) -> int:
    """Optimiser steps of one pass over so many labelled slices, one at least."""
    return max(1, round(slices / settings.batch))


def steps_of(settings: FinetuneSettings, slices: int) -> int:
    """Optimiser steps of a training on so many labelled slices.

    So many epochs where they are given; otherwise ``steps``, or as many as ``passes`` over the slices take, if those
    are more.
    """
    if settings.epochs is not None:
        return settings.epochs * epoch_of(settings, slices)
    return max(settings.steps, math.ceil(settings.passes * slices / settings.batch))
