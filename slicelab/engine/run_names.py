"""What runs are called where a person meets them: Model 1, Pretraining 2, in the order they were made. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NUMBERED = {"pretrain": "Pretraining", "finetune": "Model"}
_OTHERS = {
    "pretrain": "Pretraining without a result",
    "finetune": "Training without a model",
    "predict": "Prediction",
    "embed": "Map of slices",
    "compare": "Comparison",
    "crossvalidate": "Cross-validation",
}
_RUN = re.compile(r"\b(?:(R|r)un )?(r\d{4,})\b")


def run_names(runs: Iterable[tuple[str, str, bool]]) -> dict[str, str]:
    """The name of each run, by its id.

    Only what left weights is counted: a training that was stopped before it had any is no model.

    Args:
        runs: id, kind, and whether it left weights, oldest first; runs that were removed do not count.

    """
    names, counted = {}, dict.fromkeys(_NUMBERED, 0)
    for run_id, kind, has_weights in runs:
        if has_weights and kind in counted:
            counted[kind] += 1
            names[run_id] = f"{_NUMBERED[kind]} {counted[kind]}"
        else:
            names[run_id] = _OTHERS.get(kind, "Run")
    return names


def with_id(names: Mapping[str, str], run_id: str) -> str:
    """Such as ``Model 1 (r0002)``; the id alone where there is no name, as of a run that was removed."""
    return f"{names[run_id]} ({run_id})" if run_id in names else run_id


def by_name(words: str, names: Mapping[str, str]) -> str:
    """A sentence that calls runs by their ids, with their names instead; ids without a name stay."""
    return _RUN.sub(lambda found: names.get(found[2], found[0]), words)
