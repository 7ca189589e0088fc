"""What following suggestions brought, in words; the command line and the report say the same. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from slicelab.core.choices import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from slicelab.core.choices import Benefit

CHOICES = {
    Choice.COVERING: "suggested first (covering)",
    Choice.NEXT: "suggested next",
    Choice.EVEN: "evenly spaced",
    Choice.OWN: "own choice",
}
HEADS = ("Slices by", "Slices", "Cases", "Minutes", "Dice blind", "Dice assisted")
LEAST_SLICES = 10
"""Slices of one way measured blind below which nothing is said of it."""
LEAST_CASES = 3
"""Cases that those must come from: neighbouring slices of one case resemble each other."""


def choice_rows(found: Sequence[Benefit]) -> tuple[tuple[str, ...], ...]:
    """How slices came to be labelled, and the mean Dice before correction of those a model had a mask of."""
    return tuple(
        (
            CHOICES[one.choice],
            str(one.slices),
            str(one.cases),
            f"{one.seconds / 60:.1f}",
            _dice(one.blind_dice, one.blind),
            _dice(one.assisted_dice, one.assisted),
        )
        for one in found
    )


def followed(found: Sequence[Benefit]) -> str:
    """How many of the slices that are done a suggestion led to."""
    done = sum(one.slices for one in found)
    led = {one.choice: one.slices for one in found if one.choice is not Choice.OWN}
    if not done:
        return "No slice that was marked done by hand is done now."
    if not led:
        return f"No suggestion was followed: of {_slices(done)} marked done, all are the reader's own choice."
    ways = ", ".join(f"{count} {CHOICES[choice]}" for choice, count in led.items())
    return f"Suggestions led to {sum(led.values())} of {_slices(done)} marked done: {ways}."


def brought(found: Sequence[Benefit]) -> str:
    """What may be said of the ways, and of which too little is known; nothing where no suggestion was followed."""
    if all(one.choice is Choice.OWN for one in found):
        return ""
    few = [one for one in found if one.blind < LEAST_SLICES or one.blind_cases < LEAST_CASES]
    enough = [one for one in found if one not in few]
    parts = []
    if few:
        counted = ", ".join(f"{CHOICES[one.choice]} ({one.blind} of {_cases(one.blind_cases)})" for one in few)
        parts.append(
            f"Too few to say what was brought by: {counted}. That takes {LEAST_SLICES} slices measured blind, of "
            f"{LEAST_CASES} cases."
        )
    if enough:
        worth = ", ".join(f"{one.blind_dice:.2f} {CHOICES[one.choice]}" for one in enough)
        parts.append(
            f"Worth of the model's masks before correction, blind: {worth}. The lower, the more the model had to learn "
            "there; whether a training gained by it, this does not say."
        )
    parts.append("Readers chose themselves what to follow: this is no trial, and no interval is given.")
    return " ".join(parts)


def _dice(mean: float, slices: int) -> str:
    return f"{mean:.3f} ({slices})" if slices else "n/a"


def _slices(count: int) -> str:
    return "1 slice" if count == 1 else f"{count:,} slices"


def _cases(count: int) -> str:
    return "1 case" if count == 1 else f"{count} cases"
