"""The record of the few-label benchmark: what is planned, what was done already, and what it supports."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from slicelab.data.snapshot import CaseLabels


@pytest.fixture
def few_labels(root: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(root / "benchmarks")
    import few_labels

    yield few_labels
    for name in ("few_labels", "few_label_study", "few_label_record", "main_job"):
        sys.modules.pop(name, None)


ASKED = argparse.Namespace(
    name="prostate", steps=None, pretrain_steps=None, pretrain_seed=0, change=[], ns=[4, 1], draws=2, folds=[0, 1],
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


def raised(cases: dict[str, dict[str, Any]], gain: float) -> dict[str, dict[str, Any]]:
    return {name: {**classes, "a": classes["a"] + gain} for name, classes in cases.items()}


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
    base, semi = few_labels.summary(rows(few_labels, rng, 0.05), few_labels.ARMS)
    assert (base["arm"], semi["arm"], semi["draws"]) == ("random", "semi", 24)
    assert base["differences"] == {}
    found = semi["differences"]["random"]
    assert found["mean"] == pytest.approx(0.05, abs=0.01)
    assert found["established"]
    assert semi["sd_draws"] > 0.03
    assert semi["classes"] == {"a": pytest.approx(semi["mean"], abs=1e-3)}
    low, high = found["interval"]
    assert low < 0.05 < high


def test_draws_that_only_one_arm_has_are_not_compared(few_labels: ModuleType, rng: np.random.Generator) -> None:
    made = [row for row in rows(few_labels, rng, 0.05) if row["arm"] == "semi" or row["draw"] == 3]
    found = few_labels.summary(made, few_labels.ARMS)[1]["differences"]["random"]
    assert found["paired_draws"] == 2
    assert found["interval"] is None
    assert not found["established"]


def test_a_changed_setting_is_held_against_the_same_arm_as_delivered_on_the_same_draws(
    few_labels: ModuleType, rng: np.random.Generator
) -> None:
    delivered = rows(few_labels, rng, 0.0)
    longer = [{**row, "steps": 800, "cases": raised(row["cases"], 0.03)} for row in delivered if row["draw"] < 4]
    told = few_labels.summary(delivered + longer, few_labels.ARMS)
    assert [(one["steps"], one["arm"]) for one in told] == [
        (None, "random"), (None, "semi"), (800, "random"), (800, "semi"),
    ]  # fmt: skip
    assert "delivered" not in told[0]["differences"]
    found = told[2]["differences"]["delivered"]
    assert (found["mean"], found["paired_draws"]) == (pytest.approx(0.03), 8)


def test_another_way_to_predict_is_held_against_the_first_by_the_same_networks(
    few_labels: ModuleType, rng: np.random.Generator
) -> None:
    way = "predict.test_time_augmentation=true"
    made = [{**row, "also": {way: raised(row["cases"], 0.01)}} for row in rows(few_labels, rng, 0.0)]
    made[0].pop("also")
    found = few_labels.summary(made, few_labels.ARMS)[0]["also"][way]
    assert (found["mean"], found["paired_draws"]) == (pytest.approx(0.01), 23)


def test_the_table_says_differences_in_points_with_their_interval_and_what_is_established_in_bold(
    few_labels: ModuleType, rng: np.random.Generator
) -> None:
    made = rows(few_labels, rng, 0.05)
    alone = [{**made[1], "steps": 800, "also": {"predict.largest_component=false": made[0]["cases"]}}]
    lines = few_labels.table(few_labels.summary(made + alone, few_labels.ARMS))
    assert len({line.count("|") for line in lines}) == 1
    random, semi, longer, other_way = lines[2:]
    assert random.startswith("| prostate | 4 | random | 24 | 0.")
    assert random.endswith("|  |  |  |")
    assert re.search(r"[|] [*][*][+][45][.][0-9] .*[]][*][*] of 24 [|]", semi)
    assert "| semi, steps=800 | 1 |" in longer
    assert longer.endswith("|  |  | +0.0 of 1 |")
    assert "semi, steps=800, predict.largest_component=false" in other_way


def test_a_record_of_before_there_were_seeds_of_pretraining_is_known_again(few_labels: ModuleType) -> None:
    row = next(few_labels.planned(ASKED))
    old = {name: value for name, value in row.items() if name != "pretrain_seed"}
    assert few_labels.key_of(old) == few_labels.key_of(row)
    assert few_labels.key_of({**row, "pretrain_seed": 1}) != few_labels.key_of(row)


def test_finetuning_settings_leave_a_pretraining_as_it_is_and_pool_settings_do_not(few_labels: ModuleType) -> None:
    row = next(few_labels.planned(ASKED))
    same = {**row, "change": ["finetune.lr=1e-3", "predict.largest_component=false"]}
    assert few_labels.tag_of(same) == few_labels.tag_of(row) == "b7f343d0"
    assert few_labels.tag_of({**row, "change": ["pool.n4=true"]}) != few_labels.tag_of(row)
    own = [text for arm in few_labels.ARMS.values() for text in arm.changes]
    assert all(text.startswith(("finetune.", "predict.")) for text in own)


def test_as_many_slices_as_whole_cases_have_are_spread_evenly(few_labels: ModuleType) -> None:
    from few_label_study import thinned

    masks = np.arange(24, dtype=np.uint8)[:, None, None] + np.zeros((24, 2, 2), np.uint8)
    labels = CaseLabels("c0001", np.arange(24, dtype=np.int32), masks, np.ones((24, 1), bool))
    few = thinned(labels, 6)
    assert few.slices.tolist() == [2, 6, 10, 14, 18, 22]
    assert few.masks[:, 0, 0].tolist() == few.slices.tolist()
    assert thinned(labels, 30).slices.tolist() == list(range(24))
