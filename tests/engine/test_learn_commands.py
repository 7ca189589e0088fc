"""What the learning commands say, and with which exit code: formats, devices, stages, refusals."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from job_kit import CONTRAST, FINETUNE, run_to_end, wait_for
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.errors import ProjectLockedError, SettingError
from slicelab.data.run_folder import RunFolder
from slicelab.engine.session import Session
from slicelab.jobs.specs import bf16_of


def said(*words: object) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command."""
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.stdout, done.stderr


def facts(*words: object) -> dict[str, object]:
    code, out, err = said(*words, "--json")
    assert code == 0, (out, err)
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def settings(values: dict[str, object]) -> list[str]:
    return [word for name, value in values.items() for word in ("--set", f"{name}={value}")]


def test_the_number_format_that_is_asked_for_is_taken_shown_and_recorded(labelled: Session) -> None:
    """In the job, in its first event, in the command's words and JSON, and in the table of runs."""
    folder = labelled.folder
    labelled.close()
    trained = facts(
        "finetune", folder, "--init", "random", "--steps", 1, "--precision", "bfloat16", *settings(FINETUNE)
    )
    assert (trained["precision"], trained["device_why"]) == ("bfloat16", "")
    assert str(trained["device"]).endswith(", bfloat16")
    predicted = facts("predict", folder, "--run", "r0001", "--cases", "phantom_03", "--precision", "float32")
    assert predicted["precision"] == "float32"
    jobs = [RunFolder(folder / "runs" / run).read_job() for run in ("r0001", "r0002")]
    assert [job.bf16 for job in jobs] == [True, False]
    listed = facts("runs", folder)["runs"]
    assert isinstance(listed, list)
    assert [run["precision"] for run in listed] == ["bfloat16", "float32"]
    table = said("runs", folder)[1].splitlines()
    assert table[0].split()[-2:] == ["computed", "on"]
    assert table[1].endswith(", bfloat16")
    assert [bf16_of(word) for word in ("auto", "float32", "bfloat16")] == [None, False, True]


def test_the_steps_of_a_contrastive_pretraining_are_said_by_stage(session: Session) -> None:
    folder = session.folder
    session.close()
    pretrain = ("pretrain", folder, "--method", "contrastive", "--steps", 5, *settings(CONTRAST))
    code, out, _ = said(*pretrain)
    assert code == 0
    assert ": 3 steps of whole slices, 2 steps of places." in out
    found = facts(*pretrain)
    assert (found["steps"], found["stage_steps"]) == (5, {"global": 3, "local": 2})
    assert "two stages" in " ".join(said("pretrain", "--help")[1].replace("│", " ").split())
    code, out, err = said("pretrain", folder, "--method", "contrastive", "--steps", 1)
    assert code != 0
    assert "takes 2 steps at least: one for each of its two stages" in " ".join((out + err).split())


def test_what_belongs_to_the_pretraining_cannot_be_changed_with_it_and_it_is_said_why(labelled: Session) -> None:
    pretraining = labelled.jobs.start_pretrain(steps=2, overrides=CONTRAST)
    run_to_end(labelled, pretraining)
    with pytest.raises(SettingError, match=rf"pool\.n4 is as in {pretraining}") as refused:
        labelled.jobs.start_finetune(pretraining, steps=1, overrides={"pool.n4": True})
    assert "--init random" in refused.value.remedy
    assert len(labelled.runs()) == 1


def test_a_run_whose_device_is_gone_is_refused_at_its_start_with_the_command_that_goes_on(labelled: Session) -> None:
    """It was asked to compute on a graphics card, and this machine has none; what it had saved stays."""
    run = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE, device="cpu")
    wait_for(lambda: labelled.jobs.status(run).loss is not None, labelled)  # it learns, and no longer reads volumes
    labelled.jobs.stop(run)
    wait_for(lambda: labelled.jobs.status(run).ended, labelled)
    kept = labelled.jobs.checkpoint(run)
    assert kept
    folder = RunFolder(labelled.folder / "runs" / run)
    folder.write_job(folder.read_job().model_copy(update={"device": "mps", "survive_window": True}))
    project = labelled.folder
    labelled.close()
    code, _, err = said("resume", project, run)
    assert code == 1
    assert "This machine has no MPS device" in err
    assert f"slicelab resume {project} {run} --device cpu" in err
    assert f"Continue from step {kept}" in err
    assert "Start it again" not in err
    with Session.open(project) as again:
        assert again.jobs.checkpoint(run) == kept
        assert again.jobs.status(run).offers_cpu
        assert "Compute on the CPU, which is slower" in again.jobs.status(run).remedy
        assert "--" not in again.jobs.status(run).remedy, "a window shows these words"
        assert again.jobs.resume(run, "cpu") == kept
        wait_for(lambda: again.jobs.status(run).step > kept, again)
        again.jobs.stop(run)
        wait_for(lambda: again.jobs.status(run).ended, again)


def test_a_second_command_during_a_training_says_which_job_runs_and_what_can_be_done(
    labelled: Session, tmp_path: Path
) -> None:
    run = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE)
    wait_for(lambda: labelled.jobs.status(run).phase == "finetune" and labelled.jobs.status(run).step > 0, labelled)
    script = "import sys; from slicelab.cli.main import app; app(sys.argv[1:])"
    other = subprocess.run(
        [sys.executable, "-c", script, "finetune", ".", "--init", "random", "--json"],
        capture_output=True, text=True, check=False, cwd=labelled.folder,
    )  # fmt: skip
    assert other.returncode == 1
    error = json.loads(other.stdout)
    assert f"A job is running in this project: {run} (finetuning, step " in error["error"]
    assert "Ctrl+C" in error["remedy"]
    assert "`slicelab runs .`" in error["remedy"]
    assert "Close it there, or open it for reading only." in error["remedy"], "a window keeps it after the job"
    link = tmp_path / "my study"
    link.symlink_to(labelled.folder, target_is_directory=True)
    with pytest.raises(ProjectLockedError) as busy:
        Session.open(link)
    assert f"`slicelab runs '{link}'`" in busy.value.typed
    assert "Close it there" in str(busy.value)
    assert all(word not in str(busy.value) for word in ("Ctrl+C", "slicelab runs")), "a window shows these words"
    code, out, _ = said("runs", labelled.folder)
    assert (code, "running, step" in out) == (0, True)
    pid = RunFolder(labelled.folder / "runs" / run).pid("process")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: labelled.jobs.status(run).ended, labelled)
    with pytest.raises(ProjectLockedError) as plain:
        Session.open(labelled.folder)
    assert plain.value.message.startswith("The project is open for writing by")


def test_apply_ends_with_1_when_a_file_has_no_mask_and_writes_those_of_the_others(
    predicted_template: Path, study: Path, tmp_path: Path
) -> None:
    model = predicted_template / "runs" / "r0001"
    files = tmp_path / "files"
    files.mkdir()
    shutil.copy(study / "imagesTr" / "phantom_01.nii.gz", files)
    whole = (study / "imagesTr" / "phantom_02.nii.gz").read_bytes()
    (files / "cut.nii.gz").write_bytes(whole[: len(whole) // 2])
    code, out, _ = said("apply", model, files, "--out", tmp_path / "out", "--device", "cpu", "--json")
    assert code == 1
    report = json.loads(out)
    assert [one["name"] for one in report["applied"]] == ["phantom_01"]
    assert [Path(one["source"]).name for one in report["failed"]] == ["cut.nii.gz"]
    assert np.asarray(nib.load(tmp_path / "out" / "phantom_01.nii.gz").dataobj).ndim == 3
    (files / "cut.nii.gz").unlink()
    code, out, _ = said("apply", model, files, "--out", tmp_path / "again", "--device", "cpu")
    assert code == 0
    assert out.startswith("Wrote 1 mask to ")


def test_a_prepared_run_names_a_command_that_can_be_copied(session: Session) -> None:
    folder = session.folder
    session.close()
    found = facts("pretrain", folder, "--method", "blocks", "--steps", 1, "--prepare-only")
    command = str(found["command"])
    assert "..." not in command
    assert command.startswith("torchrun --standalone --max-restarts 4 --nproc-per-node 2 -m slicelab.worker ")
    assert str(found["folder"]) in command
