"""The command line as a person or a script uses it: the whole job, exit codes, one JSON object, no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.data.phantoms import write_study
from slicelab.data.run_folder import RunFolder

CLASSES = "liver,right kidney,left kidney,spleen"
COMMANDS = "demo new import label cases runs pretrain finetune predict resume evaluate export open doctor".split()


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "abdomen"
    return write_study(folder, "abdomen", labelled=3, unlabelled=1, seed=3, shape=(64, 64, 8), spacing=(5.6, 5.6, 22.0))


def slicelab(*words: object) -> tuple[int, dict[str, Any], str]:
    """Run a command in a process of its own with --json: exit code, the one object on stdout, stderr."""
    ended = subprocess.run(
        [sys.executable, "-m", "slicelab", *map(str, words), "--json"], capture_output=True, text=True, check=False
    )
    lines = [line for line in ended.stdout.splitlines() if line.strip()]
    assert len(lines) == 1, (ended.stdout, ended.stderr)
    return ended.returncode, json.loads(lines[0]), ended.stderr


def done(*words: object) -> dict[str, Any]:
    code, facts, stderr = slicelab(*words)
    assert code == 0, (words, facts, stderr)
    return facts


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "my project"
    assert CliRunner().invoke(app, ["new", str(folder), "--classes", CLASSES]).exit_code == 0
    return folder


def test_the_main_job_runs_from_the_command_line(project: Path, study: Path, tmp_path: Path) -> None:
    imported = done("import", project, study)
    assert imported["imported"] == ["phantom_01", "phantom_02", "phantom_03", "phantom_04"]
    pretraining = done("pretrain", project, "--method", "contrastive", "--steps", 2, "--exclude", "phantom_03")
    assert pretraining["cases"] == 3
    done("label", project, "phantom_01", "--from", study / "labelsTr" / "phantom_01.nii.gz", "--slices", "3,5-6")
    done("label", project, "phantom_02", "--from", study / "labelsTr" / "phantom_02.nii.gz")
    model = done("finetune", project, "--init", pretraining["run"], "--steps", 2)
    assert model["slices"] == 3 + 8
    predicted = done("predict", project, "--run", model["run"])
    assert predicted["run"] == model["run"]
    assert len(predicted["cases"]) == 4
    result = done("evaluate", project, "--run", model["run"], "--against", study / "labelsTr")
    assert result["run"] == model["run"]
    assert result["protocol"] == "inductive"
    by_name = {case["case"]: case for case in result["cases"]}
    assert by_name["phantom_01"]["trained_on"]
    assert not by_name["phantom_03"]["trained_on"]
    assert not by_name["phantom_03"]["in_pretraining_pool"]
    assert (by_name["phantom_03"]["slices"], by_name["phantom_03"]["of"]) == (8, 8)
    assert set(by_name["phantom_03"]["classes"]) == set(CLASSES.split(","))
    assert result["mean"]["liver"]["dice"] == by_name["phantom_03"]["classes"]["liver"]["dice"]
    done("export", project, tmp_path / "out", "--run", model["run"])
    mask, image = nib.load(tmp_path / "out" / "phantom_03.nii.gz"), nib.load(study / "imagesTr" / "phantom_03.nii.gz")
    assert mask.shape == image.shape
    np.testing.assert_allclose(mask.affine, image.affine, atol=1e-4)
    assert [run["run"] for run in done("runs", project)["runs"]] == ["r0001", "r0002", "r0003"]
    assert done("cases", project)["cases"][0]["done"] == 3


def test_a_data_sets_labels_are_matched_by_name(tmp_path: Path, study: Path) -> None:
    project = tmp_path / "p"
    done("new", project, "--classes", "spleen,liver")
    report = done("import", project, study, "--labels", "phantom_01", "--cases", "phantom_01,phantom_04")
    assert report["imported"] == ["phantom_01", "phantom_04"]
    assert report["labelled"] == ["phantom_01"]
    assert set(report["unmapped"]) == {"right kidney", "left kidney"}
    done("export", project, tmp_path / "out", "--labels")
    ours = np.asarray(nib.load(tmp_path / "out" / "phantom_01.nii.gz").dataobj)
    theirs = np.asarray(nib.load(study / "labelsTr" / "phantom_01.nii.gz").dataobj)
    np.testing.assert_array_equal(ours == 1, theirs == 4)
    np.testing.assert_array_equal(ours == 2, theirs == 1)


def test_an_interrupted_command_stops_its_job_exits_with_130_and_resume_goes_on(project: Path, study: Path) -> None:
    done("import", project, study, "--labels", "all")
    command = [sys.executable, "-m", "slicelab", "finetune", str(project), "--init", "random", "--steps", "25"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = RunFolder(project / "runs" / "r0001").events_path
    deadline = time.monotonic() + 120
    while not (log.exists() and b'"dice"' in log.read_bytes()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(running.pid, signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "slicelab resume PROJECT r0001` continues from step" in said
    assert RunFolder(project / "runs" / "r0001").pid("process") is None
    assert done("runs", project)["runs"][0]["status"] == "cancelled"
    resumed = done("resume", project, "r0001")
    assert resumed["resumed_from"] >= 1
    assert (resumed["kind"], resumed["state"], resumed["steps"]) == ("finetune", "finished", 25)
    code, facts, _ = slicelab("resume", project, "r0001")
    assert code == 1
    assert "has finished" in facts["error"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    shown = CliRunner().invoke(app, [command, "--help"])
    assert shown.exit_code == 0
    assert "Usage" in shown.output


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["new"],
        ["new", "p"],
        ["pretrain", "p", "--method", "magic"],
        ["pretrain", "p", "--method", "blocks", "--steps", "0"],
        ["label", "p", "c", "--from", "m.nii", "--slices", "0"],
        ["label", "p", "c", "--from", "m.nii", "--slices", "a,b"],
        ["export", "p", "out"],
        ["export", "p", "out", "--labels", "--run", "r0001"],
    ],
)
def test_wrong_usage_exits_with_2(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shown = CliRunner().invoke(app, words)
    assert shown.exit_code == 2
    assert "Traceback" not in shown.output
    assert list(tmp_path.iterdir()) == []


def bad_inputs(project: Path, study: Path, junk: Path) -> list[list[str]]:
    p, masks = str(project), study / "labelsTr"
    return [
        ["new", p, "--classes", "liver"],
        ["new", str(junk / "x"), "--classes", "liver,,spleen"],
        ["new", str(junk / "x"), "--classes", "liver,Liver"],
        ["new", str(junk / "file.nii"), "--classes", "liver"],
        ["import", p, str(junk / "missing.nii.gz")],
        ["import", p, str(junk / "file.nii")],
        ["import", p, str(junk / "empty")],
        ["import", p, str(study), "--cases", "nobody"],
        ["import", p, str(study), "--labels", "nobody"],
        ["import", str(junk), str(study)],
        ["label", p, "nobody", "--from", str(masks / "phantom_01.nii.gz")],
        ["label", p, "phantom_01", "--from", str(junk / "missing.nii.gz")],
        ["label", p, "phantom_01", "--from", str(junk / "file.nii")],
        ["label", p, "phantom_01", "--from", str(junk / "other.nii.gz")],
        ["label", p, "phantom_01", "--from", str(masks / "phantom_01.nii.gz"), "--slices", "9"],
        ["label", p, "phantom_01", "--from", str(study / "imagesTr" / "phantom_01.nii.gz")],
        ["cases", str(junk)],
        ["cases", str(junk / "missing")],
        ["runs", str(junk / "file.nii")],
        ["pretrain", p, "--method", "contrastive", "--exclude", "nobody"],
        ["pretrain", p, "--method", "contrastive", "--exclude", "phantom_01,phantom_02,phantom_03,phantom_04"],
        ["finetune", p, "--init", "r0009"],
        ["finetune", p, "--init", "random"],
        ["finetune", p, "--init", "random", "--train", "phantom_01"],
        ["predict", p, "--run", "r0009"],
        ["evaluate", p, "--run", "r0009"],
        ["evaluate", p, "--run", "r0009", "--against", str(junk / "missing")],
        ["export", p, str(junk / "out"), "--labels"],
        ["export", p, str(junk / "out"), "--run", "r0009"],
        ["open", str(junk)],
    ]


def fingerprint(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_bad_input_to_any_command_is_one_clear_message_and_leaves_the_project_as_it_was(
    project: Path, study: Path, tmp_path: Path
) -> None:
    run = CliRunner().invoke
    assert run(app, ["import", str(project), str(study)]).exit_code == 0
    junk = tmp_path / "junk"
    (junk / "empty").mkdir(parents=True)
    (junk / "file.nii").write_bytes(b"this is no volume" * 50)
    nib.save(nib.Nifti1Image(np.zeros((5, 6, 7), np.uint8), np.eye(4)), junk / "other.nii.gz")
    before = fingerprint(project)
    for words in bad_inputs(project, study, junk):
        shown = run(app, words)
        assert shown.exit_code == 1, (words, shown.output)
        assert isinstance(shown.exception, SystemExit), (words, shown.exception)
        assert "Traceback" not in shown.output
        assert len(shown.output.strip()) > 20, words
        assert fingerprint(project) == before, words
    assert not (junk / "out").exists()
    assert not (junk / "x").exists()


def test_bad_input_with_json_is_still_exactly_one_object(project: Path) -> None:
    code, facts, stderr = slicelab("evaluate", project, "--run", "r0009")
    assert code == 1
    assert set(facts) == {"error", "safe", "remedy"}
    assert "Traceback" not in stderr


def test_one_bad_file_among_many_is_listed_and_the_rest_is_imported(project: Path, study: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for name in ("phantom_01", "phantom_02"):
        (mixed / f"{name}.nii.gz").write_bytes((study / "imagesTr" / f"{name}.nii.gz").read_bytes())
    whole = (study / "imagesTr" / "phantom_03.nii.gz").read_bytes()
    (mixed / "cut.nii.gz").write_bytes(whole[: len(whole) * 7 // 10])
    report = done("import", project, mixed)
    assert sorted(report["imported"]) == ["phantom_01", "phantom_02"]
    assert len(report["refused"]) == 1
    assert report["refused"][0]["message"]
