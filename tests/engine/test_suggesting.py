"""What to label first: cases apart by patient, with reasons; computed in a process once, then at hand."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from job_kit import REGRESSION
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.errors import SlicelabError
from slicelab.data.embeddings import EMBEDDINGS, Embeddings, load_embeddings, save_embeddings
from slicelab.data.run_folder import RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.session import Session
from slicelab.engine.suggesting import Item, choose


def item(number: int, patient: int | None = None, done: frozenset[int] = frozenset(), total: int = 4) -> Item:
    return Item(f"c{number}", f"case {number}", f"p{patient or number}", done, len(done) == total)


def features(rng: np.random.Generator, kinds: list[int], slices: int = 4) -> dict[str, np.ndarray]:
    """Cases of a few kinds; each slice of a case lies in a direction of its own besides."""
    base = rng.normal(size=(max(kinds) + 1, 16)) * 5
    turn = rng.normal(size=(slices, 16)) * 2
    return {
        f"c{k}": (base[kind] + turn + rng.normal(size=(slices, 16)) * 0.2).astype(np.float32)
        for k, kind in enumerate(kinds, start=1)
    }


def test_each_kind_of_case_gets_one_and_the_reason_says_what_it_stands_for(rng: np.random.Generator) -> None:
    kinds = [0, 0, 0, 0, 1, 1, 2]
    found = choose([item(k) for k in range(1, 8)], features(rng, kinds), "r1", 3, 0, 0)
    assert [one.stands_for for one in found.cases] == [4, 2, 1]
    assert [kinds[int(one.case[1:]) - 1] for one in found.cases] == [0, 1, 2]
    assert found.cases[0].reason.startswith("stands for 4 of 7 cases; nearest of the others at distance ")
    assert found.covered < 0.3


def test_a_case_labelled_throughout_counts_as_chosen(rng: np.random.Generator) -> None:
    kinds = [0, 0, 0, 0, 1, 1]
    items = [item(1, done=frozenset(range(4))), *(item(k) for k in range(2, 7))]
    found = choose(items, features(rng, kinds), "r1", 1, 0, 0)
    assert kinds[int(found.cases[0].case[1:]) - 1] == 1
    assert (found.finished, found.cases[0].stands_for) == (1, 2)


def test_two_series_of_one_patient_count_once(rng: np.random.Generator) -> None:
    """Five series of one patient would draw the only choice to them; together they weigh as much as one case."""
    kinds = [0] * 5 + [1, 1]
    items = [*(item(k, patient=1) for k in range(1, 6)), item(6), item(7)]
    shown = features(rng, kinds)
    assert kinds[int(choose(items, shown, "r1", 1, 0, 0).cases[0].case[1:]) - 1] == 1
    both = choose(items, shown, "r1", 3, 0, 0).cases
    assert sum(int(one.case[1:]) <= 5 for one in both) == 1
    with pytest.raises(SlicelabError, match="only 3 patients left"):
        choose(items, shown, "r1", 4, 0, 0)
    begun = [item(1, patient=1, done=frozenset(range(4))), *items[1:]]
    assert {one.case for one in choose(begun, shown, "r1", 2, 0, 0).cases} == {"c6", "c7"}


def test_slices_stand_for_those_of_the_cases_it_stands_for_and_done_ones_are_not_named(
    rng: np.random.Generator,
) -> None:
    """Two of four positions look alike pairwise: one of each pair is enough."""
    shown = features(rng, [0, 0, 0])
    for one in shown.values():
        one[1], one[3] = one[0] + 0.01, one[2] + 0.01
    (case,) = choose([item(k) for k in (1, 2, 3)], shown, "r1", 1, 2, 0).cases
    assert {s.index // 2 for s in case.slices} == {0, 1}
    assert [s.stands_for for s in case.slices] == [6, 6]
    begun = [item(k, done=frozenset({0})) for k in (1, 2, 3)]
    (case,) = choose(begun, shown, "r1", 1, 1, 0).cases
    assert case.slices[0].index in (2, 3)
    assert len(choose(begun, shown, "r1", 1, 9, 0).cases[0].slices) == 3


def test_embeddings_survive_the_disk_and_know_what_they_speak_of(tmp_path: Path, rng: np.random.Generator) -> None:
    made = Embeddings("r0001", "w", {"c1": "a", "c2": "b"}, features(rng, [0, 1]))
    save_embeddings(tmp_path / EMBEDDINGS, made)
    again = load_embeddings(tmp_path / EMBEDDINGS)
    assert (again.model, again.volumes) == (made.model, made.volumes)
    assert all(np.array_equal(again.features[case], made.features[case]) for case in made.features)
    assert again.speaks_of({"c1": "a"}, "w")
    assert not again.speaks_of({"c1": "changed"}, "w")
    assert not again.speaks_of({"c3": "a"}, "w")
    assert not again.speaks_of({"c1": "a"}, "other weights")
    (tmp_path / EMBEDDINGS).write_bytes(b"PK damaged")
    with pytest.raises(SlicelabError, match="damaged"):
        load_embeddings(tmp_path / EMBEDDINGS)


def run_to_end(session: Session, run: str) -> None:
    """Until its process is gone, too: a busy machine takes its time over that."""
    assert follow(session, run, lambda _: None, poll_s=0.05).state == "finished"
    deadline = time.monotonic() + 60
    while RunFolder(session.folder / "runs" / run).pid("process") is not None and time.monotonic() < deadline:
        time.sleep(0.05)


def in_a_process(asked: list[str]) -> list[str]:
    """What a command printed, and whether it had torch loaded at its end."""
    code = f"import sys; from slicelab.cli.main import app\ntry: app({asked!r})\nfinally: print('torch' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


def test_suggest_says_what_to_do_then_answers_and_the_second_time_starts_nothing(session: Session, study: Path) -> None:
    """From end to end: no run; a pretraining without two cases; labels; a finetuned run; torch stays out."""
    folder = str(session.folder)
    session.close()
    asked = ["suggest", folder, "--cases", "2", "--slices", "3", "--precision", "float32", "--json"]
    nothing = CliRunner().invoke(app, asked)
    assert nothing.exit_code == 1
    assert "slicelab pretrain" in json.loads(nothing.stdout)["remedy"]
    with Session.open(session.folder) as opened:
        run = opened.jobs.start_pretrain("regression", exclude=["phantom_04"], steps=1, overrides=REGRESSION)
        run_to_end(opened, run)

    answer, torch_there = in_a_process(asked)
    first = json.loads(answer)
    assert torch_there == "False"
    assert (first["run"], first["job"], len(first["cases"])) == ("r0001", "r0002", 2)
    assert "phantom_04" not in {one["case"] for one in first["cases"]}  # kept for testing
    for one in first["cases"]:
        assert one["of"] == 5
        assert f"stands for {one['stands_for']} of 5 cases" in one["reason"]
        assert len(one["slices"]) == 3
        assert all(1 <= part["slice"] <= 10 for part in one["slices"])
    assert (session.folder / "runs" / "r0002" / EMBEDDINGS).is_file()
    with Session.open(session.folder, read_only=True) as opened:
        assert opened.jobs.status("r0002").precision == "float32"

    again = json.loads(CliRunner().invoke(app, asked).stdout)
    assert again["job"] is None
    assert again["cases"] == first["cases"]
    chosen = first["cases"][0]["case"]
    other = json.loads(CliRunner().invoke(app, [*asked, "--exclude", chosen]).stdout)
    assert chosen not in {one["case"] for one in other["cases"]}
    assert other["cases"][0]["of"] == 4

    with Session.open(session.folder) as opened:
        label = opened.find(["phantom_01"])[0].id
        opened.labels.label_from_mask(label, study / "labelsTr" / "phantom_01.nii.gz")
        model = opened.jobs.start_finetune("r0001", steps=1, overrides={"finetune.batch": 2})
        run_to_end(opened, model)
    told = json.loads(in_a_process([*asked, "--run", model])[0])
    assert (told["run"], told["finished"]) == (model, 1)
    assert not {"phantom_01", "phantom_04"} & {one["case"] for one in told["cases"]}
    plain = CliRunner().invoke(app, [*asked[:-1], "--run", model]).stdout
    assert "stands for" in plain
    assert "1 cases" not in plain
    listed = json.loads(CliRunner().invoke(app, ["runs", folder, "--json"]).stdout)["runs"]
    assert [one["kind"] for one in listed] == ["pretrain", "embed", "finetune", "embed"]
