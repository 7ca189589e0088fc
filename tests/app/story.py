"""What the story tests do by hand: outline a structure as it is, wait for runs, jobs that are over in a moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy
from person import Person
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from skimage.measure import approximate_polygon, find_contours

from slicelab.engine.job_calls import Jobs

NETWORK = {"network.channels": "8,8,16,16,16", "network.bottleneck": 16, "pool.matrix": 64}
SMALL = {"contrastive": {**NETWORK, "contrastive.batch": 8, "contrastive.points": 16}, "finetune": NETWORK}
JOB_PATIENCE_S = 300.0


def small_jobs(patch: pytest.MonkeyPatch) -> None:
    """Let the window's buttons start the same jobs with a small network on small slices."""
    pretrain, finetune = Jobs.start_pretrain, Jobs.start_finetune

    def learn(self: Jobs, method: Any = "contrastive", **more: Any) -> str:
        return pretrain(self, method, **{**more, "overrides": SMALL.get(method, NETWORK)})

    def train(self: Jobs, init: str | None = None, **more: Any) -> str:
        # The images must look as they did to a pretraining: its network and pool are taken over.
        return finetune(self, init, **{**more, "overrides": {} if init else SMALL["finetune"]})

    patch.setattr(Jobs, "start_pretrain", learn)
    patch.setattr(Jobs, "start_finetune", train)
    patch.setenv("ATEN_CPU_CAPABILITY", "avx2")  # float32 at once: a processor without bfloat16 has nothing to measure


def newest(person: Person, kind: str, beyond: int = 0) -> str:
    """Id of the newest run of a kind, once there are more than so many."""
    found: list[tuple] = []

    def there() -> bool:
        found[:] = person.rows("SELECT id FROM runs WHERE kind = ? ORDER BY id", kind)
        return len(found) > beyond

    person.until(there, what=f"a {kind} run")
    return str(found[-1][0])


def ended(person: Person, run: str, how: str = "finished") -> None:
    """Wait until a run's row says how it ended."""
    person.until(lambda: state_of(person, run) != "running", JOB_PATIENCE_S, f"the end of {run}")
    assert state_of(person, run) == how


def state_of(person: Person, run: str) -> str:
    return str(person.rows("SELECT status FROM runs WHERE id = ?", run)[0][0])


def truth_of(person: Person, case: str, masks: Path) -> np.ndarray:
    """The phantom's own mask of a case, ``(slice, row, column)`` in the project's classes."""
    session = person.window.desk.session
    assert session is not None
    return session.labels.read_mask(session.find([case])[0].id, masks / f"{case}.nii.gz").stack


def go_to(person: Person, at: int) -> None:
    person.canvas.set_slice(at)
    person.until(lambda: person.canvas.slice == at)
    person.pause(0.05)


def outline(person: Person, wanted: np.ndarray) -> None:
    """Draw around each piece of a mask ``(row, column)`` with the outline tool, by the mouse."""
    person.key(Qt.Key.Key_3)
    pieces, count = scipy.ndimage.label(wanted)
    for piece in range(1, count + 1):
        if (pieces == piece).sum() < 40:
            continue  # smaller than a hand draws
        line = max(find_contours(np.pad(pieces == piece, 1), 0.5), key=len) - 1
        corners = approximate_polygon(line, 0.6)[:-1]
        before = person.shown[person.canvas.slice].copy()
        person.stroke(*[(float(row), float(column)) for row, column in corners])
        if person.canvas.main.gestures.outline_open:  # one that ends near its beginning has closed itself
            QTest.keyClick(person.canvas.main.native, Qt.Key.Key_Return)
        person.until(
            lambda before=before: not np.array_equal(before, person.shown[person.canvas.slice]),
            10,
            f"an outline of {(pieces == piece).sum()} voxels on slice {person.canvas.slice + 1} ({corners.tolist()})",
        )


def finish(person: Person, case: str) -> None:
    """Enter: the slice shown is done."""
    at = person.canvas.slice
    if person.canvas.main.gestures.closed_itself:
        person.key(Qt.Key.Key_Return)  # says only that the outline is closed
    person.key(Qt.Key.Key_Return)
    person.until(lambda: person.states_on_disk(case, at) == {"done"}, what=f"slice {at + 1} of {case} done on disk")
