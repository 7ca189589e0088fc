"""``slicelab demo``: the whole loop with the fewest steps there can be, its figures, and the picture of the window."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from typer.testing import CliRunner

from slicelab.cli import system_commands
from slicelab.cli.main import app
from slicelab.engine.demo import DemoPlan, run_demo

SMALL = DemoPlan(
    labelled=2, unlabelled=0, train=1, pretrain_steps=2, finetune_steps=1, shape=(64, 64, 8), spacing=(5.6, 5.6, 22.0)
)
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that was broken off the first time, and then run to its end."""
    out = tmp_path_factory.mktemp("demo") / "my demo"

    def break_off(words: str, share: float) -> None:
        if words.startswith("Importing"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_demo(out, break_off, SMALL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(system_commands, "run_demo", partial(run_demo, plan=SMALL))
        shown = CliRunner().invoke(app, ["demo", "--out", str(out), "--no-window", "--json"])
    assert shown.exit_code == 0, shown.stderr
    facts = json.loads(shown.stdout)
    assert facts["synthetic"] is True
    assert set(facts["seconds"]) >= {"phantoms", "pretrain", "finetune", "predict", "evaluate"}
    assert [Path(figure).read_bytes()[:4] for figure in facts["figures"]] == [PNG, PNG]
    assert facts["window_picture"] is None
    return out


def test_a_second_demo_finds_the_first_one_in_no_time_and_says_where_all_is(demo: Path) -> None:
    shown = CliRunner().invoke(app, ["demo", "--out", str(demo), "--no-window"])
    assert shown.exit_code == 0, shown.stderr
    assert "from an earlier run" in shown.stdout
    assert "SYNTHETIC" in shown.stdout
    assert str(demo / "project") in shown.stdout
    assert shown.stdout.count("Figure: ") == 2


def test_the_demos_test_cases_were_never_seen(demo: Path) -> None:
    shown = CliRunner().invoke(
        app,
        ["evaluate", str(demo / "project"), "--run", "r0002", "--against", str(demo / "study" / "labelsTr"), "--json"],
    )
    result = json.loads(shown.stdout)
    assert result["protocol"] == "inductive"
    assert [(case["trained_on"], case["in_pretraining_pool"]) for case in result["cases"]] == [
        (True, True), (False, False),
    ]  # fmt: skip


@pytest.mark.window
def test_where_nobody_is_looking_the_demo_leaves_a_picture_of_the_window(
    demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLICELAB_VIRTUAL_DISPLAY", "1")
    shown = CliRunner().invoke(app, ["demo", "--out", str(demo)])
    assert shown.exit_code == 0, shown.stderr
    assert f"Picture of the window: {demo / 'window.png'}" in shown.stdout
    assert (demo / "window.png").read_bytes()[:4] == PNG
