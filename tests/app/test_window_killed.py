"""Every kind of job, killed in the middle together with its window, and then alone: nothing is lost, it goes on."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import pytest
from person import Person
from PySide6.QtWidgets import QApplication
from story import JOB_PATIENCE_S, NETWORK, SMALL, ended, newest, state_of

from slicelab.app.window import MainWindow
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.session import Session
from slicelab.jobs.events import AnyEvent, JobCancelled, JobStarted, PhaseStarted

pytestmark = [pytest.mark.window, pytest.mark.slow, pytest.mark.timeout(900)]

KINDS = ("contrastive", "regression", "blocks", "finetune", "predict", "embed", "crossvalidate", "compare")
ENDLESS = ("contrastive", "regression", "blocks", "finetune", "crossvalidate", "compare")
LABELS = "SELECT case_id, slice, mask, origin FROM slice_labels ORDER BY case_id, slice"


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, template: Path, study: Path) -> Path:
    """A closed project: three patients labelled in part, a small pretraining, a small model."""
    folder = Path(shutil.copytree(template, tmp_path_factory.mktemp("begun") / "project"))
    with pytest.MonkeyPatch.context() as patch, Session.open(folder) as opened:
        patch.setenv("ATEN_CPU_CAPABILITY", "avx2")
        for name in ("phantom_02", "phantom_03"):
            opened.labels.label_from_mask(opened.find([name])[0].id, study / "labelsTr" / f"{name}.nii.gz", [3, 5])
        pretrained = opened.jobs.start_pretrain("contrastive", steps=2, overrides=SMALL["contrastive"])
        assert follow(opened, pretrained, lambda _status: None, poll_s=0.05).state == "finished"
        model = opened.jobs.start_finetune(None, steps=2, overrides=NETWORK)
        assert follow(opened, model, lambda _status: None, poll_s=0.05).state == "finished"
    return folder


def more_cases(project: Path, folder: Path) -> None:
    """Add thirty volumes of noise."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for number in range(30):
        voxels = rng.integers(0, 1000, (48, 48, 12), dtype=np.int16)
        nib.save(nib.Nifti1Image(voxels, np.diag([2.0, 2.0, 6.0, 1.0])), folder / f"noise_{number:02d}.nii")
    with Session.open(project) as opened:
        opened.import_paths([folder])


def patiently(condition: Callable[[], object], what: str) -> None:
    """Wait without a window."""
    deadline = time.monotonic() + JOB_PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} never happened"
        time.sleep(0.002)


def events(folder: RunFolder) -> list[AnyEvent]:
    return EventReader(folder).read_new() if folder.path.is_dir() else []


def starts(folder: RunFolder) -> int:
    return sum(isinstance(one, JobStarted) for one in events(folder))


def in_the_middle(folder: RunFolder, start: int) -> bool:
    """Whether the process of that start (from 1) is at work, beyond reading the volumes."""
    seen = 0
    for one in events(folder):
        seen += isinstance(one, JobStarted)
        if seen == start and isinstance(one, PhaseStarted) and one.phase != "preparing":
            return True
    return False


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_goes_on_after_its_window_was_killed_and_after_it_was_killed_itself(
    kind: str, first_window: MainWindow, qapp: QApplication, begun: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(begun, tmp_path / "project"))
    if kind not in ENDLESS:
        more_cases(project, tmp_path / "more")  # or it is over before it looks whether its window is still there
    person = Person(first_window, qapp, project)
    before, runs = person.rows(LABELS), {path.name for path in (project / "runs").iterdir()}
    script = Path(__file__).with_name("window_to_kill.py")
    window = subprocess.Popen([sys.executable, str(script), str(project), kind])
    try:
        patiently(lambda: {path.name for path in (project / "runs").iterdir()} - runs, "a run")
        (run,) = {path.name for path in (project / "runs").iterdir()} - runs
        folder = RunFolder(project / "runs" / run)
        patiently(lambda: in_the_middle(folder, 1), "the middle of the job")
        pid = folder.pid("process")
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # what is short does not end meanwhile
    finally:
        window.kill()
        window.wait()
    os.kill(pid, signal.SIGCONT)
    patiently(lambda: isinstance(events(folder)[-1], JobCancelled), "the job's word that its window is gone")
    patiently(lambda: folder.pid("process") is None, "the end of the job")
    assert person.rows(LABELS) == before

    person.open_project(project)
    actions = first_window.actions_
    person.until(actions["job.continue"].isEnabled, what="Continue after the window was killed")
    assert state_of(person, run) == "cancelled"
    actions["job.continue"].trigger()
    person.until(lambda: starts(folder) == 2, JOB_PATIENCE_S, "the second start")
    person.until(lambda: in_the_middle(folder, 2), JOB_PATIENCE_S, "the middle of the job again")
    pid = folder.pid("process")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    person.until(lambda: "ended from outside" in person.notice, what="a word about it")
    assert state_of(person, run) == "failed"
    person.until(actions["job.continue"].isEnabled, what="Continue after the job was killed")
    actions["job.continue"].trigger()
    person.until(lambda: in_the_middle(folder, 3), JOB_PATIENCE_S, "the middle of the job once more")
    if kind in ENDLESS:
        person.until(actions["job.stop"].isEnabled, what="Stop possible")
        actions["job.stop"].trigger()
        ended(person, run, "cancelled")
    else:
        ended(person, run)
    assert newest(person, state_kind(person, run)) == run, "no other run of it was begun"
    assert person.rows(LABELS) == before
    first_window.desk.close()


def state_kind(person: Person, run: str) -> str:
    return str(person.rows("SELECT kind FROM runs WHERE id = ?", run)[0][0])
