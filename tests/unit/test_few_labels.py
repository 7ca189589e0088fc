"""The record of the few-label benchmark: what is planned, what was done already, and what it supports."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def few_labels(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(root / "benchmarks")
    import few_labels

    yield few_labels
    sys.modules.pop("few_labels", None)
    sys.modules.pop("main_job", None)


ASKED = argparse.Namespace(
    name="prostate", steps=None, pretrain_steps=None, change=[], ns=[4, 1], draws=2, folds=[0, 1],
    arms=["random", "semi"],
)  # fmt: skip


def rows(few_labels: ModuleType, rng: np.random.Generator, gain: float) -> list[dict[str, Any]]:
    """A record in which one arm is better by a gain, cases and draws differ, and structures may be absent."""
    asked = argparse.Namespace(**{**vars(ASKED), "ns": [4], "draws": 12})
    hard, lucky = rng.normal(0, 0.1, (2, 6)), rng.normal(0, 0.1, (2, 12))
    made = []
    for row in few_labels.planned(asked):
        better = gain if row["arm"] == "semi" else 0.0
        base = 0.6 + lucky[row["fold"], row["draw"]] + better
        cases = {
            f"case{row['fold']}{k}": {"a": base + hard[row["fold"], k] + rng.normal(0, 0.02), "b": None}
            for k in range(6)
        }
        made.append({**row, "cases": cases})
    return made


def test_what_stands_first_in_the_lists_is_done_first_and_each_draw_is_finished_for_all_arms(
    few_labels: ModuleType,
) -> None:
    plan = [(row["n"], row["draw"], row["fold"], row["arm"]) for row in few_labels.planned(ASKED)]
    assert plan[:4] == [(4, 0, 0, "random"), (4, 0, 0, "semi"), (4, 0, 1, "random"), (4, 0, 1, "semi")]
    assert len(set(plan)) == len(plan) == 16
    assert plan[8][0] == 1


def test_a_finished_draw_is_known_again_and_a_torn_line_is_not(few_labels: ModuleType, tmp_path: Path) -> None:
    first, second, *_ = few_labels.planned(ASKED)
    record = tmp_path / "record.jsonl"
    record.write_text(json.dumps({**first, "cases": {}}) + "\n" + json.dumps(second)[:30])
    done = {few_labels.key_of(row) for row in few_labels.read(record)}
    assert few_labels.key_of(first) in done
    assert few_labels.key_of(second) not in done
    assert few_labels.key_of({**first, "steps": 10}) not in done


def test_a_paired_gain_is_established_though_draws_and_cases_differ_by_more(
    few_labels: ModuleType, rng: np.random.Generator
) -> None:
    base, semi = few_labels.summary(rows(few_labels, rng, 0.05))
    assert (base["arm"], semi["arm"], semi["draws"]) == ("random", "semi", 24)
    assert "difference" not in base
    assert semi["difference"]["mean"] == pytest.approx(0.05, abs=0.01)
    assert semi["difference"]["established"]
    assert semi["sd_draws"] > 0.03
    low, high = semi["difference"]["interval"]
    assert low < 0.05 < high


def test_draws_that_only_one_arm_has_are_not_compared(few_labels: ModuleType, rng: np.random.Generator) -> None:
    made = [row for row in rows(few_labels, rng, 0.05) if row["arm"] == "semi" or row["draw"] == 3]
    semi = few_labels.summary(made)[1]
    assert semi["difference"]["paired_draws"] == 2
    assert semi["difference"]["interval"] is None
    assert not semi["difference"]["established"]
