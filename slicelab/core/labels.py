"""Classes, and what a slice's label says about each of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from slicelab.core.errors import SlicelabError

# In the order classes are created: Okabe-Ito, then those farthest from all (CIE76) for the eye that sees least of
# it, be it usual, protanopic, deuteranopic or tritanopic (Machado et al. 2009), and bright on black.
_OKABE_ITO = ("#D55E00", "#56B4E9", "#F0E442", "#CC79A7", "#0072B2", "#009E73", "#E69F00")
CLASS_COLOURS = (*_OKABE_ITO, "#962DFF", "#C3F0D2", "#E1004B", "#00FF87", "#9678FF")
MAX_CLASSES = 250
_MIXED = 0.45
_BRIGHT = 0.25


@dataclass(frozen=True)
class LabelClass:
    """A structure to segment: class k has label value k in every mask; 0 is background."""

    value: int
    name: str
    colour: str


class SliceState(StrEnum):
    """What is known of one class on one slice.

    ``UNLABELLED``: nothing; never read as background. ``DRAFT``: painted, not confirmed, not trained on.
    ``DONE``: confirmed; a done slice without a voxel of the class is *verified empty*.
    """

    UNLABELLED = "unlabelled"
    DRAFT = "draft"
    DONE = "done"


class Origin(StrEnum):
    """Where a slice's mask came from."""

    PAINTED = "painted"
    IMPORTED = "imported"
    INTERPOLATED = "interpolated"
    ACCEPTED = "accepted"  # from a run's prediction
    PHANTOM = "phantom"  # the generator's ground truth: synthetic


def make_classes(names: list[str]) -> tuple[LabelClass, ...]:
    """Classes with values 1, 2, ... for names in order.

    Raises:
        SlicelabError: no name, an empty or repeated name, background, or more than 250.

    """
    cleaned = [" ".join(name.split()) for name in names]
    if not cleaned or not all(cleaned):
        raise SlicelabError("A project needs at least one class, each with a name.", 'For example: "liver,spleen".')
    if glued := next((name for name in cleaned if ";" in name or "\t" in name or "|" in name), None):
        raise SlicelabError(f"{glued!r} reads like several classes.", 'Separate them with commas: "liver,spleen".')
    keys = [class_key(name) for name in cleaned]
    if "background" in keys:
        raise SlicelabError("Background is not a class: it has the value 0 in every mask.", "Leave it out.")
    twice = sorted({name for name, key in zip(cleaned, keys, strict=True) if keys.count(key) > 1})
    if twice:
        raise SlicelabError(f"The class name {twice[0]!r} appears more than once.", "Give each class its own name.")
    if len(cleaned) > MAX_CLASSES:
        raise SlicelabError(f"A project can have at most {MAX_CLASSES} classes.")
    return tuple(LabelClass(k, name, class_colour(k)) for k, name in enumerate(cleaned, start=1))


def class_colour(value: int) -> str:
    """``#RRGGBB`` of class ``value`` (from 1) as it is created.

    Each of the first 12 has its own; the next 12 have a shade of it, of the bright ones a darker, of the dark ones a
    lighter; then they repeat.
    """
    turn, at = divmod(value - 1, len(CLASS_COLOURS))
    own = CLASS_COLOURS[at]
    if turn % 2 == 0:
        return own
    parts = [int(own[place : place + 2], 16) for place in (1, 3, 5)]
    light = sum(weight * (part / 255) ** 2.2 for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))
    goal = 0 if light > _BRIGHT else 255
    return "#" + "".join(f"{round(part + _MIXED * (goal - part)):02X}" for part in parts)


def class_key(name: str) -> str:
    """The form in which class names are compared: case, spaces, hyphens and underscores do not count."""
    return re.sub(r"[\s_\-]+", " ", name).strip().casefold()


def match_classes(found: dict[str, int], classes: tuple[LabelClass, ...]) -> tuple[dict[int, int], tuple[str, ...]]:
    """Match a data set's structures to a project's classes by name.

    Args:
        found: structure name to value in the data set's masks (background, value 0, is skipped).
        classes: the project's classes.

    Returns:
        ``(values, ignored)``: mask value to class value, and the names of structures no class asks for.

    """
    by_name = {class_key(c.name): c.value for c in classes}
    values = {value: by_name[class_key(name)] for name, value in found.items() if value and class_key(name) in by_name}
    ignored = tuple(name for name, value in found.items() if value and class_key(name) not in by_name)
    return values, ignored


_SIDED = re.compile(
    r"\b(left|right|lt|rt|l|r|liver|hepatic|spleen|stomach|heart|pancreas|aorta|cava|ivc|gall ?bladder|colon)\b", re.I
)
_MIDLINE = re.compile(
    r"\b(prostate|gland|zone|bladder|uterus|cervix|vagina|rectum|penis|urethra|seminal vesicles|femoral heads|femurs|"
    r"sacrum|coccyx|spine|spinal cord|vertebrae?|vertebral bod(y|ies)|dis[ck]s?|brain|skull|brainstem|fat|muscles?|"
    r"lesions?|tumou?rs?|metastas[ei]s|cysts?)\b",
    re.I,
)


def flip_allowed(classes: tuple[LabelClass, ...]) -> bool:
    """Whether a left-right mirrored picture is still true of these classes.

    Only where every class is known to lie in the midline, or on either side (a lesion); what is not known, be it the
    liver, a sided organ or a name in another language, is never mirrored: a wrong mirror teaches silently, a missing
    one costs a little variety.
    """
    keys = [class_key(c.name) for c in classes]
    return all(_MIDLINE.search(key) and not _SIDED.search(key) for key in keys)
