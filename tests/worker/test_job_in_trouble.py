"""Real job processes in trouble: what they write as their last words."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.writers import write_volume
from slicelab.engine import runner
from slicelab.engine.runner import FollowedJob
from slicelab.engine.status import JobStatus
from slicelab.jobs.events import AnyEvent, BatchHalved, JobFailed, JobFinished, StepDone, StepSkipped
from slicelab.jobs.settings import NetworkSettings, PoolSettings, RegressionSettings
from slicelab.jobs.specs import CaseInput, PretrainJob

NETWORK = NetworkSettings(channels=(4, 4, 4, 4, 4), bottleneck=4, channels_per_group=4)

# A device with room for one slice: nothing of the process is replaced but the network, by one of its own kind.
CRAMPED = """
import sys
from pathlib import Path
import torch
from slicelab.learn import prepare
from slicelab.worker import job_process

class Cramped(prepare.UNet):
    def encode(self, images):
        if len(images) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return super().encode(images)

prepare.UNet = Cramped
sys.exit(job_process.run(Path(sys.argv[1])))
"""

# A network whose output is no number at its 4th, 5th and 6th call; after that, nothing is wrong with it.
TREMBLING = """
import sys
from pathlib import Path
from slicelab.learn import prepare
from slicelab.worker import job_process

class Trembling(prepare.UNet):
    calls = 0

    def encode(self, images):
        type(self).calls += 1
        return super().encode(images * float("nan") if 4 <= self.calls <= 6 else images)

prepare.UNet = Trembling
sys.exit(job_process.run(Path(sys.argv[1])))
"""

# A network whose device has no room at all, and which is told as a GPU's.
FULL_GPU = """
import sys
from pathlib import Path
from slicelab.learn import prepare
from slicelab.learn.memory import no_memory
from slicelab.worker import job_process
import torch

class Full(prepare.UNet):
    def encode(self, images):
        raise no_memory(torch.device("cuda"), 2)

prepare.UNet = Full
sys.exit(job_process.run(Path(sys.argv[1])))
"""


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A project with one small volume, and a run folder without a job."""
    rng = np.random.default_rng(0)
    voxels = np.ascontiguousarray(from_stack(rng.normal(100, 20, (4, 32, 32)).astype(np.float32), 2))
    (tmp_path / "volumes").mkdir()
    geometry = Geometry(voxels.shape, np.diag([2.0, 2.0, 5.0, 1.0]), 2)
    write_volume(tmp_path / "volumes" / "c0001.nii", Volume(voxels, geometry))
    return RunFolder(tmp_path / "runs" / "r0001")


# A job's priority is the lowest there is; on a busy machine it comes late.
pytestmark = pytest.mark.timeout(900)
PATIENCE_S = 400.0


def ended(followed: FollowedJob) -> JobStatus:
    if not followed.wait(PATIENCE_S):
        followed.kill()
    followed.poll()
    return followed.status


def job(*, survive_window: bool = False, **settings: object) -> PretrainJob:
    case = CaseInput(case="c0001", patient="p0001", volume="volumes/c0001.nii", sha256="", acquisition_axis=2)
    return PretrainJob(
        run="r0001", preset="fast", device="cpu", survive_window=survive_window,
        pool=PoolSettings(matrix=32, pixel_mm=2.0), network=NETWORK, settings=RegressionSettings(**settings),
        cases=(case,),
    )  # fmt: skip


def told(folder: RunFolder) -> list[AnyEvent]:
    return EventReader(folder).read_new()


def test_a_job_that_has_said_its_last_word_ends_without_tidying_up(folder: RunFolder) -> None:
    folder.write_job(job(steps=1, batch=2, survive_window=True))
    mark = folder.path / "tidied"
    tidying = f"import atexit, pathlib; atexit.register(pathlib.Path({str(mark)!r}).touch)"
    as_module = "import sys, runpy; runpy.run_module('slicelab.worker', run_name='__main__')"
    command = [sys.executable, "-c", f"{tidying}; {as_module}", str(folder.path)]
    assert subprocess.run(command, timeout=PATIENCE_S, capture_output=True, check=False).returncode == 0
    assert isinstance(told(folder)[-1], JobFinished)
    assert not mark.exists()


def test_a_job_that_nobody_listens_to_any_more_ends_with_its_own_exit_code() -> None:
    speak = "from slicelab.worker.__main__ import end_at_once; input(); print('a last word'); end_at_once(3)"
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}  # so that its words wait for the end
    process = subprocess.Popen(
        [sys.executable, "-c", speak], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=buffered
    )
    assert process.stdout is not None
    process.stdout.close()
    process.communicate(b"go on\n", timeout=PATIENCE_S)
    assert process.returncode == 3


def test_a_job_without_memory_ends_with_what_to_do_and_the_same_job_has_room_later(folder: RunFolder) -> None:
    folder.write_job(job(steps=3, batch=16, survive_window=True))
    command = [sys.executable, "-c", CRAMPED, str(folder.path)]
    assert subprocess.run(command, timeout=PATIENCE_S, capture_output=True, check=False).returncode == 1
    events = told(folder)
    assert [e.batch for e in events if isinstance(e, BatchHalved)] == [8, 4, 2]
    last = events[-1]
    assert isinstance(last, JobFailed)
    assert last.message == "The computer has too little free memory for this job, even for 2 slices at once."
    assert last.remedy == "Close other programs. Start it again."
    status = ended(runner.go_on(folder))
    assert status.state == "finished"
    assert status.step == 3


def test_a_job_that_a_gpu_has_no_room_for_offers_the_cpu_and_goes_on_there(folder: RunFolder) -> None:
    folder.write_job(job(steps=2, batch=2, survive_window=True))
    command = [sys.executable, "-c", FULL_GPU, str(folder.path)]
    assert subprocess.run(command, timeout=PATIENCE_S, capture_output=True, check=False).returncode == 1
    last = told(folder)[-1]
    assert isinstance(last, JobFailed)
    assert last.offer == "cpu"
    assert ended(runner.go_on(folder)).state == "finished"


def test_a_loss_that_is_no_number_is_undone_and_after_three_the_job_ends_with_what_it_had_learnt(
    folder: RunFolder,
) -> None:
    folder.write_job(job(steps=6, batch=2, survive_window=True))
    command = [sys.executable, "-c", TREMBLING, str(folder.path)]
    assert subprocess.run(command, timeout=PATIENCE_S, capture_output=True, check=False).returncode == 1
    events = told(folder)
    skipped = [e for e in events if isinstance(e, StepSkipped)]
    assert [(e.reason, e.rate) for e in skipped] == [("loss_not_finite", rate) for rate in (0.5, 0.25, 0.125)]
    good = skipped[-1].back_to
    last = events[-1]
    assert isinstance(last, JobFailed)
    assert "not a number, or far too high, for the third time" in last.message
    assert "Look for damaged images" in last.remedy
    status = ended(runner.go_on(folder))
    assert status.state == "finished"
    again = [e.step for e in told(folder)[len(events) :] if isinstance(e, StepDone) and e.phase != "preparing"]
    assert again == list(range(good + 1, 7))
