"""A cross-validation, as a real process, stopped in the middle of a fold: it ends there, and goes on as if nothing was.

The network holds still at a chosen call until the job is asked to stop: what is stopped is always the same moment.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from slicelab.core.geometry import Geometry, from_stack
from slicelab.core.volume import Volume
from slicelab.data.run_folder import EventReader, RunFolder
from slicelab.data.snapshot import CaseLabels, save_snapshot
from slicelab.data.writers import write_volume
from slicelab.engine import runner
from slicelab.jobs.events import AnyEvent, FoldMeasured, JobCancelled, JobStarted, StepDone
from slicelab.jobs.settings import FinetuneSettings, NetworkSettings, PoolSettings, PredictSettings
from slicelab.jobs.specs import CaseInput, ClassInput, CrossValidationJob

pytestmark = pytest.mark.timeout(900)
PATIENCE_S = 400.0
SLICES, STEPS = 12, 4

HELD = """
import sys, time
from pathlib import Path
from slicelab.data.run_folder import RunFolder
from slicelab.learn import prepare
from slicelab.worker import job_process
from slicelab.worker.watch import POLL_S

folder, training, at = RunFolder(Path(sys.argv[1])), sys.argv[2] == "training", int(sys.argv[3])

class Held(prepare.UNet):
    calls = 0

    def encode(self, images):
        if self.training is training:
            Held.calls += 1
            (folder.path / "calls").write_text(str(Held.calls))
            while Held.calls >= at and folder.wished() != "stop":
                time.sleep(0.02)
            time.sleep(5 * POLL_S if Held.calls >= at else 0.0)  # the job has heard of it by then
        return super().encode(images)

prepare.UNet = Held
sys.exit(job_process.run(folder.path))
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with three small volumes."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "volumes").mkdir()
    for number in range(1, 4):
        stack = np.random.default_rng(number).normal(100, 20, (SLICES, 32, 32)).astype(np.float32)
        stack[:, 8:20, 8:20] += 60.0
        voxels = np.ascontiguousarray(from_stack(stack, 2))
        geometry = Geometry(voxels.shape, np.diag([2.0, 2.0, 5.0, 1.0]), 2)
        write_volume(folder / "volumes" / f"c000{number}.nii", Volume(voxels, geometry))
    return folder


@pytest.fixture(scope="module")
def straight(project: Path) -> list[object]:
    """The figures of a run that nobody stopped."""
    folder = prepared(project, "r0001")
    to_end(runner.start(folder))
    return figures(folder)


def prepared(project: Path, run: str) -> RunFolder:
    """The folder of a run whose every training learns from two cases and predicts all slices of the third."""
    cases = tuple(
        CaseInput(case=f"c000{k}", patient=f"p{k}", volume=f"volumes/c000{k}.nii", sha256="", acquisition_axis=2)
        for k in range(1, 4)
    )
    masks = np.zeros((SLICES, 32, 32), np.uint8)
    masks[:, 8:20, 8:20] = 1
    labels = [CaseLabels(c.case, np.arange(SLICES, dtype=np.int32), masks, np.ones((SLICES, 1), bool)) for c in cases]
    job = CrossValidationJob(
        run=run, kind="crossvalidate", preset="fast", device="cpu", bf16=False, survive_window=True,
        checkpoint_s=1000.0, pool=PoolSettings(matrix=32, pixel_mm=2.0),
        network=NetworkSettings(channels=(4, 4, 4, 4, 4), bottleneck=4, channels_per_group=4),
        settings=FinetuneSettings(steps=STEPS, batch=2),
        predict=PredictSettings(batch=1, test_time_augmentation=False),
        classes=(ClassInput(value=1, name="blob"),), init=None, cases=cases,
        folds=tuple((case.patient,) for case in cases),
    )  # fmt: skip
    folder = RunFolder(project / "runs" / run)
    folder.write_job(job)
    save_snapshot(folder.snapshot_path, labels)
    return folder


def log(folder: RunFolder) -> list[AnyEvent]:
    return EventReader(folder).read_new()


def figures(folder: RunFolder) -> list[object]:
    return [(one.training, one.cases) for one in log(folder) if isinstance(one, FoldMeasured)]


def to_end(followed: runner.FollowedJob) -> None:
    if not followed.wait(PATIENCE_S):
        followed.kill()
    followed.poll()
    assert followed.status.state == "finished", followed.folder.log_path.read_text()


def stopped_at(folder: RunFolder, mode: str, call: int) -> int:
    """Let the job run until the network holds still at that call, ask it to stop; how many calls it made in all."""
    said = folder.path / "calls"
    process = subprocess.Popen([sys.executable, "-c", HELD, str(folder.path), mode, str(call)])
    deadline = time.monotonic() + PATIENCE_S
    while not said.exists() or said.read_text() != str(call):
        assert process.poll() is None
        assert time.monotonic() < deadline, "it never came so far"
        time.sleep(0.05)
    folder.wish("stop")
    process.wait(PATIENCE_S)
    assert isinstance(log(folder)[-1], JobCancelled)
    return int(said.read_text())


@pytest.mark.parametrize(
    ("mode", "call", "of", "kept"),
    [
        ("training", STEPS + 2, 3 * STEPS, STEPS + 2),
        ("predicting", SLICES + 3, 3 * SLICES, STEPS),  # with checkpoints so rare, that training is done once more
    ],
)
def test_a_cross_validation_stops_in_the_middle_of_a_fold_and_goes_on_with_the_same_figures(
    mode: str, call: int, of: int, kept: int, project: Path, straight: list[object]
) -> None:
    assert len(straight) == 3
    folder = prepared(project, f"r{call:04d}")
    assert call <= stopped_at(folder, mode, call) < 2 * of // 3, "it does not go on to the end of the fold"
    assert figures(folder) == straight[:1], "the second fold was in the middle of it"
    before = len(log(folder))
    to_end(runner.go_on(folder))
    since = log(folder)[before:]
    assert next(event for event in since if isinstance(event, JobStarted)).resumed_from == kept
    learnt = [event.step for event in since if isinstance(event, StepDone) and event.loss is not None]
    assert learnt == list(range(kept + 1, 3 * STEPS + 1)), "what is measured is not learnt again"
    assert figures(folder) == straight
