"""The command line as a person or a script uses it: the whole job, exit codes, one JSON object, no traceback."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from slicelab.cli import progress, project_commands
from slicelab.cli.main import app
from slicelab.data.phantoms import write_study
from slicelab.data.run_folder import RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus

CLASSES = "liver,right kidney,left kidney,spleen"
SMALL = ("--set", "network.channels=8,8,16,16,16", "--set", "network.bottleneck=16", "--set", "pool.matrix=64")
"""For a job that is over, or at its first steps, in a moment."""
COMMANDS = (
    "demo new add-class rename-class import label cases runs"
    " pretrain suggest finetune predict resume evaluate export export-model apply"
    " destreak corrections report presets open doctor"
).split()


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


def test_a_further_sequence_is_added_to_a_case_and_listed_with_it(project: Path, study: Path, tmp_path: Path) -> None:
    done("import", project, study, "--cases", "phantom_01")
    first = nib.load(next((study / "imagesTr").glob("phantom_01*")))
    nib.save(first.slicer[8:-8, :, 1:], tmp_path / "T1.nii")
    added = done("import", project, tmp_path / "T1.nii", "--as-sequence-of", "phantom_01")
    assert (added["case"], added["sequence"]) == ("phantom_01", "T1")
    assert added["notes"][-1].startswith("It covers 66% of the labelled image")
    (case,) = done("cases", project)["cases"]
    assert (case["sequences"], case["slices"]) == (["T1"], 8)
    code, facts, _ = slicelab("import", project, study, "--as-sequence-of", "phantom_01")
    assert (code, "There are 4 images there" in facts["error"]) == (1, True)
    refused = CliRunner().invoke(
        app, ["import", str(project), str(study), "--as-sequence-of", "phantom_01", "--labels", "all"]
    )
    assert refused.exit_code == 2


def test_a_class_is_added_and_renamed_later_and_what_is_not_there_changes_nothing(project: Path) -> None:
    assert done("add-class", project, "bladder") == {"class": "bladder", "value": 5}
    assert done("rename-class", project, "BLADDER", "urinary bladder") == {"class": "urinary bladder", "value": 5}
    for words in (("add-class", project, "Liver"), ("rename-class", project, "colon", "bowel")):
        code, facts, _ = slicelab(*words)
        assert (code, bool(facts["error"])) == (1, True)
    with Session.open(project, read_only=True) as session:
        assert [(one.value, one.name) for one in session.classes][3:] == [(4, "spleen"), (5, "urinary bladder")]


def test_an_interrupted_command_stops_its_job_exits_with_130_and_resume_goes_on(project: Path, study: Path) -> None:
    done("import", project, study, "--labels", "all")
    command = [sys.executable, "-m", "slicelab", "finetune", str(project), "--init", "random", "--steps", "30"]
    command += [*SMALL, "--set", "finetune.batch=2"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    log = RunFolder(project / "runs" / "r0001").events_path
    deadline = time.monotonic() + 120
    while not (log.exists() and b'"dice"' in log.read_bytes()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    os.kill(running.pid, signal.SIGINT)
    said = running.communicate(timeout=60)[1]
    assert running.returncode == 130
    assert "r0001` continues from step" in said
    assert "slicelab resume " in said
    assert "PROJECT" not in said
    assert RunFolder(project / "runs" / "r0001").pid("process") is None
    assert done("runs", project)["runs"][0]["status"] == "cancelled"
    resumed = done("resume", project, "r0001")
    assert resumed["resumed_from"] >= 1
    assert (resumed["kind"], resumed["state"], resumed["steps"]) == ("finetune", "finished", 30)
    code, facts, _ = slicelab("resume", project, "r0001")
    assert code == 1
    assert "has finished" in facts["error"]


def test_an_interrupted_job_keeps_its_weights_and_the_command_exits_with_130(project: Path, study: Path) -> None:
    assert CliRunner().invoke(app, ["import", str(project), str(study)]).exit_code == 0
    words = ["pretrain", str(project), "--method", "regression", "--steps", "100000", "--json"]
    words += [*SMALL, "--set", "regression.batch=2"]
    run = RunFolder(project / "runs" / "r0001")
    with subprocess.Popen(
        [sys.executable, "-m", "slicelab", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as running:  # fmt: skip
        deadline = time.monotonic() + 120
        while not (run.events_path.exists() and b'"phase":"regression","step":1,' in run.events_path.read_bytes()):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does it: to the whole group
        stdout, stderr = running.communicate(timeout=90)
    assert running.returncode == 130
    said = json.loads(stdout)
    assert said["error"] == "Interrupted."
    assert "r0001` continues from step" in said["remedy"]
    assert "Stopping" in stderr
    assert "Traceback" not in stderr
    assert run.pid("process") is None
    assert not (project / "project.lock").exists()
    (listed,) = json.loads(CliRunner().invoke(app, ["runs", str(project), "--json"]).stdout)["runs"]
    assert (listed["status"], listed["has_weights"]) == ("cancelled", True)


def test_a_job_that_is_interrupted_twice_is_ended_at_once(project: Path, study: Path) -> None:
    assert CliRunner().invoke(app, ["import", str(project), str(study)]).exit_code == 0

    def press_ctrl_c(*_: object) -> None:
        raise KeyboardInterrupt

    with Session.open(project) as session:
        run = session.jobs.start_pretrain("regression", steps=100_000)
        with pytest.raises(KeyboardInterrupt):
            follow(session, run, press_ctrl_c, stopping=press_ctrl_c)
        assert session.jobs.status(run).state == "cancelled"
        assert session.jobs.running == ()
        assert RunFolder(project / "runs" / run).pid("process") is None


def test_an_interruption_while_still_starting_leaves_no_traceback() -> None:
    code = (
        "import sys, slicelab.__main__\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'slicelab.cli.main': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "slicelab.__main__.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (130, "", "")


def test_an_interrupted_import_keeps_whole_cases_and_lets_go_of_the_project(
    project: Path, study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(100))

    def press_ctrl_c_at_the_third(share: float, words: str) -> None:
        if next(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(project_commands, "bar", lambda: nullcontext(press_ctrl_c_at_the_third))
    shown = CliRunner().invoke(app, ["import", str(project), str(study), "--json"])
    assert shown.exit_code == 130
    assert json.loads(shown.stdout)["error"] == "Interrupted."
    listed = json.loads(CliRunner().invoke(app, ["cases", str(project), "--json"]).stdout)["cases"]
    assert [case["case"] for case in listed] == ["phantom_01", "phantom_02"]
    again = CliRunner().invoke(app, ["import", str(project), str(study), "--json"])
    assert json.loads(again.stdout)["imported"] == ["phantom_03", "phantom_04"]


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
        ["import", "p", "f.nii", "--volume", "0"],
        ["import", "p", "f.nii", "--volume", "all"],
        ["export", "p", "out"],
        ["export", "p", "out", "--labels", "--run", "r0001"],
        ["export", "p", "out", "--labels", "--uncertainty"],
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
        ["new", str(junk / "x"), "--classes", ""],
        ["new", str(junk / "x"), "--classes", "liver;spleen"],
        ["new", str(junk / "x"), "--classes", "liver,background"],
        ["new", str(junk / "x"), "--classes", ",".join(f"c{k}" for k in range(251))],
        ["new", str(junk / ("x" * 300)), "--classes", "liver"],
        ["new", str(junk / "file.nii"), "--classes", "liver"],
        ["new", str(junk / "file.nii" / "x"), "--classes", "liver"],
        ["import", p, str(junk / "missing.nii.gz")],
        ["import", p, str(junk / "file.nii")],
        ["import", p, str(junk / "empty")],
        ["import", p, str(study), "--cases", "nobody"],
        ["import", p, str(study), "--labels", "nobody"],
        ["import", p, str(study), "--labels", "phantom_04"],
        ["import", p, p],
        ["import", p, str(junk / "link")],
        ["import", p, str(junk / "series.nii")],
        ["import", p, str(junk / "nan.nii")],
        ["import", str(junk), str(study)],
        ["label", p, "nobody", "--from", str(masks / "phantom_01.nii.gz")],
        ["label", p, "phantom_01", "--from", str(junk / "missing.nii.gz")],
        ["label", p, "phantom_01", "--from", str(junk / "file.nii")],
        ["label", p, "phantom_01", "--from", str(junk / "other.nii.gz")],
        ["label", p, "phantom_01", "--from", str(masks / "phantom_01.nii.gz"), "--slices", "9"],
        ["label", p, "phantom_01", "--from", str(study / "imagesTr" / "phantom_01.nii.gz")],
        ["label", p, "phantom_01", "--from", str(junk / "named" / "foreign.nii.gz")],
        ["label", p, "phantom_01", "--from", str(junk)],
        ["label", str(junk), "phantom_01", "--from", str(masks / "phantom_01.nii.gz")],
        ["cases", str(junk)],
        ["cases", str(junk / "missing")],
        ["runs", str(junk / "file.nii")],
        ["pretrain", p, "--method", "contrastive", "--exclude", "nobody"],
        ["pretrain", p, "--method", "contrastive", "--exclude", "phantom_01,phantom_02,phantom_03,phantom_04"],
        ["finetune", p, "--init", "r0009"],
        ["finetune", p, "--init", "random"],
        ["finetune", p, "--init", "random", "--train", "phantom_01"],
        ["finetune", p, "--init", "random", "--train", "nobody"],
        ["finetune", p, "--init", "random", "--val", "nobody"],
        ["pretrain", str(junk), "--method", "blocks"],
        ["finetune", str(junk), "--init", "random"],
        ["predict", p, "--run", "r0009"],
        ["predict", p, "--run", "../runs"],
        ["predict", p, "--run", ""],
        ["predict", str(junk), "--run", "r0001"],
        ["evaluate", str(junk), "--run", "r0001"],
        ["evaluate", p, "--run", "r0009", "--cases", "nobody"],
        ["evaluate", p, "--run", "r0009"],
        ["evaluate", p, "--run", "r0009", "--against", str(junk / "missing")],
        ["export", p, str(junk / "out"), "--labels"],
        ["export", p, str(junk / "out"), "--run", "r0009"],
        ["export", p, str(junk / "file.nii"), "--run", "r0009"],
        ["export", str(junk), str(junk / "out"), "--labels"],
        ["export-model", p, "r0009", str(junk / "out")],
        ["apply", str(junk), str(study), "--out", str(junk / "out")],
        ["apply", str(junk / "missing"), str(study), "--out", str(junk / "out")],
        ["resume", p, "r0009"],
        ["resume", str(junk), "r0001"],
        ["destreak", str(junk / "missing.nii"), str(junk / "out.nii")],
        ["destreak", str(junk / "file.nii"), str(junk / "out.nii")],
        ["presets", "--only", "fintune"],
        ["pretrain", p, "--method", "blocks", "--set", "blocks.lr"],
        ["pretrain", p, "--method", "blocks", "--set", "blocks.lrr=1"],
        ["pretrain", p, "--method", "blocks", "--set", "blocks.lr=7"],
        ["pretrain", p, "--method", "blocks", "--set", "regression.lr=1e-3"],
        ["pretrain", p, "--method", "blocks", "--set", "blocks.lr=1e-3", "--set", "blocks.lr=1e-4"],
        ["pretrain", p, "--method", "blocks", "--set", "blocks.steps=3", "--steps", "4"],
        ["predict", p, "--run", "r0009", "--set", "predict.largest_component=false", "--keep-all-pieces"],
        ["suggest", p, "--cases", "2"],
        ["suggest", p, "--cases", "2", "--run", "r0009"],
        ["suggest", str(junk), "--cases", "2"],
        ["corrections", str(junk)],
        ["readers", str(junk)],
        ["readers", str(project), "--between", "nobody,Nobody else"],
        ["readers", str(project), "--cases", "nobody"],
        ["report", p, "--out", str(junk / "missing" / "report.html")],
        ["report", str(junk), "--out", str(junk / "report.html")],
        ["report", p, "--out", str(junk / "report.txt")],
        ["compare", p],
        ["compare", p, "--init", "r0009"],
        ["compare", str(junk)],
        ["crossvalidate", p],
        ["crossvalidate", p, "--init", "r0009"],
        ["crossvalidate", str(junk)],
        ["add-class", p, "Liver"],
        ["add-class", p, ""],
        ["add-class", str(junk), "spleen"],
        ["rename-class", p, "nothing", "spleen"],
        ["rename-class", str(junk), "liver", "spleen"],
        ["open", str(junk)],
        ["open", str(junk / "missing"), "--picture", str(junk / "out")],
        ["demo", "--out", str(junk), "--no-window"],
        ["demo", "--out", str(junk / "file.nii"), "--no-window"],
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
    nib.save(nib.Nifti1Image(np.zeros((5, 6, 7, 2), np.int16), np.eye(4)), junk / "series.nii")
    nib.save(nib.Nifti1Image(np.full((5, 6, 7), np.nan, np.float32), np.eye(4)), junk / "nan.nii")
    (junk / "link").symlink_to(junk / "nowhere")
    (junk / "named").mkdir()
    shutil.copy(study / "labelsTr" / "phantom_01.nii.gz", junk / "named" / "foreign.nii.gz")
    (junk / "named" / "dataset.json").write_text(json.dumps({"labels": {"1": "prostate"}}))
    junk_before = fingerprint(junk)
    before = fingerprint(project)
    tried = bad_inputs(project, study, junk)
    takes_nothing = {"doctor"}
    assert {words[0] for words in tried} | takes_nothing == set(typer.main.get_command(app).commands)
    for words in tried:
        shown = run(app, words)
        assert shown.exit_code == 1, (words, shown.output)
        assert isinstance(shown.exception, SystemExit), (words, shown.exception)
        assert "slicelab itself" not in shown.output, words
        assert "Traceback" not in shown.output
        assert len(shown.output.strip()) > 20, words
        assert fingerprint(project) == before, words
    assert fingerprint(junk) == junk_before


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (1, ["evaluate", "PROJECT", "--run", "r0009"]),
        (1, ["cases", "missing"]),
        (1, ["open", "missing"]),
        (2, ["nonsense"]),
        (2, ["label", "PROJECT"]),
        (2, ["pretrain", "PROJECT", "--method", "magic"]),
        (2, ["predict", "PROJECT", "--run", "r0001", "--cases", ","]),
        (2, ["--nonsense"]),
    ],
)
def test_an_error_with_json_is_exactly_one_object_too(code: int, words: list[str], project: Path) -> None:
    shown = CliRunner().invoke(app, [*(word.replace("PROJECT", str(project)) for word in words), "--json"])
    assert shown.exit_code == code
    facts = json.loads(shown.stdout)
    assert set(facts) == {"error", "safe", "remedy"}
    assert facts["error"]
    assert shown.stderr.strip()


def test_a_defect_is_one_message_and_a_file_that_says_where_and_names_nobody(
    project: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(session: Session) -> None:
        try:
            raise OSError(2, "no such file", "/home/erika/Mustermann.nii")
        except OSError as error:
            raise KeyError("Mustermann") from error

    monkeypatch.setattr(Session, "cases", broken)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    shown = CliRunner().invoke(app, ["cases", str(project), "--json"])
    assert shown.exit_code == 1
    assert "slicelab itself" in json.loads(shown.stdout)["error"]
    assert "Traceback" not in shown.stderr
    (kept,) = tmp_path.glob("slicelab-defect-*.txt")
    assert kept.name in shown.stderr
    told = kept.read_text()
    assert [line for line in told.splitlines() if line in ("FileNotFoundError", "KeyError")] == [
        "FileNotFoundError", "KeyError",
    ]  # fmt: skip
    assert "slicelab.cli.project_commands, line " in told
    assert ", in broken" in told
    assert "/" not in told
    for words in (told, shown.stdout, shown.stderr, caplog.text):
        assert "Mustermann" not in words
        assert "erika" not in words
    assert [file for file in project.rglob("*") if file.is_file() and b"Mustermann" in file.read_bytes()] == []


@pytest.mark.parametrize("command", ["open", "none"])
def test_without_a_display_the_window_says_so(command: str, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "SLICELAB_VIRTUAL_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    shown = CliRunner().invoke(app, ["open", str(project)] if command == "open" else [])
    assert shown.exit_code == 1
    assert "no display" in shown.stderr


def test_what_goes_to_a_file_is_never_cut_off(project: Path, study: Path, tmp_path: Path) -> None:
    name = "a long name " * 15
    shutil.copy(study / "imagesTr" / "phantom_01.nii.gz", tmp_path / f"{name.strip()}.nii.gz")
    assert CliRunner().invoke(app, ["import", str(project), str(tmp_path / f"{name.strip()}.nii.gz")]).exit_code == 0
    assert name.strip() in CliRunner().invoke(app, ["cases", str(project)], env={"COLUMNS": "60"}).stdout


def test_names_with_commas_go_into_quotes(project: Path, study: Path, tmp_path: Path) -> None:
    for number, name in enumerate(("Doe, Jane", 'a "b" [c]', "plain"), start=1):
        shutil.copy(study / "imagesTr" / f"phantom_0{number}.nii.gz", tmp_path / f"{name}.nii.gz")
    files = [str(file) for file in tmp_path.glob("*.nii.gz")]
    words = ["import", str(project), *files, "--cases", '"Doe, Jane", a "b" [c]', "--json"]
    assert sorted(json.loads(CliRunner().invoke(app, words).stdout)["imported"]) == ["Doe, Jane", 'a "b" [c]']


def test_a_name_that_the_terminal_cannot_show_ends_no_command(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "slicelab", "new", "p", "--classes", "Leber, 漢"],
        cwd=tmp_path, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert "\\u6f22" in ended.stdout


def test_where_there_is_no_terminal_progress_is_a_line_now_and_then(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with progress.bar() as show:
        for share in range(1000):
            show(share / 1000, "Learning")
    assert capsys.readouterr() == ("", "")
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    with progress.bar() as show:
        show(0.25, "Learning, 3 min 05 s left")
    assert capsys.readouterr() == ("", "25% Learning, 3 min 05 s left\n")


def test_on_a_terminal_progress_is_a_bar_with_the_time_left() -> None:
    code = "from slicelab.cli.progress import bar\nwith bar() as show:\n    show(0.25, 'Learning, 3 min 05 s left')\n"
    shown, stdout = on_a_terminal([sys.executable, "-c", code])
    assert "Learning, 3 min 05 s left" in shown
    assert "25%" in shown
    assert "left: " in shown  # estimated from the share, where the words do not say it
    assert stdout == ""


def test_the_words_of_a_job_say_the_time_left_once_its_pace_is_known() -> None:
    running = JobStatus("r0001", "running", "finetune", phase="finetune", step=100, steps=400, loss=0.25)
    assert progress.words(running) == "Learning from labelled slices, loss 0.250"
    preparing = replace(running, phase="preparing", step=1, steps=6)
    assert progress.words(preparing) == "Preparing slices, volume 2 of 6"
    paced = replace(running, seconds_per_step=0.5)
    assert progress.words(paced) == "Learning from labelled slices, loss 0.250, 2 min 30 s left"


def on_a_terminal(command: list[str]) -> tuple[str, str]:
    """Run a command whose stderr is a terminal: what was shown there, and its stdout."""
    ours, theirs = os.openpty()
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, text=True, check=True, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    with os.fdopen(ours, "rb") as terminal:
        return terminal.read1(65536).decode(), ended.stdout


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


def test_of_a_series_one_volume_is_chosen_or_each_becomes_a_case(project: Path, tmp_path: Path) -> None:
    voxels = np.random.default_rng(0).permutation(12 * 10 * 6 * 3).reshape(12, 10, 6, 3).astype(np.int16)
    nib.save(nib.Nifti1Image(voxels, np.diag([1.0, 1.0, 4.0, 1.0])), tmp_path / "dynamic.nii")

    def imported(volume: str) -> list[str]:
        words = ["import", str(project), str(tmp_path / "dynamic.nii"), "--volume", volume, "--json"]
        return json.loads(CliRunner().invoke(app, words).stdout)["imported"]

    assert imported("2") == ["dynamic"]
    first = nib.load(project / "volumes" / "c0001.nii")
    np.testing.assert_array_equal(np.asarray(first.dataobj), voxels[..., 1])
    assert imported("each") == ["dynamic volume 1", "dynamic volume 3"], "the second is there already"


def test_the_presets_are_printed_side_by_side_within_a_hundred_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("slicelab.cli.output._UNBOUNDED", 100)  # as wide as a terminal; a file has no width
    shown = CliRunner().invoke(app, ["presets"])
    assert shown.exit_code == 0
    lines = shown.output.splitlines()
    assert max(len(line.rstrip()) for line in lines if not line.startswith("blocks:")) <= 100
    row = next(line.split() for line in lines if line.startswith("augment.elastic_pixels"))
    assert row[1:4] == ["3", "5", "C"]
    assert next(line.split() for line in lines if line.startswith("patience"))[1:3] == ["10", "10"]


def test_the_presets_as_json_hold_every_setting_with_both_values_and_its_source() -> None:
    shown = CliRunner().invoke(app, ["presets", "--json", "--only", "finetune"])
    facts = json.loads(shown.output)
    by_field = {one["field"]: one for one in facts["fields"]}
    assert set(by_field["finetune.lr"]) == {"field", "fast", "paper", "unit", "meaning", "source", "allowed"}
    assert (by_field["finetune.epochs"]["fast"], by_field["finetune.epochs"]["paper"]) == (None, 500)
    assert all(one.startswith("finetune.") for one in by_field)
    assert by_field["finetune.augment.rotate_degrees"]["unit"] == "degrees"
    assert {one["source"] for one in by_field.values()} <= set(facts["sources"])
