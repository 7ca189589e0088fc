"""Jobs that are over in a moment: the same processes, a smaller network, smaller slices, fewer of them a step."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import nibabel as nib
import numpy as np

from slicelab.engine.follow import follow
from slicelab.engine.session import Session
from slicelab.engine.status import JobStatus

_NETWORK = {"network.channels": "8,8,16,16,16", "network.bottleneck": 16, "pool.matrix": 64}
CONTRAST = {**_NETWORK, "contrastive.batch": 4, "contrastive.points": 16}
"""For a contrastive pretraining."""
REGRESSION = {**_NETWORK, "regression.batch": 2}
"""For one by regression."""
FINETUNE = {**_NETWORK, "finetune.batch": 2}
"""For a finetuning from random weights; from a pretraining, the network is that one's."""
TAUGHT = [2, 5, 8]
"""Slices of the first case that the model of ``predicted_template`` learned from."""


def quiet(status: JobStatus) -> None:
    """Nobody looks."""


def run_to_end(session: Session, run: str) -> JobStatus:
    """Follow a run that has to finish."""
    status = follow(session, run, quiet, poll_s=0.05)
    assert status.state == "finished", (status.message, session.folder / "runs" / run / "log.txt")
    return status


def wait_for(condition: Callable[[], bool], session: Session, seconds: float = 200.0) -> None:
    """Poll until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        session.poll()
        time.sleep(0.05)


def fill_predictions(folder: Path) -> None:
    """A square of the first class in every slice of every prediction: one step of training finds nothing yet."""
    for file in (folder / "predictions").rglob("*.nii.gz"):
        empty = nib.load(file)
        mask = np.zeros(empty.shape, np.uint8)
        mask[20:40, 20:40] = 1
        nib.save(nib.Nifti1Image(mask, empty.affine, empty.header), file)
