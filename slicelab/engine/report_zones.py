"""A figure of prostate zones for projects that label the prostate and no zones of it: made of phantoms, and said so.

It ships with the application, with how it was made and what was measured; ``packaging/zones_figure.py`` makes it anew.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from slicelab.core.labels import class_key
from slicelab.core.resources import resource
from slicelab.engine.report_page import Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from slicelab.core.labels import LabelClass
    from slicelab.engine.report_page import Part

_PROSTATE = re.compile(r"\bpr[oó]stat")
_ZONE = re.compile(
    r"\b(zon[ea]s?|\w+zonen?|central gland|zentrale drüse|transition(al)?|peripheral|fibromuscular|stroma|"
    r"[cptaf]z|cg)\b"
)


def zones_wanted(classes: Sequence[LabelClass]) -> bool:
    """Whether a class is the prostate, and none a zone of it, by their names (English, German and abbreviated)."""
    keys = [class_key(item.name) for item in classes]
    return any(map(_PROSTATE.search, keys)) and not any(map(_ZONE.search, keys))


def zone_parts(classes: Sequence[LabelClass]) -> Iterable[Part]:
    """The figure with its caption where zones are wanted; nothing elsewhere.

    Raises:
        SlicelabError: the installation lacks the figure.

    """
    if zones_wanted(classes):
        facts: dict[str, Any] = json.loads(resource("report/zones.json").read_bytes())
        yield Picture(resource("report/zones.png").read_bytes(), _caption(facts))


def _caption(facts: Mapping[str, Any]) -> str:
    before, after, measured = facts["pretraining"], facts["finetuning"], facts["measured"]
    means = "; ".join(f"{count} labelled volumes: {_dice(one['mean'])}" for count, one in measured.items())
    return (
        "Zones of the prostate in synthetic volumes (phantoms, no patients). This is no result of this project, which "
        "labels no zones. Central gland olive, peripheral zone cyan; radiological view. Left: the phantom's own zones. "
        "Beside them: the mask of a model that never met these volumes, with the 3D Dice of the whole volume; "
        f"pretrained ({before['method']}, {before['steps']} steps) on {before['volumes']} volumes, finetuned "
        f"({after['steps']} steps) on the labels of {' and of '.join(measured)} of them. Mean 3D Dice over the "
        f"{facts['tested']} volumes tested: {means}. Made with slicelab {facts['slicelab']}, seed {facts['seed']}. "
        "Research use only."
    )


def _dice(mean: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in mean.items())
