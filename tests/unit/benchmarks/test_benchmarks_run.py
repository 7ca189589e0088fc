"""Every benchmark runs, with tiny settings, and prints the JSON that is promised."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from warm_jobs import warm

from benchmarks import stopping
from benchmarks.__main__ import BENCHMARKS, SCRIPTS, listing, main
from benchmarks.first_minute import overrides_of_a_try, waited_for
from benchmarks.material import the_project, the_study
from benchmarks.pool_scale import own_memory
from benchmarks.result import Goal, Result, hardware
from benchmarks.versus_monai import Record
from slicelab.engine.session import Session

KEYS = {"name", "ratio", "goal", "met", "ours", "reference", "hardware", "versions"}


@pytest.fixture(scope="module")
def phantoms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from slicelab.data.phantoms import write_study

    folder = tmp_path_factory.mktemp("phantoms") / "study"
    return write_study(folder, "pelvis", labelled=4, unlabelled=0, seed=5, shape=(32, 32, 4))


@pytest.fixture(scope="module", autouse=True)
def warm_jobs() -> Iterator[None]:
    """Jobs that the benchmarks start in this process have torch loaded."""
    with warm():
        yield


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Networks this small are slower with several; and jobs here do not wait for all else on the machine."""
    import torch

    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("SLICELAB_NICE", "0")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, object]]:
    """Run a benchmark; what it printed, one object a result."""
    code = main([words[0], "--json", "--quick", "--device", "cpu", *words[1:]])
    found = json.loads(capsys.readouterr().out)
    results = found if isinstance(found, list) else [found]
    assert all(set(one) == KEYS for one in results)
    assert all(one["name"].split("/")[0] == words[0] for one in results)
    assert code == (1 if any(one["met"] is False for one in results) else 0)
    return results


def names(results: list[dict[str, object]]) -> list[str]:
    return [str(one["name"]).split("/")[1] for one in results]


def test_goal_is_met_at_its_bound() -> None:
    assert Goal(">=", 0.85).met(0.85)
    assert not Goal(">=", 0.85).met(0.8499)
    assert Goal("<=", 1.3).met(1.3)
    assert not Goal("<=", 1.3).met(1.31)


def test_result_without_a_ratio_meets_and_misses_nothing() -> None:
    result = Result("a/b", None, Goal(">=", 1.0), {"seconds": 1 / 3}, {}, hardware())
    assert result.told()["met"] is None
    assert result.told()["ours"] == {"seconds": 0.33333}


def test_every_name_that_is_listed_is_a_module_or_a_script(root: Path) -> None:
    for name in (*BENCHMARKS, *SCRIPTS):
        assert (root / "benchmarks" / f"{name.replace('-', '_')}.py").is_file()
        assert name in listing()


def test_benchmarks_are_listed_without_loading_torch(root: Path) -> None:
    code = "import sys; from benchmarks.__main__ import main; main([]); assert 'torch' not in sys.modules"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "train-efficiency" in done.stdout


def test_a_name_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nothing"]) == 2
    assert "no benchmark 'nothing'" in capsys.readouterr().err


def test_train_efficiency_compares_every_method(capsys: pytest.CaptureFixture[str], phantoms: Path) -> None:
    found = told(capsys, "train-efficiency", "--study", str(phantoms), "--rounds", "1")
    assert names(found) == ["finetune", "regression", "blocks", "contrastive-global", "contrastive-local"]
    assert {one["goal"] for one in found} == {">= 0.85"}
    images = [one["ours"]["images_per_step"] for one in found]
    assert images == [8, 16, 16, 32, 32]  # contrastive pretraining sees every slice twice


def test_versus_monai_tells_how_monai_was_fastest(capsys: pytest.CaptureFixture[str], phantoms: Path) -> None:
    found = told(capsys, "versus-monai", "--study", str(phantoms))
    assert names(found) == ["speed"]
    assert found[0]["goal"] == ">= 1.5"
    tried = found[0]["reference"]["tried_images_per_s"]
    assert len(tried) == 2
    assert found[0]["reference"]["how"] in tried


def test_finished_draws_at_equal_time_are_kept_and_those_of_another_question_are_not_taken(tmp_path: Path) -> None:
    path, asked = tmp_path / "build" / "monai.jsonl", {"on": "volumes", "n": 4, "lr": 1e-3, "quick": False}
    first = Record(path, asked)
    assert not first.rows
    first.add({"seed": 0, "start": "random", "ours": 0.7, "monai": 0.5})
    with path.open("a") as file:
        file.write('{"on": "volumes", "n": 4, "se')  # the power went
    again = Record(path, asked)
    assert again.rows == first.rows
    again.add({"seed": 1, "start": "pretrained", "ours": 0.8, "monai": 0.6})
    again = Record(path, asked)
    assert [row["seed"] for row in again.rows] == [0, 1], "the torn line takes no other with it"
    assert again.has(0, "random")
    assert not again.has(0, "pretrained")
    assert not again.has(1, "random")
    assert not Record(path, {**asked, "n": 2}).rows


def test_predict_efficiency_quotes_what_is_not_counted(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "predict-efficiency")
    assert names(found) == ["forward-32", "monai-32"]
    assert set(found[0]["ours"]["seconds_apart"]) == {"read", "normalise_and_resample", "write", "resample_back"}


def test_what_a_process_has_read_of_mapped_files_is_no_memory_of_its_own(tmp_path: Path) -> None:
    size, here = 64 * 2**20, psutil.Process()
    np.save(tmp_path / "pool.npy", np.ones(size, np.uint8))
    gc.collect()
    before = own_memory(here)
    mapped = np.load(tmp_path / "pool.npy", mmap_mode="r")
    assert mapped.sum() == size, "read to its end"
    assert own_memory(here) - before < size / 4
    kept = np.ones(size, np.uint8)
    assert own_memory(here) - before > 3 * size / 4
    assert kept.sum() == mapped.sum()


def test_pool_scale_looks_at_processes_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "pool-scale")
    assert names(found) == ["uss-mb-4", "seconds-per-step-4"]
    assert found[0]["ours"]["slices"] == 2 * found[0]["reference"]["slices"]
    assert 20 < found[0]["reference"]["uss_mb"] < 4000


def test_first_minute_runs_the_jobs_that_the_window_runs(capsys: pytest.CaptureFixture[str], phantoms: Path) -> None:
    usable, final = told(capsys, "first-minute", "--study", str(phantoms))
    assert [found["name"] for found in (usable, final)] == ["first-minute/usable", "first-minute/final"]
    found = usable
    assert [mask["steps"] for mask in found["ours"]["all"][0]] == [1, None], "a preview, then the prediction"
    assert 0 < usable["ours"]["seconds"] <= final["ours"]["seconds"]
    assert found["reference"]["limit_seconds"] == 60.0


@pytest.mark.slow
@pytest.mark.window
def test_window_is_held_against_bare_canvases_and_limits(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "window", "--cases", "12")
    goals = {str(one["name"]).split("/")[1]: one["goal"] for one in found}
    assert goals == {
        "stroke-p95": "<= 1.3",
        "slice-p95": "<= 1.2",
        "stroke-while-training-p95": "<= 1.25",
        "training-while-painting": ">= 0.7",
        "case-change": "<= 1",
        "open-many": "<= 1",
        "scroll-p95": "<= 1",
        "start": "<= 1.5",
    }
    assert all(one["ratio"] > 0 for one in found)
    assert next(one for one in found if one["name"] == "window/open-many")["ours"]["cases"] == 12


def test_versus_nnunet_says_what_to_do_where_it_is_absent(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="--install"):
        main(["versus-nnunet", "--json", "--quick", "--environment", str(tmp_path / "absent")])


def test_stopping_counts_from_the_stop_to_the_end_of_the_process(
    capsys: pytest.CaptureFixture[str], phantoms: Path
) -> None:
    found = told(capsys, "stopping", "--study", str(phantoms), "--parts", "regression,compare-training")
    assert names(found) == ["regression", "compare-training"]
    assert all(len(one["ours"]["seconds_each"]) == 1 for one in found)
    assert all("float" in said for one in found for said in one["ours"]["computed"]), "in which number format"
    assert all(one["ours"]["computed"] for one in found)


def test_a_look_at_the_slices_that_ended_before_its_stop_is_started_once_more(phantoms: Path) -> None:
    with (
        the_study(phantoms, labelled=0) as study,
        the_project(study) as project,
        Session.open(project) as session,
    ):
        part = stopping._parts(session, "cpu", overrides_of_a_try())["embed"]
        first, second = (waited_for(session, part.start() or "")[0] for _ in range(2))
        assert first != second
