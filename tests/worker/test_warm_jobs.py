"""A job forked from a process that has torch loaded (tests/warm_jobs.py) is like one that loads it itself."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from pathlib import Path

import numpy as np
import psutil
import pytest
from warm_jobs import WarmJob, warm

from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.writers import write_volume
from slicelab.engine import runner
from slicelab.jobs.settings import NetworkSettings, PoolSettings, RegressionSettings
from slicelab.jobs.specs import CaseInput, PretrainJob

PATIENCE_S = 200.0
OF_THE_MOMENT = {"at", "pid", "seconds", "peak_memory_mb", "images_per_s"}


def folder_of(project: Path, run: str, steps: int) -> RunFolder:
    voxels = np.ascontiguousarray(
        from_stack(np.random.default_rng(0).normal(100, 20, (4, 32, 32)).astype(np.float32), 2)
    )
    (project / "volumes").mkdir(parents=True, exist_ok=True)
    write_volume(
        project / "volumes" / "c0001.nii", Volume(voxels, Geometry(voxels.shape, np.diag([2.0, 2.0, 5.0, 1.0]), 2))
    )
    folder = RunFolder(project / "runs" / run)
    case = CaseInput(case="c0001", patient="p0001", volume="volumes/c0001.nii", sha256="", acquisition_axis=2)
    job = PretrainJob(
        run="r0001", preset="fast", device="cpu", bf16=False, survive_window=True,
        pool=PoolSettings(matrix=32, pixel_mm=2.0),
        network=NetworkSettings(channels=(4, 4, 4, 4, 4), bottleneck=4, channels_per_group=4),
        settings=RegressionSettings(steps=steps, batch=2), cases=(case,),
    )  # fmt: skip
    folder.write_job(job)
    return folder


def told(folder: RunFolder) -> list[dict[str, object]]:
    """What a job said, without what is of the moment."""
    return [
        {name: value for name, value in json.loads(event.model_dump_json()).items() if name not in OF_THE_MOMENT}
        for event in EventReader(folder).read_new()
    ]


def test_a_warm_job_says_and_leaves_what_a_cold_one_does(tmp_path: Path) -> None:
    cold = folder_of(tmp_path / "a", "r0001", 3)
    started = runner.start(cold)
    assert isinstance(started._process, subprocess.Popen)
    assert psutil.Process(started._process.pid).environ().items() >= runner.environment().items()
    assert started.wait(PATIENCE_S)
    with warm():
        same = folder_of(tmp_path / "b", "r0001", 3)
        followed = runner.start(same)
        assert isinstance(followed._process, WarmJob)
        assert followed.wait(PATIENCE_S)
    assert told(same) == told(cold)
    assert followed._process.returncode == 0
    kept = sorted(file.name for file in cold.path.iterdir())
    assert sorted(file.name for file in same.path.iterdir()) == kept
    for name in ("weights.safetensors", "environment.json"):
        assert (same.path / name).read_bytes() == (cold.path / name).read_bytes()


def test_a_warm_job_is_a_process_of_its_own_which_a_signal_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLICELAB_NICE", raising=False)
    folder = folder_of(tmp_path, "r0001", 100_000)
    with warm():
        followed = runner.start(folder)
    job = followed._process
    assert isinstance(job, WarmJob)
    while followed.status.step < 1:
        followed.poll()
        assert job.poll() is None, folder.log_path.read_text()
    assert folder.pid("process") == job.pid != os.getpid()
    assert os.getsid(job.pid) == job.pid
    assert psutil.Process(job.pid).nice() == 19
    os.kill(job.pid, signal.SIGKILL)
    assert job.wait(PATIENCE_S) == -signal.SIGKILL
    followed.poll()
    assert followed.status.state == "failed"
    assert "ended from outside" in followed.status.message


def test_what_goes_wrong_in_a_warm_job_stands_in_its_log(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "runs" / "r0001")
    folder.path.mkdir(parents=True)
    (folder.path / "job.json").write_text("{")
    with warm():
        followed = runner.start(folder)
        assert followed.wait(PATIENCE_S)
    assert followed._process is not None
    assert followed._process.returncode == 1
    assert "Traceback" in folder.log_path.read_text()


@pytest.mark.parametrize("value", ["one", "other"])
def test_a_warm_job_has_the_variables_of_the_moment_it_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("SLICELAB_NICE", {"one": "7", "other": "11"}[value])
    folder = folder_of(tmp_path, "r0001", 100_000)
    with warm():
        followed = runner.start(folder)
        while followed.status.step < 1:
            followed.poll()
        assert followed._process is not None
        assert psutil.Process(followed._process.pid).nice() == int(os.environ["SLICELAB_NICE"])
        followed.kill()
        assert followed.wait(PATIENCE_S)
