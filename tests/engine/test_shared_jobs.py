"""Pretrainings that several processes share, or that are started by hand elsewhere, as the session sees them."""

from __future__ import annotations

import subprocess
import sys

import pytest

from slicelab.core.errors import JobError
from slicelab.data.run_folder import RunFolder
from slicelab.engine.follow import follow
from slicelab.engine.session import Session

SMALL = {"regression.batch": 2, "pool.n4": False, "pool.matrix": 64}
OTHERS = [f"phantom_{k:02d}" for k in range(2, 7)]


def test_a_job_left_to_others_waits_for_them_blocks_nothing_and_is_told_by_its_folder(
    session: Session,
) -> None:
    waiting = session.jobs.start_pretrain("regression", exclude=OTHERS, steps=1, overrides=SMALL, processes=None)
    left = session.jobs.start_pretrain("regression", exclude=OTHERS, steps=1, overrides=SMALL, processes=None)
    session.poll()
    assert session.jobs.status(left).state == "starting"
    with Session.open(session.folder, read_only=True) as looking:
        assert looking.jobs.status(left).state == "starting"

    here = session.jobs.start_pretrain("regression", exclude=OTHERS, steps=1, overrides=SMALL)
    assert follow(session, here, lambda status: None, poll_s=0.05).state == "finished"

    folder = RunFolder(session.folder / "runs" / left)
    started = subprocess.run([sys.executable, "-m", "slicelab.worker", folder.path], capture_output=True, check=False)
    assert started.returncode == 0, started.stderr
    session.poll()
    assert session.jobs.status(left).state == "finished"
    ended = {run.id: run for run in session.runs()}
    assert ended[left].status == "finished"
    assert ended[left].has_weights
    assert ended[waiting].status == "running"

    session.jobs.stop(waiting)
    session.poll()
    assert session.jobs.status(waiting).state == "cancelled"
    assert not session.jobs.running


def test_a_job_left_to_others_can_be_given_up(session: Session) -> None:
    left = session.jobs.start_pretrain("regression", processes=None)
    session.jobs.kill(left)
    session.poll()
    assert session.jobs.status(left).state == "cancelled"


def test_a_batch_that_cannot_be_shared_is_refused_before_there_is_a_run(session: Session) -> None:
    with pytest.raises(JobError, match="cannot be divided equally among 3"):
        session.jobs.start_pretrain("regression", overrides=SMALL, processes=3)
    assert not session.runs()
