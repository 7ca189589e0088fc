"""Real job processes: the whole chain, stopping, dying, being found again; and what may be reported of a result."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np
import psutil
import pytest

from slicelab.core.errors import JobError, SlicelabError
from slicelab.core.labels import SliceState
from slicelab.data.run_folder import EventWriter, RunFolder
from slicelab.data.snapshot import load_snapshot
from slicelab.data.store.records import RunMember
from slicelab.engine.follow import follow
from slicelab.engine.runner import FollowedJob
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus
from slicelab.jobs.events import JobFinished

NAMES = ["phantom_01", "phantom_02"]


def quiet(status: JobStatus) -> None:
    pass


def run_to_end(session: Session, run: str) -> JobStatus:
    status = follow(session, run, quiet, poll_s=0.05)
    assert status.state == "finished", (status.message, session.folder / "runs" / run / "log.txt")
    return status


def wait_for(condition: Callable[[], bool], session: Session, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        session.poll()
        time.sleep(0.05)


def test_the_whole_chain_runs_in_processes_and_leaves_its_traces(
    labelled: Session, study: Path, tmp_path: Path
) -> None:
    pretraining = labelled.start_pretrain(exclude=["phantom_04"], steps=2)
    run_to_end(labelled, pretraining)
    model = labelled.start_finetune(pretraining, steps=3)
    trained = run_to_end(labelled, model)
    assert trained.steps == 3
    assert trained.loss is not None
    predicted = run_to_end(labelled, labelled.start_predict(model, cases=["phantom_03", "phantom_04", "phantom_01"]))
    assert len(predicted.predicted) == 3

    case = labelled.find(["phantom_04"])[0]
    mask = labelled.prediction(case.id)
    assert mask is not None
    assert mask.shape == labelled.label_stack(case.id).shape
    evaluation = labelled.evaluate(model, against=study / "labelsTr")
    by_name = {score.case: score for score in evaluation.cases}
    assert by_name["phantom_01"].trained_on
    assert by_name["phantom_03"].in_pretraining_pool
    assert not by_name["phantom_04"].in_pretraining_pool
    assert evaluation.averaged == 2
    assert evaluation.protocol == "transductive"
    clean = labelled.evaluate(model, cases=["phantom_04"], against=study / "labelsTr")
    assert clean.protocol == "inductive"

    truth = nib.load(study / "labelsTr" / "phantom_04.nii.gz")
    labelled.export(tmp_path / "out", model)
    exported = nib.load(tmp_path / "out" / "phantom_04.nii.gz")
    assert exported.shape == truth.shape
    np.testing.assert_allclose(exported.affine, truth.affine, atol=1e-4)
    voxels, reference = np.asarray(exported.dataobj), np.asarray(truth.dataobj)
    both = int(((voxels == 1) & (reference == 1)).sum())
    expected = 2 * both / int((voxels == 1).sum() + (reference == 1).sum())
    assert clean.cases[0].scores["liver"].dice == pytest.approx(expected)

    labelled.close()
    with Session.open(labelled.folder) as again:
        assert [run.status for run in again.runs()] == ["finished"] * 3
        assert again.status(model).losses == trained.losses
        assert again.evaluate(model, ["phantom_04"], study / "labelsTr").mean == clean.mean


def test_the_snapshot_holds_done_slices_and_nothing_else(labelled: Session) -> None:
    case = labelled.find(["phantom_03"])[0].id
    mask = labelled.label_stack(case)[4].copy()
    mask[5:9, 5:9] = 1
    labelled.edit_slices(case, {4: mask, 5: mask}, "brush").result(10)
    labelled.mark(case, [4], SliceState.DONE, [1]).result(10)
    run = labelled.start_finetune(None, steps=1, train=["phantom_03"])
    snapshot = load_snapshot(RunFolder(labelled.folder / "runs" / run).snapshot_path)
    assert list(snapshot) == [case]
    assert snapshot[case].slices.tolist() == [4]
    assert snapshot[case].known.tolist() == [[True, False, False, False]]
    run_to_end(labelled, run)


def test_a_stopped_job_ends_within_seconds_keeps_its_weights_and_the_project(labelled: Session) -> None:
    run = labelled.start_finetune(None, steps=100_000)
    wait_for(lambda: labelled.status(run).step > 2, labelled)
    labelled.stop(run)
    wait_for(lambda: labelled.status(run).ended, labelled, 20.0)
    assert labelled.status(run).state == "cancelled"
    assert next(r for r in labelled.runs() if r.id == run).has_weights
    run_to_end(labelled, labelled.start_predict(run, cases=["phantom_03"]))


def test_a_killed_job_is_reported_at_once_and_the_next_one_starts(labelled: Session) -> None:
    run = labelled.start_finetune(None, steps=100_000)
    wait_for(lambda: labelled.status(run).step > 0, labelled)
    pid = RunFolder(labelled.folder / "runs" / run).pid("process")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: labelled.status(run).ended, labelled, 5.0)
    status = labelled.status(run)
    assert status.state == "failed"
    assert "ended from outside" in status.message
    run_to_end(labelled, labelled.start_finetune(None, steps=1))


def test_a_paused_job_holds_still_and_goes_on(labelled: Session) -> None:
    run = labelled.start_finetune(None, steps=100_000)
    wait_for(lambda: labelled.status(run).step > 0, labelled)
    labelled.pause(run)
    wait_for(lambda: labelled.status(run).state == "paused", labelled)
    step = labelled.status(run).step
    time.sleep(0.5)
    labelled.poll()
    assert labelled.status(run).step == step
    labelled.resume(run)
    wait_for(lambda: labelled.status(run).step > step, labelled)
    labelled.stop(run)
    wait_for(lambda: labelled.status(run).ended, labelled)


def test_a_process_that_is_slow_to_leave_holds_nobody_up(labelled: Session) -> None:
    class Impatient(FollowedJob):
        """A job that may be asked whether it is gone, but not waited for."""

        def wait(self, timeout: float | None = None) -> bool:
            assert timeout == 0.0
            return super().wait(timeout)

    board, case = labelled._board, labelled.cases()[0].id
    run = labelled._store.start_run("pretrain", "fast", None, "blocks", [RunMember(case, "pool", 10)]).result().id
    folder = RunFolder(labelled.folder / "runs" / run)
    folder.path.mkdir(parents=True)
    log = EventWriter(folder)
    log.write(JobFinished(seconds=1.0, peak_memory_mb=1.0))
    log.close()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as slow:
        board._running[run] = Impatient(folder, slow)
        labelled.poll()
        assert labelled.status(run).state == "finished"
        assert slow.poll() is None
        labelled.poll()
        slow.communicate(b"\n")
        labelled.poll()
        assert board._leaving == []


def test_a_second_job_waits_its_turn(labelled: Session) -> None:
    run = labelled.start_finetune(None, steps=100_000)
    with pytest.raises(JobError, match="is running"):
        labelled.start_finetune(None, steps=1)
    labelled.stop(run)
    wait_for(lambda: labelled.status(run).ended, labelled)
    assert len(labelled.runs()) == 1


@pytest.mark.parametrize("how", ["killed", "closed"])
def test_a_job_whose_window_is_gone_ends_by_itself(labelled: Session, how: str) -> None:
    folder = labelled.folder
    labelled.close()
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom slicelab.engine.session import Session\n"
        "session = Session.open(Path(sys.argv[1]))\nrun = session.start_finetune(None, steps=100_000)\n"
        "while session.status(run).step < 1:\n    session.poll()\n    time.sleep(0.05)\n"
        "print('running', flush=True)\n" + ("time.sleep(600)\n" if how == "killed" else "session.close()\n")
    )
    window = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE)
    assert window.stdout is not None
    assert window.stdout.readline() == b"running\n"
    pid = RunFolder(folder / "runs" / "r0001").pid("process")
    assert pid is not None
    if how == "killed":
        window.kill()
    window.wait(30)
    window.stdout.close()
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=10)
    assert RunFolder(folder / "runs" / "r0001").pid("process") is None
    with Session.open(folder) as again:
        again.poll()
        assert again.status("r0001").state == "cancelled"
        assert "window" in again.status("r0001").message
        assert [run.status for run in again.runs()] == ["cancelled"]


def test_what_a_job_writes_names_no_case(labelled: Session) -> None:
    run = labelled.start_finetune(None, steps=1)
    run_to_end(labelled, run)
    written = b"".join(
        path.read_bytes() for path in (labelled.folder / "runs" / run).iterdir() if path.suffix != ".safetensors"
    )
    assert b"phantom" not in written


def test_nothing_is_started_where_nothing_can_be_learned(session: Session) -> None:
    with pytest.raises(JobError, match="No slice is marked done"):
        session.start_finetune(None)
    with pytest.raises(JobError, match="No case is left"):
        session.start_pretrain(exclude=[case.name for case in session.cases()])
    with pytest.raises(SlicelabError, match="no run"):
        session.start_predict("r0007")
    assert session.runs() == ()


def test_a_pretrained_run_cannot_predict(labelled: Session) -> None:
    run = labelled.start_pretrain("regression", steps=1)
    run_to_end(labelled, run)
    with pytest.raises(JobError, match="holds no model"):
        labelled.start_predict(run)


def test_a_patient_is_never_on_both_sides(labelled: Session) -> None:
    with pytest.raises(JobError, match="trained on and validated on"):
        labelled.start_finetune(None, train=NAMES, val=["phantom_02"])


def test_validation_cases_leave_the_training_and_are_never_a_result(labelled: Session, study: Path) -> None:
    model = labelled.start_finetune(None, val=["phantom_02"], steps=2)
    run_to_end(labelled, model)
    job = json.loads((labelled.folder / "runs" / model / "job.json").read_bytes())
    assert [case["case"] for case in job["train"]] == [labelled.find(["phantom_01"])[0].id]
    run_to_end(labelled, labelled.start_predict(model, cases=["phantom_02"]))
    evaluation = labelled.evaluate(model, against=study / "labelsTr")
    assert evaluation.cases[0].trained_on
    assert np.isnan(evaluation.mean_dice)


def test_dice_uses_done_slices_and_says_how_many(labelled: Session, study: Path) -> None:
    model = labelled.start_finetune(None, steps=1)
    run_to_end(labelled, model)
    run_to_end(labelled, labelled.start_predict(model, cases=["phantom_03"]))
    with pytest.raises(SlicelabError, match="no slice marked done"):
        labelled.evaluate(model, ["phantom_03"])
    labelled.label_from_mask(labelled.find(["phantom_03"])[0].id, study / "labelsTr" / "phantom_03.nii.gz", [4, 5, 6])
    score = labelled.evaluate(model, ["phantom_03"]).cases[0]
    assert (score.slices, score.of) == (3, 10)
    assert np.isnan(score.scores["liver"].reference_volume_ml)
    assert np.isnan(score.scores["liver"].hd95_mm)
