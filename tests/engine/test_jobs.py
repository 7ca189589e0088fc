"""Real job processes: the whole chain, stopping, dying, being found again; and what may be reported of a result."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import nibabel as nib
import numpy as np
import psutil
import pytest
from job_kit import CONTRAST, FINETUNE, run_to_end, wait_for
from typer.testing import CliRunner

from slicelab.cli.main import app
from slicelab.core.errors import JobError, SlicelabError
from slicelab.core.labels import SliceState
from slicelab.data.model_files import load_card
from slicelab.data.run_folder import EventWriter, RunFolder
from slicelab.data.snapshot import labels_hash, load_snapshot
from slicelab.data.store.records import RunMember
from slicelab.engine import job_board
from slicelab.engine.busy import running_job
from slicelab.engine.measures import measures_table
from slicelab.engine.report import methods_report
from slicelab.engine.report_page import page
from slicelab.engine.runner import FollowedJob
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus
from slicelab.jobs.events import JobFinished
from slicelab.worker.watch import POLL_S

NAMES = ["phantom_01", "phantom_02"]


@dataclass(frozen=True)
class Chain:
    """A project in which a network was pretrained, finetuned with a validation case, and used on four cases."""

    project: Path
    pretraining: str
    model: str
    trained: JobStatus
    predicted: JobStatus


@pytest.fixture(scope="module")
def chain(labelled_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Chain:
    folder = Path(shutil.copytree(labelled_template, tmp_path_factory.mktemp("chain") / "project"))
    with Session.open(folder) as session:
        pretraining = session.jobs.start_pretrain(exclude=["phantom_04"], steps=2, overrides=CONTRAST)
        run_to_end(session, pretraining)
        model = session.jobs.start_finetune(pretraining, val=["phantom_02"], steps=3, overrides={"finetune.batch": 2})
        trained = run_to_end(session, model)
        cases = ["phantom_03", "phantom_04", "phantom_01", "phantom_02"]
        return Chain(
            folder, pretraining, model, trained, run_to_end(session, session.jobs.start_predict(model, cases=cases))
        )


@pytest.fixture
def after_chain(chain: Chain, tmp_path: Path) -> Iterator[Session]:
    """A copy of the chain's project, open."""
    with Session.open(Path(shutil.copytree(chain.project, tmp_path / "after"))) as opened:
        yield opened


def test_the_whole_chain_runs_in_processes_and_leaves_its_traces(
    chain: Chain, after_chain: Session, study: Path, tmp_path: Path
) -> None:
    session, model = after_chain, chain.model
    assert chain.trained.steps == 3
    assert chain.trained.loss is not None
    assert len(chain.predicted.predicted) == 4

    case = session.find(["phantom_04"])[0]
    mask = session.prediction(case.id)
    assert mask is not None
    assert mask.shape == session.labels.stack(case.id).shape
    evaluation = session.evaluate(model, against=study / "labelsTr")
    by_name = {score.case: score for score in evaluation.cases}
    assert by_name["phantom_01"].trained_on
    assert by_name["phantom_03"].in_pretraining_pool
    assert not by_name["phantom_04"].in_pretraining_pool
    assert evaluation.averaged == 2
    assert evaluation.protocol == "transductive"
    clean = session.evaluate(model, cases=["phantom_04"], against=study / "labelsTr")
    assert clean.protocol == "inductive"

    truth = nib.load(study / "labelsTr" / "phantom_04.nii.gz")
    session.export(tmp_path / "out", model)
    exported = nib.load(tmp_path / "out" / "phantom_04.nii.gz")
    assert exported.shape == truth.shape
    np.testing.assert_allclose(exported.affine, truth.affine, atol=1e-4)
    voxels, reference = np.asarray(exported.dataobj), np.asarray(truth.dataobj)
    both = int(((voxels == 1) & (reference == 1)).sum())
    expected = 2 * both / int((voxels == 1).sum() + (reference == 1).sum())
    assert clean.cases[0].scores["liver"].dice == pytest.approx(expected)

    assert [run.status for run in session.runs()] == ["finished"] * 3
    assert session.jobs.status(model).losses == chain.trained.losses
    session.close()
    with Session.open(session.folder) as again:
        assert again.jobs.status(model).losses == chain.trained.losses
        assert again.evaluate(model, ["phantom_04"], study / "labelsTr").mean == clean.mean


def test_validation_cases_leave_the_training_and_are_never_a_result(
    chain: Chain, after_chain: Session, study: Path
) -> None:
    job = json.loads((chain.project / "runs" / chain.model / "job.json").read_bytes())
    assert [case["case"] for case in job["train"]] == [after_chain.find(["phantom_01"])[0].id]
    evaluation = after_chain.evaluate(chain.model, ["phantom_02"], study / "labelsTr")
    (case,) = evaluation.cases
    assert (case.trained_on, case.used_for_validation, case.apart) == (False, True, "validation")
    assert np.isnan(evaluation.mean_dice)
    both = after_chain.evaluate(chain.model, ["phantom_02", "phantom_03"], study / "labelsTr")
    assert (both.averaged, both.mean) == (1, {name: score.dice for name, score in both.cases[1].scores.items()})


def test_validation_cases_are_not_learned_from_and_said_apart_with_their_dice(
    chain: Chain, after_chain: Session, study: Path
) -> None:
    """In the run's summary, its status, the table of runs, the table of scores, the report and the spreadsheet."""
    run = next(one for one in after_chain.runs() if one.id == chain.model)
    assert (run.cases, run.slices, run.validation_cases, run.validation_slices) == (1, 10, 1, 10)
    status = after_chain.jobs.status(chain.model)
    assert set(status.best_dices) == {"liver", "right kidney", "left kidney", "spleen"}
    assert status.best_dice == pytest.approx(np.mean(list(status.best_dices.values())))
    after_chain.labels.label_from_mask(after_chain.find(["phantom_03"])[0].id, study / "labelsTr" / "phantom_03.nii.gz")
    evaluated = after_chain.evaluate(chain.model)
    kept = after_chain.remembered(chain.model)
    assert kept is not None
    apart = {one.case: one.apart for one in kept.evaluation.cases}
    assert apart == {"phantom_01": "trained on", "phantom_02": "validation", "phantom_03": ""}
    assert kept.evaluation.mean_dice == pytest.approx(evaluated.mean_dice)
    table = list(csv.DictReader(measures_table(after_chain, chain.model).splitlines()))
    marks = {row["case"]: (row["patient_was_trained_on"], row["patient_was_used_for_validation"]) for row in table}
    assert marks["phantom_01"] == ("yes", "no")
    assert marks["phantom_02"] == ("no", "yes")
    assert marks["phantom_03"] == ("no", "no")
    said = page(methods_report(after_chain))
    assert "validation" in said
    folder = after_chain.folder
    after_chain.close()
    runs = CliRunner().invoke(app, ["runs", str(folder)]).stdout
    assert "10 done slices of 1 case, validated on 10 slices of 1 case" in runs
    assert "CPU, " in runs
    told = CliRunner().invoke(app, ["evaluate", str(folder), "--run", chain.model]).stdout
    assert "validation" in next(line for line in told.splitlines() if line.startswith("phantom_02"))
    assert "trained on" not in next(line for line in told.splitlines() if line.startswith("phantom_02"))
    assert "Cases marked 'validation' are not in the means" in told
    facts = json.loads(CliRunner().invoke(app, ["evaluate", str(folder), "--run", chain.model, "--json"]).stdout)
    by_name = {case["case"]: (case["trained_on"], case["used_for_validation"]) for case in facts["cases"]}
    assert by_name == {"phantom_01": (True, False), "phantom_02": (False, True), "phantom_03": (False, False)}


def test_what_a_job_writes_names_no_case(chain: Chain) -> None:
    runs = list((chain.project / "runs").iterdir())
    assert len(runs) == 3
    for run in runs:
        written = b"".join(path.read_bytes() for path in run.iterdir() if path.suffix != ".safetensors")
        assert written
        assert b"phantom" not in written


def test_a_pretrained_run_cannot_predict(chain: Chain, after_chain: Session) -> None:
    with pytest.raises(JobError, match="holds no model"):
        after_chain.jobs.start_predict(chain.pretraining)


def test_dice_uses_done_slices_and_says_how_many(chain: Chain, after_chain: Session, study: Path) -> None:
    session = after_chain
    with pytest.raises(SlicelabError, match="no slice marked done"):
        session.evaluate(chain.model, ["phantom_03"])
    session.labels.label_from_mask(
        session.find(["phantom_03"])[0].id, study / "labelsTr" / "phantom_03.nii.gz", [4, 5, 6]
    )
    score = session.evaluate(chain.model, ["phantom_03"]).cases[0]
    assert (score.slices, score.of) == (3, 10)
    assert np.isnan(score.scores["liver"].reference_volume_ml)
    assert np.isnan(score.scores["liver"].hd95_mm)


def test_the_snapshot_holds_done_slices_and_nothing_else(labelled: Session) -> None:
    case = labelled.find(["phantom_03"])[0].id
    mask = labelled.labels.stack(case)[4].copy()
    mask[5:9, 5:9] = 1
    labelled.labels.edit_slices(case, {4: mask, 5: mask}, "brush").result(10)
    labelled.labels.mark(case, [4], SliceState.DONE, [1]).result(10)
    run = labelled.jobs.start_finetune(None, steps=1, train=["phantom_03"], overrides=FINETUNE)
    folder = RunFolder(labelled.folder / "runs" / run)
    snapshot = load_snapshot(folder.snapshot_path)
    assert list(snapshot) == [case]
    assert snapshot[case].slices.tolist() == [4]
    assert snapshot[case].known.tolist() == [[True]]
    job = json.loads((labelled.folder / "runs" / run / "job.json").read_bytes())
    assert [one["name"] for one in job["classes"]] == ["liver"]  # of the others, no slice says anything
    assert [one["name"] for one in job["left_out"]] == ["right kidney", "left kidney", "spleen"]
    run_to_end(labelled, run)
    card = load_card(folder.path)
    assert card.labels_sha256 == labels_hash(tuple(snapshot.values()))
    assert card.labels_sha256 is not None


def test_a_killed_job_is_reported_at_once_and_the_next_one_can_be_paused_and_stopped(
    labelled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One job is killed. The next keeps others waiting, holds still while paused, ends when told, and has learnt."""
    monkeypatch.delenv("SLICELAB_NICE", raising=False)
    killed = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE)
    wait_for(lambda: labelled.jobs.status(killed).step > 0, labelled)
    pid = RunFolder(labelled.folder / "runs" / killed).pid("process")
    assert pid is not None
    if psutil.LINUX:
        assert psutil.Process(pid).nice() == 19
        session = Path(f"/proc/{pid}/autogroup")  # of its own: not lowered by whoever started it
        assert not session.exists() or session.read_text("ascii").endswith("nice 19\n")
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: labelled.jobs.status(killed).ended, labelled)
    status = labelled.jobs.status(killed)
    assert status.state == "failed"
    assert "ended from outside" in status.message

    run = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE)
    with pytest.raises(JobError, match="is running"):
        labelled.jobs.start_finetune(None, steps=1)
    assert [one.id for one in labelled.runs()] == [killed, run]
    wait_for(lambda: labelled.jobs.status(run).step > 2, labelled)
    labelled.jobs.pause(run)
    wait_for(lambda: labelled.jobs.status(run).state == "paused", labelled)
    step = labelled.jobs.status(run).step
    time.sleep(0.5)
    labelled.poll()
    assert labelled.jobs.status(run).step == step
    labelled.jobs.resume(run)
    wait_for(lambda: labelled.jobs.status(run).step > step, labelled)
    labelled.jobs.stop(run)
    wait_for(lambda: labelled.jobs.status(run).ended, labelled)
    assert labelled.jobs.status(run).state == "cancelled"
    assert next(r for r in labelled.runs() if r.id == run).has_weights
    run_to_end(labelled, labelled.jobs.start_predict(run, cases=["phantom_03"]))


def test_a_run_whose_folder_was_removed_while_it_was_said_to_run_is_reported_once(labelled: Session) -> None:
    run = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE)
    wait_for(lambda: labelled.jobs.status(run).step > 0, labelled)
    labelled.jobs.kill(run)
    project, folder = labelled.folder, labelled.folder / "runs" / run
    labelled.close()
    with closing(sqlite3.connect(project / "project.db")) as database:  # as after a loss of power
        database.execute("UPDATE runs SET status = 'running', finished = NULL WHERE id = ?", (run,))
        database.commit()
    shutil.rmtree(folder)
    with Session.open(project) as session:
        wait_for(lambda: session.jobs.status(run).ended, session)
        assert session.jobs.status(run).state == "failed"
        assert "was not running any more" in session.jobs.status(run).message
        assert session.poll() == ()


def test_a_job_that_was_let_go_on_outlives_its_starter_and_every_command_after_it(labelled: Session) -> None:
    """A command opens the project for writing and leaves it; the job makes steps all the while, and still listens."""
    run = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE)
    wait_for(lambda: labelled.jobs.status(run).step > 0, labelled)
    project, folder = labelled.folder, RunFolder(labelled.folder / "runs" / run)
    labelled.jobs.let_go_on(run)
    labelled.close()
    steps_go_on(project)
    script = "import sys; from slicelab.cli.main import app; app(sys.argv[1:])"
    subprocess.run([sys.executable, "-c", script, "add-class", str(project), "bladder"], check=True)
    steps_go_on(project)
    with Session.open(project) as again:
        assert again.add_class("uterus").name == "uterus"
    steps_go_on(project)
    assert folder.pid("owner") == folder.pid("process")
    with Session.open(project) as again:
        again.jobs.stop(run)
        wait_for(lambda: again.jobs.status(run).ended, again)
        assert again.jobs.status(run).state == "cancelled"


def test_a_paused_job_that_is_let_go_on_does_go_on(labelled: Session) -> None:
    run = labelled.jobs.start_finetune(None, steps=100_000, overrides=FINETUNE)
    wait_for(lambda: labelled.jobs.status(run).step > 0, labelled)
    labelled.jobs.pause(run)
    wait_for(lambda: labelled.jobs.status(run).state == "paused", labelled)
    labelled.jobs.let_go_on(run)
    labelled.close()
    steps_go_on(labelled.folder)
    with Session.open(labelled.folder) as again:
        again.poll()
        assert again.jobs.status(run).state == "running"
        again.jobs.stop(run)
        wait_for(lambda: again.jobs.status(run).ended, again)


def steps_go_on(project: Path) -> None:
    """Wait for steps of the job that runs, long enough for it to notice that it has no owner any more."""
    status = running_job(project)
    assert status is not None
    assert not status.ended
    before, since, deadline = status.step, time.monotonic(), time.monotonic() + 60.0
    while time.monotonic() < since + 5 * POLL_S or status.step <= before:
        assert time.monotonic() < deadline, "it made no step"
        time.sleep(0.05)
        status = running_job(project)
        assert status is not None, "the job is gone"
        assert not status.ended, status.message


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
        assert labelled.jobs.status(run).state == "finished"
        assert slow.poll() is None
        labelled.poll()
        slow.communicate(b"\n")
        labelled.poll()
        assert board._leaving == []


def test_a_process_that_takes_its_time_to_end_is_waited_for_after_its_project_was_closed(
    labelled: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_board, "LEAVE_S", 0.0)
    before = set(threading.enumerate())
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as slow:
        labelled._board._leaving.append(FollowedJob(RunFolder(labelled.folder / "runs" / "r0001"), slow))
        labelled.close()
        (waiting,) = [one for one in threading.enumerate() if one.name == "parted" and one not in before]
        assert slow.poll() is None
        slow.communicate(b"\n")
        waiting.join(60)
        assert not waiting.is_alive()


@pytest.mark.parametrize("how", ["killed", "closed"])
def test_a_job_whose_window_is_gone_ends_by_itself(labelled: Session, how: str) -> None:
    folder = labelled.folder
    labelled.close()
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom slicelab.engine.session import Session\n"
        "session = Session.open(Path(sys.argv[1]))\nrun = session.jobs.start_finetune(None, steps=100_000, overrides="
        + repr(FINETUNE)
        + ")\n"
        "while session.jobs.status(run).step < 1:\n    session.poll()\n    time.sleep(0.05)\n"
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
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=60)
    assert RunFolder(folder / "runs" / "r0001").pid("process") is None
    with Session.open(folder) as again:
        again.poll()
        assert again.jobs.status("r0001").state == "cancelled"
        assert "window" in again.jobs.status("r0001").message
        assert [run.status for run in again.runs()] == ["cancelled"]


def test_nothing_is_started_where_nothing_can_be_learned(session: Session) -> None:
    with pytest.raises(JobError, match="No slice is marked done"):
        session.jobs.start_finetune(None)
    with pytest.raises(JobError, match="No case is left"):
        session.jobs.start_pretrain(exclude=[case.name for case in session.cases()])
    with pytest.raises(SlicelabError, match="no run"):
        session.jobs.start_predict("r0007")
    assert session.runs() == ()


def test_a_patient_is_never_on_both_sides(labelled: Session) -> None:
    with pytest.raises(JobError, match="trained on and validated on"):
        labelled.jobs.start_finetune(None, train=NAMES, val=["phantom_02"])
