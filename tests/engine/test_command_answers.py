"""What commands answer to mistakes: one message, one JSON object with what is wrong, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from slicelab.cli.main import app


def test_a_wrong_choice_is_named_without_words_of_the_library_that_checks_it(tmp_path: Path) -> None:
    words = ["pretrain", str(tmp_path), "--method", "foo"]
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 2
    assert "'foo' is not one of" in shown.output
    assert "Value error" not in shown.output
    said = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert "Value error" not in said["error"]


def test_a_project_made_twice_is_called_a_project(tmp_path: Path) -> None:
    words = ["new", str(tmp_path / "study"), "--classes", "liver", "--json"]
    assert CliRunner().invoke(app, words).exit_code == 0
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 1
    said = json.loads(again.stdout)
    assert said["error"] == "There is a slicelab project in this folder already."
    assert said["remedy"].startswith("Open that one")


def test_an_import_of_nothing_says_in_its_json_what_went_wrong(tmp_path: Path) -> None:
    project = str(tmp_path / "study")
    assert CliRunner().invoke(app, ["new", project, "--classes", "liver"]).exit_code == 0
    shown = CliRunner().invoke(app, ["import", project, str(tmp_path / "nowhere"), "--json"])
    assert shown.exit_code == 1
    said = json.loads(shown.stdout)
    assert (said["error"], said["safe"]) == ("Nothing was imported.", "Nothing was changed.")
    assert "The file is not there." in said["remedy"]
