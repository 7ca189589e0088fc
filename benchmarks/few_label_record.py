"""The record of the few-label benchmark: JSON lines of finished draws, and the comparisons they support."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from slicelab.core.crossed import crossed_difference

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

Row = dict[str, Any]
Scores = dict[str, dict[str, float | None]]
"""Case to class to Dice; None where the structure is in neither mask."""

AS_DELIVERED: Row = {"steps": None, "pretrain_steps": None, "pretrain_seed": 0, "change": []}
"""Nothing changed of the preset; a record of before there was a seed of pretraining means 0."""
BASES = ("random", "contrastive")
"""Arms that all others are held against."""


def value_of(row: Row, name: str) -> Any:
    """What a row says of one of its settings."""
    return row.get(name, AS_DELIVERED.get(name))


def key_of(row: Row) -> tuple[str, ...]:
    """What a draw is known by."""
    return tuple(json.dumps(value_of(row, name)) for name in ("set", *AS_DELIVERED, "n", "fold", "draw", "arm"))


def read(record: Path) -> list[Row]:
    """The finished draws; a line that was torn when the power went is done again."""
    rows = []
    for line in record.read_text("utf-8").splitlines() if record.exists() else []:
        try:
            rows.append(json.loads(line))
        except ValueError:
            continue
    return rows


def append(record: Path, row: Row) -> None:
    """Keep a finished draw; on a line of its own, also after one that was torn when the power went."""
    record.parent.mkdir(parents=True, exist_ok=True)
    torn = record.exists() and not record.read_bytes().endswith(b"\n")
    with record.open("a", encoding="utf-8") as lines:
        lines.write(("\n" if torn else "") + json.dumps(row) + "\n")


def case_means(scores: Scores) -> dict[str, float]:
    """Case to the mean over its classes; one that shows none is left out."""
    known = {name: [v for v in classes.values() if v is not None] for name, classes in scores.items()}
    return {name: sum(values) / len(values) for name, values in known.items() if values}


def mean_dice(scores: Scores) -> float:
    """The mean over cases of their mean over classes."""
    return round(float(np.mean(list(case_means(scores).values()))), 4)


def table_of(rows: list[Row]) -> npt.NDArray[np.float64]:
    """Case means of one arm and fold, ``(draw, case)``, in the order of draws and of case names."""
    ordered = sorted(rows, key=lambda row: row["draw"])
    return np.array([[value for _, value in sorted(case_means(row["cases"]).items())] for row in ordered])


def spread(rows: list[Row]) -> Row:
    """An arm's mean and spread, and the mean of each class."""
    per_fold = [table_of([row for row in rows if row["fold"] == fold]) for fold in sorted({r["fold"] for r in rows})]
    cases = np.concatenate([one.mean(axis=0) for one in per_fold])
    draws = [mean for one in per_fold for mean in one.mean(axis=1)]
    by_class: dict[str, list[float]] = {}
    for row in rows:
        for classes in row["cases"].values():
            for name, value in classes.items():
                by_class.setdefault(name, []).extend([] if value is None else [value])
    return {
        "draws": len(rows),
        "mean": round(float(cases.mean()), 4),
        "sd_draws": round(float(np.std(draws, ddof=1)), 4) if len(draws) > 1 else None,
        "sd_cases": round(float(np.std(cases, ddof=1)), 4) if len(cases) > 1 else None,
        "classes": {name: round(float(np.mean(values)), 4) for name, values in by_class.items() if values},
    }


def difference(rows: list[Row], base: list[Row]) -> Row | None:
    """The mean difference to a base, on the draws of each fold that both have; None where there are none."""
    gaps = []
    for fold in sorted({row["fold"] for row in rows}):
        theirs = {row["draw"]: row for row in base if row["fold"] == fold}
        both = [row for row in rows if row["fold"] == fold and row["draw"] in theirs]
        if both:
            gaps.append(table_of(both) - table_of([theirs[row["draw"]] for row in both]))
    if not gaps:
        return None
    gap = crossed_difference(gaps)
    return {
        "mean": round(gap.mean, 4),
        "interval": None if math.isnan(gap.low) else [round(gap.low, 4), round(gap.high, 4)],
        "p": None if math.isnan(gap.p) else float(f"{gap.p:.2g}"),
        "established": gap.established,
        "paired_draws": sum(len(one) for one in gaps),
    }


def also_measured(rows: list[Row]) -> Row:
    """What another way to predict by the same trained networks changes: each way to its difference."""
    told = {}
    for text in sorted({text for row in rows for text in row.get("also", {})}):
        having = [row for row in rows if text in row.get("also", {})]
        told[text] = difference([{**row, "cases": row["also"][text]} for row in having], having)
    return told


def summary(rows: list[Row], arms: Iterable[str]) -> list[Row]:
    """Every comparison that the record supports: with random and contrastive starts, and with what is delivered."""
    settings = ("set", *AS_DELIVERED, "n")
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(json.dumps([value_of(row, name) for name in settings]), []).append(row)
    told = []
    for group in groups.values():
        common = {name: value_of(group[0], name) for name in settings}
        delivered = groups.get(json.dumps([AS_DELIVERED.get(name, common[name]) for name in settings]), [])
        for arm in arms:
            own = [row for row in group if row["arm"] == arm]
            if not own:
                continue
            bases = BASES[: BASES.index(arm)] if arm in BASES else BASES  # a pair of arms is compared once
            held = {base: difference(own, [row for row in group if row["arm"] == base]) for base in bases}
            if delivered is not group:
                held["delivered"] = difference(own, [row for row in delivered if row["arm"] == arm])
            told.append(
                {
                    **common, "arm": arm, **spread(own), "also": also_measured(own),
                    "differences": {name: found for name, found in held.items() if found},
                }
            )  # fmt: skip
    return told


def table(told: list[Row]) -> list[str]:
    """A summary as lines of a Markdown table, in Dice points; what is established is set bold."""
    names = (*BASES, "delivered")
    lines = [
        f"| set | N | arm | draws | Dice (sd over draws) | {' | '.join(f'against {name}' for name in names)} |",
        "|" + "---|" * (5 + len(names)),
    ]
    for row in told:
        changes = [*row["change"], *(f"{name}={row[name]}" for name in AS_DELIVERED if row[name] and name != "change")]
        arm = row["arm"] + (f", {' '.join(changes)}" if changes else "")
        sd = "" if row["sd_draws"] is None else f" ({row['sd_draws']:.3f})"
        held = [in_points(row["differences"].get(name)) for name in names]
        lines.append(
            f"| {row['set']} | {row['n']} | {arm} | {row['draws']} | {row['mean']:.3f}{sd} | {' | '.join(held)} |"
        )
        for way, found in row["also"].items():
            lines.append(f"| {row['set']} | {row['n']} | {arm}, {way} | {row['draws']} | | | | {in_points(found)} |")
    return lines


def in_points(found: Row | None) -> str:
    """A difference in Dice points (hundredths) with its interval and the number of paired draws."""
    if found is None:
        return ""
    said = f"{100 * found['mean']:+.1f}"
    if found["interval"] is not None:
        said += " [{:+.1f}, {:+.1f}]".format(*(100 * end for end in found["interval"]))
    return (f"**{said}**" if found["established"] else said) + f" of {found['paired_draws']}"
